//! The published schemas and the examples beside them say what the code says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say plainly what they expect")]

use std::path::{Path, PathBuf};

use consent::{Details, Grant, RecordAccess};
use jsonschema::Validator;
use serde_json::{Value, json};

fn docs(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(below)
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn schema(name: &str) -> Validator {
    let schema = read(&docs("schemas").join(name));
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// The examples, by name.
fn grants() -> Vec<(String, Value)> {
    let mut found: Vec<(String, Value)> = std::fs::read_dir(docs("grants"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), read(&path)))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn parse(value: &Value) -> Result<Grant, consent::GrantError> {
    Grant::parse(value.to_string().as_bytes())
}

fn example(name: &str) -> Value {
    grants().into_iter().find(|(found, _)| found == name).unwrap().1
}

#[test]
fn every_example_is_a_grant_and_reads_back() {
    let schema = schema("grant-1.json");
    assert_eq!(grants().len(), 5);
    for (name, value) in grants() {
        let grant = parse(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            schema.is_valid(&value),
            "{name}: {:?}",
            schema.iter_errors(&value).map(|e| e.to_string()).collect::<Vec<_>>()
        );
        let written: Value = serde_json::from_str(&grant.to_json()).unwrap();
        assert!(schema.is_valid(&written), "{name}");
        assert_eq!(parse(&written).unwrap(), grant, "{name}");
    }
}

/// Each of these is refused by the schema and by the code alike.
#[test]
fn the_schema_refuses_what_the_code_refuses() {
    let (schema, good) = (schema("grant-1.json"), example("labs-of-a-year"));
    let wrong: &[(&str, Value)] = &[
        ("/version", json!(2)),
        ("/id", json!("grt_1")),
        ("/who", json!({"name": "x"})),
        ("/who/name", json!("")),
        ("/who/proof", json!("anyone")),
        ("/who/proof", json!({"did": "key"})),
        ("/who/proof", json!({"client": "a", "did": "did:key:z"})),
        ("/who/proof", json!({"idToken": {"issuer": "a"}})),
        ("/permits", json!(null)),
        ("/permits/0/context", json!("doctor")),
        ("/permits/0/actions", json!("sr")),
        ("/permits/0/actions", json!("")),
        ("/permits/0/select", json!({})),
        ("/permits/0/select", json!({"kinds": ["lab"]})),
        ("/permits/0/select/types", json!([])),
        ("/permits/0/select/types", json!(["*", "Observation"])),
        ("/permits/0/select/types", json!("Observation")),
        ("/permits/0/select/topics", json!([])),
        ("/permits/0/select/dates", json!({})),
        ("/permits/0/select/dates/from", json!("2025-13-01")),
        ("/permits/0/select/dates/from", json!("2025")),
        ("/permits/0/select", json!({"codes": [{"code": "4548-4"}]})),
        ("/permits/0/select", json!({"codes": [{"system": "loinc", "code": "4548-4"}]})),
        ("/permits/0/select", json!({"resources": ["Observation"]})),
        ("/permits/0/select", json!({"elements": ["note..text"]})),
        ("/permits/0/select", json!({"query": "category"})),
        ("/purposes", json!(["care"])),
        ("/except", json!([{}])),
        ("/term", json!({"uses": 0})),
        ("/term", json!({"end": "tomorrow"})),
        ("/mode", json!("careful")),
        ("/decisions", json!([{"resource": "Observation/1", "choice": "hide"}])),
        ("/decisions", json!([{"resource": "Observation/1", "place": "note", "choice": "keep"}])),
        ("/deidentified", json!(true)),
        ("/more", json!(1)),
    ];
    for (at, value) in wrong {
        let mut bad = good.clone();
        let (parent, member) = at.rsplit_once('/').unwrap();
        bad.pointer_mut(parent).unwrap()[member] = value.clone();
        assert!(parse(&bad).is_err(), "the code takes {at} {value}");
        assert!(!schema.is_valid(&bad), "the schema takes {at} {value}");
    }
}

#[test]
fn what_is_published_of_a_grant_follows_the_schema_of_our_type() {
    let schema = schema("satchel-record-access-1.json");
    for (name, value) in grants() {
        let grant = parse(&value).unwrap();
        for access in [RecordAccess::whole(&grant), RecordAccess::shown(&grant)] {
            let details = Details(vec![consent::Detail::RecordAccess(access)]);
            let object = &details.to_value()[0];
            assert!(schema.is_valid(object), "{name}: {object}");
            assert_eq!(Details::parse(details.to_value().to_string().as_bytes()).unwrap(), details, "{name}");
        }
    }
    let refused = [
        json!({"type": "satchel-record-access/1"}),
        json!({"type": "satchel-record-access/1", "permits": []}),
        json!({"type": "satchel-record-access/2", "permits": [{"context": "patient", "actions": "r", "select": {"types": ["*"]}}]}),
        json!({"type": "satchel-record-access/1", "permits": [{"context": "patient", "actions": "r", "select": {"types": ["*"]}}], "actions": ["read"]}),
    ];
    for object in refused {
        assert!(!schema.is_valid(&object), "the schema takes {object}");
        assert!(Details::parse(json!([object]).to_string().as_bytes()).is_err(), "the code takes {object}");
    }
}

/// A token never tells what was excluded.
#[test]
fn what_is_shown_of_an_example_names_no_exclusion() {
    let grant = parse(&example("not-medications-not-therapy")).unwrap();
    let shown = Details(vec![consent::Detail::RecordAccess(RecordAccess::shown(&grant))]).to_value().to_string();
    assert!(!shown.contains("medications") && !shown.contains("except"), "{shown}");
    assert_eq!(consent::Scopes::of(&grant.what).to_string(), "patient/*.rs");
}
