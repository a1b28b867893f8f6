//! What became of the record, for the owner.

use std::collections::HashMap;

use fhir::Held;

use serde_json::Value;

use super::entry::{Entry, Made};
use super::facts::Admission;
use super::select;
use super::workings::Workings;
use crate::{Change, Choice, Deidentifier, LeftOut, NotUnderstood, Report, Review, WhyOut};

pub(super) fn report(workings: &Workings, held: &[Held]) -> Report {
    let mut report = Report::default();
    if workings.entries.is_empty() {
        held.iter().for_each(|held| *report.kept.entry(held.resource_type.clone()).or_default() += 1);
        return report;
    }
    for (at, entry) in workings.entries.iter().enumerate() {
        if let Some(entry) = entry {
            one(workings, at, entry, &mut report);
        }
    }
    warn_of_twins(workings, &mut report);
    report
}

fn one(workings: &Workings, at: usize, entry: &Entry, report: &mut Report) {
    let resource: Box<str> = super::names::key(&entry.of, &entry.id).into();
    let Some(known) = entry.current() else {
        report.left_out.push(LeftOut { resource, why: WhyOut::NotUnderstood });
        return;
    };
    let facts = &known.facts;
    if let Some(why) = facts.puzzle {
        report.not_understood.push(NotUnderstood { resource: resource.clone(), why: why.into() });
    }
    let standing = workings.solution.stands.get(at).and_then(Option::as_ref);
    let made = standing.and_then(|standing| known.made(standing));
    let Some(Made::Stands(made)) = made else {
        let why = match (facts.admission, facts.puzzle) {
            (Admission::No, Some("date-not-exact")) => WhyOut::DateNotExact,
            (Admission::No, Some(_)) => WhyOut::NotUnderstood,
            (Admission::No, None) => WhyOut::NotPermitted,
            (admission, _) => {
                let fell = workings.solution.fell.get(at).cloned().flatten();
                facts.out.clone().or(fell).unwrap_or(match admission {
                    Admission::Referred => WhyOut::NotReferred,
                    Admission::About => WhyOut::Spread,
                    Admission::No | Admission::Permitted => WhyOut::NotPermitted,
                })
            }
        };
        if why == WhyOut::NotDeidentifiable && Deidentifier::keeps(&entry.of) && !says_anything(&known.json) {
            report.not_understood.push(NotUnderstood { resource: resource.clone(), why: "no-code".into() });
        }
        report.review.extend(workings.solution.silenced.get(at).into_iter().flatten().cloned());
        report.left_out.push(LeftOut { resource, why });
        return;
    };
    report.review.extend(made.review.iter().cloned());
    report.review.extend(facts.review.iter().cloned());
    report.review.extend(made.withheld.iter().map(|place| Review {
        resource: resource.clone(),
        place: place.clone(),
        found: known.spoken.in_document(place),
        rule: "attachment".into(),
        default: Choice::TakeOut,
    }));
    if made.changes.is_empty() {
        *report.kept.entry(entry.of.clone()).or_default() += 1;
    }
    let change = |(element, rule): &(Box<str>, Box<str>)| Change {
        resource: resource.clone(),
        element: element.clone(),
        rule: rule.clone(),
    };
    report.changed.extend(made.changes.iter().map(change));
}

/// Whether any code in it says anything to others.
fn says_anything(json: &str) -> bool {
    let value: Option<Value> = serde_json::from_str(json).ok();
    value.is_some_and(|value| select::any_coding(&value, &|system, _| select::is_public(system)))
}

/// topics.md §2.9: the same fact from two sources, of which one is hidden and the other is not.
fn warn_of_twins(workings: &Workings, report: &mut Report) {
    let standing = |at: usize| workings.solution.stands.get(at).is_some_and(Option::is_some);
    let fact = |entry: &Entry| entry.current().and_then(|known| known.facts.fact);
    let mut hidden: HashMap<u64, &Entry> = HashMap::new();
    for entry in workings.entries.iter().flatten() {
        let out = entry.current().and_then(|known| known.facts.out.as_ref());
        if let (Some(WhyOut::Topic { .. } | WhyOut::Excluded | WhyOut::Owner), Some(fact)) = (out, fact(entry)) {
            hidden.insert(fact, entry);
        }
    }
    for (at, entry) in workings.entries.iter().enumerate() {
        let Some(entry) = entry.as_ref().filter(|_| standing(at)) else { continue };
        let twin = fact(entry).and_then(|fact| hidden.get(&fact)).filter(|twin| twin.source != entry.source);
        if let Some(twin) = twin {
            report.review.push(Review {
                resource: super::names::key(&entry.of, &entry.id).into(),
                place: Box::default(),
                found: vec![super::names::key(&twin.of, &twin.id)],
                rule: "twin".into(),
                default: Choice::Keep,
            });
        }
    }
}
