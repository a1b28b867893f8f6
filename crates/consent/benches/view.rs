//! How long it takes to apply a grant to a record, beside reading the JSON of the same record, and to follow one change.
//!
//! Prints one JSON line for each comparison: the time on the wall, of as many threads as the machine has cores; the
//! reference is read by one. The record is a person's whole life, told again under other ids until it has
//! 1,000, 10,000 and 100,000 resources; `--items 100000` sets one size, `--narrowings` leaves the views out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise and prints its figures"
)]

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use consent::{
    Actions, Context, Counts, DateRange, Grant, Item, Mode, Party, Permit, Proof, Record, Rules, Selector, Survey,
    Term, Version, View, ViewKey, What,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use types::{GrantId, Secret};

// As the programs have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let asked: Vec<String> = std::env::args().collect();
    let one = asked.iter().position(|word| word == "--items").and_then(|at| asked.get(at + 1)?.parse().ok());
    let Some(life) = life() else { return };
    let rules = Rules::builtin().unwrap();
    for items in one.map_or(vec![1_000, 10_000, 100_000], |items| vec![items]) {
        let record = record(&life, items);
        let rounds = (200_000 / items).clamp(2, 20);
        let parse = (0..rounds).map(|_| time(|| parse(&record))).min().unwrap();
        let views = !asked.iter().any(|word| word == "--narrowings");
        for (name, grant) in grants().into_iter().filter(|_| views) {
            measure(name, &record, &grant, &rules, parse, rounds);
        }
        narrowings(&record, &rules, parse);
    }
}

fn parse(record: &Record) {
    for item in &record.items {
        for version in &item.versions {
            black_box(serde_json::from_str::<Value>(&version.json).unwrap());
        }
    }
}

fn measure(name: &str, record: &Record, grant: &Grant, rules: &Rules, parse: Duration, rounds: usize) {
    let key = ViewKey::new(Secret::new([7; 32]));
    // As the owner approved it: texts are searched for the names of the drugs that it hides.
    let grant = &grant.clone().with_words(View::build(record, grant, rules, now(), &key).words()).unwrap();
    let build = || View::build(record, grant, rules, now(), &key);
    let took = (0..rounds).map(|_| time(|| drop(black_box(build())))).min().unwrap();
    let items = record.items.len();
    println!(
        "{}",
        json!({"bench": format!("view of {items}, {name}"), "figure": millis(took), "reference": millis(parse),
            "ratio": took.as_secs_f64() / parse.as_secs_f64(), "unit": "ms"})
    );
    let mut view = build();
    let mut record = record.clone();
    let mut times: Vec<Duration> = (0..15)
        .map(|round| {
            let at = (items / 17 * (round + 1)) % items;
            let at = (at..items).find(|at| &*record.items[*at].resource_type == "Observation").unwrap_or(at);
            let item = &mut record.items[at];
            let changed = format!("{}/{}", item.resource_type, item.id);
            let mut json: Value = serde_json::from_str(&item.versions[0].json).unwrap();
            json["issued"] = format!("2026-11-{:02}T10:00:00Z", round + 1).into();
            item.versions.push(Version { received: now(), json: json.to_string().into() });
            time(|| drop(black_box(view.update(&[&changed], &record, grant, rules, now(), &key))))
        })
        .collect();
    times.sort_unstable();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "{}",
        json!({"bench": format!("one change of {items}, {name}"), "figure": millis(median), "reference": millis(took),
            "ratio": median.as_secs_f64() / took.as_secs_f64(), "unit": "ms"})
    );
    println!(
        "{}",
        json!({"measure": "one change", "items": items, "worst_ms": millis(worst), "held": view.held().len()})
    );
}

/// Most milliseconds that the owner waits for the counts of what they take away.
const NARROWED: f64 = 150.0;

