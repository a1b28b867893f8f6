//! How fast the engine answers, beside the same questions written in SQL by hand over SQLite in memory, in the same run.
//!
//! Prints one JSON object a line: figure and reference in microseconds at the median, and the same at the 99th of a
//! hundred. `--items 100000` sets one size; without it 1,000, 10,000 and 100,000 are measured. The engine answers whole
//! Bundles with totals and links; SQL only fetches the texts and the count. Taking in is set beside parsing the JSON.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement fails and reports plainly"
)]

#[path = "questions/made.rs"]
mod made;
#[path = "questions/sql.rs"]
mod sql;

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use search::{Engine, Request, Settings};
use serde_json::{Value, json};
use types::Secret;

/// How many questions of each kind are asked.
const TIMES: usize = 300;
/// How long one side may take for one kind; what is left of the questions then is not asked.
const LONGEST: Duration = Duration::from_secs(8);
/// How often each is asked in a row; the quickest counts, so that what else runs on the machine does not.
const TRIES: usize = 3;

// As the programs have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let asked: Vec<String> = env::args().collect();
    let one = asked.iter().position(|word| word == "--items").and_then(|at| asked.get(at + 1)?.parse().ok());
    for items in one.map_or(vec![1_000, 10_000, 100_000], |items| vec![items]) {
        measure(items);
    }
}

fn measure(items: usize) {
    let resources = made::resources(items);
    let texts: Vec<String> = resources.iter().map(Value::to_string).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let begun = processor_time();
    let parse = time(|| texts.iter().for_each(|text| _ = black_box(serde_json::from_str::<Value>(text).unwrap())));

    let parse_cpu = processor_time().saturating_sub(begun);
    let before = resident();
    let mut engine = Engine::new(Settings {
        base: "https://ehr.example.org/fhir".into(),
        patients: vec!["p0".into()],
        zone: TimeZone::UTC,
        key: Secret::new([7; 32]),
    });
    // What only the first resource of all pays for: the table of parameters is read once.
    let table = time(|| _ = black_box(fhir::parameters::parameters("Patient")));
    let begun = processor_time();
    let intake =
        time(|| resources.iter().zip(&texts).for_each(|(one, text)| engine.put(made::held(one, text)).unwrap()));
    let intake_cpu = processor_time().saturating_sub(begun);
    let grown = resident().saturating_sub(before);
    let size = engine.size();
    report("intake, processor time", items, intake_cpu, parse_cpu, "µs; reference is JSON parse");
    println!(
        "{}",
        json!({"measure": "intake", "items": items, "bytes_each": bytes / items,
            "per_second": (items as f64 / intake.as_secs_f64()) as u64, "cpu_us_each": micros(intake_cpu) / items as f64,
            "cpu_us_parse": micros(parse_cpu) / items as f64, "table_ms": micros(table) / 1_000.0,
            "text_mb": size.text_bytes / 1_000_000, "index_mb": size.index_bytes / 1_000_000,
            "resident_grown_mb": grown / 1_000_000,
            "index_bytes_per_text_byte": (size.index_bytes as f64 / bytes as f64 * 100.0).round() / 100.0})
    );
    let again = made::held(&resources[items / 2], &texts[items / 2]);
    let one = time(|| (0..100).for_each(|_| engine.put(again.clone()).unwrap())) / 100;
    report("put one again", items, one, parse / items as u32, "µs; reference is JSON parse");

    let tables = sql::Tables::of(&resources, &texts);
    questions(&engine, &tables, items);
}

fn questions(engine: &Engine, tables: &sql::Tables, items: usize) {
    let id = |n: usize| made::id(n * 7_919 % items);
    let ask = |target: String| {
        let request = Request::get(&target);
        let begun = Instant::now();
        let response = engine.answer(&request, Timestamp::UNIX_EPOCH);
        let took = begun.elapsed();
        assert_eq!(response.status, 200, "{target}");
        (took, response.body.len())
    };
    let code = |n: usize| made::CODES[n % made::CODES.len()];
    let loinc = "http://loinc.org|";
    compare(
        "read",
        items,
        |n| ask(format!("{}/{}", made::kind(n * 7_919 % items), id(n))),
        |n| tables.read(made::kind(n * 7_919 % items), &id(n)),
    );
    compare("search by code", items, |n| ask(format!("Observation?code={loinc}{}", code(n))), |n| tables.code(code(n)));
    compare(
        "search by date",
        items,
        |n| ask(format!("Observation?date=ge{}-01&date=lt{}-07", made::year(n), made::year(n))),
        |n| tables.date(&format!("{}-01-01", made::year(n)), &format!("{}-07-01", made::year(n))),
    );
    compare(
        "code, newest first",
        items,
        |n| ask(format!("Observation?code={loinc}{}&_sort=-date", code(n))),
        |n| tables.newest(code(n)),
    );
    compare(
        "_summary=count",
        items,
        |n| ask(format!("Observation?code={loinc}{}&_summary=count", code(n))),
        |n| tables.count(code(n)),
    );
    compare(
        "chained",
        items,
        |n| ask(format!("Observation?encounter:Encounter.type={}", made::TYPES[n % made::TYPES.len()])),
        |n| tables.chained(made::TYPES[n % made::TYPES.len()]),
    );
    compare(
        "_has",
        items,
        |n| ask(format!("Encounter?_has:Observation:encounter:code={loinc}{}", code(n))),
        |n| tables.has(code(n)),
    );
    compare(
        "$everything, first page",
        items,
        |n| ask(format!("Patient/p{}/$everything", n % 3)),
        |n| tables.everything(&format!("p{}", n % 3)),
    );
}

fn compare(
    what: &str,
    items: usize,
    ours: impl Fn(usize) -> (Duration, usize),
    theirs: impl Fn(usize) -> (Duration, usize),
) {
    let run = |ask: &dyn Fn(usize) -> (Duration, usize)| {
        let (first, begun) = (ask(0), Instant::now());
        let questions = (0..TIMES).take_while(|n| *n < 20 || begun.elapsed() < LONGEST);
        let mut times: Vec<Duration> = questions.map(|n| (0..TRIES).map(|_| ask(n).0).min().unwrap()).collect();
        times.sort();
        (first, times[times.len() / 2], times[times.len() * 99 / 100])
    };
    let ((first, length), median, worst) = run(&ours);
    let ((_, their_length), their_median, their_worst) = run(&theirs);
    report(&format!("{what}, p50"), items, median, their_median, "µs; reference is SQL");
    report(&format!("{what}, p99"), items, worst, their_worst, "µs; reference is SQL");
    println!(
        "{}",
        json!({"measure": what, "items": items, "first_us": micros(first), "bytes": length, "sql_bytes": their_length})
    );
}

fn report(what: &str, items: usize, figure: Duration, reference: Duration, unit: &str) {
    let (figure, reference) = (micros(figure), micros(reference));
    let ratio = (figure / reference * 100.0).round() / 100.0;
    println!(
        "{}",
        json!({"bench": format!("{what} ({items})"), "figure": figure, "reference": reference, "ratio": ratio, "unit": unit})
    );
}

fn time(act: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    act();
    begun.elapsed()
}

fn micros(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e7).round() / 10.0
}

/// Of this thread; zero where the system does not tell (anything but Linux).
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default())
}

/// Bytes in memory; zero where the system does not tell (anything but Linux).
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4_096
}
