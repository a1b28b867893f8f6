//! Whether a permit or an exclusion means a resource.

use std::collections::HashSet;

use fhir::compartment::{compartment_parameters, in_patient_compartment};
use fhir::parameters::Setting;
use serde_json::Value;

use super::facts::{Dated, Questions, Said, Tree};
use super::query::Queries;
use crate::{Around, CodeFilter, Confidence, Context, DateRange, Hit, Label, Permit, Reach, Selector, Within};

/// A resource that selectors look at.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a, 'r> {
    /// `Type/id`.
    pub(super) key: &'a str,
    pub(super) of: &'a str,
    pub(super) source: &'a str,
    pub(super) tree: &'a Tree<'a>,
    pub(super) said: &'a Said,
    pub(super) hits: &'a [Hit<'a>],
    pub(super) labels: &'a [Label],
    pub(super) around: &'a Around<'r>,
    pub(super) setting: &'a Setting,
    pub(super) queries: &'a Queries,
    pub(super) questions: &'a Questions,
    /// `Patient/id` of the person.
    pub(super) own: &'a HashSet<Box<str>>,
    /// The same, without the type.
    pub(super) patients: &'a [Box<str>],
}

/// Whether a permit means a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permits {
    Yes,
    No,
    /// Perhaps: the date is not exact.
    DateNotExact,
    /// Perhaps: no code says what it is.
    NoCode,
}

impl Subject<'_, '_> {
    /// Doubt denies.
    pub(super) fn permitted_by(&self, permit: &Permit) -> Permits {
        let select = &permit.select;
        let plain = self.may_be_meant(permit)
            && (select.labels.is_empty() || self.labels_of(select).any(|label| label.reach == Reach::Resource));
        if !plain {
            return Permits::No;
        }
        if !select.topics.is_empty() && !self.is_topic(&select.topics) {
            return if self.said.is_coded(self.tree) { Permits::No } else { Permits::NoCode };
        }
        match select.dates.map(|range| self.within(range)) {
            None | Some(Within::Inside) => Permits::Yes,
            Some(Within::Straddles) if !self.dated().period => Permits::DateNotExact,
            Some(_) => Permits::No,
        }
    }

    /// Whether a permit means it by what it says itself, topics, labels and dates apart.
    pub(super) fn may_be_meant(&self, permit: &Permit) -> bool {
        let select = &permit.select;
        self.is_of(select)
            && self.has_code(select)
            // A value set that nobody has expanded permits nothing.
            && select.value_sets.is_empty()
            && select.query.as_deref().is_none_or(|query| self.answers(query) == Some(true))
            && (permit.context != Context::Patient || self.is_of_the_person())
    }

    /// Whether an exclusion means it, its topics and labels apart: doubt hides.
    pub(super) fn excluded_by(&self, select: &Selector) -> bool {
        self.may_be_excluded(select) && select.dates.is_none_or(|range| self.within(range) != Within::Outside)
    }

    /// When it was.
    pub(super) fn dated(&self) -> Dated {
        self.said.dated(self.tree, self.around, &self.setting.zone)
    }

    /// How it lies to a range of days.
    pub(super) fn within(&self, range: DateRange) -> Within {
        self.dated().span.map_or(Within::Undated, |span| span.within(range))
    }

    /// Whether every criterion of the query holds; `None` where that cannot be said from the resource alone.
    fn answers(&self, query: &str) -> Option<bool> {
        self.questions.answers(self.said, query, || self.queries.holds(query, self))
    }

    /// Whether an exclusion would mean it if it were of that time.
    pub(super) fn meant_but_for_dates(&self, select: &Selector) -> bool {
        self.may_be_excluded(select)
            && (select.topics.is_empty() || self.hits_of(select).next().is_some())
            && (select.labels.is_empty() || self.labels_of(select).next().is_some())
    }

    fn may_be_excluded(&self, select: &Selector) -> bool {
        self.is_of(select)
            && self.has_code(select)
            && select.query.as_deref().is_none_or(|query| self.answers(query) != Some(false))
    }

