//! Making, opening, checking and closing the file.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use types::Secret;
use zeroize::Zeroizing;

use crate::checkpoints::Checkpoints;
use crate::error::{OpenError, VaultError};
use crate::file::{self, KeyCheck};
use crate::filing::Unfiled;
use crate::migrations;

/// How long a call waits for another process that is writing.
pub const BUSY_WAIT: Duration = Duration::from_secs(5);

/// `STCH`, so that a database of somebody else is not taken for a vault.
const APPLICATION_ID: i32 = 0x5354_4348;
/// How pages are sealed, part of the format as the key is. Twice the usual page halves the cost of opening one; SHA-256
/// is as good a seal as the usual SHA-512, and processors have it built in.
const CIPHER: &str = "PRAGMA cipher_page_size = 8192; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;";
const ITEM_TAG: &str = "vault.itemTag";
const ITEM_SECRET: &str = "vault.itemSecret";

/// An open vault. One per process; dropping it closes the file, [`Vault::close`] says whether that went well.
#[derive(Debug)]
pub struct Vault {
    // Before the connection: the last one to close leaves no log behind.
    pub(crate) checkpoints: Checkpoints,
    pub(crate) connection: Connection,
    /// First half of every item id of this file.
    pub(crate) item_tag: u64,
    /// What the names of items outside are made from.
    pub(crate) item_secret: Secret<String>,
    pub(crate) unfiled: RefCell<Unfiled>,
}

impl Vault {
    /// Makes a new vault at `path` and opens it. The folder is made when missing (0700), the file is 0600. The vault
    /// appears under its name only when it is whole.
    ///
    /// # Errors
    /// [`OpenError::Present`] when anything stands at `path`; else what the disk or the system said.
    pub fn create(path: &Path, key: &Secret<[u8; 32]>) -> Result<Self, OpenError> {
        if path.try_exists()? {
            return Err(OpenError::Present);
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        file::make_folder(folder)?;
        let unique = hex(crypto::random::<8>().map_err(OpenError::Random)?);
        let growing = file::beside(path, &format!(".new-{unique}"));
        let made = grow(&growing, key).and_then(|()| {
            place(&growing, path)?;
            file::write_check(path, key, &unique)?;
            Ok(file::sync_folder(folder)?)
        });
        if made.is_err() {
            remove_all(&growing);
        }
        made?;
        Self::open(path, key)
    }

    /// Opens the vault at `path`; an older one is brought to [`crate::SCHEMA_VERSION`] first.
    ///
    /// # Errors
    /// [`OpenError`]: each of absent, wrong key, damaged, newer, in use, disk full has its own.
    pub fn open(path: &Path, key: &Secret<[u8; 32]>) -> Result<Self, OpenError> {
        // SQLite would take an empty file for a new database, and make an empty vault of a lost one.
        if fs::metadata(path)?.len() == 0 {
            return Err(OpenError::Damaged);
        }
        file::close_to_others(path)?;
        let check = file::check_key(path, key);
        let opened = open_checked(path, key);
        match (&opened, check) {
            (Err(OpenError::WrongKey), KeyCheck::Right) => Err(OpenError::Damaged),
            (Ok(_), KeyCheck::Wrong | KeyCheck::Missing) => {
                let unique = hex(crypto::random::<8>().map_err(OpenError::Random)?);
                file::write_check(path, key, &unique)?;
                opened
            }
            _ => opened,
        }
    }

    /// Sets how long a call waits for another process, in place of [`BUSY_WAIT`].
    ///
    /// # Errors
    /// [`VaultError::Sqlite`] when the database refuses.
    pub fn wait_at_most(&self, wait: Duration) -> Result<(), VaultError> {
        Ok(self.connection.busy_timeout(wait)?)
    }

    /// Where the file lies.
    pub fn path(&self) -> Option<PathBuf> {
        self.connection.path().map(PathBuf::from)
    }

    /// Reads the whole file and looks whether every page and every index is as it was written. Takes seconds.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when it is not.
    pub fn examine(&self) -> Result<(), VaultError> {
        let pages = self.complaints("PRAGMA cipher_integrity_check")?;
        let contents = self.complaints("PRAGMA integrity_check")?;
        let whole = pages == 0 && contents == 0;
        if whole { Ok(()) } else { Err(VaultError::Damaged(rusqlite::Error::QueryReturnedMoreThanOneRow)) }
    }

    fn complaints(&self, pragma: &str) -> Result<usize, VaultError> {
        let mut statement = self.connection.prepare(pragma)?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
        let mut found = 0;
        for line in lines {
            if line? != "ok" {
                found += 1;
            }
        }
        Ok(found)
    }

    /// Writes everything into the one file and closes it.
    ///
    /// # Errors
    /// What SQLite said; the data is safe in the write-ahead log then.
    pub fn close(self) -> Result<(), VaultError> {
        drop(self.checkpoints);
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.connection.close().map_err(|(_, error)| error.into())
    }
}

fn grow(path: &Path, key: &Secret<[u8; 32]>) -> Result<(), OpenError> {
    drop(file::make_file(path)?);
    let mut connection = connect(path, key)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrations::run(&mut connection)?;
    let tag = hex(crypto::random::<8>().map_err(OpenError::Random)?);
    connection.execute("INSERT INTO settings (key, value) VALUES (?1, ?2)", (ITEM_TAG, tag))?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(fs::File::open(path)?.sync_all()?)
}

/// Gives the finished file its name, never over another one.
fn place(from: &Path, to: &Path) -> Result<(), OpenError> {
    match fs::hard_link(from, to) {
        Ok(()) => Ok(fs::remove_file(from)?),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(OpenError::Present),
        // A file system without hard links.
        Err(_) => Ok(fs::rename(from, to)?),
    }
}

/// Best effort after a failure that is reported already.
fn remove_all(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(file::beside(path, suffix));
    }
}

