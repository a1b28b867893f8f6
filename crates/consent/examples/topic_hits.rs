//! Runs the topic rules over the shared data and prints what they find: counts by topic and rule, and with a number
//! that many single hits to look at, spread over the rules.
//!
//! `cargo run --release -p consent --example topic_hits -- 50 [TOPIC]`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "its job is to print, and it reads known data")]

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use consent::{Around, Reach, Rules};
use serde_json::Value;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let show: usize = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let only = arguments.next();
    let rules = Rules::builtin().unwrap();
    let mut resources = Vec::new();
    for folder in ["synthea-r4", "us-core", "us-core-examples", "ips", "fhir-r4-examples"] {
        if let Some(folder) = testkit::shared(&format!("data/{folder}")) {
            read(&folder, &mut resources);
        }
    }
    let by_reference: HashMap<String, usize> = resources
        .iter()
        .enumerate()
        .flat_map(|(at, (address, one))| {
            let name = |member: &str| one.get(member).and_then(Value::as_str).unwrap_or_default();
            [address.clone(), format!("{}/{}", name("resourceType"), name("id"))].map(|key| (key, at))
        })
        .collect();
    let resolve = |reference: &str| Some(Cow::Borrowed(&resources.get(*by_reference.get(reference)?)?.1));
    let around = Around { resolve: &resolve, referred_by: &|_| Vec::new() };

    let mut counts: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut single: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (_, resource) in &resources {
        let mut before = Vec::new();
        for hit in rules.judge(resource, &around) {
            let count = counts.entry((hit.topic, hit.rule)).or_default();
            count.0 += 1;
            if !before.contains(&hit.rule) {
                count.1 += 1;
                before.push(hit.rule);
            }
            if only.as_deref().is_none_or(|topic| topic == hit.topic) {
                let found = resource.pointer(&hit.place).map(ToString::to_string).unwrap_or_default();
                let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
                let reach = match &hit.reach {
                    Reach::Resource => "whole".to_owned(),
                    Reach::Element(place) => place.clone(),
                };
                let line = format!("{:?} {kind} {} → {reach}: {:.160}", hit.confidence, hit.place, found);
                let lines = single.entry(hit.rule).or_default();
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    println!("{} resources, {} rules", resources.len(), rules.rules().len());
    println!("{:28} {:10} {:>7} {:>10}", "rule", "confidence", "hits", "resources");
    for ((_, rule), (hits, of)) in &counts {
        let confidence = rules.rule(rule).map(|rule| format!("{:?}", rule.confidence())).unwrap_or_default();
        println!("{rule:28} {confidence:10} {hits:7} {of:10}");
    }
    let mut left = show;
    for at in 0.. {
        let lines: Vec<_> = single
            .iter()
            .filter_map(|(rule, lines)| lines.get(at * 7 % lines.len().max(1)).map(|line| (rule, line)))
            .collect();
        if left == 0 || lines.is_empty() || at > 20 {
            break;
        }
        for (rule, line) in lines.into_iter().take(left) {
            println!("{rule}: {line}");
            left -= 1;
        }
    }
}

/// Every resource of every bundle and file in a folder, with the address it is referred to by.
fn read(folder: &Path, out: &mut Vec<(String, Value)>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read(&path, out);
        } else if path.extension().is_some_and(|kind| kind == "json") {
            let Ok(value) = serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()) else { continue };
            match value.get("entry").and_then(Value::as_array) {
                Some(entries) => out.extend(entries.iter().filter_map(|entry| {
                    let address = entry.get("fullUrl").and_then(Value::as_str).unwrap_or_default();
                    Some((address.to_owned(), entry.get("resource")?.clone()))
                })),
                None => out.push((path.display().to_string(), value)),
            }
        }
    }
}
