//! Who is in the view: the greatest set of resources in which each may stand while the others do.
//!
//! What a permit means and nothing excludes stands at first. Then each is made as if all the others stood: what cannot
//! stand without something that is out falls, and so does what only it referred to, until nothing falls any more. What
//! falls never comes back within one solution, so the end is the same in whatever order it is reached.

mod look;
mod reach;

use std::borrow::Cow;
use std::collections::HashMap;

use super::entry::{Entry, Known, Standing};
use super::kinds;
use super::make::Maker;
use super::names::{Name, Names};
use super::referrers::Referrers;
use super::rows::Rows;
use crate::{Review, WhyOut};
use look::{Look, Looker, Now};

pub(super) use look::MOST_KEPT;

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

    /// Whether it stands, and all that it refers to.
    pub(super) fn is_at_rest(&self, at: usize) -> bool {
        self.stands.get(at).and_then(Option::as_ref).is_some_and(|standing| *standing == Standing::default())
    }

    pub(super) fn is_renamed(&self, name: Name) -> bool {
        self.renamed.get(name.at()).is_some_and(|renamed| *renamed)
    }
}

/// So often all are looked at again; after that only those that refer to what has changed.
const PLAIN_ROUNDS: usize = 8;

/// So often it is asked anew what refers to what; after that nothing is there that only others refer to. No record that
/// tells of a life comes near.
const MOST_ROUNDS: usize = 64;

/// Finds who is in.
///
/// Where it is known who refers to whom, only they are looked at again when something has moved.
pub(super) fn solve(
    entries: &mut [Option<Entry>],
    names: &Names,
    maker: &Maker<'_>,
    rows: &mut Rows,
    back: Option<&Referrers>,
) -> Solution {
    leave_with_visits(entries, rows);
    let known = back.is_some();
    let mut solving = Solving::of(entries, names, maker, rows, back);
    let mut pending = Vec::new();
    for round in 0..=MOST_ROUNDS {
        let mut moved = if round < MOST_ROUNDS { solving.reach() } else { solving.leave_the_rest() };
        moved.extend(solving.hide_members());
        moved.append(&mut pending);
        let plain = round == 0 || round < PLAIN_ROUNDS && !known;
        let mut changed = !moved.is_empty();
        let mut dirty = if plain { solving.all_inside() } else { solving.referrers(&moved) };
        while !dirty.is_empty() {
            let looked = solving.look_at(&dirty);
            changed |= looked.changed > 0;
            dirty = if plain { Vec::new() } else { solving.referrers(&looked.moved) };
            if plain {
                pending = looked.moved;
            }
        }
        if !changed && round > 0 {
            break;
        }
    }
    solving.done()
}

/// What came of looking.
struct Looked {
    /// So many look otherwise than before.
    changed: usize,
    /// These changed for others: they fell, or lost their name.
    moved: Vec<usize>,
}

/// A solution in the making.
struct Solving<'a> {
    entries: &'a mut [Option<Entry>],
    names: &'a Names,
    maker: &'a Maker<'a>,
    rows: &'a mut Rows,
    /// The person, by all names that the record has for them.
    own: Vec<Name>,
    alive: Vec<bool>,
    inside: Vec<bool>,
    solution: Solution,
    /// Who refers to whom, once it is needed.
    back: Option<Cow<'a, Referrers>>,
}

impl<'a> Solving<'a> {
    fn of(
        entries: &'a mut [Option<Entry>],
        names: &'a Names,
        maker: &'a Maker<'a>,
        rows: &'a mut Rows,
        back: Option<&'a Referrers>,
    ) -> Self {
        let count = names.len();
        let mut alive: Vec<bool> = rows.all.iter().map(|row| row.may_stand).collect();
        alive.resize(count, false);
        let own = maker.judge.own.iter().filter_map(|key| names.known(key)).collect();
        let mut solution = Solution {
            stands: vec![None; count],
            fell: vec![None; count],
            renamed: vec![false; count],
            silenced: vec![Vec::new(); count],
            stopped: false,
        };
        for (at, _) in rows.all.iter().enumerate().filter(|(_, row)| row.is_note) {
            let with_visit = entries.get(at).and_then(current).and_then(|known| known.with_visit.clone());
            set(&mut solution.fell, at, with_visit);
        }
        let (inside, back) = (vec![true; count], back.map(Cow::Borrowed));
        Self { entries, names, maker, rows, own, alive, inside, solution, back }
    }

    /// Asks anew who is in while these are alive; gives those that are not any more.
    fn reach(&mut self) -> Vec<usize> {
        let now = reach::reach(self.entries, self.rows, self.names, &self.alive, &self.solution);
        self.be_inside(now)
    }

    /// Only what a permit means is in.
    fn leave_the_rest(&mut self) -> Vec<usize> {
        let permitted = |entry: &Option<Entry>| {
            entry.as_ref().and_then(Entry::current).is_some_and(|known| known.facts.is_by_itself())
        };
        let now = self.alive.iter().zip(self.entries.iter()).map(|(alive, entry)| *alive && permitted(entry)).collect();
        self.be_inside(now)
    }

    fn be_inside(&mut self, now: Vec<bool>) -> Vec<usize> {
        let left = (0..now.len()).filter(|at| self.inside.get(*at) == Some(&true) && now.get(*at) == Some(&false));
        let left = left.collect();
        self.inside = now;
        left
    }

    fn all_inside(&self) -> Vec<usize> {
        self.inside.iter().enumerate().filter(|(_, inside)| **inside).map(|(at, _)| at).collect()
    }

