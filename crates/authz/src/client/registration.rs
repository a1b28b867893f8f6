//! Registration (RFC 7591) and its management (RFC 7592). Registering approves nothing, and costs whoever floods it more
//! than us.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};
use types::{ClientId, Secret};

use crate::{Client, ClientKeys, ErrorCode, OAuthError, Step, Stop, WhyEnded, fingerprint};

mod stated;

/// Most bytes of a registration.
const MAX_BODY: usize = 16 << 10;

/// Most clients at once.
const MAX_CLIENTS: usize = 1_000;

/// Most registrations in an hour.
const MAX_AN_HOUR: usize = 100;

/// How long a client that nothing was approved for may stay unused.
const UNUSED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long a new client is left alone when there is no more room.
const NEW: SignedDuration = SignedDuration::from_hours(1);

/// Client metadata as it is sent. What is not known is ignored (RFC 7591 §2).
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    client_name: String,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    claims_redirect_uris: Vec<String>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    #[serde(default)]
    scope: String,
    jwks: Option<Value>,
    jwks_uri: Option<String>,
    #[serde(default)]
    dpop_bound_access_tokens: bool,
}

impl Step<'_> {
    /// Registers a client; the answer of RFC 7591 §3.2.1, with its secrets, for the client and nowhere else.
    ///
    /// # Errors
    /// `invalid_client_metadata`, `invalid_redirect_uri`; `slow_down` beyond the limits.
    pub fn register(&mut self, body: &[u8]) -> Result<Value, Stop> {
        let sent = (body.len() <= MAX_BODY).then(|| serde_json::from_slice::<Sent>(body).ok()).flatten();
        let sent = sent.ok_or_else(|| bad("the registration does not read"))?;
        self.room_for_one()?;
        let (secret, management) = (self.draw.text(), self.draw.text());
        let client = self.setting.client(sent, ClientId::from_random(self.draw.id()), &secret, self.now)?;
        let client = Client { management: Some(fingerprint(management.expose())), ..client };
        let mut answer = self.setting.registration(&client, &management);
        if matches!(client.keys, Some(ClientKeys::Secret(_))) {
            answer.insert("client_secret".to_owned(), json!(secret.expose()));
            answer.insert("client_secret_expires_at".to_owned(), json!(0));
        }
        self.ledger.clients.put(client);
        Ok(Value::Object(answer))
    }

    /// What a client registered (RFC 7592 §2.1), for whoever has its registration access token.
    ///
    /// # Errors
    /// `invalid_token`.
    pub fn client_of(&self, id: &str, token: &Secret<String>) -> Result<Value, OAuthError> {
        let client = self.managed(id, token)?;
        Ok(Value::Object(self.setting.registration(client, token)))
    }

    /// Takes a registration back (RFC 7592 §2.3), and with it all that the client was given or asks.
    ///
    /// # Errors
    /// `invalid_token`.
    pub fn unregister(&mut self, id: &str, token: &Secret<String>) -> Result<(), OAuthError> {
        let id = self.managed(id, token)?.id.clone();
        self.forget_client(&id, WhyEnded::Client);
        Ok(())
    }

    /// Takes out a client and all that it was given, asks, or put here.
    pub fn forget_client(&mut self, id: &ClientId, why: WhyEnded) {
        let grants = self.ledger.grants.iter().filter(|row| row.client.as_ref() == Some(id));
        let grants: Vec<_> = grants.map(|row| row.grant.id.clone()).collect();
        for grant in grants {
            // It is there: its id was read a moment ago.
            let _there = self.end(&grant, why);
        }
        let requests = self.ledger.requests.iter().filter(|row| row.client == *id);
        let requests: Vec<_> = requests.map(|row| row.id.clone()).collect();
        requests.iter().for_each(|request| self.withdraw(request));
        for key in self.ledger.tokens.keys(|row| row.client.as_ref() == Some(id)) {
            self.ledger.tokens.remove(&key);
        }
        for key in self.ledger.resources.keys(|row| row.server == *id) {
            self.ledger.resources.remove(&key);
        }
        self.ledger.clients.remove(id.as_str());
    }

    /// Takes out clients that nothing was ever approved for or asked by, and that were not used for 30 days.
    pub fn sweep_clients(&mut self) {
        let over: Vec<String> = self
            .idle()
            .filter(|client| self.now.duration_since(client.used.unwrap_or(client.registered)) >= UNUSED)
            .map(|client| client.id.to_string())
            .collect();
        over.iter().for_each(|id| drop(self.ledger.clients.remove(id)));
    }

    /// Clients that left no trace but their registration.
    fn idle(&self) -> impl Iterator<Item = &Client> {
        let grants = self.ledger.grants.iter().filter_map(|row| row.client.as_ref());
        let requests = self.ledger.requests.iter().map(|row| &row.client);
        let busy: std::collections::BTreeSet<&ClientId> = grants.chain(requests).collect();
        self.ledger.clients.iter().filter(move |client| !busy.contains(&client.id) && client.blocked.is_none())
    }

    fn room_for_one(&mut self) -> Result<(), OAuthError> {
        let too_many = || OAuthError::new(ErrorCode::SlowDown, "there are too many registrations");
        let lately = |client: &&Client| self.now.duration_since(client.registered) < SignedDuration::from_hours(1);
        if self.ledger.clients.iter().filter(lately).count() >= MAX_AN_HOUR {
            return Err(too_many());
        }
        if self.ledger.clients.count() >= MAX_CLIENTS {
            self.sweep_clients();
        }
        if self.ledger.clients.count() >= MAX_CLIENTS {
            // Whoever fills the table with names must not keep others out for a month.
            let idle =
                self.idle().filter(|client| client.used.is_none() && self.now.duration_since(client.registered) >= NEW);
            let oldest = idle.min_by_key(|client| client.registered).map(|client| client.id.to_string());
            self.ledger.clients.remove(&oldest.ok_or_else(too_many)?);
        }
        Ok(())
    }

    fn managed(&self, id: &str, token: &Secret<String>) -> Result<&Client, OAuthError> {
        let hash = fingerprint(token.expose());
        let is_its = |client: &&Client| {
            client.management.as_ref().is_some_and(|own| crypto::constant_time_eq(own.as_bytes(), hash.as_bytes()))
        };
        let no = || OAuthError::new(ErrorCode::InvalidToken, "the registration access token opens nothing here");
        self.ledger.clients.find(id).filter(is_its).ok_or_else(no)
    }
}

fn bad(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClientMetadata, why)
}

#[cfg(test)]
mod tests;
