use std::fmt;

use thiserror::Error;
use types::{Actions, ClinicalScope, ScopeLanguage, ScopeSyntaxError};

use crate::grant::is_type;
use crate::{Permit, Selector};

pub(crate) mod constraint;

pub use constraint::ConstraintError;

/// Most bytes of a list of scopes: what fits into a request or a token.
pub const MAX_SCOPE_BYTES: usize = 64 << 10;

/// Most scopes of one list.
pub const MAX_SCOPES: usize = 1_000;

/// What a client asks for or was given: scopes, each once, in the order given. All of them are known; what is not is
/// refused when it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<Scope>);

/// One scope (SMART App Launch 2.2, "Scopes and Launch Context").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// For FHIR resources.
    Clinical(ClinicalScope),
    /// `openid`: an `id_token`.
    OpenId,
    /// `fhirUser`: the user as a FHIR resource.
    FhirUser,
    /// `profile`: likewise, in the words of the first version.
    Profile,
    /// `launch`: context of a launch from elsewhere.
    Launch,
    /// `launch/patient`: the patient is chosen at launch.
    LaunchPatient,
    /// `offline_access`: a refresh token.
    OfflineAccess,
    /// `online_access`: a refresh token for as long as the user is there.
    OnlineAccess,
}

/// Why a text is not a list of known scopes. `invalid_scope` to a client.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopesError {
    /// More than [`MAX_SCOPE_BYTES`].
    #[error("the list of scopes is too long")]
    TooLong,
    /// More than [`MAX_SCOPES`].
    #[error("there are too many scopes")]
    TooMany,
    /// Not texts with one space between (RFC 6749 §3.3).
    #[error("the scopes are not a list of words")]
    Form,
    /// A scope that is not known here.
    #[error("a scope is not known")]
    Unknown,
    /// A scope for resources that is not written as one.
    #[error("a scope for resources is not written as one")]
    Syntax(#[source] ScopeSyntaxError),
    /// A type that FHIR R4 does not have.
    #[error("a scope names an unknown resource type")]
    ResourceType,
    /// A constraint that cannot be read.
    #[error("the constraint of a scope cannot be read")]
    Constraint(#[source] ConstraintError),
    /// A constraint behind a scope of the first version, which has none.
    #[error("a scope of the first version has a constraint")]
    ConstraintOfV1,
}

impl Scope {
    /// The scopes that are no scopes for resources.
    const PLAIN: [(&'static str, Self); 7] = [
        ("openid", Self::OpenId),
        ("fhirUser", Self::FhirUser),
        ("profile", Self::Profile),
        ("launch", Self::Launch),
        ("launch/patient", Self::LaunchPatient),
        ("offline_access", Self::OfflineAccess),
        ("online_access", Self::OnlineAccess),
    ];

    /// Reads one scope.
    ///
    /// # Errors
    /// [`ScopesError`] for every scope that is not fully understood.
    pub fn parse(text: &str) -> Result<Self, ScopesError> {
        if let Some((_, plain)) = Self::PLAIN.iter().find(|(name, _)| *name == text) {
            return Ok(plain.clone());
        }
        let clinical: ClinicalScope = match text.parse() {
            Err(ScopeSyntaxError::Context) => return Err(ScopesError::Unknown),
            other => other.map_err(ScopesError::Syntax)?,
        };
        if clinical.resource_type.as_deref().is_some_and(|name| !is_type(name)) {
            return Err(ScopesError::ResourceType);
        }
        if let Some(query) = &clinical.query {
            if clinical.language == ScopeLanguage::V1 {
                return Err(ScopesError::ConstraintOfV1);
            }
            constraint::check(clinical.resource_type.as_deref(), query).map_err(ScopesError::Constraint)?;
        }
        Ok(Self::Clinical(clinical))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clinical(clinical) => clinical.fmt(f),
            plain => Self::PLAIN.iter().filter(|(_, it)| it == plain).try_for_each(|(name, _)| f.write_str(name)),
        }
    }
}

impl Scopes {
    /// Reads a list with one space between. An empty text is an empty list (RFC 6749 §3.1).
    ///
    /// # Errors
    /// [`ScopesError`] when one of them is not fully understood.
    pub fn parse(text: &str) -> Result<Self, ScopesError> {
        if text.len() > MAX_SCOPE_BYTES {
            return Err(ScopesError::TooLong);
        }
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.split(' ').count() > MAX_SCOPES {
            return Err(ScopesError::TooMany);
        }
        if text.split(' ').any(|word| !is_token(word)) {
            return Err(ScopesError::Form);
        }
        text.split(' ').map(Scope::parse).collect()
    }

    /// The scopes.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// The scopes for resources.
    pub fn clinical(&self) -> impl Iterator<Item = &ClinicalScope> {
        self.0.iter().filter_map(|scope| match scope {
            Scope::Clinical(clinical) => Some(clinical),
            _ => None,
        })
    }

    /// Whether a scope is in the list.
    pub fn has(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What either list says, in its shortest form: scopes for the same resources become one with the letters of both
    /// ("Scope Equivalence").
    pub fn union(self, other: Self) -> Self {
        let mut all: Vec<Scope> = Vec::new();
        for scope in self.0.into_iter().chain(other.0) {
            match &scope {
                Scope::Clinical(new) => match all.iter_mut().find_map(|old| same_resources(old, new)) {
                    Some(old) => {
                        old.actions = old.actions.union(new.actions);
                        if new.language == ScopeLanguage::V2 {
                            old.language = ScopeLanguage::V2;
                        }
                    }
                    None => all.push(scope),
                },
                _ if all.contains(&scope) => {}
                _ => all.push(scope),
            }
        }
        Self(all)
    }

    /// What the scopes permit.
    pub fn permits(&self) -> Vec<Permit> {
        self.clinical().map(Permit::from).collect()
    }

    /// The scopes that say the same as these permits; permits that a scope cannot say are left out, so that the list
    /// never says more.
    pub fn sayable(permits: &[Permit]) -> Self {
        let said = permits.iter().filter_map(Permit::scopes).flatten().map(Scope::Clinical).collect();
        Self::default().union(said)
    }
}

fn same_resources<'a>(old: &'a mut Scope, new: &ClinicalScope) -> Option<&'a mut ClinicalScope> {
    match old {
        Scope::Clinical(old)
            if old.context == new.context && old.resource_type == new.resource_type && old.query == new.query =>
        {
            Some(old)
        }
        _ => None,
    }
}

