use std::collections::BTreeMap;

use jiff::Timestamp;
use thiserror::Error;
use types::Secret;

use super::Waiting;
use crate::code::coded;
use crate::refusal::{Refusal, RefusalKind};

/// Longest query that is read.
const LONGEST: usize = 16 * 1024;

/// A code that was checked and can be redeemed, once.
#[derive(Debug)]
pub struct Code(Secret<String>);

impl Code {
    pub(crate) fn into_secret(self) -> Secret<String> {
        self.0
    }
}

/// Why what came back is not a code.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackError {
    /// Longer than any server writes.
    #[error("the callback is too long")]
    TooLong,
    /// A parameter stands twice.
    #[error("the callback repeats a parameter")]
    Repeated,
    /// Neither a code nor an error.
    #[error("the callback carries neither a code nor an error")]
    NotACallback,
    /// It is ours, and still has no code.
    #[error("the callback carries no code")]
    NoCode,
    /// No `state`. Some servers leave it out of an error; what the error says is kept for experts.
    #[error("the callback carries no state")]
    StateMissing(Option<Refusal>),
    /// Another `state` than was sent: another launch, or another program.
    #[error("the callback belongs to another launch")]
    StateMismatch,
    /// The server promised `iss` in every answer, and this one has none.
    #[error("the callback does not say who sent it")]
    IssuerMissing,
    /// Another server answered than was asked (RFC 9207).
    #[error("the callback comes from another server")]
    IssuerMismatch,
    /// The browser was away too long.
    #[error("the launch has expired")]
    Expired,
    /// The server says why not.
    #[error("the server refused the launch")]
    Refused(Refusal),
}

coded!(CallbackError {
    Self::TooLong => "launch.tooLong" Them,
    Self::Repeated => "launch.repeated" Them,
    Self::NotACallback => "launch.notACallback" Them,
    Self::NoCode => "launch.noCode" Them,
    Self::StateMissing(_) => "launch.stateMissing" Them,
    Self::StateMismatch => "launch.stateMismatch" Unknown,
    Self::IssuerMissing => "launch.issuerMissing" Them,
    Self::IssuerMismatch => "launch.issuerMismatch" Them,
    Self::Expired => "launch.expired" You,
    Self::Refused(Refusal { kind: RefusalKind::AccessDenied, .. }) => "launch.accessDenied" You,
    Self::Refused(Refusal { kind: RefusalKind::InvalidRequest, .. }) => "launch.invalidRequest" Unknown,
    Self::Refused(Refusal { kind: RefusalKind::InvalidClient, .. }) => "launch.invalidClient" Unknown,
    Self::Refused(Refusal { kind: RefusalKind::InvalidScope, .. }) => "launch.invalidScope" Them,
    Self::Refused(Refusal { kind: RefusalKind::UnauthorizedClient, .. }) => "launch.unauthorizedClient" Them,
    Self::Refused(Refusal { kind: RefusalKind::UnsupportedResponseType, .. }) => "launch.unsupportedResponseType" Them,
    Self::Refused(Refusal { kind: RefusalKind::ServerError, .. }) => "launch.serverError" Them,
    Self::Refused(Refusal { kind: RefusalKind::TemporarilyUnavailable, .. }) => "launch.temporarilyUnavailable" Them,
    Self::Refused(Refusal { kind: RefusalKind::LoginRequired, .. }) => "launch.loginRequired" You,
    Self::Refused(_) => "launch.refused" Them,
});

impl CallbackError {
    /// Whether the request does not belong to this launch at all: the launch keeps waiting.
    pub fn is_foreign(&self) -> bool {
        matches!(
            self,
            Self::TooLong | Self::Repeated | Self::NotACallback | Self::StateMissing(_) | Self::StateMismatch
        )
    }

    /// What the server said, when it said something.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) | Self::StateMissing(Some(refusal)) => Some(refusal),
            _ => None,
        }
    }
}

/// The order matters: first whether it is ours, then who sent it, then what it says.
pub(super) fn read(waiting: &Waiting, query: &str, now: Timestamp) -> Result<Code, CallbackError> {
    if query.len() > LONGEST {
        return Err(CallbackError::TooLong);
    }
    let mut parameters = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
        // RFC 6749, section 3.1: parameters are not included more than once.
        if parameters.insert(name, value).is_some() {
            return Err(CallbackError::Repeated);
        }
    }
    let given = |name: &str| parameters.get(name).map(|value| value.as_ref()).filter(|value| !value.is_empty());
    let refusal = given("error").map(|error| Refusal::new(error, given("error_description")));

    let Some(state) = given("state") else {
        let any = refusal.is_some() || given("code").is_some();
        return Err(if any { CallbackError::StateMissing(refusal) } else { CallbackError::NotACallback });
    };
    if !waiting.is_state(state) {
        return Err(CallbackError::StateMismatch);
    }
    if now > waiting.ends() {
        return Err(CallbackError::Expired);
    }
    check_issuer(waiting, given("iss"))?;
    if let Some(refusal) = refusal {
        return Err(CallbackError::Refused(refusal));
    }
    let code = given("code").ok_or(CallbackError::NoCode)?;
    Ok(Code(Secret::new(code.to_owned())))
}

/// RFC 9207, section 2.4: compared as text, nothing normalized.
fn check_issuer(waiting: &Waiting, given: Option<&str>) -> Result<(), CallbackError> {
    match (given, &waiting.configuration.issuer) {
        (Some(given), Some(known)) if given != known => Err(CallbackError::IssuerMismatch),
        // A promise to name itself, from a server that never said its name, cannot be checked.
        (Some(_), None) if waiting.configuration.answers_with_issuer => Err(CallbackError::IssuerMismatch),
        (None, _) if waiting.configuration.answers_with_issuer => Err(CallbackError::IssuerMissing),
        _ => Ok(()),
    }
}
