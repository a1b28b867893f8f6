//! Introspection (RFC 7662) and revocation (RFC 7009).

use serde_json::{Value, json};

use types::GrantId;

use crate::{Client, ClientKind, Door, Event, Form, OAuthError, Step, TokenKind, Where, fingerprint};

impl Step<'_> {
    /// What a resource server may know of a token that is for it. Everything else, whatever is wrong with it, answers
    /// `active` false and no more (RFC 7662 §2.2). `client` has authenticated, or shown its protection token.
    ///
    /// # Errors
    /// `not_found` when no other resource server is served; `invalid_request` without a token.
    pub fn introspect(&mut self, client: &Client, form: &Form) -> Result<Value, OAuthError> {
        self.setting.through(Door::Federation)?;
        let token = form.need("token")?;
        let inactive = || json!({ "active": false });
        // One that the owner no longer lets in, or has blocked, is told nothing.
        if client.kind != ClientKind::ResourceServer || client.keys.is_none() || self.let_in(&client.id).is_none() {
            return Ok(inactive());
        }
        let (grant, told) = self.told(client, token).unzip();
        self.ledger.note(Event::Introspected { server: client.id.clone(), grant });
        Ok(told.unwrap_or_else(inactive))
    }

    /// The grant of a token, and what its resource server may know of it.
    fn told(&self, client: &Client, token: &str) -> Option<(GrantId, Value)> {
        let own = Where::At(client.id.clone());
        let known = self.known(token).filter(|known| known.kind == TokenKind::Access && known.at == own)?;
        let approved = self.holding(&known.grant)?;
        let said = self.setting.said(approved, &known.at, known.only.as_deref()).ok()?;
        let mut answer = said.members();
        answer.extend(said.permissions());
        let members = [
            ("active", json!(true)),
            ("iss", json!(self.setting.issuer)),
            ("sub", json!(self.setting.subject(approved, known.client.as_str()))),
            ("aud", json!(said.audience)),
            ("client_id", json!(known.client.as_str())),
            ("iat", json!(known.issued.as_second())),
            ("exp", json!(known.until.as_second())),
            ("token_type", json!(if known.jkt.is_some() { "DPoP" } else { "Bearer" })),
        ];
        answer.extend(members.map(|(name, value)| (name.to_owned(), value)));
        if let Some(jkt) = known.jkt {
            answer.insert("cnf".to_owned(), json!({ "jkt": jkt }));
        }
        Some((known.grant, Value::Object(answer)))
    }

    /// Revokes a token of this client; a refresh token takes along all that came of it. The answer does not tell
    /// whether there was such a token, and another client's stays as it is.
    ///
    /// # Errors
    /// `invalid_request` without a token.
    pub fn revoke(&mut self, client: &Client, form: &Form) -> Result<(), OAuthError> {
        let token = form.need("token")?;
        if let Some(row) = self.ledger.tokens.find(&fingerprint(token)) {
            if row.client.as_ref() == Some(&client.id) {
                let (kind, family, hash) = (row.kind, row.family.clone(), row.hash.clone());
                match kind {
                    TokenKind::Refresh => self.revoke_family(&family),
                    TokenKind::Access | TokenKind::Protection => drop(self.ledger.tokens.remove(&hash)),
                }
            }
        } else {
            let signed = self.known(token).filter(|known| known.client == client.id);
            signed.iter().for_each(|known| self.revoke_one(&known.id));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
