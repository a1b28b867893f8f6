use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A scope for FHIR resources: `patient/Observation.rs?category=laboratory`, or `patient/Observation.read` of the first
/// version (SMART App Launch 2.2, "Scopes for requesting FHIR Resources").
///
/// This is the grammar alone. Whether a type or a search parameter exists is for the reader to judge: a client keeps
/// what a server says, a server refuses what it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClinicalScope {
    /// Whose resources.
    pub context: Context,
    /// The resource type; `None` is `*`.
    pub resource_type: Option<Box<str>>,
    /// What may be done.
    pub actions: Actions,
    /// The constraint after `?`, as written.
    pub query: Option<Box<str>>,
    /// Which language it is written in.
    pub language: ScopeLanguage,
}

/// The first part of a scope: whose resources it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Within the compartment of one patient.
    Patient,
    /// What the user may see.
    User,
    /// What the system may see; no person is there.
    System,
}

/// The letters of a SMART v2 scope. `r` is not `s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Actions {
    /// `c`: put in a new resource.
    pub create: bool,
    /// `r`: read, vread, history of an instance.
    pub read: bool,
    /// `u`: put in a new version.
    pub update: bool,
    /// `d`: delete.
    pub delete: bool,
    /// `s`: search, history of a type.
    pub search: bool,
}

/// The two languages of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeLanguage {
    /// `.read`, `.write`, `.*`.
    V1,
    /// `.cruds`.
    V2,
}

/// Why a text is not a scope for FHIR resources.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum ScopeSyntaxError {
    /// It does not start with `patient/`, `user/` or `system/`.
    #[error("the scope does not say whose resources")]
    Context,
    /// What follows is not a resource type, or `*`, and a point.
    #[error("the scope names no resource type")]
    ResourceType,
    /// What may be done is not `read`, `write`, `*`, or letters of `cruds` in that order, each once.
    #[error("the scope does not say what may be done")]
    Actions,
}

impl Context {
    /// As it is written before the slash.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::User => "user",
            Self::System => "system",
        }
    }

    /// The context that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Patient, Self::User, Self::System].into_iter().find(|context| context.as_str() == text)
    }
}

impl Actions {
    /// `cruds`, and `.*` of the first version.
    pub const ALL: Self = Self { create: true, read: true, update: true, delete: true, search: true };
    /// `rs`, and `.read` of the first version.
    pub const READ: Self = Self { create: false, read: true, update: false, delete: false, search: true };
    /// `cud`, and `.write` of the first version.
    pub const WRITE: Self = Self { create: true, read: false, update: true, delete: true, search: false };

    /// The words of the first version.
    const V1: [(&'static str, Self); 3] = [("read", Self::READ), ("write", Self::WRITE), ("*", Self::ALL)];

    /// Letters of `cruds`, in that order, each at most once, at least one.
    pub fn parse(letters: &str) -> Option<Self> {
        let mut order = "cruds".chars();
        let ordered = !letters.is_empty() && letters.chars().all(|letter| order.any(|next| next == letter));
        ordered.then(|| Self {
            create: letters.contains('c'),
            read: letters.contains('r'),
            update: letters.contains('u'),
            delete: letters.contains('d'),
            search: letters.contains('s'),
        })
    }

    /// What either allows.
    pub fn union(self, other: Self) -> Self {
        Self {
            create: self.create || other.create,
            read: self.read || other.read,
            update: self.update || other.update,
            delete: self.delete || other.delete,
            search: self.search || other.search,
        }
    }

    /// Whether everything the other allows is allowed here.
    pub fn covers(self, other: Self) -> bool {
        self.union(other) == self
    }

    /// Whether nothing is allowed.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters =
            [(self.create, "c"), (self.read, "r"), (self.update, "u"), (self.delete, "d"), (self.search, "s")];
        letters.into_iter().filter(|(said, _)| *said).try_for_each(|(_, letter)| f.write_str(letter))
    }
}

impl ClinicalScope {
    /// Whether it says anything of a resource type.
    pub fn covers(&self, resource_type: &str) -> bool {
        self.resource_type.as_deref().is_none_or(|own| own == resource_type)
    }
}

impl FromStr for ClinicalScope {
    type Err = ScopeSyntaxError;

    fn from_str(text: &str) -> Result<Self, ScopeSyntaxError> {
        let (context, rest) = text.split_once('/').ok_or(ScopeSyntaxError::Context)?;
        let context = Context::parse(context).ok_or(ScopeSyntaxError::Context)?;
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query.into())),
            None => (rest, None),
        };
        let (resource_type, actions) = rest.split_once('.').ok_or(ScopeSyntaxError::ResourceType)?;
        let named = resource_type.starts_with(|c: char| c.is_ascii_uppercase())
            && resource_type.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !(named || resource_type == "*") {
            return Err(ScopeSyntaxError::ResourceType);
        }
        let (language, actions) = match Actions::V1.iter().find(|(word, _)| *word == actions) {
            Some((_, actions)) => (ScopeLanguage::V1, *actions),
            None => (ScopeLanguage::V2, Actions::parse(actions).ok_or(ScopeSyntaxError::Actions)?),
        };
        Ok(Self { context, resource_type: named.then(|| resource_type.into()), actions, query, language })
    }
}

impl fmt::Display for ClinicalScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.", self.context.as_str(), self.resource_type.as_deref().unwrap_or("*"))?;
        let word = Actions::V1.iter().find(|(_, actions)| *actions == self.actions);
        match (self.language, word) {
            (ScopeLanguage::V1, Some((word, _))) => f.write_str(word)?,
            _ => write!(f, "{}", self.actions)?,
        }
        self.query.iter().try_for_each(|query| write!(f, "?{query}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ClinicalScope, ScopeSyntaxError> {
        text.parse()
    }

    /// SMART App Launch 2.2, "FHIR Resource Scope Syntax".
    #[test]
    fn both_languages_are_read_and_written_back() {
        let v2 = read("patient/Observation.rs?category=laboratory").unwrap();
        assert_eq!((v2.context, v2.language, v2.actions), (Context::Patient, ScopeLanguage::V2, Actions::READ));
        assert_eq!(v2.query.as_deref(), Some("category=laboratory"));
        let v1 = read("user/*.read").unwrap();
        assert_eq!((v1.context, v1.language, v1.resource_type.as_deref()), (Context::User, ScopeLanguage::V1, None));
        assert_eq!(v1.actions, Actions::READ);
        for text in ["patient/*.*", "user/Patient.write", "system/Goal.cruds", "patient/Task.c", "patient/Goal.s?a=?"] {
            assert_eq!(read(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_not_said_in_the_grammar_is_refused() {
        use ScopeSyntaxError::{Actions, Context, ResourceType};
        for (text, why) in [
            ("openid", Context),
            ("doctor/Patient.rs", Context),
            ("launch/patient", Context),
            ("patient/Observation", ResourceType),
            ("patient/.rs", ResourceType),
            ("patient/observation.rs", ResourceType),
            ("patient/Observation.", Actions),
            ("patient/Observation.sr", Actions),
            ("patient/Observation.rr", Actions),
            ("patient/Observation.x", Actions),
            ("patient/Observation.dus", Actions),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }
}
