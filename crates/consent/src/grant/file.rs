//! A [`Grant`] as a file or a stored value: JSON that a person can read, in a numbered version, with nothing unknown in it.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use types::GrantId;

use super::selector::{WireSelector, given, is_plain};
use super::{Dates, Decision, Grant, Mode, Permit, Selector, SelectorError, Term, What};

mod wire;

use wire::{WireDecision, WireParty, WireTerm};
pub(crate) use wire::{WireDeidentified, WireMode, WirePermit};

/// The version of the form that is written, and the only one that is read.
pub const GRANT_VERSION: u32 = 1;

/// Most bytes of a grant.
pub const MAX_GRANT_BYTES: usize = 1 << 20;

/// Most permits, exclusions and purposes, each.
pub const MAX_PARTS: usize = 1_000;

/// Most words to look for.
const MAX_WORDS: usize = 10_000;

/// Why a text is not a grant.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GrantError {
    /// More than [`MAX_GRANT_BYTES`].
    #[error("the grant is too large")]
    TooLarge,
    /// Not JSON of this form: a member is unknown, missing, twice there, or of another type.
    #[error("the grant does not have the form of one")]
    Form(#[source] serde_json::Error),
    /// Another version of the form.
    #[error("the grant is of a version that is not known")]
    Version,
    /// Not an id of a grant.
    #[error("the grant has no id")]
    Id,
    /// More than [`MAX_PARTS`] of one kind, or more than 10,000 words.
    #[error("the grant has too many parts")]
    TooManyParts,
    /// A name, issuer or other text that is empty, too long, or has control characters.
    #[error("the other side of the grant is not named plainly")]
    Party,
    /// Not a context of a scope.
    #[error("a permit does not say whose resources")]
    Context,
    /// Not letters of `cruds` in order.
    #[error("a permit does not say what may be done")]
    Actions,
    /// A part of the record that cannot be selected so.
    #[error("the grant selects what cannot be selected")]
    Selector(#[from] SelectorError),
    /// Not a code of v3 PurposeOfUse in form.
    #[error("a purpose of the grant is not a code")]
    Purpose,
    /// An end that is not after the start, or no use at all.
    #[error("the grant never holds")]
    Term,
    /// A decision about nothing.
    #[error("a decision of the grant names no resource or place")]
    Decision,
    /// A word to look for that is empty, too long, or has control characters.
    #[error("a word of the grant is not plain text")]
    Word,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WireGrant {
    version: u32,
    id: String,
    who: WireParty,
    permits: Vec<WirePermit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    except: Vec<WireSelector>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    mode: Option<WireMode>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    deidentified: Option<WireDeidentified>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    purposes: Vec<Box<str>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    term: Option<WireTerm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    decisions: Vec<WireDecision>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<Box<str>>,
}

impl Grant {
    /// Reads a grant.
    ///
    /// # Errors
    /// [`GrantError`] for everything that is not fully understood.
    pub fn parse(json: &[u8]) -> Result<Self, GrantError> {
        if json.len() > MAX_GRANT_BYTES {
            return Err(GrantError::TooLarge);
        }
        serde_json::from_slice::<WireGrant>(json).map_err(GrantError::Form)?.try_into()
    }

    /// The grant in JSON, one member a line; it reads back as it is.
    pub fn to_json(&self) -> String {
        // A tree of texts and small numbers: there is nothing that cannot be written.
        serde_json::to_string_pretty(&WireGrant::from(self)).unwrap_or_default()
    }
}

impl Serialize for Grant {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        WireGrant::from(self).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        WireGrant::deserialize(from)?.try_into().map_err(serde::de::Error::custom)
    }
}

impl TryFrom<WireGrant> for Grant {
    type Error = GrantError;

    fn try_from(wire: WireGrant) -> Result<Self, GrantError> {
        if wire.version != GRANT_VERSION {
            return Err(GrantError::Version);
        }
        let parts = [wire.permits.len(), wire.except.len(), wire.purposes.len()];
        if parts.into_iter().any(|count| count > MAX_PARTS) || wire.words.len() > MAX_WORDS {
            return Err(GrantError::TooManyParts);
        }
        if !wire.words.iter().all(|word| is_plain(word)) {
            return Err(GrantError::Word);
        }
        let exclusions: Result<Vec<_>, _> = wire.except.into_iter().map(Selector::try_from).collect();
        Ok(Self {
            id: wire.id.parse::<GrantId>().map_err(|_| GrantError::Id)?,
            who: wire.who.try_into()?,
            what: What {
                permits: wire.permits.into_iter().map(Permit::try_from).collect::<Result<_, _>>()?,
                exclusions: exclusions?,
            },
            mode: wire.mode.map_or_else(Mode::default, Mode::from),
            deidentified: wire.deidentified.map(Dates::from),
            purposes: wire.purposes.into_iter().map(purpose).collect::<Result<_, _>>()?,
            term: wire.term.map_or(Ok(Term { start: None, end: None, uses: None }), Term::try_from)?,
            decisions: wire.decisions.into_iter().map(Decision::try_from).collect::<Result<_, _>>()?,
            words: wire.words,
        })
    }
}

/// Whether a grant whose words have grown can still be read back.
pub(super) fn fits(grant: &Grant) -> Result<(), GrantError> {
    match grant.words.iter().all(|word| is_plain(word)) {
        false => Err(GrantError::Word),
        true if grant.words.len() > MAX_WORDS => Err(GrantError::TooManyParts),
        true if grant.to_json().len() > MAX_GRANT_BYTES => Err(GrantError::TooLarge),
        true => Ok(()),
    }
}

/// A code of v3 PurposeOfUse in form: the list grows, and an unknown purpose permits nothing by itself.
pub(crate) fn purpose(code: Box<str>) -> Result<Box<str>, GrantError> {
    let shaped = (1..=32).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if shaped { Ok(code) } else { Err(GrantError::Purpose) }
}

impl From<&Grant> for WireGrant {
    fn from(grant: &Grant) -> Self {
        let Term { start, end, uses } = grant.term;
        let unlimited = start.is_none() && end.is_none() && uses.is_none();
        Self {
            version: GRANT_VERSION,
            id: grant.id.as_str().to_owned(),
            who: (&grant.who).into(),
            permits: grant.what.permits.iter().map(WirePermit::from).collect(),
            except: grant.what.exclusions.iter().map(WireSelector::from).collect(),
            mode: (grant.mode != Mode::default()).then(|| grant.mode.into()),
            deidentified: grant.deidentified.map(WireDeidentified::from),
            purposes: grant.purposes.clone(),
            term: (!unlimited).then_some(WireTerm { start, end, uses }),
            decisions: grant.decisions.iter().map(WireDecision::from).collect(),
            words: grant.words.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
