//! What is known of one version of one resource, in few bytes: found once, when it is read.

mod account;
mod context;
mod glance;
mod links;
mod nested;
mod take;

use std::borrow::Cow;
use std::collections::HashSet;

use fhir::parameters::Setting;
use jiff::Timestamp;

use super::kinds::{self, Way};
use super::names::{Name, Names};
use super::query::Queries;
use super::select::{Permits, Subject};
use super::shape::{Attachments, Cut, Labels};
use crate::{Around, Choice, Chosen, Decision, Grant, Permit, Record, Review, Rules, Selector, WhyOut, computed};
use context::Seen;

pub(super) use account::{Account, Dated, Drugs, Questions, Said, Tree};
pub(super) use context::Support;
pub(super) use links::Links;

/// How a version comes into the view, if nothing else is against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// Not at all.
    No,
    /// A permit means it.
    Permitted,
    /// Something in the view must refer to it.
    Referred,
    /// It must be about something in the view.
    About,
}

/// What is known of one version.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) admission: Admission,
    /// Left out, whatever the rest of the record says.
    pub(super) out: Option<WhyOut>,
    /// What goes in any case, sorted.
    pub(super) cuts: Vec<Cut>,
    /// Only these elements.
    pub(super) elements: Option<Vec<Box<str>>>,
    pub(super) attachments: Attachments,
    /// JSON pointers that the owner keeps.
    pub(super) kept: Vec<Box<str>>,
    pub(super) links: Links,
    /// Of each one must be in the view.
    pub(super) supports: Vec<Support>,
    pub(super) review: Vec<Review>,
    /// Names of the drugs in what a topic hides.
    pub(super) drugs: Vec<Drugs>,
    /// What it says, type, code and date together: the same for the same fact from another source.
    pub(super) fact: Option<u64>,
    /// Why it is not understood, if it is not.
    pub(super) puzzle: Option<&'static str>,
}

