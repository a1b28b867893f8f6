//! `_include` and `_revinclude`: what matches refer to, and what refers to them.

use crate::bits::Bits;
use crate::controls::Include;
use crate::engine::Engine;
use crate::index::{Body, NOWHERE, References};
use crate::limits;

/// What includes brought.
pub(crate) struct Included {
    /// In the order of types and ids.
    pub(crate) documents: Vec<u32>,
    /// There would be more.
    pub(crate) cut: bool,
}

impl Engine {
    pub(crate) fn included(&self, page: &[u32], includes: &[Include]) -> Included {
        let mut found = Included { documents: Vec::new(), cut: false };
        if includes.is_empty() {
            return found;
        }
        let mut known: Bits = page.iter().copied().collect();
        let mut frontier = page.to_vec();
        for round in 0..=limits::ROUNDS {
            let mut fresh = Vec::new();
            for include in includes.iter().filter(|include| round == 0 || include.iterate) {
                for number in &frontier {
                    self.step(include, *number, &mut |other| {
                        if self.store.live.contains(other) && !known.contains(other) {
                            known.insert(other);
                            fresh.push(other);
                        }
                    });
                }
            }
            // In an order that is the view's, so that what is cut off is, too.
            fresh.sort_unstable_by_key(|number| self.store.rank(*number));
            let left = limits::INCLUDED - found.documents.len();
            found.cut |= fresh.len() > left;
            fresh.truncate(left);
            found.documents.extend(&fresh);
            frontier = fresh;
            if frontier.is_empty() || found.cut {
                break;
            }
        }
        found.documents.sort_unstable_by_key(|number| self.store.rank(*number));
        found
    }

    /// Follows one include from one document.
    fn step(&self, include: &Include, number: u32, take: &mut impl FnMut(u32)) {
        let Some(document) = self.store.document(number) else { return };
        let own_kind = &*document.held.resource_type;
        if include.reverse {
            if include.target.as_deref().is_some_and(|target| target != own_kind) {
                return;
            }
            let target = self.index.target_of(number);
            let sources: Vec<&str> = match &include.source {
                Some(source) => vec![source],
                None => self.store.shelves.keys().map(AsRef::as_ref).collect(),
            };
            for kind in sources {
                self.references(kind, include.code.as_deref(), |references| {
                    references.to(target).iter().for_each(|from| take(*from));
                });
            }
        } else if include.source.as_deref().is_none_or(|source| source == own_kind) {
            self.references(own_kind, include.code.as_deref(), |references| {
                for place in references.of(number).map(|target| self.index.place(target)) {
                    let fits =
                        |wanted: &str| self.store.shelves.get(wanted).is_some_and(|all| all.live.contains(place));
                    if place != NOWHERE && include.target.as_deref().is_none_or(fits) {
                        take(place);
                    }
                }
            });
        }
    }

    /// One column of references of a type, or all.
    pub(crate) fn references(&self, kind: &str, code: Option<&str>, mut visit: impl FnMut(&References)) {
        match code {
            Some(code) => {
                if let Some(Body::References(references)) = self.index.column(kind, code).map(|column| &column.body) {
                    visit(references);
                }
            }
            None => {
                for column in self.index.columns(kind) {
                    if let Body::References(references) = &column.body {
                        visit(references);
                    }
                }
            }
        }
    }
}
