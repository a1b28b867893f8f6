//! Batches and transactions of reads (FHIR R4, "batch/transaction").

use serde_json::Value;

use crate::answer::Call;
use crate::bundle::Bundle;
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::instant::read_http_date;
use crate::limits;
use crate::message::{Method, Request, Response};
use crate::route::Route;

/// A batch as it was sent.
pub(crate) struct Batch {
    /// A transaction: all or nothing.
    pub(crate) atomic: bool,
    pub(crate) entries: Vec<Result<Request, Refusal>>,
}

/// Reads the Bundle of a batch. An entry that cannot be read is refused by itself.
pub(crate) fn parse(request: &Request) -> Result<Batch, Refusal> {
    if request.body.len() > limits::BODY_BYTES {
        return Err(RequestError::BodyLength.into());
    }
    let bundle: Value = serde_json::from_slice(&request.body).map_err(|_| RequestError::Body)?;
    let text = |name: &str| bundle.get(name).and_then(Value::as_str);
    let atomic = match (text("resourceType"), text("type")) {
        (Some("Bundle"), Some("transaction")) => true,
        (Some("Bundle"), Some("batch")) => false,
        _ => return Err(RequestError::Body.into()),
    };
    let entries = bundle.get("entry").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if entries.len() > limits::ENTRIES {
        return Err(RequestError::Entries.into());
    }
    Ok(Batch { atomic, entries: entries.iter().map(|entry| self::entry(request, entry)).collect() })
}

fn entry(batch: &Request, entry: &Value) -> Result<Request, Refusal> {
    let text = |name: &str| entry.get("request").and_then(|request| request.get(name)).and_then(Value::as_str);
    let method = match text("method") {
        Some("GET") => Method::Get,
        Some("HEAD") => Method::Head,
        Some("POST" | "PUT" | "DELETE" | "PATCH") => return Err(RequestError::ReadOnly.into()),
        _ => return Err(RequestError::Body.into()),
    };
    let mut request = Request { method, ..Request::get(text("url").ok_or(RequestError::Body)?) };
    let heard =
        ["accept", "prefer"].iter().filter_map(|name| Some(((*name).to_owned(), batch.header(name)?.to_owned())));
    request.headers.extend(heard);
    for (member, header) in [("ifNoneMatch", "if-none-match"), ("ifModifiedSince", "if-modified-since")] {
        request.headers.extend(text(member).map(|value| (header.to_owned(), value.to_owned())));
    }
    Ok(request)
}

impl Engine {
    pub(crate) fn batch(&self, request: &Request, call: &Call<'_>) -> Result<Response, Refusal> {
        let batch = parse(request)?;
        let mut bundle = Bundle::begin(if batch.atomic { "transaction-response" } else { "batch-response" }, None, &[]);
        let mut written = 0;
        for entry in batch.entries {
            let answer = entry.and_then(|mut request| {
                if let Some(below) = request.path.strip_prefix(&self.settings.base) {
                    request.path = below.trim_start_matches('/').to_owned();
                }
                if !(call.may)(&request) {
                    return Err(RequestError::Forbidden.into());
                }
                // A batch in a batch would multiply what one request may cost.
                match Route::of(&request)? {
                    Route::Batch => Err(RequestError::ReadOnly.into()),
                    _ if written > limits::BATCH_BYTES => Err(RequestError::Cost.into()),
                    _ => Ok(self.finished(&request, call)),
                }
            });
            let answer = answer.unwrap_or_else(Response::from);
            if batch.atomic && answer.status >= 400 {
                return Ok(answer);
            }
            written += answer.body.len();
            let modified = answer.header("last-modified").and_then(read_http_date);
            bundle.answer(answer, modified);
        }
        Ok(bundle.end())
    }
}
