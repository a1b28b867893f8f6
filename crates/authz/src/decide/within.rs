//! Whether one thing gives nothing that another does not. Pure and total; where it cannot be told, it does not.

use std::collections::BTreeSet;

use consent::{Choice, CodeFilter, DateRange, Grant, Mode, Permit, Scope, Selector, Term, needs_its_name};
use types::{Actions, Context};

use super::Decided;
use crate::{Permission, Reading};

/// Whether a decision gives nothing but what was asked.
pub(super) fn answers(decided: &Decided, asked: &Reading) -> bool {
    let Decided { grant, person: _, patient, format: _, scope, contact: _, permissions } = decided;
    let for_patient = asked.patients.iter().all(|id| patient.as_deref() == Some(&**id));
    // What the client asks to be spared is not kept by hand.
    let kept = grant.decisions.iter().any(|decision| decision.choice == Choice::Keep);
    permits_within(&grant.what.permits, &asked.what.permits)
        && excludes_all(&grant.what.exclusions, &asked.what.exclusions)
        && (asked.what.exclusions.is_empty() || !kept)
        && asked.mode.is_none_or(|mode| strictness(mode) <= strictness(grant.mode))
        && asked.deidentified.is_none_or(|dates| grant.deidentified == Some(dates))
        && purposes_within(&grant.purposes, &asked.purposes)
        && words(scope).all(|word| is_plain(word) && asked.plain.iter().any(|own| own == word))
        && for_patient
        && permissions.iter().all(|one| permission_within(one, &asked.elsewhere))
}

/// Whether a grant gives nothing but what another one does, which has so many uses left.
pub(super) fn narrows(new: &Grant, old: &Grant, uses_left: Option<u32>) -> bool {
    let Grant { id: _, who, what, mode, deidentified, purposes, term, decisions, words } = new;
    let kept = |grant: &Grant| -> BTreeSet<(Box<str>, Box<str>)> {
        let kept = grant.decisions.iter().filter(|decision| decision.choice == Choice::Keep);
        kept.map(|decision| (decision.resource.clone(), decision.place.clone())).collect()
    };
    let taken = old.decisions.iter().filter(|decision| decision.choice != Choice::Keep);
    who.proof == old.who.proof
        && permits_within(&what.permits, &old.what.permits)
        && excludes_all(&what.exclusions, &old.what.exclusions)
        && strictness(old.mode) <= strictness(*mode)
        && old.deidentified.is_none_or(|dates| *deidentified == Some(dates))
        && purposes_within(purposes, &old.purposes)
        && term_within(term, &old.term, uses_left)
        && kept(new).is_subset(&kept(old))
        && taken.into_iter().all(|decision| decisions.contains(decision))
        && old.words.iter().all(|word| words.contains(word))
}

/// Every permit follows from those that were asked. Scopes are a union: what several say together is said
/// (SMART App Launch 2.2, "Scope Equivalence").
pub(crate) fn permits_within(given: &[Permit], asked: &[Permit]) -> bool {
    given.iter().all(|permit| {
        asked.contains(permit) || parts(permit).all(|part| asked.iter().any(|one| permit_within(&part, one)))
    })
}

/// One permit as those it is the union of: a type and a letter each.
fn parts(permit: &Permit) -> impl Iterator<Item = Permit> {
    let types = permit.select.types.iter().map(|name| vec![name.clone()]);
    let every = permit.select.types.is_empty().then(Vec::new);
    types.chain(every).flat_map(move |types| {
        letters(permit.actions).into_iter().map(move |actions| Permit {
            context: permit.context,
            actions,
            select: Selector { types: types.clone(), ..permit.select.clone() },
        })
    })
}

fn letters(actions: Actions) -> Vec<Actions> {
    let none = Actions::default();
    let each = [
        Actions { create: true, ..none },
        Actions { read: true, ..none },
        Actions { update: true, ..none },
        Actions { delete: true, ..none },
        Actions { search: true, ..none },
    ];
    each.into_iter().filter(|letter| actions.covers(*letter)).collect()
}

fn permit_within(given: &Permit, asked: &Permit) -> bool {
    // `patient/` reaches one compartment, the others at least that.
    let context = given.context == asked.context || given.context == Context::Patient;
    let (of, by) = (&given.select, &asked.select);
    context
        && asked.actions.covers(given.actions)
        && plain_within(of, by)
        && names_within(of, by)
        && narrowed(&of.topics, &by.topics)
        && narrowed(&of.labels, &by.labels)
        && narrowed(&of.value_sets, &by.value_sets)
        && narrowed(&of.elements, &by.elements)
}

