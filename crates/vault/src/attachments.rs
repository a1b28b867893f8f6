//! Table `attachments`: files that a resource points to and that were fetched by themselves.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use types::{ItemId, PersonId, PullId};

use crate::pulls::write_change;
use crate::{KindChange, Lasting, Vault, VaultError};

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Content type as the source stated it.
    pub content_type: Option<String>,
    /// The bytes, as received.
    pub bytes: Vec<u8>,
}

/// A file with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDraft {
    /// The item it belongs to.
    pub item: ItemId,
    /// Its place in the resource, from 0.
    pub index: u32,
    /// The file.
    pub file: Attachment,
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
        write(&self.connection, item, index, file, now)
    }

    /// Keeps files that a pull brought, each in place of one with the same index, and what that changes about their
    /// kind, in one transaction.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when an item or the pull is not this person's, or the pull lacks the kind. Nothing is kept
    /// then.
    pub fn store_files(
        &mut self,
        person: &PersonId,
        pull: &PullId,
        kind: (&str, &KindChange),
        files: &[FileDraft],
        now: Timestamp,
    ) -> Result<(), VaultError> {
        let pull = self.pull_number(person, pull)?;
        let items = files.iter().map(|draft| self.item_of(person, &draft.item)).collect::<Result<Vec<_>, _>>()?;
        let writing = self.write(Lasting::Logged)?;
        let connection = &writing.vault.connection;
        for (item, draft) in items.into_iter().zip(files) {
            write(connection, item, draft.index, &draft.file, now)?;
        }
        let (name, change) = kind;
        write_change(connection, pull, name, change)?;
        writing.commit()
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

fn write(connection: &Connection, item: i64, index: u32, file: &Attachment, now: Timestamp) -> Result<(), VaultError> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO attachments (item, position, content_type, received, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    statement.execute((item, index, &file.content_type, now.as_microsecond(), &file.bytes))?;
    Ok(())
}
