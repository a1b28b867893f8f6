use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::reply::{self, FHIR_JSON};
use crate::store::Entry;

use super::{Server, bridge, door};

/// Reads one resource: of the token's patient, or of no patient.
pub(super) async fn read(
    State(server): State<Server>,
    Path((kind, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    let access = match door::enter(&server, &headers).await {
        Ok(access) => access,
        Err(response) => return *response,
    };
    let through_document = kind == "Binary" && access.scopes.reads("DocumentReference");
    if !access.scopes.reads(&kind) && !through_document {
        return reply::outcome(StatusCode::FORBIDDEN, "forbidden", "the token's scopes do not cover this kind");
    }
    if let Err(response) = bridge::fill(&server, &access.patient).await {
        return *response;
    }
    let found = server.world.store(server.system).read(&kind, &id).cloned();
    let Some(entry) = found else {
        return reply::outcome(StatusCode::NOT_FOUND, "not-found", "there is no such resource");
    };
    let own = entry.patient.as_deref() == Some(access.patient.as_str());
    if !own && (entry.patient.is_some() || kind == "Binary") {
        return reply::outcome(StatusCode::FORBIDDEN, "forbidden", "the token is for another patient");
    }
    if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == entry.etag().as_bytes()) {
        return reply::answer(StatusCode::NOT_MODIFIED, FHIR_JSON, "");
    }
    if kind == "Binary"
        && let Some(strike) = server.strikes("file-elsewhere")
    {
        let response = reply::answer(StatusCode::FOUND, "text/plain", "");
        return reply::with(response, header::LOCATION, &strike.text("https://elsewhere.example/"));
    }
    let wanted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let response = if kind == "Binary" && !wanted.contains("json") {
        raw(&entry)
    } else {
        reply::answer(StatusCode::OK, FHIR_JSON, entry.bytes.clone())
    };
    stamped(response, &entry)
}

/// ETag and Last-Modified (FHIR R4 http, "read").
fn stamped(response: Response<Body>, entry: &Entry) -> Response<Body> {
    let response = reply::with(response, header::ETAG, &entry.etag());
    match &entry.updated {
        Some(updated) => {
            let text = updated.start.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            reply::with(response, header::LAST_MODIFIED, &text)
        }
        None => response,
    }
}

/// A Binary as the bytes it holds, in its own media type (FHIR R4, Binary).
fn raw(entry: &Entry) -> Response<Body> {
    let json: Option<Value> = serde_json::from_slice(&entry.bytes).ok();
    let member = |name: &str| json.as_ref().and_then(|json| json.get(name)?.as_str());
    let Some(bytes) = STANDARD.decode(member("data").unwrap_or("")).ok() else {
        return reply::outcome(StatusCode::INTERNAL_SERVER_ERROR, "exception", "the content does not decode");
    };
    let response = reply::answer(StatusCode::OK, "application/octet-stream", Bytes::from(bytes));
    reply::with(response, header::CONTENT_TYPE, member("contentType").unwrap_or("application/octet-stream"))
}
