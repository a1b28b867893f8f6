//! What became of the record, for the owner.

use std::borrow::Cow;
use std::collections::HashMap;

use fhir::Held;

use serde_json::Value;

use super::entry::{Entry, Made, Stands};
use super::facts::Admission;
use super::many;
use super::rows::{Row, Rows};
use super::select;
use super::workings::Workings;
use crate::{Change, Choice, Counts, Deidentifier, LeftOut, NotUnderstood, Reason, Report, Review, Sides, WhyOut};

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
    warn_of_twins(workings, &mut report.review);
    report
}

/// The same in numbers.
///
/// Of what stands as it was in `rows` nothing more need be asked.
pub(super) fn counts(workings: &Workings, held: &[Held], rows: Option<&Rows>) -> Counts {
    let mut counts = Counts::default();
    if workings.entries.is_empty() {
        held.iter().for_each(|held| counts.types.entry(held.resource_type.clone()).or_default().kept += 1);
        return counts;
    }
    let all = many::pieces(&workings.entries, |first, entries| {
        let mut told = Told::default();
        for (at, entry) in (first..).zip(entries) {
            match rows.and_then(|rows| rows.all.get(at)).filter(|row| row.plain && workings.solution.is_at_rest(at)) {
                Some(row) => told.whole(row),
                None => entry.iter().for_each(|entry| told.one(workings, at, entry)),
            }
        }
        told
    });
    let mut told = Told::default();
    all.into_iter().for_each(|part| told.add(part));
    let names = rows
        .map(|rows| (rows.types.all.iter().zip(&told.whole_types), rows.sources.all.iter().zip(&told.whole_sources)));
    if let Some((types, sources)) = names {
        types.for_each(|(of, count)| told.types.entry(of).or_default().kept += count);
        sources.for_each(|(of, count)| told.sources.entry(of).or_default().kept += count);
    }
    if told.sources.len() > 1 {
        warn_of_twins(workings, &mut told.review);
    }
    let named = |all: HashMap<&str, Sides>| {
        all.into_iter().filter(|(_, sides)| *sides != Sides::default()).map(|(of, sides)| (of.into(), sides)).collect()
    };
    counts.types = named(told.types);
    counts.sources = named(told.sources);
    let reasons = told.why.into_iter().flat_map(|(of, all)| all.into_iter().map(move |one| (of, one)));
    counts.reasons =
        reasons.map(|(of, (why, count))| Reason { resource_type: of.into(), why: why.into_owned(), count }).collect();
    counts.review = told.review;
    counts
}

/// Counts in the making.
#[derive(Default)]
struct Told<'w> {
    /// What stands as it was, by the numbers of the rows.
    whole_types: Vec<u32>,
    whole_sources: Vec<u32>,
    types: HashMap<&'w str, Sides>,
    sources: HashMap<&'w str, Sides>,
    why: HashMap<&'w str, Vec<(Cow<'w, WhyOut>, u32)>>,
    review: Vec<Review>,
}

impl<'w> Told<'w> {
    fn whole(&mut self, row: &Row) {
        for (all, number) in [(&mut self.whole_types, row.of), (&mut self.whole_sources, row.source)] {
            let at = number as usize;
            if all.len() <= at {
                all.resize(at + 1, 0);
            }
            all.iter_mut().skip(at).take(1).for_each(|count| *count += 1);
        }
    }

    fn one(&mut self, workings: &'w Workings, at: usize, entry: &'w Entry) {
        let fate = fate(workings, at, entry);
        for side in [self.types.entry(&entry.of).or_default(), self.sources.entry(&entry.source).or_default()] {
            match &fate {
                Fate::Stands(made) if made.changes.is_empty() => side.kept += 1,
                Fate::Stands(_) => side.changed += 1,
                Fate::Left(_) => side.left_out += 1,
            }
        }
        review(workings, at, entry, &fate, &mut self.review);
        if let Fate::Left(reason) = fate {
            self.because(&entry.of, reason, 1);
        }
    }

    fn because(&mut self, of: &'w str, reason: Cow<'w, WhyOut>, more: u32) {
        let known = self.why.entry(of).or_default();
        match known.iter_mut().find(|(one, _)| *one == reason) {
            Some((_, count)) => *count += more,
            None => known.push((reason, more)),
        }
    }

