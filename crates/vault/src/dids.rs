//! Table `dids`: the identifiers a person goes by. Their private keys lie in the key store.

use jiff::Timestamp;
use rusqlite::OptionalExtension;
use types::{DidId, PersonId};

use crate::row::{hit, instant, instant_or_none, parsed, parsed_or_none};
use crate::{Vault, VaultError};

/// A DID of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DidRow {
    /// Id.
    pub id: DidId,
    /// Name the person gave it.
    pub name: String,
    /// The DID itself.
    pub did: String,
    /// DID method, a code of the caller's.
    pub method: String,
    /// Name of the private key in the key store.
    pub key_name: String,
    /// The public key as a JWK, JSON.
    pub public_jwk: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was retired or replaced.
    pub retired: Option<Timestamp>,
    /// The one that replaced it.
    pub replaced_by: Option<DidId>,
}

const COLUMNS: &str = "SELECT id, name, did, method, key_name, public_jwk, created, retired, replaced_by FROM dids";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<DidRow> {
    Ok(DidRow {
        id: parsed(row, 0)?,
        name: row.get(1)?,
        did: row.get(2)?,
        method: row.get(3)?,
        key_name: row.get(4)?,
        public_jwk: row.get(5)?,
        created: instant(row, 6)?,
        retired: instant_or_none(row, 7)?,
        replaced_by: parsed_or_none(row, 8)?,
    })
}

impl Vault {
    /// The person's DIDs, oldest first, retired ones included.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn dids(&self, person: &PersonId) -> Result<Vec<DidRow>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE person = ?1 ORDER BY n"))?;
        let rows = statement.query_map([person], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One DID of the person.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn did(&self, person: &PersonId, id: &DidId) -> Result<DidRow, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE person = ?1 AND id = ?2"))?;
        statement.query_row((person, id.as_str()), read).optional()?.ok_or(VaultError::Unknown)
    }

    /// Adds a DID.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when the id or the DID is here already.
    pub fn add_did(&mut self, person: &PersonId, did: &DidRow) -> Result<(), VaultError> {
        let person = self.person_number(person)?;
        self.connection.execute(
            "INSERT INTO dids (person, id, name, did, method, key_name, public_jwk, created, retired, replaced_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                person,
                did.id.as_str(),
                &did.name,
                &did.did,
                &did.method,
                &did.key_name,
                &did.public_jwk,
                did.created.as_microsecond(),
                did.retired.map(Timestamp::as_microsecond),
                did.replaced_by.as_ref().map(DidId::as_str),
            ),
        )?;
        Ok(())
    }

    /// Gives a DID another name.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn rename_did(&mut self, person: &PersonId, id: &DidId, name: &str) -> Result<(), VaultError> {
        let person = self.person_number(person)?;
        hit(self
            .connection
            .execute("UPDATE dids SET name = ?3 WHERE person = ?1 AND id = ?2", (person, id.as_str(), name))?)
    }

    /// Marks a DID as retired, or as replaced by another one.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's, or is retired already.
    pub fn retire_did(
        &mut self,
        person: &PersonId,
        id: &DidId,
        replaced_by: Option<&DidId>,
        now: Timestamp,
    ) -> Result<(), VaultError> {
        let person = self.person_number(person)?;
        hit(self.connection.execute(
            "UPDATE dids SET retired = ?3, replaced_by = ?4 WHERE person = ?1 AND id = ?2 AND retired IS NULL",
            (person, id.as_str(), now.as_microsecond(), replaced_by.map(DidId::as_str)),
        )?)
    }
}
