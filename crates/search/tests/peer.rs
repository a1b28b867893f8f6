//! The engine beside a foreign server: Medplum's repository in memory, which lives in `tests/peers` (`npm ci` there). It
//! answers no chains, no quantities and no composites; what those find is tried against the plain truth in `truth.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests say plainly what they expect"
)]

#[path = "common/questions.rs"]
mod questions;
#[path = "common/records.rs"]
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use fhir::criteria::Criterion;
use fhir::parameters::{Kind, Parameter, SearchValue, parameter};
use questions::all_questions;
use records::{BASE, encoded, engine, found, resources, setting, text};
use serde_json::{Value, json};

const FOLDERS: [&str; 1] = ["data/synthea-r4"];

fn ask_peer(resources: &[Value], questions: &[String]) -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers");
    if !folder.join("node_modules/.package-lock.json").exists() {
        assert!(
            std::env::var("CI").is_ok_and(|ci| ci != "true") || std::env::var("CI").is_err(),
            "npm ci in tests/peers"
        );
        eprintln!("skipped: the packages of tests/peers are not installed (npm ci there)");
        return None;
    }
    let mut child = Command::new("node")
        .arg("search.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(json!({"resources": resources, "questions": questions}).to_string().as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Questions that both are asked.
const QUESTIONS: usize = 500;

/// One question, what it is about, and both answers.
struct Compared<'a> {
    resource_type: &'a str,
    key: &'a str,
    value: &'a str,
    parameter: &'static Parameter,
    resources: Vec<&'a Value>,
    ours: BTreeSet<String>,
    theirs: BTreeSet<String>,
}

/// Where the answers differ, and the sentence of FHIR R4 ("Search", 4.0.1) that says ours is right. A difference counts as
/// explained when their answer is exactly what the other reading gives.
struct Reading {
    name: &'static str,
    sentence: &'static str,
    theirs: fn(&Compared<'_>) -> Option<BTreeSet<String>>,
}

const READINGS: [Reading; 9] = [
    Reading {
        name: "ids without regard of case",
        sentence: "matches on _id are always case sensitive",
        theirs: |c| {
            (c.key == "_id")
                .then(|| c.where_any(|value| token(value).is_some_and(|id| id.eq_ignore_ascii_case(c.value))))
        },
    },
    Reading {
        name: "a date equal to what it only overlaps",
        sentence: "eq: the range of the search value fully contains the range of the target value",
        theirs: |c| (c.is_date("")).then(|| c.where_any(|value| c.overlaps(value))),
    },
    Reading {
        name: "a date not equal only to what it does not overlap",
        sentence: "ne: the range of the search value does not fully contain the range of the target value",
        theirs: |c| {
            c.is_date("ne").then(|| c.all().difference(&c.where_any(|value| c.overlaps(value))).cloned().collect())
        },
    },
    Reading {
        name: "about a date is that date",
        sentence: "ap: the recommended value for the approximation is … for a date, 10% of the gap between now and the date",
        theirs: |c| c.is_date("ap").then(|| c.where_any(|value| c.overlaps(value))),
    },
    Reading {
        name: "an absolute address is never a local one",
        sentence: "A relative reference resolving to the same value as a specified absolute URL, or vice versa, qualifies as a match",
        theirs: |c| (c.is(Kind::Reference) && c.value.starts_with(BASE)).then(BTreeSet::new),
    },
    Reading {
        name: "an id alone finds nothing where several types may be meant",
        sentence: "[parameter]=[id] the logical [id] of a resource using a local reference",
        theirs: |c| {
            (c.is(Kind::Reference) && !c.value.contains('/') && c.parameter.targets().count() != 1).then(BTreeSet::new)
        },
    },
    Reading {
        name: "texts are found anywhere, and to no letter; an address has no country",
        sentence: "By default, a field matches a string query if the value of the field equals or starts with the supplied \
            parameter value. … The :exact modifier returns results that match the entire supplied parameter, including \
            casing and accents. … HumanName and Address: the search covers the elements of type string",
        theirs: |c| c.is(Kind::String).then(|| c.where_text_contains(c.value)),
    },
    Reading {
        name: "a plain code belongs to no system",
        sentence: "code: (implicit) the system is defined in the value set",
        theirs: |c| (c.is(Kind::Token) && c.value.contains('|')).then(BTreeSet::new),
    },
    Reading {
        name: "an instant is not itself",
        sentence: "An instant is considered a fixed point in time with an interval smaller than the precision of the system",
        theirs: |c| match c.key {
            "issued" if c.is_date("ne") => Some(c.all()),
            "issued" if c.is_date("") || c.is_date("ap") => Some(BTreeSet::new()),
            _ => None,
        },
    },
];

fn token<'a>(value: &SearchValue<'a>) -> Option<&'a str> {
    match value {
        SearchValue::Token(token) => token.code,
        _ => None,
    }
}

