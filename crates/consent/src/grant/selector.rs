//! A [`Selector`] as it is written down. What a member says is checked when it is read: a name that means nothing would
//! otherwise permit or exclude nothing in silence.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::scopes::{ConstraintError, constraint};
use crate::{CodeFilter, DateRange, Rules, Selector};

/// Most values in all lists of one selector together.
pub const MAX_VALUES: usize = 10_000;

/// Most bytes of one value.
const MAX_TEXT: usize = 2_048;

/// How "every type" is written, as in a scope.
const EVERY_TYPE: &str = "*";

/// Why a part of a record cannot be selected so.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectorError {
    /// No member is set. Everything is said as `"types": ["*"]`.
    #[error("the selector says nothing")]
    Nothing,
    /// A list without values.
    #[error("a list of the selector is empty")]
    EmptyList,
    /// More than [`MAX_VALUES`].
    #[error("the selector has too many values")]
    TooManyValues,
    /// A value that is empty, too long, or has control characters.
    #[error("a value of the selector is not a plain text")]
    Text,
    /// Not a resource type of R4, or `*` beside others.
    #[error("the selector names an unknown resource type")]
    ResourceType,
    /// Not search parameters with values that every one of the types has.
    #[error("the query of the selector is not a constraint")]
    Query(#[source] ConstraintError),
    /// A code system that is not an absolute address.
    #[error("a code system of the selector is not an address")]
    CodeSystem,
    /// A value set that is not an absolute address.
    #[error("a value set of the selector is not an address")]
    ValueSet,
    /// Not the id of a topic.
    #[error("the selector names an unknown topic")]
    Topic,
    /// Not a code.
    #[error("a label of the selector is not a code")]
    Label,
    /// Neither first nor last day, a day that is not whole, or the last before the first.
    #[error("the days of the selector are not a range")]
    Dates,
    /// Not `Type/id`.
    #[error("the selector names no resource")]
    Resource,
    /// Not an element path.
    #[error("the selector names no element")]
    Element,
}

/// [`Selector`] in JSON. Absent is not said; `null` is refused.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WireSelector {
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) types: Option<Vec<Box<str>>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) query: Option<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) codes: Option<Vec<WireCode>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) value_sets: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) topics: Option<Vec<Box<str>>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) labels: Option<Vec<Box<str>>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) dates: Option<WireDates>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) sources: Option<Vec<Box<str>>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) resources: Option<Vec<Box<str>>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(crate) elements: Option<Vec<Box<str>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WireCode {
    system: Box<str>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    code: Option<Box<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WireDates {
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

/// Reads a member that is there: an `Option` alone would take `null` for absent.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl TryFrom<WireSelector> for Selector {
    type Error = SelectorError;

    fn try_from(wire: WireSelector) -> Result<Self, SelectorError> {
        if wire == WireSelector::default() {
            return Err(SelectorError::Nothing);
        }
        let selector = Self {
            types: types(wire.types)?,
            query: wire.query,
            codes: list(wire.codes)?.into_iter().map(|c| CodeFilter { system: c.system, code: c.code }).collect(),
            value_sets: list(wire.value_sets)?,
            topics: list(wire.topics)?,
            labels: list(wire.labels)?,
            dates: wire.dates.map(DateRange::try_from).transpose()?,
            sources: list(wire.sources)?,
            resources: list(wire.resources)?,
            elements: list(wire.elements)?,
        };
        selector.check()?;
        Ok(selector)
    }
}

fn list<T>(wire: Option<Vec<T>>) -> Result<Vec<T>, SelectorError> {
    match wire {
        Some(values) if values.is_empty() => Err(SelectorError::EmptyList),
        Some(values) => Ok(values),
        None => Ok(Vec::new()),
    }
}

fn types(wire: Option<Vec<Box<str>>>) -> Result<Vec<Box<str>>, SelectorError> {
    let values = list(wire)?;
    match values.as_slice() {
        [only] if &**only == EVERY_TYPE => Ok(Vec::new()),
        _ => Ok(values),
    }
}

impl Selector {
    /// Whether every member says something that can be meant.
    ///
    /// # Errors
    /// [`SelectorError`], the first that is found.
    pub fn check(&self) -> Result<(), SelectorError> {
        let Self { types, query, codes, value_sets, topics, labels, dates, sources, resources, elements } = self;
        let boxed = [types, topics, labels, sources, resources, elements];
        let count = boxed.iter().map(|list| list.len()).sum::<usize>() + codes.len() + value_sets.len();
        if count > MAX_VALUES {
            return Err(SelectorError::TooManyValues);
        }
        let texts = boxed.into_iter().flatten().map(|text| &**text);
        let texts = texts.chain(value_sets.iter().map(String::as_str)).chain(query.as_deref());
        let mut texts =
            texts.chain(codes.iter().flat_map(|code| std::iter::once(&*code.system).chain(code.code.as_deref())));
        if !texts.all(is_plain) {
            return Err(SelectorError::Text);
        }
        all(types, SelectorError::ResourceType, |name| is_type(name))?;
        if let Some(query) = query {
            constraint_of(types, query)?;
        }
        all(codes, SelectorError::CodeSystem, |code| is_address(&code.system))?;
        all(value_sets, SelectorError::ValueSet, |set| is_address(set))?;
        all(topics, SelectorError::Topic, |topic| TOPICS.contains(topic))?;
        all(labels, SelectorError::Label, |label| {
            label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        })?;
        if dates.is_some_and(|dates| !dates.is_range()) {
            return Err(SelectorError::Dates);
        }
        all(resources, SelectorError::Resource, |path| is_resource(path))?;
        all(elements, SelectorError::Element, |path| is_element(types, path))
    }
}

fn all<T>(values: &[T], error: SelectorError, holds: impl Fn(&T) -> bool) -> Result<(), SelectorError> {
    if values.iter().all(holds) { Ok(()) } else { Err(error) }
}

pub(crate) fn is_plain(text: &str) -> bool {
    (1..=MAX_TEXT).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// An absolute address: a scheme, and something of it (RFC 3986 §3.1).
fn is_address(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
            && !rest.is_empty()
            && !text.contains(char::is_whitespace)
    })
}

