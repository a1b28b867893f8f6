use axum::body::Body;
use axum::http::Response;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::{Algorithm, Jwk, Jwks, Jws};
use jiff::SignedDuration;
use serde_json::Value;

use crate::reply;
use crate::world::World;

use super::client::{Client, Proof};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Assertions may live five minutes (SMART App Launch 2.2, "Client Authentication: Asymmetric").
const MOST_SECONDS: i64 = 300;

/// A value of a form, or of the Basic header's user name for the client id.
pub(super) fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// Finds out which client calls, and that it is the one: by its signed assertion, or, for a public client, by name alone.
pub(super) async fn client(world: &World, form: &[(String, String)]) -> Result<Client, Box<Response<Body>>> {
    let refuse = |words: &str| Err(Box::new(reply::oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", words)));
    let assertion = value(form, "client_assertion");
    let claims = assertion.and_then(|text| Jws::parse(text, 8192).ok()).and_then(|jws| {
        let claims: Value = serde_json::from_slice(jws.payload()).ok()?;
        Some((jws, claims))
    });
    let claimed = claims.as_ref().and_then(|(_, claims)| claims.get("sub")?.as_str());
    let Some(id) = value(form, "client_id").or(claimed) else { return refuse("no client is named") };
    let Some(client) = world.authority.clients().find(id) else { return refuse("the client is not known") };
    let keys = match &client.proof {
        Proof::None if assertion.is_none() => return Ok(client),
        Proof::None => return refuse("the client is public and has no key"),
        Proof::Keys(keys) => keys.clone(),
        Proof::KeysAt(url) => match fetched(world, url.as_str()).await {
            Some(keys) => keys,
            None => return refuse("the client's keys cannot be fetched"),
        },
    };
    if value(form, "client_assertion_type") != Some(ASSERTION) {
        return refuse("the assertion is of another type");
    }
    let Some((jws, claims)) = claims else { return refuse("the client must sign an assertion") };
    match check(world, &client.id, &keys, &jws, &claims) {
        Ok(()) => Ok(client),
        Err(words) => refuse(words),
    }
}

async fn fetched(world: &World, url: &str) -> Option<Jwks> {
    let bytes = world.http.get(url).send().await.ok()?.bytes().await.ok()?;
    Jwks::parse(&bytes).ok()
}

fn check(world: &World, id: &str, keys: &Jwks, jws: &Jws, claims: &Value) -> Result<(), &'static str> {
    let header = jws.header();
    if !matches!(header.alg, Algorithm::Rs384 | Algorithm::Es384 | Algorithm::Es256) {
        return Err("the assertion must be signed with RS384 or ES384");
    }
    let kid = header.kid.as_deref().ok_or("the assertion names no key")?;
    let key: &Jwk = keys.by_kid(kid).ok_or("the assertion's key is not registered")?;
    key.verify(header.alg, jws.signing_input().as_bytes(), jws.signature())
        .map_err(|_| "the assertion's signature is wrong")?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(id) || text("sub") != Some(id) {
        return Err("iss and sub of the assertion must be the client");
    }
    let own = [world.addresses.authority.clone(), format!("{}/token", world.addresses.authority)];
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(some)) => some.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !audiences.iter().any(|aud| own.iter().any(|own| own == aud)) {
        return Err("aud of the assertion must be the token endpoint");
    }
    let now = world.clock.now();
    let expires = claims.get("exp").and_then(Value::as_i64).and_then(|at| jiff::Timestamp::from_second(at).ok());
    let left = expires.map(|at| at.duration_since(now));
    if !left.is_some_and(|left| left > SignedDuration::ZERO && left <= SignedDuration::from_secs(MOST_SECONDS + 5)) {
        return Err("exp of the assertion must lie within five minutes");
    }
    let jti = text("jti").ok_or("the assertion has no jti")?;
    if !world.authority.ledger().first_sight(&format!("{id} {jti}")) {
        return Err("the assertion was used before");
    }
    Ok(())
}

/// Whether a resource server asks, by its own secret.
pub(super) fn is_resource_server(world: &World, headers: &HeaderMap) -> bool {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Basic "));
    let expected = STANDARD.encode(format!("fhir:{}", world.authority.resource_secret()));
    given.is_some_and(|given| crypto::constant_time_eq(given.as_bytes(), expected.as_bytes()))
}
