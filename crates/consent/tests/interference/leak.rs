//! Leaks planted on purpose: each way in which servers are known to tell of what they hide, done here in full, to see
//! that the test which must find it does.

use consent::{Record, View};
use fhir::Held;
use search::{Engine, Request, Response};
use serde_json::Value;

use super::world;

/// A way to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leak {
    /// Totals count the record.
    Count,
    /// Chains are followed through the record.
    Chain,
    /// `_has` looks at the record.
    Has,
    /// `_include` brings what the record holds.
    Include,
    /// `_revinclude` likewise.
    Revinclude,
    /// Rows are in the order of the record's hidden neighbours.
    Sort,
    /// Pages are cut before hidden rows are taken out.
    Paging,
    /// Old versions are those of the record.
    History,
    /// `meta.lastUpdated` is that of the newest hidden thing.
    LastUpdated,
    /// A cut reference keeps its display.
    ReferenceDisplay,
    /// The narrative stays.
    Narrative,
    /// Contained resources stay.
    Contained,
    /// Attachments stay readable.
    Attachment,
    /// A cut reference keeps its identifier.
    Identifier,
    /// The ETag is of the record's version.
    Etag,
}

impl Leak {
    pub const ALL: &[Self] = &[
        Self::Count,
        Self::Chain,
        Self::Has,
        Self::Include,
        Self::Revinclude,
        Self::Sort,
        Self::Paging,
        Self::History,
        Self::LastUpdated,
        Self::ReferenceDisplay,
        Self::Narrative,
        Self::Contained,
        Self::Attachment,
        Self::Identifier,
        Self::Etag,
    ];
}

/// A server with one leak: the engine of the view, and beside it the one of the whole record.
pub struct Leaky {
    leak: Leak,
    shown: Engine,
    whole: Engine,
    hidden: usize,
}

impl Leaky {
    pub fn new(leak: Leak, record: &Record, view: &View) -> Self {
        let mut shown = world::engine(view);
        for held in view.held() {
            if let Some(told) = told(leak, record, held) {
                shown.put(told).unwrap();
            }
        }
        let whole = world::engine(&world::view_of(record, &super::wish::everything()));
        Self { leak, shown, whole, hidden: world::hidden(view).len() }
    }

    pub fn answers(&self, request: &Request) -> Vec<Response> {
        let query = format!("{}{}", request.query, String::from_utf8_lossy(&request.body));
        let asks = |what: &str| query.contains(what);
        match self.leak {
            Leak::Count => with(world::answers(&self.shown, request), |bundle| {
                let total = bundle.get("total").and_then(Value::as_u64);
                if let Some(total) = total {
                    bundle["total"] = (total + self.hidden as u64).into();
                }
            }),
            Leak::Chain if request.query.contains(".code=") || asks(".name=") => self.filtered(request),
            Leak::Has if asks("_has:") => self.filtered(request),
            Leak::Include if asks("_include") => world::answers(&self.whole, request),
            Leak::Revinclude if asks("_revinclude") => world::answers(&self.whole, request),
            Leak::Paging if asks("_count") => world::answers(&self.whole, request)
                .into_iter()
                .map(|answer| Response { body: link_relations(&answer), ..answer })
                .collect(),
            Leak::Sort if asks("_sort") => with(world::answers(&self.shown, request), |bundle| {
                // One hidden row more or less turns the order of what is shown.
                let rows = bundle.get_mut("entry").and_then(Value::as_array_mut);
                if let Some(rows) = rows.filter(|_| self.hidden % 2 == 1) {
                    rows.reverse();
                }
            }),
            _ => world::answers(&self.shown, request),
        }
    }

    /// Those rows of the whole record's answer that the view holds.
    fn filtered(&self, request: &Request) -> Vec<Response> {
        with(world::answers(&self.whole, request), |bundle| {
            let rows = bundle.get_mut("entry").and_then(Value::as_array_mut);
            if let Some(rows) = rows {
                rows.retain(|row| {
                    let path = format!("{}/{}", text(row, "/resource/resourceType"), text(row, "/resource/id"));
                    self.shown.answer(&Request::get(&path), world::now()).status == 200
                });
            }
        })
    }
}

/// The resource with the one thing told that should not be.
fn told(leak: Leak, record: &Record, held: &Held) -> Option<Held> {
    let item = record.items.iter().find(|item| item.resource_type == held.resource_type && item.id == held.id)?;
    let newest = record.items.iter().flat_map(|item| &item.versions).map(|version| version.received).max()?;
    let source: Value = serde_json::from_str(&item.versions.last()?.json).ok()?;
    let mut told = held.clone();
    let last = told.versions.last_mut()?;
    let mut shown: Value = serde_json::from_str(&last.json).ok()?;
    match leak {
        Leak::ReferenceDisplay => restore(&mut shown, &source, "display"),
        Leak::Identifier => restore(&mut shown, &source, "identifier"),
        Leak::Narrative => copy(&mut shown, &source, "text"),
        Leak::Contained => copy(&mut shown, &source, "contained"),
        Leak::Attachment => copy(&mut shown, &source, "content"),
        Leak::LastUpdated => last.last_updated = newest,
        Leak::Etag => last.number += record.items.len() as u32,
        Leak::History => {
            let version = told.versions.first()?.clone();
            let hidden = fhir::HeldVersion {
                json: format!(
                    "{{\"resourceType\":\"{}\",\"id\":\"{}\",\"language\":\"{}\"}}",
                    held.resource_type,
                    held.id,
                    record.items.len()
                )
                .into(),
                ..version
            };
            told.versions.insert(0, hidden);
            for (at, version) in told.versions.iter_mut().enumerate() {
                version.number = at as u32 + 1;
            }
            return Some(told);
        }
        _ => return None,
    }
    last.json = shown.to_string().into();
    Some(told)
}

/// Puts a member of the source's references back where the shown ones were cut.
fn restore(shown: &mut Value, source: &Value, member: &str) {
    match (shown, source) {
        (Value::Object(shown), Value::Object(source)) => {
            let cut = !shown.contains_key("reference") && source.contains_key("reference");
            if let Some(value) = source.get(member).filter(|_| cut) {
                shown.insert(member.to_owned(), value.clone());
            }
            for (name, value) in shown.iter_mut() {
                if let Some(from) = source.get(name) {
                    restore(value, from, member);
                }
            }
        }
        (Value::Array(shown), Value::Array(source)) => {
            for (shown, source) in shown.iter_mut().zip(source) {
                restore(shown, source, member);
            }
        }
        _ => {}
    }
}

fn copy(shown: &mut Value, source: &Value, member: &str) {
    if let (Some(shown), Some(value)) = (shown.as_object_mut(), source.get(member)) {
        shown.insert(member.to_owned(), value.clone());
    }
}

fn with(answers: Vec<Response>, change: impl Fn(&mut Value)) -> Vec<Response> {
    let changed = |answer: Response| match serde_json::from_slice::<Value>(&answer.body) {
        Ok(mut bundle) => {
            change(&mut bundle);
            Response { body: bundle.to_string().into_bytes(), ..answer }
        }
        Err(_) => answer,
    };
    answers.into_iter().map(changed).collect()
}

/// Which links an answer has: enough to count pages by.
fn link_relations(answer: &Response) -> Vec<u8> {
    let bundle: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let links = bundle.get("link").and_then(Value::as_array).cloned().unwrap_or_default();
    links.iter().map(|link| text(link, "/relation")).collect::<Vec<_>>().join(",").into_bytes()
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}
