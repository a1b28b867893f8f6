//! Reading the trail.

use std::collections::BTreeMap;

use audit::{Action, Entry, Outcome};

use crate::Wallet;
use crate::error::WalletError;
use crate::open::Open;
use crate::views::{ActivityEntry, ActivityOutcome, ActivityPage, TrailState};

/// Most entries of one page.
const MAX_PAGE: u32 = 500;

impl Wallet {
    /// Entries about the person shown and about the vault as a whole, newest first.
    pub async fn activity(&self, offset: u32, limit: u32) -> Result<ActivityPage, WalletError> {
        self.with(move |open| {
            let page = open.vault.audit_page(&open.current, offset, limit.clamp(1, MAX_PAGE))?;
            let names = open.names()?;
            Ok(ActivityPage {
                total: page.total,
                entries: page.entries.into_iter().map(|entry| view(entry, &names)).collect(),
                trail: open.trail_state()?,
            })
        })
        .await
    }

    /// Checks the whole chain.
    pub async fn verify_trail(&self) -> Result<TrailState, WalletError> {
        self.with(|open| open.trail_state()).await
    }
}

impl Open {
    /// Names of what entries are about, by id.
    fn names(&self) -> Result<BTreeMap<String, String>, WalletError> {
        let mut names = BTreeMap::new();
        for connection in self.vault.connections(&self.current)? {
            names.insert(connection.id.into(), connection.name);
        }
        for did in self.vault.dids(&self.current)? {
            names.insert(did.id.into(), did.name);
        }
        for card in self.vault.cards(&self.current)? {
            names.insert(card.id.clone().into(), self.card_title(&card));
        }
        for person in self.vault.people()? {
            names.insert(person.id.into(), person.name);
        }
        Ok(names)
    }
}

fn view(entry: Entry, names: &BTreeMap<String, String>) -> ActivityEntry {
    let about = entry.subject.as_ref().and_then(|id| names.get(id)).cloned();
    let person_named = matches!(entry.action, Action::PersonAdded | Action::PersonRenamed);
    let of_person = entry.person.as_ref().filter(|_| person_named).and_then(|id| names.get(id.as_str())).cloned();
    ActivityEntry {
        seq: u32::try_from(entry.seq).unwrap_or(u32::MAX),
        at: entry.at.to_string(),
        action: entry.action.as_str().to_owned(),
        person: entry.person.map(String::from),
        about: about.or(of_person),
        counts: entry.counts,
        outcome: match entry.outcome {
            Outcome::Done => ActivityOutcome::Done,
            Outcome::Refused => ActivityOutcome::Refused,
            Outcome::Failed => ActivityOutcome::Failed,
        },
    }
}
