//! What each topic finds, and what it must leave alone: one case of each trace and of each false positive that the table
//! of topics names.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say plainly what they expect")]

#[path = "topics/clinical.rs"]
mod clinical;
#[path = "topics/data.rs"]
mod data;
#[path = "topics/kinds.rs"]
mod kinds;
#[path = "topics/properties.rs"]
mod properties;
#[path = "topics/sensitive.rs"]
mod sensitive;

use std::sync::LazyLock;

use consent::{Around, Confidence, Rules};
use serde_json::{Value, json};

/// What the rules of one topic make of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It is hidden.
    Hidden,
    /// It goes to the review list.
    Hinted,
    /// Nothing.
    Nothing,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().unwrap());

fn found(topic: &str, resource: &Value) -> Found {
    let hits = RULES.judge_for(RULES.choose([topic]), resource, &Around::nothing());
    match hits.iter().map(|hit| hit.confidence).max() {
        Some(Confidence::Likely | Confidence::Definite) => Found::Hidden,
        Some(Confidence::Hint) => Found::Hinted,
        None => Found::Nothing,
    }
}

/// Checks each case, and names those that differ.
fn all(topic: &str, cases: &[(&str, Found, Value)]) {
    assert!(RULES.topic(topic).is_some(), "{topic}");
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(_, expected, resource)| found(topic, resource) != *expected)
        .map(|(what, expected, resource)| {
            let hits = RULES.judge_for(RULES.choose([topic]), resource, &Around::nothing());
            let rules: Vec<_> = hits.iter().map(|hit| (hit.rule, hit.confidence)).collect();
            format!("{what}: expected {expected:?}, found {rules:?}")
        })
        .collect();
    assert!(wrong.is_empty(), "{topic}: {wrong:#?}");
}

/// The name of a system as the cases write it.
fn system(short: &str) -> &str {
    match short {
        "icd" => "http://hl7.org/fhir/sid/icd-10-cm",
        "loinc" => "http://loinc.org",
        "sct" => "http://snomed.info/sct",
        "rx" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        "hcpcs" => "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "cpt" => "http://www.ama-assn.org/go/cpt",
        "cvx" => "http://hl7.org/fhir/sid/cvx",
        "ndc" => "http://hl7.org/fhir/sid/ndc",
        "atc" => "http://www.whocc.no/atc",
        "nucc" => "http://nucc.org/provider-taxonomy",
        "act" => "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        "v2-0074" => "http://terminology.hl7.org/CodeSystem/v2-0074",
        "category" => "http://terminology.hl7.org/CodeSystem/observation-category",
        "service" => "http://terminology.hl7.org/CodeSystem/service-type",
        other => other,
    }
}

/// A CodeableConcept with one code, `icd F33.1`.
fn concept(code: &str) -> Value {
    let (short, code) = code.split_once(' ').unwrap();
    json!({"coding": [{"system": system(short), "code": code}]})
}

/// A resource with one coded element.
fn coded(kind: &str, element: &str, code: &str) -> Value {
    json!({"resourceType": kind, element: concept(code)})
}

/// A resource with one element that is only text.
fn worded(kind: &str, element: &str, text: &str) -> Value {
    json!({"resourceType": kind, element: {"text": text}})
}

fn condition(code: &str) -> Value {
    coded("Condition", "code", code)
}

fn observation(code: &str) -> Value {
    coded("Observation", "code", code)
}

fn prescription(code: &str) -> Value {
    coded("MedicationRequest", "medicationCodeableConcept", code)
}

fn prescribed(text: &str) -> Value {
    worded("MedicationRequest", "medicationCodeableConcept", text)
}

fn document(code: &str) -> Value {
    coded("DocumentReference", "type", code)
}

fn named(kind: &str, name: &str) -> Value {
    json!({"resourceType": kind, "name": name})
}
