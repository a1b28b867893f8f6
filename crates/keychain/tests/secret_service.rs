//! The system's key store, as it really is: each case runs this very binary again inside a session of its own.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use std::env;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crypto::Algorithm;
use keychain::{KeyKind, KeyStore, KeychainError, OsStore, Prompt};
use testkit::{Keyring, KeyringSession, without_session};
use types::Secret;

const INSIDE: &str = "SATCHEL_INSIDE_SESSION";

/// How often each thread asks where several ask at once.
const ROUNDS: u8 = 30;

/// Whether this process is the one inside the session.
fn inside() -> bool {
    env::var_os(INSIDE).is_some()
}

/// Runs the test `name` of this file by `command`, which must be made for this binary.
fn run(mut command: Command, name: &str) {
    let output = command.args(["--exact", name, "--nocapture"]).env(INSIDE, "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

fn run_in(keyring: Keyring, name: &str) {
    let folder = tempfile::tempdir().unwrap();
    if let Some(session) = KeyringSession::start(folder.path(), keyring) {
        run(session.command(env::current_exe().unwrap()), name);
    }
}

fn store() -> KeyStore {
    KeyStore::Os(OsStore::default())
}

#[test]
fn keys_go_in_and_come_out_and_go_away() {
    if !inside() {
        return run_in(Keyring::Unlocked, "keys_go_in_and_come_out_and_go_away");
    }
    let keys = KeyStore::os().unwrap();
    keys.put("vault_1/key", &Secret::new([9; 32])).unwrap();
    keys.put("vault_2/key", &Secret::new([8; 32])).unwrap();
    assert_eq!(keys.get("vault_1/key").unwrap().expose(), &[9; 32]);
    keys.put("vault_1/key", &Secret::new([7; 32])).unwrap();
    assert_eq!(keys.get("vault_1/key").unwrap().expose(), &[7; 32]);
    keys.delete("vault_1/key").unwrap();
    assert!(matches!(keys.get("vault_1/key"), Err(KeychainError::NoEntry)));
    assert!(matches!(keys.delete("vault_1/key"), Err(KeychainError::NoEntry)));
    assert_eq!(keys.get("vault_2/key").unwrap().expose(), &[8; 32]);
}

#[test]
fn signing_keys_of_every_kind_sign_and_stay_inside() {
    if !inside() {
        return run_in(Keyring::Unlocked, "signing_keys_of_every_kind_sign_and_stay_inside");
    }
    let keys = store();
    let kinds =
        [(KeyKind::Ed25519, Algorithm::EdDsa), (KeyKind::P256, Algorithm::Es256), (KeyKind::P384, Algorithm::Es384)];
    for (kind, algorithm) in kinds {
        let name = format!("sign/{algorithm:?}");
        let public = keys.make_key(&name, kind).unwrap();
        let signature = keys.sign(&name, algorithm, b"message").unwrap();
        public.verify(algorithm, b"message", &signature).unwrap();
        assert_eq!(keys.public(&name).unwrap().thumbprint(), public.thumbprint());
        assert!(matches!(keys.get(&name), Err(KeychainError::WrongKind)));
        assert!(matches!(keys.put(&name, &Secret::new([0; 32])), Err(KeychainError::WrongKind)));
        assert!(matches!(keys.make_key(&name, kind), Err(KeychainError::Exists)));
        assert!(matches!(keys.sign(&name, Algorithm::Rs256, b"message"), Err(KeychainError::WrongKind)));
    }
}

#[test]
fn no_bus_means_no_key_store() {
    if !inside() {
        let folder = tempfile::tempdir().unwrap();
        return run(without_session(folder.path(), env::current_exe().unwrap()), "no_bus_means_no_key_store");
    }
    assert!(matches!(KeyStore::os(), Err(KeychainError::Missing)));
    assert!(matches!(store().get("vault/key"), Err(KeychainError::Missing)));
}

#[test]
fn a_bus_without_a_service_means_no_key_store() {
    if !inside() {
        return run_in(Keyring::Absent, "a_bus_without_a_service_means_no_key_store");
    }
    assert!(matches!(KeyStore::os(), Err(KeychainError::Missing)));
    assert!(matches!(store().put("vault/key", &Secret::new([1; 32])), Err(KeychainError::Missing)));
}

#[test]
fn a_locked_collection_is_locked_and_nobody_is_asked() {
    const NAME: &str = "a_locked_collection_is_locked_and_nobody_is_asked";
    if !inside() {
        let folder = tempfile::tempdir().unwrap();
        let Some(unlocked) = KeyringSession::start(folder.path(), Keyring::Unlocked) else { return };
        run(unlocked.command(env::current_exe().unwrap()), NAME);
        drop(unlocked);
        let locked = KeyringSession::start(folder.path(), Keyring::Locked).unwrap();
        let mut again = locked.command(env::current_exe().unwrap());
        again.env("SATCHEL_LOCKED", "1");
        return run(again, NAME);
    }
    if env::var_os("SATCHEL_LOCKED").is_none() {
        return store().put("vault/key", &Secret::new([5; 32])).unwrap();
    }
    let begun = Instant::now();
    assert!(KeyStore::os().is_ok(), "it is there");
    assert!(matches!(store().get("vault/key"), Err(KeychainError::Locked)));
    let never = KeyStore::Os(OsStore { prompt: Prompt::Never, ..OsStore::default() });
    assert!(matches!(never.get("vault/key"), Err(KeychainError::Locked)));
    assert!(matches!(never.put("vault/other", &Secret::new([1; 32])), Err(KeychainError::Locked)));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_key_store_that_was_never_unlocked_has_no_entry() {
    if !inside() {
        return run_in(Keyring::Locked, "a_key_store_that_was_never_unlocked_has_no_entry");
    }
    assert!(matches!(store().get("vault/key"), Err(KeychainError::NoEntry)));
    assert!(matches!(store().put("vault/key", &Secret::new([1; 32])), Err(KeychainError::Missing)));
}

#[test]
fn a_key_store_that_does_not_answer_is_given_up_in_time() {
    const NAME: &str = "a_key_store_that_does_not_answer_is_given_up_in_time";
    if !inside() {
        let folder = tempfile::tempdir().unwrap();
        let Some(session) = KeyringSession::start(folder.path(), Keyring::Unlocked) else { return };
        session.freeze();
        return run(session.command(env::current_exe().unwrap()), NAME);
    }
    let keys = KeyStore::Os(OsStore { limit: Duration::from_millis(300), ..OsStore::default() });
    let begun = Instant::now();
    assert!(matches!(keys.get("vault/key"), Err(KeychainError::Timeout)));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

/// A key store that is asked by several at once says for a moment that it is locked, and that it was refused when it
/// asked. Nobody here could refuse: there is no display behind the name.
#[test]
fn several_that_ask_at_once_are_all_answered() {
    const NAME: &str = "several_that_ask_at_once_are_all_answered";
    if !inside() {
        let folder = tempfile::tempdir().unwrap();
        let Some(session) = KeyringSession::start(folder.path(), Keyring::Unlocked) else { return };
        let mut command = session.command(env::current_exe().unwrap());
        command.env("DISPLAY", ":4711");
        return run(command, NAME);
    }
    store().put("vault/key", &Secret::new([5; 32])).unwrap();
    thread::scope(|scope| {
        for writer in 0..2 {
            scope.spawn(move || {
                let name = format!("vault/other-{writer}");
                for turn in 0..ROUNDS {
                    store().put(&name, &Secret::new([turn; 32])).unwrap();
                    store().delete(&name).unwrap();
                }
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    assert_eq!(store().get("vault/key").unwrap().expose(), &[5; 32]);
                }
            });
        }
    });
}
