//! Registration (RFC 7591) and its management (RFC 7592). Registering approves nothing, and costs whoever floods it more
//! than us.

use crypto::{Jwk, JwkError};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use types::{ClientId, Secret};
use url::Url;

use super::ALGORITHMS;
use crate::metadata::METHODS;
use crate::token::PROTECTION;
use crate::{
    Client, ClientKeys, ClientKind, Door, ErrorCode, OAuthError, Setting, Step, Stop, UMA_TICKET, WhyEnded, fingerprint,
};

/// Most bytes of a registration.
const MAX_BODY: usize = 16 << 10;

/// Most clients at once.
const MAX_CLIENTS: usize = 1_000;

/// Most registrations in an hour.
const MAX_AN_HOUR: usize = 100;

/// Most redirect addresses, and most keys, of one client.
const MAX_LISTED: usize = 20;

/// Most bytes of an address, and characters of a name.
const MAX_ADDRESS: usize = 2_048;
const MAX_NAME: usize = 100;

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
        let grants = self.ledger.grants.iter().filter(|row| row.client.as_ref() == Some(&id));
        let grants: Vec<_> = grants.map(|row| row.grant.id.clone()).collect();
        for grant in grants {
            // It is there: its id was read a moment ago.
            let _there = self.end(&grant, WhyEnded::Client);
        }
        let requests: Vec<_> =
            self.ledger.requests.iter().filter(|row| row.client == id).map(|row| row.id.clone()).collect();
        requests.iter().for_each(|request| self.withdraw(request));
        let tokens = self.ledger.tokens.iter().filter(|row| row.client.as_ref() == Some(&id));
        let tokens: Vec<String> = tokens.map(|row| row.hash.clone()).collect();
        tokens.iter().for_each(|hash| drop(self.ledger.tokens.remove(hash)));
        let resources: Vec<_> =
            self.ledger.resources.iter().filter(|row| row.server == id).map(|row| row.id.clone()).collect();
        resources.iter().for_each(|resource| drop(self.ledger.resources.remove(resource.as_str())));
        self.ledger.clients.remove(id.as_str());
        Ok(())
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

impl Setting {
    fn client(&self, sent: Sent, id: ClientId, secret: &Secret<String>, now: Timestamp) -> Result<Client, OAuthError> {
        let known = self.grant_types();
        let grant_types = sent.grant_types.unwrap_or_else(|| vec!["authorization_code".to_owned()]);
        let grant_types: Vec<String> = grant_types.into_iter().filter(|name| known.contains(&name.as_str())).collect();
        let with = |name: &str| grant_types.iter().any(|own| own == name);
        if grant_types.is_empty() {
            return Err(bad("none of the grant types is supported"));
        }
        if sent.response_types.is_some_and(|all| all.iter().any(|one| one != "code")) {
            return Err(bad("the only response type is code"));
        }
        if !is_scope(&sent.scope) {
            return Err(bad("the scope does not read"));
        }
        if sent.client_name.chars().count() > MAX_NAME || sent.client_name.chars().any(is_hidden) {
            return Err(bad("the name of the client cannot be shown"));
        }
        let method = sent.token_endpoint_auth_method.unwrap_or_else(|| "client_secret_basic".to_owned());
        let keys = match method.as_str() {
            "none" => None,
            "client_secret_basic" | "client_secret_post" => Some(ClientKeys::Secret(fingerprint(secret.expose()))),
            "private_key_jwt" => Some(published(sent.jwks, sent.jwks_uri)?),
            _ => return Err(bad("the client cannot authenticate so here")),
        };
        let kind = if sent.scope.split(' ').any(|word| word == PROTECTION) {
            ClientKind::ResourceServer
        } else if with("client_credentials") {
            ClientKind::Backend
        } else {
            ClientKind::App
        };
        let (door, proves) = match kind {
            ClientKind::App => (None, true),
            ClientKind::Backend => {
                (Some(Door::Backend), matches!(keys, Some(ClientKeys::Inline(_) | ClientKeys::At(_))))
            }
            ClientKind::ResourceServer => (Some(Door::Federation), keys.is_some()),
        };
        if door.is_some_and(|door| self.through(door).is_err()) {
            return Err(bad("the scope is not given here"));
        }
        if !proves {
            return Err(bad("a service proves who it is with its own key"));
        }
        if kind == ClientKind::Backend && (with("authorization_code") || with(UMA_TICKET)) {
            return Err(bad("a service that acts for itself does not act for a person: register it apart"));
        }
        if with("authorization_code") && sent.redirect_uris.is_empty() {
            return Err(OAuthError::new(ErrorCode::InvalidRedirectUri, "there is no redirect address"));
        }
        let addresses = sent.redirect_uris.iter().chain(&sent.claims_redirect_uris);
        if sent.redirect_uris.len() + sent.claims_redirect_uris.len() > MAX_LISTED
            || !addresses.clone().all(|text| is_redirect(text))
        {
            return Err(OAuthError::new(ErrorCode::InvalidRedirectUri, "a redirect address is not one that is safe"));
        }
        let mut origins: Vec<String> = addresses.filter_map(|text| origin(text)).collect();
        origins.sort();
        origins.dedup();
        Ok(Client {
            id,
            name: sent.client_name,
            kind,
            redirect_uris: sent.redirect_uris,
            claims_redirect_uris: sent.claims_redirect_uris,
            keys,
            grant_types,
            scope: sent.scope,
            origins,
            dpop_bound: sent.dpop_bound_access_tokens,
            registered: now,
            used: None,
            blocked: None,
            management: None,
        })
    }

