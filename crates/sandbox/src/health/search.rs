use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Form, Path, RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode};
use url::form_urlencoded;

use crate::reply;
use crate::store::{Query, SearchError};

use super::page::Cursor;
use super::{Server, bridge, bundle, door};

const USUAL: usize = 50;
const MOST: usize = 1000;

pub(super) async fn by_get(
    State(server): State<Server>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let parameters = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    search(&server, &kind, parameters, &headers).await
}

pub(super) async fn by_post(
    State(server): State<Server>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    Form(parameters): Form<Vec<(String, String)>>,
) -> Response<Body> {
    search(&server, &kind, parameters, &headers).await
}

/// `$docref` answers with the documents that there are; it generates none (US Core, "DocumentReference Generation").
pub(super) async fn docref(
    State(server): State<Server>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let query = query.unwrap_or_default();
    let parameters = form_urlencoded::parse(query.as_bytes()).into_owned();
    let kept = parameters.filter(|(name, _)| name == "patient" || name == "type").collect();
    search(&server, "DocumentReference", kept, &headers).await
}

async fn search(server: &Server, kind: &str, parameters: Vec<(String, String)>, headers: &HeaderMap) -> Response<Body> {
    let access = match door::enter(server, headers).await {
        Ok(access) => access,
        Err(response) => return *response,
    };
    let forbidden = |words| reply::outcome(StatusCode::FORBIDDEN, "forbidden", words);
    let Some(within) = access.scopes.searches(kind) else {
        return forbidden("the token's scopes do not cover this kind");
    };
    if server.strikes("forbidden-kind").is_some_and(|strike| strike.text("Condition") == kind) {
        return forbidden("searches of this kind are not open to patients");
    }
    if let Err(response) = bridge::fill(server, &access.patient).await {
        return *response;
    }
    let within = if within.iter().any(|conditions| conditions.is_empty()) { Vec::new() } else { within };
    let own = within.as_slice();
    let query = Query { kind, patient: &access.patient, parameters: &parameters, within: own };
    let found = server.world.store(server.system).search(&query);
    let found = match found {
        Ok(found) => found,
        Err(SearchError::OtherPatient) => return forbidden("the token is for another patient"),
        Err(error @ SearchError::Date) => {
            return reply::outcome(StatusCode::BAD_REQUEST, "invalid", &error.to_string());
        }
    };
    let asked = |name: &str| parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let counting = asked("_summary") == Some("count") || asked("_count") == Some("0");
    let count = asked("_count").and_then(|count| count.parse().ok()).unwrap_or(USUAL).clamp(1, MOST);
    let includes =
        |name: &str, what: &str| parameters.iter().any(|(own, value)| own == name && value.starts_with(what));
    let mut link = form_urlencoded::Serializer::new(String::new());
    link.extend_pairs(parameters.iter());
    let cursor = Cursor {
        system: server.system,
        patient: access.patient,
        found: Arc::new(found),
        from: 0,
        count: if counting { 0 } else { count },
        with_provenance: includes("_revinclude", "Provenance:target"),
        with_medication: includes("_include", "MedicationRequest:medication"),
    };
    bundle::page(server, &cursor, &format!("{}/{kind}?{}", server.base(), link.finish()))
}

/// A further page, under the name its predecessor gave it; only for the patient it was made for.
pub(super) async fn next(
    State(server): State<Server>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let access = match door::enter(&server, &headers).await {
        Ok(access) => access,
        Err(response) => return *response,
    };
    if server.strikes("next-gone").is_some() {
        return reply::outcome(StatusCode::GONE, "expired", "the page is no longer kept");
    }
    let query = query.unwrap_or_default();
    let name =
        form_urlencoded::parse(query.as_bytes()).find(|(own, _)| own == "_page").map(|(_, value)| value.into_owned());
    let cursor = name.as_deref().and_then(|name| server.world.pages.find(name));
    match cursor.filter(|cursor| cursor.patient == access.patient && cursor.system == server.system) {
        Some(cursor) => bundle::page(&server, &cursor, &format!("{}?{query}", server.base())),
        None => reply::outcome(StatusCode::NOT_FOUND, "not-found", "there is no such page"),
    }
}
