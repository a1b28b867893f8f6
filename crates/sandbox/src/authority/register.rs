use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode};
use crypto::{Jwks, b64u};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::reply;
use crate::world::World;

use super::client::{Client, Proof};

/// What a program says about itself (RFC 7591, section 2).
#[derive(Debug, Deserialize)]
struct Registration {
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    client_name: Option<String>,
    #[serde(default)]
    token_endpoint_auth_method: Option<String>,
    #[serde(default)]
    jwks: Option<Value>,
    #[serde(default)]
    jwks_uri: Option<String>,
    #[serde(default)]
    scope: Option<String>,
}

/// Dynamic registration, open to everyone here: public clients, and clients with a key.
pub(super) async fn register(State(world): State<Arc<World>>, body: Bytes) -> Response<Body> {
    let refuse = |error, words| reply::oauth_error(StatusCode::BAD_REQUEST, error, words);
    let Ok(wanted) = serde_json::from_slice::<Registration>(&body) else {
        return refuse("invalid_client_metadata", "the registration is not a JSON object of RFC 7591");
    };
    if wanted.redirect_uris.is_empty() || !wanted.redirect_uris.iter().all(|uri| may_return(uri)) {
        return refuse("invalid_redirect_uri", "each must be https, or http on a loopback address, without a fragment");
    }
    let method = wanted.token_endpoint_auth_method.as_deref().unwrap_or("none");
    let proof = match (method, &wanted.jwks, &wanted.jwks_uri) {
        ("none", _, _) => Proof::None,
        ("private_key_jwt", Some(jwks), None) => match Jwks::parse(jwks.to_string().as_bytes()) {
            Ok(keys) if !keys.keys.is_empty() => Proof::Keys(keys),
            _ => return refuse("invalid_client_metadata", "jwks holds no public key that can be used"),
        },
        ("private_key_jwt", None, Some(uri)) => match Url::parse(uri).ok().filter(is_loopback) {
            Some(url) => Proof::KeysAt(url),
            None => return refuse("invalid_client_metadata", "jwks_uri must be on this machine"),
        },
        _ => return refuse("invalid_client_metadata", "none, or private_key_jwt with jwks or jwks_uri"),
    };
    let Ok(random) = crypto::random::<16>() else { return refuse("invalid_client_metadata", "no randomness") };
    let id = b64u::encode(&random);
    let name = wanted.client_name.unwrap_or_else(|| "A program without a name".to_owned());
    let answer = json!({
        "client_id": id,
        "client_id_issued_at": world.clock.now().as_second(),
        "client_name": name,
        "redirect_uris": wanted.redirect_uris,
        "token_endpoint_auth_method": method,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": wanted.scope.unwrap_or_default(),
        "jwks": wanted.jwks,
        "jwks_uri": wanted.jwks_uri,
    });
    world.authority.clients().add(Client { id, name, redirects: wanted.redirect_uris, proof });
    reply::json(StatusCode::CREATED, &without_nulls(answer))
}

fn may_return(uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else { return false };
    url.fragment().is_none() && (url.scheme() == "https" || is_loopback(&url))
}

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
}

fn without_nulls(mut value: Value) -> Value {
    if let Some(map) = value.as_object_mut() {
        map.retain(|_, member| !member.is_null());
    }
    value
}
