//! The console: faults, the clock, news. On its own port, for whoever runs the ecosystem.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post, put};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::faults::Setting;
use crate::people::System;
use crate::reply;
use crate::store::Entry;
use crate::world::World;

pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/faults", get(list).delete(clear_all))
        .route("/faults/{setting}", put(set).delete(clear))
        .route("/clock", post(clock).get(now))
        .route("/news", post(news))
        .route("/counts", get(counts))
        .with_state(world)
}

async fn list(State(world): State<Arc<World>>) -> Response<Body> {
    reply::json(StatusCode::OK, &world.faults.list())
}

/// `PUT /faults/too-many=5*2`, as on the command line.
async fn set(State(world): State<Arc<World>>, Path(setting): Path<String>) -> Response<Body> {
    match Setting::parse(&setting) {
        Ok(setting) => {
            let answer = reply::json(StatusCode::OK, &json!(setting));
            world.faults.set(setting);
            answer
        }
        Err(error) => reply::json(StatusCode::NOT_FOUND, &json!({"error": error.to_string()})),
    }
}

async fn clear(State(world): State<Arc<World>>, Path(name): Path<String>) -> Response<Body> {
    world.faults.clear(Some(&name));
    reply::json(StatusCode::OK, &json!({}))
}

async fn clear_all(State(world): State<Arc<World>>) -> Response<Body> {
    world.faults.clear(None);
    reply::json(StatusCode::OK, &json!({}))
}

async fn now(State(world): State<Arc<World>>) -> Response<Body> {
    reply::json(StatusCode::OK, &json!({"now": world.clock.now().to_string()}))
}

fn query(text: Option<&str>, name: &str) -> Option<String> {
    let found = form_urlencoded::parse(text?.as_bytes()).find(|(own, _)| own == name);
    found.map(|(_, value)| value.into_owned())
}

/// `POST /clock?advance=SECONDS`.
async fn clock(State(world): State<Arc<World>>, RawQuery(text): RawQuery) -> Response<Body> {
    world.clock.advance(query(text.as_deref(), "advance").and_then(|seconds| seconds.parse().ok()).unwrap_or(0));
    now(State(world)).await
}

/// How many resources of each kind each system holds for `login`'s own record.
async fn counts(State(world): State<Arc<World>>, RawQuery(text): RawQuery) -> Response<Body> {
    let patient = |system| patient(&world, text.as_deref(), system);
    let valley = patient(System::Valley).map(|id| json!(world.store(System::Valley).counts(&id)));
    let legacy = world.legacy.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    let larkspur = patient(System::Larkspur).map(|id| json!(legacy.counts(&id)));
    reply::json(StatusCode::OK, &json!({"valley": valley, "larkspur": larkspur}))
}

fn patient(world: &World, text: Option<&str>, system: System) -> Option<String> {
    let login = query(text, "login")?;
    let login = world.logins.iter().find(|own| own.username == login)?;
    login.people.first()?.patient(system).map(str::to_owned)
}

/// `POST /news?login=NAME` adds a result at Fenwick Valley, dated now; with `what=amended` a new version of the newest
/// result there is, corrected. With a body, that resource is added as it stands.
async fn news(State(world): State<Arc<World>>, RawQuery(text): RawQuery, body: Bytes) -> Response<Body> {
    let Some(id) = patient(&world, text.as_deref(), System::Valley) else {
        return reply::json(StatusCode::NOT_FOUND, &json!({"error": "there is no such login at Fenwick Valley"}));
    };
    let fresh = match (query(text.as_deref(), "what").as_deref(), body.is_empty()) {
        (_, false) => serde_json::from_slice(&body).ok(),
        (Some("amended"), _) => amended(&world, &id),
        _ => Some(result(&world, &id)),
    };
    let entry = fresh.and_then(|json| {
        let entry = Entry::new(&json, Bytes::from(json.to_string()), Some(id))?;
        Some((json, entry))
    });
    match entry {
        Some((json, entry)) => {
            world.store_mut(System::Valley).put(entry);
            reply::fhir(StatusCode::CREATED, &json)
        }
        None => reply::json(StatusCode::BAD_REQUEST, &json!({"error": "that is not a resource"})),
    }
}

fn result(world: &World, patient: &str) -> Value {
    let now = world.clock.now();
    let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    json!({
        "resourceType": "Observation",
        "id": format!("news-{}", now.as_microsecond()),
        "meta": {"versionId": "1", "lastUpdated": at},
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}], "text": "Potassium"},
        "subject": {"reference": format!("Patient/{patient}")},
        "effectiveDateTime": at,
        "issued": at,
        "valueQuantity": {"value": 4, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
        "interpretation": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "N"}]}],
        "referenceRange": [{"text": "3.5–5.1 mmol/L"}],
    })
}

fn amended(world: &World, patient: &str) -> Option<Value> {
    let store = world.store(System::Valley);
    let parameters = [("category".to_owned(), "laboratory".to_owned()), ("_sort".to_owned(), "-date".to_owned())];
    let query = crate::store::Query { kind: "Observation", patient, parameters: &parameters, within: &[] };
    let newest = store.search(&query).ok()?.into_iter().next()?;
    let entry = store.entry(newest)?;
    let mut json: Value = serde_json::from_slice(&entry.bytes).ok()?;
    let version = entry.version.parse::<u64>().unwrap_or(1) + 1;
    let at = world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let map = json.as_object_mut()?;
    map.insert("status".to_owned(), "corrected".into());
    map.insert("meta".to_owned(), json!({"versionId": version.to_string(), "lastUpdated": at}));
    Some(json)
}
