//! What became of the record, for the owner.

use fhir::Held;

use super::entry::{Entry, Made};
use super::workings::Workings;
use crate::{Change, Choice, LeftOut, NotUnderstood, Report, Review, WhyOut};

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
        let fell = workings.solution.fell.get(at).cloned().flatten();
        let why = facts.out.clone().or(fell).unwrap_or(match facts.admission {
            super::facts::Admission::No if facts.puzzle == Some("date-not-exact") => WhyOut::DateNotExact,
            super::facts::Admission::No if facts.puzzle.is_some() => WhyOut::NotUnderstood,
            super::facts::Admission::No | super::facts::Admission::Permitted => WhyOut::NotPermitted,
            super::facts::Admission::Referred => WhyOut::NotReferred,
            super::facts::Admission::About => WhyOut::Spread,
        });
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
