//! The allow-list, joined once with what FHIR R4 says of each element.

mod build;

use std::collections::HashMap;
use std::sync::LazyLock;

/// Version of the allow-list and of the tables beside it; part of the tag on every resource.
pub(super) const VERSION: &str = "1";

/// What is done with the value of an element that may stay, where its type does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// By its type.
    OfType,
    /// Birth date of the person.
    Birth,
    /// Death of the person.
    Death,
    /// When something happened to the person; where it is an age or a range, an age of the person.
    Age,
    /// An age of a relative.
    RelativeAge,
    /// Who it is about: without that reference the resource goes.
    Person,
    /// A required reference to somebody who is never in a view: stays, says nothing.
    Mask,
    /// A number that is an age where its code says so.
    Measured,
    /// An answer of a questionnaire.
    Answer,
    /// `linkId`.
    Link,
    /// The definition of a question.
    Definition,
    /// An id that must be there.
    Uid,
    /// A state, by our list.
    State,
    /// A country, by our list.
    Country,
    /// Three digits of a ZIP, by the population rule.
    Zip,
    /// Dates only, no durations.
    Date,
    /// Numbers as text.
    Samples,
    /// A modifier that is taken out knowingly.
    KnownGone,
}

/// What a member of a JSON object holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `boolean`
    Boolean,
    /// `decimal`, `integer` and the like.
    Number,
    /// `code` of a closed list.
    Code(&'static [&'static str]),
    /// `date`, `dateTime`
    Date,
    /// `instant`: cannot be cut to a year.
    Instant,
    /// `Coding`
    Coding,
    /// `CodeableConcept`
    Concept,
    /// `Quantity`, and `Age`, `Duration`, `Count`, `Distance` which look like it.
    Quantity,
    /// `Reference`
    Reference,
    /// An object with elements of its own, by its place in the table.
    Object(usize),
    /// Text that has a rule of its own.
    Text,
    /// Whatever it is, it goes.
    Gone,
}

/// One member of a JSON object.
#[derive(Debug)]
pub(super) struct Member {
    /// Its name.
    pub(super) key: &'static str,
    /// Path from the resource type, for the report.
    pub(super) path: &'static str,
    /// What it holds.
    pub(super) kind: Kind,
    /// What is done with it.
    pub(super) rule: Rule,
    /// A list.
    pub(super) many: bool,
    /// It must be there (as one of its choice).
    pub(super) required: bool,
    /// It changes what the rest means.
    pub(super) modifier: bool,
    /// It is what the resource is about.
    pub(super) substance: bool,
}

/// The elements that an object may keep.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// By name.
    pub(super) members: HashMap<&'static str, Member>,
    /// Elements of which one name each must be there.
    pub(super) required: Vec<Required>,
    /// Elements of R4 that are not kept: name and path.
    pub(super) gone: HashMap<&'static str, &'static str>,
    /// What the report calls an element that is not known.
    pub(super) unknown: &'static str,
    /// What the report calls an extension.
    pub(super) extension: &'static str,
}

/// An element that must be there.
#[derive(Debug)]
pub(super) struct Required {
    /// Path from the resource type.
    pub(super) path: &'static str,
    /// The names it may have.
    pub(super) keys: Vec<&'static str>,
}

/// All shapes.
pub(super) struct Table {
    types: HashMap<&'static str, usize>,
    shapes: Vec<Shape>,
    /// Whether a type has elements that it cannot do without.
    substance: Vec<&'static str>,
}

impl Table {
    /// The shape of a type; `None`: the type is not kept.
    pub(super) fn of(&self, of: &str) -> Option<&Shape> {
        self.types.get(of).and_then(|at| self.shapes.get(*at))
    }

    pub(super) fn at(&self, at: usize) -> Option<&Shape> {
        self.shapes.get(at)
    }

    /// Whether a resource of this type says nothing unless an element of its substance is left.
    pub(super) fn has_substance(&self, of: &str) -> bool {
        self.substance.contains(&of)
    }

    /// Names of all types that are kept, data types too.
    #[cfg(test)]
    pub(super) fn types(&self) -> impl Iterator<Item = &'static str> {
        self.types.keys().copied()
    }
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| build::read(include_str!("elements.txt")));

#[cfg(test)]
mod tests;
