//! The owner's own view: the record as it is.

use std::sync::Arc;

use fhir::{Held, HeldVersion};

use crate::{Item, Record};

/// Every resource with its versions; neighbours that are the same are one.
pub(super) fn held(record: &Record) -> Vec<Held> {
    let mut all: Vec<Held> = record.items.iter().filter_map(one).collect();
    all.sort_unstable_by(|a, b| (&a.resource_type, &a.id).cmp(&(&b.resource_type, &b.id)));
    all
}

pub(super) fn one(item: &Item) -> Option<Held> {
    let mut versions: Vec<HeldVersion> = Vec::with_capacity(item.versions.len());
    for version in &item.versions {
        if versions.last().is_some_and(|before| before.json == version.json) {
            continue;
        }
        let number = u32::try_from(versions.len()).unwrap_or(u32::MAX).saturating_add(1);
        versions.push(HeldVersion { number, last_updated: version.received, json: Arc::clone(&version.json) });
    }
    (!versions.is_empty()).then(|| Held { resource_type: item.resource_type.clone(), id: item.id.clone(), versions })
}
