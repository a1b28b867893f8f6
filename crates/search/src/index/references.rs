use std::collections::BTreeMap;

use fhir::parameters::{Address, Reference};

use super::postings::{Postings, file};
use super::symbols::Symbols;
use super::texts::Texts;
use super::tokens::Tokens;

/// References both ways.
#[derive(Debug, Default)]
pub(crate) struct References {
    /// Document and target, in the order of documents.
    rows: Vec<(u32, u32)>,
    by_target: BTreeMap<u32, Postings>,
    /// What `:identifier` looks at.
    pub(crate) identifiers: Tokens,
    /// What `:text` looks at.
    pub(crate) texts: Texts,
}

/// The symbol of a target: `Patient/1`, or a whole address.
pub(crate) fn target(address: &Address<'_>) -> Option<String> {
    match address {
        Address::Local { resource_type, id, .. } => Some(format!("{resource_type}/{id}")),
        Address::Url { url, .. } => Some((*url).to_owned()),
        Address::Contained(_) => None,
    }
}

impl References {
    pub(crate) fn push(
        &mut self,
        document: u32,
        reference: &Reference<'_>,
        targets: &mut Symbols,
        symbols: &mut Symbols,
    ) {
        if let Some(name) = reference.to.as_ref().and_then(target) {
            let symbol = targets.intern(&name);
            self.rows.push((document, symbol));
            file(&mut self.by_target, symbol, document);
        }
        if let Some(identifier) = &reference.identifier {
            self.identifiers.push(document, identifier, symbols);
        }
        if let Some(text) = reference.text {
            self.texts.push(document, text);
        }
    }

    /// The documents that refer to a target.
    pub(crate) fn to(&self, target: u32) -> &[u32] {
        self.by_target.get(&target).map_or(&[], Postings::as_slice)
    }

    /// The targets of one document.
    pub(crate) fn of(&self, document: u32) -> impl Iterator<Item = u32> {
        let from = self.rows.partition_point(|(from, _)| *from < document);
        let rows = self.rows.get(from..).unwrap_or_default();
        rows.iter().take_while(move |(from, _)| *from == document).map(|(_, target)| *target)
    }

    /// Every document and target.
    pub(crate) fn rows(&self) -> &[(u32, u32)] {
        &self.rows
    }

    /// Each target that is referred to, with its documents.
    pub(crate) fn targets(&self) -> impl Iterator<Item = (u32, &[u32])> {
        self.by_target.iter().map(|(target, documents)| (*target, documents.as_slice()))
    }

    pub(crate) fn bytes(&self) -> usize {
        let reverse: usize = self.by_target.values().map(|documents| documents.bytes() + 48).sum();
        self.rows.capacity() * 8 + reverse + self.identifiers.bytes() + self.texts.bytes()
    }
}
