//! How many: of each kind, from each source, in each status.

use types::{ConnectionId, PersonId};

use crate::row::parsed;
use crate::{Vault, VaultError};

/// How many of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCount {
    /// The kind, a code of the caller's.
    pub kind: String,
    /// How many items.
    pub count: u32,
}

/// How many from a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCount {
    /// The connection.
    pub id: ConnectionId,
    /// Its name.
    pub name: String,
    /// How many items.
    pub count: u32,
}

/// How many of a kind stand in a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCount {
    /// Status in the source's code.
    pub status: Option<String>,
    /// How many items.
    pub count: u32,
}

impl Vault {
    /// The person's items by kind, kinds without items left out.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn kind_counts(&self, person: &PersonId) -> Result<Vec<KindCount>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT kind, sum(count) FROM item_counts WHERE person = ?1 GROUP BY kind HAVING sum(count) > 0",
        )?;
        let rows = statement.query_map([person], |row| Ok(KindCount { kind: row.get(0)?, count: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The person's items by source, in the order the sources were connected; sources without items too.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn source_counts(&self, person: &PersonId) -> Result<Vec<SourceCount>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT c.id, c.name, coalesce(sum(i.count), 0)
             FROM connections c LEFT JOIN item_counts i ON i.person = c.person AND i.connection = c.n
             WHERE c.person = ?1 GROUP BY c.n ORDER BY c.n",
        )?;
        let rows = statement.query_map([person], |row| {
            Ok(SourceCount { id: parsed(row, 0)?, name: row.get(1)?, count: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The person's items of one kind by status.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn status_counts(&self, person: &PersonId, kind: &str) -> Result<Vec<StatusCount>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT status, count(*) FROM items WHERE person = ?1 AND kind = ?2 GROUP BY status ORDER BY 2 DESC",
        )?;
        let rows =
            statement.query_map((person, kind), |row| Ok(StatusCount { status: row.get(0)?, count: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The distinct titles of one kind, in alphabetical order, at most `limit`.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn titles(&self, person: &PersonId, kind: &str, limit: u32) -> Result<Vec<String>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT title FROM items WHERE person = ?1 AND kind = ?2 AND title IS NOT NULL
             ORDER BY title COLLATE NOCASE LIMIT ?3",
        )?;
        let rows = statement.query_map((person, kind, limit), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
