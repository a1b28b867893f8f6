//! Table `people`: whose records are kept here.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, TransactionBehavior};
use types::PersonId;

use crate::row::{hit, instant, parsed};
use crate::{Vault, VaultError, words};

/// A person whose record is kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// As the owner wrote it.
    pub name: String,
    /// What this person is to the owner, a code of the caller's.
    pub relation: String,
    /// ISO date, possibly partial, when stated.
    pub birth_date: Option<String>,
    /// When the record was begun here.
    pub created: Timestamp,
}

impl Vault {
    /// Everybody, in the order they were added.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn people(&self) -> Result<Vec<Person>, VaultError> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, name, relation, birth_date, created FROM people ORDER BY n")?;
        let rows = statement.query_map([], |row| {
            Ok(Person {
                id: parsed(row, 0)?,
                name: row.get(1)?,
                relation: row.get(2)?,
                birth_date: row.get(3)?,
                created: instant(row, 4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds a person, with an empty record.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when the id is taken.
    pub fn add_person(&mut self, person: &Person) -> Result<(), VaultError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO people (id, name, relation, birth_date, created) VALUES (?1, ?2, ?3, ?4, ?5)",
            (person.id.as_str(), &person.name, &person.relation, &person.birth_date, person.created.as_microsecond()),
        )?;
        words::make_tables(&transaction, transaction.last_insert_rowid())?;
        Ok(transaction.commit()?)
    }

    /// Gives a person another name.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn rename_person(&mut self, id: &PersonId, name: &str) -> Result<(), VaultError> {
        hit(self.connection.execute("UPDATE people SET name = ?2 WHERE id = ?1", [id.as_str(), name])?)
    }

    /// The number rows of this person carry.
    pub(crate) fn person_number(&self, id: &PersonId) -> Result<i64, VaultError> {
        let mut statement = self.connection.prepare_cached("SELECT n FROM people WHERE id = ?1")?;
        statement.query_row([id.as_str()], |row| row.get(0)).optional()?.ok_or(VaultError::Unknown)
    }
}
