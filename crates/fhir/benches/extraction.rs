//! What it costs to read every search parameter of a resource, beside reading its JSON, over whole lives of the Synthea
//! data; and what it costs to read a criterion and to ask it.
//!
//! Prints one JSON object a line, as `cargo xtask bench` collects them.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement fails and reports plainly")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use fhir::criteria::Criterion;
use fhir::parameters::{Setting, parameters};
use serde_json::{Value, json};

const ROUNDS: usize = 9;
const PASSES: u32 = 50;

fn main() {
    let Some(folder) = testkit::shared("data/synthea-r4") else { return };
    let mut texts = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bundle: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let entries = bundle.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
        texts.extend(entries.iter().filter_map(|entry| entry.get("resource")).map(Value::to_string));
    }
    let resources: Vec<Value> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let setting = Setting::utc();
    let parse = best(|| {
        for text in &texts {
            black_box(serde_json::from_str::<Value>(text).unwrap());
        }
    });
    let mut found = 0_usize;
    let extract = best(|| {
        found = 0;
        for resource in &resources {
            let resource_type = resource.get("resourceType").and_then(Value::as_str).unwrap();
            for parameter in parameters(resource_type) {
                parameter.each(resource, &setting, |value| {
                    black_box(&value);
                    found += 1;
                });
            }
        }
    });
    let each = |seconds: f64| seconds * 1e6 / texts.len() as f64;
    println!("{} resources, {} values", texts.len(), found);
    report("fhir: every search value of a resource", each(extract), each(parse), "µs, beside parsing it");

    let read = best(|| {
        for _ in 0..10_000 {
            let query = black_box("http://loinc.org|29463-7,http://loinc.org|8302-2");
            black_box(Criterion::parse("Observation", "code", query, &setting).unwrap());
        }
    });
    let scope = Criterion::parse("Observation", "category", "laboratory", &setting).unwrap();
    let observations: Vec<&Value> =
        resources.iter().filter(|r| r.get("resourceType").and_then(Value::as_str) == Some("Observation")).collect();
    let ask = best(|| {
        for observation in observations.iter().cycle().take(20_000) {
            black_box(scope.matches(observation, &setting).unwrap());
        }
    });
    report("fhir: a criterion read", read * 1e6 / 10_000.0, each(parse), "µs, beside parsing a resource");
    let asked = ask * 1e6 / 20_000.0;
    report("fhir: a criterion asked of a resource", asked, each(parse), "µs, beside parsing a resource");
}

fn report(bench: &str, figure: f64, reference: f64, unit: &str) {
    let rounded = |number: f64| (number * 1000.0).round() / 1000.0;
    let (figure, ratio) = (rounded(figure), rounded(figure / reference));
    println!(
        "{}",
        json!({"bench": bench, "figure": figure, "reference": rounded(reference), "ratio": ratio, "unit": unit})
    );
}

/// The least of some rounds, in seconds of processor time where the system tells: other work does not count then.
fn best(mut act: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let (before, begun) = (processor_time(), Instant::now());
            // The system counts in ticks of milliseconds.
            (0..PASSES).for_each(|_| act());
            let wall = begun.elapsed();
            let spent = before.and_then(|before| processor_time()?.checked_sub(before)).unwrap_or(wall);
            spent.as_secs_f64() / f64::from(PASSES)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.first().copied().unwrap_or_default()
}

fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
