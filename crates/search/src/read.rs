//! Read and version read, with the headers that let a caller ask only for what is new.

use fhir::HeldVersion;
use serde_json::Value;

use crate::bundle;
use crate::controls::Shape;
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::instant::{http_date, read_http_date};
use crate::message::{Request, Response};

impl Engine {
    pub(crate) fn read(&self, request: &Request, kind: &str, id: &str, shape: &Shape) -> Result<Response, Refusal> {
        let document = self.store.find(kind, id).ok_or(RequestError::NotKnown)?;
        let version = document.current().ok_or(RequestError::NotKnown)?;
        if unchanged(request, version) {
            return Ok(stamped(304, version, Vec::new()));
        }
        let mut body = Vec::with_capacity(version.json.len() + 128);
        match shape.part.as_ref().and_then(|part| document.value().map(|value| part.cut(value))) {
            Some(cut) => bundle::write_value(&mut body, &cut),
            None => document.write(&mut body),
        }
        Ok(holding(document.name(version), stamped(200, version, body)))
    }

    pub(crate) fn read_version(&self, kind: &str, id: &str, number: &str, shape: &Shape) -> Result<Response, Refusal> {
        let document = self.store.find(kind, id).ok_or(RequestError::NotKnown)?;
        let same = |version: &&HeldVersion| version.number.to_string() == number;
        let version = document.held.versions.iter().find(same).ok_or(RequestError::NotKnown)?;
        let mut body = Vec::with_capacity(version.json.len() + 128);
        bundle::write_version(&mut body, version);
        if let Some(part) = &shape.part {
            let value: Value = serde_json::from_slice(&body).map_err(|_| RequestError::NotKnown)?;
            body.clear();
            bundle::write_value(&mut body, &part.cut(value));
        }
        Ok(holding(document.name(version), stamped(200, version, body)))
    }
}

fn holding(resource: String, response: Response) -> Response {
    Response { resources: vec![resource], ..response }
}

fn stamped(status: u16, version: &HeldVersion, body: Vec<u8>) -> Response {
    let mut response = Response::json(status, body);
    response.headers.push(("etag", bundle::etag(version)));
    response.headers.push(("last-modified", http_date(version.last_updated)));
    response
}

/// RFC 9110, 13.2.2: `If-None-Match` decides where it is sent, else `If-Modified-Since`.
fn unchanged(request: &Request, version: &HeldVersion) -> bool {
    if let Some(tags) = request.header("if-none-match") {
        let ours = format!("\"{}\"", version.number);
        return tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == ours);
    }
    let since = request.header("if-modified-since").and_then(read_http_date);
    since.is_some_and(|since| version.last_updated.as_second() <= since.as_second())
}
