//! Table `authority`: the rows of the authorization server, as it writes them, and what of them is new since when.

use rusqlite::{Connection, OptionalExtension};

use crate::{Vault, VaultError, Writing};

/// A row of the authorization server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityRow {
    /// Name of the server's table.
    pub table: String,
    /// Key in it.
    pub key: String,
    /// The row; `None`: it is gone.
    pub json: Option<String>,
}

/// What is new, and up to which stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityNews {
    /// To ask from next time.
    pub stamp: u64,
    /// What to do with the rows.
    pub news: News,
}

/// What to do with rows that were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// They are all there are: what was known before is to be forgotten.
    All(Vec<AuthorityRow>),
    /// They are what changed, in the order it did.
    Changes(Vec<AuthorityRow>),
}

/// Setting with the stamp up to which traces of rows that are gone were swept out.
const FLOOR: &str = "authority.floor";
/// So many writes long a row that is gone leaves its trace.
const TRACES: u64 = 4_096;
/// Traces are swept out every so many writes.
const SWEEP_EVERY: u64 = 256;

impl Vault {
    /// What changed since `stamp`; everything since 0.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn authority_since(&self, stamp: u64) -> Result<AuthorityNews, VaultError> {
        since(&self.connection, stamp)
    }

    /// The stamp of the newest write; 0 before the first.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn authority_stamp(&self) -> Result<u64, VaultError> {
        newest(&self.connection)
    }
}

impl Writing<'_> {
    /// What changed since `stamp`. Nobody else writes until this is committed.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn authority_since(&self, stamp: u64) -> Result<AuthorityNews, VaultError> {
        since(&self.vault.connection, stamp)
    }

    /// The row as it was kept last.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn authority_row(&self, table: &str, key: &str) -> Result<Option<String>, VaultError> {
        let connection = &self.vault.connection;
        let mut statement = connection.prepare_cached("SELECT json FROM authority WHERE tbl = ?1 AND key = ?2")?;
        Ok(statement.query_row([table, key], |row| row.get(0)).optional()?.flatten())
    }

    /// Keeps rows, all under one new stamp, which is answered.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be written.
    pub fn put_authority(&mut self, rows: &[AuthorityRow]) -> Result<u64, VaultError> {
        let connection = &self.vault.connection;
        let last = newest(connection)?;
        if rows.is_empty() {
            return Ok(last);
        }
        let stamp = last.saturating_add(1);
        let mut statement = connection.prepare_cached(
            "INSERT INTO authority (tbl, key, stamp, json) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (tbl, key) DO UPDATE SET stamp = excluded.stamp, json = excluded.json",
        )?;
        for row in rows {
            statement.execute((&row.table, &row.key, stamp, &row.json))?;
        }
        if stamp.is_multiple_of(SWEEP_EVERY) && stamp > TRACES {
            sweep(connection, stamp - TRACES)?;
        }
        Ok(stamp)
    }
}

fn newest(connection: &Connection) -> Result<u64, VaultError> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(stamp), 0) FROM authority")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn since(connection: &Connection, stamp: u64) -> Result<AuthorityNews, VaultError> {
    let (newest, rows) = read(connection, stamp)?;
    // Read after the rows: a sweep in between is seen.
    if stamp > 0 && floor(connection)? <= stamp {
        return Ok(AuthorityNews { stamp: newest, news: News::Changes(rows) });
    }
    let (newest, rows) = if stamp == 0 { (newest, rows) } else { read(connection, 0)? };
    let there = rows.into_iter().filter(|row| row.json.is_some()).collect();
    Ok(AuthorityNews { stamp: newest, news: News::All(there) })
}

/// Rows behind a stamp, and the newest stamp of them.
fn read(connection: &Connection, stamp: u64) -> Result<(u64, Vec<AuthorityRow>), VaultError> {
    let mut statement =
        connection.prepare_cached("SELECT tbl, key, json, stamp FROM authority WHERE stamp > ?1 ORDER BY stamp")?;
    let mut newest = stamp;
    let rows = statement.query_map([stamp], |row| {
        newest = row.get(3)?;
        Ok(AuthorityRow { table: row.get(0)?, key: row.get(1)?, json: row.get(2)? })
    })?;
    let rows = rows.collect::<Result<_, _>>()?;
    Ok((newest, rows))
}

fn floor(connection: &Connection) -> Result<u64, VaultError> {
    let mut statement =
        connection.prepare_cached("SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM settings WHERE key = ?1")?;
    Ok(statement.query_row([FLOOR], |row| row.get(0))?)
}

fn sweep(connection: &Connection, below: u64) -> Result<(), VaultError> {
    connection.execute("DELETE FROM authority WHERE json IS NULL AND stamp <= ?1", [below])?;
    connection.execute(
        "INSERT INTO settings (key, value) VALUES (?1, CAST(?2 AS TEXT))
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (FLOOR, below),
    )?;
    Ok(())
}
