//! Table `cards`: credentials a person holds, as received. What is to be thought of one is found each time it is shown:
//! its column for a verdict stays empty.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row};
use types::{CardId, ConnectionId, PersonId};

use crate::row::{hit, instant, instant_or_none, parsed, parsed_or_none};
use crate::{Vault, VaultError};

/// A card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    /// Id.
    pub id: CardId,
    /// The card as received, a compact JWS.
    pub jws: String,
    /// The health system it came from, when it came from one.
    pub connection: Option<ConnectionId>,
    /// When it was taken in.
    pub added: Timestamp,
    /// When it was put into "Removed".
    pub removed: Option<Timestamp>,
}

const COLUMNS: &str = "SELECT id, jws, connection, added, removed FROM cards";

fn read(row: &Row<'_>) -> rusqlite::Result<CardRow> {
    Ok(CardRow {
        id: parsed(row, 0)?,
        jws: row.get(1)?,
        connection: parsed_or_none(row, 2)?,
        added: instant(row, 3)?,
        removed: instant_or_none(row, 4)?,
    })
}

impl Vault {
    /// The person's cards, those in "Removed" included, newest first.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn cards(&self, person: &PersonId) -> Result<Vec<CardRow>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE person = ?1 ORDER BY n DESC"))?;
        let rows = statement.query_map([person], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many cards the person holds, those in "Removed" left out.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn card_count(&self, person: &PersonId) -> Result<u32, VaultError> {
        let person = self.person_number(person)?;
        let mut statement =
            self.connection.prepare_cached("SELECT count(*) FROM cards WHERE person = ?1 AND removed IS NULL")?;
        Ok(statement.query_row([person], |row| row.get(0))?)
    }

    /// One card of the person.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn card(&self, person: &PersonId, id: &CardId) -> Result<CardRow, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE person = ?1 AND id = ?2"))?;
        statement.query_row((person, id.as_str()), read).optional()?.ok_or(VaultError::Unknown)
    }

    /// The person's card with exactly these bytes, when it is held already.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn card_by_jws(&self, person: &PersonId, jws: &str) -> Result<Option<CardRow>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE person = ?1 AND jws = ?2"))?;
        Ok(statement.query_row((person, jws), read).optional()?)
    }

    /// Takes a card in.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when the person holds it already.
    pub fn add_card(&mut self, person: &PersonId, card: &CardRow) -> Result<(), VaultError> {
        let person = self.person_number(person)?;
        self.connection.execute(
            "INSERT INTO cards (person, id, jws, connection, added, removed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                person,
                card.id.as_str(),
                &card.jws,
                card.connection.as_ref().map(ConnectionId::as_str),
                card.added.as_microsecond(),
                card.removed.map(Timestamp::as_microsecond),
            ),
        )?;
        Ok(())
    }

    /// Puts a card into "Removed" (with the instant), or takes it back (`None`).
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn set_card_removed(
        &mut self,
        person: &PersonId,
        id: &CardId,
        removed: Option<Timestamp>,
    ) -> Result<(), VaultError> {
        let person = self.person_number(person)?;
        hit(self.connection.execute(
            "UPDATE cards SET removed = ?3 WHERE person = ?1 AND id = ?2",
            (person, id.as_str(), removed.map(Timestamp::as_microsecond)),
        )?)
    }

    /// Wipes the person's cards that were put into "Removed" before `before`, and says how many.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn wipe_cards_removed_before(&mut self, person: &PersonId, before: Timestamp) -> Result<u32, VaultError> {
        let person = self.person_number(person)?;
        let wiped = self
            .connection
            .execute("DELETE FROM cards WHERE person = ?1 AND removed < ?2", (person, before.as_microsecond()))?;
        Ok(u32::try_from(wiped).unwrap_or(u32::MAX))
    }
}
