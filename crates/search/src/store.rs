//! The resources of the view, by number, type and id.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use fhir::{Held, HeldVersion};
use serde_json::Value;
use thiserror::Error;

use crate::bits::Bits;
use crate::text::{self, Place};

/// Why a resource was not taken in. The engine is as it was before.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PutError {
    /// It has no version.
    #[error("the resource has no version")]
    NoVersion,
    /// Its text is no JSON object with a `resourceType`, or its `meta` is no object.
    #[error("the text is not a resource")]
    NotAResource,
    /// More resources than an engine numbers.
    #[error("the engine is full")]
    Full,
}

/// By which questions a resource of the view is reached (SMART App Launch 2.2: `r` is not `s`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// By all.
    #[default]
    All,
    /// By its id: read, version read, its own history. No search finds it, no include brings it, no chain, `_has`, count
    /// or order tells of it.
    Read,
    /// By searches and what is like them. Its id opens nothing.
    Search,
}

/// One resource of the view. Its number says when it came in and is never told to anybody.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) held: Held,
    pub(crate) text: Arc<str>,
    place: Place,
    reach: Reach,
}

impl Document {
    pub(crate) fn current(&self) -> Option<&HeldVersion> {
        self.held.versions.last()
    }

    /// The version as answers name it: `Observation/1/_history/2`.
    pub(crate) fn name(&self, version: &HeldVersion) -> String {
        format!("{}/{}/_history/{}", self.held.resource_type, self.held.id, version.number)
    }

    /// Writes the current version as it is answered.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        if let Some(version) = self.current() {
            text::write(out, &self.text, self.place, version);
        }
    }

    /// The current version as it is answered, parsed.
    pub(crate) fn value(&self) -> Option<Value> {
        text::value(&self.text, self.place, self.current()?)
    }
}

/// All documents of one type.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    /// Those that are in the view now and that searches may find.
    pub(crate) live: Bits,
    ids: BTreeMap<Box<str>, u32>,
}

impl Shelf {
    pub(crate) fn number(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    /// In the order of ids.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.ids.values().copied()
    }

