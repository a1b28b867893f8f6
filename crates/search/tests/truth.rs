//! The index against the plain truth: what an engine finds among real records is what [`fhir::criteria`] says of each
//! resource by itself, for every parameter that has values there. Chains and `_has` are followed by hand.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say plainly what they expect")]

use std::collections::{BTreeMap, BTreeSet};

use fhir::criteria::Criterion;
use fhir::parameters::{Address, Kind, SearchValue, Setting, parameters};
use fhir::{Held, HeldVersion};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use search::{Engine, Settings};
use serde_json::Value;
use types::Secret;

const BASE: &str = "https://ehr.example.org/fhir";
const RECEIVED: &str = "2026-01-02T03:04:05Z";

/// Values of one parameter that questions are made of.
const VALUES: usize = 4;

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

fn setting() -> Setting {
    Setting { zone: TimeZone::UTC, now: now(), base: Some(BASE.into()) }
}

/// Every resource of the shared records, once, with references between entries as `Type/id`.
fn resources() -> Vec<Value> {
    let mut all = BTreeMap::new();
    for folder in ["data/synthea-r4", "data/us-core", "data/us-core-examples", "data/fhir-r4-examples", "data/ips"] {
        let Some(folder) = testkit::shared(folder) else { continue };
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap_or_default();
            let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
            let entries = value["entry"].as_array().cloned().unwrap_or_default();
            let name = |r: &Value| Some(format!("{}/{}", r["resourceType"].as_str()?, r["id"].as_str()?));
            let known: BTreeMap<String, String> = entries
                .iter()
                .filter_map(|entry| Some((entry["fullUrl"].as_str()?.to_owned(), name(&entry["resource"])?)))
                .collect();
            for mut resource in entries.into_iter().map(|entry| entry["resource"].clone()).chain([value]) {
                rename(&mut resource, &known);
                // As the engine answers it.
                if let Some(name) =
                    name(&resource).filter(|_| resource["meta"].is_null() || resource["meta"].is_object())
                {
                    resource["meta"]["lastUpdated"] = RECEIVED.into();
                    all.insert(name, resource);
                }
            }
        }
    }
    all.into_values().collect()
}

fn rename(value: &mut Value, known: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let to = member.as_str().filter(|_| name == "reference").and_then(|text| known.get(text));
                match to {
                    Some(to) => *member = to.as_str().into(),
                    None => rename(member, known),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, known)),
        _ => {}
    }
}

fn engine(resources: &[Value]) -> Engine {
    let key = Secret::new([7; 32]);
    let mut engine = Engine::new(Settings { base: BASE.into(), patients: Vec::new(), zone: TimeZone::UTC, key });
    for resource in resources {
        let version =
            HeldVersion { number: 1, last_updated: RECEIVED.parse().unwrap(), json: resource.to_string().into() };
        let (resource_type, id) = (text(resource, "resourceType").into(), text(resource, "id").into());
        engine.put(Held { resource_type, id, versions: vec![version] }).unwrap();
    }
    engine
}

fn text<'a>(resource: &'a Value, name: &str) -> &'a str {
    resource[name].as_str().unwrap()
}

