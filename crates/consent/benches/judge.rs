//! How long it takes to judge a resource by every topic rule, and to scan its text, beside reading its JSON.
//!
//! Prints one JSON line for each comparison; the ratio is theirs over that of parsing the same texts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise and prints its figures"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use consent::{Around, Rules, TextScan, labels_of};
use serde_json::{Value, json};

const ROUNDS: usize = 60;
const PIECE: usize = 16;

fn main() {
    let Some(texts) = lives() else { return };
    let values: Vec<Value> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let rules = Rules::builtin().unwrap();
    let around = Around::nothing();
    let chosen = rules.choose(["medications", "psychotherapy-notes"]);
    let scan = TextScan::new(["sertraline", "zoloft", "lithium", "warfarin", "coumadin", "metformin", "amoxicillin"]);

    // In small pieces, the quickest round of each: what else the machine does falls between them.
    let mut best = vec![[Duration::MAX; 5]; values.len().div_ceil(PIECE)];
    for _ in 0..ROUNDS {
        for ((texts, values), best) in texts.chunks(PIECE).zip(values.chunks(PIECE)).zip(&mut best) {
            let all: [&dyn Fn(); 5] = [
                &|| texts.iter().for_each(|text| drop(black_box(serde_json::from_str::<Value>(text)))),
                &|| values.iter().for_each(|value| drop(black_box(rules.judge(value, &around)))),
                &|| values.iter().for_each(|value| drop(black_box(rules.judge_for(chosen, value, &around)))),
                &|| values.iter().for_each(|value| drop(black_box(scan.scan(value)))),
                &|| values.iter().for_each(|value| drop(black_box(labels_of(value)))),
            ];
            for (best, work) in best.iter_mut().zip(all) {
                *best = (*best).min(time(work));
            }
        }
    }
    let best: Vec<Duration> = (0..5).map(|work| best.iter().map(|piece| piece[work]).sum()).collect();
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(u32::try_from(values.len()).unwrap());
    let parse = each(best[0]);
    println!(
        "{} resources, {:.0} bytes each",
        values.len(),
        texts.iter().map(String::len).sum::<usize>() as f64 / values.len() as f64
    );
    for (name, time) in ["topics-all", "topics-of-a-grant", "text-scan", "labels"].into_iter().zip(&best[1..]) {
        let figure = each(*time);
        println!(
            "{}",
            json!({"bench": name, "figure": figure, "reference": parse, "ratio": figure / parse, "unit": "µs a resource"})
        );
    }
    let read = (0..20).map(|_| time(&|| drop(black_box(Rules::builtin().unwrap())))).min().unwrap();
    println!("rules read in {:.1} ms", read.as_secs_f64() * 1e3);
}

fn time(work: &dyn Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The resources of the Synthea lives, as texts.
fn lives() -> Option<Vec<String>> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(testkit::shared("data/synthea-r4")?).unwrap() {
        let bundle: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        all.extend(bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].to_string()));
    }
    Some(all)
}
