//! How fast records are de-identified on one core, beside parsing the same JSON: what of real lives is left by Safe
//! Harbor.
//!
//! Prints one JSON line: resources a second, beside the same resources parsed to `Value` in the same run.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise and prints its figures"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use consent::{Dates, Deidentifier, Person};
use jiff::civil::date;
use serde_json::{Value, json};
use types::Secret;

const ROUNDS: usize = 12;

fn main() {
    let Some(folder) = testkit::shared("data/synthea-r4") else { return };
    let mut resources = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bundle: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        resources.extend(bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()));
    }
    resources.retain(|resource| Deidentifier::keeps(resource["resourceType"].as_str().unwrap()));
    let patients = resources.iter().filter(|resource| resource["resourceType"] == "Patient");
    let person = Person::of(patients);
    let by = Deidentifier::new(Secret::new([3; 32]), Dates::Year, person, date(2026, 11, 20));
    let texts: Vec<String> = resources.iter().map(Value::to_string).collect();
    let references = |old: &str| old.starts_with("urn:uuid:").then(|| "Patient/bcdf".to_owned());

    let parse = || texts.iter().for_each(|text| drop(black_box(serde_json::from_str::<Value>(text).unwrap())));
    let mut kept = 0;
    let mut deidentify = || {
        let seeds = (0_u128..).map(u128::to_be_bytes);
        let left =
            resources.iter().zip(seeds).filter(|(json, seed)| black_box(by.resource(seed, json, &references)).is_ok());
        kept = left.count();
    };
    // In turns, so that both meet the same machine; the quickest round of each is the least disturbed one.
    let (mut ours, mut bare) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        ours = ours.min(time(&mut deidentify));
        bare = bare.min(time(parse));
    }
    let a_second = |time: Duration| texts.len() as f64 / time.as_secs_f64();
    println!("{kept} of {} resources stay", texts.len());
    let line = json!({"bench": "deidentify", "figure": a_second(ours), "reference": a_second(bare),
        "ratio": ours.as_secs_f64() / bare.as_secs_f64(), "unit": "resources/s; ratio: time of parsing"});
    println!("{line}");
}

fn time(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
