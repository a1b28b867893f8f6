use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use fhir::parameters::fold;
use serde_json::Value;

use super::postings::{Postings, file};
use crate::bits::Bits;

/// Words of whole resources, or of their narratives.
#[derive(Debug, Default)]
pub(crate) struct Words {
    map: BTreeMap<Box<str>, Postings>,
    bytes: usize,
}

/// Longer runs of letters are cut: they are keys and pictures, not words.
const LONGEST: usize = 40;

/// Words without case and accents.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let parts = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(|word| word.chars().take(LONGEST).collect()).collect()
}

impl Words {
    pub(crate) fn push(&mut self, document: u32, words: BTreeSet<String>) {
        for word in words {
            if let Some(known) = self.map.get_mut(word.as_str()) {
                known.push(document);
                continue;
            }
            self.bytes += word.len() + 64;
            file(&mut self.map, word.into(), document);
        }
    }

    /// Adds the documents that have a word beginning so for each word of the text.
    pub(crate) fn find(&self, text: &str, found: &mut Bits) {
        let mut all: Option<Bits> = None;
        for word in words(text) {
            let mut one = Bits::default();
            let from = (Bound::Included(word.as_str()), Bound::Unbounded);
            for (_, documents) in self.map.range::<str, _>(from).take_while(|(key, _)| key.starts_with(&word)) {
                documents.add_to(&mut one);
            }
            match &mut all {
                Some(all) => all.keep(&one),
                None => all = Some(one),
            }
        }
        if let Some(all) = all {
            found.add(&all);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.map.values().map(Postings::bytes).sum::<usize>()
    }
}

/// The words of a narrative.
pub(crate) fn of_narrative(resource: &Value) -> BTreeSet<String> {
    let markup = resource.pointer("/text/div").and_then(Value::as_str).unwrap_or_default();
    if markup.is_empty() { BTreeSet::new() } else { words(&fhir::markup_to_text(markup)).into_iter().collect() }
}

/// The words of all texts of a resource, but for encoded bytes, addresses, and what the engine itself puts in.
pub(crate) fn of_content(resource: &Value) -> BTreeSet<String> {
    let mut found = of_narrative(resource);
    if let Some(members) = resource.as_object() {
        for (name, value) in members {
            if !matches!(name.as_str(), "meta" | "text" | "resourceType" | "id") {
                collect(name, value, &mut found);
            }
        }
    }
    found
}

fn collect(name: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if !is_address(name) => found.extend(words(text)),
        Value::Array(all) => all.iter().for_each(|one| collect(name, one, found)),
        // The reader of the view has bounded the depth of what it took in.
        Value::Object(members) => members.iter().for_each(|(name, one)| collect(name, one, found)),
        _ => {}
    }
}

fn is_address(name: &str) -> bool {
    matches!(name, "data" | "url" | "system" | "reference" | "contentType" | "hash" | "profile" | "resourceType" | "id")
}