    /// In the order of ids, from one on and before another.
    pub(crate) fn between<'a>(&'a self, from: Option<&'a str>, to: Option<&'a str>) -> impl Iterator<Item = u32> + 'a {
        let from = from.map_or(Bound::Unbounded, Bound::Included);
        let all = self.ids.range::<str, _>((from, Bound::Unbounded));
        all.take_while(move |(id, _)| to.is_none_or(|to| ***id < *to)).map(|(_, number)| *number)
    }

    fn after(&self, id: &str) -> Option<u32> {
        self.ids.range::<str, _>((Bound::Excluded(id), Bound::Unbounded)).next().map(|(_, number)| *number)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Store {
    documents: Vec<Option<Document>>,
    pub(crate) shelves: BTreeMap<Box<str>, Shelf>,
    /// Those of all shelves.
    pub(crate) live: Bits,
    count: usize,
    bytes: usize,
    /// Place of each document in the order of types and ids. Counted again by the first question after an id has come
    /// or gone: a millisecond at 100,000 documents.
    ranks: OnceLock<Vec<u32>>,
}

/// What came of a [`Store::put`].
pub(crate) struct Placed {
    pub(crate) number: u32,
    /// The current version as it is answered.
    pub(crate) value: Value,
    pub(crate) replaced: Option<u32>,
}

impl Store {
    pub(crate) fn put(&mut self, held: Held, reach: Reach) -> Result<Placed, PutError> {
        let number = u32::try_from(self.documents.len()).map_err(|_| PutError::Full)?;
        let version = held.current().ok_or(PutError::NoVersion)?;
        let (text, place) = text::placed(&version.json).ok_or(PutError::NotAResource)?;
        let value = text::value(&text, place, version).ok_or(PutError::NotAResource)?;
        let shelf = self.shelves.entry(held.resource_type.clone()).or_default();
        let replaced = match shelf.ids.entry(held.id.clone()) {
            Entry::Vacant(free) => {
                free.insert(number);
                self.ranks.take();
                None
            }
            Entry::Occupied(mut taken) => Some(taken.insert(number)),
        };
        if reach != Reach::Read {
            shelf.live.insert(number);
            self.live.insert(number);
        }
        self.count += 1;
        self.bytes += weight(&held);
        self.documents.push(Some(Document { held, text, place, reach }));
        if let Some(old) = replaced {
            if let Some(ranks) = self.ranks.get_mut() {
                ranks.resize(number as usize, u32::MAX);
                ranks.push(ranks.get(old as usize).copied().unwrap_or(u32::MAX));
            }
            self.forget(old);
        }
        Ok(Placed { number, value, replaced })
    }

    pub(crate) fn remove(&mut self, resource_type: &str, id: &str) -> Option<u32> {
        let number = self.shelves.get_mut(resource_type)?.ids.remove(id)?;
        self.ranks.take();
        self.forget(number);
        Some(number)
    }

    fn forget(&mut self, number: u32) {
        let gone = self.documents.get_mut(number as usize).and_then(Option::take);
        if let Some(document) = gone {
            if let Some(shelf) = self.shelves.get_mut(&document.held.resource_type) {
                shelf.live.remove(number);
                if shelf.ids.is_empty() {
                    self.shelves.remove(&document.held.resource_type);
                }
            }
            self.count -= 1;
            self.bytes -= weight(&document.held);
        }
        self.live.remove(number);
    }

    pub(crate) fn document(&self, number: u32) -> Option<&Document> {
        self.documents.get(number as usize)?.as_ref()
    }

    /// The one that a type and an id open.
    pub(crate) fn find(&self, resource_type: &str, id: &str) -> Option<&Document> {
        self.document(self.number(resource_type, id)?).filter(|document| document.reach != Reach::Search)
    }

    pub(crate) fn number(&self, resource_type: &str, id: &str) -> Option<u32> {
        self.shelves.get(resource_type)?.number(id)
    }

    /// How many numbers have been given; all documents' are below.
    pub(crate) fn room(&self) -> usize {
        self.documents.len()
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Bytes of the texts of all versions.
    pub(crate) fn text_bytes(&self) -> usize {
        self.bytes
    }

    /// All documents, taken out to be put in anew.
    pub(crate) fn drain(&mut self) -> Vec<(Held, Reach)> {
        let all = std::mem::take(self).documents;
        all.into_iter().flatten().map(|document| (document.held, document.reach)).collect()
    }

    /// The place of a document in the order of types and ids.
    pub(crate) fn rank(&self, number: u32) -> u32 {
        self.ranks().get(number as usize).copied().unwrap_or(u32::MAX)
    }

    pub(crate) fn ranks(&self) -> &[u32] {
        self.ranks.get_or_init(|| {
            let mut ranks = vec![u32::MAX; self.documents.len()];
            let all = self.shelves.values().flat_map(Shelf::numbers);
            for (rank, number) in (0..).zip(all) {
                if let Some(slot) = ranks.get_mut(number as usize) {
                    *slot = rank;
                }
            }
            ranks
        })
    }

    /// The least rank behind a type and id, which themselves may be gone; `u32::MAX` behind all.
    pub(crate) fn rank_after(&self, resource_type: &str, id: &str) -> u32 {
        let same = self.shelves.get(resource_type).and_then(|shelf| shelf.after(id));
        let next = same.or_else(|| {
            let bounds = (Bound::Excluded(resource_type), Bound::Unbounded);
            self.shelves.range::<str, _>(bounds).find_map(|(_, shelf)| shelf.numbers().next())
        });
        next.map_or(u32::MAX, |number| self.rank(number))
    }

    /// An estimate of the bytes on the heap without the texts.
    pub(crate) fn bytes(&self) -> usize {
        let ids: usize = self.shelves.values().map(|shelf| shelf.ids.len() * 72 + shelf.live.bytes()).sum();
        let documents = self.documents.capacity() * size_of::<Option<Document>>();
        documents + self.count * 120 + ids + self.ranks.get().map_or(0, |ranks| ranks.capacity() * 4)
    }
}

fn weight(held: &Held) -> usize {
    held.versions.iter().map(|version| version.json.len()).sum()
}
