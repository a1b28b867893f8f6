//! Bundles of others, served as they are.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;

use crate::person::{text, with};
use sandbox::Options;
use serde_json::Value;

fn files(folder: &PathBuf) -> Vec<Value> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()).collect()
}

/// Every resource of a folder as it should be served, by name: known `urn:uuid:` as `Type/id`, nothing else changed; of
/// two with one name the last.
fn expected(folder: &PathBuf) -> BTreeMap<String, Value> {
    let files = files(folder);
    let entries: Vec<&Value> = files.iter().flat_map(|bundle| bundle["entry"].as_array().unwrap()).collect();
    let named = entries.iter().filter_map(|entry| {
        let resource = &entry["resource"];
        Some((entry["fullUrl"].as_str()?, name(resource)))
    });
    let names: HashMap<&str, String> = named.collect();
    entries.iter().map(|entry| (name(&entry["resource"]), renamed(&entry["resource"], &names))).collect()
}

fn name(resource: &Value) -> String {
    format!("{}/{}", text(resource, "resourceType"), text(resource, "id"))
}

fn renamed(value: &Value, names: &HashMap<&str, String>) -> Value {
    match value {
        Value::String(text) => names.get(text.as_str()).cloned().unwrap_or_else(|| text.clone()).into(),
        Value::Array(items) => items.iter().map(|item| renamed(item, names)).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(name, value)| (name.clone(), renamed(value, names))).collect())
        }
        other => other.clone(),
    }
}

async fn serves_all(folder: PathBuf) {
    let expected = expected(&folder);
    let mut options = Options::new(jiff::civil::date(2026, 11, 20));
    options.patients = Some(folder);
    let stage = with(options).await;
    let base = stage.running.addresses.valley.clone();
    let mut served: BTreeMap<String, Value> = BTreeMap::new();
    for login in stage.running.logins.clone() {
        let tokens = stage.connect(&base, &login.username, None).await;
        let mut kinds: Vec<&str> = expected.values().map(|resource| text(resource, "resourceType")).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            for resource in stage.pull(&format!("{base}/{kind}?_count=1000"), text(&tokens, "access_token")).await {
                served.insert(name(&resource), resource);
            }
        }
    }
    assert_eq!(served.len(), expected.len(), "every resource is served, and none twice");
    for (name, resource) in &expected {
        assert_eq!(served.get(name), Some(resource), "{name}");
    }
}

#[tokio::test]
async fn synthea_lives_are_served_whole_and_digit_for_digit() {
    if let Some(folder) = testkit::shared("data/synthea-r4") {
        serves_all(folder).await;
    }
}

#[tokio::test]
async fn us_core_bundles_are_served_whole() {
    if let Some(folder) = testkit::shared("data/us-core") {
        serves_all(folder).await;
    }
}

#[tokio::test]
async fn single_resources_are_served_too() {
    let Some(folder) = testkit::shared("data/us-core-examples") else { return };
    let mut options = Options::new(jiff::civil::date(2026, 11, 20));
    options.patients = Some(folder);
    let stage = with(options).await;
    assert!(!stage.running.logins.is_empty());
}
