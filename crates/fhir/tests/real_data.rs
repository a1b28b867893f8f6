//! Summaries and facts over whole synthetic lives and the US Core examples.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use fhir::{Kind, Resource, facts, references, summarize};
use serde_json::Value;

fn resources_of(folder: &str) -> Option<Vec<Value>> {
    let folder = testkit::shared(folder)?;
    let mut out = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        match value["entry"].as_array() {
            Some(entries) => out.extend(entries.iter().map(|e| e["resource"].clone())),
            None => out.push(value),
        }
    }
    Some(out)
}

#[test]
fn every_resource_of_a_synthetic_life_is_kept_to_the_letter_and_has_a_title() {
    let Some(resources) = resources_of("data/synthea-r4") else { return };
    assert!(resources.len() > 500, "{}", resources.len());
    for resource in &resources {
        let text = resource.to_string();
        let read = Resource::read(&text).unwrap();
        let summary = summarize(&read.tree);
        assert_eq!(summary, summarize(resource), "{} {}", read.resource_type, read.id);
        assert_eq!(references(&read.tree), references(resource));
        assert!(summary.title.is_some(), "{} {}", read.resource_type, read.id);
        assert!(!summary.words.is_empty());
    }
    let labs = resources.iter().filter(|r| Kind::of(*r) == Kind::Lab).count();
    assert!(labs > 50, "{labs}");
}

#[test]
fn every_us_core_example_says_something() {
    let Some(resources) = resources_of("data/us-core-examples") else { return };
    for resource in resources.iter().filter(|r| r["resourceType"] != "Bundle") {
        let stated = facts(resource);
        assert!(!stated.is_empty(), "{} {}", resource["resourceType"], resource["id"]);
        for fact in stated {
            assert!(!fact.text.contains("</"), "{}", fact.text);
        }
    }
}