    /// Those in the view that refer to any of these.
    fn referrers(&mut self, moved: &[usize]) -> Vec<usize> {
        if moved.is_empty() {
            return Vec::new();
        }
        if moved.iter().any(|at| self.own.contains(&Name::of(*at))) {
            return self.all_inside();
        }
        let entries = &*self.entries;
        let back = self.back.get_or_insert_with(|| Cow::Owned(Referrers::of(entries)));
        let mut found = vec![false; self.inside.len()];
        for name in moved.iter().flat_map(|at| back.to(Name::of(*at))) {
            set(&mut found, name.at(), true);
        }
        let found = found.iter().zip(&self.inside).enumerate();
        found.filter(|(_, (found, inside))| **found && **inside).map(|(at, _)| at).collect()
    }

    /// Makes these as things stand; gives those of which that changes something for others.
    fn look_at(&mut self, dirty: &[usize]) -> Looked {
        let whole = |name: &Name| self.inside.get(name.at()) == Some(&true) && !self.solution.is_renamed(*name);
        let looker = Looker {
            names: self.names,
            maker: self.maker,
            rows: self.rows,
            solution: &self.solution,
            inside: &self.inside,
            person_stands: self.own.iter().all(whole),
        };
        let looks = looker.look_at(self.entries, dirty);
        let mut fallen = Vec::new();
        let mut changed = 0;
        let mut renamed = Vec::new();
        for Look { at, standing, now } in looks.into_iter().flatten() {
            changed += 1;
            let why = match now {
                Now::Stands { without_its_name, plain } => {
                    if without_its_name && !self.solution.is_renamed(Name::of(at)) {
                        renamed.push(at);
                    }
                    if let Some(row) = self.rows.all.get_mut(at).filter(|_| standing == Standing::default()) {
                        row.plain = plain;
                    }
                    set(&mut self.solution.stands, at, Some(standing));
                    continue;
                }
                Now::Gone(why, review) => {
                    if !review.is_empty() {
                        set(&mut self.solution.silenced, at, review);
                    }
                    why
                }
                Now::Stops => {
                    self.solution.stopped = true;
                    WhyOut::NotDeidentifiable
                }
            };
            if let Some(row) = self.rows.all.get_mut(at).filter(|_| standing == Standing::default()) {
                row.plain = false;
            }
            set(&mut self.solution.stands, at, None);
            set(&mut self.solution.fell, at, Some(why));
            fallen.push(at);
        }
        for at in &fallen {
            set(&mut self.alive, *at, false);
            set(&mut self.inside, *at, false);
        }
        for at in &renamed {
            set(&mut self.solution.renamed, *at, true);
        }
        fallen.extend(renamed);
        Looked { changed, moved: fallen }
    }

    /// topics.md §2.2: with a panel that is hidden go its members that nothing else shows.
    fn hide_members(&mut self) -> Vec<usize> {
        let members = |at: usize| {
            let known = self.entries.get(at).and_then(current);
            known.map_or(&[] as &[Name], |known| &known.facts.links.members)
        };
        let panels = || self.rows.panels.iter().copied();
        let mut unseen = vec![false; self.inside.len()];
        for name in panels().filter(|at| self.rows.is(*at, |row| row.hidden)).flat_map(members) {
            set(&mut unseen, name.at(), true);
        }
        for name in panels().filter(|at| self.inside.get(*at) == Some(&true)).flat_map(members) {
            set(&mut unseen, name.at(), false);
        }
        let unseen = unseen.iter().zip(&self.alive).enumerate();
        let alive: Vec<usize> = unseen.filter(|(_, (unseen, alive))| **unseen && **alive).map(|(at, _)| at).collect();
        for at in &alive {
            set(&mut self.alive, *at, false);
            set(&mut self.inside, *at, false);
            set(&mut self.solution.fell, *at, Some(WhyOut::Spread));
        }
        alive
    }

    fn done(mut self) -> Solution {
        for (slot, inside) in self.solution.stands.iter_mut().zip(&self.inside) {
            if !inside {
                *slot = None;
            }
        }
        self.solution
    }
}

/// topics.md §2.3: with a visit that a topic hides go its notes.
fn leave_with_visits(entries: &mut [Option<Entry>], rows: &mut Rows) {
    let hiding = rows.all.iter().enumerate().filter(|(_, row)| row.hides_notes);
    let visits: HashMap<usize, WhyOut> =
        hiding.filter_map(|(at, _)| Some((at, hides_notes(entries.get(at)?.as_ref()?)?))).collect();
    for (at, row) in rows.all.iter_mut().enumerate().filter(|(_, row)| row.is_note) {
        let Some(entry) = entries.get_mut(at).and_then(Option::as_mut) else { continue };
        for known in &mut entry.versions {
            known.with_visit = known.facts.links.visit.and_then(|visit| visits.get(&visit.at()).cloned());
        }
        row.may_stand = entry.may_stand();
    }
}

/// Why a version goes with its visit, if it does.
pub(super) fn with_visit(entry: &Entry, known: &Known, entries: &[Option<Entry>]) -> Option<WhyOut> {
    let visit = known.facts.links.visit.filter(|_| kinds::is_note(&entry.of))?;
    hides_notes(entries.get(visit.at())?.as_ref()?)
}

fn hides_notes(entry: &Entry) -> Option<WhyOut> {
    match &entry.current()?.facts.out {
        Some(why @ WhyOut::Topic { .. }) if &*entry.of == "Encounter" => Some(why.clone()),
        _ => None,
    }
}

fn current(entry: &Option<Entry>) -> Option<&Known> {
    entry.as_ref().and_then(Entry::current)
}

fn set<T>(all: &mut [T], at: usize, value: T) {
    if let Some(slot) = all.get_mut(at) {
        *slot = value;
    }
}
