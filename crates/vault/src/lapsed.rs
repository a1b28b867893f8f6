//! Table `lapsed`: items that their source shared once and shares no longer.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, TransactionBehavior};
use types::{ConnectionId, ItemId, PersonId};

use crate::row::instant;
use crate::{Vault, VaultError};

impl Vault {
    /// Marks what a source holds here and did not show now (`Type/id` in `seen`), and unmarks what it shows again. How
    /// many are newly marked.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the connection is not this person's.
    pub fn mark_lapsed(
        &mut self,
        person: &PersonId,
        connection: &ConnectionId,
        seen: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<u32, VaultError> {
        let number = self.connection_number(person, connection)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut marked = 0;
        {
            let mut items =
                transaction.prepare("SELECT n, resource_type || '/' || source_id FROM items WHERE connection = ?1")?;
            let mut mark = transaction.prepare("INSERT OR IGNORE INTO lapsed (item, since) VALUES (?1, ?2)")?;
            let mut unmark = transaction.prepare("DELETE FROM lapsed WHERE item = ?1")?;
            let mut rows = items.query([number])?;
            while let Some(row) = rows.next()? {
                let (item, reference): (i64, String) = (row.get(0)?, row.get(1)?);
                if seen.contains(&reference) {
                    unmark.execute([item])?;
                } else {
                    marked += u32::try_from(mark.execute((item, now.as_microsecond()))?).unwrap_or(0);
                }
            }
        }
        transaction.commit()?;
        Ok(marked)
    }

    /// Since when an item is not shared any more; `None`: it is, or was never lent.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn lapsed(&self, person: &PersonId, item: &ItemId) -> Result<Option<Timestamp>, VaultError> {
        let number = self.item_of(person, item)?;
        let mut statement = self.connection.prepare_cached("SELECT since FROM lapsed WHERE item = ?1")?;
        Ok(statement.query_row([number], |row| instant(row, 0)).optional()?)
    }

    /// How many items of a source are not shared any more.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the connection is not this person's.
    pub fn lapsed_count(&self, person: &PersonId, connection: &ConnectionId) -> Result<u32, VaultError> {
        let number = self.connection_number(person, connection)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT count(*) FROM lapsed l JOIN items i ON i.n = l.item WHERE i.connection = ?1")?;
        Ok(statement.query_row([number], |row| row.get(0))?)
    }
}
