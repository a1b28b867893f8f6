//! Keys in a file, sealed under a passphrase: for computers without a key store, and for who prefers it.

mod format;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use types::Secret;
use zeroize::Zeroizing;

use crate::KeychainError;
use format::{Header, MOST_BYTES};

/// A sealed file, opened. The passphrase itself is not kept, only what Argon2id made of it.
///
/// Every call reads the file anew, so two processes may use it at once; writers take turns by a lock beside it. A
/// write replaces the file whole, through the disk, or leaves the old one.
#[derive(Debug)]
pub struct SealedStore {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    key: Secret<[u8; 32]>,
    header: Header,
}

pub(crate) type Entries = BTreeMap<String, Zeroizing<String>>;

impl SealedStore {
    /// Makes a new sealed file without keys. Takes about as long as opening will.
    ///
    /// # Errors
    /// [`KeychainError::Exists`] when a file is there already.
    pub fn create(path: &Path, passphrase: &Secret<String>) -> Result<Self, KeychainError> {
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        let _turn = lock(path)?;
        if path.try_exists()? {
            return Err(KeychainError::Exists);
        }
        let (header, key) = Header::new(passphrase, 1)?;
        replace(path, &header.seal(&key, &Entries::new())?)?;
        Ok(Self { path: path.to_owned(), state: Mutex::new(State { key, header }) })
    }

    /// Opens a sealed file. Slow on purpose: about a quarter of a second.
    ///
    /// # Errors
    /// [`KeychainError::PassphraseWrong`], [`KeychainError::Damaged`], [`KeychainError::Newer`],
    /// [`KeychainError::Missing`].
    pub fn open(path: &Path, passphrase: &Secret<String>) -> Result<Self, KeychainError> {
        let bytes = read(path)?;
        let header = Header::parse(&bytes)?;
        let key = header.derive(passphrase)?;
        header.open(&key, &bytes)?;
        Ok(Self { path: path.to_owned(), state: Mutex::new(State { key, header }) })
    }

    /// How often the file was written. Kept by the caller in the vault, it tells an older copy.
    pub fn generation(&self) -> u64 {
        self.state().header.generation
    }

    /// Refuses a file that is older than one the caller saw before.
    ///
    /// # Errors
    /// [`KeychainError::RolledBack`].
    pub fn require_generation(&self, seen: u64) -> Result<(), KeychainError> {
        if self.generation() < seen { Err(KeychainError::RolledBack) } else { Ok(()) }
    }

    /// Seals the file under another passphrase, with a new salt.
    ///
    /// # Errors
    /// What [`SealedStore::open`] gives; the old passphrase stays when anything fails.
    pub fn change_passphrase(&self, passphrase: &Secret<String>) -> Result<(), KeychainError> {
        let _turn = lock(&self.path)?;
        let mut state = self.state();
        let entries = self.load(&mut state)?;
        let (header, key) = Header::new(passphrase, state.header.generation.saturating_add(1))?;
        replace(&self.path, &header.seal(&key, &entries)?)?;
        *state = State { key, header };
        Ok(())
    }

    pub(crate) fn read(&self, name: &str) -> Result<Zeroizing<String>, KeychainError> {
        let mut state = self.state();
        self.load(&mut state)?.remove(name).ok_or(KeychainError::NoEntry)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), KeychainError> {
        self.change(|entries| {
            entries.insert(name.to_owned(), Zeroizing::new(text.to_owned()));
            Ok(())
        })
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), KeychainError> {
        self.change(|entries| entries.remove(name).map(drop).ok_or(KeychainError::NoEntry))
    }

    fn change(&self, act: impl FnOnce(&mut Entries) -> Result<(), KeychainError>) -> Result<(), KeychainError> {
        let _turn = lock(&self.path)?;
        let mut state = self.state();
        let mut entries = self.load(&mut state)?;
        act(&mut entries)?;
        let header = state.header.next(&state.key);
        replace(&self.path, &header.seal(&state.key, &entries)?)?;
        state.header = header;
        Ok(())
    }

    /// Reads the file as it is now.
    fn load(&self, state: &mut State) -> Result<Entries, KeychainError> {
        let bytes = read(&self.path)?;
        let header = Header::parse(&bytes)?;
        if header.salt != state.header.salt {
            // Another process changed the passphrase meanwhile.
            return Err(KeychainError::PassphraseWrong);
        }
        if header.generation < state.header.generation {
            return Err(KeychainError::RolledBack);
        }
        let entries = header.open(&state.key, &bytes)?;
        state.header = header;
        Ok(entries)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // State changes in one assignment each, so a panic elsewhere leaves it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeychainError> {
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES { Err(KeychainError::Damaged) } else { Ok(bytes) }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Waits for the turn to write. The lock ends with the value, or with the process.
fn lock(path: &Path) -> Result<File, KeychainError> {
    let file = private().truncate(false).open(beside(path, ".lock"))?;
    file.lock().map_err(KeychainError::Disk)?;
    Ok(file)
}

/// Puts `bytes` in place of the file, whole and through to the disk.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeychainError> {
    let growing = beside(path, ".new");
    let mut file = private().truncate(true).open(&growing)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&growing, path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
