//! Resources in memory, ready to be sent: each is kept as the bytes that will go out, beside what can be searched.

mod date;
pub(crate) mod entry;
pub(crate) mod foreign;
mod search;

use std::collections::HashMap;

pub(crate) use entry::Entry;
pub(crate) use search::{Query, SearchError};

/// What one FHIR server holds.
#[derive(Debug, Default)]
pub(crate) struct Store {
    entries: Vec<Entry>,
    by_name: HashMap<String, usize>,
    /// By patient ("" for what belongs to none), then by kind.
    lists: HashMap<String, HashMap<String, Vec<usize>>>,
    /// Provenance by what it is about.
    about: HashMap<String, Vec<usize>>,
}

impl Store {
    /// Adds a resource; one with the same type and id is replaced.
    pub(crate) fn put(&mut self, entry: Entry) {
        let name = entry.name();
        if let Some(at) = self.by_name.get(&name)
            && let Some(slot) = self.entries.get_mut(*at)
        {
            *slot = entry;
            return;
        }
        let at = self.entries.len();
        for target in &entry.targets {
            self.about.entry(target.clone()).or_default().push(at);
        }
        let patient = entry.patient.clone().unwrap_or_default();
        self.lists.entry(patient).or_default().entry(entry.kind.clone()).or_default().push(at);
        self.by_name.insert(name, at);
        self.entries.push(entry);
    }

    pub(crate) fn read(&self, kind: &str, id: &str) -> Option<&Entry> {
        self.by_name.get(&format!("{kind}/{id}")).and_then(|at| self.entries.get(*at))
    }

    pub(crate) fn position(&self, kind: &str, id: &str) -> Option<usize> {
        self.by_name.get(&format!("{kind}/{id}")).copied()
    }

    pub(crate) fn entry(&self, at: usize) -> Option<&Entry> {
        self.entries.get(at)
    }

    /// Positions of all resources of a kind that a patient may see: their own, and those of no patient.
    fn list(&self, patient: &str, kind: &str) -> impl Iterator<Item = usize> {
        let own = self.lists.get(patient).and_then(|kinds| kinds.get(kind));
        let shared = self.lists.get("").and_then(|kinds| kinds.get(kind));
        own.into_iter().flatten().chain(shared.into_iter().flatten()).copied()
    }

    /// Provenance about a resource.
    pub(crate) fn provenance(&self, name: &str) -> &[usize] {
        self.about.get(name).map_or(&[], Vec::as_slice)
    }

    /// How many resources of each kind a patient has.
    pub(crate) fn counts(&self, patient: &str) -> HashMap<&str, usize> {
        let kinds = self.lists.get(patient);
        kinds.into_iter().flatten().map(|(kind, list)| (kind.as_str(), list.len())).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// All kinds that are held.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.lists.values().flat_map(HashMap::keys).cloned().collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}
