use std::ops::Range;

use axum::body::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::date::instant_range;

/// One resource: its bytes, and what can be searched.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) kind: String,
    pub(crate) id: String,
    /// Whose it is; `None` for what belongs to no patient.
    pub(crate) patient: Option<String>,
    pub(crate) bytes: Bytes,
    pub(crate) version: String,
    pub(crate) updated: Option<Range<Timestamp>>,
    pub(crate) when: Option<Range<Timestamp>>,
    pub(crate) codes: Vec<Token>,
    pub(crate) categories: Vec<Token>,
    pub(crate) types: Vec<Token>,
    pub(crate) statuses: Vec<Token>,
    pub(crate) intent: Option<String>,
    pub(crate) encounter: Option<String>,
    /// What a Provenance is about.
    pub(crate) targets: Vec<String>,
    /// The Medication a prescription refers to.
    pub(crate) medication: Option<String>,
}

/// A code with its system, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) system: Option<String>,
    pub(crate) code: String,
}

const DATES: [&str; 15] = [
    "effectiveDateTime",
    "effectiveInstant",
    "occurrenceDateTime",
    "performedDateTime",
    "authoredOn",
    "onsetDateTime",
    "recordedDate",
    "date",
    "created",
    "whenHandedOver",
    "startDate",
    "authored",
    "issued",
    "recorded",
    "started",
];
const PERIODS: [&str; 6] =
    ["period", "effectivePeriod", "performedPeriod", "billablePeriod", "occurrencePeriod", "onsetPeriod"];
const CODES: [&str; 4] = ["code", "vaccineCode", "medicationCodeableConcept", "productOrService"];
const STATUSES: [&str; 4] = ["status", "lifecycleStatus", "outcome", "docStatus"];

impl Entry {
    /// Indexes a resource; `bytes` is what will be sent for it.
    pub(crate) fn new(json: &Value, bytes: Bytes, patient: Option<String>) -> Option<Self> {
        let kind = text(json, "/resourceType")?.to_owned();
        let id = text(json, "/id")?.to_owned();
        let updated = text(json, "/meta/lastUpdated").and_then(instant_range);
        let mut statuses: Vec<Token> = STATUSES.iter().filter_map(|name| json.get(name)).flat_map(tokens).collect();
        statuses.extend(json.get("clinicalStatus").into_iter().flat_map(tokens));
        let target = |value: &Value| text(value, "/reference").map(str::to_owned);
        Some(Self {
            patient,
            bytes,
            version: text(json, "/meta/versionId").unwrap_or("1").to_owned(),
            updated,
            when: when(json),
            codes: CODES.iter().filter_map(|name| json.get(name)).flat_map(tokens).collect(),
            categories: json.get("category").into_iter().flat_map(tokens).collect(),
            types: ["type", "class"].iter().filter_map(|name| json.get(name)).flat_map(tokens).collect(),
            statuses,
            intent: text(json, "/intent").map(str::to_owned),
            encounter: text(json, "/encounter/reference")
                .or_else(|| text(json, "/context/encounter/0/reference"))
                .map(str::to_owned),
            targets: if kind == "Provenance" { list(json, "target").filter_map(target).collect() } else { Vec::new() },
            medication: text(json, "/medicationReference/reference").map(str::to_owned),
            kind,
            id,
        })
    }

    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.kind, self.id)
    }

    /// The weak entity tag of a version (FHIR R4 http, "Managing Resource Contention").
    pub(crate) fn etag(&self) -> String {
        format!("W/\"{}\"", self.version)
    }
}

fn when(json: &Value) -> Option<Range<Timestamp>> {
    if let Some(date) = DATES.iter().find_map(|name| json.get(name)?.as_str()) {
        return instant_range(date);
    }
    let period = PERIODS.iter().find_map(|name| json.get(name))?;
    let start = text(period, "/start").and_then(instant_range);
    let end = text(period, "/end").and_then(instant_range);
    match (start, end) {
        (Some(start), Some(end)) => Some(start.start..end.end),
        (some, other) => some.or(other),
    }
}

/// The codes in a code, Coding, CodeableConcept, or a list of them.
fn tokens(value: &Value) -> Vec<Token> {
    match value {
        Value::String(code) => vec![Token { system: None, code: code.clone() }],
        Value::Array(items) => items.iter().flat_map(tokens).collect(),
        Value::Object(map) => match map.get("coding") {
            Some(codings) => tokens(codings),
            None => {
                let code = map.get("code").and_then(Value::as_str);
                let system = map.get("system").and_then(Value::as_str).map(str::to_owned);
                code.map(|code| Token { system, code: code.to_owned() }).into_iter().collect()
            }
        },
        _ => Vec::new(),
    }
}

fn text<'a>(json: &'a Value, path: &str) -> Option<&'a str> {
    json.pointer(path).and_then(Value::as_str)
}

fn list<'a>(json: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    json.get(name).and_then(Value::as_array).into_iter().flatten()
}
