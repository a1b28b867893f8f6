//! Clients: who they are, and how they prove it.

use jiff::SignedDuration;

use crate::{Client, ClientKeys, ErrorCode, Form, OAuthError, Step, Stop, TokenKind, fingerprint};

mod assertion;
mod registration;

pub(crate) use assertion::ALGORITHMS;

/// How exactly the last use of a client is known: not every request changes its row.
const USE_KNOWN: SignedDuration = SignedDuration::from_hours(24);

impl Step<'_> {
    /// Who sends this request (RFC 6749 §2.3): a public client by its `client_id`, one with a secret by HTTP Basic or in
    /// the form, one with keys by a signed assertion (RFC 7523). A client that registered a secret or keys never passes
    /// without them, and nobody passes in two ways at once. `basic` is user and password of the header.
    ///
    /// # Errors
    /// `invalid_client`; `invalid_request` for two ways at once; [`Stop::Bring`] for the client's published keys.
    pub fn authenticate(&mut self, form: &Form, basic: Option<(&str, &str)>) -> Result<Client, Stop> {
        let (secret, assertion) = (form.find("client_secret"), form.find("client_assertion"));
        let client = match (basic, secret, assertion) {
            (None, None, Some(assertion)) => self.by_assertion(assertion, form)?,
            (Some((id, secret)), None, None) => {
                if form.find("client_id").is_some_and(|other| other != id) {
                    return Err(unknown().into());
                }
                self.by_secret(id, secret)?
            }
            (None, Some(secret), None) => self.by_secret(form.need("client_id")?, secret)?,
            (None, None, None) => match form.find("client_id") {
                Some(id) => self.by_id(id)?,
                None => self.by_refresh_token(form)?,
            },
            _ => {
                let why = "the client authenticates in more than one way";
                return Err(OAuthError::new(ErrorCode::InvalidRequest, why).into());
            }
        };
        self.was_used(&client);
        Ok(client)
    }

    fn by_id(&self, id: &str) -> Result<Client, OAuthError> {
        let public = self.ledger.clients.find(id).filter(|client| client.keys.is_none());
        public.cloned().ok_or_else(unknown)
    }

    /// A public client that renews: RFC 6749 §6 asks it for no more than the refresh token, which is its own and nobody
    /// else's, and widely used libraries send no more.
    fn by_refresh_token(&self, form: &Form) -> Result<Client, OAuthError> {
        let token = form.find("refresh_token").filter(|_| form.find("grant_type") == Some("refresh_token"));
        let row = token.and_then(|token| self.ledger.tokens.find(&fingerprint(token)));
        let row = row.filter(|row| row.kind == TokenKind::Refresh).ok_or_else(unknown)?;
        self.by_id(row.client.as_ref().ok_or_else(unknown)?.as_str())
    }

    fn by_secret(&self, id: &str, secret: &str) -> Result<Client, OAuthError> {
        let client = self.ledger.clients.find(id).ok_or_else(unknown)?;
        let Some(ClientKeys::Secret(hash)) = &client.keys else { return Err(unknown()) };
        let same = crypto::constant_time_eq(hash.as_bytes(), fingerprint(secret).as_bytes());
        if same { Ok(client.clone()) } else { Err(unknown()) }
    }

    fn was_used(&mut self, client: &Client) {
        let now = self.now;
        let is_new = client.used.is_none_or(|used| now.duration_since(used) >= USE_KNOWN);
        if is_new {
            self.ledger.clients.change(client.id.as_str(), |client| client.used = Some(now));
        }
    }
}

/// One text for every failure: whether the client exists, or how it should have come, is not told.
fn unknown() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClient, "the client is not known or did not prove who it is")
}

#[cfg(test)]
mod tests;
