use std::io;

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why a vault did not open or was not made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no file at this place.
    #[error("there is no vault here")]
    Absent,
    /// A file stands where the new vault should go; it is left as it is.
    #[error("a vault is here already")]
    Present,
    /// The key is not the key of this file.
    #[error("the key does not open this vault")]
    WrongKey,
    /// The key is right and the bytes are not: cut short, overwritten, or not a vault at all.
    #[error("the vault file is damaged")]
    Damaged,
    /// The file was written by a newer program; this one would not understand it.
    #[error("the vault was written by a newer version of this program")]
    Newer {
        /// Version of the schema in the file.
        found: u32,
        /// Newest version this program knows.
        known: u32,
    },
    /// Another process holds the file longer than [`crate::BUSY_WAIT`].
    #[error("another program is using the vault")]
    InUse,
    /// No room left on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The disk or the folder refuses.
    #[error("the vault file cannot be read or written")]
    Disk(#[source] io::Error),
    /// No random bytes came for the ids of this vault.
    #[error("the system gave no random bytes")]
    Random(#[source] crypto::RandomError),
    /// SQLite failed in a way that has no better name here.
    #[error("the database failed")]
    Sqlite(#[source] rusqlite::Error),
}

/// Why a read or a write in an open vault failed. A write that fails leaves everything as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No such row, or it is another person's: the two look the same on purpose.
    #[error("there is no such entry")]
    Unknown,
    /// The row exists already, or somebody else wrote in between (a trail entry with this number).
    #[error("there is such an entry already")]
    Conflict,
    /// A page carries an item of another person or connection than its pull.
    #[error("an item belongs to another person or connection than its pull")]
    ForeignItem,
    /// The pull has ended, or does not have this kind.
    #[error("the pull does not take this page")]
    NotPulling,
    /// Another process holds the file longer than [`crate::BUSY_WAIT`].
    #[error("another program is using the vault")]
    InUse,
    /// No room left on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The file does not hold together: a page fails its check, or a stored value does not read back.
    #[error("the vault file is damaged")]
    Damaged(#[source] rusqlite::Error),
    /// SQLite failed in a way that has no better name here.
    #[error("the database failed")]
    Sqlite(#[source] rusqlite::Error),
}

enum Fault {
    InUse,
    Full,
    NotADatabase,
    Damaged,
    Conflict,
    Other,
}

fn fault(error: &rusqlite::Error) -> Fault {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => Fault::Damaged,
        _ => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::InUse,
            Some(ErrorCode::DiskFull) => Fault::Full,
            Some(ErrorCode::NotADatabase) => Fault::NotADatabase,
            Some(ErrorCode::DatabaseCorrupt) => Fault::Damaged,
            Some(ErrorCode::ConstraintViolation) => Fault::Conflict,
            _ => Fault::Other,
        },
    }
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        if matches!(error, rusqlite::Error::QueryReturnedNoRows) {
            return Self::Unknown;
        }
        match fault(&error) {
            Fault::InUse => Self::InUse,
            Fault::Full => Self::DiskFull,
            Fault::NotADatabase | Fault::Damaged => Self::Damaged(error),
            Fault::Conflict => Self::Conflict,
            Fault::Other => Self::Sqlite(error),
        }
    }
}

/// `NotADatabase` becomes [`OpenError::WrongKey`] here; who knows better says [`OpenError::Damaged`].
impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match fault(&error) {
            Fault::InUse => Self::InUse,
            Fault::Full => Self::DiskFull,
            Fault::NotADatabase => Self::WrongKey,
            Fault::Damaged => Self::Damaged,
            Fault::Conflict | Fault::Other => Self::Sqlite(error),
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Absent,
            io::ErrorKind::AlreadyExists => Self::Present,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Disk(error),
        }
    }
}
