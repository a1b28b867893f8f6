use crate::folder::{Files, write_whole};
use crate::views::Look;

impl Default for Look {
    fn default() -> Self {
        Self {
            language: "system".to_owned(),
            theme: "system".to_owned(),
            single_key_shortcuts: true,
            auto_lock_minutes: 10,
        }
    }
}

/// Longest time before it locks by itself: a day.
const MAX_MINUTES: u32 = 24 * 60;

/// Reads the look; a missing or damaged file is the look of the first day, since nothing else depends on it.
pub(crate) fn read(files: &Files) -> Look {
    let stored = std::fs::read(files.look()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    stored.filter(is_known).unwrap_or_default()
}

/// Stores the look, if each choice is one that is offered.
pub(crate) fn write(files: &Files, look: &Look) -> std::io::Result<()> {
    if !is_known(look) {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a choice that is offered"));
    }
    let text = serde_json::to_vec_pretty(look).map_err(std::io::Error::other)?;
    write_whole(&files.look(), &text)
}

fn is_known(look: &Look) -> bool {
    matches!(look.language.as_str(), "system" | "en" | "es")
        && matches!(look.theme.as_str(), "system" | "light" | "dark")
        && look.auto_lock_minutes <= MAX_MINUTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_look_is_the_look_of_the_first_day() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files { root: folder.path().to_owned() };
        assert_eq!(read(&files), Look::default());
        let look = Look { language: "es".into(), auto_lock_minutes: 3, ..Look::default() };
        write(&files, &look).unwrap();
        assert_eq!(read(&files), look);
        std::fs::write(files.look(), b"{\"language\":").unwrap();
        assert_eq!(read(&files), Look::default());
        assert!(write(&files, &Look { theme: "pink".into(), ..Look::default() }).is_err());
    }
}
