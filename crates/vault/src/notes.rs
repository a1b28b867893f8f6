//! Table `notes`: what the owner writes beside an item.

use jiff::Timestamp;
use types::{ItemId, PersonId};

use crate::row::{hit, instant};
use crate::{Vault, VaultError};

/// A note of the owner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its number, unique in the vault.
    pub number: i64,
    /// When it was written.
    pub written: Timestamp,
    /// What it says.
    pub text: String,
}

impl Vault {
    /// Notes beside an item, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the item is not this person's.
    pub fn notes(&self, person: &PersonId, item: &ItemId) -> Result<Vec<Note>, VaultError> {
        let item = self.item_of(person, item)?;
        let mut statement =
            self.connection.prepare_cached("SELECT n, written, text FROM notes WHERE item = ?1 ORDER BY n")?;
        let rows = statement
            .query_map([item], |row| Ok(Note { number: row.get(0)?, written: instant(row, 1)?, text: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds a note and gives its number.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the item is not this person's.
    pub fn add_note(
        &mut self,
        person: &PersonId,
        item: &ItemId,
        text: &str,
        now: Timestamp,
    ) -> Result<i64, VaultError> {
        let item = self.item_of(person, item)?;
        self.connection.execute(
            "INSERT INTO notes (item, written, text) VALUES (?1, ?2, ?3)",
            (item, now.as_microsecond(), text),
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Takes a note away.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such note beside this item.
    pub fn remove_note(&mut self, person: &PersonId, item: &ItemId, number: i64) -> Result<(), VaultError> {
        let item = self.item_of(person, item)?;
        hit(self.connection.execute("DELETE FROM notes WHERE n = ?1 AND item = ?2", (number, item))?)
    }
}
