use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::Value;

use super::monitor::references;
use super::*;

const TODAY: Date = date(2026, 11, 20);

fn plan(seed: u64, people: u32) -> Plan {
    Plan { seed, today: TODAY, people, years: None, resources: None }
}

fn text<'a>(json: &'a Value, path: &str) -> &'a str {
    json.pointer(path).and_then(Value::as_str).unwrap_or("")
}

/// Every text that reads as a date or an instant, at any depth.
fn dates(json: &Value, into: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            map.iter().filter(|(name, _)| *name != "dueDate").for_each(|(_, value)| dates(value, into))
        }
        Value::Array(items) => items.iter().for_each(|item| dates(item, into)),
        Value::String(text) if text.len() >= 10 && text[..10].parse::<Date>().is_ok() => into.push(text.clone()),
        _ => {}
    }
}

fn day(text: &str) -> Date {
    text[..10].parse().unwrap()
}

fn check_references(record: &Record) {
    let shared = shared(record.system);
    let all = record.resources.iter().chain(&shared);
    let ids: HashSet<String> = all.map(|resource| format!("{}/{}", resource.kind, resource.id)).collect();
    assert_eq!(ids.len(), record.resources.len() + shared.len(), "an id is used twice");
    for resource in &record.resources {
        let mut named = HashSet::new();
        references(&resource.json, &mut named);
        for name in named.iter().filter(|name| !name.starts_with('#') && !name.contains("://")) {
            assert!(ids.contains(name), "{}/{} refers to {name}", resource.kind, resource.id);
        }
        assert!(!named.iter().any(|name| name.starts_with('#')) || resource.json.get("contained").is_some());
    }
}

fn check_dates(life: &Life, record: &Record) {
    for resource in &record.resources {
        let mut found = Vec::new();
        dates(&resource.json, &mut found);
        for text in found {
            assert!(day(&text) >= life.person.birth, "{}: {text} before birth", resource.kind);
            assert!(day(&text) <= TODAY, "{}: {text} after today", resource.kind);
        }
        let updated = text(&resource.json, "/meta/lastUpdated").parse::<Timestamp>();
        assert!(updated.is_ok(), "{:?}", resource.json.get("meta"));
        for (start, end) in [("/period/start", "/period/end"), ("/onsetDateTime", "/abatementDateTime")] {
            let (start, end) = (text(&resource.json, start), text(&resource.json, end));
            assert!(start.is_empty() || end.is_empty() || start <= end, "{}: {start} to {end}", resource.kind);
        }
    }
}

fn check_ranges(record: &Record) -> usize {
    let mut judged = 0;
    for resource in record.resources.iter().filter(|resource| resource.json.get("interpretation").is_some()) {
        let number = |path: &str| resource.json.pointer(path).map(|value| value.to_string().parse::<f64>().unwrap());
        let value = number("/valueQuantity/value").unwrap();
        let low = number("/referenceRange/0/low/value");
        let high = number("/referenceRange/0/high/value");
        let expected = if low.is_some_and(|low| value < low) {
            "L"
        } else if high.is_some_and(|high| value > high) {
            "H"
        } else {
            "N"
        };
        assert_eq!(text(&resource.json, "/interpretation/0/coding/0/code"), expected);
        judged += 1;
    }
    judged
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6) })]

    #[test]
    fn any_seed_gives_lives_whose_parts_agree(seed: u64, oldest in 3_u16..98) {
        let plan = Plan { years: Some((2, oldest)), ..plan(seed, 2) };
        for life in invent(&plan) {
            for record in &life.records {
                check_references(record);
                check_dates(&life, record);
                check_ranges(record);
            }
        }
    }
}

#[test]
fn the_cast_is_complete_and_agrees() {
    let lives = invent(&plan(1, 6));
    let logins: Vec<&str> = lives.iter().map(|life| life.login.as_str()).take(5).collect();
    assert_eq!(logins, ["maren", "concepcion", "teo", "bram", "niamh"]);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for life in &lives {
        for record in &life.records {
            check_references(record);
            check_dates(life, record);
            check_ranges(record);
            for resource in &record.resources {
                *kinds.entry(resource.kind).or_default() += 1;
            }
        }
        let counts: Vec<usize> = life.records.iter().map(|record| record.resources.len()).collect();
        println!("{} {:?}", life.person.name(), counts);
    }
    println!("{kinds:?}");
    for kind in [
        "Patient",
        "RelatedPerson",
        "Encounter",
        "Condition",
        "MedicationRequest",
        "MedicationDispense",
        "MedicationStatement",
        "Medication",
        "Observation",
        "DiagnosticReport",
        "Immunization",
        "AllergyIntolerance",
        "Procedure",
        "CarePlan",
        "CareTeam",
        "Goal",
        "DocumentReference",
        "Binary",
        "Coverage",
        "ExplanationOfBenefit",
        "Provenance",
        "FamilyMemberHistory",
    ] {
        assert!(kinds.contains_key(kind), "no {kind}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let bytes = |seed| {
        serde_json::to_string(
            &invent(&plan(seed, 2))[1].records[0].resources.iter().map(|r| r.json.clone()).collect::<Vec<_>>(),
        )
        .unwrap()
    };
    assert_eq!(bytes(9), bytes(9));
    assert_ne!(bytes(9), bytes(10));
}

#[test]
fn a_record_has_exactly_as_many_resources_as_asked() {
    for count in [300, 1000, 10_000] {
        let lives = invent(&Plan { resources: Some(count), ..plan(3, 1) });
        let record = &lives[0].records[0];
        assert_eq!(record.resources.len(), count);
        check_references(record);
        check_dates(&lives[0], record);
    }
}

#[test]
fn both_systems_hold_a_part_of_one_life() {
    for life in invent(&plan(1, 5)) {
        let [valley, larkspur] = &life.records[..] else { panic!("two records") };
        let labs = |record: &Record| record.resources.iter().filter(|r| r.kind == "DiagnosticReport").count();
        println!("{} {} {}", life.person.name(), labs(valley), labs(larkspur));
        assert!(valley.resources.len() > 40 && larkspur.resources.len() > 40, "{}", life.person.name());
        assert_ne!(valley.patient, larkspur.patient);
    }
}

#[test]
fn treatment_shows_in_the_laboratory() {
    let lives = invent(&plan(1, 2));
    let mother = &lives[1];
    let mut values: Vec<(String, f64)> = Vec::new();
    for resource in mother.records.iter().flat_map(|record| &record.resources) {
        if text(&resource.json, "/code/coding/0/code") == "4548-4" && resource.kind == "Observation" {
            let value = resource.json.pointer("/valueQuantity/value").unwrap().to_string();
            assert!(value.contains('.'), "one digit after the point: {value}");
            values.push((text(&resource.json, "/effectiveDateTime").to_owned(), value.parse().unwrap()));
        }
    }
    values.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(values.len() > 12, "{}", values.len());
    assert!(values.iter().all(|(_, value)| (4.5..13.0).contains(value)), "{values:?}");
}
