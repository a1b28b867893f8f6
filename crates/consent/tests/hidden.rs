//! What a grant leaves out changes nothing of its view, and a view of a view is that view.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "hidden/life.rs"]
mod life;
#[path = "view/make.rs"]
mod make;

use std::collections::BTreeSet;

use consent::{Delta, Grant, Item, Record, Version, View, WhyOut};
use life::{Life, Step};
use proptest::prelude::*;

/// A few of each; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(64)
}

/// A record of what the view shows, and nothing else.
fn shown(view: &View, record: &Record) -> Record {
    let version = |one: &fhir::HeldVersion| Version { received: one.last_updated, json: one.json.clone() };
    let item = |held: &fhir::Held| Item {
        resource_type: held.resource_type.clone(),
        id: held.id.clone(),
        source: "con_a".into(),
        seed: [0; 16],
        versions: held.versions.iter().map(version).collect(),
    };
    Record { items: view.held().iter().map(item).collect(), ..record.clone() }
}

fn left_out(view: &View) -> BTreeSet<Box<str>> {
    view.report().left_out.into_iter().map(|out| out.resource).collect()
}

/// The first difference, to be read.
fn same(one: &View, other: &View) -> Result<(), TestCaseError> {
    let keys = |view: &View| make::shown(view);
    prop_assert_eq!(keys(one), keys(other));
    for (one, other) in one.held().iter().zip(other.held()) {
        prop_assert_eq!(one, other);
    }
    Ok(())
}

fn view(record: &Record, grant: &Grant) -> View {
    make::under(record, grant)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn deleting_all_that_is_left_out_changes_nothing(life in life::life(), grant in life::grant()) {
        let record = life.record();
        let grant = make::approved(&record, &grant);
        let before = view(&record, &grant);
        let out = left_out(&before);
        let mut without = record.clone();
        without.items.retain(|item| !out.contains(&*format!("{}/{}", item.resource_type, item.id)));
        same(&before, &view(&without, &grant))?;
    }

    #[test]
    fn changing_what_hidden_resources_say_changes_nothing(life in life::life(), grant in life::grant(), salt in 0_u32..1000) {
        let record = life.record();
        let grant = make::approved(&record, &grant);
        let before = view(&record, &grant);
        let mut other = record.clone();
        for out in before.report().left_out {
            let item = other.items.iter_mut().find(|item| *out.resource == *format!("{}/{}", item.resource_type, item.id));
            life::renumber(item.unwrap(), salt);
            // A word can be why it is hidden; where it is not, all words change.
            if matches!(out.why, WhyOut::NotPermitted | WhyOut::Owner) {
                let item = other.items.iter_mut().find(|item| *out.resource == *format!("{}/{}", item.resource_type, item.id));
                life::retell(item.unwrap(), salt);
            }
        }
        same(&before, &view(&other, &grant))?;
    }

    #[test]
    fn ten_more_hidden_resources_change_nothing(life in life::life(), salt in 0_u32..1000) {
        let grant = life::except_medications();
        let record = life.record();
        let grant = make::approved(&record, &grant);
        let before = view(&record, &grant);
        let mut more = record.clone();
        more.items.extend((0..10).map(|n| life::drug(n, salt)));
        same(&before, &view(&more, &grant))?;
    }

    #[test]
    fn a_view_of_a_view_is_that_view(life in life::life(), grant in life::grant()) {
        // Where only some elements are shown, the date that an exclusion looks at is not there the second time.
        let of_elements = grant.what.permits.iter().any(|permit| !permit.select.elements.is_empty());
        prop_assume!(!of_elements || grant.what.exclusions.iter().all(|one| one.dates.is_none()));
        let record = life.record();
        let grant = make::approved(&record, &grant);
        let once = view(&record, &grant);
        let twice = view(&shown(&once, &record), &grant);
        same(&once, &twice)?;
    }

    #[test]
    fn a_view_that_follows_changes_is_one_that_is_built_anew(
        life in life::life(), grant in life::grant(), steps in proptest::collection::vec(life::step(), 1..6),
    ) {
        let mut record = life.record();
        let mut followed = view(&record, &grant);
        for step in steps {
            let before = followed.held().to_vec();
            let changed = apply(&mut record, &step);
            let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
            let deltas = followed.update(&changed, &record, &grant, &make::RULES, make::now(), &make::key());
            let anew = view(&record, &grant);
            same(&followed, &anew)?;
            prop_assert_eq!(in_order(followed.report()), in_order(anew.report()));
            prop_assert_eq!(patched(before, &deltas), followed.held());
        }
    }
}

/// By name: what was taken in later comes later in a report.
fn in_order(mut report: consent::Report) -> consent::Report {
    report.changed.sort_by(|a, b| (&a.resource, &a.element, &a.rule).cmp(&(&b.resource, &b.element, &b.rule)));
    report.left_out.sort_by(|a, b| a.resource.cmp(&b.resource));
    report.review.sort_by(|a, b| (&a.resource, &a.place, &a.rule).cmp(&(&b.resource, &b.place, &b.rule)));
    report.not_understood.sort_by(|a, b| a.resource.cmp(&b.resource));
    report
}

fn patched(mut held: Vec<fhir::Held>, deltas: &[Delta]) -> Vec<fhir::Held> {
    for delta in deltas {
        match delta {
            Delta::Put(one) => {
                held.retain(|other| (&other.resource_type, &other.id) != (&one.resource_type, &one.id));
                held.push(one.clone());
            }
            Delta::Removed { resource_type, id } => {
                let before = held.len();
                held.retain(|other| (&other.resource_type, &other.id) != (resource_type, id));
                assert_eq!(held.len() + 1, before, "what was not there cannot go");
            }
        }
    }
    held.sort_by(|a, b| (&a.resource_type, &a.id).cmp(&(&b.resource_type, &b.id)));
    held
}

fn apply(record: &mut Record, step: &Step) -> Vec<String> {
    let key = |item: &Item| format!("{}/{}", item.resource_type, item.id);
    match step {
        Step::Remove(at) => {
            if record.items.is_empty() {
                return Vec::new();
            }
            let item = record.items.remove(at % record.items.len());
            vec![key(&item)]
        }
        Step::Put(life) => {
            let new = Life::clone(life).record();
            let mut changed = Vec::new();
            for item in new.items {
                changed.push(key(&item));
                match record.items.iter().position(|old| key(old) == key(&item)) {
                    Some(at) => record.items[at] = item,
                    None => record.items.push(item),
                }
            }
            changed
        }
    }
}
