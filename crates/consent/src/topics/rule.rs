//! Rules as they are written in the files, and as they are read.

use serde::Deserialize;

use super::code::{self, Known};
use super::path::Path;
use super::{Confidence, RulesError};

/// One file: a topic with its rules, or the rules of one code system for many topics.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) id: Box<str>,
    #[serde(default)]
    pub(super) names: Names,
    #[serde(default)]
    pub(super) why: Box<str>,
    #[serde(default)]
    pub(super) sensitivity: Vec<Box<str>>,
    #[serde(default)]
    pub(super) related: Vec<Box<str>>,
    pub(super) rules: Vec<Written>,
}

/// What a topic is called.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// English.
    pub en: Box<str>,
    /// Spanish.
    pub es: Box<str>,
}

/// A rule as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Written {
    pub(super) id: Box<str>,
    pub(super) resource_types: Vec<Box<str>>,
    pub(super) path: String,
    pub(super) system: Option<String>,
    #[serde(default)]
    pub(super) codes: Vec<Box<str>>,
    #[serde(default)]
    pub(super) code_prefix: Vec<Box<str>>,
    pub(super) value_range: Option<Between>,
    #[serde(default)]
    pub(super) text: Vec<Box<str>>,
    /// Words that make a text hit mean something else.
    #[serde(default)]
    pub(super) unless: Vec<Box<str>>,
    #[serde(default)]
    pub(super) equals: Vec<Box<str>>,
    /// Rules that must hold at the far end of a reference.
    #[serde(default, rename = "as")]
    pub(super) same_as: Vec<Box<str>>,
    /// Elements that must not be there.
    #[serde(default)]
    pub(super) absent: Vec<Box<str>>,
    /// What goes when an element is there, if not what the form of the rule says.
    #[serde(default)]
    pub(super) takes: Takes,
    /// `false`: the rule tells of a method or a warning, and finds nothing by itself.
    #[serde(default)]
    pub(super) present: Option<bool>,
    pub(super) confidence: Confidence,
    pub(super) source: Box<str>,
    pub(super) licence: Box<str>,
    pub(super) note: Box<str>,
    #[serde(default)]
    pub(super) mended: Option<Box<str>>,
}

/// What goes with an element that a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Takes {
    /// The element.
    #[default]
    Element,
    /// The resource.
    Resource,
}

/// Categories from the first to the last.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Between {
    pub(super) from: Box<str>,
    pub(super) to: Box<str>,
}

/// A rule: what it is called, how sure it is, where it comes from.
#[derive(Debug, Clone)]
pub struct Rule {
    id: Box<str>,
    confidence: Confidence,
    source: Box<str>,
    licence: Box<str>,
    note: Box<str>,
    mended: Option<Box<str>>,
    pub(super) topic: usize,
    pub(super) types: Option<Vec<Box<str>>>,
    pub(super) paths: Vec<Path>,
    pub(super) unless: Vec<String>,
    pub(super) equals: Vec<Box<str>>,
    pub(super) absent: Vec<Box<str>>,
    pub(super) same_as: Vec<usize>,
    pub(super) takes: Takes,
    pub(super) words: Vec<Box<str>>,
    /// The code system that it asks for.
    pub(super) system: Option<Known>,
}

impl Rule {
    /// Reads one; `topic` is its place in the list of topics.
    pub(super) fn read(written: &Written, topic: usize) -> Result<Self, RulesError> {
        let paths = Path::parse_all(&written.path).map_err(|_| RulesError::Path { rule: written.id.clone() })?;
        let known = |uri: &String| code::system(uri).ok_or_else(|| RulesError::System { rule: written.id.clone() });
        let system = written.system.as_ref().map(known).transpose()?;
        let any = written.resource_types.iter().any(|of| **of == *"*");
        Ok(Self {
            id: written.id.clone(),
            confidence: written.confidence,
            source: written.source.clone(),
            licence: written.licence.clone(),
            note: written.note.clone(),
            mended: written.mended.clone(),
            topic,
            types: (!any).then(|| written.resource_types.clone()),
            paths,
            unless: written.unless.iter().map(|word| super::words::fold(word).to_ascii_lowercase()).collect(),
            equals: written.equals.clone(),
            absent: written.absent.clone(),
            same_as: Vec::new(),
            takes: written.takes,
            words: written.text.clone(),
            system,
        })
    }

    /// Its id, such as `medications-009`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How sure it is.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// What it says, in English.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Where it comes from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Under which licence.
    pub fn licence(&self) -> &str {
        &self.licence
    }

    /// Why it differs from the table, if it does.
    pub fn mended(&self) -> Option<&str> {
        self.mended.as_deref()
    }

    /// The labels of its topic that it names closer, such as COGN for dementia.
    pub(crate) fn sensitivity<'t>(&self, topic: &'t super::Topic) -> impl Iterator<Item = &'t Box<str>> {
        let words: Vec<&str> = self.note.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        topic.sensitivity.iter().skip(1).filter(move |code| words.contains(&&***code))
    }

    /// Whether it speaks of resources of this type.
    pub(super) fn speaks_of(&self, kind: &str) -> bool {
        self.types.as_ref().is_none_or(|types| types.iter().any(|of| **of == *kind))
    }
}
