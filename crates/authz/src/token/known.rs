//! Knowing a token again, whoever shows it.

use crypto::Jws;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use types::{ClientId, GrantId};

use super::mint::family_tag;
use crate::{ErrorCode, Form, OAuthError, Permission, Setting, Step, TokenKind, Where, fingerprint, jwt};

/// Most characters of a token.
const MAX_TOKEN: usize = 8_192;

/// Under which name revoked signed tokens and families are kept until they would be over anyway.
const REVOKED: &str = "revoked";

/// A token that is good: it is ours, its time is not over, nobody revoked it, its client is there, its grant holds.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) kind: TokenKind,
    pub(crate) grant: GrantId,
    pub(crate) client: ClientId,
    pub(crate) at: Where,
    /// What of the grant it opens; `None`: all of it.
    pub(crate) only: Option<Vec<Permission>>,
    pub(crate) jkt: Option<String>,
    pub(crate) issued: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) id: TokenId,
}

/// What a token is revoked by.
#[derive(Debug)]
pub(crate) enum TokenId {
    /// The key of its row.
    Kept { hash: String },
    /// `jti` of a signed one.
    Signed(String),
}

impl Step<'_> {
    /// The token, when it is good; for whom and at which resource server is for the caller to judge.
    pub(crate) fn known(&self, token: &str) -> Option<Known> {
        let known = if token.contains('.') { self.signed(token) } else { self.kept(token) }?;
        let alive = self.now < known.until && self.is_wanted(&known.client);
        let approved = self.holding(&known.grant)?;
        let own = approved.client.as_ref().is_none_or(|client| *client == known.client);
        (alive && own).then_some(known)
    }

    /// Whether the client is there, and the owner has not blocked it. Also what it has of a grant that is not for it
    /// alone, and so goes on for others, opens nothing any more.
    pub(super) fn is_wanted(&self, client: &ClientId) -> bool {
        self.ledger.clients.find(client.as_str()).is_some_and(|client| client.blocked.is_none())
    }

    fn kept(&self, token: &str) -> Option<Known> {
        let row = self.ledger.tokens.find(&fingerprint(token)).filter(|row| row.used.is_none())?;
        Some(Known {
            kind: row.kind,
            grant: row.grant.clone()?,
            client: row.client.clone()?,
            at: self.setting.place(&row.audience)?,
            only: row.only.clone(),
            jkt: row.jkt.clone(),
            issued: row.issued,
            until: row.until,
            id: TokenId::Kept { hash: row.hash.clone() },
        })
    }

    /// RFC 9068 §4. The key is ours, named by the header and fit for its algorithm; nothing in the token chooses it.
    fn signed(&self, token: &str) -> Option<Known> {
        let jws = Jws::parse(token, MAX_TOKEN).ok()?;
        let header = jws.header();
        if !jwt::is_typed(header.typ.as_deref(), "at+jwt") || !self.setting.keys.have_signed(token, &jws) {
            return None;
        }
        let claims = jwt::claims(jws.payload())?;
        let text = |name: &str| jwt::text(&claims, name);
        let jti = text("jti")?;
        let (family, _) = jti.split_once('.')?;
        if text("iss") != Some(&self.setting.issuer) || self.was_spent(REVOKED, jti) || self.was_spent(REVOKED, family)
        {
            return None;
        }
        let at = self.setting.place(text("aud")?).filter(|_| text("aud") != Some(&self.setting.issuer))?;
        let only = claims.get("permissions").map(|listed| permissions(listed, &at));
        Some(Known {
            kind: TokenKind::Access,
            grant: text("grant")?.parse().ok()?,
            client: text("client_id")?.parse().ok()?,
            // What cannot be read limits to nothing.
            only: only.map(Option::unwrap_or_default),
            at,
            jkt: claims.get("cnf").and_then(|cnf| cnf.get("jkt")).and_then(|jkt| jkt.as_str()).map(str::to_owned),
            issued: jwt::instant(&claims, "iat")?,
            until: jwt::instant(&claims, "exp")?,
            id: TokenId::Signed(jti.to_owned()),
        })
    }

    /// Revokes every token that came from one code, ticket or assertion. Signed ones stop at the wallet's own server and
    /// at introspection at once, and elsewhere when their minutes are over.
    pub(crate) fn revoke_family(&mut self, family: &str) {
        let theirs: Vec<String> =
            self.ledger.tokens.iter().filter(|token| token.family == family).map(|token| token.hash.clone()).collect();
        for hash in theirs {
            self.ledger.tokens.remove(&hash);
        }
        self.spend(REVOKED, &family_tag(family), self.signed_tokens_are_over());
    }

    /// Revokes one access token.
    pub(crate) fn revoke_one(&mut self, id: &TokenId) {
        match id {
            TokenId::Kept { hash } => drop(self.ledger.tokens.remove(hash)),
            TokenId::Signed(jti) => {
                self.spend(REVOKED, jti, self.signed_tokens_are_over());
            }
        }
    }

    /// When every signed token that is about now is over.
    fn signed_tokens_are_over(&self) -> Timestamp {
        let life = self.setting.access_life.saturating_add(SignedDuration::from_mins(1));
        self.now.saturating_add(life).unwrap_or(self.now)
    }
}

impl Setting {
    /// Whether every `resource` that a request for a token names (RFC 8707 §2.2) is the one that the token is for.
    ///
    /// # Errors
    /// `invalid_target`.
    pub(crate) fn is_meant(&self, form: &Form, at: &Where) -> Result<(), OAuthError> {
        let audience = self.audience(at);
        if form.all("resource").all(|resource| resource.trim_end_matches('/') == audience) {
            return Ok(());
        }
        Err(OAuthError::new(ErrorCode::InvalidTarget, "the token is for another resource server"))
    }

    /// Which resource server an `aud` of ours means. Protection tokens are for the authorization server itself.
    pub(crate) fn place(&self, audience: &str) -> Option<Where> {
        if audience == self.fhir() || audience == self.issuer {
            Some(Where::Here)
        } else {
            audience.parse().ok().map(Where::At)
        }
    }
}

/// The `permissions` of a signed token.
fn permissions(listed: &Value, at: &Where) -> Option<Vec<Permission>> {
    let one = |one: &Value| {
        let scopes = one.get("resource_scopes")?.as_array()?.iter().map(|scope| scope.as_str().map(str::to_owned));
        Some(Permission {
            at: at.clone(),
            resource: one.get("resource_id")?.as_str()?.to_owned(),
            scopes: scopes.collect::<Option<_>>()?,
        })
    };
    listed.as_array()?.iter().map(one).collect()
}
