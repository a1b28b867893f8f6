//! What a view remembers of the record, to follow its changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use fhir::Held;
use jiff::Timestamp;
use serde_json::Value;
use types::Secret;

use super::ViewKey;
use super::around::Surroundings;
use super::entry::{Entry, Known};
use super::facts::Judge;
use super::make::Maker;
use super::names::{Name, Names, key};
use super::solve::{Solution, solve};
use super::versions;
use super::words::{self, Spoken};
use crate::{Around, Deidentifier, Grant, Item, Person, Proof, Record, Rules, Selector, TextScan, WhyOut};

/// What a view remembers.
#[derive(Debug, Clone)]
pub(super) struct Workings {
    pub(super) names: Names,
    /// By name.
    pub(super) entries: Vec<Option<Entry>>,
    pub(super) solution: Solution,
    /// What texts were searched for.
    pub(super) words: BTreeSet<Box<str>>,
    scan: TextScan,
}

/// Under what a view is built.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) record: &'a Record,
    pub(super) grant: &'a Grant,
    pub(super) rules: &'a Rules,
    pub(super) now: Timestamp,
    pub(super) key: &'a ViewKey,
}

impl Default for Workings {
    fn default() -> Self {
        Self {
            names: Names::default(),
            entries: Vec::new(),
            solution: Solution::default(),
            words: BTreeSet::new(),
            scan: TextScan::new([] as [&str; 0]),
        }
    }
}

impl Workings {
    /// Judges every resource and finds who is in.
    pub(super) fn build(terms: Terms<'_>) -> (Self, Vec<Held>) {
        let mut workings = Self::default();
        let judge = Judge::new(terms.record, terms.grant, terms.rules, terms.now);
        let surroundings = Surroundings::new(terms.record);
        for item in &terms.record.items {
            workings.take(item, &judge, &surroundings);
        }
        let held = workings.settle(terms, &judge);
        (workings, held)
    }

    /// Judges one resource anew.
    fn take(&mut self, item: &Item, judge: &Judge<'_>, surroundings: &Surroundings<'_>) -> Name {
        let key = key(&item.resource_type, &item.id);
        let name = self.names.number(&key);
        let resolve = |reference: &str| surroundings.resolve(reference);
        let referred_by = |key: &str| surroundings.referred_by(key);
        let around = Around { resolve: &resolve, referred_by: &referred_by };
        let mut versions = Vec::with_capacity(item.versions.len());
        for version in &item.versions {
            // What cannot be read is not there.
            let Ok(value) = serde_json::from_str::<Value>(&version.json) else { continue };
            let facts = judge.judge(&key, &item.source, &value, &around, &mut self.names);
            let json = Arc::clone(&version.json);
            versions.push(Known {
                received: version.received,
                json,
                facts,
                made: Vec::new(),
                spoken: Spoken::default(),
            });
        }
        let entry =
            Entry { of: item.resource_type.clone(), id: item.id.clone(), seed: item.seed, listened: false, versions };
        if self.entries.len() < self.names.len() {
            self.entries.resize(self.names.len(), None);
        }
        if let Some(slot) = self.entries.get_mut(name.at()) {
            *slot = Some(entry);
        }
        name
    }

    /// Finds who is in, and what each looks like.
    fn settle(&mut self, terms: Terms<'_>, judge: &Judge<'_>) -> Vec<Held> {
        self.entries.resize(self.names.len(), None);
        let deidentifier = terms.grant.deidentified.map(|dates| {
            let people: Vec<Value> = self.people().collect();
            let today = terms.now.to_zoned(terms.record.zone.clone()).date();
            Deidentifier::new(Secret::new(*terms.key.0.expose()), dates, Person::of(&people), today)
        });
        let seeds: Vec<[u8; 16]> =
            self.entries.iter().map(|entry| entry.as_ref().map_or([0; 16], |entry| entry.seed)).collect();
        self.listen(terms.grant, judge);
        let person = terms.record.patients.iter().filter_map(|id| self.names.known(&key("Patient", id)));
        let maker = Maker {
            judge,
            person: person.filter(|name| self.entries.get(name.at()).is_some_and(Option::is_some)).collect(),
            deidentifier: deidentifier.as_ref(),
            seeds: &seeds,
            day: terms.grant.deidentified.map(|_| versions::start_of_day(terms.now)),
        };
        if deidentifier.is_some() {
            // The person is one: what else says who they are is merged into the first.
            for name in maker.person.iter().skip(1) {
                let entry = self.entries.get_mut(name.at()).and_then(Option::as_mut);
                for known in entry.into_iter().flat_map(|entry| &mut entry.versions) {
                    known.facts.out.get_or_insert(WhyOut::NotDeidentifiable);
                }
            }
        }
        self.solution = solve(&mut self.entries, &self.names, &maker);
        if self.solution.stopped {
            return Vec::new();
        }
        let mut all = Vec::new();
        for (at, entry) in self.entries.iter_mut().enumerate() {
            let Some(entry) = entry else { continue };
            all.extend(versions::held(entry, at, &self.solution, &self.names, &maker));
        }
        all.sort_unstable_by(|a, b| (&a.resource_type, &a.id).cmp(&(&b.resource_type, &b.id)));
        all
    }

    /// Looks for the names of hidden drugs in all that may stand.
    fn listen(&mut self, grant: &Grant, judge: &Judge<'_>) {
        if !judge.by_topic {
            return;
        }
        let words = words::words(&self.entries, grant);
        let same = words == self.words;
        if !same {
            self.scan = TextScan::new(&words);
            self.words = words;
        }
        for (at, entry) in self.entries.iter_mut().enumerate() {
            let Some(entry) = entry.as_mut().filter(|entry| !same || !entry.listened) else { continue };
            entry.listened = true;
            let key = self.names.key_at(at);
            for known in &mut entry.versions {
                let spoken = words::listen(key, known, &self.scan, judge);
                if spoken.cuts != known.spoken.cuts {
                    known.made.clear();
                }
                known.spoken = spoken;
            }
        }
    }

    /// What tells about the person.
    fn people(&self) -> impl Iterator<Item = Value> + '_ {
        let tells = |entry: &&Entry| matches!(&*entry.of, "Patient" | "RelatedPerson");
        let all = self.entries.iter().flatten().filter(tells).flat_map(|entry| &entry.versions);
        all.filter_map(|known| serde_json::from_str(&known.json).ok())
    }
}

impl Terms<'_> {
    /// Whether the grant holds now.
    pub(super) fn hold(&self) -> bool {
        let term = self.grant.term;
        term.start.is_none_or(|start| start <= self.now) && term.end.is_none_or(|end| self.now < end)
    }

    /// The owner sees everything: nothing is judged.
    pub(super) fn are_everything(&self) -> bool {
        let what = &self.grant.what;
        self.grant.who.proof == Proof::Owner
            && what.exclusions.is_empty()
            && self.grant.deidentified.is_none()
            && what.permits.iter().any(|permit| permit.select == Selector::default())
    }
}
