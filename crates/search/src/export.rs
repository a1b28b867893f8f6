//! NDJSON, as Bulk Data takes it: one resource a line.

use fhir::HeldVersion;
use jiff::Timestamp;

use crate::bits::Bits;
use crate::bundle;
use crate::engine::Engine;
use crate::store::Document;

/// Which resources of a type, and as they stood when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lines<'a> {
    /// Only what has changed in the view from then on (Bulk Data Access 2.0, `_since`).
    pub since: Option<Timestamp>,
    /// As they stood then: what came later is not there. `None`: as they are.
    pub until: Option<Timestamp>,
    /// Ids from this one on.
    pub from: Option<&'a str>,
    /// Ids before this one.
    pub to: Option<&'a str>,
    /// Of these alone.
    pub among: Option<&'a Among>,
}

/// The resources in the compartments of some patients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Among(Bits);

impl Engine {
    /// The types of which searches find something and how many resources each has, by name.
    pub fn types(&self) -> impl Iterator<Item = (&str, usize)> {
        let counted = self.store.shelves.iter().map(|(kind, shelf)| (kind.as_ref(), shelf.live.len()));
        counted.filter(|(_, count)| *count > 0)
    }

    /// What belongs to these patients of the view; `None`: to the view's person.
    pub fn among(&self, patients: Option<&[&str]>) -> Among {
        let patients: Bits = match patients {
            None => self.people(),
            Some(named) => named.iter().filter_map(|id| self.store.number("Patient", id)).collect(),
        };
        Among(self.compartments(&patients))
    }

    /// The ids that lines of a type would be of, in order.
    pub fn export_ids<'a>(&'a self, resource_type: &str, lines: Lines<'a>) -> Vec<&'a str> {
        self.chosen(resource_type, lines).map(|(document, _)| &*document.held.id).collect()
    }

    /// Gives the lines of a type to `take`, in the order of ids, each with its end of line and with the version that
    /// stands in it: `Observation/1/_history/2`.
    pub fn export(&self, resource_type: &str, lines: Lines<'_>, mut take: impl FnMut(String, &[u8])) {
        let mut line = Vec::new();
        for (document, version) in self.chosen(resource_type, lines) {
            line.clear();
            bundle::write_version(&mut line, version);
            // Inside of strings JSON has no line ends: those here stand between members.
            line.iter_mut().filter(|byte| matches!(**byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
            line.push(b'\n');
            take(document.name(version), &line);
        }
    }

    fn chosen<'a>(
        &'a self,
        resource_type: &str,
        lines: Lines<'a>,
    ) -> impl Iterator<Item = (&'a Document, &'a HeldVersion)> {
        let Lines { since, until, from, to, among } = lines;
        let shelf = self.store.shelves.get(resource_type).into_iter();
        let documents = shelf.flat_map(move |shelf| {
            let asked = move |number: &u32| among.is_none_or(|Among(all)| all.contains(*number));
            shelf.between(from, to).filter(|number| shelf.live.contains(*number)).filter(asked)
        });
        documents.filter_map(|number| self.store.document(number)).filter_map(move |document| {
            let held = |version: &&HeldVersion| until.is_none_or(|until| version.last_updated <= until);
            let version = document.held.versions.iter().rev().find(held)?;
            since.is_none_or(|since| version.last_updated > since).then_some((document, version))
        })
    }
}