    fn add(&mut self, part: Self) {
        for (all, part) in [(&mut self.whole_types, part.whole_types), (&mut self.whole_sources, part.whole_sources)] {
            all.resize(all.len().max(part.len()), 0);
            all.iter_mut().zip(part).for_each(|(all, part)| *all += part);
        }
        for (all, part) in [(&mut self.types, part.types), (&mut self.sources, part.sources)] {
            for (of, Sides { kept, changed, left_out }) in part {
                let sides = all.entry(of).or_default();
                sides.kept += kept;
                sides.changed += changed;
                sides.left_out += left_out;
            }
        }
        for (of, all) in part.why {
            all.into_iter().for_each(|(reason, count)| self.because(of, reason, count));
        }
        self.review.extend(part.review);
    }
}

/// What became of one resource.
enum Fate<'w> {
    Stands(&'w Stands),
    Left(Cow<'w, WhyOut>),
}

fn fate<'w>(workings: &'w Workings, at: usize, entry: &'w Entry) -> Fate<'w> {
    let Some(known) = entry.current() else { return Fate::Left(Cow::Owned(WhyOut::NotUnderstood)) };
    let facts = &known.facts;
    let standing = workings.solution.stands.get(at).and_then(Option::as_ref);
    if let Some(Made::Stands(made)) = standing.and_then(|standing| known.made(standing)) {
        return Fate::Stands(made);
    }
    Fate::Left(Cow::Owned(match (facts.admission, facts.puzzle) {
        (Admission::No, Some("date-not-exact")) => WhyOut::DateNotExact,
        (Admission::No, Some(_)) => WhyOut::NotUnderstood,
        (Admission::No, None) => WhyOut::NotPermitted,
        (admission, _) => {
            let fell = workings.solution.fell.get(at).and_then(Option::as_ref);
            match (facts.out.as_ref().or(fell), admission) {
                (Some(why), _) => return Fate::Left(Cow::Borrowed(why)),
                (None, Admission::Referred) => WhyOut::NotReferred,
                (None, Admission::About) => WhyOut::Spread,
                (None, Admission::No | Admission::Permitted) => WhyOut::NotPermitted,
            }
        }
    }))
}

fn one(workings: &Workings, at: usize, entry: &Entry, report: &mut Report) {
    let resource: Box<str> = super::names::key(&entry.of, &entry.id).into();
    let mut puzzled =
        |why: &str| report.not_understood.push(NotUnderstood { resource: resource.clone(), why: why.into() });
    let known = entry.current();
    if let Some(why) = known.and_then(|known| known.facts.puzzle) {
        puzzled(why);
    }
    let fate = fate(workings, at, entry);
    review(workings, at, entry, &fate, &mut report.review);
    match fate {
        Fate::Left(why) => {
            let says_nothing = || known.is_some_and(|known| !says_anything(&known.json));
            if *why == WhyOut::NotDeidentifiable && Deidentifier::keeps(&entry.of) && says_nothing() {
                puzzled("no-code");
            }
            report.left_out.push(LeftOut { resource, why: why.into_owned() });
        }
        Fate::Stands(made) => {
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
    }
}

/// What the owner should look at in one resource.
fn review(workings: &Workings, at: usize, entry: &Entry, fate: &Fate<'_>, found: &mut Vec<Review>) {
    let Some(known) = entry.current() else { return };
    let Fate::Stands(made) = fate else {
        return found.extend(workings.solution.silenced.get(at).into_iter().flatten().cloned());
    };
    found.extend(made.review.iter().cloned());
    found.extend(known.facts.review.iter().cloned());
    found.extend(made.withheld.iter().map(|place| Review {
        resource: super::names::key(&entry.of, &entry.id).into(),
        place: place.clone(),
        found: known.spoken.in_document(place),
        rule: "attachment".into(),
        default: Choice::TakeOut,
    }));
}

/// Whether any code in it says anything to others.
fn says_anything(json: &str) -> bool {
    let value: Option<Value> = serde_json::from_str(json).ok();
    value.is_some_and(|value| select::any_coding(&value, &|system, _| select::is_public(system)))
}

/// topics.md §2.9: the same fact from two sources, of which one is hidden and the other is not.
fn warn_of_twins(workings: &Workings, found: &mut Vec<Review>) {
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
            found.push(Review {
                resource: super::names::key(&entry.of, &entry.id).into(),
                place: Box::default(),
                found: vec![super::names::key(&twin.of, &twin.id)],
                rule: "twin".into(),
                default: Choice::Keep,
            });
        }
    }
}
