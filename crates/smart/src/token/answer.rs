use std::fmt;

use jiff::{SignedDuration, Timestamp};
use oauth2::basic::BasicTokenType;
use oauth2::{ExtraTokenFields, StandardTokenResponse, TokenResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;
use types::Secret;

use crate::Scopes;
use crate::answer::{Answer, NotJson};
use crate::code::coded;
use crate::refusal::{Refusal, RefusalKind};

/// What a launch brought: keep it sealed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Tokens {
    /// The access token.
    pub access: Secret<String>,
    /// When it ends, when the server said so.
    pub expires: Option<Timestamp>,
    /// The refresh token, when leave to come back was given.
    pub refresh: Option<Secret<String>>,
    /// What was granted: the server's word, or what was asked where it says nothing (RFC 6749, section 5.1).
    pub scopes: Scopes,
    /// The id of the patient the token is for.
    pub patient: String,
}

/// Why no token came back.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// Nothing at all.
    #[error("the answer is empty")]
    Empty,
    /// A web page.
    #[error("the answer is a web page")]
    Html,
    /// Something else.
    #[error("the answer is not a JSON object")]
    NotJson,
    /// Another status than 200, without an error in the words of OAuth.
    #[error("the server did not answer with a token")]
    Status(u16),
    /// A member of the wrong type, or a token that cannot be sent.
    #[error("the answer does not read as a token")]
    Malformed,
    /// No access token in it.
    #[error("the answer has no access token")]
    NoAccessToken,
    /// A token that is not a bearer token.
    #[error("the token is of a kind not asked for")]
    WrongType,
    /// No patient in it: the launch context that was asked for is missing.
    #[error("the answer names no patient")]
    NoPatient,
    /// What it names is not an id.
    #[error("the patient's id does not read")]
    BadPatient,
    /// The server says why not.
    #[error("the server refused the token")]
    Refused(Refusal),
}

coded!(TokenError {
    Self::Empty => "token.empty" Them,
    Self::Html => "token.html" Them,
    Self::NotJson => "token.notJson" Them,
    Self::Status(_) => "token.status" Them,
    Self::Malformed => "token.malformed" Them,
    Self::NoAccessToken => "token.noAccessToken" Them,
    Self::WrongType => "token.wrongType" Them,
    Self::NoPatient => "token.noPatient" Them,
    Self::BadPatient => "token.badPatient" Them,
    Self::Refused(Refusal { kind: RefusalKind::AccessDenied, .. }) => "token.accessDenied" Them,
    Self::Refused(Refusal { kind: RefusalKind::InvalidRequest, .. }) => "token.invalidRequest" Unknown,
    Self::Refused(Refusal { kind: RefusalKind::InvalidClient, .. }) => "token.invalidClient" Them,
    Self::Refused(Refusal { kind: RefusalKind::InvalidGrant, .. }) => "token.invalidGrant" Unknown,
    Self::Refused(Refusal { kind: RefusalKind::InvalidScope, .. }) => "token.invalidScope" Them,
    Self::Refused(Refusal { kind: RefusalKind::UnauthorizedClient, .. }) => "token.unauthorizedClient" Them,
    Self::Refused(Refusal { kind: RefusalKind::UnsupportedGrantType, .. }) => "token.unsupportedGrantType" Them,
    Self::Refused(Refusal { kind: RefusalKind::ServerError, .. }) => "token.serverError" Them,
    Self::Refused(Refusal { kind: RefusalKind::TemporarilyUnavailable, .. }) => "token.temporarilyUnavailable" Them,
    Self::Refused(_) => "token.refused" Them,
});

impl TokenError {
    /// What the server said, when it said something.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the same request may succeed a little later. A code is redeemed once at most, so this is for refreshing.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 429 | 500..=599),
            Self::Refused(refusal) => {
                matches!(refusal.kind, RefusalKind::ServerError | RefusalKind::TemporarilyUnavailable)
            }
            _ => false,
        }
    }
}

/// The members SMART adds to a token response.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct SmartFields {
    pub(super) patient: Option<String>,
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for SmartFields {}

impl fmt::Debug for SmartFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmartFields")
    }
}

/// A token response whose members have the types of the specification.
pub(super) struct TokenAnswer(StandardTokenResponse<SmartFields, BasicTokenType>);

