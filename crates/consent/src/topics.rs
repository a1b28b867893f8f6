//! Topics: what a person means by “mental health” or “medications”, and what it is in FHIR.
//!
//! [`Rules`] hold the shipped tables (`topics/*.json` of this crate), compiled once. [`Rules::judge`] walks a resource
//! once and says which rules it meets, where, how sure they are, and whether the whole resource or an element of it is
//! meant. No list is complete: rules find what is coded or named, a free text may say more.

mod code;
mod files;
mod path;
mod rule;
mod table;
mod walk;
pub(crate) mod words;

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::Mode;
use code::Known;
use table::Table;
use words::Words;

pub use rule::{Names, Rule};

/// All topics and their rules, ready to judge.
#[derive(Debug, Clone)]
pub struct Rules {
    topics: Vec<Topic>,
    rules: Vec<Rule>,
    table: Table,
    words: Words<usize>,
    /// Rules that look at the shape of a resource, with their topics: by its type, and for any type.
    shapes: HashMap<Box<str>, Vec<(usize, usize)>>,
    shapes_of_any: Vec<(usize, usize)>,
    /// Rules that look at references, identifiers and kinds of content wherever they are.
    odd: Vec<usize>,
}

/// A part of a life that a person can name.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its id, such as `mental-health`.
    pub id: Box<str>,
    /// What it is called.
    pub names: Names,
    /// Why people hide it, in English.
    pub why: Box<str>,
    /// The v3-ActCode labels of it.
    pub sensitivity: Vec<Box<str>>,
    /// Ids of topics to think of as well.
    pub related: Vec<Box<str>>,
}

/// How much a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Other meanings are common: for the owner to look at.
    Hint,
    /// It is the topic for most people, or for this purpose.
    Likely,
    /// The code says the topic by itself.
    Definite,
}

impl Confidence {
    /// Whether a rule this sure hides in this mode.
    pub fn hides(self, mode: Mode) -> bool {
        match mode {
            Mode::Strict => true,
            Mode::Usual => self >= Self::Likely,
            Mode::Loose => self == Self::Definite,
        }
    }
}

/// Rules whose codes need a licence that not everybody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Licensed {
    /// Procedure numbers of the American Medical Association.
    Cpt,
    /// SNOMED CT: free in member countries.
    SnomedCt,
}

/// A rule that a resource meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'r> {
    /// Topic id.
    pub topic: &'r str,
    /// Rule id.
    pub rule: &'r str,
    /// How sure it is.
    pub confidence: Confidence,
    /// JSON pointer of what was found: a Coding, a string, an element; empty for the resource as such.
    pub place: String,
    /// How much of the resource it is about.
    pub reach: Reach,
}

/// What has to go when a hit hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The whole resource.
    Resource,
    /// This element (JSON pointer): an entry of a list, a contained resource, an answer, an address.
    Element(String),
}

/// What else of the record a rule may look at.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The resource at a reference (`Type/id`), if the record has it.
    pub resolve: &'a dyn Fn(&str) -> Option<Cow<'a, Value>>,
    /// The resources that refer to a resource (`Type/id`).
    pub referred_by: &'a dyn Fn(&str) -> Vec<Cow<'a, Value>>,
}

impl Around<'_> {
    /// Nothing: the resource stands alone.
    pub fn nothing() -> Self {
        Self { resolve: &|_| None, referred_by: &|_| Vec::new() }
    }
}

/// Some of the topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen(u64);

/// Why rules cannot be read. The shipped ones can: a test reads them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RulesError {
    /// A file is not of the form.
    #[error("a file of topic rules cannot be read")]
    File,
    /// A rule looks at a place of a form that is not known.
    #[error("a topic rule looks at a place of an unknown form")]
    Path {
        /// Which.
        rule: Box<str>,
    },
    /// A rule names a code system that is not known.
    #[error("a topic rule names an unknown code system")]
    System {
        /// Which.
        rule: Box<str>,
    },
    /// A rule belongs to no topic, is there twice, or names a rule that is not there.
    #[error("a topic rule belongs to nothing")]
    Stray {
        /// Which.
        rule: Box<str>,
    },
    /// A rule tests nothing that its paths could meet.
    #[error("a topic rule can never meet anything")]
    Idle {
        /// Which.
        rule: Box<str>,
    },
}

impl Rules {
    /// Every rule that ships.
    ///
    /// # Errors
    /// When a shipped file cannot be read, which a test rules out.
    pub fn builtin() -> Result<Self, RulesError> {
        Self::with(&[Licensed::Cpt, Licensed::SnomedCt])
    }

    /// The rules that need no licence, and those of the systems named.
    ///
    /// # Errors
    /// When a shipped file cannot be read, which a test rules out.
    pub fn with(licensed: &[Licensed]) -> Result<Self, RulesError> {
        files::read(licensed)
    }

    /// All topics, in the order in which they are shown.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// A topic by its id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| *topic.id == *id)
    }

    /// All rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id() == id)
    }

    /// The topics with these ids; ids that no topic has are passed over.
    pub fn choose(&self, ids: impl IntoIterator<Item = impl AsRef<str>>) -> Chosen {
        let bit = |id: &str| self.topics.iter().position(|topic| *topic.id == *id).map_or(0, |at| 1 << at);
        Chosen(ids.into_iter().fold(0, |all, id| all | bit(id.as_ref())))
    }

    /// The drugs that rules know in a text.
    pub(crate) fn drugs_in(&self, text: &str, mut found: impl FnMut(&str)) {
        self.words.find(text, |at, word| {
            if self.rules.get(at).is_some_and(|rule| rule.system == Some(Known::RxNorm)) {
                found(word);
            }
        });
    }

    /// Every rule of any topic that the resource meets. In order of appearance; a rule may stand there several times,
    /// with several places.
    pub fn judge(&self, resource: &Value, around: &Around<'_>) -> Vec<Hit<'_>> {
        self.judge_for(Chosen(u64::MAX), resource, around)
    }

    /// The same for some of the topics: what others would say is not looked at.
    pub fn judge_for(&self, chosen: Chosen, resource: &Value, around: &Around<'_>) -> Vec<Hit<'_>> {
        walk::judge(self, chosen, resource, around)
    }
}

/// Whether labels of this system say how confidential something is.
pub(crate) fn is_confidentiality(system: &str) -> bool {
    code::system(system) == Some(Known::Confidentiality)
}

/// Whether codes of this system name drugs.
pub(crate) fn is_drug_system(system: &str) -> bool {
    matches!(code::system(system), Some(Known::RxNorm | Known::Ndc | Known::Atc))
}

/// Whether a label says what something is about: a topic, or a law.
pub(crate) fn is_sensitivity(system: &str, written: &str, rules: &Rules) -> bool {
    let mut known = false;
    if code::system(system) == Some(Known::ActCode) {
        rules.table.find(Known::ActCode, written, |_| known = true);
    }
    known
}

#[cfg(test)]
mod tests;
