use std::ops::RangeInclusive;

use audit::{Action, Draft};
use serde_json::Value;

use crate::Wallet;
use crate::error::WalletError;
use crate::folder::{Files, write_whole};
use crate::views::{Look, Status};

impl Default for Look {
    fn default() -> Self {
        Self {
            language: "system".to_owned(),
            theme: "system".to_owned(),
            single_key_shortcuts: true,
            auto_lock_minutes: 10,
            keep_running: true,
            zoom: AS_DRAWN,
        }
    }
}

/// Sizes of everything in the window, in percent.
const ZOOM: RangeInclusive<u32> = 40..=400;
/// The size at first.
const AS_DRAWN: u32 = 100;
/// Longest time before it locks by itself: a day.
const MAX_MINUTES: u32 = 24 * 60;

impl Wallet {
    /// Language, theme, shortcuts, minutes to automatic locking, zoom, as they stand.
    pub fn kept_look(&self) -> Look {
        read(self.files())
    }

    /// Language, theme, shortcuts, minutes to automatic locking, zoom.
    pub async fn set_look(&self, look: Look) -> Result<Status, WalletError> {
        let wallet = self.clone();
        let zoomed = self
            .aside(move || {
                let before = wallet.kept_look();
                write(wallet.files(), &look).map_err(WalletError::Disk)?;
                Ok(Look { zoom: look.zoom, ..before } == look)
            })
            .await?;
        // How large letters are is nobody's business, and every press of a key would stand in the trail.
        if !zoomed && self.is_open() {
            match self.with(|open| open.record(Draft::done(Action::SettingChanged))).await {
                // It locked meanwhile; the look is needed before it opens, and was written.
                Ok(()) | Err(WalletError::Locked) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.status().await)
    }
}

/// Reads the look; a missing or damaged file is the look of the first day, since nothing else depends on it.
pub(crate) fn read(files: &Files) -> Look {
    let stored = std::fs::read(files.look()).ok().and_then(|bytes| parse(&bytes));
    stored.filter(is_known).unwrap_or_default()
}

fn parse(bytes: &[u8]) -> Option<Look> {
    let mut stored: Value = serde_json::from_slice(bytes).ok()?;
    // Written before these were kept.
    let members = stored.as_object_mut()?;
    members.entry("zoom").or_insert(AS_DRAWN.into());
    members.entry("keepRunning").or_insert(true.into());
    serde_json::from_value(stored).ok()
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
        && ZOOM.contains(&look.zoom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_look_is_the_look_of_the_first_day() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files { root: folder.path().to_owned() };
        assert_eq!(read(&files), Look::default());
        let look = Look { language: "es".into(), auto_lock_minutes: 3, zoom: 180, ..Look::default() };
        write(&files, &look).unwrap();
        assert_eq!(read(&files), look);
        std::fs::write(files.look(), b"{\"language\":").unwrap();
        assert_eq!(read(&files), Look::default());
        assert!(write(&files, &Look { theme: "pink".into(), ..Look::default() }).is_err());
        assert!(write(&files, &Look { zoom: 0, ..Look::default() }).is_err());
    }

    #[test]
    fn a_look_from_before_the_zoom_was_kept_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files { root: folder.path().to_owned() };
        let old = br#"{"language":"es","theme":"dark","singleKeyShortcuts":false,"autoLockMinutes":5}"#;
        std::fs::write(files.look(), old).unwrap();
        let read = read(&files);
        assert_eq!((read.language.as_str(), read.theme.as_str(), read.zoom), ("es", "dark", 100));
        assert!(read.keep_running);
    }
}
