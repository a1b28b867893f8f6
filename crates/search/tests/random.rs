//! The index against the plain truth: what it finds is what looking at each resource finds, whatever is asked, and an
//! engine that was changed piece by piece answers byte for byte as one made anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests say plainly what they expect"
)]

#[path = "random/changed.rs"]
mod changed;
#[path = "answers/made.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod made;
#[path = "random/question.rs"]
mod question;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fhir::criteria::{Criterion, NotAlone};
use fhir::parameters::{Address, Parameter, SearchValue, Setting};
use proptest::prelude::*;
use search::{Engine, Request};
use serde_json::Value;

use made::{BASE, held, now, settings};
use question::{Dice, Question};

/// A record, by type and id.
struct Record {
    engine: Engine,
    resources: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Record {
    fn of(all: Vec<Value>) -> Self {
        let mut engine = Engine::new(settings(1));
        let mut resources: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for one in all {
            let (kind, id) = (one["resourceType"].as_str().unwrap().to_owned(), one["id"].as_str().unwrap().to_owned());
            engine.put(held(&one)).unwrap();
            // As it is answered: with the version and instant of the view.
            let read = engine.answer(&Request::get(&format!("{kind}/{id}")), now());
            resources.entry(kind).or_default().insert(id, serde_json::from_slice(&read.body).unwrap());
        }
        Self { engine, resources }
    }

    /// By looking at each resource.
    fn truth(&self, kind: &str, criterion: &Criterion, setting: &Setting) -> Vec<String> {
        let Some(all) = self.resources.get(kind) else { return Vec::new() };
        let is = |one: &Value| match criterion.matches(one, setting) {
            Ok(is) => is,
            Err(NotAlone::OtherResources) => self.joined(one, criterion, setting),
            Err(NotAlone::Index) => panic!("words are not asked for here"),
        };
        all.iter().filter(|(_, one)| is(one)).map(|(id, _)| id.clone()).collect()
    }

    fn joined(&self, one: &Value, criterion: &Criterion, setting: &Setting) -> bool {
        match criterion {
            Criterion::Chain { by, any } => any.iter().any(|(target, asked)| {
                let inner = self.truth(target, asked, setting);
                locals(by, one, setting).iter().any(|(kind, id)| kind == target && inner.contains(id))
            }),
            Criterion::Has { resource_type, by, asked } => {
                let own = (one["resourceType"].as_str().unwrap().to_owned(), one["id"].as_str().unwrap().to_owned());
                let inner = self.truth(resource_type, asked, setting);
                inner.iter().any(|id| locals(by, &self.resources[*resource_type][id], setting).contains(&own))
            }
            _ => false,
        }
    }

    fn check(&self, question: &Question) {
        let setting = Setting { now: now(), base: Some(BASE.into()), ..Setting::utc() };
        let Ok(criterion) = Criterion::parse(&question.kind, &question.key, &question.value, &setting) else { return };
        let target = format!("{}?{}={}&_count=1000", question.kind, encoded(&question.key), encoded(&question.value));
        let expected = self.truth(&question.kind, &criterion, &setting);
        let response = self.engine.answer(&Request::get(&target), now());
        let bundle = made::body(&response);
        let ids: Vec<String> =
            made::names(&bundle).iter().map(|name| name.split_once('/').unwrap().1.to_owned()).collect();
        assert_eq!(bundle["total"], expected.len(), "{target}");
        let named = response.resources.iter().filter_map(|one| Some(one.rsplit_once("/_history/")?.0.to_owned()));
        assert_eq!(named.collect::<Vec<_>>(), made::names(&bundle), "{target}");
        assert_eq!(ids, expected.into_iter().take(1_000).collect::<Vec<_>>(), "{target}");
    }
}

fn locals(by: &Parameter, one: &Value, setting: &Setting) -> Vec<(String, String)> {
    let of = |value: SearchValue<'_>| match value {
        SearchValue::Reference(reference) => match reference.to {
            Some(Address::Local { resource_type, id, .. }) => Some((resource_type.to_owned(), id.to_owned())),
            _ => None,
        },
        _ => None,
    };
    by.values(one, setting).into_iter().filter_map(of).collect()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// One life of Synthea with references by type and id, and what a maker of tests adds to be found wrongly.
fn synthea() -> Option<&'static Record> {
    static RECORD: OnceLock<Option<Record>> = OnceLock::new();
    let record = RECORD.get_or_init(|| {
        let folder = testkit::shared("data/synthea-r4")?;
        let life = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("Ad")));
        let text = std::fs::read_to_string(life.unwrap()).unwrap();
        let bundle: Value = serde_json::from_str(&text).unwrap();
        let entries = bundle["entry"].as_array().unwrap();
        let mut text = bundle["entry"].to_string();
        for entry in entries {
            let (kind, id) =
                (entry["resource"]["resourceType"].as_str().unwrap(), entry["resource"]["id"].as_str().unwrap());
            text = text.replace(&format!("\"urn:uuid:{id}\""), &format!("\"{kind}/{id}\""));
        }
        let entries: Value = serde_json::from_str(&text).unwrap();
        let mut all: Vec<Value> = entries.as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect();
        // Explanations of benefit are a third of it and alike; a tenth of them is enough.
        let mut count = 0;
        all.retain(|one| {
            count += usize::from(one["resourceType"] == "ExplanationOfBenefit" || one["resourceType"] == "Claim");
            (one["resourceType"] != "ExplanationOfBenefit" && one["resourceType"] != "Claim") || count % 10 == 0
        });
        Some(Record::of(all))
    });
    record.as_ref()
}

fn small() -> &'static Record {
    static RECORD: OnceLock<Record> = OnceLock::new();
    RECORD.get_or_init(|| Record::of([made::small(), question::odd()].concat()))
}

/// As many as `SATCHEL_CASES` says.
fn cases(usual: u32) -> ProptestConfig {
    let cases = std::env::var("SATCHEL_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn the_index_finds_what_looking_at_each_resource_finds(seed: u64) {
        let record = small();
        record.check(&Question::made(&mut Dice(seed), &record.resources));
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_index_finds_in_a_whole_life_what_looking_at_each_resource_finds(seed: u64) {
        if let Some(record) = synthea() {
            record.check(&Question::made(&mut Dice(seed), &record.resources));
        }
    }
}

#[test]
fn enough_of_the_made_questions_mean_something() {
    let record = small();
    let setting = Setting { now: now(), base: Some(BASE.into()), ..Setting::utc() };
    let (mut read, mut any, mut some) = (0, 0, 0);
    for seed in 0..2_000_u64 {
        let question = Question::made(&mut Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)), &record.resources);
        if let Ok(criterion) = Criterion::parse(&question.kind, &question.key, &question.value, &setting) {
            read += 1;
            let found = record.truth(&question.kind, &criterion, &setting).len();
            any += usize::from(found > 0);
            some += usize::from(found > 0 && found < record.resources[&question.kind].len());
        }
    }
    assert!(read > 1_500 && any > 800 && some > 350, "{read} read, {any} find some, {some} some and not all");
}
