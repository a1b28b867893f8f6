//! What of each resource decides who is in, side by side: the solution goes over all of them several times, and need not
//! go to each of them for it.

use std::collections::HashMap;

use super::entry::{Entry, Known, Made};
use super::facts::Admission;
use super::kinds;
use super::names::Name;
use crate::WhyOut;

/// By name.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    pub(super) all: Vec<Row>,
    /// What each refers to, one after the other.
    to: Vec<Name>,
    /// Panels, and reports with results.
    pub(super) panels: Vec<usize>,
    /// Types, by number.
    pub(super) types: Numbered,
    /// Sources, by number.
    pub(super) sources: Numbered,
}

/// Words with a number each.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbered {
    pub(super) all: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

/// One resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) admission: Admission,
    /// Nothing but the rest of the record can be against it.
    pub(super) may_stand: bool,
    /// A permit means it only because of others.
    pub(super) leans: bool,
    /// A permit means it, and it is left out.
    pub(super) hidden: bool,
    /// A visit that a topic hides.
    pub(super) hides_notes: bool,
    /// A note of a visit.
    pub(super) is_note: bool,
    /// It is the person, or says more of the person than a bare reference.
    pub(super) personal: bool,
    /// Where all it refers to stands it stands as it is, and nobody is asked anything.
    pub(super) plain: bool,
    /// Its type and its source among those of the rows.
    pub(super) of: u32,
    pub(super) source: u32,
    /// What it refers to begins here.
    from: u32,
    until: u32,
}

impl Rows {
    pub(super) fn of(entries: &[Option<Entry>]) -> Self {
        let mut rows = Self::default();
        for (at, entry) in entries.iter().enumerate() {
            let from = length(&rows.to);
            let mut row = Row { from, until: from, ..Row::NOBODY };
            if let Some((entry, known)) = entry.as_ref().and_then(|entry| Some((entry, entry.current()?))) {
                let links = &known.facts.links;
                rows.to.extend(&links.to);
                row.until = length(&rows.to);
                row.of = rows.types.number(&entry.of);
                row.source = rows.sources.number(&entry.source);
                row.is_note = kinds::is_note(&entry.of);
                row.personal = !links.person.is_empty();
                row.judged(&entry.of, known);
                if !links.members.is_empty() {
                    rows.panels.push(at);
                }
            }
            rows.all.push(row);
        }
        rows
    }

    /// What it refers to.
    pub(super) fn to(&self, at: usize) -> &[Name] {
        let Some(Row { from, until, .. }) = self.all.get(at) else { return &[] };
        self.to.get(*from as usize..*until as usize).unwrap_or_default()
    }

    pub(super) fn is(&self, at: usize, what: impl FnOnce(&Row) -> bool) -> bool {
        self.all.get(at).is_some_and(what)
    }
}

impl Numbered {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(known) = self.numbers.get(word) {
            return *known;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(word.into());
        self.numbers.insert(word.into(), number);
        number
    }
}

impl Row {
    /// A name that nothing goes by.
    const NOBODY: Self = Self {
        admission: Admission::No,
        may_stand: false,
        leans: false,
        hidden: false,
        hides_notes: false,
        is_note: false,
        personal: false,
        plain: false,
        of: 0,
        source: 0,
        from: 0,
        until: 0,
    };

    /// Takes in how the current version was judged.
    pub(super) fn judged(&mut self, of: &str, known: &Known) {
        let facts = &known.facts;
        self.admission = facts.admission;
        self.may_stand = known.may_stand();
        self.leans = !facts.supports.is_empty();
        self.hidden = facts.admission != Admission::No && facts.out.is_some();
        self.hides_notes = matches!(facts.out, Some(WhyOut::Topic { .. })) && of == "Encounter";
    }
}

/// Whether what was made is what was there.
pub(super) fn is_plain(known: &Known, made: &Made) -> bool {
    let Made::Stands(made) = made else { return false };
    made.to.is_none()
        && made.changes.is_empty()
        && !made.renamed
        && made.withheld.is_empty()
        && made.review.is_empty()
        && known.facts.review.is_empty()
}

fn length(all: &[Name]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}
