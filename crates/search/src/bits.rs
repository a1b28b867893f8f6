//! Sets of documents, one bit each: at the size of a person's record the fastest set there is.

/// A set of document numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// The empty set, with room for numbers below `documents`.
    pub(crate) fn with_room(documents: usize) -> Self {
        Self { words: vec![0; documents.div_ceil(64)] }
    }

    pub(crate) fn insert(&mut self, number: u32) {
        let at = number as usize / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        if let Some(word) = self.words.get_mut(at) {
            *word |= 1 << (number % 64);
        }
    }

    pub(crate) fn remove(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    pub(crate) fn contains(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Keeps what is in both.
    pub(crate) fn keep(&mut self, other: &Self) {
        self.words.truncate(other.words.len());
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word &= theirs;
        }
    }

    /// Adds what is in the other.
    pub(crate) fn add(&mut self, other: &Self) {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word |= theirs;
        }
    }

    /// Takes away what is in the other.
    pub(crate) fn take_away(&mut self, other: &Self) {
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word &= !theirs;
        }
    }

    /// Is something in both?
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(word, theirs)| word & theirs != 0)
    }

    pub(crate) fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// In ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().enumerate().flat_map(|(at, word)| Ones { word: *word, base: (at * 64) as u32 })
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut bits = Self::default();
        for number in numbers {
            bits.insert(number);
        }
        bits
    }
}

struct Ones {
    word: u64,
    base: u32,
}

impl Iterator for Ones {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.word == 0 {
            return None;
        }
        let bit = self.word.trailing_zeros();
        self.word &= self.word - 1;
        Some(self.base + bit)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bits_behave_as_sets_of_numbers(a: BTreeSet<u16>, b: BTreeSet<u16>) {
            let bits = |set: &BTreeSet<u16>| set.iter().map(|n| u32::from(*n)).collect::<Bits>();
            let set = |bits: &Bits| bits.iter().map(|n| n as u16).collect::<BTreeSet<u16>>();
            let (mut both, mut either, mut rest) = (bits(&a), bits(&a), bits(&a));
            both.keep(&bits(&b));
            either.add(&bits(&b));
            rest.take_away(&bits(&b));
            prop_assert_eq!(set(&both), a.intersection(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(set(&either), a.union(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(set(&rest), a.difference(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(either.len(), set(&either).len());
            prop_assert_eq!(rest.is_empty(), set(&rest).is_empty());
            for n in &a {
                prop_assert!(either.contains(u32::from(*n)));
                either.remove(u32::from(*n));
                prop_assert!(!either.contains(u32::from(*n)));
            }
        }
    }
}
