//! Access and refresh tokens: making them, and knowing them again.

use std::fmt;

use serde_json::{Map, Value, json};
use types::{ClientId, GrantId, Secret};

use crate::{Permission, Where};

mod app_password;
mod endpoint;
mod introspect;
mod known;
mod mint;
mod present;

pub(crate) use known::TokenId;
pub(crate) use mint::PROTECTION;
pub use present::{Access, Presented};

/// What tokens to make.
#[derive(Debug, Clone)]
pub struct Mint<'a> {
    /// Of which grant; it must hold.
    pub grant: &'a GrantId,
    /// For which client.
    pub client: &'a ClientId,
    /// For which resource server: `aud`.
    pub at: Where,
    /// The family they belong to: those that come from one code, ticket or assertion.
    pub family: &'a str,
    /// Thumbprint of the key they are bound to (RFC 9449).
    pub jkt: Option<&'a str>,
    /// What of the grant they open; `None`: all of it.
    pub only: Option<&'a [Permission]>,
    /// Whether a refresh token comes along.
    pub refresh: Refresh,
}

/// Whether a refresh token comes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// It does.
    With,
    /// It does not.
    Without,
}

/// Tokens that were made, on their way out.
pub struct Issued {
    /// `access_token`.
    pub access_token: Secret<String>,
    /// `token_type`: `Bearer` or `DPoP`.
    pub token_type: &'static str,
    /// `expires_in`, seconds.
    pub expires_in: i64,
    /// `refresh_token`.
    pub refresh_token: Option<Secret<String>>,
    /// Further members: `scope`, `authorization_details`, `patient`, `id_token`, `pct`, `upgraded`.
    pub members: Map<String, Value>,
}

impl fmt::Debug for Issued {
    /// Without the members: an `id_token` and a persisted claims token are among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("token_type", &self.token_type).finish_non_exhaustive()
    }
}

impl Issued {
    /// The body of the answer (RFC 6749 §5.1). It holds the tokens: for the answer and nowhere else.
    pub fn body(&self) -> Value {
        let mut body = self.members.clone();
        body.insert("access_token".to_owned(), json!(self.access_token.expose()));
        body.insert("token_type".to_owned(), json!(self.token_type));
        body.insert("expires_in".to_owned(), json!(self.expires_in));
        if let Some(refresh) = &self.refresh_token {
            body.insert("refresh_token".to_owned(), json!(refresh.expose()));
        }
        Value::Object(body)
    }
}
