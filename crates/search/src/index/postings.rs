use std::mem::size_of;

use crate::bits::Bits;

/// The documents under one key, ascending. New ones have the greatest number, so that taking one in is a push; those that
/// went stay until the index is made anew, and are masked by what is live.
#[derive(Debug, Clone)]
pub(crate) enum Postings {
    One(u32),
    Many(Vec<u32>),
}

impl Postings {
    pub(crate) fn push(&mut self, number: u32) {
        match self {
            Self::One(first) if *first == number => {}
            Self::One(first) => *self = Self::Many(vec![*first, number]),
            Self::Many(all) if all.last() == Some(&number) => {}
            Self::Many(all) => all.push(number),
        }
    }

    pub(crate) fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(all) => all,
        }
    }

    pub(crate) fn add_to(&self, bits: &mut Bits) {
        for number in self.as_slice() {
            bits.insert(*number);
        }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::One(_) => 0,
            Self::Many(all) => all.capacity() * size_of::<u32>() + 16,
        }
    }
}

/// Puts a document under a key of an ordered map.
pub(crate) fn file<K: Ord>(map: &mut std::collections::BTreeMap<K, Postings>, key: K, number: u32) {
    map.entry(key).and_modify(|postings| postings.push(number)).or_insert(Postings::One(number));
}
