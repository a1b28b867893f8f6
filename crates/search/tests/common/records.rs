//! The shared records, and an engine that holds them.

use std::collections::{BTreeMap, BTreeSet};

use fhir::parameters::Setting;
use fhir::{Held, HeldVersion};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use search::{Engine, Settings};
use serde_json::Value;
use types::Secret;

pub(crate) const BASE: &str = "https://ehr.example.org/fhir";
pub(crate) const RECEIVED: &str = "2026-01-02T03:04:05Z";

pub(crate) fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn setting() -> Setting {
    Setting { zone: TimeZone::UTC, now: now(), base: Some(BASE.into()) }
}

/// Every resource of these folders of shared records, once, with references between entries as `Type/id`.
pub(crate) fn resources(folders: &[&str]) -> Vec<Value> {
    let mut all = BTreeMap::new();
    for folder in folders {
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

pub(crate) fn engine(resources: &[Value]) -> Engine {
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

pub(crate) fn text<'a>(resource: &'a Value, name: &str) -> &'a str {
    resource[name].as_str().unwrap()
}

/// The ids that the engine finds, over all pages.
pub(crate) fn found(engine: &Engine, resource_type: &str, key: &str, value: &str) -> BTreeSet<String> {
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

pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02x}") })
        .collect()
}
