//! Files and standard input, read within limits.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;
use wallet::views::Whose;

/// Why a file named on the command line cannot be used.
#[derive(Debug, Error)]
pub(crate) enum FileError {
    /// It is not there.
    #[error("there is no such file")]
    Missing(PathBuf),
    /// It is a folder.
    #[error("it is a folder")]
    Folder(PathBuf),
    /// It cannot be read or written.
    #[error("the file cannot be read or written")]
    Disk(PathBuf, #[source] io::Error),
    /// More bytes than are read.
    #[error("the file is too large")]
    TooLarge(PathBuf),
    /// It is not what the option takes.
    #[error("the file is not of the kind asked for")]
    WrongKind(PathBuf),
    /// There is such a file already.
    #[error("there is such a file already")]
    Exists(PathBuf),
}

impl FileError {
    /// The code of its texts.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "cli.fileMissing",
            Self::Folder(_) => "cli.fileFolder",
            Self::Disk(..) => "cli.fileDisk",
            Self::TooLarge(_) => "cli.fileTooLarge",
            Self::WrongKind(_) => "cli.fileKind",
            Self::Exists(_) => "cli.fileExists",
        }
    }

    /// Who erred.
    pub(crate) fn whose(&self) -> Whose {
        match self {
            Self::Disk(..) => Whose::Computer,
            _ => Whose::You,
        }
    }

    /// The file, as it was given.
    pub(crate) fn file(&self) -> String {
        match self {
            Self::Missing(path)
            | Self::Folder(path)
            | Self::Disk(path, _)
            | Self::TooLarge(path)
            | Self::WrongKind(path)
            | Self::Exists(path) => path.display().to_string(),
        }
    }
}

/// Reads a whole file, or standard input for `-`, of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    if path.as_os_str() == "-" {
        return bounded(io::stdin().lock(), path, limit);
    }
    let file = File::open(path).map_err(|error| told(path, error))?;
    if file.metadata().map_err(|error| told(path, error))?.is_dir() {
        return Err(FileError::Folder(path.to_owned()));
    }
    bounded(file, path, limit)
}

/// The whole path of a new file. A place where a file stands already is refused: nothing is written over.
pub(crate) fn free(path: &Path) -> Result<PathBuf, FileError> {
    if path.symlink_metadata().is_ok() {
        return Err(FileError::Exists(path.to_owned()));
    }
    std::path::absolute(path).map_err(|error| told(path, error))
}

/// Writes a new file; one that stands there already is left alone.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut file = match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(FileError::Exists(path.to_owned())),
        other => other.map_err(|error| told(path, error))?,
    };
    io::Write::write_all(&mut file, bytes).map_err(|error| told(path, error))
}

fn bounded(reader: impl Read, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| told(path, error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
        Ok(bytes)
    } else {
        Err(FileError::TooLarge(path.to_owned()))
    }
}

fn told(path: &Path, error: io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::NotFound => FileError::Missing(path.to_owned()),
        io::ErrorKind::IsADirectory => FileError::Folder(path.to_owned()),
        _ => FileError::Disk(path.to_owned(), error),
    }
}
