use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use fhir::parameters::fold;
use serde_json::Value;

use super::postings::Postings;
use crate::bits::Bits;

/// Words of whole resources, or of their narratives.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// For taking in.
    known: HashMap<Arc<str>, u32>,
    /// For finding by the beginning.
    ordered: BTreeMap<Arc<str>, u32>,
    postings: Vec<Postings>,
    bytes: usize,
}

/// Longer runs of letters are cut: they are keys and pictures, not words.
const LONGEST: usize = 40;

/// The words of a narrative, without case and accents.
pub(crate) fn narrative(resource: &Value) -> String {
    let markup = resource.get("text").and_then(|text| text.get("div")).and_then(Value::as_str).unwrap_or_default();
    if markup.is_empty() { String::new() } else { fold(&fhir::markup_to_text(markup)).into_owned() }
}

/// Gives each word of a text, without case and accents.
fn each_word(text: &str, take: impl FnMut(&str)) {
    each_folded(&fold(text), take);
}

fn each_folded(folded: &str, mut take: impl FnMut(&str)) {
    for word in folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let end = word.char_indices().nth(LONGEST).map_or(word.len(), |(at, _)| at);
        take(word.get(..end).unwrap_or(word));
    }
}

impl Words {
    fn push(&mut self, document: u32, word: &str) {
        if let Some(postings) = self.known.get(word).and_then(|at| self.postings.get_mut(*at as usize)) {
            postings.push(document);
            return;
        }
        let (word, at) = (Arc::<str>::from(word), self.postings.len() as u32);
        self.bytes += word.len() + 120;
        self.known.insert(Arc::clone(&word), at);
        self.ordered.insert(word, at);
        self.postings.push(Postings::One(document));
    }

    /// Takes in the words of a text that is folded already.
    pub(crate) fn push_text(&mut self, document: u32, folded: &str) {
        each_folded(folded, |word| self.push(document, word));
    }

    /// Takes in the words of all texts of a resource but for encoded bytes, addresses, dates, and what the engine itself
    /// puts in. `narrative`: the words of its narrative.
    pub(crate) fn push_content(&mut self, document: u32, resource: &Value, narrative: &str) {
        self.push_text(document, narrative);
        for (name, value) in resource.as_object().into_iter().flatten() {
            if !matches!(name.as_str(), "meta" | "text") {
                self.collect(document, name, value);
            }
        }
    }

    fn collect(&mut self, document: u32, name: &str, value: &Value) {
        match value {
            Value::String(text) if !is_address(name) && !is_date(text) => {
                each_word(text, |word| self.push(document, word));
            }
            Value::Array(all) => all.iter().for_each(|one| self.collect(document, name, one)),
            // The depth is bounded by the parser.
            Value::Object(members) => members.iter().for_each(|(name, one)| self.collect(document, name, one)),
            _ => {}
        }
    }

    /// Adds the documents that have, for each word of the text, a word that begins so.
    pub(crate) fn find(&self, text: &str, found: &mut Bits) {
        let mut all: Option<Bits> = None;
        each_word(text, |word| {
            let mut one = Bits::default();
            let from = (Bound::Included(word), Bound::Unbounded);
            for (_, at) in self.ordered.range::<str, _>(from).take_while(|(key, _)| key.starts_with(word)) {
                if let Some(postings) = self.postings.get(*at as usize) {
                    postings.add_to(&mut one);
                }
            }
            match &mut all {
                Some(all) => all.keep(&one),
                None => all = Some(one),
            }
        });
        if let Some(all) = all {
            found.add(&all);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        let postings: usize = self.postings.iter().map(Postings::bytes).sum();
        self.bytes + postings + self.postings.capacity() * size_of::<Postings>()
    }
}

fn is_address(name: &str) -> bool {
    matches!(name, "data" | "url" | "system" | "reference" | "contentType" | "hash" | "profile" | "resourceType" | "id")
}

/// `2020-…`: found by date parameters, and no word.
fn is_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.as_bytes().get(4) == Some(&b'-')
}