/// What the owner is shown after each thing that they take away, of a record that was read when the page was opened.
fn narrowings(record: &Record, rules: &Rules, parse: Duration) {
    let key = ViewKey::new(Secret::new([7; 32]));
    let items = record.items.len();
    let mut survey = None;
    let read = time(|| survey = Some(Survey::new(record, rules, now())));
    let Some(mut survey) = survey else { return };
    println!(
        "{}",
        json!({"bench": format!("reading {items} for narrowings, once"), "figure": millis(read),
            "reference": millis(parse), "ratio": read.as_secs_f64() / parse.as_secs_f64(), "unit": "ms"})
    );
    let select = |topics: &[&str], types: &[&str]| Selector {
        topics: topics.iter().map(|id| Box::from(*id)).collect(),
        types: types.iter().map(|of| Box::from(*of)).collect(),
        ..Selector::default()
    };
    let dates = DateRange { from: Some(jiff::civil::date(2010, 3, 1)), to: Some(jiff::civil::date(2015, 6, 30)) };
    let some = |at: usize| {
        let items = record.items.iter().skip(at).step_by(items / 20 + 1);
        items.map(|item| format!("{}/{}", item.resource_type, item.id).into()).collect()
    };
    let narrower: Vec<(&str, Grant)> = vec![
        ("nothing", grant(Selector::default(), vec![])),
        ("a topic", grant(Selector::default(), vec![select(&["hiv"], &[])])),
        ("a kind", grant(Selector::default(), vec![select(&[], &["Condition"])])),
        ("another kind", grant(Selector::default(), vec![select(&[], &["Encounter"])])),
        ("medications", grant(Selector::default(), vec![select(&["medications"], &[])])),
        ("three topics", grant(Selector::default(), vec![select(&["mental-health", "labs", "billing"], &[])])),
        ("other years", grant(Selector { dates: Some(dates), ..Selector::default() }, vec![])),
        ("twenty resources", grant(Selector::default(), vec![Selector { resources: some(7), ..Selector::default() }])),
    ];
    // One after the other, as on the page.
    let mut told = Vec::new();
    for (name, grant) in &narrower {
        let mut now_told = None;
        let took = time(|| now_told = survey.under(grant.clone(), now()).unwrap());
        println!(
            "{}",
            json!({"bench": format!("narrowing of {items}, {name} left out"), "figure": millis(took),
                "reference": NARROWED, "ratio": took.as_secs_f64() * 1e3 / NARROWED, "unit": "ms", "aim": {"atMost": 1}})
        );
        told.extend(now_told);
    }
    for ((name, _), told) in narrower.iter().zip(told) {
        let mut counted = Counts::default();
        let took = time(|| counted = View::build(record, &told.grant, rules, now(), &key).counts());
        assert_eq!((told.counts.types, told.counts.sources), (counted.types, counted.sources), "{name}");
        println!("{}", json!({"measure": "view of a narrowing", "items": items, "of": name, "ms": millis(took)}));
    }
}

fn grants() -> Vec<(&'static str, Grant)> {
    let topics =
        |all: &[&str]| Selector { topics: all.iter().map(|id| Box::from(*id)).collect(), ..Selector::default() };
    let types = |all: &[&str]| Selector { types: all.iter().map(|of| Box::from(*of)).collect(), ..Selector::default() };
    vec![
        ("all", grant(Selector::default(), vec![])),
        ("observations", grant(types(&["Observation"]), vec![])),
        (
            "except medications and therapy notes",
            grant(Selector::default(), vec![topics(&["medications", "psychotherapy-notes"])]),
        ),
    ]
}

fn grant(select: Selector, exclusions: Vec<Selector>) -> Grant {
    let actions = Actions { read: true, search: true, ..Actions::default() };
    Grant {
        id: GrantId::from_random([1; 16]),
        who: Party { name: "Dr Lee".into(), proof: Proof::Did("did:key:z6Mk".into()) },
        what: What { permits: vec![Permit { context: Context::Patient, actions, select }], exclusions },
        mode: Mode::Usual,
        deidentified: None,
        purposes: vec![],
        term: Term { start: None, end: None, uses: None },
        decisions: vec![],
        words: vec![],
    }
}

fn now() -> Timestamp {
    "2026-11-20T19:00:00Z".parse().unwrap()
}

/// One life of Synthea, with references as a record has them.
fn life() -> Option<Vec<Value>> {
    let folder = testkit::shared("data/synthea-r4")?;
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let bundle: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let mut entries: Vec<(String, Value)> = Vec::new();
        for entry in bundle["entry"].as_array().unwrap() {
            let full = entry["fullUrl"].as_str().unwrap_or_default().to_owned();
            entries.push((full, entry["resource"].clone()));
        }
        let key =
            |value: &Value| format!("{}/{}", value["resourceType"].as_str().unwrap(), value["id"].as_str().unwrap());
        let keys: HashMap<String, String> = entries.iter().map(|(full, value)| (full.clone(), key(value))).collect();
        for (_, mut value) in entries {
            rewrite(&mut value, &|text| keys.get(text).cloned());
            all.push(value);
        }
    }
    Some(all)
}

fn rewrite(value: &mut Value, to: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "reference" => {
                        if let Some(new) = to(text) {
                            *text = new;
                        }
                    }
                    _ => rewrite(member, to),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, to)),
        _ => {}
    }
}

/// The life told again and again, under other ids, as that of one person.
fn record(life: &[Value], items: usize) -> Record {
    let mut all = Vec::with_capacity(items);
    let mut patients = Vec::new();
    for n in 0..items {
        let (round, at) = (n / life.len(), n % life.len());
        let mut value = life[at].clone();
        let again = |text: &str| Some(format!("{text}-{round}")).filter(|_| text.contains('/') && !text.contains('?'));
        rewrite(&mut value, &again);
        let id = format!("{}-{round}", value["id"].as_str().unwrap());
        value["id"] = id.as_str().into();
        let resource_type: Box<str> = value["resourceType"].as_str().unwrap().into();
        if &*resource_type == "Patient" {
            patients.push(id.as_str().into());
        }
        let versions = vec![Version { received: now(), json: Arc::from(value.to_string()) }];
        all.push(Item { resource_type, id: id.into(), source: "con_a".into(), seed: [0; 16], versions });
    }
    Record { patients, zone: TimeZone::UTC, items: all }
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn millis(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}
