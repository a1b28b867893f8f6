//! A resource as a view may hold it: elements taken out, references cut, and what follows from that.

mod attachment;
mod bundle;
mod contained;
mod follow;
mod meta;
mod walk;

use serde_json::Value;

use super::kinds;
use walk::{Fate, Walk};

pub(super) use attachment::is_picture;
pub(super) use meta::{Labels, clean, may_be_unclean};
pub(super) use walk::{LINKS, MASKED};

/// An element that goes, and the rule that says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    /// JSON pointer.
    pub(super) place: Box<str>,
    /// Rule id, for the report.
    pub(super) rule: Box<str>,
}

/// What stands at the end of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Target {
    /// The person of the record: stays, and with all it says.
    Own,
    /// The person, whose `Patient` is not in the view or without its name: stays bare.
    OwnBare,
    /// A resource of the view.
    Stands,
    /// A resource of the view that has lost what a display may repeat.
    Renamed,
    /// Nothing of the view: hidden, or never there.
    Out,
}

/// What becomes of attachments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Attachments {
    /// They stay.
    Stay,
    /// Pictures stay. What is a document can say anything.
    Pictures,
    /// None stays.
    Go,
}

/// What to make of one resource.
pub(super) struct Order<'a> {
    /// What goes in any case.
    pub(super) cuts: &'a [Cut],
    /// Only these elements, and what FHIR makes mandatory.
    pub(super) elements: Option<&'a [Box<str>]>,
    pub(super) attachments: Attachments,
    /// JSON pointers of attachments that the owner keeps.
    pub(super) kept: &'a [Box<str>],
    pub(super) labels: &'a Labels,
    /// What stands at `Type/id`.
    pub(super) target: &'a dyn Fn(&str) -> Target,
}

/// What was made of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// Nothing that can stand.
    Gone(Loss),
    /// This.
    Shaped(Box<Shaped>),
}

/// Why nothing is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Loss {
    /// An element that must be there went by this rule.
    Rule(Box<str>),
    /// What it is about is not in the view.
    About,
    /// Only its frame is left.
    Shell,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shaped {
    pub(super) json: Value,
    /// It says what it said before.
    pub(super) same: bool,
    /// FHIR path and rule of each change; empty: nothing but labels and instants.
    pub(super) changes: Vec<(Box<str>, Box<str>)>,
    /// A display elsewhere may repeat what is gone.
    pub(super) renamed: bool,
    /// Attachments that went only because they are attachments: JSON pointers.
    pub(super) withheld: Vec<Box<str>>,
}

/// Makes of a resource what the order says.
pub(super) fn shape(mut json: Value, order: &Order<'_>) -> Outcome {
    let mut walk = Walk::new(order);
    let Value::Object(members) = &mut json else { return Outcome::Gone(Loss::Shell) };
    if let Fate::Gone = walk.resource(members) {
        return Outcome::Gone(walk.why());
    }
    if !walk.changes.is_empty() {
        follow::narratives(&mut json, &mut walk.changes);
        follow::empty_sections(&mut json);
    }
    let same = !meta::tidy(&mut json, order.labels, walk.hidden) && walk.changes.is_empty();
    let renamed = walk
        .changes
        .iter()
        .any(|(path, rule)| **rule != *"reference" && kinds::is_name(path.split('.').next().unwrap_or_default()));
    Outcome::Shaped(Box::new(Shaped { json, same, changes: walk.changes, renamed, withheld: walk.withheld }))
}
