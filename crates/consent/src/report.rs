use std::collections::BTreeMap;

/// What became of the record in one view, for the owner only: it names what was left out and never leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Kept as they are, by type.
    pub kept: BTreeMap<Box<str>, u32>,
    /// Kept and changed.
    pub changed: Vec<Change>,
    /// Left out.
    pub left_out: Vec<LeftOut>,
    /// What the owner should look at: places where a rule or a word hints at something excluded.
    pub review: Vec<Review>,
    /// What could not be judged, and is therefore left out.
    pub not_understood: Vec<NotUnderstood>,
}

/// The same in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Resources by type.
    pub types: BTreeMap<Box<str>, Sides>,
    /// Resources by source, where any of them was judged.
    pub sources: BTreeMap<Box<str>, Sides>,
    /// Why what is left out is, in no order.
    pub reasons: Vec<Reason>,
    /// What the owner should look at.
    pub review: Vec<Review>,
}

/// How many resources became what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides {
    /// Kept as they are.
    pub kept: u32,
    /// Kept and changed.
    pub changed: u32,
    /// Left out.
    pub left_out: u32,
}

/// How many resources of a type are left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Resource type.
    pub resource_type: Box<str>,
    /// Why.
    pub why: WhyOut,
    /// How many.
    pub count: u32,
}

/// One element that was changed or taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `Type/id` of the record.
    pub resource: Box<str>,
    /// FHIR path of the element, such as `activity` or `suspectEntity`.
    pub element: Box<str>,
    /// Which rule, such as `medications-009`, `reference`, `narrative`, `text-scan`.
    pub rule: Box<str>,
}

/// One resource that is not in the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// `Type/id` of the record.
    pub resource: Box<str>,
    /// Why.
    pub why: WhyOut,
}

/// Why a resource is not in a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyOut {
    /// No permit names it.
    NotPermitted,
    /// A topic that is excluded, and the rule that found it.
    Topic {
        /// Topic id.
        topic: Box<str>,
        /// Rule id.
        rule: Box<str>,
    },
    /// Another exclusion.
    Excluded,
    /// Nothing in the view refers to it.
    NotReferred,
    /// It is about something that is hidden, and of nothing else.
    Spread,
    /// Nothing is left but its frame.
    EmptyShell,
    /// A date that may lie outside the range.
    DateNotExact,
    /// Its content cannot be judged.
    NotUnderstood,
    /// De-identification leaves this type out, or cannot meet a required element.
    NotDeidentifiable,
    /// The owner said so.
    Owner,
}

/// A place the owner should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// `Type/id` of the record.
    pub resource: Box<str>,
    /// JSON pointer of the element.
    pub place: Box<str>,
    /// The words found, or the display of the code.
    pub found: Vec<String>,
    /// Rule id, or `text-scan`.
    pub rule: Box<str>,
    /// What is done unless the owner decides otherwise.
    pub default: crate::Choice,
}

/// A resource that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUnderstood {
    /// `Type/id` of the record.
    pub resource: Box<str>,
    /// Why, as a code: `no-code`, `date-not-exact`, `unknown-content`.
    pub why: Box<str>,
}