impl Compared<'_> {
    fn is(&self, kind: Kind) -> bool {
        self.parameter.kind() == kind
    }

    fn is_date(&self, prefix: &str) -> bool {
        let letters = self.value.bytes().take_while(u8::is_ascii_alphabetic).count();
        self.is(Kind::Date) && self.value.get(..letters) == Some(prefix)
    }

    fn overlaps(&self, value: &SearchValue<'_>) -> bool {
        let asked = self.value.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let asked = fhir::Span::parse(asked, &setting().zone).unwrap();
        matches!(value, SearchValue::Date(span) if span.overlaps(asked))
    }

    fn where_text_contains(&self, wanted: &str) -> BTreeSet<String> {
        let contains = |text: &str| text.to_lowercase().contains(&wanted.to_lowercase());
        let country = |resource: &Value, text: &str| {
            self.key.starts_with("address")
                && resource["address"].as_array().into_iter().flatten().any(|one| one["country"] == *text)
        };
        let setting = setting();
        let found = self.resources.iter().filter(|resource| {
            self.parameter.values(resource, &setting).iter().any(|value| match value {
                SearchValue::String(text) => contains(text) && !country(resource, text),
                _ => false,
            })
        });
        found.map(|resource| text(resource, "id").to_owned()).collect()
    }

    fn all(&self) -> BTreeSet<String> {
        self.resources.iter().map(|resource| text(resource, "id").to_owned()).collect()
    }

    fn where_any(&self, is: impl Fn(&SearchValue<'_>) -> bool) -> BTreeSet<String> {
        let setting = setting();
        let found = self.resources.iter().filter(|resource| self.parameter.values(resource, &setting).iter().any(&is));
        found.map(|resource| text(resource, "id").to_owned()).collect()
    }
}

/// Questions of all kinds that the peer answers, evenly drawn.
fn drawn(resources: &[Value]) -> Vec<(String, String, String)> {
    let setting = setting();
    let mut by_class: BTreeMap<String, Vec<(String, String, String)>> = BTreeMap::new();
    for (resource_type, key, value) in all_questions(resources) {
        let (code, modifier) = key.split_once(':').unwrap_or((&key, ""));
        let parameter = parameter(&resource_type, code).unwrap();
        let answered =
            matches!(parameter.kind(), Kind::Token | Kind::Reference | Kind::String | Kind::Date | Kind::Uri);
        let words = parameter.kind() == Kind::Reference && modifier == "text";
        if answered && !words && Criterion::parse(&resource_type, &key, &value, &setting).is_ok() {
            let letters = value.bytes().take_while(u8::is_ascii_alphabetic).count();
            let prefix = value.get(..letters).filter(|_| parameter.kind() == Kind::Date).unwrap_or_default();
            let prefix = if matches!(prefix, "" | "ne" | "ap") { prefix } else { "in order" };
            let class = format!("{:?} {modifier} {prefix}", parameter.kind());
            by_class.entry(class).or_default().push((resource_type, key, value));
        }
    }
    let mut drawn = Vec::new();
    let mut left = by_class.len();
    let mut classes: Vec<_> = by_class.into_values().collect();
    classes.sort_by_key(Vec::len);
    for class in classes {
        let share = ((QUESTIONS - drawn.len()) / left).min(class.len());
        left -= 1;
        drawn.extend((0..share).map(|n| class[n * class.len() / share].clone()));
    }
    drawn
}

#[test]
fn five_hundred_questions_have_the_same_answers_as_a_foreign_server_or_a_sentence_says_why() {
    let all = resources(&FOLDERS);
    if all.is_empty() {
        return;
    }
    let questions = drawn(&all);
    assert_eq!(questions.len(), QUESTIONS);
    let texts: Vec<String> = questions.iter().map(|(t, k, v)| format!("{t}?{}={}", encoded(k), encoded(v))).collect();
    let Some(answers) = ask_peer(&all, &texts) else { return };
    let engine = engine(&all);
    let (mut same, mut hits, mut tally, mut unexplained) = (0, 0, BTreeMap::<&str, usize>::new(), Vec::new());
    for ((resource_type, key, value), answer) in questions.iter().zip(&answers) {
        let ids = answer["ids"].as_array().unwrap_or_else(|| panic!("{resource_type}?{key}={value}: {answer}"));
        let theirs: BTreeSet<String> = ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        let ours = found(&engine, resource_type, key, value);
        hits += usize::from(!ours.is_empty());
        if ours == theirs {
            same += 1;
            continue;
        }
        let parameter = parameter(resource_type, key.split(':').next().unwrap()).unwrap();
        let resources = all.iter().filter(|one| text(one, "resourceType") == resource_type).collect();
        let compared = Compared { resource_type, key, value, parameter, resources, ours, theirs };
        match READINGS.iter().find(|reading| (reading.theirs)(&compared).as_ref() == Some(&compared.theirs)) {
            Some(reading) => *tally.entry(reading.name).or_default() += 1,
            None => unexplained.push(format!(
                "{}?{key}={value}: {} ours, {} theirs, {} both",
                compared.resource_type,
                compared.ours.len(),
                compared.theirs.len(),
                compared.ours.intersection(&compared.theirs).count()
            )),
        }
    }
    eprintln!("{same} of {QUESTIONS} the same, {hits} find something");
    for reading in &READINGS {
        let count = tally.get(reading.name).copied().unwrap_or_default();
        eprintln!("{count:4} they read: {}; FHIR R4: “{}”", reading.name, reading.sentence);
    }
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    let unused: Vec<_> = READINGS.iter().map(|reading| reading.name).filter(|name| !tally.contains_key(name)).collect();
    assert!(unused.is_empty(), "no question shows {unused:?}");
    assert!(same >= 380 && hits >= 300, "{same} the same, {hits} find something");
}
