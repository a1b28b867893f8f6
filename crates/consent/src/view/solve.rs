//! Who is in the view: the greatest set of resources in which each may stand while the others do.
//!
//! What a permit means and nothing excludes stands at first. Then each is made as if all the others stood: what cannot
//! stand without something that is out falls, and so does what only it referred to, until nothing falls any more. What
//! falls never comes back within one solution, so the end is the same in whatever order it is reached.

mod reach;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::entry::{Entry, Known, Made, Standing};
use super::facts::Admission;
use super::kinds;
use super::make::Maker;
use super::names::{Name, Names};
use super::referrers::Referrers;
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
pub(super) const MOST_KEPT: usize = 6;

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
    back: Option<&Referrers>,
) -> Solution {
    leave_with_visits(entries);
    let known = back.is_some();
    let mut solving = Solving::of(entries, names, maker, back);
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
        back: Option<&'a Referrers>,
    ) -> Self {
        let count = names.len();
        let mut alive: Vec<bool> = entries.iter().map(|entry| entry.as_ref().is_some_and(Entry::may_stand)).collect();
        alive.resize(count, false);
        let mut solution = Solution {
            stands: vec![None; count],
            fell: vec![None; count],
            renamed: vec![false; count],
            silenced: vec![Vec::new(); count],
            stopped: false,
        };
        for (at, entry) in entries.iter().enumerate() {
            let with_visit = entry.as_ref().and_then(Entry::current).and_then(|known| known.with_visit.clone());
            if with_visit.is_some() {
                set(&mut solution.fell, at, with_visit);
            }
        }
        Self { entries, names, maker, alive, inside: vec![true; count], solution, back: back.map(Cow::Borrowed) }
    }

    /// Asks anew who is in while these are alive; gives those that are not any more.
    fn reach(&mut self) -> Vec<usize> {
        let now = reach::reach(self.entries, self.names, &self.alive, &self.solution);
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
        if moved.iter().any(|at| self.maker.judge.own.contains(self.names.key_at(*at))) {
            return self.all_inside();
        }
        let entries = &*self.entries;
        let back = self.back.get_or_insert_with(|| Cow::Owned(Referrers::of(entries)));
        let all = moved.iter().flat_map(|at| back.to(Name::of(*at))).map(|name| name.at());
        let all: BTreeSet<usize> = all.filter(|at| self.inside.get(*at) == Some(&true)).collect();
        all.into_iter().collect()
    }

    /// Makes these as things stand; gives those of which that changes something for others.
    fn look_at(&mut self, dirty: &[usize]) -> Looked {
        let mut fallen = Vec::new();
        let mut changed = 0;
        let mut renamed = Vec::new();
        for at in dirty.iter().copied() {
            let Some(known) = self.entries.get_mut(at).and_then(Option::as_mut) else { continue };
            let seed = known.seed;
            let Some(known) = known.versions.last_mut() else { continue };
            let is_in = |name: Name| self.inside.get(name.at()) == Some(&true);
            let standing = self.maker.standing(&known.facts, &is_in, &|name| self.solution.is_renamed(name));
            if self.solution.stands.get(at).and_then(Option::as_ref) == Some(&standing) {
                continue;
            }
            changed += 1;
            if known.made(&standing).is_none() {
                let made = self.maker.make(&seed, known, &standing, self.names);
                if known.made.len() >= MOST_KEPT {
                    known.made.remove(0);
                }
                known.made.push((standing.clone(), made));
            }
            let mut why = None;
            match known.made(&standing) {
                Some(Made::Stands(made)) => {
                    if made.renamed && !self.solution.is_renamed(Name::of(at)) {
                        renamed.push(at);
                    }
                    set(&mut self.solution.stands, at, Some(standing));
                }
                Some(Made::Gone(gone)) => why = Some(gone.clone()),
                Some(Made::Silenced(gone, review)) => {
                    set(&mut self.solution.silenced, at, review.clone());
                    why = Some(gone.clone());
                }
                Some(Made::Stops) | None => {
                    self.solution.stopped = true;
                    why = Some(WhyOut::NotDeidentifiable);
                }
            }
            if why.is_some() {
                set(&mut self.solution.stands, at, None);
                set(&mut self.solution.fell, at, why);
                fallen.push(at);
            }
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
        let is_hidden = |known: &&Known| known.facts.admission != Admission::No && known.facts.out.is_some();
        let mut unseen = vec![false; self.inside.len()];
        let mut any = false;
        for name in
            self.entries.iter().filter_map(current).filter(is_hidden).flat_map(|known| &known.facts.links.members)
        {
            set(&mut unseen, name.at(), true);
            any = true;
        }
        if !any {
            return Vec::new();
        }
        let standing = self.entries.iter().zip(&self.inside).filter(|(_, inside)| **inside);
        for name in standing.filter_map(|(entry, _)| current(entry)).flat_map(|known| &known.facts.links.members) {
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
fn leave_with_visits(entries: &mut [Option<Entry>]) {
    let visits: HashMap<usize, WhyOut> =
        entries.iter().enumerate().filter_map(|(at, entry)| Some((at, hides_notes(entry.as_ref()?)?))).collect();
    let notes = entries.iter_mut().flatten().filter(|entry| kinds::is_note(&entry.of));
    for known in notes.flat_map(|entry| &mut entry.versions) {
        known.with_visit = known.facts.links.visit.and_then(|visit| visits.get(&visit.at()).cloned());
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
