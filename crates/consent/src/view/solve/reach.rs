//! Who is reached from what a permit means.

use super::super::entry::{Entry, Made};
use super::super::facts::Admission;
use super::super::names::{Name, Names};
use super::super::rows::Rows;
use super::{Solution, current, set};

/// Who is in while these are alive: what a permit means, what that refers to, and what is about any of it. What a permit
/// means only because of another resource is in only if that one is.
pub(super) fn reach(
    entries: &[Option<Entry>],
    rows: &Rows,
    names: &Names,
    alive: &[bool],
    solution: &Solution,
) -> Vec<bool> {
    let leaning = rows.all.iter().enumerate().filter(|(_, row)| row.leans);
    let leaning: Vec<(usize, &Entry)> = leaning.filter_map(|(at, _)| Some((at, entries.get(at)?.as_ref()?))).collect();
    let mut alive = alive.to_vec();
    loop {
        let inside = reach_from(entries, rows, &alive, solution);
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

fn reach_from(entries: &[Option<Entry>], rows: &Rows, alive: &[bool], solution: &Solution) -> Vec<bool> {
    let mut inside = vec![false; alive.len()];
    let mut next = Vec::new();
    let mut about = Vec::new();
    for (at, (row, _)) in rows.all.iter().zip(alive).enumerate().filter(|(_, (_, alive))| **alive) {
        match row.admission {
            Admission::Permitted => {
                set(&mut inside, at, true);
                next.push(at);
            }
            Admission::About => about.push(at),
            Admission::Referred | Admission::No => {}
        }
    }
    follow(entries, rows, alive, solution, &mut inside, &mut next);
    // What a resource of the view is about, not the places and people around it.
    let permitted =
        |name: Name| rows.is(name.at(), |row| matches!(row.admission, Admission::Permitted | Admission::About));
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
        follow(entries, rows, alive, solution, &mut inside, &mut next);
        if about.len() == before {
            return inside;
        }
    }
}

fn follow(
    entries: &[Option<Entry>],
    rows: &Rows,
    alive: &[bool],
    solution: &Solution,
    inside: &mut [bool],
    next: &mut Vec<usize>,
) {
    while let Some(at) = next.pop() {
        for name in left(entries, rows, solution, at) {
            let there = name.at();
            let is_new = inside.get(there) == Some(&false) && alive.get(there) == Some(&true);
            if is_new && rows.is(there, |row| row.admission == Admission::Referred) {
                set(inside, there, true);
                next.push(there);
            }
        }
    }
}

/// What a resource refers to as it stands.
fn left<'e>(entries: &'e [Option<Entry>], rows: &'e Rows, solution: &Solution, at: usize) -> &'e [Name] {
    let all = rows.to(at);
    let Some(standing) = solution.stands.get(at).and_then(Option::as_ref) else { return all };
    if rows.is(at, |row| row.plain) && solution.is_at_rest(at) {
        return all;
    }
    match entries.get(at).and_then(current).and_then(|known| known.made(standing)) {
        Some(Made::Stands(made)) => made.to.as_deref().unwrap_or(all),
        _ => all,
    }
}
