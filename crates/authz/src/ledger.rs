//! What the server knows, as rows. Kept by the caller: [`Ledger::take_changes`] after each step, in one transaction with
//! the trail; [`Ledger::take`] of what another process wrote.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

mod client;
mod event;
mod flow;
mod grant;
mod uma;

pub use client::{AppPassword, Brought, Client, ClientKeys, ClientKind, Contact, Issuer, Once, proof_text};
pub use event::Event;
pub use flow::{Answered, Code, Pushed, Token, TokenFormat, TokenKind};
pub use grant::{Approved, Asked, Claim, Door, Ended, Erase, Erasure, Request, RequestState, Where, WhyEnded};
pub use uma::{Pct, Permission, Resource, Ticket, Upgrade};

/// A row of a table.
pub trait Row: Serialize + DeserializeOwned + Clone {
    /// Name of its table.
    const TABLE: &'static str;
    /// Its key in the table: an id, or a hash of the secret it stands for.
    fn key(&self) -> String;
    /// From when it is of no use to anybody; `None` stays for ever.
    fn expires(&self) -> Option<Timestamp>;
}

/// A row as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Name of the table.
    pub table: String,
    /// Key in it.
    pub key: String,
    /// The row in JSON; `None`: it is gone.
    pub json: Option<String>,
}

impl Stored {
    /// A row in JSON, read.
    ///
    /// # Errors
    /// [`LedgerError`] when it does not read.
    pub fn read<T: Row>(json: &str) -> Result<T, LedgerError> {
        serde_json::from_str(json).map_err(LedgerError)
    }
}

/// A stored row does not read back.
#[derive(Debug, Error)]
#[error("a stored row of the authorization server does not read")]
pub struct LedgerError(#[source] serde_json::Error);

/// One table: rows by key, and which of them changed.
#[derive(Debug, Clone)]
pub struct Table<T> {
    rows: BTreeMap<String, T>,
    /// Keys of what changed since the changes were last taken, with the row as it was then.
    changed: BTreeMap<String, Option<T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), changed: BTreeMap::new() }
    }
}

impl<T: Row> Table<T> {
    /// The row with this key.
    pub fn find(&self, key: &str) -> Option<&T> {
        self.rows.get(key)
    }

    /// All rows, by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// Puts a row in, or in the place of the one with its key.
    pub fn put(&mut self, row: T) {
        let key = row.key();
        let before = self.rows.insert(key.clone(), row);
        self.changed.entry(key).or_insert(before);
    }

    /// Takes a row out.
    pub fn remove(&mut self, key: &str) -> Option<T> {
        let row = self.rows.remove(key)?;
        self.changed.entry(key.to_owned()).or_insert_with(|| Some(row.clone()));
        Some(row)
    }

    /// Changes the row with this key; whether there is one.
    pub fn change(&mut self, key: &str, change: impl FnOnce(&mut T)) -> bool {
        let Some(row) = self.rows.get_mut(key) else { return false };
        self.changed.entry(key.to_owned()).or_insert_with(|| Some(row.clone()));
        change(row);
        true
    }

    /// The keys of the rows of which this holds.
    pub fn keys(&self, meant: impl Fn(&T) -> bool) -> Vec<String> {
        self.rows.iter().filter(|(_, row)| meant(row)).map(|(key, _)| key.clone()).collect()
    }

    fn undo_changes(&mut self) {
        for (key, before) in std::mem::take(&mut self.changed) {
            match before {
                Some(row) => drop(self.rows.insert(key, row)),
                None => drop(self.rows.remove(&key)),
            }
        }
    }

    fn sweep(&mut self, now: Timestamp) {
        let over: Vec<String> = self
            .rows
            .iter()
            .filter(|(_, row)| row.expires().is_some_and(|expires| expires <= now))
            .map(|(key, _)| key.clone())
            .collect();
        for key in over {
            self.remove(&key);
        }
    }

    fn drain_changes(&mut self, into: &mut Vec<Stored>) {
        for (key, _) in std::mem::take(&mut self.changed) {
            let json = self.rows.get(&key).and_then(|row| serde_json::to_string(row).ok());
            into.push(Stored { table: T::TABLE.to_owned(), key, json });
        }
    }

    fn take(&mut self, stored: &Stored) -> Result<(), LedgerError> {
        match &stored.json {
            Some(json) => {
                let row: T = Stored::read(json)?;
                self.rows.insert(stored.key.clone(), row);
            }
            None => drop(self.rows.remove(&stored.key)),
        }
        Ok(())
    }
}

macro_rules! ledger {
    ($($(#[$doc:meta])* $field:ident: $row:ty,)+) => {
        /// Everything the authorization server knows.
        #[derive(Debug, Default, Clone)]
        pub struct Ledger {
            $($(#[$doc])* pub $field: Table<$row>,)+
            latest: Option<Timestamp>,
            events: Vec<Event>,
        }

        impl Ledger {
            /// Takes a stored row in; one of a table that is not known here is left where it lies.
            ///
            /// # Errors
            /// [`LedgerError`] when it does not read.
            pub fn take(&mut self, stored: &Stored) -> Result<(), LedgerError> {
                match stored.table.as_str() {
                    $(<$row>::TABLE => self.$field.take(stored),)+
                    _ => Ok(()),
                }
            }

            /// What changed since this was last asked, to be kept. A row that does not serialize does not exist: all are
            /// texts, numbers and lists.
            pub fn take_changes(&mut self) -> Vec<Stored> {
                let mut all = Vec::new();
                $(self.$field.drain_changes(&mut all);)+
                all
            }

            /// Puts everything back as it was when the changes were last taken: for a step that will be taken again
            /// ([`Stop::Bring`](crate::Stop::Bring)), so that it spends no ticket and no `jti` before its time.
            pub fn undo_changes(&mut self) {
                $(self.$field.undo_changes();)+
                self.events.clear();
            }

            /// Takes out what is of no use any more.
            pub fn sweep(&mut self, now: Timestamp) {
                $(self.$field.sweep(now);)+
            }
        }
    };
}

ledger! {
    /// Who registered.
    clients: Client,
    /// Whom the owner knows.
    contacts: Contact,
    /// Issuers of `id_token`s that the owner trusts to say who somebody is.
    issuers: Issuer,
    /// What third parties ask.
    requests: Request,
    /// What the owner approved.
    grants: Approved,
    /// Requests pushed ahead (RFC 9126).
    pushed: Pushed,
    /// Authorization codes.
    codes: Code,
    /// Access tokens that are looked up, refresh tokens, protection tokens.
    tokens: Token,
    /// Permission tickets of UMA.
    tickets: Ticket,
    /// Persisted claims tokens of UMA.
    pcts: Pct,
    /// Resources of other resource servers.
    resources: Resource,
    /// Passwords of the owner's own tools.
    app_passwords: AppPassword,
    /// What was used and must not be again: `jti`s of assertions and DPoP proofs.
    once: Once,
    /// Documents brought from elsewhere.
    brought: Brought,
}

impl Ledger {
    /// The instant to go by: the clock's, but never before one that was gone by already. A clock that was set back
    /// revives nothing.
    pub fn at(&mut self, clock: Timestamp) -> Timestamp {
        let at = self.latest.map_or(clock, |latest| latest.max(clock));
        self.latest = Some(at);
        at
    }

    /// Notes something that no row tells of.
    pub(crate) fn note(&mut self, event: Event) {
        self.events.push(event);
    }

    /// What was noted since this was last asked, for the trail.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}

#[cfg(test)]
mod tests;
