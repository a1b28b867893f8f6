//! What is left of real records by Safe Harbor, before a validator that is not ours: Medplum's, with the official
//! definitions of FHIR R4. It lives in `tests/peers` (`npm ci` there).
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests say plainly what they expect"
)]

#[allow(dead_code, reason = "this file asks scripts, and starts none that serve")]
#[path = "common/node.rs"]
mod node;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use consent::{Dates, Deidentifier, Person, Tally};
use jiff::civil::date;
use serde_json::{Value, json};
use types::Secret;

const FOLDERS: [&str; 4] = ["synthea-r4", "us-core", "us-core-examples", "fhir-r4-examples"];

/// One record: its resources, and the names that references to them have.
struct Record {
    file: PathBuf,
    resources: Vec<Value>,
    /// A name of a resource, and its place among the resources.
    names: HashMap<String, usize>,
}

impl Record {
    fn read(file: &Path) -> Option<Self> {
        let json: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).ok()?;
        let entries = match (json.get("entry").and_then(Value::as_array), json.as_array()) {
            (Some(entries), _) => entries.clone(),
            // The golden record: of each row the current version.
            (None, Some(rows)) => {
                let current = |row: &Value| row["versions"].as_array().and_then(|all| all.last().cloned());
                rows.iter().filter_map(current).map(|resource| json!({"resource": resource})).collect()
            }
            (None, None) => vec![json!({"resource": json})],
        };
        let (mut resources, mut names) = (Vec::new(), HashMap::new());
        for entry in entries {
            let resource = entry["resource"].clone();
            let id = resource["id"].as_str().unwrap_or_default();
            names.insert(format!("{}/{id}", resource["resourceType"].as_str()?), resources.len());
            if let Some(url) = entry["fullUrl"].as_str() {
                names.insert(url.to_owned(), resources.len());
            }
            resources.push(resource);
        }
        Some(Self { file: file.to_owned(), resources, names })
    }

    /// What is left of it, each with its place, and what was taken.
    fn deidentified(&self, dates: Dates) -> (Vec<(usize, Value)>, Tally) {
        let told =
            |resource: &&Value| resource["resourceType"] == "Patient" || resource["resourceType"] == "RelatedPerson";
        let person = Person::of(self.resources.iter().filter(told));
        let by = Deidentifier::new(Secret::new([5; 32]), dates, person, date(2026, 11, 20));
        let seed = |at: usize| (at as u128 + 1).to_be_bytes();
        // A single example refers to a patient who is not in its file.
        let alone = self.resources.len() == 1;
        let mut stays: Vec<bool> = vec![true; self.resources.len()];
        loop {
            let references = |old: &str| match self.names.get(old) {
                Some(at) => {
                    let kind = self.resources[*at]["resourceType"].as_str()?;
                    (stays[*at] && Deidentifier::keeps(kind)).then(|| format!("{kind}/{}", by.id_of(&seed(*at), kind)))
                }
                None if alone && old.contains("Patient/") => Some("Patient/bcdf".to_owned()),
                None => None,
            };
            let (mut left, mut taken, mut stay) = (Vec::new(), Tally::default(), Vec::new());
            for (at, resource) in self.resources.iter().enumerate() {
                let one = by.resource(&seed(at), resource, &references);
                stay.push(one.is_ok());
                match one {
                    Ok(one) => {
                        taken.add(&one.taken);
                        left.push((at, one.json));
                    }
                    Err(error) => assert!(!error.stops_the_export(), "{}: {error}", self.file.display()),
                }
            }
            if stay == stays {
                return (left, taken);
            }
            stays = stay;
        }
    }
}

fn records() -> Option<Vec<Record>> {
    let mut records = Vec::new();
    for folder in FOLDERS {
        let folder = testkit::shared(&format!("data/{folder}"))?;
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        records.extend(
            files.filter(|file| file.extension().is_some_and(|end| end == "json")).filter_map(|f| Record::read(&f)),
        );
    }
    records.sort_by(|a, b| a.file.cmp(&b.file));
    Some(records)
}

