//! Where a rule looks: the paths of the table, parsed once. A form that is not known is an error, never a silence.

use thiserror::Error;

/// One alternative of a rule's `path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Path {
    /// `**.coding`: any Coding at any depth, bare or not, outside the exceptions.
    Coding(Vec<Outside>),
    /// `**.text`: any string called `text`, and narratives.
    Text,
    /// `**.display`, `**.contentType` and other strings by name at any depth.
    Named(Box<str>),
    /// `**.reference`.
    Reference,
    /// `**.identifier`: any element of this name, outside the exceptions.
    Identifier(Vec<Outside>),
    /// `**.extension(inline-sec-label).valueCoding`: DS4P labels on elements.
    InlineLabel,
    /// `extension(name)` of the resource itself.
    Extension(Box<str>),
    /// `resourceType`: the resource as such.
    ResourceType,
    /// `code`, `section.code`, `effective[x]`, `Coverage.subscriberId`: an element from the root of the resource.
    Element(Element),
    /// `hasMember->code`: an element of what is referred to.
    Follow(Element, Target),
    /// `<-DiagnosticReport.result`: some resource of this type refers here with this element.
    ReferredBy(Box<str>, Element),
    /// `attachment(application/xml CDA) section templateId@root`: sections of a CDA document in an attachment.
    CdaSection,
}

/// An element from the root of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// Only in resources of this type.
    pub(super) of: Option<Box<str>>,
    /// Names from the root; a name that ends in `[x]` is kept without it and counts as a beginning.
    pub(super) steps: Vec<Step>,
}

/// One name of an [`Element`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// This name.
    Named(Box<str>),
    /// A choice of types: any name that begins so.
    Choice(Box<str>),
}

/// What is looked at in a resource that was followed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// `->**`: every Coding in it.
    Anything,
    /// `->resourceType`: its type.
    ResourceType,
    /// An element.
    Element(Element),
}

/// `not AllergyIntolerance`, `not Immunization.vaccineCode`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outside {
    pub(super) of: Box<str>,
    /// Empty: the whole resource.
    pub(super) steps: Vec<Step>,
}

/// Why a path cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a path of a form that is not known")]
pub(super) struct PathError;

impl Path {
    /// Reads all alternatives of a `path`.
    pub(super) fn parse_all(text: &str) -> Result<Vec<Self>, PathError> {
        alternatives(text)?.into_iter().map(|part| Self::parse(part.trim())).collect()
    }

    fn parse(text: &str) -> Result<Self, PathError> {
        match text {
            "**.coding" => return Ok(Self::Coding(Vec::new())),
            "**.text" => return Ok(Self::Text),
            "**.display" | "**.contentType" => return Ok(Self::Named(text.trim_start_matches("**.").into())),
            "**.reference" => return Ok(Self::Reference),
            "**.identifier" => return Ok(Self::Identifier(Vec::new())),
            "**.extension(inline-sec-label).valueCoding" => return Ok(Self::InlineLabel),
            "resourceType" => return Ok(Self::ResourceType),
            "attachment(application/xml CDA) section templateId@root" => return Ok(Self::CdaSection),
            _ => {}
        }
        for (start, form) in [("**.coding (", Self::Coding as fn(_) -> _), ("**.identifier (", Self::Identifier)] {
            if let Some(exceptions) = text.strip_prefix(start).and_then(|rest| rest.strip_suffix(')')) {
                return exceptions.split(',').map(Outside::parse).collect::<Result<_, _>>().map(form);
            }
        }
        if let Some(name) = text.strip_prefix("extension(").and_then(|rest| rest.strip_suffix(')')) {
            return is_name(name.trim_matches('-')).then(|| Self::Extension(name.into())).ok_or(PathError);
        }
        if let Some(from) = text.strip_prefix("<-") {
            let mut element = Element::parse(from)?;
            return element.of.take().map(|of| Self::ReferredBy(of, element)).ok_or(PathError);
        }
        if let Some((from, to)) = text.split_once("->") {
            let target = match to {
                "**" => Target::Anything,
                "resourceType" => Target::ResourceType,
                _ => Target::Element(Element::parse(to)?),
            };
            return Ok(Self::Follow(Element::parse(from)?, target));
        }
        Element::parse(text).map(Self::Element)
    }
}

/// Splits at `|` outside parentheses.
fn alternatives(text: &str) -> Result<Vec<&str>, PathError> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or(PathError)?,
            '|' if depth == 0 => {
                parts.push(text.get(start..at).ok_or(PathError)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).ok_or(PathError)?);
    if depth == 0 { Ok(parts) } else { Err(PathError) }
}

impl Element {
    fn parse(text: &str) -> Result<Self, PathError> {
        let mut names = text.split('.').peekable();
        let of = names.next_if(|name| name.starts_with(|c: char| c.is_ascii_uppercase())).map(Into::into);
        let steps = names.map(Step::parse).collect::<Result<Vec<_>, _>>()?;
        if steps.is_empty() || of.as_deref().is_some_and(|of: &str| !is_name(of)) {
            return Err(PathError);
        }
        Ok(Self { of, steps })
    }

    /// `meta.security`: labels.
    pub(super) fn is_label(&self) -> bool {
        matches!(self.steps.as_slice(), [Step::Named(meta), Step::Named(security)] if **meta == *"meta" && **security == *"security")
    }

    /// The only name, if there is one.
    pub(super) fn only(&self) -> Option<&str> {
        match self.steps.as_slice() {
            [Step::Named(name)] => Some(name),
            _ => None,
        }
    }
}

impl Step {
    fn parse(text: &str) -> Result<Self, PathError> {
        let (name, choice) = match text.strip_suffix("[x]") {
            Some(name) => (name, true),
            None => (text, false),
        };
        let written = is_name(name) && name.starts_with(|c: char| c.is_ascii_lowercase());
        match choice {
            _ if !written => Err(PathError),
            true => Ok(Self::Choice(name.into())),
            false => Ok(Self::Named(name.into())),
        }
    }

    /// Whether a member of this name is meant.
    pub(super) fn is(&self, name: &str) -> bool {
        match self {
            Self::Named(named) => **named == *name,
            Self::Choice(start) => name.starts_with(&**start),
        }
    }
}

impl Outside {
    fn parse(text: &str) -> Result<Self, PathError> {
        let mut names = text.trim().strip_prefix("not ").ok_or(PathError)?.split('.');
        let of = names.next().filter(|of| is_name(of) && of.starts_with(|c: char| c.is_ascii_uppercase()));
        Ok(Self { of: of.ok_or(PathError)?.into(), steps: names.map(Step::parse).collect::<Result<_, _>>()? })
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests;
