//! The files around the database: who may read them, and the check that tells a wrong key from a damaged file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use types::Secret;

const CHECK_LABEL: &[u8] = b"satchel vault key check v1";

/// What the check beside the file says of a key.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub(crate) enum KeyCheck {
    /// It is the key of this file.
    Right,
    /// It is not.
    Wrong,
    /// There is no check, or it is not whole.
    Missing,
}

/// Makes the folder, readable by the owner alone. One that exists is left as it is.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes an empty file, readable by the owner alone; the files SQLite puts beside it take over its mode.
pub(crate) fn make_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes away what others may do with the file, when a copy or a restore left that open.
pub(crate) fn close_to_others(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let found = fs::metadata(path)?.permissions();
        if found.mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Makes renames in the folder last through a power cut.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// `path` with `suffix` behind its last letter.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn check_value(key: &Secret<[u8; 32]>) -> [u8; 32] {
    crypto::hmac_sha256(key.expose(), CHECK_LABEL)
}

/// Compares the key with the check beside the vault. The check is a keyed hash of a fixed text: of a 256-bit random
/// key it tells nothing.
pub(crate) fn check_key(path: &Path, key: &Secret<[u8; 32]>) -> KeyCheck {
    let mut stored = Vec::new();
    let read = File::open(beside(path, ".check")).and_then(|file| file.take(64).read_to_end(&mut stored));
    if read.is_err() || stored.len() != 32 {
        return KeyCheck::Missing;
    }
    if crypto::constant_time_eq(&stored, &check_value(key)) { KeyCheck::Right } else { KeyCheck::Wrong }
}

/// Writes the check, replacing an old one whole.
pub(crate) fn write_check(path: &Path, key: &Secret<[u8; 32]>, unique: &str) -> io::Result<()> {
    let temporary = beside(path, &format!(".check-{unique}"));
    let mut file = make_file(&temporary)?;
    file.write_all(&check_value(key))?;
    file.sync_all()?;
    fs::rename(&temporary, beside(path, ".check"))
}
