//! Who refers to whom, by the current versions.

use super::entry::Entry;
use super::names::Name;

/// For each name, those that refer to it, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Referrers(Vec<Vec<Name>>);

impl Referrers {
    pub(super) fn of(entries: &[Option<Entry>]) -> Self {
        let mut all = Self(vec![Vec::new(); entries.len()]);
        for (at, entry) in entries.iter().enumerate() {
            all.put(Name::of(at), links(entry.as_ref()));
        }
        all
    }

    /// Those that refer to this.
    pub(super) fn to(&self, name: Name) -> &[Name] {
        self.0.get(name.at()).map_or(&[], Vec::as_slice)
    }

    /// It refers to all these.
    pub(super) fn put(&mut self, from: Name, to: &[Name]) {
        for name in to {
            if self.0.len() <= name.at() {
                self.0.resize(name.at() + 1, Vec::new());
            }
            if let Some(known) = self.0.get_mut(name.at())
                && let Err(at) = known.binary_search(&from)
            {
                known.insert(at, from);
            }
        }
    }

    /// It refers to them no more.
    pub(super) fn take(&mut self, from: Name, to: &[Name]) {
        for name in to {
            if let Some(known) = self.0.get_mut(name.at())
                && let Ok(at) = known.binary_search(&from)
            {
                known.remove(at);
            }
        }
    }
}

/// What a resource refers to now.
pub(super) fn links(entry: Option<&Entry>) -> &[Name] {
    entry.and_then(Entry::current).map_or(&[], |known| &known.facts.links.to)
}
