//! Tables `items`, `item_json`, `item_versions`, and the orders by key and by reference: one resource of one source each.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row};
use types::{ConnectionId, ItemId, PersonId, PullId};

use crate::filing::{FILED_AT, filed_at};
use crate::intake::item_key;
use crate::packed::Unpacked;
use crate::row::{instant, parsed};
use crate::{Vault, VaultError};

/// An item as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// Id.
    pub id: ItemId,
    /// What a person calls it, a code of the caller's.
    pub kind: String,
    /// FHIR resource type.
    pub resource_type: String,
    /// Plain title.
    pub title: Option<String>,
    /// Value as the caller's JSON.
    pub value_json: Option<String>,
    /// Clinical date as stated.
    pub date: Option<String>,
    /// Status in the source's code.
    pub status: Option<String>,
    /// What makes two results results of the same test.
    pub test_key: Option<String>,
    /// Files it has, as the caller's JSON.
    pub attachment_json: Option<String>,
    /// Where it comes from.
    pub connection: ConnectionId,
    /// Name of where it comes from.
    pub source: String,
}

/// An item with all that is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// As a list shows it.
    pub row: ItemRow,
    /// FHIR address of where it comes from.
    pub address: String,
    /// Id at the source.
    pub source_id: String,
    /// `meta.versionId`.
    pub version_id: Option<String>,
    /// `meta.lastUpdated`, as sent.
    pub last_updated: Option<String>,
    /// When this version was received here.
    pub received: Timestamp,
    /// The pull that brought this version.
    pub pull: PullId,
    /// The resource as received.
    pub json: Vec<u8>,
}

/// An older version of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemVersion {
    /// `meta.versionId`.
    pub version_id: Option<String>,
    /// `meta.lastUpdated`, as sent.
    pub last_updated: Option<String>,
    /// When it was received here.
    pub received: Timestamp,
    /// When a newer one took its place.
    pub replaced: Timestamp,
    /// The resource as received.
    pub json: Vec<u8>,
}

/// What [`read_row`] reads, in its order; `i` is the item, `c` its connection.
pub(crate) const ROW_COLUMNS: &str = "i.n, i.kind, i.resource_type, i.title, i.value, i.date, i.status, i.test_key,
    i.attachment, c.id, c.name";

/// Most rows that answer a question about references.
const MOST_REFERRING: u32 = 500;

pub(crate) fn read_row(vault: &Vault, row: &Row<'_>) -> rusqlite::Result<ItemRow> {
    Ok(ItemRow {
        id: vault.item_id(row.get(0)?),
        kind: row.get(1)?,
        resource_type: row.get(2)?,
        title: row.get(3)?,
        value_json: row.get(4)?,
        date: row.get(5)?,
        status: row.get(6)?,
        test_key: row.get(7)?,
        attachment_json: row.get(8)?,
        connection: parsed(row, 9)?,
        source: row.get(10)?,
    })
}

impl Vault {
    /// One item of the person, whole.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn item(&self, person: &PersonId, id: &ItemId) -> Result<Item, VaultError> {
        let n = self.item_of(person, id)?;
        let sql = format!(
            "SELECT {ROW_COLUMNS}, c.address, i.source_id, i.version_id, i.last_updated, i.received, p.id, j.json
             FROM items i JOIN connections c ON c.n = i.connection JOIN pulls p ON p.n = i.received_pull
             JOIN item_json j ON j.item = i.n WHERE i.n = ?1"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([n], |row| {
            Ok(Item {
                row: read_row(self, row)?,
                address: row.get(11)?,
                source_id: row.get(12)?,
                version_id: row.get(13)?,
                last_updated: row.get(14)?,
                received: instant(row, 15)?,
                pull: parsed(row, 16)?,
                json: row.get::<_, Unpacked>(17)?.0,
            })
        })?)
    }

    /// Older versions of an item, newest first.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the item is not this person's.
    pub fn item_versions(&self, person: &PersonId, id: &ItemId) -> Result<Vec<ItemVersion>, VaultError> {
        let n = self.item_of(person, id)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT version_id, last_updated, received, replaced, json FROM item_versions
             WHERE item = ?1 ORDER BY rowid DESC",
        )?;
        let rows = statement.query_map([n], |row| {
            Ok(ItemVersion {
                version_id: row.get(0)?,
                last_updated: row.get(1)?,
                received: instant(row, 2)?,
                replaced: instant(row, 3)?,
                json: row.get::<_, Unpacked>(4)?.0,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The item that `Type/id` names at this source, when it is here.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the connection is not this person's.
    pub fn item_by_reference(
        &self,
        person: &PersonId,
        connection: &ConnectionId,
        reference: &str,
    ) -> Result<Option<ItemRow>, VaultError> {
        let connection = self.connection_number(person, connection)?;
        let Some((resource_type, source_id)) = reference.split_once('/') else { return Ok(None) };
        let key = item_key(connection, resource_type, source_id);
        // One moment for all three questions.
        let reading = self.connection.unchecked_transaction()?;
        let mut unfiled = self.unfiled.borrow_mut();
        unfiled.catch_up(&reading)?;
        let sql = format!(
            "SELECT {ROW_COLUMNS} FROM items i JOIN connections c ON c.n = i.connection
             WHERE i.n = ?1 AND i.connection = ?2 AND i.resource_type = ?3 AND i.source_id = ?4"
        );
        let mut statement = reading.prepare_cached(&sql)?;
        let filed = filed_at(&mut reading.prepare_cached(FILED_AT)?, key)?;
        for item in unfiled.at(key).chain(filed) {
            let place = (item, connection, resource_type, source_id);
            let found = statement.query_row(place, |row| read_row(self, row)).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Items of the same source that point to `Type/id`, newest first, at most 500.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the connection is not this person's.
    pub fn items_referring_to(
        &self,
        person: &PersonId,
        connection: &ConnectionId,
        reference: &str,
    ) -> Result<Vec<ItemRow>, VaultError> {
        let connection = self.connection_number(person, connection)?;
        let Some((resource_type, source_id)) = reference.split_once('/') else { return Ok(Vec::new()) };
        let key = item_key(connection, resource_type, source_id);
        let sql = format!(
            "SELECT {ROW_COLUMNS} FROM
                 (SELECT item FROM refs_filed WHERE target = ?1
                  UNION ALL SELECT item FROM item_json
                  WHERE item > (SELECT refs FROM filing) AND instr(refs, ?3) % 8 = 1) r
             CROSS JOIN items i ON i.n = r.item JOIN connections c ON c.n = i.connection
             WHERE i.connection = ?2 ORDER BY i.date_sort DESC, i.n DESC LIMIT {MOST_REFERRING}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((key, connection, key.to_be_bytes()), |row| read_row(self, row))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The row's number, once it is sure whose it is.
    pub(crate) fn item_of(&self, person: &PersonId, id: &ItemId) -> Result<i64, VaultError> {
        let person = self.person_number(person)?;
        let n = self.item_number(id).ok_or(VaultError::Unknown)?;
        let mut statement = self.connection.prepare_cached("SELECT n FROM items WHERE n = ?1 AND person = ?2")?;
        Ok(statement.query_row((n, person), |row| row.get(0))?)
    }
}
