use credentials::{Draft, Kind, Line};
use serde_json::{Value, json};

use crate::kit::{ISSUER, at, example, key, only};

fn content(resources: &[Value]) -> credentials::Content {
    let entries: Vec<Value> = resources
        .iter()
        .enumerate()
        .map(|(number, resource)| json!({"fullUrl": format!("resource:{number}"), "resource": resource}))
        .collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    only(&Draft::new(ISSUER, at("2024-06-01T00:00:00Z"), &bundle).sign(&key()).unwrap()).unwrap().content()
}

fn line(what: &str, value: Option<&str>, date: Option<&str>, by: Option<&str>) -> Line {
    Line {
        what: Some(what.to_owned()),
        value: value.map(str::to_owned),
        date: date.map(str::to_owned),
        by: by.map(str::to_owned),
    }
}

#[test]
fn the_vaccination_example_reads_as_a_person_would() {
    let Some(text) = example("example-00-d-jws.txt") else { return };
    let content = only(&text).unwrap().content();
    assert_eq!(content.name.as_deref(), Some("John B. Anyperson"));
    assert_eq!(content.birth_date.as_deref(), Some("1951-01-20"));
    assert_eq!(content.kind, Kind::Immunization);
    assert_eq!(content.lines.len(), 3);
    assert_eq!(content.lines[0].date.as_deref(), Some("2021-01-01"));
    assert_eq!(content.lines[0].by.as_deref(), Some("ABC General Hospital"));
    assert_eq!(content.lines[0].value.as_deref(), Some("0000001"));
    assert!(content.lines[0].what.as_deref().unwrap().contains("COVID-19"));
    assert!(content.lines[0].what.as_deref().unwrap().ends_with("(CVX 207)"));
    assert!(content.payload.contains("\n") && content.payload.contains("ABC General Hospital"));
}

#[test]
fn the_summary_example_shows_its_statements() {
    let Some(text) = example("example-02-d-jws.txt") else { return };
    let content = only(&text).unwrap().content();
    assert_eq!(content.kind, Kind::Other);
    assert_eq!(content.lines.len(), 3, "{:?}", content.lines);
    // The medication is referred to by an address that the card does not hold: not stated, rather than guessed.
    let what: Vec<Option<&str>> = content.lines.iter().map(|line| line.what.as_deref()).collect();
    assert_eq!(what, [Some("SNOMED 198436008"), None, Some("SNOMED 373270004")]);
}

#[test]
fn results_keep_their_digits_units_and_laboratory() {
    let content = content(&[
        json!({"resourceType": "Patient", "name": [{"use": "nickname", "text": "Al"}, {"use": "official", "given": ["Al", "B."], "family": "Li"}]}),
        json!({"resourceType": "Organization", "name": "City Laboratory"}),
        json!({"resourceType": "Observation", "status": "final", "code": {"text": "Potassium"}, "effectiveDateTime": "2024-05-03T18:04:00Z",
            "valueQuantity": {"value": 4.10, "comparator": "<", "unit": "mmol/L"}, "performer": [{"reference": "resource:1"}]}),
        json!({"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "94500-6"}]},
            "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "260415000"}]}}),
        json!({"resourceType": "Observation", "status": "entered-in-error", "code": {"coding": [{"system": "http://loinc.org", "code": "1-1"}]}, "valueString": "x"}),
    ]);
    assert_eq!(content.kind, Kind::Laboratory);
    assert_eq!(content.name.as_deref(), Some("Al B. Li"));
    assert_eq!(
        content.lines,
        [
            line("Potassium", Some("<4.1 mmol/L"), Some("2024-05-03T18:04:00Z"), Some("City Laboratory")),
            line("SARS-CoV-2 (COVID-19) RNA in respiratory specimen", Some("Not detected"), None, None),
            line("LOINC 1-1", Some("entered-in-error"), None, None),
        ]
    );
}

#[test]
fn digits_are_shown_as_the_issuer_wrote_them() {
    let payload = r#"{"iss":"https://clinic.example.org/cards","nbf":1717200000,"vc":{"type":["https://smarthealth.cards#health-card"],"credentialSubject":{"fhirVersion":"4.0.1","fhirBundle":{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"resource:0","resource":{"resourceType":"Observation","status":"final","code":{"text":"K"},"valueQuantity":{"value":4.10,"code":"mmol/L"}}}]}}}}"#;
    let content = only(&crate::kit::signed_text(payload)).unwrap().content();
    assert_eq!(content.lines, [line("K", Some("4.10 mmol/L"), None, None)]);
    assert_eq!((content.name, content.birth_date), (None, None), "missing is not stated");
}

#[test]
fn a_vaccine_that_was_not_given_does_not_look_like_one_that_was() {
    let content = content(&[json!({"resourceType": "Immunization", "status": "not-done", "lotNumber": "1",
        "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "999"}]}})]);
    assert_eq!(content.lines, [line("CVX 999", Some("not-done"), None, None)]);
}

#[test]
fn medications_and_insurance_are_named_through_what_they_refer_to() {
    let content = content(&[
        json!({"resourceType": "Medication", "code": {"text": "Anastrozole 1 mg"}}),
        json!({"resourceType": "MedicationStatement", "medicationReference": {"reference": "resource:0"},
            "effectivePeriod": {"start": "2015-03"}, "dosage": [{"text": "1 a day"}]}),
        json!({"resourceType": "Coverage", "subscriberId": "S1", "payor": [{"display": "Payer"}], "period": {"start": "2024"}}),
        json!({"resourceType": "Condition", "code": {"coding": [{"display": "Hypertension"}]}, "onsetDateTime": "2020"}),
        json!({"resourceType": "Goal"}),
    ]);
    assert_eq!(content.kind, Kind::Other);
    assert_eq!(
        content.lines,
        [
            line("Anastrozole 1 mg", Some("1 a day"), Some("2015-03"), None),
            line("Payer", Some("S1"), Some("2024"), None),
            line("Hypertension", None, Some("2020"), None),
            line("Goal", None, None, None),
        ]
    );
}
