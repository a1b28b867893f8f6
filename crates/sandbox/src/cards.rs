//! SMART Health Cards that Fenwick Valley issues (SMART Health Cards 1.4, "Health Cards"): made here by hand, so that what
//! reads them is tested against another hand.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use crypto::{SigningKey, b64u};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use crate::people::System;
use crate::world::World;

/// Who signs cards, and which cards were withdrawn.
#[derive(Debug)]
pub(crate) struct Issuer {
    url: String,
    key: SigningKey,
    /// A key that is published nowhere, for the fault of that name.
    foreign: SigningKey,
    withdrawn: Mutex<Vec<String>>,
}

/// Which cards are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// `immunization` or `laboratory`.
    pub(crate) kind: &'a str,
    pub(crate) patient: &'a str,
    /// Nothing older than this FHIR date.
    pub(crate) since: Option<&'a str>,
}

const COVID: [&str; 5] = ["208", "207", "300", "309", "212"];
const PER_CARD: usize = 5;

impl Issuer {
    pub(crate) fn new(url: String, key: SigningKey, foreign: SigningKey) -> Self {
        Self { url, key, foreign, withdrawn: Mutex::new(vec!["d2l0aGRyYXdu".to_owned()]) }
    }

    fn kid(&self) -> String {
        self.key.public_jwk().thumbprint()
    }

    /// `{iss}/.well-known/jwks.json`.
    pub(crate) fn keys(&self) -> Value {
        let jwk = self
            .key
            .public_jwk()
            .with_kid(&self.kid())
            .with_member("use", "sig".into())
            .with_member("alg", "ES256".into());
        json!({"keys": [jwk.with_member("crlVersion", self.version().into())]})
    }

