//! The index against the plain truth: what an engine finds among real records is what [`fhir::criteria`] says of each
//! resource by itself, for every parameter that has values there. Chains and `_has` are followed by hand.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say plainly what they expect")]

#[path = "common/questions.rs"]
mod questions;
#[path = "common/records.rs"]
mod records;

use std::collections::{BTreeMap, BTreeSet};

use fhir::criteria::Criterion;
use fhir::parameters::{Address, Kind, SearchValue};
use questions::all_questions;
use records::{engine, found, resources, setting, text};
use serde_json::Value;

const FOLDERS: [&str; 5] =
    ["data/synthea-r4", "data/us-core", "data/us-core-examples", "data/fhir-r4-examples", "data/ips"];

/// Whether the criterion holds for the resource, asked of everything else by hand.
fn holds(criterion: &Criterion, resource: &Value, all: &[Value]) -> bool {
    let setting = setting();
    let leads = |from: &Value, by: &fhir::parameters::Parameter, to: &Value| {
        by.values(from, &setting).iter().any(|value| match value {
            SearchValue::Reference(reference) => matches!(reference.to, Some(Address::Local { resource_type, id, .. })
                if resource_type == text(to, "resourceType") && id == text(to, "id")),
            _ => false,
        })
    };
    match criterion {
        Criterion::Chain { by, any } => any.iter().any(|(target, asked)| {
            let others = all.iter().filter(|other| text(other, "resourceType") == *target);
            others.into_iter().any(|other| leads(resource, by, other) && holds(asked, other, all))
        }),
        Criterion::Has { resource_type, by, asked } => {
            let mut others = all.iter().filter(|other| text(other, "resourceType") == *resource_type);
            others.any(|other| leads(other, by, resource) && holds(asked, other, all))
        }
        own => own.matches(resource, &setting).unwrap(),
    }
}

#[test]
fn an_index_finds_what_each_resource_says_of_itself() {
    let all = resources(&FOLDERS);
    if all.is_empty() {
        return;
    }
    let engine = engine(&all);
    let mut by_type: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    all.iter().for_each(|resource| by_type.entry(text(resource, "resourceType")).or_default().push(resource));
    let (mut asked, mut kinds, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for (resource_type, key, value) in all_questions(&all) {
        let setting = setting();
        // A text that folds to nothing is no question.
        let Ok(criterion) = Criterion::parse(&resource_type, &key, &value, &setting) else { continue };
        let Criterion::Own(own) = &criterion else { continue };
        kinds.insert(own.parameter.kind());
        let of_type = by_type[resource_type.as_str()].iter();
        let expected: BTreeSet<String> = of_type
            .filter(|resource| own.matches(resource, &setting))
            .map(|resource| text(resource, "id").to_owned())
            .collect();
        let found = found(&engine, &resource_type, &key, &value);
        if found != expected {
            let (more, less) = (found.difference(&expected).count(), expected.difference(&found).count());
            wrong.push(format!("{resource_type}?{key}={value}: {more} too many, {less} missing of {}", expected.len()));
        }
        asked += 1;
    }
    assert!(wrong.is_empty(), "{} of {asked}: {:#?}", wrong.len(), wrong.iter().take(40).collect::<Vec<_>>());
    assert!(asked > 3_000, "{asked}");
    let every = [Kind::Composite, Kind::Date, Kind::Quantity, Kind::Reference, Kind::String, Kind::Token, Kind::Uri];
    assert!(every.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}

#[test]
fn chains_and_reverse_chains_find_what_following_them_by_hand_finds() {
    let all = resources(&FOLDERS);
    if all.is_empty() {
        return;
    }
    let engine = engine(&all);
    let questions = [
        ("Observation", "subject.family", "koepp"),
        ("Observation", "subject:Patient.gender", "male"),
        ("Observation", "patient.birthdate", "lt1980"),
        ("Observation", "encounter.date", "ge2015"),
        ("Observation", "encounter.reason-code:missing", "true"),
        ("Observation", "encounter.service-provider.name:contains", "hospital"),
        ("Observation", "subject:Patient.general-practitioner.name", "x"),
        ("DiagnosticReport", "result.code", "http://loinc.org|4548-4"),
        ("DiagnosticReport", "result.code-value-quantity", "http://loinc.org|4548-4$gt5||%"),
        ("MedicationRequest", "encounter.subject.given", "adan"),
        ("MedicationRequest", "requester.name:contains", "a"),
        ("Claim", "encounter.status", "finished"),
        ("Patient", "_has:Observation:patient:code", "http://loinc.org|8302-2"),
        ("Patient", "_has:Observation:patient:value-quantity", "gt200"),
        ("Patient", "_has:Condition:patient:clinical-status", "active"),
        ("Patient", "_has:Encounter:patient:_has:Observation:encounter:code", "http://loinc.org|8302-2"),
        ("Encounter", "_has:Observation:encounter:code:missing", "false"),
        ("Encounter", "_has:Procedure:encounter:date", "ge2010"),
        ("Encounter", "_has:Condition:encounter:code:text", "a"),
        ("Organization", "_has:Encounter:service-provider:class", "AMB"),
        ("Practitioner", "_has:Encounter:practitioner:patient.gender", "female,male"),
    ];
    let mut hits = 0;
    for (resource_type, key, value) in questions {
        let criterion = Criterion::parse(resource_type, key, value, &setting()).unwrap();
        let of_type = all.iter().filter(|resource| text(resource, "resourceType") == resource_type);
        let expected: BTreeSet<String> =
            of_type.filter(|one| holds(&criterion, one, &all)).map(|one| text(one, "id").to_owned()).collect();
        let found = found(&engine, resource_type, key, value);
        assert_eq!(found, expected, "{resource_type}?{key}={value}");
        hits += usize::from(!found.is_empty());
    }
    assert!(hits >= 12, "{hits} of {} find something", questions.len());
}
