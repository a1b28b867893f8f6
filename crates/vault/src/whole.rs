//! Items whole: each resource with all its versions and fetched files, in the order they came in. What the record of a
//! person is made from.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use types::{ConnectionId, ItemId, PersonId, Secret};

use crate::packed::Unpacked;
use crate::row::{instant, parsed};
use crate::{Vault, VaultError};

/// One resource with everything that is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeItem {
    /// Id inside the wallet.
    pub id: ItemId,
    /// What it is called by outside.
    pub marks: Marks,
    /// Where it comes from.
    pub connection: ConnectionId,
    /// FHIR resource type.
    pub resource_type: String,
    /// Id at the source.
    pub source_id: String,
    /// Plain title.
    pub title: Option<String>,
    /// Oldest first; the last one is current.
    pub versions: Vec<WholeVersion>,
    /// Files it points to that were fetched.
    pub files: Vec<WholeFile>,
}

/// A resource as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeVersion {
    /// When.
    pub received: Timestamp,
    /// As received.
    pub json: Vec<u8>,
}

/// A file as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeFile {
    /// Its place in the resource, from 0.
    pub index: u32,
    /// What it is called by outside.
    pub marks: Marks,
    /// When.
    pub received: Timestamp,
    /// Content type as the source stated it.
    pub content_type: Option<String>,
    /// As received.
    pub bytes: Vec<u8>,
}

/// Two values that stand for a row, the same for ever, and tell neither its number nor anything in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Marks {
    /// What others may call it by.
    pub name: [u8; 16],
    /// What its pseudonyms are made from; never leaves.
    pub seed: [u8; 16],
}

impl Vault {
    /// Hands out the person's items one by one, in the order they first came in.
    ///
    /// # Errors
    /// What `each` answers; [`VaultError::Unknown`] when there is no such person.
    pub fn whole_items<E: From<VaultError>>(
        &self,
        person: &PersonId,
        mut each: impl FnMut(WholeItem) -> Result<(), E>,
    ) -> Result<(), E> {
        let person = self.person_number(person)?;
        let mut older = self.older_versions(person)?;
        let mut files = self.fetched_files(person)?;
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT i.n, c.id, i.resource_type, i.source_id, i.received, j.json, i.title
                 FROM items i JOIN connections c ON c.n = i.connection JOIN item_json j ON j.item = i.n
                 WHERE i.person = ?1 ORDER BY i.n",
            )
            .map_err(VaultError::from)?;
        let mut rows = statement.query([person]).map_err(VaultError::from)?;
        while let Some(row) = rows.next().map_err(VaultError::from)? {
            let (n, mut item) = self.whole_item(row).map_err(VaultError::from)?;
            item.versions.splice(0..0, older.remove(&n).unwrap_or_default());
            for index in files.remove(&n).unwrap_or_default() {
                item.files.push(self.whole_file(n, index)?);
            }
            each(item)?;
        }
        Ok(())
    }

    /// A row, with its current version and no files.
    fn whole_item(&self, row: &Row<'_>) -> rusqlite::Result<(i64, WholeItem)> {
        let n: i64 = row.get(0)?;
        let item = WholeItem {
            id: self.item_id(n),
            marks: self.marks(n, None),
            connection: parsed(row, 1)?,
            resource_type: row.get(2)?,
            source_id: row.get(3)?,
            title: row.get(6)?,
            versions: vec![WholeVersion { received: instant(row, 4)?, json: row.get::<_, Unpacked>(5)?.0 }],
            files: Vec::new(),
        };
        Ok((n, item))
    }

    /// A number that is another one whenever a resource or a file came in or changed since, whoever brought it.
    ///
    /// # Errors
    /// What the database said.
    pub fn record_stamp(&self) -> Result<u64, VaultError> {
        stamp(&self.connection)
    }

    /// A key of its own for one purpose, the same for as long as the file lives.
    pub fn key_for(&self, purpose: &str) -> Secret<[u8; 32]> {
        let message = [b"key".as_slice(), purpose.as_bytes()].concat();
        Secret::new(crypto::hmac_sha256(self.item_secret.expose().as_bytes(), &message))
    }

    fn older_versions(&self, person: i64) -> Result<HashMap<i64, Vec<WholeVersion>>, VaultError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT v.item, v.received, v.json FROM item_versions v JOIN items i ON i.n = v.item
             WHERE i.person = ?1 ORDER BY v.rowid",
        )?;
        let mut rows = statement.query([person])?;
        let mut found: HashMap<i64, Vec<WholeVersion>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let version = WholeVersion { received: instant(row, 1)?, json: row.get::<_, Unpacked>(2)?.0 };
            found.entry(row.get(0)?).or_default().push(version);
        }
        Ok(found)
    }

    /// Which files of which items are here.
    fn fetched_files(&self, person: i64) -> Result<HashMap<i64, Vec<u32>>, VaultError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT a.item, a.position FROM attachments a JOIN items i ON i.n = a.item
             WHERE i.person = ?1 ORDER BY a.item, a.position",
        )?;
        let mut rows = statement.query([person])?;
        let mut found: HashMap<i64, Vec<u32>> = HashMap::new();
        while let Some(row) = rows.next()? {
            found.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(found)
    }

    fn whole_file(&self, item: i64, index: u32) -> Result<WholeFile, VaultError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT received, content_type, bytes FROM attachments WHERE item = ?1 AND position = ?2",
        )?;
        Ok(statement.query_row((item, index), |row| {
            Ok(WholeFile {
                index,
                marks: self.marks(item, Some(index)),
                received: instant(row, 0)?,
                content_type: row.get(1)?,
                bytes: row.get(2)?,
            })
        })?)
    }

    /// Keyed hashes of the row's number under the secret of this file.
    fn marks(&self, item: i64, file: Option<u32>) -> Marks {
        let mut row = item.to_be_bytes().to_vec();
        row.extend(file.into_iter().flat_map(u32::to_be_bytes));
        let made = |purpose: &[u8]| {
            let hash = crypto::hmac_sha256(self.item_secret.expose().as_bytes(), &[purpose, &row].concat());
            let mut half = [0; 16];
            half.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
            half
        };
        Marks { name: made(b"name"), seed: made(b"seed") }
    }
}

/// What was erased, counted so that the stamp goes on growing.
const ERASED: &str = "record.erased";

/// Pulls and files are kept, so that the sum only grows; what is erased is made up for.
pub(crate) fn stamp(connection: &Connection) -> Result<u64, VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT (SELECT coalesce(sum(new + changed), 0) FROM pull_kinds) + (SELECT count(*) FROM attachments)
             + (SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM settings WHERE key = ?1)",
    )?;
    Ok(statement.query_row([ERASED], |row| row.get(0))?)
}

/// Makes up for what was erased since the stamp was `before`.
pub(crate) fn outgrow(connection: &Connection, before: u64) -> Result<(), VaultError> {
    let gone = before.saturating_sub(stamp(connection)?).saturating_add(1);
    connection.execute(
        "INSERT INTO settings (key, value) VALUES (?1, CAST(?2 AS TEXT))
         ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + ?2 AS TEXT)",
        (ERASED, gone),
    )?;
    Ok(())
}
