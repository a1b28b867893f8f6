//! Table `directory`: the health systems of the directory the owner brought in.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, TransactionBehavior};

use crate::{Vault, VaultError, words};

const DATE: &str = "vault.directoryDate";

/// A health system of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryRow {
    /// Name of the brand.
    pub name: String,
    /// Name of the portal, when it differs.
    pub portal: Option<String>,
    /// City and state.
    pub place: Option<String>,
    /// FHIR address.
    pub address: String,
}

/// What is known of the directory as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryFacts {
    /// How many entries; 0 when none was brought in.
    pub entries: u32,
    /// When it was brought in.
    pub date: Option<Timestamp>,
}

impl Vault {
    /// Puts a directory in place of the old one, all or nothing.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be written.
    pub fn replace_directory(&mut self, rows: &[DirectoryRow], now: Timestamp) -> Result<(), VaultError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("DELETE FROM directory", [])?;
        {
            let mut statement = transaction
                .prepare_cached("INSERT INTO directory (name, portal, place, address) VALUES (?1, ?2, ?3, ?4)")?;
            for row in rows {
                statement.execute((&row.name, &row.portal, &row.place, &row.address))?;
            }
        }
        transaction.execute(
            "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (DATE, now.as_microsecond().to_string()),
        )?;
        Ok(transaction.commit()?)
    }

    /// How large the directory is, and how old.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn directory_facts(&self) -> Result<DirectoryFacts, VaultError> {
        let entries = self.connection.query_row("SELECT count(*) FROM directory", [], |row| row.get(0))?;
        let date: Option<i64> = self
            .connection
            .query_row("SELECT CAST(value AS INTEGER) FROM settings WHERE key = ?1", [DATE], |row| row.get(0))
            .optional()?;
        Ok(DirectoryFacts { entries, date: date.and_then(|micros| Timestamp::from_microsecond(micros).ok()) })
    }

    /// Entries with all the words typed, best first; everything by name when nothing is typed.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn search_directory(&self, typed: &str, limit: u32) -> Result<Vec<DirectoryRow>, VaultError> {
        let columns = "SELECT name, portal, place, address FROM directory";
        let (sql, query) = if typed.trim().is_empty() {
            (format!("{columns} WHERE ?1 = '' ORDER BY name COLLATE NOCASE LIMIT ?2"), String::new())
        } else {
            let Some(query) = words::match_query(typed) else { return Ok(Vec::new()) };
            // A word in the name weighs most, one in the address least.
            (format!("{columns} WHERE directory MATCH ?1 ORDER BY bm25(directory, 8, 6, 3, 1), rowid LIMIT ?2"), query)
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map((query, limit), |row| {
            Ok(DirectoryRow { name: row.get(0)?, portal: row.get(1)?, place: row.get(2)?, address: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