/// One grant, ready to judge with.
pub(super) struct Judge<'a> {
    pub(super) grant: &'a Grant,
    pub(super) rules: &'a Rules,
    /// `Patient/id` of the person.
    pub(super) own: HashSet<Box<str>>,
    pub(super) labels: Labels,
    patients: &'a [Box<str>],
    setting: Setting,
    queries: Queries,
    pub(super) questions: Questions,
    chosen: Chosen,
    /// Some selector asks for labels.
    by_label: bool,
    /// Some topic is excluded.
    pub(super) by_topic: bool,
    /// Something that would show a resource looks through references.
    looks_through: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(record: &'a Record, grant: &'a Grant, rules: &'a Rules, now: Timestamp) -> Self {
        let selectors = || grant.what.permits.iter().map(|permit| &permit.select).chain(&grant.what.exclusions);
        let by_label = selectors().any(|select| !select.labels.is_empty());
        let chosen = match by_label {
            true => rules.choose(rules.topics().iter().map(|topic| &topic.id)),
            false => rules.choose(selectors().flat_map(|select| &select.topics)),
        };
        let excluded = || grant.what.exclusions.iter().flat_map(|select| &select.topics);
        let sensitive = excluded().filter_map(|id| rules.topic(id)).flat_map(|topic| topic.sensitivity.iter().cloned());
        Self {
            grant,
            rules,
            own: record.patients.iter().map(|id| format!("Patient/{id}").into()).collect(),
            labels: Labels { excluded: sensitive.collect() },
            patients: &record.patients,
            setting: Setting { zone: record.zone.clone(), now, base: None },
            queries: Queries::default(),
            questions: Questions::default(),
            chosen,
            by_label,
            by_topic: excluded().next().is_some(),
            looks_through: context::looks_through(grant),
        }
    }

    /// Judges one version of the resource `key`; where it leads is for the caller to number.
    pub(super) fn judge(&self, key: &str, source: &str, text: &str, tree: &Tree<'_>, around: &Around<'_>) -> Facts {
        let account = Account::of(key, text, tree, self.rules, self.chosen, around);
        self.judge_by(key, source, tree, &account, around)
    }

    /// Judges it by what it says of itself: of all topics that this grant speaks of, or of more.
    pub(super) fn judge_by(
        &self,
        key: &str,
        source: &str,
        tree: &Tree<'_>,
        account: &Account<'_>,
        around: &Around<'_>,
    ) -> Facts {
        let of = key.split('/').next().unwrap_or_default();
        if account.stray {
            return Facts { puzzle: Some("not-a-resource"), ..Facts::new() };
        }
        let Account { hits, said, seen, .. } = account;
        seen.look(around, |around| {
            let computed = if self.by_label { computed(self.rules, hits) } else { Vec::new() };
            let labels = said.labels(tree);
            let labels = if computed.is_empty() { Cow::Borrowed(labels) } else { [labels, &computed].concat().into() };
            let (setting, queries, questions) = (&self.setting, &self.queries, &self.questions);
            let (own, patients, labels) = (&self.own, self.patients, &*labels);
            let subject = Subject {
                key,
                of,
                source,
                tree,
                said,
                hits,
                labels,
                around,
                setting,
                queries,
                questions,
                own,
                patients,
            };
            self.judge_subject(&subject, seen)
        })
    }

    fn judge_subject(&self, subject: &Subject<'_, '_>, seen: &Seen) -> Facts {
        let mut facts = self.admit(subject, seen);
        facts.fact = subject.said.fact(subject.of, subject.tree);
        if facts.admission != Admission::No || self.by_topic {
            self.exclude(subject, &mut facts);
            self.name_drugs(subject, &mut facts);
            self.decide(subject.key, &mut facts);
            if facts.admission == Admission::Permitted && facts.out.is_none() && self.looks_through {
                self.dated(subject, &seen.keys(), &mut facts.supports);
            }
            facts.cuts.sort_unstable();
            facts.cuts.dedup_by(|later, first| later.place == first.place);
        }
        facts
    }

    fn admit(&self, subject: &Subject<'_, '_>, seen: &Seen) -> Facts {
        let mut facts = Facts::new();
        let mut matched: Vec<&Permit> = Vec::new();
        for permit in self.grant.what.permits.iter().filter(|permit| permit.shows()) {
            match subject.permitted_by(permit) {
                Permits::Yes => matched.push(permit),
                Permits::No => {}
                Permits::DateNotExact => facts.puzzle = Some("date-not-exact"),
                Permits::NoCode => facts.puzzle = Some("no-code"),
            }
        }
        let shows = || self.grant.what.permits.iter().filter(|permit| permit.shows());
        if self.looks_through
            && !matched.is_empty()
            && !seen.is_empty()
            && !shows().all(|permit| Self::means_by_itself(subject, permit))
        {
            matched = self.alone(subject, &seen.keys(), &mut facts.supports);
            if !facts.supports.is_empty() && kinds::comes_along(subject.of) {
                // It comes along with what refers to it, or not at all.
                facts.supports.clear();
                matched.clear();
            }
        }
        let matched: Vec<&Selector> = matched.into_iter().map(|permit| &permit.select).collect();
        let names_it = |select: &&Selector| {
            select.types.iter().any(|of| **of == *subject.of)
                || select.resources.iter().any(|key| **key == *subject.key)
        };
        let permitted = if matched.is_empty() { Admission::No } else { Admission::Permitted };
        facts.admission = match kinds::way(subject.of) {
            Way::Permit => permitted,
            Way::Named if !matched.iter().any(names_it) => Admission::No,
            Way::Named => Admission::Permitted,
            Way::Attached => Admission::Referred,
            Way::Referred if !matched.iter().any(names_it) => Admission::Referred,
            Way::Referred => Admission::Permitted,
            Way::Both if matched.is_empty() => Admission::Referred,
            Way::About if matched.is_empty() => Admission::About,
            Way::Both | Way::About => Admission::Permitted,
        };
        if facts.admission != Admission::No {
            facts.puzzle = None;
        }
        if facts.admission == Admission::Permitted {
            if !matched.iter().any(|select| select.elements.is_empty()) {
                facts.elements = Some(matched.iter().flat_map(|select| select.elements.iter().cloned()).collect());
            }
            // What a permit by topic means is what the rules read; a document they do not.
            let by_topic = |select: &&Selector| {
                !select.topics.is_empty()
                    && !select.topics.iter().any(|topic| matches!(&**topic, "documents" | "images"))
            };
            let read = match facts.supports.is_empty() {
                true => matched.iter().all(by_topic),
                // Which of them means it depends on the rest of the view: the strictest holds.
                false => matched.iter().any(by_topic),
            };
            facts.attachments = match (read, self.by_topic) {
                (true, _) => Attachments::Go,
                (false, true) => Attachments::Pictures,
                (false, false) => Attachments::Stay,
            };
        } else if self.by_topic {
            facts.attachments = Attachments::Pictures;
        }
        self.nested(subject, &matched, &mut facts);
        facts
    }

    fn exclude(&self, subject: &Subject<'_, '_>, facts: &mut Facts) {
        for exclusion in self.grant.what.exclusions.iter().filter(|exclusion| subject.excluded_by(exclusion)) {
            let hits = || subject.hits_of(exclusion);
            let labels = || subject.labels_of(exclusion);
            let meant = (exclusion.labels.is_empty() || labels().next().is_some())
                && (exclusion.elements.is_empty()
                    || exclusion.topics.is_empty()
                    || hits().any(|hit| hit.confidence.hides(self.grant.mode)));
            if !meant {
                continue;
            }
            if !exclusion.elements.is_empty() {
                nested::cut_elements(subject.tree.value(), subject.of, "", &exclusion.elements, &mut facts.cuts);
            } else if !exclusion.topics.is_empty() {
                hits().for_each(|hit| self.take_hit(subject, hit, facts));
            } else if !exclusion.labels.is_empty() {
                labels().for_each(|label| take::take_label(subject, label, facts));
            } else {
                facts.out.get_or_insert(WhyOut::Excluded);
            }
        }
        self.hush(subject, facts);
        if self.by_topic {
            let judged_by_code = matches!(subject.of, "Composition" | "DocumentReference" | "Flag");
            let uncoded = judged_by_code && !subject.said.is_coded(subject.tree);
            if uncoded || subject.said.is_unknown(subject.tree) {
                facts.puzzle = Some(if uncoded { "no-code" } else { "unknown-content" });
                facts.out.get_or_insert(WhyOut::NotUnderstood);
            }
        }
    }

    /// What the owner said of one finding: of its place, or of the whole resource.
    pub(super) fn decided(&self, key: &str, place: &str) -> Option<Choice> {
        let of = |place: &str| {
            let meant = |one: &&Decision| *one.resource == *key && *one.place == *place;
            self.grant.decisions.iter().rev().find(meant).map(|one| one.choice)
        };
        of(place).or_else(|| of(""))
    }

    /// What the owner said of single findings.
    fn decide(&self, key: &str, facts: &mut Facts) {
        for decision in self.grant.decisions.iter().filter(|decision| *decision.resource == *key) {
            match decision.choice {
                Choice::LeaveOut => facts.out = Some(WhyOut::Owner),
                Choice::TakeOut if decision.place.is_empty() => facts.out = Some(WhyOut::Owner),
                Choice::TakeOut => facts.cuts.push(Cut { place: decision.place.clone(), rule: "owner".into() }),
                Choice::Keep => facts.kept.push(decision.place.clone()),
            }
        }
        let decided =
            |place: &str| self.grant.decisions.iter().any(|one| *one.resource == *key && *one.place == *place);
        facts.review.retain(|review| !decided(&review.place));
    }
}