fn open_checked(path: &Path, key: &Secret<[u8; 32]>) -> Result<Vault, OpenError> {
    let mut connection = connect(path, key)?;
    let found: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if found != APPLICATION_ID {
        return Err(OpenError::Damaged);
    }
    migrations::run(&mut connection)?;
    let setting = |key: &str| -> Result<String, rusqlite::Error> {
        connection.query_row("SELECT value FROM settings WHERE key = ?1", [key], |row| row.get(0))
    };
    let item_tag = u64::from_str_radix(&setting(ITEM_TAG)?, 16).map_err(|_| OpenError::Damaged)?;
    let item_secret = Secret::new(setting(ITEM_SECRET)?);
    let checkpoints = Checkpoints::of(path.to_owned(), key);
    Ok(Vault { checkpoints, connection, item_tag, item_secret, unfiled: RefCell::default() })
}

/// SQLite calls itself ready before SQLCipher is: who opens while the first one does would be told of a bad key.
pub(crate) fn make_cipher_ready() {
    static READY: Once = Once::new();
    READY.call_once(|| drop(Connection::open_in_memory()));
}

pub(crate) fn connect(path: &Path, key: &Secret<[u8; 32]>) -> Result<Connection, OpenError> {
    make_cipher_ready();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    // `cipher_memory_security` stays off: it wipes every freed piece of memory, for a third of the speed of intake.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.execute_batch(&key_pragma(key))?;
    connection.execute_batch(CIPHER)?;
    // The first read is where a wrong key shows.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA cache_size = -49152;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

fn key_pragma(key: &Secret<[u8; 32]>) -> Zeroizing<String> {
    // Room for all of it at once: growing would leave copies of the key behind.
    let mut text = Zeroizing::new(String::with_capacity(96));
    text.push_str("PRAGMA key = \"x'");
    for byte in key.expose() {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text.push_str("'\";");
    text
}

fn hex(bytes: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(bytes))
}
