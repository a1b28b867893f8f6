//! Table `pairs`: the keys by which two wallets know one another. The private ones lie in the key store.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row};
use types::{ContactId, PairId};

use crate::row::{hit, instant, instant_or_none, parsed, parsed_or_none};
use crate::{Vault, VaultError};

/// A key that was made for one contact alone, and the key that the contact made for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairRow {
    /// Id.
    pub id: PairId,
    /// What the owner calls them.
    pub name: String,
    /// The DID that was made for them.
    pub own_did: String,
    /// Name of its private key in the key store.
    pub key_name: String,
    /// When it was made.
    pub made: Timestamp,
    /// What they said of themselves; `None` until their card came.
    pub theirs: Option<TheirCard>,
    /// What comparing brought, a code of the caller's.
    pub verdict: Option<String>,
    /// When.
    pub judged: Option<Timestamp>,
    /// The contact that came of it.
    pub contact: Option<ContactId>,
}

/// What somebody's card says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirCard {
    /// The DID that they made for us.
    pub did: String,
    /// What they call themselves.
    pub name: String,
    /// Where their wallet's server is, when they say so.
    pub server: Option<String>,
    /// The card as it came: the evidence.
    pub card: String,
    /// When it came.
    pub met: Timestamp,
}

const COLUMNS: &str = "SELECT id, name, own_did, key_name, made, their_did, their_name, their_server, their_card, met,
    verdict, judged, contact FROM pairs";

fn read(row: &Row<'_>) -> rusqlite::Result<PairRow> {
    let theirs = match (row.get(5)?, row.get(6)?, row.get(8)?, instant_or_none(row, 9)?) {
        (Some(did), Some(name), Some(card), Some(met)) => Some(TheirCard { did, name, server: row.get(7)?, card, met }),
        _ => None,
    };
    Ok(PairRow {
        id: parsed(row, 0)?,
        name: row.get(1)?,
        own_did: row.get(2)?,
        key_name: row.get(3)?,
        made: instant(row, 4)?,
        theirs,
        verdict: row.get(10)?,
        judged: instant_or_none(row, 11)?,
        contact: parsed_or_none(row, 12)?,
    })
}

impl Vault {
    /// All pairs, oldest first.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn pairs(&self) -> Result<Vec<PairRow>, VaultError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} ORDER BY n"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One pair.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is none.
    pub fn pair(&self, id: &PairId) -> Result<PairRow, VaultError> {
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
        statement.query_row([id.as_str()], read).optional()?.ok_or(VaultError::Unknown)
    }

    /// Adds a pair; their card may come later.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when one of the DIDs is here already.
    pub fn add_pair(&mut self, pair: &PairRow) -> Result<(), VaultError> {
        self.connection.execute(
            "INSERT INTO pairs (id, name, own_did, key_name, made) VALUES (?1, ?2, ?3, ?4, ?5)",
            (pair.id.as_str(), &pair.name, &pair.own_did, &pair.key_name, pair.made.as_microsecond()),
        )?;
        Ok(())
    }

    /// Writes name, their card, verdict and contact anew.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such pair; [`VaultError::Conflict`] when their DID is here already.
    pub fn update_pair(&mut self, pair: &PairRow) -> Result<(), VaultError> {
        let theirs = pair.theirs.as_ref();
        hit(self.connection.execute(
            "UPDATE pairs SET name = ?2, their_did = ?3, their_name = ?4, their_server = ?5, their_card = ?6, met = ?7,
                 verdict = ?8, judged = ?9, contact = ?10 WHERE id = ?1",
            (
                pair.id.as_str(),
                &pair.name,
                theirs.map(|card| &card.did),
                theirs.map(|card| &card.name),
                theirs.and_then(|card| card.server.as_ref()),
                theirs.map(|card| &card.card),
                theirs.map(|card| card.met.as_microsecond()),
                &pair.verdict,
                pair.judged.map(Timestamp::as_microsecond),
                pair.contact.as_ref().map(ContactId::as_str),
            ),
        )?)
    }
}
