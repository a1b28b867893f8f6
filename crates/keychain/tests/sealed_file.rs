//! The sealed file: what it keeps, what it refuses, what a crash leaves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use std::fs;
use std::path::{Path, PathBuf};

use crypto::Algorithm;
use keychain::{KeyKind, KeyStore, KeychainError, SealedStore};
use proptest::prelude::*;
use tempfile::TempDir;
use types::Secret;

fn words(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

struct Made {
    _folder: TempDir,
    path: PathBuf,
    keys: KeyStore,
}

fn made() -> Made {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("private").join("keys.sealed");
    let store = SealedStore::create(&path, &words("open sesame")).unwrap();
    Made { _folder: folder, path, keys: KeyStore::Sealed(store) }
}

fn open(path: &Path, passphrase: &str) -> Result<KeyStore, KeychainError> {
    SealedStore::open(path, &words(passphrase)).map(KeyStore::Sealed)
}

fn sealed(keys: &KeyStore) -> &SealedStore {
    match keys {
        KeyStore::Sealed(store) => store,
        KeyStore::Os(_) => panic!("not a sealed file"),
    }
}

#[test]
fn keys_stay_over_opening_again() {
    let Made { path, keys, _folder } = made();
    keys.put("vault", &Secret::new([5; 32])).unwrap();
    let public = keys.make_key("trail", KeyKind::P384).unwrap();
    drop(keys);
    let keys = open(&path, "open sesame").unwrap();
    assert_eq!(keys.get("vault").unwrap().expose(), &[5; 32]);
    let signature = keys.sign("trail", Algorithm::Es384, b"m").unwrap();
    public.verify(Algorithm::Es384, b"m", &signature).unwrap();
    keys.delete("vault").unwrap();
    assert!(matches!(keys.get("vault"), Err(KeychainError::NoEntry)));
    assert!(matches!(keys.delete("vault"), Err(KeychainError::NoEntry)));
}

#[test]
fn nothing_readable_lies_in_the_folder() {
    let Made { path, keys, _folder } = made();
    keys.put("canary-name", &Secret::new([0x5a; 32])).unwrap();
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for canary in [b"canary".as_slice(), b"open sesame", &[0x5a; 8], b"WlpaWlpa"] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary));
        }
    }
}

#[cfg(unix)]
#[test]
fn the_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let made = made();
    made.keys.put("a", &Secret::new([1; 32])).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&made.path), 0o600);
    assert_eq!(mode(made.path.parent().unwrap()), 0o700);
}

#[test]
fn a_wrong_passphrase_and_a_damaged_file_are_two_things() {
    let Made { path, keys, _folder } = made();
    keys.put("vault", &Secret::new([5; 32])).unwrap();
    assert!(matches!(open(&path, "open Sesame"), Err(KeychainError::PassphraseWrong)));
    let good = fs::read(&path).unwrap();
    let damage = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
        open(&path, "open sesame").err().unwrap()
    };
    assert!(matches!(damage(&|b| b.truncate(0)), KeychainError::Damaged));
    assert!(matches!(damage(&|b| b.truncate(50)), KeychainError::Damaged));
    assert!(matches!(damage(&|b| b.truncate(b.len() - 1)), KeychainError::Damaged));
    assert!(matches!(damage(&|b| b.push(0)), KeychainError::Damaged));
    assert!(matches!(damage(&|b| b.resize(5 << 20, 0)), KeychainError::Damaged));
    assert!(matches!(damage(&|b| b[8] = 2), KeychainError::Newer));
    assert!(matches!(damage(&|b| b[12] = 1), KeychainError::Damaged));
    assert!(matches!(damage(&|b| b[25] ^= 1), KeychainError::Damaged));
    assert!(matches!(damage(&|b| *b.last_mut().unwrap() ^= 1), KeychainError::Damaged));
    fs::remove_file(&path).unwrap();
    assert!(matches!(open(&path, "open sesame"), Err(KeychainError::Missing)));
    fs::write(&path, good).unwrap();
    assert_eq!(open(&path, "open sesame").unwrap().get("vault").unwrap().expose(), &[5; 32]);
}

