//! Tables `audit` and `audit_head`: the trail as the `audit` crate makes it.

use std::collections::BTreeMap;

use audit::{Access, Entry, Head, SignedHead, Who};
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use types::{GrantId, PersonId, RequestId};

use crate::row::{digest, instant, instant_or_none, parsed, parsed_or_none};
use crate::{Lasting, Vault, VaultError, Writing};

/// A page of the trail, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailPage {
    /// Entries in all.
    pub total: u32,
    /// The entries asked for.
    pub entries: Vec<Entry>,
}

const COLUMNS: &str = "SELECT seq, at, action, person, subject, counts, outcome, previous, hash,
    version, who, grant_id, request_id, method, target, released, status FROM audit";

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
        access: access(row)?.map(Box::new),
        previous: digest(row, 7)?,
        hash: digest(row, 8)?,
    })
}

fn access(row: &Row<'_>) -> rusqlite::Result<Option<Access>> {
    let version: u32 = row.get(9)?;
    if version == 1 {
        return Ok(None);
    }
    let released: String = row.get(15)?;
    Ok(Some(Access {
        who: parsed_or_none(row, 10)?,
        grant: parsed_or_none(row, 11)?,
        request: parsed_or_none(row, 12)?,
        method: row.get(13)?,
        target: row.get(14)?,
        released: released.lines().map(str::to_owned).collect(),
        status: row.get(16)?,
    }))
}

fn head(connection: &Connection) -> Result<Option<SignedHead>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT seq, hash, signature FROM audit_head")?;
    let found = statement
        .query_row([], |row| {
            Ok(SignedHead { head: Head { seq: row.get(0)?, hash: digest(row, 1)? }, signature: row.get(2)? })
        })
        .optional()?;
    Ok(found)
}

fn uses_since(connection: &Connection, grant: &GrantId, entry: u64) -> Result<u32, VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM audit WHERE grant_id = ?1 AND seq > ?2 AND action = 'answered'
         AND status IN (200, 304)
         AND trim(substr(target, 1, instr(target || '?', '?') - 1), '/') <> 'metadata'",
    )?;
    Ok(statement.query_row((grant.as_str(), entry), |row| row.get(0))?)
}

impl Vault {
    /// The signed head, when the trail has begun.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn audit_head(&self) -> Result<Option<SignedHead>, VaultError> {
        head(&self.connection)
    }

    /// Appends an entry and moves the head to it, both or none.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when the entry does not follow the head that stands here now: another process wrote
    /// in between. Read the head and make the entry again.
    pub fn append_audit(&mut self, entry: &Entry, signed: &SignedHead) -> Result<(), VaultError> {
        let mut writing = self.write(Lasting::Settled)?;
        writing.append_audit(entry, signed)?;
        writing.commit()
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

    /// Entries about this person from `from` on and before `to`, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when an entry does not read back.
    pub fn audit_between(&self, person: &PersonId, from: Timestamp, to: Timestamp) -> Result<Vec<Entry>, VaultError> {
        let sql = format!("{COLUMNS} WHERE at >= ?2 AND at < ?3 AND person = ?1 ORDER BY seq");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((person.as_str(), from.as_microsecond(), to.as_microsecond()), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The latest instant that an entry bears.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn audit_latest(&self) -> Result<Option<Timestamp>, VaultError> {
        let mut statement = self.connection.prepare_cached("SELECT max(at) FROM audit")?;
        Ok(statement.query_row([], |row| instant_or_none(row, 0))?)
    }

    /// Whether an entry has this hash; found at once when it is one of the newest.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn has_entry(&self, hash: &[u8; 32]) -> Result<bool, VaultError> {
        let mut statement =
            self.connection.prepare_cached("SELECT seq FROM audit WHERE hash = ?1 ORDER BY seq DESC LIMIT 1")?;
        Ok(statement.exists([hash.as_slice()])?)
    }

    /// Answers under this grant behind the entry of this number that told something: data, a count, that nothing is
    /// there, that nothing is new. What the server says of itself is none.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn uses_since(&self, grant: &GrantId, entry: u64) -> Result<u32, VaultError> {
        uses_since(&self.connection, grant, entry)
    }

    /// When something was last answered under this grant.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn last_answer(&self, grant: &GrantId) -> Result<Option<Timestamp>, VaultError> {
        let mut statement =
            self.connection.prepare_cached("SELECT max(at) FROM audit WHERE grant_id = ?1 AND action = 'answered'")?;
        Ok(statement.query_row([grant.as_str()], |row| instant_or_none(row, 0))?)
    }

    /// Entries about this grant, newest first.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when an entry does not read back.
    pub fn audit_of_grant(&self, grant: &GrantId, offset: u32, limit: u32) -> Result<TrailPage, VaultError> {
        let total = self
            .connection
            .prepare_cached("SELECT count(*) FROM audit WHERE grant_id = ?1")?
            .query_row([grant.as_str()], |row| row.get(0))?;
        let sql = format!("{COLUMNS} WHERE grant_id = ?1 ORDER BY seq DESC LIMIT ?2 OFFSET ?3");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((grant.as_str(), limit, offset), read)?;
        Ok(TrailPage { total, entries: rows.collect::<Result<_, _>>()? })
    }
}

