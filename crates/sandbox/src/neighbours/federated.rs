//! St Brigid's and its gateway: resource servers whose access the patient's own authorization server decides (UMA 2.0
//! Federated Authorization). The hospital asks it about each token; the gateway verifies what it has signed.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use crypto::{Jwks, Jws};
use serde_json::{Value, json};

use crate::page::{escape, page};
use crate::people::System;
use crate::reply;
use crate::store::Query;

use super::known::{Known, Trouble, text};
use super::{Neighbours, Program, ask_form, told, value};

/// What is kept there, by kind. Each is one resource in the owner's authorization server.
const KINDS: [&str; 2] = ["Observation", "Condition"];

/// The scope that each is registered with.
const SCOPE: &str = "read";

/// One patient's data under one wallet.
#[derive(Debug, Clone)]
pub(super) struct Joined {
    known: Known,
    uma: Value,
    protection: String,
    patient: String,
    /// Ids of the registered resources, as [`KINDS`].
    resources: Vec<String>,
}

pub(super) async fn hospital() -> Response<Body> {
    invite("St Brigid's", "/hospital")
}

pub(super) async fn gateway() -> Response<Body> {
    invite("The gateway of St Brigid's", "/gateway")
}

fn invite(name: &str, action: &str) -> Response<Body> {
    let words = "Your results and conditions that we keep can stand under your own authorization server: it says who may read them.";
    let login = "<label for=\"login\">Your user name here</label><input type=\"text\" id=\"login\" name=\"login\" value=\"ines\">";
    reply::html(StatusCode::OK, ask_form(name, words, action, login, "Put them there"))
}

pub(super) async fn join_hospital(State(own): State<Arc<Neighbours>>, body: Bytes) -> Response<Body> {
    joined(&own, Program::Hospital, &body).await
}

pub(super) async fn join_gateway(State(own): State<Arc<Neighbours>>, body: Bytes) -> Response<Body> {
    joined(&own, Program::Gateway, &body).await
}

async fn joined(own: &Neighbours, program: Program, body: &[u8]) -> Response<Body> {
    match join(own, program, body).await {
        Ok(main) => reply::html(StatusCode::OK, page("St Brigid's", &main)),
        Err(trouble) => told(&trouble),
    }
}

async fn join(own: &Neighbours, program: Program, body: &[u8]) -> Result<String, Trouble> {
    let login = value(body, "login").unwrap_or_default();
    let login = own.world.logins.iter().find(|known| known.username == login);
    let patient = login.and_then(|login| login.people.first()?.patient(System::Valley));
    let patient = patient.ok_or(Trouble::Missing("that user name"))?.to_owned();
    let known = own.known(program, &value(body, "wallet").unwrap_or_default()).await?;
    let tokens = own.own_token(&known, "uma_protection").await?;
    if tokens.status != 200 {
        let said = escape(&tokens.refusal());
        return Ok(format!(
            "<h1>Not yet</h1><p id=\"waiting\">The wallet answered {said}. Approve us there, then press again.</p>"
        ));
    }
    let protection = text(&tokens.body, "access_token")?.to_owned();
    let uma = own.document(&format!("{}/.well-known/uma2-configuration", known.issuer)).await?;
    let mut resources = Vec::new();
    for kind in KINDS {
        let described = json!({"name": format!("{kind} at St Brigid's"), "type": kind, "resource_scopes": [SCOPE]});
        let answer =
            own.post_json(text(&uma, "resource_registration_endpoint")?, Some(&protection), &described).await?;
        match answer.body.get("_id").and_then(Value::as_str) {
            Some(id) => resources.push(id.to_owned()),
            None => return Err(Trouble::Refused(answer.refusal())),
        }
    }
    let rows: String = resources.iter().map(|id| format!("<li><code>{}</code></li>", escape(id))).collect();
    own.joined().insert(program, Joined { known, uma, protection, patient, resources });
    Ok(format!("<h1>Under your authorization server</h1><ul id=\"resources\">{rows}</ul>"))
}

pub(super) async fn hospital_search(
    State(own): State<Arc<Neighbours>>,
    Path(kind): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    answered(&own, Program::Hospital, &kind, &headers).await
}

pub(super) async fn gateway_search(
    State(own): State<Arc<Neighbours>>,
    Path(kind): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    answered(&own, Program::Gateway, &kind, &headers).await
}

/// Nothing can be written here.
pub(super) async fn closed() -> Response<Body> {
    reply::outcome(StatusCode::METHOD_NOT_ALLOWED, "not-supported", "nothing can be written here")
}

