//! The rest of the record, for rules that look beyond one resource.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value;

use super::entry::Entry;
use super::names::{Name, Names, key};
use super::reference::Points;
use super::referrers::Referrers;
use crate::{Around, Record};

/// So many resources are kept parsed.
const MOST_KEPT: usize = 512;

/// What is around a resource of the record. Read only when a rule asks.
pub(super) struct Surroundings<'a> {
    from: From<'a>,
    parsed: Mutex<HashMap<String, Arc<Value>>>,
}

enum From<'a> {
    /// A record that nothing is known of yet.
    Record { record: &'a Record, places: OnceLock<HashMap<String, usize>>, back: OnceLock<HashMap<String, Vec<usize>>> },
    /// What a view remembers.
    Entries { names: &'a Names, entries: &'a [Option<Entry>], referrers: &'a Referrers },
    /// The current versions, by name.
    Texts { names: &'a Names, texts: &'a [Option<Arc<str>>], referrers: &'a Referrers },
}

impl<'a> Surroundings<'a> {
    pub(super) fn of_record(record: &'a Record) -> Self {
        let from = From::Record { record, places: OnceLock::new(), back: OnceLock::new() };
        Self { from, parsed: Mutex::default() }
    }

    pub(super) fn of_entries(names: &'a Names, entries: &'a [Option<Entry>], referrers: &'a Referrers) -> Self {
        Self { from: From::Entries { names, entries, referrers }, parsed: Mutex::default() }
    }

    pub(super) fn of_texts(names: &'a Names, texts: &'a [Option<Arc<str>>], referrers: &'a Referrers) -> Self {
        Self { from: From::Texts { names, texts, referrers }, parsed: Mutex::default() }
    }

    /// Lets a rule ask.
    pub(super) fn ask<T>(&self, with: impl FnOnce(&Around<'_>) -> T) -> T {
        let resolve = |reference: &str| self.resolve(reference).map(Cow::Owned);
        let referred_by = |key: &str| self.referred_by(key).into_iter().map(Cow::Owned).collect();
        with(&Around { resolve: &resolve, referred_by: &referred_by })
    }

    /// The current version of the resource at a reference.
    fn resolve(&self, reference: &str) -> Option<Value> {
        let Points::Record { key, .. } = Points::of(reference) else { return None };
        let known = || self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(key).map(Arc::clone);
        if let Some(found) = found {
            return Some(Value::clone(&found));
        }
        let value: Value = serde_json::from_str(self.json(key)?).ok()?;
        let mut parsed = known();
        if parsed.len() >= MOST_KEPT {
            parsed.clear();
        }
        parsed.insert(key.to_owned(), Arc::new(value.clone()));
        Some(value)
    }

    fn json(&self, wanted: &str) -> Option<&'a Arc<str>> {
        match &self.from {
            From::Record { record, places, .. } => {
                let places = places.get_or_init(|| {
                    let all = record.items.iter().enumerate();
                    all.map(|(at, item)| (key(&item.resource_type, &item.id), at)).collect()
                });
                Some(&record.items.get(*places.get(wanted)?)?.versions.last()?.json)
            }
            From::Entries { names, entries, .. } => {
                Some(&entries.get(names.known(wanted)?.at())?.as_ref()?.current()?.json)
            }
            From::Texts { names, texts, .. } => texts.get(names.known(wanted)?.at())?.as_ref(),
        }
    }

    /// The resources whose current version refers to one.
    fn referred_by(&self, wanted: &str) -> Vec<Value> {
        let parse = |json: &Arc<str>| serde_json::from_str(json).ok();
        match &self.from {
            From::Record { record, back, .. } => {
                let back = back.get_or_init(|| referrers(record));
                let at = back.get(wanted).into_iter().flatten();
                at.filter_map(|at| parse(&record.items.get(*at)?.versions.last()?.json)).collect()
            }
            From::Entries { names, entries, referrers } => {
                let from = names.known(wanted).map_or(&[] as &[Name], |name| referrers.to(name));
                let known = |name: &Name| entries.get(name.at())?.as_ref()?.current();
                from.iter().filter_map(|name| parse(&known(name)?.json)).collect()
            }
            From::Texts { names, texts, referrers } => {
                let from = names.known(wanted).map_or(&[] as &[Name], |name| referrers.to(name));
                from.iter().filter_map(|name| parse(texts.get(name.at())?.as_ref()?)).collect()
            }
        }
    }
}

/// For each `Type/id`, the places of the items that refer to it.
fn referrers(record: &Record) -> HashMap<String, Vec<usize>> {
    let mut back: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, item) in record.items.iter().enumerate() {
        let Some(version) = item.versions.last() else { continue };
        references(&version.json, |key| {
            let all = back.entry(key.to_owned()).or_default();
            if all.last() != Some(&at) {
                all.push(at);
            }
        });
    }
    back
}

/// What stands in `reference` members of a text of JSON, without reading the rest. A reference that is written with
/// escapes is not found: the record's own are not.
fn references(json: &str, mut found: impl FnMut(&str)) {
    for (at, member) in json.match_indices("\"reference\"") {
        let rest = json.get(at + member.len()..).unwrap_or_default().trim_start();
        let value = rest.strip_prefix(':').map(str::trim_start).and_then(|rest| rest.strip_prefix('"'));
        if let Some((text, _)) = value.and_then(|rest| rest.split_once('"'))
            && let Points::Record { key, .. } = Points::of(text)
        {
            found(key);
        }
    }
}
