//! What each resource is as things stand now. While they are looked at, nothing of how things stand changes.

use super::Solution;
use crate::view::entry::{Entry, Made, Standing};
use crate::view::make::Maker;
use crate::view::many;
use crate::view::names::{Name, Names};
use crate::view::rows::{Rows, is_plain};
use crate::{Review, WhyOut};

/// So many looks of one version are kept for when things stand so again.
pub(in super::super) const MOST_KEPT: usize = 6;

/// How things stand.
pub(super) struct Looker<'a> {
    pub(super) names: &'a Names,
    pub(super) maker: &'a Maker<'a>,
    pub(super) rows: &'a Rows,
    pub(super) solution: &'a Solution,
    pub(super) inside: &'a [bool],
    pub(super) person_stands: bool,
}

/// How one stands now, and what it is then.
pub(super) struct Look {
    pub(super) at: usize,
    pub(super) standing: Standing,
    pub(super) now: Now,
}

pub(super) enum Now {
    Stands {
        without_its_name: bool,
        /// As it was written.
        plain: bool,
    },
    /// Why, and what the owner is asked because of that.
    Gone(WhyOut, Vec<Review>),
    Stops,
}

impl Looker<'_> {
    /// Looks at these, in ascending order; gives those that stand otherwise than before.
    pub(super) fn look_at(&self, entries: &mut [Option<Entry>], dirty: &[usize]) -> Vec<Vec<Look>> {
        many::pieces_mut(entries, |first, entries| {
            let from = dirty.partition_point(|at| *at < first);
            let until = dirty.partition_point(|at| *at < first + entries.len());
            let dirty = dirty.get(from..until).unwrap_or_default();
            dirty.iter().filter_map(|at| self.look(*at, entries.get_mut(at - first)?.as_mut())).collect()
        })
    }

    fn look(&self, at: usize, entry: Option<&mut Entry>) -> Option<Look> {
        if self.is_at_rest(at) {
            let now = Now::Stands { without_its_name: false, plain: true };
            return (!self.solution.is_at_rest(at)).then(|| Look { at, standing: Standing::default(), now });
        }
        let entry = entry?;
        let known = entry.versions.last_mut()?;
        let standing = self.maker.standing(&known.facts, &|name| self.is_in(name), &|name| self.is_renamed(name));
        if self.solution.stands.get(at).and_then(Option::as_ref) == Some(&standing) {
            return None;
        }
        if known.made(&standing).is_none() {
            let made = self.maker.make(&entry.seed, known, &standing, self.names);
            if known.made.len() >= MOST_KEPT {
                known.made.remove(0);
            }
            known.made.push((standing.clone(), made));
        }
        let now = match known.made(&standing) {
            Some(made @ Made::Stands(stands)) => {
                Now::Stands { without_its_name: stands.renamed, plain: is_plain(known, made) }
            }
            Some(Made::Gone(why)) => Now::Gone(why.clone(), Vec::new()),
            Some(Made::Silenced(why, review)) => Now::Gone(why.clone(), review.clone()),
            Some(Made::Stops) | None => Now::Stops,
        };
        Some(Look { at, standing, now })
    }

    /// Whether a resource that stands as it is where all it refers to stands has all of that now.
    fn is_at_rest(&self, at: usize) -> bool {
        let whole = |name: &Name| self.is_in(*name) && !self.is_renamed(*name);
        self.rows.is(at, |row| row.plain && (self.person_stands || !row.personal)) && self.rows.to(at).iter().all(whole)
    }

    fn is_in(&self, name: Name) -> bool {
        self.inside.get(name.at()) == Some(&true)
    }

    fn is_renamed(&self, name: Name) -> bool {
        self.solution.is_renamed(name)
    }
}