/// A permit for everything does not mean the types that come along with others, one that names them does: naming them
/// is more than was asked.
fn names_within(given: &Selector, asked: &Selector) -> bool {
    let named = |of: &str| asked.types.iter().any(|name| **name == *of);
    let types = given.types.iter().all(|of| {
        named(of) || !needs_its_name(of) || narrowed(&given.resources, &asked.resources) && !asked.resources.is_empty()
    });
    types
        && given.resources.iter().all(|path| {
            asked.resources.contains(path) || type_of(path).is_some_and(|of| named(of) || !needs_its_name(of))
        })
}

/// Whether everything that one selects the other does too, topics, labels, value sets and elements apart.
fn plain_within(given: &Selector, asked: &Selector) -> bool {
    let types = if given.types.is_empty() && !given.resources.is_empty() {
        let of_asked = |path: &str| type_of(path).is_some_and(|of| asked.types.iter().any(|name| **name == *of));
        asked.types.is_empty() || given.resources.iter().all(|path| of_asked(path))
    } else {
        narrowed(&given.types, &asked.types)
    };
    types
        && narrowed(&given.resources, &asked.resources)
        && narrowed(&given.sources, &asked.sources)
        && codes_within(&given.codes, &asked.codes)
        && query_within(given.query.as_deref(), asked.query.as_deref())
        && dates_within(given.dates, asked.dates)
}

fn type_of(path: &str) -> Option<&str> {
    path.split_once('/').map(|(of, _)| of)
}

/// Of a list any value holds, and an empty one says nothing.
fn narrowed<T: Ord>(given: &[T], asked: &[T]) -> bool {
    if asked.is_empty() {
        return true;
    }
    let asked: BTreeSet<&T> = asked.iter().collect();
    !given.is_empty() && given.iter().all(|value| asked.contains(value))
}

fn codes_within(given: &[CodeFilter], asked: &[CodeFilter]) -> bool {
    let within = |one: &CodeFilter| {
        asked.iter().any(|other| one.system == other.system && (other.code.is_none() || one.code == other.code))
    };
    asked.is_empty() || !given.is_empty() && given.iter().all(within)
}

/// Each parameter must hold, so those that were asked must be there, to the letter.
fn query_within(given: Option<&str>, asked: Option<&str>) -> bool {
    let Some(asked) = asked else { return true };
    let given: BTreeSet<&str> = given.into_iter().flat_map(|query| query.split('&')).collect();
    asked.split('&').all(|pair| given.contains(pair))
}

fn dates_within(given: Option<DateRange>, asked: Option<DateRange>) -> bool {
    let Some(asked) = asked else { return true };
    given.is_some_and(|given| {
        asked.from.is_none_or(|from| given.from.is_some_and(|first| from <= first))
            && asked.to.is_none_or(|to| given.to.is_some_and(|last| last <= to))
    })
}

/// Everything that was to be left out is left out by one exclusion of the other.
fn excludes_all(given: &[Selector], asked: &[Selector]) -> bool {
    asked.iter().all(|out| given.contains(out) || given.iter().any(|by| excludes(by, out)))
}

/// A topic or label may hide a part of a resource only, a list of elements does: they stand for each other and for
/// nothing else. What has none of them hides the whole resource.
fn excludes(by: &Selector, out: &Selector) -> bool {
    let like = |by: &[Box<str>], out: &[Box<str>]| by.is_empty() == out.is_empty() && narrowed(out, by);
    let whole = by.topics.is_empty() && by.labels.is_empty() && by.elements.is_empty();
    let alike = like(&by.topics, &out.topics) && like(&by.labels, &out.labels) && like(&by.elements, &out.elements);
    plain_within(out, by) && narrowed(&out.value_sets, &by.value_sets) && (whole || alike)
}

fn strictness(mode: Mode) -> u8 {
    match mode {
        Mode::Loose => 0,
        Mode::Usual => 1,
        Mode::Strict => 2,
    }
}

fn purposes_within(given: &[Box<str>], asked: &[Box<str>]) -> bool {
    narrowed(given, asked)
}

fn term_within(given: &Term, asked: &Term, uses_left: Option<u32>) -> bool {
    asked.start.is_none_or(|start| given.start.is_some_and(|from| start <= from))
        && asked.end.is_none_or(|end| given.end.is_some_and(|until| until <= end))
        && uses_left.is_none_or(|left| given.uses.is_some_and(|uses| uses <= left))
}

fn words(scope: &str) -> impl Iterator<Item = &str> {
    scope.split(' ').filter(|word| !word.is_empty())
}

/// No scope for resources: those follow from the grant.
pub(super) fn is_plain(word: &str) -> bool {
    !matches!(Scope::parse(word), Ok(Scope::Clinical(_)))
}

fn permission_within(given: &Permission, asked: &[Permission]) -> bool {
    let scopes: BTreeSet<&String> = asked
        .iter()
        .filter(|one| one.at == given.at && one.resource == given.resource)
        .flat_map(|one| &one.scopes)
        .collect();
    !given.scopes.is_empty() && given.scopes.iter().all(|scope| scopes.contains(scope))
}

#[cfg(test)]
mod tests;
