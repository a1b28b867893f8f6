use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use crypto::{Jwks, Jws};
use serde_json::Value;

use crate::people::System;
use crate::reply;
use crate::scope::Scopes;

use super::Server;

/// What a token lets its bearer do here.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) patient: String,
    pub(super) scopes: Scopes,
}

/// Lets a request in, or answers it.
pub(super) async fn enter(server: &Server, headers: &HeaderMap) -> Result<Access, Box<Response<Body>>> {
    let refuse = |words| Err(Box::new(reply::outcome(StatusCode::UNAUTHORIZED, "login", words)));
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(token) = value.and_then(|value| value.strip_prefix("Bearer ")) else {
        return refuse("a bearer token is needed");
    };
    if server.strikes("token-refused").is_some() {
        return refuse("the token is not good");
    }
    let claims = match server.system {
        System::Valley => introspected(server, token).await,
        System::Larkspur => signed(server, token).await,
    };
    let Some(claims) = claims.filter(|claims| is_for(server, claims)) else { return refuse("the token is not good") };
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    Ok(Access { patient: text("patient"), scopes: Scopes::parse(&text("scope")) })
}

/// A token for the other system is none here (RFC 8707).
fn is_for(server: &Server, claims: &Value) -> bool {
    claims.get("aud").and_then(Value::as_str) == Some(server.base())
        && claims.get("exp").and_then(Value::as_i64).is_some_and(|end| end > server.world.clock.now().as_second())
        && claims.get("patient").and_then(Value::as_str).is_some_and(|patient| !patient.is_empty())
}

/// Asks the authorization server, each time: what was revoked a moment ago opens nothing.
async fn introspected(server: &Server, token: &str) -> Option<Value> {
    let world = &server.world;
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("token", token).finish();
    let request = world
        .http
        .post(format!("{}/introspect", world.addresses.authority))
        .basic_auth("fhir", Some(world.authority.resource_secret()))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form);
    let bytes = request.send().await.ok()?.bytes().await.ok()?;
    let claims: Value = serde_json::from_slice(&bytes).ok()?;
    (claims.get("active") == Some(&Value::Bool(true))).then_some(claims)
}

/// Verifies a signed token with the published keys (RFC 9068, section 4).
async fn signed(server: &Server, token: &str) -> Option<Value> {
    let world = &server.world;
    let jws = Jws::parse(token, 8192).ok()?;
    if jws.header().typ.as_deref() != Some("at+jwt") {
        return None;
    }
    let response = world.http.get(format!("{}/jwks", world.addresses.authority)).send().await.ok()?;
    let keys = Jwks::parse(&response.bytes().await.ok()?).ok()?;
    let key = keys.by_kid(jws.header().kid.as_deref()?)?;
    key.verify(jws.header().alg, jws.signing_input().as_bytes(), jws.signature()).ok()?;
    let claims: Value = serde_json::from_slice(jws.payload()).ok()?;
    (claims.get("iss").and_then(Value::as_str) == Some(&world.addresses.authority)).then_some(claims)
}
