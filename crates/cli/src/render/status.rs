use wallet::views::{KeychainFault, LockReason, Look, Protection, Status, VaultState};

use super::Page;
use super::people::each_person;
use crate::dates;
use crate::words::Words;

/// Where the wallet stands.
pub(crate) fn status(words: Words, status: &Status) -> String {
    let mut page = Page::default();
    page.line(match status.state {
        VaultState::Absent => words.text("status.absent"),
        VaultState::Open => words.text("status.open"),
        VaultState::Locked => match status.locked.as_ref().map(|locked| &locked.reason) {
            Some(LockReason::Asked) => words.text("status.lockedEverywhere"),
            Some(LockReason::Started | LockReason::Idle) | None => words.text("status.closed"),
        },
        VaultState::KeychainProblem => match status.fault {
            Some(KeychainFault::Missing) | None => words.text("status.keychainMissing"),
            Some(KeychainFault::Locked) => words.text("status.keychainLocked"),
            Some(KeychainFault::Refused) => words.text("status.keychainRefused"),
            Some(KeychainFault::KeyGone) => words.text("status.keyGone"),
        },
    });
    match status.protection {
        Some(Protection::Keychain) => page.line(words.text("status.keychain")),
        Some(Protection::Passphrase) => page.line(words.text("status.passphrase")),
        None => {}
    }
    if let Some(at) = status.locked.as_ref().and_then(|locked| locked.at.as_deref()) {
        page.line(&words.fill("status.lockedAt", &[("at", &dates::instant(words, at))]));
    }
    if !status.people.is_empty() {
        page.gap();
        each_person(words, status, &mut page);
    }
    page.gap();
    page.line(&words.fill("status.version", &[("version", &status.version)]));
    page.into()
}

/// Language, theme, locking.
pub(crate) fn look(words: Words, look: &Look) -> String {
    let mut page = Page::default();
    let language = match look.language.as_str() {
        "en" => words.text("look.en"),
        "es" => words.text("look.es"),
        _ => words.text("look.system"),
    };
    let theme = match look.theme.as_str() {
        "light" => words.text("look.light"),
        "dark" => words.text("look.dark"),
        _ => words.text("look.system"),
    };
    let lock = match look.auto_lock_minutes {
        0 => words.text("look.lockNever").to_owned(),
        minutes => words.count("look.lock", minutes),
    };
    let shortcuts = if look.single_key_shortcuts { words.text("look.on") } else { words.text("look.off") };
    page.fact(words, words.text("look.language"), Some(language));
    page.fact(words, words.text("look.theme"), Some(theme));
    page.fact(words, words.text("look.autoLock"), Some(&lock));
    page.fact(words, words.text("look.shortcuts"), Some(shortcuts));
    page.into()
}
