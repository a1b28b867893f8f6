//! Table `settings`: names and texts that belong to the vault as a whole.

use rusqlite::{Connection, OptionalExtension};

use crate::{Vault, VaultError, Writing};

impl Vault {
    /// The value under `key`, when there is one.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>, VaultError> {
        find(&self.connection, key)
    }

    /// Sets the value under `key`.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be written.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), VaultError> {
        set(&self.connection, key, value)
    }
}

impl Writing<'_> {
    /// The value under `key`, when there is one.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>, VaultError> {
        find(&self.vault.connection, key)
    }

    /// Sets the value under `key`.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be written.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), VaultError> {
        set(&self.vault.connection, key, value)
    }
}

fn find(connection: &Connection, key: &str) -> Result<Option<String>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

fn set(connection: &Connection, key: &str, value: &str) -> Result<(), VaultError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?;
    statement.execute([key, value])?;
    Ok(())
}
