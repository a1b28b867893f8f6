//! Queries of selectors, each read once for each type.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use fhir::criteria::{Criterion, parse_query};

use super::select::Subject;

/// Queries as they were read; `None`: not a query for that type.
#[derive(Debug, Default)]
pub(super) struct Queries {
    read: RefCell<HashMap<(Box<str>, Box<str>), Option<Rc<[Criterion]>>>>,
}

impl Queries {
    /// Whether every criterion of the query holds; `None` where that cannot be said from the resource alone.
    pub(super) fn holds(&self, query: &str, subject: &Subject<'_, '_>) -> Option<bool> {
        let key = (Box::from(query), Box::from(subject.of));
        let read = || parse_query(subject.of, query, subject.setting).ok().map(Rc::from);
        let criteria = self.read.borrow_mut().entry(key).or_insert_with(read).clone()?;
        let mut all = true;
        for criterion in criteria.iter() {
            all &= criterion.matches(subject.value, subject.setting).ok()?;
        }
        Some(all)
    }
}