impl TokenAnswer {
    /// Reads an answer of the token endpoint.
    pub(super) fn read(answer: &Answer<'_>) -> Result<Self, TokenError> {
        let object = match answer.object() {
            Ok(object) => object,
            Err(_) if answer.status >= 500 || answer.status == 429 => return Err(TokenError::Status(answer.status)),
            Err(NotJson::Html) => return Err(TokenError::Html),
            Err(_) if answer.status != 200 => return Err(TokenError::Status(answer.status)),
            Err(NotJson::Empty) => return Err(TokenError::Empty),
            Err(NotJson::Other) => return Err(TokenError::NotJson),
        };
        // Some servers state an error under status 200.
        if let Some(refusal) = Refusal::of(&object) {
            return Err(TokenError::Refused(refusal));
        }
        if !matches!(answer.status, 200 | 201) {
            return Err(TokenError::Status(answer.status));
        }
        let token = object.get("access_token").and_then(Value::as_str).ok_or(TokenError::NoAccessToken)?;
        if !sendable(token) {
            return Err(TokenError::Malformed);
        }
        let read: StandardTokenResponse<SmartFields, BasicTokenType> =
            serde_json::from_value(Value::Object(normalized(&object)?)).map_err(|_| TokenError::Malformed)?;
        if read.token_type() != &BasicTokenType::Bearer {
            return Err(TokenError::WrongType);
        }
        Ok(Self(read))
    }

    pub(super) fn access(&self) -> Secret<String> {
        Secret::new(self.0.access_token().secret().clone())
    }

    pub(super) fn refresh(&self) -> Option<Secret<String>> {
        self.0.refresh_token().map(|token| Secret::new(token.secret().clone()))
    }

    pub(super) fn expires(&self, now: Timestamp) -> Option<Timestamp> {
        let life = SignedDuration::try_from(self.0.expires_in()?).unwrap_or(SignedDuration::MAX);
        Some(now.saturating_add(life).unwrap_or(Timestamp::MAX))
    }

    /// What was granted; `before` where the answer says nothing.
    pub(super) fn scopes(&self, before: &Scopes) -> Scopes {
        match self.0.scopes() {
            Some(granted) => granted.iter().map(|scope| crate::Scope::parse(scope)).collect(),
            None => before.clone(),
        }
    }

    pub(super) fn patient(&self) -> Result<Option<String>, TokenError> {
        let Some(named) = &self.0.extra_fields().patient else { return Ok(None) };
        let id = named.strip_prefix("Patient/").unwrap_or(named);
        // Wider than FHIR's id by `_` and `~`, which some servers use; nothing that means anything in an address.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        let dots = id.bytes().all(|byte| byte == b'.');
        if id.len() > 128 || dots || !id.bytes().all(plain) {
            return Err(TokenError::BadPatient);
        }
        Ok(Some(id.to_owned()))
    }

    pub(super) fn id_token(&self) -> Option<String> {
        self.0.extra_fields().id_token.clone()
    }
}

/// RFC 6750, section 2.1: what can stand in an `Authorization` header.
fn sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The members that matter, in the types of the specification: numbers written as text and texts written as numbers
/// are common, and harmless.
fn normalized(object: &Map<String, Value>) -> Result<Map<String, Value>, TokenError> {
    let mut kept = Map::new();
    for name in ["access_token", "refresh_token", "scope", "patient", "id_token"] {
        let value = match object.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) if text.trim().is_empty() && name != "scope" => continue,
            Some(Value::String(text)) => Value::String(text.trim().to_owned()),
            Some(Value::Number(number)) if name == "patient" => Value::String(number.to_string()),
            Some(Value::Array(items)) if name == "scope" => {
                let scopes: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                Value::String(scopes.join(" "))
            }
            Some(_) => return Err(TokenError::Malformed),
        };
        kept.insert(name.to_owned(), value);
    }
    if kept.get("refresh_token").and_then(Value::as_str).is_some_and(|token| token.chars().any(char::is_control)) {
        return Err(TokenError::Malformed);
    }
    // Spaces between scopes come in all numbers; no scope at all is what `scope` missing means.
    if let Some(Value::String(scope)) = kept.remove("scope") {
        let scopes: Vec<&str> = scope.split_ascii_whitespace().collect();
        if !scopes.is_empty() {
            kept.insert("scope".to_owned(), Value::String(scopes.join(" ")));
        }
    }
    let token_type = match object.get("token_type") {
        None | Some(Value::Null) => "bearer",
        Some(Value::String(text)) => text.trim(),
        Some(_) => return Err(TokenError::Malformed),
    };
    kept.insert("token_type".to_owned(), Value::String(token_type.to_owned()));
    if let Some(seconds) = object.get("expires_in").and_then(seconds) {
        kept.insert("expires_in".to_owned(), Value::from(seconds));
    }
    Ok(kept)
}

/// A lifetime that cannot be read is one that was not said.
fn seconds(value: &Value) -> Option<u64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    text.split('.').next().and_then(|whole| whole.parse().ok())
}
