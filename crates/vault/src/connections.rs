//! Table `connections`: the health systems of a person, and the tokens they gave.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use types::{ConnectionId, PersonId, Secret};

use crate::row::{hit, instant, instant_or_none, parsed};
use crate::{Vault, VaultError};

/// A connection of a person, without its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// Id.
    pub id: ConnectionId,
    /// Name shown.
    pub name: String,
    /// FHIR address.
    pub address: String,
    /// How it stands, a code of the caller's.
    pub state: String,
    /// Scopes granted, in words of the protocol.
    pub scopes: String,
    /// What the caller keeps about the protocol (client id, endpoints, patient), JSON. Never a token.
    pub details: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last pulled to the end.
    pub last_pull: Option<Timestamp>,
}

/// Tokens of a connection.
#[derive(Debug)]
pub struct Tokens {
    /// Access token.
    pub access: Secret<String>,
    /// Refresh token, when the system gave one.
    pub refresh: Option<Secret<String>>,
    /// When the access token ends, when stated.
    pub expires: Option<Timestamp>,
}

const COLUMNS: &str = "SELECT id, name, address, state, scopes, details, created, last_pull FROM connections";

fn read(row: &Row<'_>) -> rusqlite::Result<Connected> {
    Ok(Connected {
        id: parsed(row, 0)?,
        name: row.get(1)?,
        address: row.get(2)?,
        state: row.get(3)?,
        scopes: row.get(4)?,
        details: row.get(5)?,
        created: instant(row, 6)?,
        last_pull: instant_or_none(row, 7)?,
    })
}

impl Vault {
    /// The person's connections, oldest first, disconnected ones included.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn connections(&self, person: &PersonId) -> Result<Vec<Connected>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE person = ?1 ORDER BY n"))?;
        let rows = statement.query_map([person], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One connection of the person.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn connection(&self, person: &PersonId, id: &ConnectionId) -> Result<Connected, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE person = ?1 AND id = ?2"))?;
        statement.query_row((person, id.as_str()), read).optional()?.ok_or(VaultError::Unknown)
    }

    /// Adds a connection, without tokens.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when the id is taken.
    pub fn add_connection(&mut self, person: &PersonId, new: &Connected) -> Result<(), VaultError> {
        insert(&self.connection, self.person_number(person)?, new)
    }
}

/// Adds a connection of the person with this number.
pub(crate) fn insert(connection: &Connection, person: i64, new: &Connected) -> Result<(), VaultError> {
    connection.execute(
        "INSERT INTO connections (person, id, name, address, state, scopes, details, created, last_pull)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            person,
            new.id.as_str(),
            &new.name,
            &new.address,
            &new.state,
            &new.scopes,
            &new.details,
            new.created.as_microsecond(),
            new.last_pull.map(Timestamp::as_microsecond),
        ),
    )?;
    Ok(())
}

impl Vault {
    /// Writes name, state, scopes, details and last pull anew; address and creation stay.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn update_connection(&mut self, person: &PersonId, changed: &Connected) -> Result<(), VaultError> {
        let person = self.person_number(person)?;
        hit(self.connection.execute(
            "UPDATE connections SET name = ?3, state = ?4, scopes = ?5, details = ?6, last_pull = ?7
             WHERE person = ?1 AND id = ?2",
            (
                person,
                changed.id.as_str(),
                &changed.name,
                &changed.state,
                &changed.scopes,
                &changed.details,
                changed.last_pull.map(Timestamp::as_microsecond),
            ),
        )?)
    }

    /// The tokens, when there are any.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the connection is not this person's.
    pub fn tokens(&self, person: &PersonId, id: &ConnectionId) -> Result<Option<Tokens>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT access_token, refresh_token, token_expires FROM connections WHERE person = ?1 AND id = ?2",
        )?;
        let found = statement
            .query_row((person, id.as_str()), |row| {
                let refresh: Option<String> = row.get(1)?;
                let expires = instant_or_none(row, 2)?;
                Ok(row.get::<_, Option<String>>(0)?.map(|access| Tokens {
                    access: Secret::new(access),
                    refresh: refresh.map(Secret::new),
                    expires,
                }))
            })
            .optional()?;
        found.ok_or(VaultError::Unknown)
    }

    /// Keeps tokens in place of the old ones; `None` wipes them.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the connection is not this person's.
    pub fn set_tokens(
        &mut self,
        person: &PersonId,
        id: &ConnectionId,
        tokens: Option<&Tokens>,
    ) -> Result<(), VaultError> {
        let person = self.person_number(person)?;
        hit(self.connection.execute(
            "UPDATE connections SET access_token = ?3, refresh_token = ?4, token_expires = ?5
             WHERE person = ?1 AND id = ?2",
            (
                person,
                id.as_str(),
                tokens.map(|held| held.access.expose()),
                tokens.and_then(|held| held.refresh.as_ref()).map(Secret::expose),
                tokens.and_then(|held| held.expires).map(Timestamp::as_microsecond),
            ),
        )?)
    }
}
