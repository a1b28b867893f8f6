//! What others could see on a day, and what they had.
//!
//! A view is a function of grant and record, and both are kept as they were: the view of a day is built again from the
//! versions that were here then. Rules that changed since with the program are those of today.

use std::collections::{BTreeSet, HashMap, HashSet};

use audit::Entry;
use authz::Approved;
use consent::{Record, View};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::error::{InputError, WalletError};
use crate::record::{Assembled, Known};
use crate::served::heard;
use crate::sharing::{is_use, share, use_view};
use crate::views::{ResourceName, SeenView};
use crate::{Wallet, now};

impl Wallet {
    /// What each grant that held on this day (`2027-03-03`) showed of the record of the person shown, and what left
    /// under it.
    pub async fn seen(&self, day: &str) -> Result<Vec<SeenView>, WalletError> {
        let day: Date = day.trim().parse().map_err(|_| InputError::NotADate)?;
        let zone = TimeZone::system();
        let start = |day: Date| Ok(day.to_zoned(zone.clone()).map_err(|_| InputError::NotADate)?.timestamp());
        let from: Timestamp = start(day)?;
        let to = start(day.tomorrow().map_err(|_| InputError::NotADate)?).map_err(|error: InputError| error)?;
        let wallet = self.clone();
        self.aside(move || {
            let (rows, found, entries) = wallet.with_now(|open| {
                let person = open.current.clone();
                let names = open.source_names()?;
                let rows: Vec<_> = open.look(|step| {
                    let of_day = step.ledger.grants.iter().filter(|row| row.person == person && held(row, from, to));
                    of_day.map(|row| (row.clone(), share(step, row, &names))).collect()
                })?;
                Ok((rows, open.found(&person)?, open.vault.audit_between(&person, from, to)?))
            })?;
            let Assembled { record, items } = found.assembled()?;
            let mut seen = Vec::new();
            for (row, share) in rows {
                let id = &row.grant.id;
                let of_grant =
                    |entry: &&Entry| entry.access.as_ref().is_some_and(|access| access.grant.as_ref() == Some(id));
                let entries: Vec<&Entry> = entries.iter().filter(of_grant).filter(|entry| is_use(entry)).collect();
                let at = last_instant(&row, to);
                let key = wallet.with_now(|open| Ok(open.view_key(&row.grant)))?;
                let (view, _) = heard(&as_of(&record, at), row.grant.clone(), at, &key)?;
                let had: BTreeSet<&str> = released(&entries).collect();
                seen.push(SeenView {
                    share,
                    open: u32::try_from(view.held().len()).unwrap_or(u32::MAX),
                    uses: entries.iter().map(|entry| use_view(entry)).collect(),
                    matches: matches(&view, &had),
                    released: had.iter().map(|path| name(path, &items)).collect(),
                });
            }
            Ok(seen)
        })
        .await
    }
}

/// Whether a grant held at some instant of the day.
fn held(row: &Approved, from: Timestamp, to: Timestamp) -> bool {
    let begun = row.grant.term.start.map_or(row.approved, |start| start.max(row.approved));
    let ended = [row.ended.map(|ended| ended.at), row.grant.term.end].into_iter().flatten().min();
    begun < to && ended.is_none_or(|ended| from <= ended)
}

/// The last instant before `to` at which a grant held.
fn last_instant(row: &Approved, to: Timestamp) -> Timestamp {
    let just_before = |at: Timestamp| at.checked_sub(SignedDuration::from_micros(1)).unwrap_or(at);
    let ends =
        [Some(just_before(to)), row.ended.map(|ended| ended.at), row.grant.term.end.map(just_before), Some(now())];
    ends.into_iter().flatten().min().unwrap_or(to)
}

/// The record as it was at an instant: what came in later is not there.
fn as_of(record: &Record, at: Timestamp) -> Record {
    let mut then = record.clone();
    for item in &mut then.items {
        item.versions.retain(|version| version.received <= at);
    }
    then.items.retain(|item| !item.versions.is_empty());
    let there: HashSet<&str> =
        then.items.iter().filter(|item| &*item.resource_type == "Patient").map(|item| &*item.id).collect();
    let patients = record.patients.iter().filter(|id| there.contains(&***id)).cloned().collect();
    Record { patients, ..then }
}

fn released<'a>(entries: &'a [&'a Entry]) -> impl Iterator<Item = &'a str> {
    let of = |entry: &&'a Entry| {
        entry.access.iter().flat_map(|access| &access.released).map(String::as_str).collect::<Vec<_>>()
    };
    entries.iter().flat_map(of)
}

/// Whether everything that left was in the view, in a version that it had.
fn matches(view: &View, had: &BTreeSet<&str>) -> bool {
    let versions: HashMap<String, u32> = view
        .held()
        .iter()
        .map(|held| (format!("{}/{}", held.resource_type, held.id), held.current().map_or(0, |version| version.number)))
        .collect();
    had.iter().all(|path| match path.split_once("/_history/") {
        Some((path, version)) => {
            let newest = versions.get(path).copied().unwrap_or(0);
            version.parse::<u32>().is_ok_and(|version| (1..=newest).contains(&version))
        }
        None => versions.contains_key(*path),
    })
}

fn name(path: &str, items: &HashMap<Box<str>, Known>) -> ResourceName {
    let known = items.get(path.split_once("/_history/").map_or(path, |(path, _)| path));
    ResourceName {
        resource: path.to_owned(),
        item: known.map(|known| known.id.to_string()),
        title: known.and_then(|known| known.title.clone()),
    }
}
