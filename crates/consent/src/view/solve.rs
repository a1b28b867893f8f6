//! Who is in the view: the greatest set of resources in which each may stand while the others do.
//!
//! What a permit means and nothing excludes stands at first. Then each is made as if all the others stood: what cannot
//! stand without something that is out falls, and so does what only it referred to, until nothing falls any more. What
//! falls never comes back within one solution, so the end is the same in whatever order it is reached.

use std::collections::{BTreeSet, HashMap};

use super::entry::{Entry, Made, Standing};
use super::facts::Admission;
use super::kinds;
use super::make::Maker;
use super::names::{Name, Names};
use crate::{Review, WhyOut};

/// What became of each resource of the record, by its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Solution {
    /// It stands, and what stands at the ends of its references.
    pub(super) stands: Vec<Option<Standing>>,
    /// Why it fell.
    pub(super) fell: Vec<Option<WhyOut>>,
    /// It stands without what a display may repeat.
    pub(super) renamed: Vec<bool>,
    /// What the owner is asked, where it fell only by what the text scan found.
    pub(super) silenced: Vec<Vec<Review>>,
    /// Nothing of the view may leave.
    pub(super) stopped: bool,
}

impl Solution {
    pub(super) fn is_in(&self, name: Name) -> bool {
        self.stands.get(name.at()).is_some_and(Option::is_some)
    }

    pub(super) fn is_renamed(&self, name: Name) -> bool {
        self.renamed.get(name.at()).is_some_and(|renamed| *renamed)
    }
}

/// So many looks of one version are kept for when things stand so again.
const MOST_KEPT: usize = 6;

/// Finds who is in.
pub(super) fn solve(entries: &mut [Option<Entry>], names: &Names, maker: &Maker<'_>) -> Solution {
    leave_with_visits(entries);
    let mut alive: Vec<bool> = entries.iter().map(|entry| entry.as_ref().is_some_and(Entry::may_stand)).collect();
    alive.resize(names.len(), false);
    let mut solution = Solution {
        stands: vec![None; names.len()],
        fell: vec![None; names.len()],
        renamed: vec![false; names.len()],
        silenced: vec![Vec::new(); names.len()],
        stopped: false,
    };
    for (at, entry) in entries.iter().enumerate() {
        let with_visit = entry.as_ref().and_then(Entry::current).and_then(|known| known.with_visit.clone());
        if with_visit.is_some() {
            set(&mut solution.fell, at, with_visit);
        }
    }
    loop {
        let inside = reach(entries, &alive, &solution);
        let mut changed = hide_members(entries, &inside, &mut alive, &mut solution.fell);
        let before: Vec<bool> = solution.renamed.clone();
        for at in 0..entries.len() {
            let Some(entry) = entries.get_mut(at).and_then(Option::as_mut) else { continue };
            let is_inside = inside.get(at).is_some_and(|inside| *inside);
            let slot = solution.stands.get_mut(at);
            if !is_inside || !alive.get(at).is_some_and(|alive| *alive) {
                changed |= slot.is_some_and(|slot| slot.take().is_some());
                continue;
            }
            let Some(known) = entry.versions.last_mut() else { continue };
            let is_in = |name: Name| inside.get(name.at()) == Some(&true);
            let is_renamed = |name: Name| before.get(name.at()) == Some(&true);
            let standing = maker.standing(&known.facts, &is_in, &is_renamed);
            let Some(slot) = slot else { continue };
            if slot.as_ref() == Some(&standing) {
                continue;
            }
            changed = true;
            if known.made(&standing).is_none() {
                let made = maker.make(&entry.seed, known, &standing, names);
                if known.made.len() >= MOST_KEPT {
                    known.made.remove(0);
                }
                known.made.push((standing.clone(), made));
            }
            match known.made(&standing) {
                Some(Made::Stands(made)) => {
                    if let Some(renamed) = solution.renamed.get_mut(at) {
                        *renamed = made.renamed;
                    }
                    *slot = Some(standing);
                }
                Some(Made::Gone(why) | Made::Silenced(why, _)) => {
                    if let Some(Made::Silenced(_, review)) = known.made(&standing) {
                        set(&mut solution.silenced, at, review.clone());
                    }
                    *slot = None;
                    set(&mut alive, at, false);
                    set(&mut solution.fell, at, Some(why.clone()));
                }
                Some(Made::Stops) | None => {
                    *slot = None;
                    solution.stopped = true;
                    set(&mut alive, at, false);
                    set(&mut solution.fell, at, Some(WhyOut::NotDeidentifiable));
                }
            }
        }
        if !changed {
            return solution;
        }
    }
}

/// topics.md §2.3: with a visit that a topic hides go its notes.
fn leave_with_visits(entries: &mut [Option<Entry>]) {
    let hidden = |entry: &Entry| match &entry.current()?.facts.out {
        Some(why @ WhyOut::Topic { .. }) if &*entry.of == "Encounter" => Some(why.clone()),
        _ => None,
    };
    let visits: HashMap<usize, WhyOut> =
        entries.iter().enumerate().filter_map(|(at, entry)| Some((at, hidden(entry.as_ref()?)?))).collect();
    let notes = entries.iter_mut().flatten().filter(|entry| kinds::is_note(&entry.of));
    for known in notes.flat_map(|entry| &mut entry.versions) {
        known.with_visit = known.facts.links.visit.and_then(|visit| visits.get(&visit.at()).cloned());
    }
}

/// topics.md §2.2: with a panel that is hidden go its members that nothing else shows.
fn hide_members(entries: &[Option<Entry>], inside: &[bool], alive: &mut [bool], fell: &mut [Option<WhyOut>]) -> bool {
    let members = |entry: &Entry| entry.current().map_or(&[] as &[Name], |known| &known.facts.links.members).to_vec();
    let is_hidden = |entry: &&Entry| {
        let facts = entry.current().map(|known| &known.facts);
        facts.is_some_and(|facts| facts.admission != Admission::No && facts.out.is_some())
    };
    let hidden: BTreeSet<Name> = entries.iter().flatten().filter(is_hidden).flat_map(members).collect();
    if hidden.is_empty() {
        return false;
    }
    let standing = entries.iter().zip(inside).filter(|(_, inside)| **inside).filter_map(|(entry, _)| entry.as_ref());
    let shown: BTreeSet<Name> = standing.flat_map(members).collect();
    let mut changed = false;
    for name in hidden.difference(&shown) {
        if alive.get(name.at()).is_some_and(|alive| *alive) {
            set(alive, name.at(), false);
            set(fell, name.at(), Some(WhyOut::Spread));
            changed = true;
        }
    }
    changed
}

/// Who is in while these are alive: what a permit means, what that refers to, and what is about any of it.
fn reach(entries: &[Option<Entry>], alive: &[bool], solution: &Solution) -> Vec<bool> {
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

fn set<T>(all: &mut [T], at: usize, value: T) {
    if let Some(slot) = all.get_mut(at) {
        *slot = value;
    }
}
