//! Several writes that are kept together or not at all, with their entry of the trail.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{Vault, VaultError};

/// How surely a write is kept once it is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// It is on the disk: it outlasts a power cut.
    Settled,
    /// It is in the log: it outlasts the end of this process at any moment. A power cut may take it and what follows
    /// it, never what was before it, until the next settled write.
    Logged,
}

/// Writes of one transaction. No other process writes between its first read and its end. Dropped without
/// [`Writing::commit`] it leaves everything as it was.
#[derive(Debug)]
pub struct Writing<'v> {
    transaction: Option<Transaction<'v>>,
    pub(crate) vault: &'v Vault,
    lasting: Lasting,
}

impl Vault {
    /// Begins to write; waits for another process that is writing.
    ///
    /// # Errors
    /// [`VaultError::InUse`] when that takes longer than [`crate::BUSY_WAIT`].
    pub fn write(&mut self, lasting: Lasting) -> Result<Writing<'_>, VaultError> {
        if lasting == Lasting::Logged {
            set_synchronous(&self.connection, "NORMAL")?;
        }
        let vault: &Self = self;
        let begun = Transaction::new_unchecked(&vault.connection, TransactionBehavior::Immediate);
        let mut writing = Writing { transaction: None, vault, lasting };
        writing.transaction = Some(begun?);
        Ok(writing)
    }

    /// Brings everything that was only logged onto the disk.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be written.
    pub fn settle(&mut self) -> Result<(), VaultError> {
        // A settled write takes the log before it along; it must change something to be one.
        self.connection.execute(
            "INSERT INTO settings (key, value) VALUES ('trail.settled', '1')
             ON CONFLICT (key) DO UPDATE SET value = CAST(value + 1 AS TEXT)",
            [],
        )?;
        Ok(())
    }
}

impl Writing<'_> {
    /// Keeps all of it.
    ///
    /// # Errors
    /// [`VaultError`]; then nothing of it is kept.
    pub fn commit(mut self) -> Result<(), VaultError> {
        match self.transaction.take() {
            Some(transaction) => Ok(transaction.commit()?),
            None => Ok(()),
        }
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        // First the end of the transaction: how surely it is kept cannot change within.
        drop(self.transaction.take());
        if self.lasting == Lasting::Logged {
            // It is a setting of this connection and touches no file.
            let _ = set_synchronous(&self.vault.connection, "FULL");
        }
    }
}

fn set_synchronous(connection: &Connection, how: &str) -> Result<(), VaultError> {
    Ok(connection.pragma_update(None, "synchronous", how)?)
}
