//! Queries of selectors, each read once for each type.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use fhir::criteria::{Criterion, parse_query};

use super::select::Subject;

/// Queries as they were read.
#[derive(Debug, Default)]
pub(super) struct Queries {
    read: Mutex<HashMap<Asked, Read>>,
}

/// A query, and the type that it is asked of.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Asked(Box<str>, Box<str>);

/// What it asks; `None`: not a query for that type.
#[derive(Debug, Clone)]
struct Read(Option<Arc<[Criterion]>>);

impl Queries {
    /// Whether every criterion of the query holds; `None` where that cannot be said from the resource alone.
    pub(super) fn holds(&self, query: &str, subject: &Subject<'_, '_>) -> Option<bool> {
        let asked = Asked(query.into(), subject.of.into());
        let read = || Read(parse_query(subject.of, query, subject.setting).ok().map(Arc::from));
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let Read(criteria) = known.entry(asked).or_insert_with(read).clone();
        drop(known);
        let criteria = criteria?;
        let mut all = true;
        for criterion in criteria.iter() {
            all &= criterion.matches(subject.tree.value(), subject.setting).ok()?;
        }
        Some(all)
    }
}
