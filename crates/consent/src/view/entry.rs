//! One resource of the record, as the view knows it.

use std::sync::Arc;

use jiff::Timestamp;

use super::facts::{Admission, Facts};
use super::form::Form;
use super::names::Name;
use super::words::Spoken;
use crate::{Item, Review, Version, WhyOut};

/// One resource of the record.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) of: Box<str>,
    pub(super) id: Box<str>,
    pub(super) seed: [u8; 16],
    pub(super) source: Arc<str>,
    /// Its place among the items of the record, when it was last looked for.
    pub(super) place: usize,
    /// Judged anew, and not yet gone through.
    pub(super) fresh: bool,
    /// Oldest first; the last one is current.
    pub(super) versions: Vec<Known>,
}

/// One version of it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) received: Timestamp,
    pub(super) json: Arc<str>,
    pub(super) facts: Facts,
    /// What became of it, each time that what it refers to stood otherwise.
    pub(super) made: Vec<(Standing, Made)>,
    /// It is the note of a visit that a topic hides.
    pub(super) with_visit: Option<WhyOut>,
    /// What names hidden drugs in it.
    pub(super) spoken: Spoken,
    /// What decides what becomes of it, where only that is asked.
    pub(super) form: Option<Form>,
}

/// What stands at the ends of its references, where that changes anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Standing {
    /// Not in the view.
    pub(super) out: Vec<Name>,
    /// In the view without what a display may repeat.
    pub(super) renamed: Vec<Name>,
    /// The person, whose `Patient` is not in the view, or not with its name.
    pub(super) bare: Vec<Name>,
}

/// What became of a version.
#[derive(Debug, Clone)]
pub(super) enum Made {
    /// Nothing that can stand.
    Gone(WhyOut),
    /// Nothing that can stand, but it would if the text scan had found nothing.
    Silenced(WhyOut, Vec<Review>),
    /// Something that identifies the person was left after de-identification: nothing at all may leave.
    Stops,
    /// It stands.
    Stands(Arc<Stands>),
}

/// A version as it stands in the view.
#[derive(Debug, Clone)]
pub(super) struct Stands {
    pub(super) json: Arc<str>,
    /// What it refers to now; `None`: all that it did.
    pub(super) to: Option<Vec<Name>>,
    /// FHIR path and rule.
    pub(super) changes: Arc<[(Box<str>, Box<str>)]>,
    pub(super) renamed: bool,
    /// Attachments that went only because they are attachments.
    pub(super) withheld: Vec<Box<str>>,
    /// What the owner is asked because of its words.
    pub(super) review: Vec<Review>,
}

impl Entry {
    /// A resource of which nothing is known yet; until it is judged, no permit means it.
    pub(super) fn of((place, item): (usize, &Item)) -> Self {
        let known = |version: &Version| Known {
            received: version.received,
            json: Arc::clone(&version.json),
            facts: Facts::new(),
            made: Vec::new(),
            with_visit: None,
            spoken: Spoken::default(),
            form: None,
        };
        Self {
            of: item.resource_type.clone(),
            id: item.id.clone(),
            source: Arc::clone(&item.source),
            place,
            seed: item.seed,
            fresh: true,
            versions: item.versions.iter().map(known).collect(),
        }
    }

    pub(super) fn current(&self) -> Option<&Known> {
        self.versions.last()
    }

    /// Whether nothing but the rest of the record can be against it.
    pub(super) fn may_stand(&self) -> bool {
        self.current().is_some_and(Known::may_stand)
    }
}

impl Known {
    pub(super) fn may_stand(&self) -> bool {
        self.facts.out.is_none() && self.with_visit.is_none() && self.facts.admission != Admission::No
    }

    /// What it became when things stood like this, if it has been made.
    pub(super) fn made(&self, standing: &Standing) -> Option<&Made> {
        self.made.iter().find(|(then, _)| then == standing).map(|(_, made)| made)
    }
}
