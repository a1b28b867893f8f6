use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use types::{ClientId, GrantId, RequestId};

use super::{Permission, Row};

/// A request pushed ahead (RFC 9126): the parameters of an authorization request under a `request_uri`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pushed {
    /// SHA-256 of the `request_uri`, hexadecimal.
    pub hash: String,
    /// Who pushed it.
    pub client: ClientId,
    /// The parameters, as `application/x-www-form-urlencoded`.
    pub form: String,
    /// Until when it can be used, once.
    pub until: Timestamp,
}

/// How the answer to a request goes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Answered {
    /// By the browser, to the client's redirect address.
    Redirect {
        /// `redirect_uri`, as the client sent it.
        redirect_uri: String,
        /// `state`.
        state: Option<String>,
        /// `code_challenge`, method S256.
        challenge: String,
        /// `nonce`.
        nonce: Option<String>,
        /// Thumbprint of the key that the code is bound to (RFC 9449 §10).
        jkt: Option<String>,
        /// SHA-256 of what names this browser's wait, hexadecimal.
        wait: String,
    },
    /// By the browser, to the client's claims redirect address, with the next ticket (UMA 2.0 Grant §3.3.3).
    Claims {
        /// `claims_redirect_uri`, as the client registered it.
        redirect_uri: String,
        /// `state`.
        state: Option<String>,
        /// SHA-256 of what names this browser's wait, hexadecimal.
        wait: String,
    },
    /// By the ticket it was asked with: the client polls.
    Ticket,
    /// At the client's next request for a token.
    Asking,
}

/// An authorization code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// SHA-256 of the code, hexadecimal.
    pub hash: String,
    /// For whom.
    pub client: ClientId,
    /// What was approved.
    pub grant: GrantId,
    /// Which request it answers: redirect address, challenge and nonce stand there.
    pub request: RequestId,
    /// Until when: a minute.
    pub until: Timestamp,
    /// Used: a second use revokes what the first one gave (RFC 6749 §4.1.2).
    pub used: Option<Timestamp>,
}

/// A token that is looked up. Signed access tokens are not here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// SHA-256 of the token, hexadecimal.
    pub hash: String,
    /// What it is for.
    pub kind: TokenKind,
    /// All tokens that came from one code, ticket or assertion, one after the other; a reuse revokes all of them.
    pub family: String,
    /// Of which grant; that of a protection token lets its resource server put resources under this server.
    pub grant: Option<GrantId>,
    /// Whose it is.
    pub client: Option<ClientId>,
    /// `aud`: the resource server it is for.
    pub audience: String,
    /// `scope`.
    pub scope: String,
    /// What of its grant it opens; `None`: all of it. A token that a ticket bought opens what the ticket was for, however
    /// much more its grant gives.
    #[serde(default)]
    pub only: Option<Vec<Permission>>,
    /// Thumbprint of the key it is bound to (RFC 9449).
    pub jkt: Option<String>,
    /// When it was issued.
    pub issued: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// A refresh token that was exchanged for the next one. Kept, so that its reuse is seen.
    pub used: Option<Timestamp>,
}

/// What a [`Token`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenKind {
    /// An opaque access token.
    Access,
    /// A refresh token.
    Refresh,
    /// A protection API access token (PAT, UMA federation).
    Protection,
}

/// How access tokens of a grant are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenFormat {
    /// Random; says nothing; looked up at each use.
    #[default]
    Opaque,
    /// RFC 9068, signed; says what its grant lets the client know.
    Jwt,
}

impl Row for Pushed {
    const TABLE: &'static str = "pushed";

    fn key(&self) -> String {
        self.hash.clone()
    }

    fn expires(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}

impl Row for Code {
    const TABLE: &'static str = "codes";

    fn key(&self) -> String {
        self.hash.clone()
    }

    fn expires(&self) -> Option<Timestamp> {
        // A while longer than it can be used, so that a second use is seen.
        self.until.checked_add(jiff::SignedDuration::from_mins(10)).ok()
    }
}

impl Row for Token {
    const TABLE: &'static str = "tokens";

    fn key(&self) -> String {
        self.hash.clone()
    }

    fn expires(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}