    fn version(&self) -> usize {
        self.withdrawn.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// `{iss}/.well-known/crl/{kid}.json`.
    pub(crate) fn withdrawals(&self, kid: &str) -> Option<Value> {
        let rids = self.withdrawn.lock().unwrap_or_else(PoisonError::into_inner);
        (kid == self.kid()).then(|| json!({"kid": kid, "method": "rid", "ctr": rids.len(), "rids": *rids}))
    }

    /// Cards of one kind for a patient, each small enough for one QR code.
    pub(crate) fn issue(&self, world: &World, wanted: &Wanted<'_>) -> Vec<String> {
        let Some(patient) = resource(world, "Patient", wanted.patient) else { return Vec::new() };
        let name =
            patient.pointer("/name/0").map(|name| json!([{"family": name.get("family"), "given": name.get("given")}]));
        let holder = json!({"resourceType": "Patient", "name": name, "birthDate": patient.get("birthDate")});
        let contents = if wanted.kind == "immunization" { shots(world, wanted) } else { labs(world, wanted) };
        let batches = contents.into_iter().filter(|batch| !batch.is_empty());
        batches.filter_map(|batch| self.card(world, wanted.kind, &holder, batch)).collect()
    }

    fn card(&self, world: &World, kind: &str, holder: &Value, contents: Vec<Value>) -> Option<String> {
        let strikes = |name: &str| world.faults.strikes(name, Some(System::Valley)).is_some();
        let mut entries = vec![json!({"fullUrl": "resource:0", "resource": holder})];
        for (at, content) in contents.into_iter().enumerate() {
            entries.push(json!({"fullUrl": format!("resource:{}", at + 1), "resource": content}));
        }
        let now = world.clock.now();
        let from = if strikes("card-future") { now + SignedDuration::from_hours(24) } else { now };
        let types = ["https://smarthealth.cards#health-card".to_owned(), format!("https://smarthealth.cards#{kind}")];
        let rid = b64u::encode(&crypto::random::<9>().ok()?);
        let mut payload = json!({
            "iss": self.url,
            "nbf": from.as_second(),
            "vc": {
                "type": types,
                "credentialSubject": {
                    "fhirVersion": "4.0.1",
                    "fhirBundle": {"resourceType": "Bundle", "type": "collection", "entry": entries},
                },
                "rid": rid,
            },
        });
        if strikes("card-expired") {
            put(&mut payload, "exp", (now - SignedDuration::from_hours(24)).as_second().into());
            put(&mut payload, "nbf", (now - SignedDuration::from_hours(48)).as_second().into());
        }
        if strikes("card-withdrawn") {
            self.withdrawn.lock().unwrap_or_else(PoisonError::into_inner).push(rid);
        }
        let key = if strikes("card-foreign-key") { &self.foreign } else { &self.key };
        let header = json!({"zip": "DEF", "kid": self.kid()});
        let card = key.jws_compact(&header, &deflated(payload.to_string().as_bytes())?).ok()?;
        if !strikes("card-changed") {
            return Some(card);
        }
        let [head, _, signature] = card.split('.').collect::<Vec<_>>().try_into().ok()?;
        put(&mut payload, "nbf", (from - SignedDuration::from_hours(1)).as_second().into());
        Some(format!("{head}.{}.{signature}", b64u::encode(&deflated(payload.to_string().as_bytes())?)))
    }
}

fn put(into: &mut Value, name: &str, value: Value) {
    if let Some(map) = into.as_object_mut() {
        map.insert(name.to_owned(), value);
    }
}

fn deflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn resource(world: &World, kind: &str, id: &str) -> Option<Value> {
    let store = world.store(System::Valley);
    serde_json::from_slice(&store.read(kind, id)?.bytes).ok()
}

/// All resources of a kind, newest first, as JSON.
fn all(world: &World, kind: &str, wanted: &Wanted<'_>, more: &[(&str, &str)]) -> Vec<Value> {
    let mut parameters = vec![("_sort".to_owned(), "-date".to_owned())];
    parameters.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    parameters.extend(wanted.since.map(|since| ("date".to_owned(), format!("ge{since}"))));
    let store = world.store(System::Valley);
    let query = crate::store::Query { kind, patient: wanted.patient, parameters: &parameters, within: &[] };
    let found = store.search(&query).unwrap_or_default();
    found.into_iter().filter_map(|at| serde_json::from_slice(&store.entry(at)?.bytes).ok()).collect()
}

/// One card for COVID-19, one for the latest of the others.
fn shots(world: &World, wanted: &Wanted<'_>) -> Vec<Vec<Value>> {
    let given = all(world, "Immunization", wanted, &[]);
    let is_covid = |shot: &Value| {
        shot.pointer("/vaccineCode/coding/0/code").and_then(Value::as_str).is_some_and(|code| COVID.contains(&code))
    };
    let (covid, others): (Vec<Value>, Vec<Value>) = given.into_iter().partition(is_covid);
    let small = |shots: Vec<Value>| shots.iter().take(PER_CARD).rev().map(shot).collect();
    vec![small(covid), small(others)]
}

fn shot(full: &Value) -> Value {
    json!({
        "resourceType": "Immunization",
        "status": full.get("status"),
        "vaccineCode": bare(full.get("vaccineCode")),
        "patient": {"reference": "resource:0"},
        "occurrenceDateTime": day(full.get("occurrenceDateTime")),
        "lotNumber": full.get("lotNumber"),
        "performer": [{"actor": {"display": System::Valley.name()}}],
    })
}

/// The latest result of each of the latest few tests.
fn labs(world: &World, wanted: &Wanted<'_>) -> Vec<Vec<Value>> {
    let mut seen: Vec<String> = Vec::new();
    let mut kept = Vec::new();
    for result in all(world, "Observation", wanted, &[("category", "laboratory")]) {
        let code = result.pointer("/code/coding/0/code").and_then(Value::as_str).unwrap_or("").to_owned();
        if kept.len() < PER_CARD - 1 && result.get("valueQuantity").is_some() && !seen.contains(&code) {
            seen.push(code);
            kept.push(lab(&result));
        }
    }
    vec![kept]
}

fn lab(full: &Value) -> Value {
    let mut range = Map::new();
    for end in ["low", "high"] {
        if let Some(value) = full.pointer(&format!("/referenceRange/0/{end}")) {
            range.insert(end.to_owned(), value.clone());
        }
    }
    json!({
        "resourceType": "Observation",
        "status": full.get("status"),
        "code": bare(full.get("code")),
        "subject": {"reference": "resource:0"},
        "effectiveDateTime": day(full.get("effectiveDateTime")),
        "valueQuantity": full.get("valueQuantity"),
        "referenceRange": [range],
        "performer": [{"display": System::Valley.name()}],
    })
}

/// A concept without its words, as cards are to be small.
fn bare(concept: Option<&Value>) -> Value {
    let coding = concept.and_then(|concept| concept.pointer("/coding/0"));
    json!({"coding": [{"system": coding.and_then(|c| c.get("system")), "code": coding.and_then(|c| c.get("code"))}]})
}

fn day(date: Option<&Value>) -> Option<&str> {
    date?.as_str()?.get(..10)
}