fn is_token(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

impl From<&ClinicalScope> for Permit {
    fn from(scope: &ClinicalScope) -> Self {
        Self {
            context: scope.context,
            actions: scope.actions,
            select: Selector {
                types: scope.resource_type.iter().cloned().collect(),
                query: scope.query.as_deref().map(str::to_owned),
                ..Selector::default()
            },
        }
    }
}

impl Permit {
    /// The scopes that say exactly this, one for each type; `None` when a scope cannot say it.
    pub fn scopes(&self) -> Option<Vec<ClinicalScope>> {
        let Selector { types, query, .. } = &self.select;
        let of_scopes = Selector { types: types.clone(), query: query.clone(), ..Selector::default() };
        if self.select != of_scopes || self.actions == Actions::default() {
            return None;
        }
        let scope = |resource_type: Option<&Box<str>>| ClinicalScope {
            context: self.context,
            resource_type: resource_type.cloned(),
            actions: self.actions,
            query: query.as_deref().map(Box::from),
            language: ScopeLanguage::V2,
        };
        Some(match types.as_slice() {
            [] => vec![scope(None)],
            named => named.iter().map(|name| scope(Some(name))).collect(),
        })
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut list = Self::default();
        for scope in scopes {
            if !list.has(&scope) {
                list.0.push(scope);
            }
        }
        list
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            scope.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
