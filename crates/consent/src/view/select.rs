//! Whether a permit or an exclusion means a resource.

use std::collections::HashSet;

use fhir::compartment::{compartment_parameters, in_patient_compartment};
use fhir::parameters::Setting;
use serde_json::Value;

use super::facts::Glance;
use super::query::Queries;
use crate::{Around, CodeFilter, Confidence, Context, Hit, Label, Permit, Reach, Selector, Within};

/// A resource that selectors look at.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a, 'r> {
    /// `Type/id`.
    pub(super) key: &'a str,
    pub(super) of: &'a str,
    pub(super) source: &'a str,
    pub(super) value: &'a Value,
    pub(super) glance: Glance,
    pub(super) hits: &'a [Hit<'a>],
    pub(super) labels: &'a [Label],
    pub(super) around: &'a Around<'r>,
    pub(super) setting: &'a Setting,
    pub(super) queries: &'a Queries,
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
            return if is_coded(self.value) { Permits::No } else { Permits::NoCode };
        }
        match select.dates.map(|range| crate::within(self.value, self.around, &self.setting.zone, range)) {
            None | Some(Within::Inside) => Permits::Yes,
            Some(Within::Straddles) if !self.is_period() => Permits::DateNotExact,
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
            && select.query.as_deref().is_none_or(|query| self.queries.holds(query, self) == Some(true))
            && (permit.context != Context::Patient || self.is_of_the_person())
    }

    /// Whether an exclusion means it, its topics and labels apart: doubt hides.
    pub(super) fn excluded_by(&self, select: &Selector) -> bool {
        let zone = &self.setting.zone;
        self.may_be_excluded(select)
            && select.dates.is_none_or(|range| crate::within(self.value, self.around, zone, range) != Within::Outside)
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
            && select.query.as_deref().is_none_or(|query| self.queries.holds(query, self) != Some(false))
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
        let by = compartment_parameters(self.of);
        let direct = ["subject", "patient"].into_iter().any(|member| {
            let reference = self.value.get(member).and_then(|value| value.get("reference")).and_then(Value::as_str);
            reference.is_some_and(|key| self.own.contains(key)) && by.iter().any(|parameter| parameter.code() == member)
        });
        by.is_empty() && self.of != "Patient"
            || direct
            || in_patient_compartment(self.value, self.patients, self.setting)
    }

    /// Whether what it is about as a whole is one of these topics.
    fn is_topic(&self, topics: &[Box<str>]) -> bool {
        let meant = |hit: &&Hit<'_>| hit.confidence >= Confidence::Likely && hit.reach == Reach::Resource;
        self.hits.iter().filter(meant).any(|hit| topics.iter().any(|topic| **topic == *hit.topic))
    }

    fn has_code(&self, select: &Selector) -> bool {
        select.codes.is_empty() || any_coding(self.value, &|system, code| meets(&select.codes, system, code))
    }

    /// Dated by a period: its ends are exact, and one of them is outside.
    fn is_period(&self) -> bool {
        let told = crate::span_of(self.value, self.around, &self.setting.zone).map_or("", |span| span.told_by);
        told.to_ascii_lowercase().ends_with("period") || self.value.get(format!("{told}Period")).is_some()
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
