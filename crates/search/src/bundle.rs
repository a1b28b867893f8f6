//! Bundles, written as bytes: resources go in as they are held, nothing is parsed.

use std::collections::HashSet;

use fhir::HeldVersion;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::elements::Part;
use crate::message::Response;
use crate::settings::Settings;
use crate::store::Document;
use crate::text;

/// Why an entry is in the answer of a search.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Because {
    Match,
    Include,
}

/// A Bundle as it grows.
pub(crate) struct Bundle {
    out: Vec<u8>,
    entries: usize,
    /// What stands in it, as [`Response::resources`] says it.
    resources: Vec<String>,
}

impl Bundle {
    /// `searchset`, `history` and their like; links by relation and address.
    pub(crate) fn begin(kind: &str, total: Option<usize>, links: &[(&str, String)]) -> Self {
        let mut out = Vec::with_capacity(64 * 1024);
        out.extend_from_slice(format!(r#"{{"resourceType":"Bundle","type":"{kind}""#).as_bytes());
        if let Some(total) = total {
            out.extend_from_slice(format!(r#","total":{total}"#).as_bytes());
        }
        if !links.is_empty() {
            let links: Vec<Value> =
                links.iter().map(|(relation, url)| json!({"relation": relation, "url": url})).collect();
            out.extend_from_slice(b",\"link\":");
            out.extend_from_slice(Value::Array(links).to_string().as_bytes());
        }
        Self { out, entries: 0, resources: Vec::new() }
    }

    fn open_entry(&mut self) {
        self.out.extend_from_slice(if self.entries == 0 { b",\"entry\":[{" } else { b",{" });
        self.entries += 1;
    }

    /// An entry of a search; `part` where not the whole is asked for.
    pub(crate) fn found(&mut self, settings: &Settings, document: &Document, part: Option<&Part>, because: Because) {
        self.open_entry();
        self.address(settings, &document.held.resource_type, &document.held.id);
        self.out.extend_from_slice(b",\"resource\":");
        self.resource(document, part);
        self.out.extend_from_slice(match because {
            Because::Match => b",\"search\":{\"mode\":\"match\"}}".as_slice(),
            Because::Include => b",\"search\":{\"mode\":\"include\"}}".as_slice(),
        });
    }

    fn address(&mut self, settings: &Settings, kind: &str, id: &str) {
        let url = Value::String(format!("{}/{kind}/{id}", settings.base));
        self.out.extend_from_slice(format!("\"fullUrl\":{url}").as_bytes());
    }

    fn resource(&mut self, document: &Document, part: Option<&Part>) {
        match part.and_then(|part| document.value().map(|value| part.cut(value))) {
            Some(cut) => write_value(&mut self.out, &cut),
            None => document.write(&mut self.out),
        }
        self.resources.extend(document.current().map(|version| document.name(version)));
    }

    /// What the answer has to say of itself.
    pub(crate) fn outcome(&mut self, outcome: &Value) {
        self.open_entry();
        self.out.extend_from_slice(format!(r#""resource":{outcome},"search":{{"mode":"outcome"}}}}"#).as_bytes());
    }

    /// One version of a history.
    pub(crate) fn version(&mut self, settings: &Settings, document: &Document, version: &HeldVersion) {
        let (kind, id) = (&document.held.resource_type, &document.held.id);
        let first = version.number == 1;
        let (method, url) = if first { ("POST", kind.to_string()) } else { ("PUT", format!("{kind}/{id}")) };
        let request = json!({"method": method, "url": url});
        let response = json!({
            "status": if first { "201" } else { "200" },
            "etag": etag(version), "lastModified": version.last_updated.to_string(),
        });
        self.open_entry();
        self.address(settings, kind, id);
        self.out.extend_from_slice(b",\"resource\":");
        write_version(&mut self.out, version);
        self.resources.push(document.name(version));
        self.out.extend_from_slice(format!(",\"request\":{request},\"response\":{response}}}").as_bytes());
    }

    /// One answer of a batch.
    pub(crate) fn answer(&mut self, answer: Response, modified: Option<Timestamp>) {
        let (status, body) = (answer.status, &answer.body);
        let mut response = json!({"status": status.to_string()});
        if let Some(members) = response.as_object_mut() {
            members.extend(answer.header("etag").map(|etag| ("etag".to_owned(), json!(etag))));
            members.extend(modified.map(|at| ("lastModified".to_owned(), json!(at.to_string()))));
        }
        self.open_entry();
        if (200..300).contains(&status) && !body.is_empty() {
            self.out.extend_from_slice(b"\"resource\":");
            self.out.extend_from_slice(body);
            self.out.push(b',');
            self.add_once(answer.resources);
        } else if let (Ok(outcome), Some(members)) = (serde_json::from_slice(body), response.as_object_mut()) {
            members.insert("outcome".to_owned(), outcome);
        }
        self.out.extend_from_slice(format!("\"response\":{response}}}").as_bytes());
    }

    /// Entries of a batch may bring the same twice.
    fn add_once(&mut self, resources: Vec<String>) {
        let known: HashSet<&String> = self.resources.iter().collect();
        let fresh: Vec<String> = resources.into_iter().filter(|one| !known.contains(one)).collect();
        self.resources.extend(fresh);
    }

    pub(crate) fn end(mut self) -> Response {
        self.out.extend_from_slice(if self.entries == 0 { b"}" } else { b"]}" });
        Response { resources: self.resources, ..Response::json(200, self.out) }
    }
}

/// `W/"3"`
pub(crate) fn etag(version: &HeldVersion) -> String {
    format!("W/\"{}\"", version.number)
}

/// A version as it is answered; nothing where its text is no resource.
pub(crate) fn write_version(out: &mut Vec<u8>, version: &HeldVersion) {
    match text::placed(&version.json) {
        Some((json, place)) => text::write(out, &json, place, version),
        None => out.extend_from_slice(b"null"),
    }
}

/// A parsed resource, type and id first as people expect them.
pub(crate) fn write_value(out: &mut Vec<u8>, resource: &Value) {
    let Some(members) = resource.as_object() else { return };
    out.push(b'{');
    let first = ["resourceType", "id", "meta"];
    let head = first.iter().filter_map(|name| members.get_key_value(*name));
    let rest = members.iter().filter(|(name, _)| !first.contains(&name.as_str()));
    for (at, (name, value)) in head.chain(rest).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(format!("{}:{value}", Value::String(name.clone())).as_bytes());
    }
    out.push(b'}');
}
