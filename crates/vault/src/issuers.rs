//! Tables `issuer_keys` and `issuer_lists`: what issuers publish, kept for checking cards without a network.
//!
//! Public facts, the same for everybody: the only tables besides settings and trail without a person.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, TransactionBehavior};

use crate::row::instant;
use crate::{Vault, VaultError};

/// The keys of an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerKeys {
    /// Issuer address (`iss`).
    pub issuer: String,
    /// Its name in a directory, when it stands in one.
    pub name: Option<String>,
    /// JWK set, JSON.
    pub jwks: String,
    /// Where the keys come from, a code of the caller's.
    pub origin: String,
    /// When they were fetched, or the date of the directory.
    pub fetched: Timestamp,
}

/// A list of withdrawn cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerList {
    /// Issuer address (`iss`).
    pub issuer: String,
    /// Key the list is about.
    pub kid: String,
    /// The list, JSON.
    pub list: String,
    /// When it was fetched.
    pub fetched: Timestamp,
}

const PUT_KEYS: &str = "INSERT INTO issuer_keys (issuer, name, jwks, origin, fetched) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (issuer) DO UPDATE SET name = coalesce(excluded.name, name), jwks = excluded.jwks,
        origin = excluded.origin, fetched = excluded.fetched";

impl Vault {
    /// The keys of an issuer, when they are here.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn issuer_keys(&self, issuer: &str) -> Result<Option<IssuerKeys>, VaultError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT issuer, name, jwks, origin, fetched FROM issuer_keys WHERE issuer = ?1")?;
        let found = statement
            .query_row([issuer], |row| {
                Ok(IssuerKeys {
                    issuer: row.get(0)?,
                    name: row.get(1)?,
                    jwks: row.get(2)?,
                    origin: row.get(3)?,
                    fetched: instant(row, 4)?,
                })
            })
            .optional()?;
        Ok(found)
    }

    /// Keeps keys of issuers in place of older ones, all or none. A name that is not given stays as it was.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be written.
    pub fn put_issuer_keys(&mut self, all: &[IssuerKeys]) -> Result<(), VaultError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut statement = transaction.prepare_cached(PUT_KEYS)?;
            for keys in all {
                statement.execute((
                    &keys.issuer,
                    &keys.name,
                    &keys.jwks,
                    &keys.origin,
                    keys.fetched.as_microsecond(),
                ))?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// The list of withdrawn cards of an issuer's key, when it is here.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn issuer_list(&self, issuer: &str, kid: &str) -> Result<Option<IssuerList>, VaultError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT issuer, kid, list, fetched FROM issuer_lists WHERE issuer = ?1 AND kid = ?2")?;
        let found = statement
            .query_row([issuer, kid], |row| {
                Ok(IssuerList { issuer: row.get(0)?, kid: row.get(1)?, list: row.get(2)?, fetched: instant(row, 3)? })
            })
            .optional()?;
        Ok(found)
    }

    /// Keeps a list of withdrawn cards in place of an older one.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be written.
    pub fn put_issuer_list(&mut self, list: &IssuerList) -> Result<(), VaultError> {
        self.connection.execute(
            "INSERT OR REPLACE INTO issuer_lists (issuer, kid, list, fetched) VALUES (?1, ?2, ?3, ?4)",
            (&list.issuer, &list.kid, &list.list, list.fetched.as_microsecond()),
        )?;
        Ok(())
    }
}
