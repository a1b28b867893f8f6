use serde_json::{Map, Value};

use crate::answer::text;

/// An error an authorization server states in the words of OAuth 2.0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which one.
    pub kind: RefusalKind,
    /// `error`, as written, cut to what can be shown.
    pub error: String,
    /// `error_description`, as written, cut to what can be shown. The other side's words: for experts.
    pub description: Option<String>,
}

/// Error codes of RFC 6749 (4.1.2.1, 5.2) and OpenID Connect Core (3.1.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalKind {
    /// `invalid_request`.
    InvalidRequest,
    /// `invalid_client`.
    InvalidClient,
    /// `invalid_grant`.
    InvalidGrant,
    /// `invalid_scope`.
    InvalidScope,
    /// `unauthorized_client`.
    UnauthorizedClient,
    /// `unsupported_grant_type`.
    UnsupportedGrantType,
    /// `unsupported_response_type`.
    UnsupportedResponseType,
    /// `access_denied`: the person, or the server for them, said no.
    AccessDenied,
    /// `server_error`.
    ServerError,
    /// `temporarily_unavailable`.
    TemporarilyUnavailable,
    /// `login_required`, `interaction_required`, `consent_required`, `account_selection_required`.
    LoginRequired,
    /// Another one.
    Other,
}

impl Refusal {
    /// Reads `error` and `error_description`; neither is trusted to be short or printable.
    pub(crate) fn new(error: &str, description: Option<&str>) -> Self {
        let kind = match error {
            "invalid_request" => RefusalKind::InvalidRequest,
            "invalid_client" => RefusalKind::InvalidClient,
            "invalid_grant" => RefusalKind::InvalidGrant,
            "invalid_scope" => RefusalKind::InvalidScope,
            "unauthorized_client" => RefusalKind::UnauthorizedClient,
            "unsupported_grant_type" => RefusalKind::UnsupportedGrantType,
            "unsupported_response_type" => RefusalKind::UnsupportedResponseType,
            "access_denied" => RefusalKind::AccessDenied,
            "server_error" => RefusalKind::ServerError,
            "temporarily_unavailable" => RefusalKind::TemporarilyUnavailable,
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
                RefusalKind::LoginRequired
            }
            _ => RefusalKind::Other,
        };
        Self { kind, error: shown(error, 64), description: description.map(|text| shown(text, 500)) }
    }

    /// The error of a JSON answer, when it states one.
    pub(crate) fn of(object: &Map<String, Value>) -> Option<Self> {
        Some(Self::new(text(object, "error")?, text(object, "error_description")))
    }
}

/// What of a foreign text can be put before a person: printable, without marks that turn the direction, and short.
fn shown(text: &str, longest: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !c.is_control() && !turns(*c)).take(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_cut_to_what_can_be_shown() {
        let refusal = Refusal::new("invalid_client", Some(&format!("no\u{202e}pe\r\n\x1b[31m{}", "x".repeat(9_000))));
        assert_eq!(refusal.kind, RefusalKind::InvalidClient);
        let description = refusal.description.expect("a description");
        assert!(description.starts_with("nope[31mx"), "{description}");
        assert_eq!(description.chars().count(), 500);
        assert_eq!(Refusal::new("something_new", None).kind, RefusalKind::Other);
    }
}
