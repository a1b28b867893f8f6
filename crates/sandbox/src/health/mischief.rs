use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode, header};
use axum::middleware::Next;
use futures_util::stream;
use serde_json::json;

use crate::reply;

use super::Server;

const MOST: usize = 512 * 1024 * 1024;

/// Lets the faults strike that concern any answer with data.
pub(super) async fn around(State(server): State<Server>, request: Request, next: Next) -> Response<Body> {
    if let Some(strike) = server.strikes("slow") {
        tokio::time::sleep(Duration::from_millis(strike.number(3000))).await;
    }
    if let Some(response) = instead(&server) {
        return response;
    }
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if server.strikes("truncated").is_some() {
        return cut(response).await;
    }
    if server.strikes("cut-off").is_some_and(|strike| path.split('/').any(|part| part == strike.text(part))) {
        return broken_off(response).await;
    }
    if server.strikes("trickle").is_some() {
        return trickled(response).await;
    }
    response
}

/// The faults that answer in place of the server.
fn instead(server: &Server) -> Option<Response<Body>> {
    if let Some(strike) = server.strikes("too-many") {
        let response = reply::outcome(StatusCode::TOO_MANY_REQUESTS, "throttled", "too many requests");
        return Some(reply::with(response, header::RETRY_AFTER, &strike.number(2).to_string()));
    }
    if let Some(strike) = server.strikes("too-many-date") {
        let response = reply::outcome(StatusCode::TOO_MANY_REQUESTS, "throttled", "too many requests");
        let ahead = jiff::SignedDuration::from_secs(i64::try_from(strike.number(2)).unwrap_or(2));
        let at = server.world.clock.now() + ahead;
        return Some(reply::with(response, header::RETRY_AFTER, &at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    }
    if server.strikes("unavailable").is_some() {
        return Some(reply::outcome(StatusCode::SERVICE_UNAVAILABLE, "transient", "the system is being looked after"));
    }
    if server.strikes("server-error").is_some() {
        return Some(reply::outcome(StatusCode::INTERNAL_SERVER_ERROR, "exception", "something went wrong here"));
    }
    if server.strikes("html").is_some() {
        let page = "<!doctype html><title>Welcome</title><h1>Welcome to the portal</h1>".to_owned();
        return Some(reply::html(StatusCode::OK, page));
    }
    if server.strikes("not-fhir").is_some() {
        return Some(reply::json(StatusCode::OK, &json!({"message": "ok"})));
    }
    if let Some(strike) = server.strikes("redirect") {
        let response = reply::answer(StatusCode::FOUND, "text/plain", "");
        return Some(reply::with(response, header::LOCATION, &strike.text("https://elsewhere.example/")));
    }
    if server.strikes("endless").is_some() {
        let endless = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b' '; 8192])));
        return Some(reply::answer(StatusCode::OK, reply::FHIR_JSON, Body::from_stream(endless)));
    }
    None
}

async fn whole(response: Response<Body>) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MOST).await.unwrap_or_default();
    (parts, bytes)
}

/// Half the bytes, with a length that agrees.
async fn cut(response: Response<Body>) -> Response<Body> {
    let (mut parts, bytes) = whole(response).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)))
}

/// The whole length is promised; the connection ends half way.
async fn broken_off(response: Response<Body>) -> Response<Body> {
    let (mut parts, bytes) = whole(response).await;
    parts.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    let half = bytes.slice(..bytes.len() / 2);
    let pieces = stream::unfold(Some(Ok(half)), |next| async move {
        let piece = next?;
        let after = piece.is_ok().then(|| Err(io::Error::from(io::ErrorKind::ConnectionReset)));
        if piece.is_err() {
            // What was written has to leave before the connection breaks.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Some((piece, after))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

async fn trickled(response: Response<Body>) -> Response<Body> {
    let (mut parts, bytes) = whole(response).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    let drops = stream::unfold(bytes, |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let first = left.split_to(1);
        Some((Ok::<_, Infallible>(first), left))
    });
    Response::from_parts(parts, Body::from_stream(drops))
}
