use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use crypto::b64u;

use crate::people::System;

/// Where a search stands: what was found, and how far it was given out.
#[derive(Debug, Clone)]
pub(super) struct Cursor {
    pub(super) system: System,
    pub(super) patient: String,
    pub(super) found: Arc<Vec<usize>>,
    pub(super) from: usize,
    pub(super) count: usize,
    /// Provenance goes along with what it is about.
    pub(super) with_provenance: bool,
    /// Medications go along with the prescriptions that name them.
    pub(super) with_medication: bool,
}

/// Pages that can still be asked for, under names that tell nothing. The oldest go when there are too many.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    kept: Mutex<(HashMap<String, Cursor>, VecDeque<String>)>,
}

const MOST: usize = 20_000;

impl Pages {
    /// Keeps a cursor and returns its name; `None` without randomness.
    pub(super) fn keep(&self, cursor: Cursor) -> Option<String> {
        let name = b64u::encode(&crypto::random::<18>().ok()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (by_name, order) = &mut *kept;
        if order.len() >= MOST
            && let Some(oldest) = order.pop_front()
        {
            by_name.remove(&oldest);
        }
        order.push_back(name.clone());
        by_name.insert(name.clone(), cursor);
        Some(name)
    }

    /// The same page as often as it is asked for, so that a broken connection can be made good.
    pub(super) fn find(&self, name: &str) -> Option<Cursor> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).0.get(name).cloned()
    }
}
