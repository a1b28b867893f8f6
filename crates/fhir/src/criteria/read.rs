//! The right side of a criterion: values, by the kind of the parameter and its modifier.

mod amount;
mod coded;

use super::error::CriterionError;
use super::split::{split, unescape};
use super::wanted::{Wanted, WantedReference, WantedText, WantedUri, With};
use super::{Asked, Condition, MAX_VALUES};
use crate::parameters::{Kind, Parameter, Setting, fold, is_resource_type};

/// What stands after the colon (FHIR R4, "Modifiers").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modifier<'a> {
    None,
    Missing,
    Exact,
    Contains,
    Not,
    Text,
    OfType,
    Identifier,
    Above,
    Below,
    /// The type that the reference leads to.
    Type(&'a str),
}

impl<'a> Modifier<'a> {
    pub(super) fn read(parameter: &Parameter, text: Option<&'a str>) -> Result<Self, CriterionError> {
        let Some(text) = text else { return Ok(Self::None) };
        match (parameter.kind(), text) {
            (Kind::Special, _) => Err(CriterionError::UnknownModifier),
            (_, "missing") => Ok(Self::Missing),
            (Kind::String, "exact") => Ok(Self::Exact),
            (Kind::String, "contains") => Ok(Self::Contains),
            (Kind::Token, "not") => Ok(Self::Not),
            (Kind::Token | Kind::Reference, "text") => Ok(Self::Text),
            (Kind::Token, "of-type") => Ok(Self::OfType),
            (Kind::Token, "below") if parameter.is_media_type() => Ok(Self::Below),
            (Kind::Uri, "above") => Ok(Self::Above),
            (Kind::Uri, "below") => Ok(Self::Below),
            (Kind::Reference, "identifier") => Ok(Self::Identifier),
            (Kind::Reference, name) if is_resource_type(name) => match parameter.may_target(name) {
                true => Ok(Self::Type(name)),
                false => Err(CriterionError::WrongTarget),
            },
            // Full text within one element.
            (Kind::String, "text") => Err(CriterionError::NotAnswerable),
            // Without a version any is found; one version above another is not.
            (Kind::Reference, "below") if parameter.is_canonical() => Ok(Self::Below),
            // Value sets and hierarchies that nobody here holds.
            (Kind::Token, "in" | "not-in" | "above" | "below")
            | (Kind::Reference, "above" | "below" | "in" | "not-in") => Err(CriterionError::NotAnswerable),
            _ => Err(CriterionError::UnknownModifier),
        }
    }
}

pub(super) fn asked(
    parameter: &'static Parameter,
    modifier: Modifier<'_>,
    value: &str,
    setting: &Setting,
) -> Result<Asked, CriterionError> {
    if modifier == Modifier::Missing {
        let condition = match value {
            "true" => Condition::Missing,
            "false" => Condition::Present,
            _ => return Err(CriterionError::BadBoolean),
        };
        return Ok(Asked { parameter, condition });
    }
    let values = split(value, ',');
    if values.len() > MAX_VALUES {
        return Err(CriterionError::TooManyValues);
    }
    let one = |text: &str| wanted(parameter, modifier, text, setting);
    let wanted: Vec<Wanted> = values.into_iter().map(one).collect::<Result<_, _>>()?;
    let condition = if modifier == Modifier::Not { Condition::NoneOf(wanted) } else { Condition::AnyOf(wanted) };
    Ok(Asked { parameter, condition })
}

fn wanted(
    parameter: &Parameter,
    modifier: Modifier<'_>,
    text: &str,
    setting: &Setting,
) -> Result<Wanted, CriterionError> {
    if text.is_empty() {
        return Err(CriterionError::EmptyValue);
    }
    match (parameter.kind(), modifier) {
        (Kind::Composite, _) => {
            let parts = split(text, '$');
            if parts.len() != parameter.components().len() {
                return Err(CriterionError::BadComposite);
            }
            let each = parameter.components().iter().zip(parts);
            let part = each.map(|(component, text)| plain(component.kind(), Modifier::None, text, setting));
            part.collect::<Result<_, _>>().map(Wanted::Composite)
        }
        // FHIR R4, "token": the pipe shall not be used with contact points, addresses and truth values; nor has an id a system.
        (Kind::Token, Modifier::None | Modifier::Not)
            if (!parameter.has_systems() || parameter.code() == "_id") && split(text, '|').len() > 1 =>
        {
            Err(CriterionError::BadToken)
        }
        // A match of `_id` is case-sensitive.
        (Kind::Token, Modifier::None | Modifier::Not) if parameter.code() == "_id" => unescape(text).map(Wanted::Id),
        (kind, modifier) => plain(kind, modifier, text, setting),
    }
}

fn plain(kind: Kind, modifier: Modifier<'_>, text: &str, setting: &Setting) -> Result<Wanted, CriterionError> {
    if text.is_empty() {
        return Err(CriterionError::EmptyValue);
    }
    match (kind, modifier) {
        (Kind::Token | Kind::Reference, Modifier::Text) => words(text, With::Start).map(Wanted::Words),
        (Kind::Token, Modifier::OfType) => coded::of_type(text),
        (Kind::Token, Modifier::Below) => unescape(text).map(Wanted::MediaType),
        (Kind::Token, _) => coded::token(text).map(Wanted::Token),
        (Kind::Reference, Modifier::Identifier) => coded::token(text).map(Wanted::Identifier),
        (Kind::Reference, Modifier::Type(name)) => coded::reference(text, Some(name), setting).map(Wanted::Reference),
        (Kind::Reference, Modifier::Below) => match coded::reference(text, None, setting)? {
            url @ WantedReference::Url { version: None, .. } => Ok(Wanted::Reference(url)),
            _ => Err(CriterionError::NotAnswerable),
        },
        (Kind::Reference, _) => coded::reference(text, None, setting).map(Wanted::Reference),
        (Kind::String, Modifier::Exact) => words(text, With::Exactly).map(Wanted::String),
        (Kind::String, Modifier::Contains) => words(text, With::Somewhere).map(Wanted::String),
        (Kind::String, _) => words(text, With::Start).map(Wanted::String),
        (Kind::Date, _) => amount::date(text, setting),
        (Kind::Number, _) => amount::number(&unescape(text)?).map(Wanted::Number),
        (Kind::Quantity, _) => amount::quantity(text),
        (Kind::Uri, modifier) => uri(text, modifier).map(Wanted::Uri),
        (Kind::Special, _) => amount::near(text),
        (Kind::Composite, _) => Err(CriterionError::BadComposite),
    }
}

fn words(text: &str, with: With) -> Result<WantedText, CriterionError> {
    let text = unescape(text)?;
    let folded: Box<str> = if with == With::Exactly { "".into() } else { fold(&text).into() };
    // Nothing but marks and blanks would be found everywhere.
    if with != With::Exactly && folded.is_empty() {
        return Err(CriterionError::EmptyValue);
    }
    Ok(WantedText { with, text, folded })
}

fn uri(text: &str, modifier: Modifier<'_>) -> Result<WantedUri, CriterionError> {
    let text = unescape(text)?;
    let levels = || text.split_once("://").is_some_and(|(_, rest)| !rest.is_empty());
    match modifier {
        Modifier::Above | Modifier::Below if !levels() => Err(CriterionError::BadUri),
        Modifier::Above => Ok(WantedUri::Above(text)),
        Modifier::Below => Ok(WantedUri::Below(text)),
        _ => Ok(WantedUri::Is(text)),
    }
}
