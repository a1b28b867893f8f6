//! What tests need everywhere: the one place that finds real data and published vectors, and a real key store.
//!
//! The folder of data stands beside the project (`../shared`), or where `SATCHEL_SHARED` says. Under `CI=true` a missing
//! folder is a failure; elsewhere the test says that it is skipped.
#![allow(clippy::panic, clippy::print_stderr, reason = "a test helper fails and reports plainly")]

mod keyring;

use std::path::PathBuf;

pub use keyring::{Keyring, KeyringSession, keyring_session, without_session};

/// The folder or file at `path` below the shared folder, or `None` (with a line on standard error) where there is none.
///
/// # Panics
/// Under `CI=true`, when it is missing.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SATCHEL_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    if std::env::var("CI").is_ok_and(|ci| ci == "true") {
        panic!("{path} is missing below the folder of shared data");
    }
    eprintln!("skipped: {path} is not here");
    None
}
