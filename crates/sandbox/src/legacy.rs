//! The older system behind Larkspur: entities, attributes and values in rows, dates without dashes, numbers as text. It
//! speaks only to the bridge in front of it, and takes its time.

mod row;

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::people::System;
use crate::reply;
use crate::world::World;

pub(crate) use row::resource;

/// The chart of what belongs to no patient.
pub(crate) const NO_PATIENT: &str = "-";
pub(crate) const KEY_HEADER: &str = "x-bridge-key";
/// How long it thinks before each answer.
const THINKS: Duration = Duration::from_millis(40);

pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new().route("/rows", get(rows)).with_state(world)
}

async fn rows(State(world): State<Arc<World>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response<Body> {
    let key = headers.get(KEY_HEADER).map_or(&b""[..], |value| value.as_bytes());
    if !crypto::constant_time_eq(key, world.authority.resource_secret().as_bytes()) {
        return reply::json(StatusCode::FORBIDDEN, &json!({"err": 77}));
    }
    tokio::time::sleep(THINKS).await;
    if world.faults.strikes("older-system-down", Some(System::Larkspur)).is_some() {
        return reply::json(StatusCode::SERVICE_UNAVAILABLE, &json!({"err": 12}));
    }
    let query = query.unwrap_or_default();
    let value =
        |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(own, _)| own == name).map(|(_, value)| value);
    let number = |name: &str| value(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
    let chart = value("chart").unwrap_or_default();
    let owner = (chart != NO_PATIENT).then(|| chart.as_ref());
    let store = world.legacy.read().unwrap_or_else(PoisonError::into_inner);
    let own = (0..store.len()).filter_map(|at| store.entry(at)).filter(|entry| entry.patient.as_deref() == owner);
    let page = own.skip(number("from")).take(number("most"));
    let rows: Vec<Value> =
        page.filter_map(|entry| serde_json::from_slice(&entry.bytes).ok()).map(|json| row::row(&json)).collect();
    reply::json(StatusCode::OK, &json!({"rows": rows}))
}
