//! Numbers in place of `Type/id`: references between a hundred thousand resources as four bytes each.

use std::collections::HashMap;

/// A number for a `Type/id`, whether the record has it or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Name(u32);

impl Name {
    /// The name with this number.
    pub(super) fn of(at: usize) -> Self {
        Self(u32::try_from(at).unwrap_or(u32::MAX))
    }

    pub(super) fn at(self) -> usize {
        self.0 as usize
    }
}

/// All names of one record.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    numbers: HashMap<Box<str>, Name>,
    keys: Vec<Box<str>>,
}

impl Names {
    /// The number of a key, new or known.
    pub(super) fn number(&mut self, key: &str) -> Name {
        if let Some(known) = self.numbers.get(key) {
            return *known;
        }
        let name = Name::of(self.keys.len());
        self.keys.push(key.into());
        self.numbers.insert(key.into(), name);
        name
    }

    /// Takes in the names of a part of the record; gives the new number of each.
    pub(super) fn take_in(&mut self, part: Self) -> Vec<Name> {
        let number = |key: Box<str>| {
            if let Some(known) = self.numbers.get(&key) {
                return *known;
            }
            let name = Name::of(self.keys.len());
            self.keys.push(key.clone());
            self.numbers.insert(key, name);
            name
        };
        part.keys.into_iter().map(number).collect()
    }

    /// The number of a key, if it has one.
    pub(super) fn known(&self, key: &str) -> Option<Name> {
        self.numbers.get(key).copied()
    }

    /// `Type/id`.
    pub(super) fn key(&self, name: Name) -> &str {
        self.key_at(name.at())
    }

    /// `Type/id` of the name with this number.
    pub(super) fn key_at(&self, at: usize) -> &str {
        self.keys.get(at).map_or("", |key| key)
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }
}

/// `Type/id`.
pub(super) fn key(resource_type: &str, id: &str) -> String {
    format!("{resource_type}/{id}")
}
