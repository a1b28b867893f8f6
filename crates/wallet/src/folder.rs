use std::path::PathBuf;

/// The folder of the wallet: `SATCHEL_HOME`, or the system's place for a program's own data.
///
/// # Errors
/// When the system names no such place and `SATCHEL_HOME` is not set.
pub fn folder() -> std::io::Result<PathBuf> {
    if let Some(home) = std::env::var_os("SATCHEL_HOME").filter(|home| !home.is_empty()) {
        return Ok(PathBuf::from(home));
    }
    dirs::data_dir()
        .map(|data| data.join("satchel"))
        .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::NotFound, "no home folder; set SATCHEL_HOME"))
}

/// The files in the wallet's folder, each named once.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub(crate) root: PathBuf,
}

impl Files {
    /// The folder of the vault. It is made whole beside this place and then gets this name.
    pub(crate) fn vault(&self) -> PathBuf {
        self.root.join("vault")
    }

    /// Stands while the owner wants the wallet locked, in every process.
    pub(crate) fn locked(&self) -> PathBuf {
        self.root.join("locked.json")
    }

    pub(crate) fn look(&self) -> PathBuf {
        self.root.join("look.json")
    }

    /// Directories of health systems that the owner brought in; public facts, kept as received.
    pub(crate) fn directory(&self) -> PathBuf {
        self.root.join("directory")
    }
}

/// Writes a file whole or not at all, readable by its owner only.
pub(crate) fn write_whole(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    // The folder of a bare name is the one that is stood in.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    make_private(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let half = folder.join(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&half, path)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// Makes a folder that only its owner can enter.
pub(crate) fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below").join("look.json");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |p: &std::path::Path| std::fs::metadata(p).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
    }
}