async fn answered(own: &Neighbours, program: Program, kind: &str, headers: &HeaderMap) -> Response<Body> {
    let joined = own.joined().get(&program).cloned();
    let resource = joined.as_ref().and_then(|joined| {
        let at = KINDS.iter().position(|known| *known == kind)?;
        joined.resources.get(at)
    });
    let (Some(joined), Some(resource)) = (&joined, resource) else {
        return reply::outcome(StatusCode::NOT_FOUND, "not-found", "nothing of that kind is kept here");
    };
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let let_in = match token {
        None => Ok(false),
        Some(token) => match program {
            Program::Gateway => signed(own, joined, token, resource).await,
            _ => introspected(own, joined, token, resource).await,
        },
    };
    match let_in {
        Ok(true) => reply::fhir(StatusCode::OK, &found(own, joined, kind)),
        Ok(false) => challenged(own, joined, resource).await,
        Err(trouble) => reply::outcome(StatusCode::BAD_GATEWAY, "transient", &trouble.to_string()),
    }
}

/// What is kept of the kind about this patient.
fn found(own: &Neighbours, joined: &Joined, kind: &str) -> Value {
    let store = own.world.store(System::Valley);
    let query = Query { kind, patient: &joined.patient, parameters: &[], within: &[] };
    let entries: Vec<Value> = store
        .search(&query)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|at| serde_json::from_slice::<Value>(&store.entry(at)?.bytes).ok())
        .map(|resource| json!({"resource": resource}))
        .collect();
    json!({"resourceType": "Bundle", "type": "searchset", "total": entries.len(), "entry": entries})
}

/// A ticket for what was asked (UMA 2.0 Grant §3.2, Federated Authorization §4).
async fn challenged(own: &Neighbours, joined: &Joined, resource: &str) -> Response<Body> {
    let mut answer = reply::outcome(StatusCode::UNAUTHORIZED, "login", "the patient's authorization server decides");
    let wanted = json!({"resource_id": resource, "resource_scopes": [SCOPE]});
    let ticket = match text(&joined.uma, "permission_endpoint") {
        Ok(endpoint) => own.post_json(endpoint, Some(&joined.protection), &wanted).await,
        Err(trouble) => Err(trouble),
    };
    match ticket {
        Ok(ticket) if ticket.status == 201 => {
            let ticket = ticket.body.get("ticket").and_then(Value::as_str).unwrap_or_default();
            let challenge = format!("UMA realm=\"st-brigid\", as_uri=\"{}\", ticket=\"{ticket}\"", joined.known.issuer);
            answer = reply::with(answer, header::WWW_AUTHENTICATE, &challenge);
        }
        // Federated Authorization §4.3: without a ticket the client is told that the server could not be reached.
        _ => answer = reply::with(answer, header::WARNING, "199 - \"UMA Authorization Server Unreachable\""),
    }
    answer
}

/// Asks about the token, each time (Federated Authorization §5).
async fn introspected(own: &Neighbours, joined: &Joined, token: &str, resource: &str) -> Result<bool, Trouble> {
    let endpoint = text(&joined.uma, "introspection_endpoint")?;
    let answer = own.form(endpoint, Some(&joined.protection), &[("token", token)]).await?;
    let now = own.world.clock.now().as_second();
    Ok(answer.body.get("active") == Some(&Value::Bool(true)) && opens(&answer.body, resource, now))
}

/// Verifies the token with the published keys (RFC 9068 §4). What was ended a moment ago still opens until it expires.
async fn signed(own: &Neighbours, joined: &Joined, token: &str, resource: &str) -> Result<bool, Trouble> {
    let Ok(jws) = Jws::parse(token, 16 << 10) else { return Ok(false) };
    if jws.header().typ.as_deref() != Some("at+jwt") {
        return Ok(false);
    }
    let keys = own.document(text(&joined.known.smart, "jwks_uri")?).await?;
    let keys = Jwks::parse(keys.to_string().as_bytes()).map_err(|_| Trouble::Missing("a key"))?;
    let Some(key) = jws.header().kid.as_deref().and_then(|kid| keys.by_kid(kid)) else { return Ok(false) };
    if key.verify(jws.header().alg, jws.signing_input().as_bytes(), jws.signature()).is_err() {
        return Ok(false);
    }
    let claims: Value = serde_json::from_slice(jws.payload()).unwrap_or(Value::Null);
    let is = |name: &str, value: &str| claims.get(name).and_then(Value::as_str) == Some(value);
    let now = own.world.clock.now().as_second();
    let alive = claims.get("exp").and_then(Value::as_i64).is_some_and(|exp| exp > now);
    Ok(alive && is("iss", &joined.known.issuer) && is("aud", &joined.known.client) && opens(&claims, resource, now))
}

/// Whether the permissions open the resource now.
fn opens(claims: &Value, resource: &str, now: i64) -> bool {
    let permissions = claims.get("permissions").and_then(Value::as_array);
    permissions.into_iter().flatten().any(|permission| {
        let names = |name: &str| permission.get(name).and_then(Value::as_str) == Some(resource);
        let scopes = permission.get("resource_scopes").and_then(Value::as_array);
        let reads = scopes.into_iter().flatten().any(|scope| scope == SCOPE);
        let over = permission.get("exp").and_then(Value::as_i64).is_some_and(|exp| exp <= now);
        names("resource_id") && reads && !over
    })
}