#[test]
fn an_older_copy_is_noticed() {
    let Made { path, keys, _folder } = made();
    keys.put("a", &Secret::new([1; 32])).unwrap();
    let old = fs::read(&path).unwrap();
    keys.put("b", &Secret::new([2; 32])).unwrap();
    let seen = sealed(&keys).generation();
    fs::write(&path, old).unwrap();
    assert!(matches!(keys.get("a"), Err(KeychainError::RolledBack)));
    assert!(matches!(keys.put("c", &Secret::new([3; 32])), Err(KeychainError::RolledBack)));
    let again = open(&path, "open sesame").unwrap();
    assert!(matches!(sealed(&again).require_generation(seen), Err(KeychainError::RolledBack)));
    assert!(sealed(&again).require_generation(seen - 1).is_ok());
}

#[test]
fn the_passphrase_can_be_changed() {
    let Made { path, keys, _folder } = made();
    keys.put("a", &Secret::new([1; 32])).unwrap();
    let other = open(&path, "open sesame").unwrap();
    sealed(&keys).change_passphrase(&words("another one")).unwrap();
    assert_eq!(keys.get("a").unwrap().expose(), &[1; 32]);
    assert!(matches!(open(&path, "open sesame"), Err(KeychainError::PassphraseWrong)));
    assert!(matches!(other.get("a"), Err(KeychainError::PassphraseWrong)));
    assert_eq!(open(&path, "another one").unwrap().get("a").unwrap().expose(), &[1; 32]);
}

#[test]
fn a_file_that_exists_is_never_replaced_by_a_new_one() {
    let made = made();
    made.keys.put("a", &Secret::new([1; 32])).unwrap();
    assert!(matches!(SealedStore::create(&made.path, &words("x")), Err(KeychainError::Exists)));
    assert!(open(&made.path, "open sesame").is_ok());
}

#[test]
fn a_half_written_replacement_does_no_harm() {
    let Made { path, keys, _folder } = made();
    keys.put("a", &Secret::new([1; 32])).unwrap();
    let half = path.with_file_name("keys.sealed.new");
    fs::write(&half, &fs::read(&path).unwrap()[..40]).unwrap();
    let keys = open(&path, "open sesame").unwrap();
    assert_eq!(keys.get("a").unwrap().expose(), &[1; 32]);
    keys.put("b", &Secret::new([2; 32])).unwrap();
    assert!(!half.exists());
}

#[test]
fn two_writers_lose_nothing() {
    let Made { path, keys, _folder } = made();
    std::thread::scope(|scope| {
        for writer in 0..4u8 {
            let path = &path;
            scope.spawn(move || {
                let keys = open(path, "open sesame").unwrap();
                for n in 0..5u8 {
                    keys.put(&format!("{writer}/{n}"), &Secret::new([writer * 16 + n; 32])).unwrap();
                }
            });
        }
    });
    for (writer, n) in (0..4u8).flat_map(|writer| (0..5u8).map(move |n| (writer, n))) {
        assert_eq!(keys.get(&format!("{writer}/{n}")).unwrap().expose(), &[writer * 16 + n; 32]);
    }
}

#[test]
fn keys_move_to_another_store_without_being_seen() {
    let (from, to) = (made(), made());
    from.keys.put("vault", &Secret::new([5; 32])).unwrap();
    let public = from.keys.make_key("trail", KeyKind::Ed25519).unwrap();
    from.keys.copy_to(&["vault", "trail"], &to.keys).unwrap();
    assert_eq!(to.keys.get("vault").unwrap().expose(), &[5; 32]);
    assert_eq!(to.keys.public("trail").unwrap().thumbprint(), public.thumbprint());
    assert!(matches!(from.keys.copy_to(&["none"], &to.keys), Err(KeychainError::NoEntry)));
}

#[test]
fn nothing_is_printed_of_a_store() {
    let made = made();
    made.keys.put("canary", &Secret::new([1; 32])).unwrap();
    let text = format!("{:?}", made.keys);
    assert!(!text.contains("canary") && !text.contains("sesame"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn foreign_bytes_are_refused_quietly(bytes in proptest::collection::vec(any::<u8>(), 0..200), with_magic: bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.sealed");
        let mut all = if with_magic { b"SATCHKEY\x01".to_vec() } else { Vec::new() };
        all.extend(bytes);
        fs::write(&path, all).unwrap();
        prop_assert!(open(&path, "x").is_err());
    }
}
