//! Versions as the view shows them.
//!
//! Each version of the source is judged by itself. What the view does not show makes no version: neighbours that look the
//! same are one, numbers count from 1, and a version stands since the first moment at which it looked like that.

use std::sync::Arc;

use fhir::{Held, HeldVersion};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::entry::{Entry, Known, Made};
use super::make::Maker;
use super::names::Names;
use super::solve::Solution;

/// The resource as the view holds it, if its current version stands.
pub(super) fn held(
    entry: &mut Entry,
    at: usize,
    solution: &Solution,
    names: &Names,
    maker: &Maker<'_>,
) -> Option<Held> {
    solution.stands.get(at)?.as_ref()?;
    let seed = entry.seed;
    let (id, last) = match maker.deidentifier {
        // Of a de-identified resource there is one version, of the day of the view.
        Some(by) => (by.id_of(&seed, &entry.of).into(), entry.versions.len().saturating_sub(1)),
        None => (entry.id.clone(), 0),
    };
    let mut versions: Vec<HeldVersion> = Vec::new();
    for known in entry.versions.iter_mut().skip(last) {
        let Some(json) = shown(known, &seed, solution, names, maker) else { continue };
        if versions.last().is_some_and(|before| before.json == json) {
            continue;
        }
        let number = u32::try_from(versions.len()).unwrap_or(u32::MAX).saturating_add(1);
        let last_updated = maker.day.unwrap_or(known.received);
        versions.push(HeldVersion { number, last_updated, json });
    }
    (!versions.is_empty()).then(|| Held { resource_type: entry.of.clone(), id, versions })
}

/// One version as it stands, if it does.
fn shown(
    known: &mut Known,
    seed: &[u8; 16],
    solution: &Solution,
    names: &Names,
    maker: &Maker<'_>,
) -> Option<Arc<str>> {
    if !known.may_stand() || !known.facts.is_supported(names, &|name| solution.is_in(name)) {
        return None;
    }
    let standing = maker.standing(&known.facts, &|name| solution.is_in(name), &|name| solution.is_renamed(name));
    if known.made(&standing).is_none() {
        let made = maker.make(seed, known, &standing, names);
        known.made.push((standing.clone(), made));
    }
    match known.made(&standing)? {
        Made::Stands(made) => Some(Arc::clone(&made.json)),
        Made::Gone(_) | Made::Silenced(..) | Made::Stops => None,
    }
}

/// The first moment of a day: all resources of a de-identified view bear it.
pub(super) fn start_of_day(now: Timestamp) -> Timestamp {
    let day = now.to_zoned(TimeZone::UTC).start_of_day();
    day.map_or(now, |day| day.timestamp())
}
