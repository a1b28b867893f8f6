use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use fhir::criteria::{WantedText, With};
use fhir::parameters::fold;

use super::postings::Postings;
use crate::bits::Bits;

/// Between the folded text and the text as written (FHIR R4, string: no text holds it).
const SEAM: char = '\u{0}';

/// Texts, found without regard of case and accents, or exactly.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// As written, for taking in: most texts come again and again.
    known: HashMap<Box<str>, u32>,
    /// By the folded text, then by the text as written where that differs.
    ordered: BTreeMap<Box<str>, u32>,
    postings: Vec<Postings>,
    bytes: usize,
}

impl Texts {
    pub(crate) fn push(&mut self, document: u32, text: &str) {
        if let Some(postings) = self.known.get(text).and_then(|at| self.postings.get_mut(*at as usize)) {
            postings.push(document);
            return;
        }
        self.file(document, text, key(text));
    }

    /// Words that a text holds further on: a search may begin with them, and they are no text of their own.
    pub(crate) fn push_words(&mut self, document: u32, words: &str) {
        let key = format!("{}{SEAM}{SEAM}", fold(words));
        match self.ordered.get(key.as_str()).and_then(|at| self.postings.get_mut(*at as usize)) {
            Some(postings) => postings.push(document),
            None => self.open(document, key),
        }
    }

    fn file(&mut self, document: u32, text: &str, key: String) {
        self.bytes += text.len() + 60;
        // Two texts as written have two keys, but for signs that no text may hold.
        if let Some(at) = self.ordered.get(key.as_str()).copied() {
            self.known.insert(text.into(), at);
            self.postings.get_mut(at as usize).into_iter().for_each(|postings| postings.push(document));
            return;
        }
        self.known.insert(text.into(), self.postings.len() as u32);
        self.open(document, key);
    }

    fn open(&mut self, document: u32, key: String) {
        self.bytes += key.len() + 60;
        self.ordered.insert(key.into(), self.postings.len() as u32);
        self.postings.push(Postings::One(document));
    }

    pub(crate) fn find(&self, wanted: &WantedText, found: &mut Bits) {
        let folded = &*wanted.folded;
        match wanted.with {
            With::Start => {
                let from = (Bound::Included(folded), Bound::Unbounded);
                for (_, at) in self.ordered.range::<str, _>(from).take_while(|(key, _)| key.starts_with(folded)) {
                    self.documents(*at).iter().for_each(|number| found.insert(*number));
                }
            }
            With::Somewhere => {
                for (_, at) in self.ordered.iter().filter(|(key, _)| folded_part(key).contains(folded)) {
                    self.documents(*at).iter().for_each(|number| found.insert(*number));
                }
            }
            With::Exactly => {
                if let Some(at) = self.known.get(&wanted.text) {
                    self.documents(*at).iter().for_each(|number| found.insert(*number));
                }
            }
        }
    }

    /// Each folded text with its documents, in the order of folded texts.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (&str, &[u32])> {
        let texts = self.ordered.iter().filter(|(key, _)| !key.ends_with(SEAM));
        texts.map(|(key, at)| (folded_part(key), self.documents(*at)))
    }

    fn documents(&self, at: u32) -> &[u32] {
        self.postings.get(at as usize).map_or(&[], Postings::as_slice)
    }

    pub(crate) fn bytes(&self) -> usize {
        let postings: usize = self.postings.iter().map(Postings::bytes).sum();
        self.bytes + postings + self.postings.capacity() * size_of::<Postings>()
    }
}

fn key(text: &str) -> String {
    let folded = fold(text);
    if *folded == *text { folded.into_owned() } else { format!("{folded}{SEAM}{text}") }
}

fn folded_part(key: &str) -> &str {
    key.split_once(SEAM).map_or(key, |(folded, _)| folded)
}
