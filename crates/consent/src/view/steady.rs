//! Changes that change nothing for others.
//!
//! Who is in the view follows from a few things of each resource: what admits it, where it leads, and what becomes of it
//! as others stand. Where all of these are as they were, so is the rest of the view, and only the resource itself is
//! made anew. It is asked for each way in which others stood while the last solution was sought, so that seeking it again
//! would go the same way to the same end.

use fhir::Held;

use super::entry::{Entry, Known, Made};
use super::facts::Judge;
use super::make::Maker;
use super::names::Name;
use super::solve::{MOST_KEPT, with_visit};
use super::versions;
use super::workings::{Terms, Workings};

impl Workings {
    /// What these look like now, if nothing else looks otherwise than before; `None` where that cannot be said. Each with
    /// what it was before.
    pub(super) fn steady(
        &mut self,
        terms: Terms<'_>,
        judge: &Judge<'_>,
        before: &[(Name, Option<Entry>)],
    ) -> Option<Vec<(usize, Option<Held>)>> {
        if self.solution.stopped || !self.has_heard(terms.grant, judge) {
            return None;
        }
        let maker = Maker { judge, person: Vec::new(), deidentifier: None, seeds: &[], day: None, forms: None };
        for (name, old) in before {
            self.listen_alike(*name, judge);
            let visits: Vec<_> = {
                let entry = self.entries.get(name.at())?.as_ref()?;
                entry.versions.iter().map(|known| with_visit(entry, known, &self.entries)).collect()
            };
            let entry = self.entries.get_mut(name.at())?.as_mut()?;
            for (known, visit) in entry.versions.iter_mut().zip(visits) {
                known.with_visit = visit;
            }
            let seed = entry.seed;
            let (old, new) = (old.as_ref()?.current()?, entry.versions.last_mut()?);
            if !says_the_same(old, new) || old.made.len() >= MOST_KEPT {
                return None;
            }
            for (standing, then) in &old.made {
                if new.made(standing).is_none() {
                    let made = maker.make(&seed, new, standing, &self.names);
                    new.made.push((standing.clone(), made));
                }
                if !does_the_same(old, then, new.made(standing)?) {
                    return None;
                }
            }
        }
        let mut all = Vec::with_capacity(before.len());
        for (name, _) in before {
            let entry = self.entries.get_mut(name.at())?.as_mut()?;
            entry.fresh = false;
            all.push((name.at(), versions::held(entry, name.at(), &self.solution, &self.names, &maker)));
        }
        Some(all)
    }
}

/// Whether others see no difference between two versions, whatever becomes of them.
fn says_the_same(old: &Known, new: &Known) -> bool {
    let (then, now) = (&old.facts, &new.facts);
    old.with_visit == new.with_visit
        && then.admission == now.admission
        && then.out == now.out
        && then.supports == now.supports
        && then.links == now.links
}

/// Whether what became of two versions, as others stand, is the same to those others.
fn does_the_same(of: &Known, then: &Made, now: &Made) -> bool {
    match (then, now) {
        (Made::Stands(then), Made::Stands(now)) => {
            let to = &of.facts.links.to;
            then.renamed == now.renamed && then.to.as_ref().unwrap_or(to) == now.to.as_ref().unwrap_or(to)
        }
        (Made::Gone(then), Made::Gone(now)) => then == now,
        (Made::Silenced(then, asked), Made::Silenced(now, asks)) => then == now && asked == asks,
        _ => false,
    }
}