impl Facts {
    pub(super) fn new() -> Self {
        Self {
            admission: Admission::No,
            out: None,
            cuts: Vec::new(),
            elements: None,
            attachments: Attachments::Stay,
            kept: Vec::new(),
            links: Links::default(),
            supports: Vec::new(),
            review: Vec::new(),
            drugs: Vec::new(),
            fact: None,
            puzzle: None,
        }
    }

    /// Whether the same is to be done with it as when it was judged otherwise; both lead to the same.
    pub(super) fn asks_the_same(&self, other: &Self) -> bool {
        self.cuts == other.cuts
            && self.elements == other.elements
            && (self.attachments == other.attachments || !self.links.attachments)
            && self.kept == other.kept
    }

    /// Whether a permit means it whatever else is in the view.
    pub(super) fn is_by_itself(&self) -> bool {
        self.admission == Admission::Permitted && self.supports.is_empty()
    }

    /// Whether what it is shown because of is in the view.
    pub(super) fn is_supported(&self, names: &Names, is_in: &dyn Fn(Name) -> bool) -> bool {
        let stands = |key: &str| names.known(key).is_some_and(is_in);
        self.supports.iter().all(|Support(keys)| keys.iter().any(|key| stands(key)))
    }

    /// Whether it must be gone through even if all it refers to stands.
    pub(super) fn is_touched(&self) -> bool {
        !self.cuts.is_empty()
            || self.elements.is_some()
            || self.links.loose
            || self.attachments != Attachments::Stay && self.links.attachments
    }
}