/// The golden record, whose resources have every trick that is known.
fn golden() -> Record {
    Record::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/consent/tests/golden/record.json")).unwrap()
}

/// What the validator says of each resource.
async fn issues(resources: &[&Value]) -> Vec<Vec<String>> {
    let told = node::ask("validate.mjs", &json!(resources)).await;
    serde_json::from_value(told).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_real_records_is_valid_for_a_validator_that_is_not_ours() {
    let (Some(mut records), Some(_)) = (records(), node::peers()) else { return };
    records.push(golden());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for dates in [Dates::Year, Dates::Shifted] {
        let mut all = Vec::new();
        for record in &records {
            all.extend(record.deidentified(dates).0.into_iter().map(|(at, left)| (record, at, left)));
        }
        let left: Vec<&Value> = all.iter().map(|(_, _, left)| left).collect();
        let sources: Vec<&Value> = all.iter().map(|(record, at, _)| &record.resources[*at]).collect();
        // What was wrong before may be wrong after; nothing else may.
        let (after, before) = (issues(&left).await, issues(&sources).await);
        let mut wrong = Vec::new();
        for (((record, at, left), after), before) in all.iter().zip(&after).zip(&before) {
            if let Some(new) = after.iter().find(|issue| !before.contains(issue)) {
                wrong.push(format!("{} {at}: {new} {left}", record.file.display()));
            }
        }
        assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), all.len(), &wrong[..wrong.len().min(10)]);
        for (_, _, left) in &all {
            *counts.entry(left["resourceType"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    eprintln!("valid, in two modes: {counts:?}");
    // Not one of these types is emptied by the rules: a record stays of use.
    let lives = [
        "Patient",
        "Condition",
        "Observation",
        "MedicationRequest",
        "Immunization",
        "Procedure",
        "Encounter",
        "DiagnosticReport",
        "CarePlan",
        "Goal",
        "Claim",
        "ExplanationOfBenefit",
        "ImagingStudy",
        "AllergyIntolerance",
    ];
    for of in lives {
        assert!(counts.contains_key(of), "{of}: {counts:?}");
    }
}

#[test]
fn nothing_of_the_person_is_left_in_a_real_record() {
    let Some(records) = records() else { return };
    let mut taken = Tally::default();
    for record in &records {
        let (left, of_record) = record.deidentified(Dates::Year);
        taken.add(&of_record);
        let text = Value::from_iter(left.iter().map(|(_, left)| left.clone())).to_string();
        for name in record.names.keys() {
            let id = name.rsplit(['/', ':']).next().unwrap();
            assert!(id.len() < 8 || !text.contains(id), "{}: an id of the source", record.file.display());
        }
        for resource in record.resources.iter().filter(|resource| resource["resourceType"] == "Patient") {
            for pointer in [
                "/name/0/family",
                "/name/0/given/0",
                "/identifier/1/value",
                "/telecom/0/value",
                "/address/0/city",
                "/address/0/line/0",
                "/birthDate",
            ] {
                let Some(word) = resource.pointer(pointer).and_then(Value::as_str) else { continue };
                assert!(word.len() < 5 || !text.contains(word), "{}: {pointer}", record.file.display());
            }
        }
        // No date finer than a year, but the day of the view.
        let fine = text.replace("2026-11-20T00:00:00Z", "");
        let bytes = fine.as_bytes();
        let dashed = bytes.windows(8).any(|part| {
            part[..4].iter().all(u8::is_ascii_digit)
                && part[4] == b'-'
                && part[5..7].iter().all(u8::is_ascii_digit)
                && part[7] != b'.'
                && (part[0] == b'1' || part[0] == b'2')
                && part[7] == b'-'
        });
        assert!(!dashed, "{}", record.file.display());
    }
    for line in taken.lines().filter(|line| line.count > 50) {
        eprintln!("{:>6} {} {}", line.count, line.element, line.rule);
    }
    assert!(taken.lines().count() > 100);
}
