use std::collections::BTreeMap;
use std::ops::Bound;

use fhir::criteria::WantedUri;

use super::postings::{Postings, file};
use crate::bits::Bits;

/// Addresses: the whole address counts, case and all (FHIR R4 search, "uri").
#[derive(Debug, Default)]
pub(crate) struct Uris {
    map: BTreeMap<Box<str>, Postings>,
}

impl Uris {
    pub(crate) fn push(&mut self, document: u32, uri: &str) {
        match self.map.get_mut(uri) {
            Some(known) => known.push(document),
            None => file(&mut self.map, uri.into(), document),
        }
    }

    pub(crate) fn find(&self, wanted: &WantedUri, found: &mut Bits) {
        // All that can be it begins so; those above are shorter, and looked for among all.
        let stem = match wanted {
            WantedUri::Is(uri) => uri,
            WantedUri::Below(uri) => uri.strip_suffix('/').unwrap_or(uri),
            WantedUri::Above(_) => "",
        };
        let from = (Bound::Included(stem), Bound::Unbounded);
        let near = self.map.range::<str, _>(from).take_while(|(uri, _)| uri.starts_with(stem));
        for (_, documents) in near.filter(|(uri, _)| wanted.is(uri)) {
            documents.add_to(found);
        }
    }

    pub(crate) fn in_order(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.map.iter().map(|(uri, documents)| (uri.as_ref(), documents.as_slice()))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.map.iter().map(|(uri, documents)| uri.len() + documents.bytes() + 64).sum()
    }
}
