//! A view follows the record: what a change of some resources changes, and no more.

use std::collections::{BTreeMap, BTreeSet};

use fhir::Held;
use serde_json::Value;

use super::around::Surroundings;
use super::entry::Entry;
use super::facts::{Judge, Links, Tree};
use super::names::Name;
use super::referrers::{Referrers, links};
use super::workings::{Of, Terms, Workings};
use super::{Delta, View, everything};
use crate::Item;

impl Workings {
    /// Takes in what has become of these resources. Gives each whose look may have changed.
    pub(super) fn follow(&mut self, terms: Terms<'_>, changed: &[&str]) -> Vec<(usize, Option<Held>)> {
        let judge = Judge::new(terms.record, terms.grant, terms.rules, terms.now);
        let mut referrers = self.referrers.take().unwrap_or_else(|| Referrers::of(&self.entries));
        let mut again: BTreeSet<Name> = BTreeSet::new();
        let mut before: BTreeMap<Name, Option<Entry>> = BTreeMap::new();
        for key in changed {
            let name = self.names.number(key);
            // What it refers to, and did: a rule may look back from there.
            again.extend(links(self.entry(name)));
            referrers.take(name, links(self.entry(name)));
            let old = self.entry(name).cloned();
            let place = old.as_ref().map_or(0, |entry| entry.place);
            before.entry(name).or_insert(old);
            self.put(name, found(&terms.record.items, place, key).map(Entry::of));
            self.read_links(name, &judge);
            again.extend(links(self.entry(name)));
            referrers.put(name, links(self.entry(name)));
        }
        for name in before.keys() {
            again.extend(referrers.to(*name));
        }
        again.extend(before.keys().copied());
        for name in again {
            before.entry(name).or_insert_with(|| self.entry(name).cloned());
            self.judge_again(name, &judge, &referrers);
        }
        self.referrers = Some(referrers);
        let before: Vec<(Name, Option<Entry>)> = before.into_iter().collect();
        match self.steady(terms, &judge, &before) {
            Some(held) => held,
            None => self.settle(terms, &judge),
        }
    }

    fn entry(&self, name: Name) -> Option<&Entry> {
        self.entries.get(name.at()).and_then(Option::as_ref)
    }

    fn read_links(&mut self, name: Name, judge: &Judge<'_>) {
        let Self { names, entries, .. } = self;
        let entry = entries.get_mut(name.at()).and_then(Option::as_mut);
        for known in entry.into_iter().flat_map(|entry| &mut entry.versions) {
            if let Ok(value) = serde_json::from_str::<Value>(&known.json) {
                known.facts.links = Links::of(&value, &judge.own, |key| Some(names.number(key)));
            }
        }
        entries.resize(names.len(), None);
    }

    fn judge_again(&mut self, name: Name, judge: &Judge<'_>, referrers: &Referrers) {
        let surroundings = Surroundings::of_entries(&self.names, &self.entries, referrers);
        let Some(entry) = self.entry(name) else { return };
        let mut fresh = entry.clone();
        fresh.fresh = true;
        for known in &mut fresh.versions {
            let Ok(value) = serde_json::from_str::<Value>(&known.json) else { continue };
            let links = std::mem::take(&mut known.facts.links);
            let tree = Tree::read(&known.json, value);
            let key = self.names.key(name);
            known.facts = surroundings.ask(|around| judge.judge(key, &fresh.source, &known.json, &tree, around));
            known.facts.links = links;
            known.made.clear();
        }
        self.put(name, Some(fresh));
    }
}

/// An item and its place, looked for first where it was.
fn found<'r>(items: &'r [Item], place: usize, key: &str) -> Option<(usize, &'r Item)> {
    let (of, id) = key.split_once('/')?;
    let is_it = |item: &&Item| *item.id == *id && *item.resource_type == *of;
    let there = items.get(place).filter(is_it).map(|item| (place, item));
    there.or_else(|| items.iter().enumerate().find(|(_, item)| is_it(item)))
}

impl View {
    /// Whether it is a view of the same grant and person, at a time that changes nothing.
    pub(super) fn can_follow(&self, terms: Terms<'_>) -> bool {
        // A de-identified view is made as a whole: one canary in one resource stops all.
        terms.grant.deidentified.is_none() && terms.hold() && self.workings.of == Of::new(terms)
    }

    /// Takes in what has become of these resources.
    pub(super) fn follow(&mut self, terms: Terms<'_>, changed: &[&str]) -> Vec<Delta> {
        let mut deltas = Vec::new();
        for (of, id, held) in self.now(terms, changed) {
            let at = self.held.binary_search_by(|one| (&*one.resource_type, &*one.id).cmp(&(&*of, &*id)));
            match (at, held) {
                (Ok(at), Some(held)) => {
                    if let Some(slot) = self.held.get_mut(at).filter(|slot| **slot != held) {
                        slot.clone_from(&held);
                        deltas.push(Delta::Put(held));
                    }
                }
                (Err(at), Some(held)) => {
                    self.held.insert(at, held.clone());
                    deltas.push(Delta::Put(held));
                }
                (Ok(at), None) => {
                    self.held.remove(at);
                    deltas.push(Delta::Removed { resource_type: of, id });
                }
                (Err(_), None) => {}
            }
        }
        deltas
    }

    /// Type, id and look of each resource that may have changed.
    fn now(&mut self, terms: Terms<'_>, changed: &[&str]) -> Vec<(Box<str>, Box<str>, Option<Held>)> {
        if terms.are_everything() {
            let look = |key: &str| {
                let (of, id) = key.split_once('/')?;
                Some((
                    of.into(),
                    id.into(),
                    found(&terms.record.items, 0, key).and_then(|(_, item)| everything::one(item)),
                ))
            };
            return changed.iter().filter_map(|key| look(key)).collect();
        }
        let looks = self.workings.follow(terms, changed);
        let name = |(at, held): (usize, Option<Held>)| {
            let (of, id) = match &held {
                Some(held) => (held.resource_type.clone(), held.id.clone()),
                None => self.workings.called(at)?,
            };
            Some((of, id, held))
        };
        looks.into_iter().filter_map(name).collect()
    }
}

/// How one list of what is held differs from another; both sorted.
pub(super) fn differences(before: &[Held], now: &[Held]) -> Vec<Delta> {
    let find = |all: &[Held], one: &Held| {
        all.binary_search_by(|other| (&other.resource_type, &other.id).cmp(&(&one.resource_type, &one.id)))
    };
    let new = |one: &&Held| !find(before, one).is_ok_and(|at| before.get(at) == Some(one));
    let gone = before.iter().filter(|one| find(now, one).is_err());
    let put = now.iter().filter(new).cloned().map(Delta::Put);
    put.chain(gone.map(|one| Delta::Removed { resource_type: one.resource_type.clone(), id: one.id.clone() })).collect()
}