/// The ids of all topics. A topic that no rule knows would exclude nothing, in silence.
static TOPICS: LazyLock<BTreeSet<Box<str>>> = LazyLock::new(|| {
    // Without the rules no topic is known, and a grant that names one is refused.
    let rules = Rules::with(&[]);
    rules.iter().flat_map(Rules::topics).map(|topic| topic.id.clone()).collect()
});

fn constraint_of(types: &[Box<str>], query: &str) -> Result<(), SelectorError> {
    match types {
        [] => constraint::check(None, query).map_err(SelectorError::Query),
        named => named.iter().try_for_each(|one| constraint::check(Some(one), query).map_err(SelectorError::Query)),
    }
}

/// A resource type that a resource can be of: not one of the two that all others are made from.
pub(crate) fn is_type(name: &str) -> bool {
    fhir::definitions::is_resource(name) && !matches!(name, "Resource" | "DomainResource")
}

/// `Type/id`.
pub(crate) fn is_resource(text: &str) -> bool {
    text.split_once('/').is_some_and(|(name, id)| {
        is_type(name)
            && (1..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
    })
}

/// `Patient.address`; or `note` of one of the types named, or of any.
fn is_element(types: &[Box<str>], path: &str) -> bool {
    let known = |of: &str, below: &str| fhir::definitions::element(of, below).is_some();
    match path.split_once('.') {
        Some((of, below)) if is_type(of) => known(of, below),
        _ if !types.is_empty() => types.iter().any(|of| known(of, path)),
        _ => fhir::definitions::codes("resource-types").is_some_and(|all| all.iter().any(|of| known(of, path))),
    }
}

impl DateRange {
    /// Whether at least one end is said, and the last day is not before the first.
    pub(crate) fn is_range(self) -> bool {
        match (self.from, self.to) {
            (Some(from), Some(to)) => from <= to,
            (from, to) => from.is_some() || to.is_some(),
        }
    }
}

impl TryFrom<WireDates> for DateRange {
    type Error = SelectorError;

    fn try_from(wire: WireDates) -> Result<Self, SelectorError> {
        let day = |text: Option<String>| text.map(|text| whole_day(&text).ok_or(SelectorError::Dates)).transpose();
        Ok(Self { from: day(wire.from)?, to: day(wire.to)? })
    }
}

/// `2026-11-20` and nothing looser.
pub(crate) fn whole_day(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

impl From<&Selector> for WireSelector {
    fn from(selector: &Selector) -> Self {
        fn list<T: Clone>(values: &[T]) -> Option<Vec<T>> {
            (!values.is_empty()).then(|| values.to_vec())
        }
        let everything = *selector == Selector::default();
        let codes: Vec<WireCode> =
            selector.codes.iter().map(|c| WireCode { system: c.system.clone(), code: c.code.clone() }).collect();
        Self {
            types: if everything { Some(vec![EVERY_TYPE.into()]) } else { list(&selector.types) },
            query: selector.query.clone(),
            codes: (!codes.is_empty()).then_some(codes),
            value_sets: list(&selector.value_sets),
            topics: list(&selector.topics),
            labels: list(&selector.labels),
            dates: selector
                .dates
                .map(|d| WireDates { from: d.from.map(|day| day.to_string()), to: d.to.map(|day| day.to_string()) }),
            sources: list(&selector.sources),
            resources: list(&selector.resources),
            elements: list(&selector.elements),
        }
    }
}

#[cfg(test)]
mod tests;
