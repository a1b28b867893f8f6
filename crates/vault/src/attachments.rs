//! Table `attachments`: files that a resource points to and that were fetched by themselves.

use jiff::Timestamp;
use rusqlite::OptionalExtension;
use types::{ItemId, PersonId};

use crate::{Vault, VaultError};

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Content type as the source stated it.
    pub content_type: Option<String>,
    /// The bytes, as received.
    pub bytes: Vec<u8>,
}

/// A file without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentFacts {
    /// Its place in the resource, from 0.
    pub index: u32,
    /// Content type as the source stated it.
    pub content_type: Option<String>,
    /// Size in bytes.
    pub size: u32,
}

impl Vault {
    /// Keeps a file of an item, in place of one with the same index.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the item is not this person's.
    pub fn put_attachment(
        &mut self,
        person: &PersonId,
        item: &ItemId,
        index: u32,
        file: &Attachment,
        now: Timestamp,
    ) -> Result<(), VaultError> {
        let item = self.item_of(person, item)?;
        self.connection.execute(
            "INSERT OR REPLACE INTO attachments (item, position, content_type, received, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            (item, index, &file.content_type, now.as_microsecond(), &file.bytes),
        )?;
        Ok(())
    }

    /// A file of an item, when its bytes are here.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the item is not this person's.
    pub fn attachment(&self, person: &PersonId, item: &ItemId, index: u32) -> Result<Option<Attachment>, VaultError> {
        let item = self.item_of(person, item)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT content_type, bytes FROM attachments WHERE item = ?1 AND position = ?2")?;
        let found = statement
            .query_row((item, index), |row| Ok(Attachment { content_type: row.get(0)?, bytes: row.get(1)? }))
            .optional()?;
        Ok(found)
    }

    /// Which files of an item are here.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the item is not this person's.
    pub fn attachments(&self, person: &PersonId, item: &ItemId) -> Result<Vec<AttachmentFacts>, VaultError> {
        let item = self.item_of(person, item)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT position, content_type, length(bytes) FROM attachments WHERE item = ?1 ORDER BY position",
        )?;
        let rows = statement.query_map([item], |row| {
            Ok(AttachmentFacts { index: row.get(0)?, content_type: row.get(1)?, size: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
