//! Table `mandates`: what other wallets let this one hold.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};
use types::{ConnectionId, GrantId, MandateId, PairId, PersonId};

use crate::connections;
use crate::row::{hit, instant, instant_or_none, parsed, parsed_or_none};
use crate::{Connected, Vault, VaultError};

/// A mandate, from asked or taken to ended and erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateRow {
    /// Id.
    pub id: MandateId,
    /// The person here whose record it is.
    pub person: PersonId,
    /// The keys by which its giver is known.
    pub pair: PairId,
    /// The grant at the giver's; `None` while it is asked for.
    pub grant: Option<GrantId>,
    /// The source it is brought in through; `None` while there is none, and after that was erased.
    pub connection: Option<ConnectionId>,
    /// How it stands, a code of the caller's.
    pub state: String,
    /// What the caller keeps about the protocol, JSON.
    pub details: String,
    /// When it was taken or asked for.
    pub taken: Timestamp,
    /// Until when it holds, as it says.
    pub until: Option<Timestamp>,
    /// When it ended, as the giver says.
    pub ended: Option<Timestamp>,
    /// When the giver asked to erase what came under it.
    pub erase_asked: Option<Timestamp>,
    /// What the owner here decided about that, a code of the caller's.
    pub erase_answer: Option<String>,
    /// When.
    pub erase_answered: Option<Timestamp>,
    /// When the giver was told.
    pub erase_told: Option<Timestamp>,
}

const COLUMNS: &str =
    "SELECT m.id, p.id, m.pair, m.grant_id, m.connection, m.state, m.details, m.taken, m.until, m.ended,
    m.erase_asked, m.erase_answer, m.erase_answered, m.erase_told FROM mandates m JOIN people p ON p.n = m.person";

fn read(row: &Row<'_>) -> rusqlite::Result<MandateRow> {
    Ok(MandateRow {
        id: parsed(row, 0)?,
        person: parsed(row, 1)?,
        pair: parsed(row, 2)?,
        grant: parsed_or_none(row, 3)?,
        connection: parsed_or_none(row, 4)?,
        state: row.get(5)?,
        details: row.get(6)?,
        taken: instant(row, 7)?,
        until: instant_or_none(row, 8)?,
        ended: instant_or_none(row, 9)?,
        erase_asked: instant_or_none(row, 10)?,
        erase_answer: row.get(11)?,
        erase_answered: instant_or_none(row, 12)?,
        erase_told: instant_or_none(row, 13)?,
    })
}

impl Vault {
    /// All mandates, of all people, oldest first.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn mandates(&self) -> Result<Vec<MandateRow>, VaultError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} ORDER BY m.n"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One mandate.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is none.
    pub fn mandate(&self, id: &MandateId) -> Result<MandateRow, VaultError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE m.id = ?1"))?;
        statement.query_row([id.as_str()], read).optional()?.ok_or(VaultError::Unknown)
    }

    /// Adds a mandate, without a source.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when the same grant of the same giver is here already; [`VaultError::Unknown`] when
    /// there is no such person.
    pub fn add_mandate(&mut self, new: &MandateRow) -> Result<(), VaultError> {
        insert(&self.connection, self.person_number(&new.person)?, new)
    }

    /// Keeps a mandate, new or asked for before, together with the source that it is brought in through.
    ///
    /// # Errors
    /// As [`Vault::add_mandate`]. Then neither is kept.
    pub fn hold_mandate(&mut self, mandate: &MandateRow, source: &Connected) -> Result<(), VaultError> {
        let person = self.person_number(&mandate.person)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        connections::insert(&transaction, person, source)?;
        match update(&transaction, mandate) {
            Err(VaultError::Unknown) => insert(&transaction, person, mandate)?,
            updated => updated?,
        }
        Ok(transaction.commit()?)
    }

    /// Writes everything but id, person and giver anew.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such mandate; [`VaultError::Conflict`] as [`Vault::add_mandate`].
    pub fn update_mandate(&mut self, changed: &MandateRow) -> Result<(), VaultError> {
        update(&self.connection, changed)
    }
}

fn insert(connection: &Connection, person: i64, new: &MandateRow) -> Result<(), VaultError> {
    connection.execute(
        "INSERT INTO mandates (id, person, pair, grant_id, connection, state, details, taken, until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            new.id.as_str(),
            person,
            new.pair.as_str(),
            new.grant.as_ref().map(GrantId::as_str),
            new.connection.as_ref().map(ConnectionId::as_str),
            &new.state,
            &new.details,
            new.taken.as_microsecond(),
            new.until.map(Timestamp::as_microsecond),
        ),
    )?;
    Ok(())
}

fn update(connection: &Connection, changed: &MandateRow) -> Result<(), VaultError> {
    let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
    hit(connection.execute(
        "UPDATE mandates SET grant_id = ?2, connection = ?3, state = ?4, details = ?5, until = ?6, ended = ?7,
             erase_asked = ?8, erase_answer = ?9, erase_answered = ?10, erase_told = ?11 WHERE id = ?1",
        (
            changed.id.as_str(),
            changed.grant.as_ref().map(GrantId::as_str),
            changed.connection.as_ref().map(ConnectionId::as_str),
            &changed.state,
            &changed.details,
            micros(changed.until),
            micros(changed.ended),
            micros(changed.erase_asked),
            &changed.erase_answer,
            micros(changed.erase_answered),
            micros(changed.erase_told),
        ),
    )?)
}
