//! The index: for each parameter of each type a column of values, and what references lead to.

mod column;
mod postings;
mod quantities;
mod ranges;
mod references;
mod symbols;
mod texts;
mod tokens;
mod uris;
mod words;

use std::collections::BTreeMap;

use fhir::parameters::{Setting, Sieve, parameters};
use serde_json::Value;

use column::Shared;
pub(crate) use column::{Body, Column};
pub(crate) use ranges::Asked;
pub(crate) use references::References;
pub(crate) use words::Words;

/// No document.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// What questions are answered from. Rows of documents that went stay in it; the caller masks them.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) shared: Shared,
    /// By type, a column for each parameter in the order of [`parameters`].
    kinds: BTreeMap<Box<str>, Of>,
    pub(crate) content: Words,
    pub(crate) narrative: Words,
    /// The document that a target is, by the target's symbol.
    places: Vec<u32>,
    /// The target that a document is.
    own: Vec<u32>,
}

/// What is known of one type.
#[derive(Debug)]
struct Of {
    sieve: Sieve,
    columns: Vec<Column>,
}

impl Index {
    /// Takes in a resource as it is answered. Numbers come in ascending order.
    pub(crate) fn put(&mut self, number: u32, kind: &str, id: &str, resource: &Value, setting: &Setting) {
        let own = self.shared.targets.intern(&format!("{kind}/{id}"));
        set(&mut self.places, own, number);
        set(&mut self.own, number, own);
        if !self.kinds.contains_key(kind) {
            let columns = parameters(kind).iter().map(|parameter| Column::of(parameter)).collect();
            self.kinds.insert(kind.into(), Of { sieve: Sieve::of(kind), columns });
        }
        if let Some(Of { sieve, columns }) = self.kinds.get_mut(kind) {
            sieve.each(resource, setting, |at, value| {
                if let Some(column) = columns.get_mut(at) {
                    column.push(number, &value, &mut self.shared);
                }
            });
        }
        let narrative = words::narrative(resource);
        self.content.push_content(number, resource, &narrative);
        self.narrative.push_text(number, &narrative);
    }

    /// Forgets where a document stood.
    pub(crate) fn remove(&mut self, number: u32) {
        let own = self.target_of(number);
        if let Some(place) = self.places.get_mut(own as usize).filter(|place| **place == number) {
            *place = NOWHERE;
        }
    }

    pub(crate) fn column(&self, kind: &str, code: &str) -> Option<&Column> {
        let at = parameters(kind).binary_search_by(|parameter| parameter.code().cmp(code)).ok()?;
        self.kinds.get(kind)?.columns.get(at)
    }

    /// All columns of a type.
    pub(crate) fn columns(&self, kind: &str) -> &[Column] {
        self.kinds.get(kind).map_or(&[], |of| &of.columns)
    }

    /// The document that a target is, or [`NOWHERE`].
    pub(crate) fn place(&self, target: u32) -> u32 {
        self.places.get(target as usize).copied().unwrap_or(NOWHERE)
    }

    /// The target that a document is.
    pub(crate) fn target_of(&self, number: u32) -> u32 {
        self.own.get(number as usize).copied().unwrap_or(NOWHERE)
    }

    /// An estimate of the bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let columns: usize = self.kinds.values().flat_map(|of| &of.columns).map(Column::bytes).sum();
        let shared = self.shared.symbols.bytes() + self.shared.targets.bytes();
        columns + shared + self.content.bytes() + self.narrative.bytes() + (self.places.len() + self.own.len()) * 4
    }
}

fn set(all: &mut Vec<u32>, at: u32, value: u32) {
    let at = at as usize;
    if all.len() <= at {
        all.resize(at + 1, NOWHERE);
    }
    if let Some(slot) = all.get_mut(at) {
        *slot = value;
    }
}
