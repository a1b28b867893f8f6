//! Who is reached from what a permit means.

use super::super::entry::{Entry, Made};
use super::super::facts::Admission;
use super::super::names::{Name, Names};
use super::{Solution, set};

/// Who is in while these are alive: what a permit means, what that refers to, and what is about any of it. What a permit
/// means only because of another resource is in only if that one is.
pub(super) fn reach(entries: &[Option<Entry>], names: &Names, alive: &[bool], solution: &Solution) -> Vec<bool> {
    let leans = |entry: &Entry| entry.current().is_some_and(|known| !known.facts.supports.is_empty());
    let leaning = entries.iter().enumerate().filter(|(_, entry)| entry.as_ref().is_some_and(leans));
    let leaning: Vec<(usize, &Entry)> = leaning.filter_map(|(at, entry)| Some((at, entry.as_ref()?))).collect();
    let mut alive = alive.to_vec();
    loop {
        let inside = reach_from(entries, &alive, solution);
        let is_in = |name: Name| inside.get(name.at()) == Some(&true);
        let unsupported = |entry: &Entry| entry.current().is_some_and(|known| !known.facts.is_supported(names, &is_in));
        let fallen: Vec<usize> = leaning
            .iter()
            .filter(|(at, entry)| inside.get(*at) == Some(&true) && unsupported(entry))
            .map(|(at, _)| *at)
            .collect();
        if fallen.is_empty() {
            return inside;
        }
        fallen.into_iter().for_each(|at| set(&mut alive, at, false));
    }
}

fn reach_from(entries: &[Option<Entry>], alive: &[bool], solution: &Solution) -> Vec<bool> {
    let mut inside = vec![false; alive.len()];
    let mut next = Vec::new();
    let mut about = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some(entry) = entry.as_ref().filter(|_| alive.get(at).is_some_and(|alive| *alive)) else { continue };
        match entry.admission() {
            Admission::Permitted => {
                set(&mut inside, at, true);
                next.push(at);
            }
            Admission::About => about.push(at),
            Admission::Referred | Admission::No => {}
        }
    }
    follow(entries, alive, solution, &mut inside, &mut next);
    // What a resource of the view is about, not the places and people around it.
    let permitted = |name: Name| {
        let entry = entries.get(name.at()).and_then(Option::as_ref);
        entry.is_some_and(|entry| matches!(entry.admission(), Admission::Permitted | Admission::About))
    };
    loop {
        let before = about.len();
        about.retain(|at| {
            let entry = entries.get(*at).and_then(Option::as_ref).and_then(Entry::current);
            let targets = entry.map_or(&[] as &[Name], |known| &known.facts.links.about);
            let stands = targets.iter().any(|name| permitted(*name) && inside.get(name.at()) == Some(&true));
            if stands {
                set(&mut inside, *at, true);
                next.push(*at);
            }
            !stands
        });
        follow(entries, alive, solution, &mut inside, &mut next);
        if about.len() == before {
            return inside;
        }
    }
}

fn follow(entries: &[Option<Entry>], alive: &[bool], solution: &Solution, inside: &mut [bool], next: &mut Vec<usize>) {
    while let Some(at) = next.pop() {
        let Some(known) = entries.get(at).and_then(Option::as_ref).and_then(Entry::current) else { continue };
        let made = solution.stands.get(at).and_then(Option::as_ref).and_then(|standing| known.made(standing));
        let to = match made {
            Some(Made::Stands(made)) => made.to.as_deref(),
            _ => None,
        };
        for name in to.unwrap_or(&known.facts.links.to) {
            let there = name.at();
            let is_new = inside.get(there) == Some(&false) && alive.get(there) == Some(&true);
            let referred = || entries.get(there).and_then(Option::as_ref).map(Entry::admission);
            if is_new && referred() == Some(Admission::Referred) {
                set(inside, there, true);
                next.push(there);
            }
        }
    }
}