impl Writing<'_> {
    /// The signed head, when the trail has begun.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn audit_head(&self) -> Result<Option<SignedHead>, VaultError> {
        head(&self.vault.connection)
    }

    /// As [`Vault::uses_since`].
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn uses_since(&self, grant: &GrantId, entry: u64) -> Result<u32, VaultError> {
        uses_since(&self.vault.connection, grant, entry)
    }

    /// Appends an entry and moves the head to it.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when the entry does not follow the head that stands here now.
    pub fn append_audit(&mut self, entry: &Entry, signed: &SignedHead) -> Result<(), VaultError> {
        let last = self.audit_head()?.map_or_else(Head::start, |signed| signed.head);
        if entry.seq != last.seq.saturating_add(1) || entry.previous != last.hash || signed.head != entry.head() {
            return Err(VaultError::Conflict);
        }
        let connection = &self.vault.connection;
        let access = entry.access.as_deref();
        let mut statement = connection.prepare_cached(
            "INSERT INTO audit (seq, at, action, person, subject, counts, outcome, previous, hash,
             version, who, grant_id, request_id, method, target, released, status)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?;
        statement.execute(params![
            entry.seq,
            entry.at.as_microsecond(),
            entry.action.as_str(),
            entry.person.as_ref().map(PersonId::as_str),
            &entry.subject,
            counts_text(&entry.counts),
            entry.outcome.as_str(),
            entry.previous.as_slice(),
            entry.hash.as_slice(),
            if access.is_some() { 2 } else { 1 },
            access.and_then(|access| access.who.as_ref()).map(Who::as_str),
            access.and_then(|access| access.grant.as_ref()).map(GrantId::as_str),
            access.and_then(|access| access.request.as_ref()).map(RequestId::as_str),
            access.and_then(|access| access.method.as_ref()),
            access.and_then(|access| access.target.as_ref()),
            access.map(|access| access.released.join("\n")),
            access.and_then(|access| access.status),
        ])?;
        connection
            .prepare_cached("INSERT OR REPLACE INTO audit_head (only, seq, hash, signature) VALUES (1, ?1, ?2, ?3)")?
            .execute((signed.head.seq, signed.head.hash.as_slice(), &signed.signature))?;
        Ok(())
    }
}

fn counts_text(counts: &BTreeMap<String, u32>) -> String {
    let object: serde_json::Map<_, _> =
        counts.iter().map(|(name, count)| (name.clone(), serde_json::Value::from(*count))).collect();
    serde_json::Value::Object(object).to_string()
}
