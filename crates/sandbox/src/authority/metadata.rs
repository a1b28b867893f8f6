use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::people::System;
use crate::reply;
use crate::world::World;

const SCOPES: [&str; 14] = [
    "openid",
    "fhirUser",
    "launch/patient",
    "offline_access",
    "online_access",
    "patient/*.rs",
    "patient/*.read",
    "patient/Patient.rs",
    "patient/Observation.rs",
    "patient/Condition.rs",
    "patient/MedicationRequest.rs",
    "patient/Immunization.rs",
    "patient/DocumentReference.rs",
    "patient/Binary.rs",
];

fn common(world: &World) -> Value {
    let own = &world.addresses.authority;
    json!({
        "issuer": own,
        "jwks_uri": format!("{own}/jwks"),
        "authorization_endpoint": format!("{own}/authorize"),
        "token_endpoint": format!("{own}/token"),
        "introspection_endpoint": format!("{own}/introspect"),
        "revocation_endpoint": format!("{own}/revoke"),
        "registration_endpoint": format!("{own}/register"),
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": SCOPES,
    })
}

/// OpenID Connect Discovery 1.0 and RFC 8414: one document serves both.
pub(super) async fn openid(State(world): State<Arc<World>>) -> Response<Body> {
    let mut document = common(&world);
    if let Some(map) = document.as_object_mut() {
        map.insert("subject_types_supported".to_owned(), json!(["public"]));
        map.insert("id_token_signing_alg_values_supported".to_owned(), json!(["ES256"]));
        map.insert("claims_supported".to_owned(), json!(["iss", "sub", "aud", "exp", "iat", "nonce", "fhirUser"]));
    }
    reply::json(StatusCode::OK, &document)
}

pub(super) async fn jwks(State(world): State<Arc<World>>) -> Response<Body> {
    if world.faults.strikes("no-keys", None).is_some() {
        return reply::json(StatusCode::SERVICE_UNAVAILABLE, &json!({"error": "temporarily_unavailable"}));
    }
    reply::json(StatusCode::OK, &json!({"keys": [world.authority.public()]}))
}

/// `.well-known/smart-configuration` of a FHIR base (SMART App Launch 2.2, "Conformance").
pub(crate) fn smart_configuration(world: &World, system: System) -> Response<Body> {
    let strikes = |name| world.faults.strikes(name, Some(system)).is_some();
    if strikes("no-smart-configuration") {
        return reply::json(StatusCode::NOT_FOUND, &json!({"error": "not_found"}));
    }
    if strikes("html-smart-configuration") {
        return reply::html(StatusCode::OK, "<!doctype html><title>Sign in</title><h1>Sign in</h1>".to_owned());
    }
    let mut document = common(world);
    if let Some(map) = document.as_object_mut() {
        let capabilities = [
            "launch-standalone",
            "authorize-post",
            "client-public",
            "client-confidential-asymmetric",
            "sso-openid-connect",
            "context-standalone-patient",
            "permission-offline",
            "permission-online",
            "permission-patient",
            "permission-v1",
            "permission-v2",
        ];
        map.insert("capabilities".to_owned(), json!(capabilities));
        let brands = format!("{}/brands.json", world.addresses.directory);
        map.insert("user_access_brand_bundle".to_owned(), brands.into());
        let brand = format!("https://{}.example", system.key());
        map.insert("user_access_brand_identifier".to_owned(), json!({"system": "urn:ietf:rfc:3986", "value": brand}));
        if strikes("no-s256") {
            map.insert("code_challenge_methods_supported".to_owned(), json!(["plain"]));
        }
    }
    reply::json(StatusCode::OK, &document)
}