    /// The registration as it stands: what was left out of it or filled in is seen here.
    fn registration(&self, client: &Client, management: &Secret<String>) -> Map<String, Value> {
        let [none, basic, _, key] = METHODS;
        let method = match &client.keys {
            None => none,
            Some(ClientKeys::Secret(_)) => basic,
            Some(ClientKeys::Inline(_) | ClientKeys::At(_)) => key,
        };
        let by_code = client.grant_types.iter().any(|name| name == "authorization_code");
        let members = [
            ("client_id", json!(client.id.as_str())),
            ("client_id_issued_at", json!(client.registered.as_second())),
            ("client_name", json!(client.name)),
            ("redirect_uris", json!(client.redirect_uris)),
            ("claims_redirect_uris", json!(client.claims_redirect_uris)),
            ("token_endpoint_auth_method", json!(method)),
            ("grant_types", json!(client.grant_types)),
            ("response_types", if by_code { json!(["code"]) } else { json!([]) }),
            ("scope", json!(client.scope)),
            ("dpop_bound_access_tokens", json!(client.dpop_bound)),
            ("registration_access_token", json!(management.expose())),
            ("registration_client_uri", json!(self.endpoint(&format!("register/{}", client.id)))),
        ];
        let mut members: Map<String, Value> =
            members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        match &client.keys {
            Some(ClientKeys::Inline(keys)) => drop(members.insert("jwks".to_owned(), keys.clone())),
            Some(ClientKeys::At(url)) => drop(members.insert("jwks_uri".to_owned(), json!(url))),
            Some(ClientKeys::Secret(_)) | None => {}
        }
        members
    }
}

/// `jwks` or `jwks_uri`, one of them.
fn published(jwks: Option<Value>, jwks_uri: Option<String>) -> Result<ClientKeys, OAuthError> {
    match (jwks, jwks_uri) {
        (Some(jwks), None) => {
            let keys = jwks.get("keys").and_then(Value::as_array).filter(|keys| keys.len() <= MAX_LISTED);
            let keys = keys.ok_or_else(|| bad("the keys do not read"))?;
            let read: Vec<Result<Jwk, JwkError>> = keys.iter().map(Jwk::parse).collect();
            if read.iter().any(|key| matches!(key, Err(JwkError::Private))) {
                return Err(bad("a key carries its private parts: it is known to others now, make a new one"));
            }
            let usable = |key: &Jwk| ALGORITHMS.iter().any(|algorithm| key.verifying_key(*algorithm).is_ok());
            let usable: Vec<Jwk> = read.into_iter().flatten().filter(usable).collect();
            if usable.is_empty() {
                return Err(bad("none of the keys can be used here"));
            }
            Ok(ClientKeys::Inline(json!({ "keys": usable })))
        }
        (None, Some(address)) => {
            let url = Url::parse(&address).ok().filter(|url| address.len() <= MAX_ADDRESS && is_web(url));
            url.map(|url| ClientKeys::At(url.to_string())).ok_or_else(|| bad("the address of the keys is not https"))
        }
        _ => Err(bad("the keys stand either here or at one address")),
    }
}

/// `https`, or `http` on this computer, where nobody can come between.
fn is_web(url: &Url) -> bool {
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    plain && (url.scheme() == "https" || url.scheme() == "http" && types::is_loopback(url))
}

/// A web address, or one of a scheme that an app has for itself: with a dot in it, as of a reversed domain name
/// (RFC 8252 §7.1). Such a scheme is no `javascript` and no `data`.
fn is_redirect(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let own = url.scheme().contains('.') && url.fragment().is_none();
    text.len() <= MAX_ADDRESS && text.chars().all(|c| c.is_ascii_graphic()) && (is_web(&url) || own)
}

fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(is_web)?;
    Some(url.origin().ascii_serialization())
}

fn is_scope(text: &str) -> bool {
    let is_token = |word: &str| !word.is_empty() && word.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
    text.is_empty() || text.split(' ').all(is_token)
}

/// Characters that change how others are shown.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn bad(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClientMetadata, why)
}

#[cfg(test)]
mod tests;
