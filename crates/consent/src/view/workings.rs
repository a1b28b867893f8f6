//! What a view remembers of the record, to follow its changes.

use std::collections::BTreeSet;

use fhir::Held;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use types::Secret;

use super::ViewKey;
use super::around::Surroundings;
use super::entry::Entry;
use super::facts::{Judge, Links, Tree};
use super::make::Maker;
use super::many;
use super::names::{Name, Names, key};
use super::referrers::Referrers;
use super::rows::Rows;
use super::solve::{Solution, solve};
use super::versions;
use super::words;
use crate::{Deidentifier, Grant, Item, Person, Proof, Record, Rules, Selector, TextScan, WhyOut};

/// What a view remembers.
#[derive(Debug, Clone)]
pub(super) struct Workings {
    pub(super) names: Names,
    /// By name.
    pub(super) entries: Vec<Option<Entry>>,
    pub(super) solution: Solution,
    /// Who refers to whom, once it is needed.
    pub(super) referrers: Option<Referrers>,
    /// What texts were searched for.
    pub(super) words: BTreeSet<Box<str>>,
    scan: TextScan,
    pub(super) of: Of,
}

/// What a view is of: where this changes, it is built anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Of {
    grant: Option<Grant>,
    patients: Vec<Box<str>>,
    zone: Option<TimeZone>,
    now: Option<Timestamp>,
}

impl Of {
    pub(super) fn new(terms: Terms<'_>) -> Self {
        let selectors =
            terms.grant.what.permits.iter().map(|permit| &permit.select).chain(&terms.grant.what.exclusions);
        let asks = selectors.filter_map(|select| select.query.as_ref()).next().is_some();
        Self {
            // A grant that has learnt words is followed: texts are searched anew.
            grant: Some(Grant { words: Vec::new(), ..terms.grant.clone() }),
            patients: terms.record.patients.clone(),
            zone: Some(terms.record.zone.clone()),
            // A query may ask for what is near to now.
            now: asks.then_some(terms.now),
        }
    }
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
            referrers: None,
            words: BTreeSet::new(),
            scan: TextScan::new([] as [&str; 0]),
            of: Of::default(),
        }
    }
}

impl Workings {
    /// Judges every resource and finds who is in.
    pub(super) fn build(terms: Terms<'_>) -> (Self, Vec<Held>) {
        let mut workings = Self { of: Of::new(terms), ..Self::default() };
        let judge = Judge::new(terms.record, terms.grant, terms.rules, terms.now);
        let surroundings = Surroundings::of_record(terms.record);
        let judged = many::pieces(&terms.record.items, |first, items| {
            let mut names = Names::default();
            let one = |item| judged(item, &judge, &surroundings, &mut names);
            let entries: Vec<(Name, Entry)> = (first..).zip(items).map(one).collect();
            (names, entries)
        });
        for (names, entries) in judged {
            let numbers = workings.names.take_in(names);
            for (name, mut entry) in entries {
                entry.versions.iter_mut().for_each(|known| known.facts.links.renumber(&numbers));
                workings.put(numbers.get(name.at()).copied().unwrap_or(name), Some(entry));
            }
        }
        let held = workings.settle(terms, &judge);
        let mut all: Vec<Held> = held.into_iter().filter_map(|(_, held)| held).collect();
        many::sort(&mut all, |a, b| (&a.resource_type, &a.id).cmp(&(&b.resource_type, &b.id)));
        (workings, all)
    }

    /// The owner's own: nothing is judged, nothing need be remembered.
    pub(super) fn all(terms: Terms<'_>) -> Self {
        Self { of: Of::new(terms), ..Self::default() }
    }

    /// Type and id of what is there under this name.
    pub(super) fn called(&self, at: usize) -> Option<(Box<str>, Box<str>)> {
        let (of, id) = self.names.key_at(at).split_once('/')?;
        Some((of.into(), id.into()))
    }

    pub(super) fn put(&mut self, name: Name, entry: Option<Entry>) {
        if self.entries.len() < self.names.len() {
            self.entries.resize(self.names.len(), None);
        }
        if let Some(slot) = self.entries.get_mut(name.at()) {
            *slot = entry;
        }
    }

