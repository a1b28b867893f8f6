//! `$export` for clients that act for themselves (Bulk Data Access 2.0): kick-off, manifest, files, delete. Nothing is
//! prepared and nothing is kept but what was asked: each file is written from the view when it is fetched.

use axum::response::Response;
use http::header::{CONTENT_LOCATION, EXPIRES};
use http::{Method, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use search::Request;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{challenge, is_json, presented};
use crate::endpoint::Endpoint;
use crate::house::{Asked, Ends, House};
use crate::owner::{Export, ExportOf, Exported, Manifest, Owner};
use crate::refusal::Refusal;
use crate::reply;

const NDJSON: &str = "application/fhir+ndjson";
/// `_outputFormat`.
const FORMATS: [&str; 3] = [NDJSON, "application/ndjson", "ndjson"];
/// Most bytes of the names of types.
const MAX_TYPES: usize = 8_192;

/// Why a kick-off is refused: the code of the OperationOutcome, and words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wrong(&'static str, &'static str);

/// What a path below the FHIR base asks to export, if it does: all of the view, or of its patients, or of a group.
pub(super) fn kick_off(path: &str) -> Option<ExportOf> {
    let above = path.strip_suffix("$export").or_else(|| path.strip_suffix("%24export"))?;
    match above {
        "" => Some(ExportOf::Everything),
        "Patient/" => Some(ExportOf::Patients),
        _ => {
            let id = above.strip_prefix("Group/")?.strip_suffix('/')?;
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
            ((1..=64).contains(&id.len()) && id.bytes().all(plain)).then(|| ExportOf::Group(id.to_owned()))
        }
    }
}

/// Kick-off ("Bulk Data Kick-off Request").
pub(super) async fn begin<O: Owner>(house: &House<O>, asked: &Asked, of: ExportOf) -> Result<Response, Ends> {
    if asked.method == Method::HEAD {
        return Err(Refusal::Method("GET, POST, OPTIONS").into());
    }
    match wanted(house, asked, of) {
        Ok(export) => step(house, asked, export).await,
        Err(Wrong(code, text)) => Ok(reply::outcome(StatusCode::BAD_REQUEST, "error", code, text)),
    }
}

/// The export itself, or a file of it.
pub(super) async fn answer<O: Owner>(house: &House<O>, asked: &Asked) -> Result<Response, Ends> {
    let Endpoint::Export(rest) = &asked.endpoint else { return Err(Refusal::NotFound.into()) };
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let (id, name) = rest.split_once('/').map_or((rest.as_str(), None), |(id, name)| (id, Some(name)));
    if !plain(id) || !name.is_none_or(plain) || !asked.query.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let id = id.to_owned();
    let export = match (name, &asked.method) {
        (None, &Method::DELETE) => Export::End { id },
        (None, _) => Export::Manifest { id },
        (Some(_), &Method::DELETE) => return Err(Refusal::Method("GET, OPTIONS").into()),
        (Some(name), _) => Export::File { id, name: name.to_owned() },
    };
    step(house, asked, export).await
}

async fn step<O: Owner>(house: &House<O>, asked: &Asked, export: Export) -> Result<Response, Ends> {
    let presented = presented(&house.base, asked);
    let without = presented.authorization.is_empty();
    let base = format!("{}/fhir/$export", house.base);
    let id = match &export {
        Export::Manifest { id } => id.clone(),
        _ => String::new(),
    };
    Ok(match house.owner.export(presented, export).await {
        Ok(Exported::Begun { id }) => {
            let mut response = reply::empty(StatusCode::ACCEPTED);
            reply::put(&mut response, CONTENT_LOCATION, &format!("{base}/{id}"));
            response
        }
        Ok(Exported::Manifest(manifest)) => told(&format!("{base}/{id}"), &manifest),
        Ok(Exported::File(lines)) => reply::bytes(StatusCode::OK, NDJSON, lines),
        Ok(Exported::Ended) => reply::empty(StatusCode::ACCEPTED),
        Ok(Exported::Unknown) => {
            let text = "there is no such export or group, or it is over";
            reply::outcome(StatusCode::NOT_FOUND, "error", "not-found", text)
        }
        Ok(Exported::TooMany) => {
            let text = "too many exports are open: delete one, or wait";
            let mut response = reply::outcome(StatusCode::TOO_MANY_REQUESTS, "error", "throttled", text);
            reply::put(&mut response, http::header::RETRY_AFTER, "300");
            response
        }
        // No ticket: what a client may have by itself the owner decides when it asks for its token.
        Err(error) => return challenge::refused(house, error, Vec::new(), asked.peer, without).await,
    })
}

/// The manifest ("Bulk Data Status Request", complete).
fn told(at: &str, manifest: &Manifest) -> Response {
    let output = manifest
        .files
        .iter()
        .map(|file| json!({ "type": file.resource_type, "url": format!("{at}/{}", file.name), "count": file.count }));
    let body = json!({
        "transactionTime": manifest.at.to_string(), "request": manifest.request, "requiresAccessToken": true,
        "output": output.collect::<Vec<Value>>(), "error": [],
    });
    let mut response = reply::json(StatusCode::OK, &body);
    let until = manifest.until.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    reply::put(&mut response, EXPIRES, &until);
    response
}

fn wanted<O: Owner>(house: &House<O>, asked: &Asked, of: ExportOf) -> Result<Export, Wrong> {
    let preferred: Vec<String> = asked
        .headers
        .get_all("prefer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']).map(|one| one.trim().to_ascii_lowercase()))
        .collect();
    let prefers = |what: &str| preferred.iter().any(|one| one == what);
    if !prefers("respond-async") {
        return Err(Wrong("invalid", "an export is asked for with Prefer: respond-async"));
    }
    let (mut types, mut since) = (None, None);
    for (name, value) in parameters(asked)? {
        match name.as_str() {
            "_outputFormat" if FORMATS.contains(&value.as_str()) => {}
            "_outputFormat" => return Err(Wrong("not-supported", "an export is written as NDJSON and nothing else")),
            "_type" => add_types(types.get_or_insert_default(), &value)?,
            "_since" if since.is_some() => return Err(Wrong("invalid", "_since stands twice")),
            "_since" => {
                since = Some(value.parse::<Timestamp>().map_err(|_| Wrong("invalid", "_since is no instant"))?);
            }
            _ if prefers("handling=lenient") => {}
            _ => return Err(Wrong("not-supported", "a parameter is not supported for an export")),
        }
    }
    let query = if asked.query.is_empty() { String::new() } else { format!("?{}", asked.query) };
    Ok(Export::Begin { of, types, since, request: format!("{}{}{query}", house.base, asked.path) })
}

fn add_types(types: &mut Vec<String>, value: &str) -> Result<(), Wrong> {
    if value.len() > MAX_TYPES {
        return Err(Wrong("too-long", "too many types are named"));
    }
    for kind in value.split(',') {
        let letters = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphabetic());
        // The engine knows all types there are.
        if !letters || Request::get(kind).needs().is_err() {
            return Err(Wrong("invalid", "_type names what is no resource type"));
        }
        if !types.iter().any(|known| known == kind) {
            types.push(kind.to_owned());
        }
    }
    Ok(())
}

/// Of the query, or of a Parameters resource.
fn parameters(asked: &Asked) -> Result<Vec<(String, String)>, Wrong> {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(asked.query.as_bytes()).into_owned().collect();
    if asked.body.is_empty() {
        return Ok(pairs);
    }
    let bad = Wrong("invalid", "the body is no Parameters resource");
    if asked.method != Method::POST || !is_json(asked) {
        return Err(bad);
    }
    let body: Value = serde_json::from_slice(&asked.body).map_err(|_| bad)?;
    if body.get("resourceType").and_then(Value::as_str) != Some("Parameters") {
        return Err(bad);
    }
    for one in body.get("parameter").and_then(Value::as_array).into_iter().flatten() {
        let members = one.as_object().ok_or(bad)?;
        let name = members.get("name").and_then(Value::as_str).ok_or(bad)?;
        let value = members.iter().find(|(name, _)| name.starts_with("value")).and_then(|(_, value)| value.as_str());
        pairs.push((name.to_owned(), value.ok_or(bad)?.to_owned()));
    }
    Ok(pairs)
}
