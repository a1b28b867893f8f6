use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use fhir::criteria::{WantedText, With};
use fhir::parameters::fold;

use super::postings::{Postings, file};
use crate::bits::Bits;

/// Between the folded text and the text as written. FHIR R4, string: texts do not hold it; one that does has a blank there.
const SEAM: char = '\u{0}';

/// Texts, found without regard of case and accents, or exactly. A key is the folded text, then the text as written where
/// that differs.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    map: BTreeMap<Box<str>, Postings>,
    bytes: usize,
}

impl Texts {
    pub(crate) fn push(&mut self, document: u32, text: &str) {
        self.file(document, key(text));
    }

    /// Words that a text holds further on: a search may begin with them, and they are no text of their own.
    pub(crate) fn push_words(&mut self, document: u32, words: &str) {
        self.file(document, format!("{}{SEAM}{SEAM}", fold(words)).into());
    }

    fn file(&mut self, document: u32, key: Cow<'_, str>) {
        if let Some(known) = self.map.get_mut(key.as_ref()) {
            known.push(document);
            return;
        }
        self.bytes += key.len() + 64;
        file(&mut self.map, key.into(), document);
    }

    pub(crate) fn find(&self, wanted: &WantedText, found: &mut Bits) {
        let folded = &*wanted.folded;
        match wanted.with {
            With::Start => {
                let from = (Bound::Included(folded), Bound::Unbounded);
                for (_, documents) in self.map.range::<str, _>(from).take_while(|(key, _)| key.starts_with(folded)) {
                    documents.add_to(found);
                }
            }
            With::Somewhere => {
                for (_, documents) in self.map.iter().filter(|(key, _)| folded_part(key).contains(folded)) {
                    documents.add_to(found);
                }
            }
            With::Exactly => {
                if let Some(documents) = self.map.get(key(&wanted.text).as_ref()) {
                    documents.add_to(found);
                }
            }
        }
    }

    /// Each folded text with its documents, in the order of folded texts.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (&str, &[u32])> {
        let texts = self.map.iter().filter(|(key, _)| !key.ends_with(SEAM));
        texts.map(|(key, documents)| (folded_part(key), documents.as_slice()))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.map.values().map(Postings::bytes).sum::<usize>()
    }
}

fn key(text: &str) -> Cow<'_, str> {
    let clean: Cow<'_, str> = if text.contains(SEAM) { text.replace(SEAM, " ").into() } else { text.into() };
    let folded = fold(&clean);
    if *folded == *clean { Cow::Owned(folded.into_owned()) } else { Cow::Owned(format!("{folded}{SEAM}{clean}")) }
}

fn folded_part(key: &str) -> &str {
    key.split_once(SEAM).map_or(key, |(folded, _)| folded)
}
