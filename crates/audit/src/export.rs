use std::collections::BTreeMap;

use crypto::Jwk;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Entry, SignedHead};

/// An entry as a line says it. Every part of it that its hash covers stands there, so that whoever has the lines can
/// check the chain.
#[derive(Serialize)]
struct Line<'a> {
    seq: u64,
    at: String,
    action: &'a str,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    counts: &'a BTreeMap<String, u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<AccessOf<'a>>,
    previous: String,
    hash: String,
}

#[derive(Serialize)]
struct AccessOf<'a> {
    who: Option<&'a str>,
    grant: Option<&'a str>,
    request: Option<&'a str>,
    method: Option<&'a str>,
    target: Option<&'a str>,
    released: &'a [String],
    status: Option<u16>,
}

/// An entry as one line of NDJSON, without the line break.
pub fn line(entry: &Entry) -> String {
    let line = Line {
        seq: entry.seq,
        at: entry.at.to_string(),
        action: entry.action.as_str(),
        outcome: entry.outcome.as_str(),
        person: entry.person.as_ref().map(|id| id.as_str()),
        subject: entry.subject.as_deref(),
        counts: &entry.counts,
        access: entry.access.as_deref().map(|access| AccessOf {
            who: access.who.as_ref().map(|who| who.as_str()),
            grant: access.grant.as_ref().map(|id| id.as_str()),
            request: access.request.as_ref().map(|id| id.as_str()),
            method: access.method.as_deref(),
            target: access.target.as_deref(),
            released: &access.released,
            status: access.status,
        }),
        previous: hex(&entry.previous),
        hash: hex(&entry.hash),
    };
    // Texts, numbers and lists: there is nothing in it that does not serialize.
    serde_json::to_string(&line).unwrap_or_default()
}

/// The last line: the signed head, and the key it is signed with.
pub fn head_line(signed: &SignedHead, key: &Jwk) -> String {
    let head = json!({
        "seq": signed.head.seq,
        "hash": hex(&signed.head.hash),
        "signature": crypto::b64u::encode(&signed.signature),
        "key": Value::from(key.clone()),
    });
    json!({ "head": head }).to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
