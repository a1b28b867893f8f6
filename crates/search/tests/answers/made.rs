//! A small view, and how tests ask it.

use fhir::{Held, HeldVersion};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use search::{Engine, Request, Response, Settings};
use serde_json::{Value, json};
use types::Secret;

pub(crate) const BASE: &str = "https://ehr.example.org/fhir";

pub(crate) fn settings(key: u8) -> Settings {
    Settings { base: BASE.into(), patients: vec!["p1".into()], zone: TimeZone::UTC, key: Secret::new([key; 32]) }
}

pub(crate) fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// A resource of one version, of an instant that its id decides.
pub(crate) fn held(resource: &Value) -> Held {
    let id = resource["id"].as_str().unwrap();
    let second: i64 = id.bytes().map(i64::from).sum();
    let last_updated = Timestamp::from_second(1_700_000_000 + second).unwrap();
    versions(&[(resource.clone(), last_updated)])
}

pub(crate) fn versions(all: &[(Value, Timestamp)]) -> Held {
    let (last, _) = all.last().unwrap();
    let version = |(number, (value, last_updated)): (u32, &(Value, Timestamp))| HeldVersion {
        number,
        last_updated: *last_updated,
        json: value.to_string().into(),
    };
    Held {
        resource_type: last["resourceType"].as_str().unwrap().into(),
        id: last["id"].as_str().unwrap().into(),
        versions: (1..).zip(all).map(version).collect(),
    }
}

pub(crate) fn engine(resources: &[Value]) -> Engine {
    let mut engine = Engine::new(settings(1));
    resources.iter().for_each(|resource| engine.put(held(resource)).unwrap());
    engine
}

pub(crate) fn ask(engine: &Engine, target: &str) -> Response {
    engine.answer(&Request::get(target), now())
}

pub(crate) fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&response.body)))
}

/// `Type/id` of each entry, matches first, in order.
pub(crate) fn found(engine: &Engine, target: &str) -> Vec<String> {
    let response = ask(engine, target);
    assert_eq!(response.status, 200, "{target}: {}", String::from_utf8_lossy(&response.body));
    names(&body(&response))
}

pub(crate) fn names(bundle: &Value) -> Vec<String> {
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let resources =
        entries.iter().map(|entry| &entry["resource"]).filter(|one| one["resourceType"] != "OperationOutcome");
    resources.map(|one| format!("{}/{}", one["resourceType"].as_str().unwrap(), one["id"].as_str().unwrap())).collect()
}

/// The text of the first issue.
pub(crate) fn issue(response: &Response) -> String {
    body(response)["issue"][0]["details"]["text"].as_str().unwrap().to_owned()
}

/// A patient, a practitioner, an organization, conditions and observations that refer to each other.
pub(crate) fn small() -> Vec<Value> {
    let mut all = vec![
        json!({"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-05-04", "active": true,
            "name": [{"family": "Portillo", "given": ["Adán", "José"]}],
            "identifier": [{"system": "urn:a", "value": "X1",
                "type": {"coding": [{"system": "urn:kinds", "code": "MR"}]}}],
            "managingOrganization": {"reference": "Organization/o1"}, "generalPractitioner": [{"reference": "Practitioner/d1"}]}),
        json!({"resourceType": "Patient", "id": "p2", "gender": "male", "birthDate": "1999",
            "name": [{"family": "Peters", "given": ["Ana"]}], "link": [{"other": {"reference": "Patient/p1"}, "type": "seealso"}]}),
        json!({"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Lee"}]}),
        json!({"resourceType": "Organization", "id": "o1", "name": "Lakeside", "partOf": {"reference": "Organization/o2"}}),
        json!({"resourceType": "Organization", "id": "o2", "name": "County Health"}),
        json!({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "73211009", "display": "Diabetes mellitus"}], "text": "Sugar"},
            "onsetDateTime": "2019-03", "text": {"status": "generated", "div": "<div>Diabetes since spring</div>"}}),
        json!({"resourceType": "Encounter", "id": "e1", "subject": {"reference": "Patient/p1"}, "status": "finished",
            "class": {"code": "AMB"}, "participant": [{"individual": {"reference": "Practitioner/d1"}}],
            "serviceProvider": {"reference": "Organization/o1"}, "period": {"start": "2020-01-01T08:00:00Z", "end": "2020-01-02T08:00:00Z"}}),
    ];
    for n in 0..9 {
        all.push(json!({"resourceType": "Observation", "id": format!("ob{n}"), "status": if n % 3 == 0 { "preliminary" } else { "final" },
            "code": {"coding": [{"system": "http://loinc.org", "code": if n % 2 == 0 { "2345-7" } else { "718-7" }, "display": "Test"}]},
            "subject": {"reference": if n == 8 { "Patient/p2" } else { "Patient/p1" }}, "encounter": {"reference": "Encounter/e1"},
            "effectiveDateTime": format!("2020-0{}-15T10:00:00Z", n + 1),
            "valueQuantity": {"value": 90 + n, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}}));
    }
    all
}
