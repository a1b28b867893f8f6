//! What a permit finds, or an exclusion lets pass, only by looking through a reference: a result that is of the laboratory
//! because a report of the laboratory names it, a result dated by its specimen.
//!
//! What is hidden may hide more, but it never shows anything: what is shown because of another resource is shown only
//! while that resource is in the view itself.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::Value;

use super::super::reference::Points;
use super::super::select::{Permits, Subject};
use super::Judge;
use super::account::Said;
use super::glance::Glance;
use crate::{Around, Grant, Permit, Selector, Within, computed, labels_of};

/// Resources (`Type/id`) of which one must be in the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Support(pub(in super::super) Vec<Box<str>>);

/// The resources that were looked at from one.
#[derive(Debug, Default)]
pub(super) struct Seen(RefCell<BTreeSet<Box<str>>>);

impl Seen {
    /// Lets rules look around, and notes what they see.
    pub(super) fn look<T>(&self, around: &Around<'_>, with: impl FnOnce(&Around<'_>) -> T) -> T {
        let resolve = |reference: &str| {
            let found = (around.resolve)(reference)?;
            self.note(&found);
            Some(Cow::Owned(found.into_owned()))
        };
        let referred_by = |key: &str| {
            let found = (around.referred_by)(key);
            found.iter().for_each(|one| self.note(one));
            found.into_iter().map(|one| Cow::Owned(one.into_owned())).collect()
        };
        with(&Around { resolve: &resolve, referred_by: &referred_by })
    }

    fn note(&self, value: &Value) {
        if let Some(key) = key_of(value) {
            self.0.borrow_mut().insert(key.into());
        }
    }

    pub(super) fn keys(&self) -> BTreeSet<Box<str>> {
        self.0.borrow().clone()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// Whether anything that would show a resource looks through references: codes do that for topics and computed labels,
/// and a specimen dates.
pub(super) fn looks_through(grant: &Grant) -> bool {
    let mut permits = grant.what.permits.iter().map(|permit| &permit.select);
    permits.any(|one| !one.topics.is_empty() || !one.labels.is_empty() || one.dates.is_some())
        || grant.what.exclusions.iter().any(|one| one.dates.is_some())
}

impl Judge<'_> {
    /// What becomes of a resource where nothing but these others can be looked at.
    fn seeing<T>(&self, subject: &Subject<'_, '_>, only: Option<&str>, with: impl FnOnce(&Subject<'_, '_>) -> T) -> T {
        let around = subject.around;
        let is_seen = |key: &str| only.is_some_and(|only| *only == *key);
        let resolve = |reference: &str| {
            let Points::Record { key, .. } = Points::of(reference) else { return None };
            is_seen(key).then(|| (around.resolve)(reference).map(|one| Cow::Owned(one.into_owned()))).flatten()
        };
        let referred_by = |key: &str| {
            let found = (around.referred_by)(key).into_iter().map(|one| Cow::Owned(one.into_owned()));
            found.filter(|one: &Cow<'_, Value>| key_of(one).is_some_and(|key| is_seen(&key))).collect()
        };
        let around = Around { resolve: &resolve, referred_by: &referred_by };
        let hits = self.rules.judge_for(self.chosen, subject.tree.value(), &around);
        let mut labels = labels_of(subject.tree.value());
        if self.by_label {
            labels.extend(computed(self.rules, &hits));
        }
        // What it says may be something else where less is seen.
        let said = Said::with(Glance::ANYTHING);
        with(&Subject { said: &said, hits: &hits, labels: &labels, around: &around, ..*subject })
    }

    /// Whether what a permit means does not depend on what is around.
    pub(super) fn means_by_itself(subject: &Subject<'_, '_>, permit: &Permit) -> bool {
        let Selector { topics, labels, dates, .. } = &permit.select;
        topics.is_empty() && labels.is_empty() && (dates.is_none() || !subject.dated().by_others)
    }

    /// The permits that mean a resource by itself; where none does, those that may mean it by what is around, and what of
    /// that must be in the view.
    pub(super) fn alone<'p>(
        &'p self,
        subject: &Subject<'_, '_>,
        seen: &BTreeSet<Box<str>>,
        supports: &mut Vec<Support>,
    ) -> Vec<&'p Permit> {
        let all = || self.grant.what.permits.iter().filter(|permit| permit.shows());
        let mean = |subject: &Subject<'_, '_>, permit: &&Permit| subject.permitted_by(permit) == Permits::Yes;
        let matched: Vec<&Permit> =
            self.seeing(subject, None, |alone| all().filter(|permit| mean(alone, permit)).collect());
        if !matched.is_empty() {
            return matched;
        }
        // A permit of single elements says too much about what it means: it must mean a resource by itself.
        let may: Vec<&Permit> =
            all().filter(|permit| permit.select.elements.is_empty() && subject.may_be_meant(permit)).collect();
        let by = |key: &str| self.seeing(subject, Some(key), |one| may.iter().any(|permit| mean(one, permit)));
        supports.push(Support(seen.iter().filter(|key| by(key)).cloned().collect()));
        may
    }

    /// What must be in the view for an exclusion by dates to pass a resource: what dates it.
    pub(super) fn dated(&self, subject: &Subject<'_, '_>, seen: &BTreeSet<Box<str>>, supports: &mut Vec<Support>) {
        for exclusion in &self.grant.what.exclusions {
            let Some(range) = exclusion.dates.filter(|_| subject.meant_but_for_dates(exclusion)) else { continue };
            let passes = |subject: &Subject<'_, '_>| subject.within(range) == Within::Outside;
            if !passes(subject) || self.seeing(subject, None, passes) {
                continue;
            }
            let by = |key: &str| self.seeing(subject, Some(key), passes);
            supports.push(Support(seen.iter().filter(|key| by(key)).cloned().collect()));
        }
    }
}

fn key_of(value: &Value) -> Option<String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    Some(super::super::names::key(text("resourceType")?, text("id")?))
}
