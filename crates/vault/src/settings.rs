//! Table `settings`: names and texts that belong to the vault as a whole.

use rusqlite::OptionalExtension;

use crate::{Vault, VaultError};

impl Vault {
    /// The value under `key`, when there is one.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>, VaultError> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Sets the value under `key`.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be written.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), VaultError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?;
        statement.execute([key, value])?;
        Ok(())
    }
}
