//! Answers in the three voices of the server: JSON, OperationOutcome, pages.

use authz::OAuthError;
use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, StatusCode};
use serde_json::{Value, json};
use url::Url;

pub(crate) const JSON: &str = "application/json";
pub(crate) const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

pub(crate) fn bytes(status: StatusCode, media: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

pub(crate) fn json(status: StatusCode, body: &Value) -> Response {
    bytes(status, JSON, body.to_string())
}

pub(crate) fn text(status: StatusCode, text: &'static str) -> Response {
    bytes(status, "text/plain; charset=utf-8", text)
}

/// An OperationOutcome with one issue. Its text is one of a fixed set.
pub(crate) fn outcome(status: StatusCode, severity: &str, code: &str, text: &'static str) -> Response {
    let body = json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": severity, "code": code, "details": { "text": text } }],
    });
    bytes(status, FHIR_JSON, body.to_string())
}

/// RFC 6749 §5.2, with the status of the error; 401 names the schemes that are taken.
pub(crate) fn oauth(error: &OAuthError) -> Response {
    let mut response = json(status(error), &error.body());
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"clients\""));
    }
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

pub(crate) fn status(error: &OAuthError) -> StatusCode {
    StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::BAD_REQUEST)
}

/// 303: the browser goes there with GET, whatever it came with.
pub(crate) fn go(to: &Url) -> Response {
    let mut response = empty(StatusCode::SEE_OTHER);
    put(&mut response, LOCATION, to.as_str());
    response
}

/// Sets a header, when the value can be one.
pub(crate) fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
}
