//! Kindred, a daughter's app: SMART App Launch 2.2, "Standalone Launch", as a public client in the browser.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{Response, StatusCode};
use serde_json::Value;
use url::Url;

use crate::page::{escape, page};
use crate::reply;

use super::known::{Answer, Known, Trouble, challenge, text};
use super::{Neighbours, Program, ask_form, secret, told, value};

/// What it asks for.
pub(super) const SCOPE: &str = "openid fhirUser launch/patient offline_access patient/Patient.rs \
    patient/Observation.rs?category=laboratory patient/Condition.rs patient/AllergyIntolerance.rs patient/MedicationRequest.rs";

/// What it looks at when it is let in.
const LOOKS: [(&str, &str); 5] = [
    ("Laboratory results", "Observation?category=laboratory&_sort=-date&_count=10"),
    ("Conditions", "Condition?_count=10"),
    ("Allergies", "AllergyIntolerance?_count=10"),
    ("Medications", "MedicationRequest?_count=10"),
    ("Documents (not asked for)", "DocumentReference?_count=10"),
];

/// A launch that waits for the browser to come back.
#[derive(Debug)]
pub(super) struct Launch {
    known: Known,
    verifier: String,
}

pub(super) async fn form() -> Response<Body> {
    let words = "Kindred helps you to look after somebody. It asks their wallet for results, conditions, allergies and medications.";
    reply::html(StatusCode::OK, ask_form("Kindred", words, "/daughter", "", "Ask for access"))
}

pub(super) async fn ask(State(own): State<Arc<Neighbours>>, body: Bytes) -> Response<Body> {
    match begin(&own, &value(&body, "wallet").unwrap_or_default()).await {
        Ok(url) => reply::redirect(url.as_str()),
        Err(trouble) => told(&trouble),
    }
}

async fn begin(own: &Neighbours, wallet: &str) -> Result<Url, Trouble> {
    let known = own.known(Program::Daughter, wallet).await?;
    let (state, verifier) = (secret()?, secret()?);
    let mut url = Url::parse(text(&known.smart, "authorization_endpoint")?).map_err(|_| Trouble::Address)?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &known.client)
        .append_pair("redirect_uri", &format!("{}/daughter/back", own.own))
        .append_pair("scope", SCOPE)
        .append_pair("state", &state)
        .append_pair("aud", &known.fhir)
        .append_pair("code_challenge", &challenge(&verifier))
        .append_pair("code_challenge_method", "S256");
    own.launches().insert(state, Launch { known, verifier });
    Ok(url)
}

pub(super) async fn back(State(own): State<Arc<Neighbours>>, RawQuery(query): RawQuery) -> Response<Body> {
    match land(&own, query.unwrap_or_default().as_bytes()).await {
        Ok(main) => reply::html(StatusCode::OK, page("Kindred", &main)),
        Err(trouble) => told(&trouble),
    }
}

async fn land(own: &Neighbours, query: &[u8]) -> Result<String, Trouble> {
    let state = value(query, "state").ok_or(Trouble::NotAsked)?;
    let launch = own.launches().remove(&state).ok_or(Trouble::NotAsked)?;
    // RFC 9207: an answer of another server is none.
    if value(query, "iss").is_some_and(|iss| iss != launch.known.issuer) {
        return Err(Trouble::NotAsked);
    }
    if let Some(error) = value(query, "error") {
        return Ok(format!("<h1>Not shared</h1><p id=\"refused\">The wallet answered: {}.</p>", escape(&error)));
    }
    let code = value(query, "code").ok_or(Trouble::NotAsked)?;
    let redirect = format!("{}/daughter/back", own.own);
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", redirect.as_str()),
        ("client_id", launch.known.client.as_str()),
        ("code_verifier", launch.verifier.as_str()),
    ];
    let tokens = own.form(text(&launch.known.smart, "token_endpoint")?, None, &pairs).await?;
    if tokens.status != 200 {
        return Err(Trouble::Refused(tokens.refusal()));
    }
    let token = text(&tokens.body, "access_token")?;
    let mut main = "<h1>What Kindred was given</h1>".to_owned();
    if let Some(patient) = tokens.body.get("patient").and_then(Value::as_str) {
        let answer = own.read(&format!("{}/Patient/{patient}", launch.known.fhir), Some(token)).await?;
        main.push_str(&section("Person", &answer));
    }
    for (name, query) in LOOKS {
        let answer = own.read(&format!("{}/{query}", launch.known.fhir), Some(token)).await?;
        main.push_str(&section(name, &answer));
    }
    Ok(main)
}

/// One question and its answer: how many, and the first lines in words.
pub(super) fn section(name: &str, answer: &Answer) -> String {
    let name = escape(name);
    if answer.status != 200 {
        return format!("<h2>{name}</h2><p class=\"wrong\">Refused: {}</p>", escape(&answer.refusal()));
    }
    let is_bundle = answer.body.get("resourceType").is_some_and(|name| name == "Bundle");
    // FHIR has no empty lists: a bundle of nothing has no entries at all.
    let entries = answer.body.get("entry").and_then(Value::as_array).or(is_bundle.then_some(const { &Vec::new() }));
    let Some(entries) = entries else {
        return format!("<h2>{name}</h2><p>{}</p>", escape(&line(&answer.body)));
    };
    let total =
        answer.body.get("total").and_then(Value::as_u64).map_or_else(String::new, |total| format!(" ({total})"));
    let rows: String = entries
        .iter()
        .filter_map(|entry| entry.get("resource"))
        .map(|resource| format!("<li>{}</li>", escape(&line(resource))))
        .collect();
    format!("<h2>{name}{total}</h2><ul>{rows}</ul>")
}

/// A resource in one line: what it is called, its value, its date.
fn line(resource: &Value) -> String {
    let at = |path: &str| {
        resource.pointer(path).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    let named = [
        "/code/text",
        "/code/coding/0/display",
        "/medicationCodeableConcept/text",
        "/medicationCodeableConcept/coding/0/display",
        "/name/0/text",
        "/name/0/family",
    ];
    let name = named.into_iter().find_map(at).or_else(|| at("/resourceType"));
    let dates = ["/effectiveDateTime", "/onsetDateTime", "/recordedDate", "/authoredOn", "/birthDate"];
    [name, at("/valueQuantity/value"), at("/valueQuantity/unit"), dates.into_iter().find_map(at)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}