    /// Hits of the topics that an exclusion names.
    pub(super) fn hits_of<'s>(&'s self, select: &'s Selector) -> impl Iterator<Item = &'s Hit<'s>> {
        self.hits.iter().filter(|hit| select.topics.iter().any(|topic| **topic == *hit.topic))
    }

    /// Labels that a selector names.
    pub(super) fn labels_of<'s>(&'s self, select: &'s Selector) -> impl Iterator<Item = &'s Label> {
        self.labels.iter().filter(|label| select.labels.contains(&label.code))
    }

    /// Types, sources and single resources.
    fn is_of(&self, select: &Selector) -> bool {
        let one_of = |all: &[Box<str>], this: &str| all.is_empty() || all.iter().any(|one| **one == *this);
        one_of(&select.types, self.of) && one_of(&select.sources, self.source) && one_of(&select.resources, self.key)
    }

    /// SMART App Launch: a `patient/` scope reaches the compartment of that patient; what is in nobody's, it may name.
    fn is_of_the_person(&self) -> bool {
        self.said.is_own(|| self.is_in_compartment())
    }

    fn is_in_compartment(&self) -> bool {
        let value = self.tree.value();
        let by = compartment_parameters(self.of);
        let direct = ["subject", "patient"].into_iter().any(|member| {
            let reference = value.get(member).and_then(|value| value.get("reference")).and_then(Value::as_str);
            reference.is_some_and(|key| self.own.contains(key)) && by.iter().any(|parameter| parameter.code() == member)
        });
        by.is_empty() && self.of != "Patient" || direct || in_patient_compartment(value, self.patients, self.setting)
    }

    /// Whether what it is about as a whole is one of these topics.
    fn is_topic(&self, topics: &[Box<str>]) -> bool {
        let meant = |hit: &&Hit<'_>| hit.confidence >= Confidence::Likely && hit.reach == Reach::Resource;
        self.hits.iter().filter(meant).any(|hit| topics.iter().any(|topic| **topic == *hit.topic))
    }

    fn has_code(&self, select: &Selector) -> bool {
        let found = || any_coding(self.tree.value(), &|system, code| meets(&select.codes, system, code));
        select.codes.is_empty() || self.questions.has_code(self.said, &select.codes, found)
    }
}

fn meets(codes: &[CodeFilter], system: &str, code: &str) -> bool {
    codes.iter().any(|one| *one.system == *system && one.code.as_deref().is_none_or(|wanted| wanted == code))
}

/// Whether a code says what it is: in `code`, `type` or `category`.
pub(super) fn is_coded(resource: &Value) -> bool {
    let any = |name: &str| resource.get(name).is_some_and(|value| any_coding(value, &|system, _| is_public(system)));
    ["code", "type", "category", "class", "vaccineCode"].into_iter().any(any)
}

/// A local system says nothing to anybody else.
pub(super) fn is_public(system: &str) -> bool {
    const PUBLIC: &[&str] = &[
        "http://hl7.org/",
        "http://loinc.org",
        "http://snomed.info/",
        "http://terminology.hl7.org/",
        "http://www.ama-assn.org/",
        "http://www.cms.gov/",
        "http://www.nlm.nih.gov/",
        "http://www.whocc.no/",
        "urn:oid:2.16.840.1.113883.6.",
    ];
    let system = system.replacen("https://", "http://", 1);
    PUBLIC.iter().any(|start| system.starts_with(start))
}

/// Whether any Coding in it, at any depth, is meant.
pub(super) fn any_coding(value: &Value, meant: &dyn Fn(&str, &str) -> bool) -> bool {
    match value {
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str);
            text("system").zip(text("code")).is_some_and(|(system, code)| meant(system, code))
                || members.values().any(|member| any_coding(member, meant))
        }
        Value::Array(items) => items.iter().any(|item| any_coding(item, meant)),
        _ => false,
    }
}
