//! Opening: every way it can fail has its own name, and none of them costs data.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "support/made.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use support::{add_person, key, lab, made, now, person_id, pull_id};
use types::Secret;
use vault::{ListQuery, OpenError, SCHEMA_VERSION, Vault, VaultError};

fn fill(vault: &mut Vault) {
    add_person(vault, 1);
    let page: Vec<_> = (0..300).map(|n| lab(&format!("r{n}"), "Glucose", n)).collect();
    vault.store_page(&pull_id(1), "Observation", &page, Some("next"), now()).unwrap();
}

fn total(vault: &Vault) -> u32 {
    vault.list(&person_id(1), &ListQuery::default()).unwrap().total
}

fn failure(path: &Path) -> OpenError {
    Vault::open(path, &key()).unwrap_err()
}

#[test]
fn a_closed_vault_opens_with_all_it_had() {
    let mut made = made();
    fill(&mut made.vault);
    made.vault.close().unwrap();
    let left: Vec<_> = fs::read_dir(made.folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}: the vault and its key check");
    let vault = Vault::open(&made.path, &key()).unwrap();
    assert_eq!(total(&vault), 300);
    assert_eq!(vault.pull(&person_id(1), &pull_id(1)).unwrap().kinds[0].cursor.as_deref(), Some("next"));
    vault.examine().unwrap();
}

#[test]
fn a_vault_is_never_made_over_another_one() {
    let mut made = made();
    fill(&mut made.vault);
    assert!(matches!(Vault::create(&made.path, &Secret::new([1; 32])), Err(OpenError::Present)));
    assert_eq!(total(&made.vault), 300);
}

#[test]
fn absent_wrong_key_and_damaged_are_three_things() {
    let mut made = made();
    fill(&mut made.vault);
    made.vault.close().unwrap();
    assert!(matches!(Vault::open(&made.path, &Secret::new([1; 32])), Err(OpenError::WrongKey)));
    assert!(matches!(failure(&made.folder.path().join("other")), OpenError::Absent));

    let good = fs::read(&made.path).unwrap();
    let damaged = |bytes: &[u8]| {
        fs::write(&made.path, bytes).unwrap();
        failure(&made.path)
    };
    assert!(matches!(damaged(&[]), OpenError::Damaged));
    assert!(matches!(damaged(&good[..100]), OpenError::Damaged));
    assert!(matches!(damaged(&[0; 16384]), OpenError::Damaged));
    let mut flipped = good.clone();
    flipped[100] ^= 1;
    assert!(matches!(damaged(&flipped), OpenError::Damaged));
    assert!(matches!(Vault::open(&made.path, &Secret::new([1; 32])), Err(OpenError::WrongKey)));

    // Without the key check the two cannot be told apart, and the milder one is said.
    let check = made.folder.path().join("satchel.vault.check");
    fs::remove_file(&check).unwrap();
    assert!(matches!(failure(&made.path), OpenError::WrongKey));
    fs::write(&made.path, good).unwrap();
    assert_eq!(total(&Vault::open(&made.path, &key()).unwrap()), 300);
    assert!(check.exists(), "the check is made again");
}

#[test]
fn a_vault_cut_short_or_changed_inside_says_so_when_it_is_read() {
    let mut made = made();
    fill(&mut made.vault);
    made.vault.close().unwrap();
    let good = fs::read(&made.path).unwrap();
    for cut in [good.len() / 2, good.len() - 8192] {
        fs::write(&made.path, &good[..cut]).unwrap();
        let opened = Vault::open(&made.path, &key());
        let told = match &opened {
            Err(OpenError::Damaged) => true,
            Err(other) => panic!("{other:?}"),
            Ok(vault) => matches!(vault.examine(), Err(VaultError::Damaged(_))),
        };
        assert!(told, "cut at {cut}");
    }
    let mut found = 0;
    for page in 1..good.len() / 8192 {
        let mut bytes = good.clone();
        bytes[page * 8192 + 2000] ^= 1;
        fs::write(&made.path, bytes).unwrap();
        match Vault::open(&made.path, &key()) {
            Err(OpenError::Damaged) => found += 1,
            Err(other) => panic!("page {page}: {other:?}"),
            Ok(vault) => {
                let read = vault.list(&person_id(1), &ListQuery::default());
                assert!(matches!(read, Ok(_) | Err(VaultError::Damaged(_))), "page {page}: {read:?}");
                assert!(matches!(vault.examine(), Err(VaultError::Damaged(_))), "page {page}");
                found += 1;
            }
        }
    }
    assert_eq!(found, good.len() / 8192 - 1);
}

#[test]
fn a_vault_of_a_newer_program_is_left_alone() {
    let mut made = made();
    fill(&mut made.vault);
    made.vault.close().unwrap();
    let other = rusqlite::Connection::open(&made.path).unwrap();
    let hex = "2a".repeat(32);
    other.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_page_size = 8192; PRAGMA cipher_hmac_algorithm = HMAC_SHA256; PRAGMA user_version = {};", SCHEMA_VERSION + 1)).unwrap();
    drop(other);
    let before = fs::read(&made.path).unwrap();
    match failure(&made.path) {
        OpenError::Newer { found, known } => assert_eq!((found, known), (SCHEMA_VERSION + 1, SCHEMA_VERSION)),
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read(&made.path).unwrap(), before);
}

#[test]
fn a_database_of_somebody_else_is_not_a_vault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    let hex = "2a".repeat(32);
    other.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_page_size = 8192; PRAGMA cipher_hmac_algorithm = HMAC_SHA256; CREATE TABLE t (a);")).unwrap();
    drop(other);
    assert!(matches!(failure(&path), OpenError::Damaged));
}

#[test]
fn who_waits_too_long_for_another_process_is_told() {
    let mut made = made();
    fill(&mut made.vault);
    let other = rusqlite::Connection::open(&made.path).unwrap();
    let hex = "2a".repeat(32);
    other.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_page_size = 8192; PRAGMA cipher_hmac_algorithm = HMAC_SHA256; BEGIN IMMEDIATE; CREATE TABLE t (a);")).unwrap();
    made.vault.wait_at_most(Duration::from_millis(200)).unwrap();
    let begun = Instant::now();
    assert!(matches!(made.vault.set_setting("a", "b"), Err(VaultError::InUse)));
    assert!(begun.elapsed() >= Duration::from_millis(150));
    assert_eq!(total(&made.vault), 300, "reading goes on meanwhile");
    other.execute_batch("ROLLBACK").unwrap();
    made.vault.set_setting("a", "b").unwrap();
}

#[cfg(unix)]
#[test]
fn the_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("satchel.vault");
    let mut vault = Vault::create(&path, &key()).unwrap();
    fill(&mut vault);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    vault.close().unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let _vault = Vault::open(&path, &key()).unwrap();
    assert_eq!(mode(&path), 0o600);
}
