//! Client metadata: what is taken, and how it is told back.

use crypto::{Jwk, JwkError};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use types::{ClientId, Secret};
use url::Url;

use super::{Sent, bad};
use crate::client::ALGORITHMS;
use crate::metadata::METHODS;
use crate::token::PROTECTION;
use crate::{Client, ClientKeys, ClientKind, Door, ErrorCode, OAuthError, Setting, UMA_TICKET, fingerprint};

/// Most redirect addresses, and most keys, of one client.
const MAX_LISTED: usize = 20;

/// Most bytes of an address, and characters of a name.
const MAX_ADDRESS: usize = 2_048;
const MAX_NAME: usize = 100;

impl Setting {
    /// The client that was sent, when all of it can be taken.
    pub(super) fn client(
        &self,
        sent: Sent,
        id: ClientId,
        secret: &Secret<String>,
        now: Timestamp,
    ) -> Result<Client, OAuthError> {
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
    pub(super) fn registration(&self, client: &Client, management: &Secret<String>) -> Map<String, Value> {
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