    /// Finds who is in, and what each looks like now whose look may have changed.
    pub(super) fn settle(&mut self, terms: Terms<'_>, judge: &Judge<'_>) -> Vec<(usize, Option<Held>)> {
        self.entries.resize(self.names.len(), None);
        let deidentifier = terms.grant.deidentified.map(|dates| {
            let people: Vec<Value> = self.people().collect();
            let today = terms.now.to_zoned(terms.record.zone.clone()).date();
            Deidentifier::new(Secret::new(*terms.key.0.expose()), dates, Person::of(&people), today)
        });
        let seeds: Vec<[u8; 16]> = match deidentifier {
            Some(_) => self.entries.iter().map(|entry| entry.as_ref().map_or([0; 16], |entry| entry.seed)).collect(),
            None => Vec::new(),
        };
        self.listen(terms.grant, judge);
        let person = terms.record.patients.iter().filter_map(|id| self.names.known(&key("Patient", id)));
        let maker = Maker {
            judge,
            person: person.filter(|name| self.entries.get(name.at()).is_some_and(Option::is_some)).collect(),
            deidentifier: deidentifier.as_ref(),
            seeds: &seeds,
            day: terms.grant.deidentified.map(|_| versions::start_of_day(terms.now)),
            forms: None,
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
        let before = std::mem::take(&mut self.solution);
        let mut rows = Rows::of(&self.entries);
        self.solution = solve(&mut self.entries, &self.names, &maker, &mut rows, None);
        let Self { names, entries, solution, .. } = self;
        let (names, solution) = (&*names, &*solution);
        // How each looks now; `None` where that is as before.
        let look = |at: usize, slot: &mut Option<Entry>| {
            let then = before.stands.get(at).and_then(Option::as_ref);
            let Some(entry) = slot else { return then.map(|_| (at, None)) };
            let same = then == solution.stands.get(at).and_then(Option::as_ref);
            if same && !entry.fresh && entry.versions.len() < 2 && before.stopped == solution.stopped {
                return None;
            }
            entry.fresh = false;
            let held = (!solution.stopped).then(|| versions::held(entry, at, solution, names, &maker));
            Some((at, held.flatten()))
        };
        let all = many::pieces_mut(entries, |first, entries| {
            (first..).zip(entries).filter_map(|(at, slot)| look(at, slot)).collect::<Vec<_>>()
        });
        all.into_iter().flatten().collect()
    }

    /// Looks for the words of the grant in all that may stand.
    fn listen(&mut self, grant: &Grant, judge: &Judge<'_>) {
        if !judge.by_topic {
            return;
        }
        let words: BTreeSet<Box<str>> = grant.words.iter().cloned().collect();
        let same = words == self.words;
        if !same {
            self.scan = TextScan::new(&words);
            self.words = words;
        }
        let Self { names, entries, scan, .. } = self;
        many::pieces_mut(entries, |first, entries| {
            for (at, entry) in (first..).zip(entries) {
                if let Some(entry) = entry.as_mut().filter(|entry| !same || entry.fresh) {
                    listen_to(entry, names.key_at(at), scan, judge);
                }
            }
        });
    }

    /// Whether texts were searched for the words of this grant.
    pub(super) fn has_heard(&self, grant: &Grant, judge: &Judge<'_>) -> bool {
        let known = grant.words.iter().filter(|word| self.words.contains(*word)).count();
        !judge.by_topic || known == grant.words.len() && known == self.words.len()
    }

    /// Looks for the same words in this one.
    pub(super) fn listen_alike(&mut self, name: Name, judge: &Judge<'_>) {
        if let Some(entry) = self.entries.get_mut(name.at()).and_then(Option::as_mut).filter(|_| judge.by_topic) {
            listen_to(entry, self.names.key(name), &self.scan, judge);
        }
    }

    /// What tells about the person.
    fn people(&self) -> impl Iterator<Item = Value> + '_ {
        let tells = |entry: &&Entry| matches!(&*entry.of, "Patient" | "RelatedPerson");
        let all = self.entries.iter().flatten().filter(tells).flat_map(|entry| &entry.versions);
        all.filter_map(|known| serde_json::from_str(&known.json).ok())
    }
}

/// One resource as the grant has it, by itself, and its name among these.
fn judged(
    (place, item): (usize, &Item),
    judge: &Judge<'_>,
    surroundings: &Surroundings<'_>,
    names: &mut Names,
) -> (Name, Entry) {
    let key = key(&item.resource_type, &item.id);
    let mut entry = Entry::of((place, item));
    for known in &mut entry.versions {
        let Ok(value) = serde_json::from_str::<Value>(&known.json) else { continue };
        let tree = Tree::read(&known.json, value);
        known.facts = surroundings.ask(|around| judge.judge(&key, &entry.source, &known.json, &tree, around));
        known.facts.links = Links::of(tree.value(), &judge.own, |key| Some(names.number(key)));
    }
    (names.number(&key), entry)
}

fn listen_to(entry: &mut Entry, key: &str, scan: &TextScan, judge: &Judge<'_>) {
    for known in &mut entry.versions {
        let spoken = words::listen(key, known, scan, judge);
        if spoken != known.spoken {
            known.made.clear();
            entry.fresh = true;
        }
        known.spoken = spoken;
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
            && what.permits.iter().any(|permit| permit.shows() && permit.select == Selector::default())
    }
}
