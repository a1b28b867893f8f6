//! The rest of the record, for rules that look beyond one resource.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::reference::Points;
use crate::Record;

/// So many resources are kept parsed.
const MOST_KEPT: usize = 512;

/// What is around a resource of the record. Read only when a rule asks.
pub(super) struct Surroundings<'a> {
    record: &'a Record,
    places: OnceCell<HashMap<String, usize>>,
    /// Places of items that refer to a key.
    back: OnceCell<HashMap<String, Vec<usize>>>,
    parsed: RefCell<HashMap<usize, Arc<Value>>>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(record: &'a Record) -> Self {
        Self { record, places: OnceCell::new(), back: OnceCell::new(), parsed: RefCell::default() }
    }

    /// The current version of the resource at a reference.
    pub(super) fn resolve(&self, reference: &str) -> Option<Cow<'a, Value>> {
        let Points::Record { key, .. } = Points::of(reference) else { return None };
        let places = self.places.get_or_init(|| {
            let key = |(at, item): (usize, &crate::Item)| (super::names::key(&item.resource_type, &item.id), at);
            self.record.items.iter().enumerate().map(key).collect()
        });
        self.at(*places.get(key)?)
    }

    /// The resources whose current version refers to one.
    pub(super) fn referred_by(&self, key: &str) -> Vec<Cow<'a, Value>> {
        let back = self.back.get_or_init(|| {
            let mut back: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, item) in self.record.items.iter().enumerate() {
                let Some(version) = item.versions.last() else { continue };
                references(&version.json, |key| {
                    let all = back.entry(key.to_owned()).or_default();
                    if all.last() != Some(&at) {
                        all.push(at);
                    }
                });
            }
            back
        });
        back.get(key).into_iter().flatten().filter_map(|at| self.at(*at)).collect()
    }

    fn at(&self, at: usize) -> Option<Cow<'a, Value>> {
        if let Some(known) = self.parsed.borrow().get(&at) {
            return Some(Cow::Owned(Value::clone(known)));
        }
        let json = &self.record.items.get(at)?.versions.last()?.json;
        let value: Value = serde_json::from_str(json).ok()?;
        let mut parsed = self.parsed.borrow_mut();
        if parsed.len() >= MOST_KEPT {
            parsed.clear();
        }
        parsed.insert(at, Arc::new(value.clone()));
        Some(Cow::Owned(value))
    }
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
