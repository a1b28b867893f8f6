use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use serde_json::json;

use crate::reply;
use crate::world::World;

use super::proof::{self, value};

/// What a token is good for, told to resource servers only (RFC 7662).
pub(super) async fn introspect(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Response<Body> {
    if !proof::is_resource_server(&world, &headers) {
        let refused = reply::oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", "only resource servers may ask");
        return reply::with(refused, header::WWW_AUTHENTICATE, "Basic realm=\"introspection\"");
    }
    let token = value(&form, "token").unwrap_or("");
    let found = world.authority.ledger().access(token, world.clock.now());
    let answer = match found {
        None => json!({"active": false}),
        Some((scopes, expires, grant)) => json!({
            "active": true,
            "iss": world.addresses.authority,
            "aud": world.addresses.fhir(grant.system),
            "sub": grant.username,
            "client_id": grant.client,
            "exp": expires.as_second(),
            "scope": scopes.to_string(),
            "patient": grant.patient,
        }),
    };
    reply::json(StatusCode::OK, &answer)
}

/// Ends a token at its client's wish (RFC 7009); an unknown token is no error.
pub(super) async fn revoke(State(world): State<Arc<World>>, Form(form): Form<Vec<(String, String)>>) -> Response<Body> {
    if world.faults.strikes("no-revocation", None).is_some() {
        return reply::oauth_error(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try later");
    }
    match proof::client(&world, &form).await {
        Ok(client) => {
            world.authority.ledger().revoke(value(&form, "token").unwrap_or(""), &client.id);
            reply::answer(StatusCode::OK, "application/json", "")
        }
        Err(response) => *response,
    }
}
