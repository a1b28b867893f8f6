use std::fmt;

use serde_json::{Map, Value, json};
use thiserror::Error;
use url::Url;

/// The codes that OAuth 2 and its extensions define, as far as this server answers with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// RFC 6749 §5.2.
    InvalidRequest,
    /// RFC 6749 §5.2; 401.
    InvalidClient,
    /// RFC 6749 §5.2: the code, ticket or refresh token is not good (any more).
    InvalidGrant,
    /// RFC 6749 §5.2; for backend services also: the owner has not approved this client.
    UnauthorizedClient,
    /// RFC 6749 §5.2.
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749 §5.2.
    InvalidScope,
    /// RFC 6749 §4.1.2.1: the owner refused.
    AccessDenied,
    /// OpenID Connect Core §3.1.2.6: the owner is always asked.
    ConsentRequired,
    /// RFC 6749 §4.1.2.1.
    TemporarilyUnavailable,
    /// RFC 9396 §5.
    InvalidAuthorizationDetails,
    /// RFC 8707 §2.
    InvalidTarget,
    /// RFC 7591 §3.2.2.
    InvalidRedirectUri,
    /// RFC 7591 §3.2.2.
    InvalidClientMetadata,
    /// RFC 9449 §5.
    InvalidDpopProof,
    /// RFC 9449 §8.
    UseDpopNonce,
    /// RFC 6750 §3.1; 401.
    InvalidToken,
    /// RFC 6750 §3.1; 403.
    InsufficientScope,
    /// UMA 2.0 Grant §3.3.6; 403.
    NeedInfo,
    /// UMA 2.0 Grant §3.3.6; 403.
    RequestDenied,
    /// UMA 2.0 Grant §3.3.6; 403.
    RequestSubmitted,
    /// RFC 7009 §2.2.1.
    UnsupportedTokenType,
    /// UMA 2.0 Federated Authorization §4.3.
    InvalidResourceId,
    /// Too much from one side; 429.
    SlowDown,
    /// Nothing of that name; 404.
    NotFound,
}

impl ErrorCode {
    /// The `error` member.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ConsentRequired => "consent_required",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::NeedInfo => "need_info",
            Self::RequestDenied => "request_denied",
            Self::RequestSubmitted => "request_submitted",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidResourceId => "invalid_resource_id",
            Self::SlowDown => "slow_down",
            Self::NotFound => "not_found",
        }
    }

    /// The HTTP status it travels under.
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken => 401,
            Self::InsufficientScope | Self::NeedInfo | Self::RequestDenied | Self::RequestSubmitted => 403,
            Self::NotFound => 404,
            Self::SlowDown => 429,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

/// A refusal as the other side reads it. The description is one of a fixed set of texts and never holds data.
#[derive(Error, Clone, PartialEq)]
#[error("{description}")]
pub struct OAuthError {
    /// `error`.
    pub code: ErrorCode,
    /// `error_description`: what is wrong, for whoever writes the client.
    pub description: &'static str,
    /// Further members, such as `ticket` and `required_claims` of UMA.
    pub members: Map<String, Value>,
}

impl OAuthError {
    /// A refusal without further members.
    pub fn new(code: ErrorCode, description: &'static str) -> Self {
        Self { code, description, members: Map::new() }
    }

    /// With this further member.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// The JSON body of RFC 6749 §5.2.
    pub fn body(&self) -> Value {
        let mut body = self.members.clone();
        body.insert("error".to_owned(), json!(self.code.as_str()));
        body.insert("error_description".to_owned(), json!(self.description));
        Value::Object(body)
    }
}

impl fmt::Debug for OAuthError {
    /// Without the members: the next ticket is among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, description, members: _ } = self;
        f.debug_struct("OAuthError").field("code", code).field("description", description).finish_non_exhaustive()
    }
}

/// Why a step ended without its answer.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum Stop {
    /// The other side is refused.
    #[error(transparent)]
    Refused(#[from] OAuthError),
    /// Something must be brought first: fetch it, put it into the ledger ([`Brought`](crate::Brought)), and take the
    /// step again. At most a few times, or the step is refused.
    #[error("a document has to be fetched first")]
    Bring(Wanted),
}

/// A document that a step needs from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it is. The client or the issuer named it: it is fetched under the rules for foreign addresses.
    pub url: Url,
}