/// The ids that the engine finds, over all pages.
fn found(engine: &Engine, resource_type: &str, key: &str, value: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut target = format!("{resource_type}?{}={}&_count=1000", encoded(key), encoded(value));
    loop {
        let hits = engine.search(&target, now()).unwrap_or_else(|why| panic!("{resource_type}?{key}={value}: {why}"));
        ids.extend(hits.page.iter().map(|hit| hit.id.to_string()));
        match hits.next {
            Some(next) => target = next,
            None => {
                assert_eq!(hits.total, ids.len(), "{resource_type}?{key}={value}");
                return ids;
            }
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02x}") })
        .collect()
}

/// Whether the criterion holds for the resource, asked of everything else by hand.
fn holds(criterion: &Criterion, resource: &Value, all: &[Value]) -> bool {
    let setting = setting();
    let leads = |from: &Value, by: &fhir::parameters::Parameter, to: &Value| {
        by.values(from, &setting).iter().any(|value| match value {
            SearchValue::Reference(reference) => matches!(reference.to, Some(Address::Local { resource_type, id, .. })
                if resource_type == text(to, "resourceType") && id == text(to, "id")),
            _ => false,
        })
    };
    match criterion {
        Criterion::Chain { by, any } => any.iter().any(|(target, asked)| {
            let others = all.iter().filter(|other| text(other, "resourceType") == *target);
            others.into_iter().any(|other| leads(resource, by, other) && holds(asked, other, all))
        }),
        Criterion::Has { resource_type, by, asked } => {
            let mut others = all.iter().filter(|other| text(other, "resourceType") == *resource_type);
            others.any(|other| leads(other, by, resource) && holds(asked, other, all))
        }
        own => own.matches(resource, &setting).unwrap(),
    }
}

/// Questions that a value of a resource gives rise to: modifiers and values.
fn questions(value: &SearchValue<'_>) -> Vec<(&'static str, String)> {
    let escape = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,").replace('|', "\\|").replace('$', "\\$");
    let prefixed = |text: String| {
        let prefixes = ["", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];
        prefixes.map(|prefix| ("", format!("{prefix}{text}"))).to_vec()
    };
    match value {
        SearchValue::Token(token) => {
            let mut all = Vec::new();
            if let Some(code) = token.code {
                all.extend([("", escape(code)), (":not", escape(code))]);
                all.push(("", escape(&code.to_uppercase())));
                let system = token.system.map(escape).unwrap_or_default();
                all.push(("", format!("{system}|{}", escape(code))));
            }
            all.extend(token.system.map(|system| ("", format!("{}|", escape(system)))));
            all.extend(token.text.map(|text| (":text", escape(text))));
            all
        }
        SearchValue::Reference(reference) => {
            let mut all = Vec::new();
            match reference.to {
                Some(Address::Local { resource_type, id, .. }) => {
                    all.extend([("", id.to_owned()), ("", format!("{resource_type}/{id}"))]);
                    all.push(("", format!("{BASE}/{resource_type}/{id}")));
                }
                Some(Address::Url { url, version }) if url.contains(':') => {
                    all.push(("", escape(url)));
                    all.extend(version.map(|version| ("", format!("{url}|{version}"))));
                }
                _ => {}
            }
            all.extend(reference.identifier.and_then(|i| i.code).map(|code| (":identifier", escape(code))));
            all.extend(reference.text.map(|text| (":text", escape(text))));
            all
        }
        SearchValue::String(text) => {
            let start: String = text.chars().take(3).collect();
            let end: String = text.chars().skip(2).take(4).collect();
            vec![
                ("", escape(text)),
                ("", escape(&start).to_uppercase()),
                (":exact", escape(text)),
                (":contains", escape(&end)),
            ]
        }
        SearchValue::Uri(uri) => {
            let mut all = vec![("", escape(uri)), (":above", format!("{}/x", escape(uri)))];
            all.extend(uri.rsplit_once('/').map(|(top, _)| (":below", escape(top))));
            all.retain(|(modifier, _)| modifier.is_empty() || uri.contains("://"));
            all
        }
        SearchValue::Date(span) => {
            let at = Timestamp::from_microsecond(if span.start == i64::MIN { span.end } else { span.start });
            let Ok(at) = at.map(|at| at.to_string()) else { return Vec::new() };
            let to = |length: usize| at.get(..length).map(|part| prefixed(part.to_owned())).unwrap_or_default();
            [to(4), to(7), to(10), prefixed(at.clone())].concat()
        }
        SearchValue::Number(interval) => prefixed(interval.low.to_string()),
        SearchValue::Quantity(quantity) => {
            let number = if quantity.interval.low.is_finite() { quantity.interval.low } else { quantity.interval.high };
            let mut all = prefixed(number.to_string());
            if let (Some(system), Some(code)) = (quantity.system, quantity.code) {
                all.extend(prefixed(format!("{number}|{}|{}", escape(system), escape(code))));
                all.push(("", format!("{number}||{}", escape(code))));
            }
            all
        }
        SearchValue::Composite(parts) => {
            let mut all = vec![String::new()];
            for part in parts {
                let Some(value) = part.first() else { return Vec::new() };
                let plain: Vec<String> =
                    questions(value).into_iter().filter(|(m, _)| m.is_empty()).map(|(_, v)| v).take(3).collect();
                all = all.iter().flat_map(|left| plain.iter().map(move |right| format!("{left}${right}"))).collect();
            }
            all.into_iter().map(|value| ("", value.trim_start_matches('$').to_owned())).collect()
        }
    }
}

/// Every question of every parameter that has values in these resources: type, key, value.
fn all_questions(resources: &[Value]) -> BTreeSet<(String, String, String)> {
    let setting = setting();
    let mut all = BTreeSet::new();
    let mut taken: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for resource in resources {
        let resource_type = text(resource, "resourceType");
        for parameter in parameters(resource_type) {
            let count = taken.entry((resource_type.to_owned(), parameter.code())).or_default();
            if *count >= VALUES {
                continue;
            }
            for value in parameter.values(resource, &setting) {
                *count += 1;
                for (modifier, value) in questions(&value) {
                    let missing =
                        (resource_type.to_owned(), format!("{}:missing", parameter.code()), "true".to_owned());
                    all.insert(missing);
                    all.insert((resource_type.to_owned(), format!("{}{modifier}", parameter.code()), value));
                }
            }
        }
    }
    all
}

#[test]
fn an_index_finds_what_each_resource_says_of_itself() {
    let all = resources();
    if all.is_empty() {
        return;
    }
    let engine = engine(&all);
    let mut by_type: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    all.iter().for_each(|resource| by_type.entry(text(resource, "resourceType")).or_default().push(resource));
    let (mut asked, mut kinds, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for (resource_type, key, value) in all_questions(&all) {
        let setting = setting();
        // A text that folds to nothing is no question.
        let Ok(criterion) = Criterion::parse(&resource_type, &key, &value, &setting) else { continue };
        let Criterion::Own(own) = &criterion else { continue };
        kinds.insert(own.parameter.kind());
        let of_type = by_type[resource_type.as_str()].iter();
        let expected: BTreeSet<String> = of_type
            .filter(|resource| own.matches(resource, &setting))
            .map(|resource| text(resource, "id").to_owned())
            .collect();
        let found = found(&engine, &resource_type, &key, &value);
        if found != expected {
            let (more, less) = (found.difference(&expected).count(), expected.difference(&found).count());
            wrong.push(format!("{resource_type}?{key}={value}: {more} too many, {less} missing of {}", expected.len()));
        }
        asked += 1;
    }
    assert!(wrong.is_empty(), "{} of {asked}: {:#?}", wrong.len(), wrong.iter().take(40).collect::<Vec<_>>());
    assert!(asked > 3_000, "{asked}");
    let every = [Kind::Composite, Kind::Date, Kind::Quantity, Kind::Reference, Kind::String, Kind::Token, Kind::Uri];
    assert!(every.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}

#[test]
fn chains_and_reverse_chains_find_what_following_them_by_hand_finds() {
    let all = resources();
    if all.is_empty() {
        return;
    }
    let engine = engine(&all);
    let questions = [
        ("Observation", "subject.family", "koepp"),
        ("Observation", "subject:Patient.gender", "male"),
        ("Observation", "patient.birthdate", "lt1980"),
        ("Observation", "encounter.date", "ge2015"),
        ("Observation", "encounter.reason-code:missing", "true"),
        ("Observation", "encounter.service-provider.name:contains", "hospital"),
        ("Observation", "subject:Patient.general-practitioner.name", "x"),
        ("DiagnosticReport", "result.code", "http://loinc.org|4548-4"),
        ("DiagnosticReport", "result.code-value-quantity", "http://loinc.org|4548-4$gt5||%"),
        ("MedicationRequest", "encounter.subject.given", "adan"),
        ("MedicationRequest", "requester.name:contains", "a"),
        ("Claim", "encounter.status", "finished"),
        ("Patient", "_has:Observation:patient:code", "http://loinc.org|8302-2"),
        ("Patient", "_has:Observation:patient:value-quantity", "gt200"),
        ("Patient", "_has:Condition:patient:clinical-status", "active"),
        ("Patient", "_has:Encounter:patient:_has:Observation:encounter:code", "http://loinc.org|8302-2"),
        ("Encounter", "_has:Observation:encounter:code:missing", "false"),
        ("Encounter", "_has:Procedure:encounter:date", "ge2010"),
        ("Encounter", "_has:Condition:encounter:code:text", "a"),
        ("Organization", "_has:Encounter:service-provider:class", "AMB"),
        ("Practitioner", "_has:Encounter:practitioner:patient.gender", "female,male"),
    ];
    let mut hits = 0;
    for (resource_type, key, value) in questions {
        let criterion = Criterion::parse(resource_type, key, value, &setting()).unwrap();
        let of_type = all.iter().filter(|resource| text(resource, "resourceType") == resource_type);
        let expected: BTreeSet<String> =
            of_type.filter(|one| holds(&criterion, one, &all)).map(|one| text(one, "id").to_owned()).collect();
        let found = found(&engine, resource_type, key, value);
        assert_eq!(found, expected, "{resource_type}?{key}={value}");
        hits += usize::from(!found.is_empty());
    }
    assert!(hits >= 12, "{hits} of {} find something", questions.len());
}
