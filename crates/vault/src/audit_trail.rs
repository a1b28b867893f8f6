//! Tables `audit` and `audit_head`: the trail as the `audit` crate makes it.

use std::collections::BTreeMap;

use audit::{Entry, Head, SignedHead};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, TransactionBehavior};
use types::PersonId;

use crate::row::{digest, instant, parsed, parsed_or_none};
use crate::{Vault, VaultError};

/// A page of the trail, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailPage {
    /// Entries in all.
    pub total: u32,
    /// The entries asked for.
    pub entries: Vec<Entry>,
}

const COLUMNS: &str = "SELECT seq, at, action, person, subject, counts, outcome, previous, hash FROM audit";

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let counts: BTreeMap<String, u32> = serde_json::from_str(row.get_ref(5)?.as_str()?)
        .map_err(|cause| rusqlite::Error::FromSqlConversionFailure(5, Type::Text, Box::new(cause)))?;
    Ok(Entry {
        seq: row.get(0)?,
        at: instant(row, 1)?,
        action: parsed(row, 2)?,
        person: parsed_or_none(row, 3)?,
        subject: row.get(4)?,
        counts,
        outcome: parsed(row, 6)?,
        previous: digest(row, 7)?,
        hash: digest(row, 8)?,
    })
}

impl Vault {
    /// The signed head, when the trail has begun.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn audit_head(&self) -> Result<Option<SignedHead>, VaultError> {
        let mut statement = self.connection.prepare_cached("SELECT seq, hash, signature FROM audit_head")?;
        let found = statement
            .query_row([], |row| {
                Ok(SignedHead { head: Head { seq: row.get(0)?, hash: digest(row, 1)? }, signature: row.get(2)? })
            })
            .optional()?;
        Ok(found)
    }

    /// Appends an entry and moves the head to it, both or none.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when the entry does not follow the head that stands here now: another process wrote
    /// in between. Read the head and make the entry again.
    pub fn append_audit(&mut self, entry: &Entry, signed: &SignedHead) -> Result<(), VaultError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last: Option<(u64, [u8; 32])> = transaction
            .query_row("SELECT seq, hash FROM audit_head", [], |row| Ok((row.get(0)?, digest(row, 1)?)))
            .optional()?;
        let start = Head::start();
        let (seq, hash) = last.unwrap_or((start.seq, start.hash));
        if entry.seq != seq.saturating_add(1) || entry.previous != hash || signed.head != entry.head() {
            return Err(VaultError::Conflict);
        }
        transaction.execute(
            "INSERT INTO audit (seq, at, action, person, subject, counts, outcome, previous, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                entry.seq,
                entry.at.as_microsecond(),
                entry.action.as_str(),
                entry.person.as_ref().map(PersonId::as_str),
                &entry.subject,
                counts_text(&entry.counts),
                entry.outcome.as_str(),
                entry.previous.as_slice(),
                entry.hash.as_slice(),
            ),
        )?;
        transaction.execute(
            "INSERT OR REPLACE INTO audit_head (only, seq, hash, signature) VALUES (1, ?1, ?2, ?3)",
            (signed.head.seq, signed.head.hash.as_slice(), &signed.signature),
        )?;
        Ok(transaction.commit()?)
    }

    /// The whole trail, oldest first, for [`audit::verify`].
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when an entry does not read back.
    pub fn audit_entries(&self) -> Result<Vec<Entry>, VaultError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} ORDER BY seq"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Entries about this person and about the vault as a whole, newest first; never another person's.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when an entry does not read back.
    pub fn audit_page(&self, person: &PersonId, offset: u32, limit: u32) -> Result<TrailPage, VaultError> {
        let total = self
            .connection
            .prepare_cached("SELECT count(*) FROM audit WHERE person = ?1 OR person IS NULL")?
            .query_row([person.as_str()], |row| row.get(0))?;
        let sql = format!("{COLUMNS} WHERE person = ?1 OR person IS NULL ORDER BY seq DESC LIMIT ?2 OFFSET ?3");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((person.as_str(), limit, offset), read)?;
        Ok(TrailPage { total, entries: rows.collect::<Result<_, _>>()? })
    }
}

fn counts_text(counts: &BTreeMap<String, u32>) -> String {
    let object: serde_json::Map<_, _> =
        counts.iter().map(|(name, count)| (name.clone(), serde_json::Value::from(*count))).collect();
    serde_json::Value::Object(object).to_string()
}
