use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Form, State};
use axum::http::{Response, StatusCode};
use crypto::b64u;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::people::System;
use crate::reply;
use crate::scope::Scopes;
use crate::world::World;

use super::ledger::{Grant, Redeemed};
use super::proof::{self, value};
use super::{id_token, secret};

/// The token endpoint: code and refresh token (RFC 6749, sections 4.1.3 and 6; RFC 7636, section 4.6).
pub(super) async fn token(State(world): State<Arc<World>>, Form(form): Form<Vec<(String, String)>>) -> Response<Body> {
    if let Some(response) = misbehave(&world).await {
        return response;
    }
    let client = match proof::client(&world, &form).await {
        Ok(client) => client,
        Err(response) => return *response,
    };
    let refuse = |words| reply::oauth_error(StatusCode::BAD_REQUEST, "invalid_grant", words);
    let now = world.clock.now();
    match value(&form, "grant_type") {
        Some("authorization_code") => {
            let taken = value(&form, "code").and_then(|code| world.authority.ledger().take_code(code, now));
            let Some((code, grant)) = taken else { return refuse("the code is unknown, used or too old") };
            let verifier = value(&form, "code_verifier").unwrap_or("");
            let challenge = b64u::encode(&crypto::sha256(verifier.as_bytes()));
            if grant.client != client.id {
                return refuse("the code was given to another client");
            }
            if value(&form, "redirect_uri") != Some(&code.redirect) {
                return refuse("redirect_uri is not the one of the request");
            }
            if verifier.len() < 43 || !crypto::constant_time_eq(challenge.as_bytes(), code.challenge.as_bytes()) {
                return refuse("the code verifier does not match");
            }
            let scopes = grant.scopes.clone();
            grant_tokens(&world, code.grant, &grant, &scopes, now).unwrap_or_else(broken)
        }
        Some("refresh_token") => {
            if world.faults.strikes("refresh-revoked", None).is_some() {
                return refuse("the refresh token was revoked");
            }
            let token = value(&form, "refresh_token").unwrap_or("");
            let redeemed = world.authority.ledger().redeem_refresh(token, &client.id);
            let Redeemed::Good(number, grant) = redeemed else { return refuse("the refresh token is not good") };
            let scopes = match value(&form, "scope") {
                Some(asked) => grant.scopes.narrowed(&Scopes::parse(asked)),
                None => grant.scopes.clone(),
            };
            grant_tokens(&world, number, &grant, &scopes, now).unwrap_or_else(broken)
        }
        _ => reply::oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "only codes and refresh tokens"),
    }
}

fn broken() -> Response<Body> {
    reply::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "the token could not be made")
}

/// The faults that strike before anything is looked at.
async fn misbehave(world: &World) -> Option<Response<Body>> {
    let faults = &world.faults;
    if let Some(strike) = faults.strikes("token-slow", None) {
        tokio::time::sleep(Duration::from_millis(strike.number(3000))).await;
    }
    if faults.strikes("token-html", None).is_some() {
        let page = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>".to_owned();
        return Some(reply::html(StatusCode::OK, page));
    }
    if faults.strikes("token-unavailable", None).is_some() {
        return Some(reply::oauth_error(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try later"));
    }
    if faults.strikes("invalid-client", None).is_some() {
        return Some(reply::json(StatusCode::UNAUTHORIZED, &json!({"error": "invalid_client"})));
    }
    if faults.strikes("invalid-grant", None).is_some() {
        return Some(reply::json(StatusCode::BAD_REQUEST, &json!({"error": "invalid_grant"})));
    }
    None
}

fn grant_tokens(world: &World, number: u64, grant: &Grant, scopes: &Scopes, now: Timestamp) -> Option<Response<Body>> {
    let strikes = |name: &str| world.faults.strikes(name, Some(grant.system)).is_some();
    let seconds = world.authority.access_seconds;
    let expires = now.checked_add(SignedDuration::from_secs(seconds)).ok()?;
    let access = match grant.system {
        System::Valley => secret().ok()?,
        System::Larkspur => signed(world, grant, scopes, now, expires)?,
    };
    let mut answer = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": scopes.to_string(),
        "patient": grant.patient,
        "need_patient_banner": true,
    });
    let fields = answer.as_object_mut()?;
    let lasting = scopes.has("offline_access") && !strikes("no-refresh-token");
    let refresh = if lasting { Some(secret().ok()?) } else { None };
    if let Some(refresh) = &refresh {
        fields.insert("refresh_token".to_owned(), refresh.as_str().into());
    }
    if scopes.has("openid") && !strikes("no-id-token") {
        fields.insert("id_token".to_owned(), Value::String(id_token::issue(world, grant, now)?));
    }
    for (fault, field) in [("no-patient", "patient"), ("no-expiry", "expires_in"), ("no-token-type", "token_type")] {
        if strikes(fault) {
            fields.remove(field);
        }
    }
    let mut ledger = world.authority.ledger();
    ledger.put_access(&access, number, scopes.clone(), expires);
    if let Some(refresh) = &refresh {
        ledger.put_refresh(refresh, number);
    }
    Some(reply::json(StatusCode::OK, &answer))
}

/// An access token that the resource server reads by itself (RFC 9068).
fn signed(world: &World, grant: &Grant, scopes: &Scopes, now: Timestamp, expires: Timestamp) -> Option<String> {
    let claims = json!({
        "iss": world.addresses.authority,
        "sub": grant.username,
        "aud": world.addresses.fhir(grant.system),
        "client_id": grant.client,
        "iat": now.as_second(),
        "exp": expires.as_second(),
        "jti": secret().ok()?,
        "scope": scopes.to_string(),
        "patient": grant.patient,
    });
    let header = json!({"typ": "at+jwt", "kid": world.authority.public().kid()});
    world.authority.key.jws_compact(&header, claims.to_string().as_bytes()).ok()
}
