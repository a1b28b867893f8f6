//! Table `inbox`: resources that others want to have in a record, until the owner takes them in or throws them away.

use jiff::Timestamp;
use rusqlite::Row;
use types::{ClientId, GrantId, OfferId, PersonId};

use crate::row::{hit, instant, parsed, parsed_or_none};
use crate::{Vault, VaultError, Writing};

/// A resource somebody offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferRow {
    /// Id.
    pub id: OfferId,
    /// Whose record it is for.
    pub person: PersonId,
    /// Under which grant it came.
    pub grant: GrantId,
    /// From which client.
    pub client: Option<ClientId>,
    /// FHIR resource type.
    pub resource_type: String,
    /// When it came.
    pub received: Timestamp,
    /// The resource as it came.
    pub json: Vec<u8>,
}

const COLUMNS: &str = "SELECT o.id, p.id, o.grant_id, o.client, o.resource_type, o.received, o.json
    FROM inbox o JOIN people p ON p.n = o.person";

fn read(row: &Row<'_>) -> rusqlite::Result<OfferRow> {
    Ok(OfferRow {
        id: parsed(row, 0)?,
        person: parsed(row, 1)?,
        grant: parsed(row, 2)?,
        client: parsed_or_none(row, 3)?,
        resource_type: row.get(4)?,
        received: instant(row, 5)?,
        json: row.get(6)?,
    })
}

impl Vault {
    /// What waits for this person's record, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn offers(&self, person: &PersonId) -> Result<Vec<OfferRow>, VaultError> {
        self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE p.id = ?1 ORDER BY o.n"))?;
        let rows = statement.query_map([person.as_str()], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not there, or for another person.
    pub fn offer(&self, person: &PersonId, id: &OfferId) -> Result<OfferRow, VaultError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE p.id = ?1 AND o.id = ?2"))?;
        Ok(statement.query_row([person.as_str(), id.as_str()], read)?)
    }
}

impl Writing<'_> {
    /// How many wait that came under this grant.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn offers_under(&self, grant: &GrantId) -> Result<u32, VaultError> {
        let connection = &self.vault.connection;
        let mut statement = connection.prepare_cached("SELECT count(*) FROM inbox WHERE grant_id = ?1")?;
        Ok(statement.query_row([grant.as_str()], |row| row.get(0))?)
    }

    /// Puts one in.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person; [`VaultError::Conflict`] when the id is taken.
    pub fn add_offer(&mut self, offer: &OfferRow) -> Result<(), VaultError> {
        let person = self.vault.person_number(&offer.person)?;
        self.vault.connection.execute(
            "INSERT INTO inbox (id, person, grant_id, client, resource_type, received, json)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                offer.id.as_str(),
                person,
                offer.grant.as_str(),
                offer.client.as_ref().map(ClientId::as_str),
                &offer.resource_type,
                offer.received.as_microsecond(),
                &offer.json,
            ),
        )?;
        Ok(())
    }

    /// Takes one out.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not there (any more), or for another person.
    pub fn remove_offer(&mut self, person: &PersonId, id: &OfferId) -> Result<(), VaultError> {
        let person = self.vault.person_number(person)?;
        hit(self.vault.connection.execute("DELETE FROM inbox WHERE person = ?1 AND id = ?2", (person, id.as_str()))?)
    }
}
