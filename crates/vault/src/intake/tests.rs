use types::Secret;

use super::*;
use crate::{Connected, ListQuery, Person};

/// Bytes that do not get fewer when they are squeezed.
fn incompressible(n: u32) -> Vec<u8> {
    (0..63).flat_map(|part: u32| crypto::sha256(&[n.to_be_bytes(), part.to_be_bytes()].concat())).collect()
}

fn draft(n: u32) -> ItemDraft {
    ItemDraft {
        resource_type: "Observation".into(),
        source_id: n.to_string(),
        kind: "lab".into(),
        text: "glucose".into(),
        json: incompressible(n).as_slice().into(),
        ..ItemDraft::default()
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_half_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = Vault::create(&folder.path().join("v"), &Secret::new([1; 32])).unwrap();
    let (person, connection) = (PersonId::from_random([1; 16]), ConnectionId::from_random([1; 16]));
    let pull = PullId::from_random([1; 16]);
    let now = Timestamp::UNIX_EPOCH;
    let (name, relation) = ("Ana".to_owned(), "me".to_owned());
    vault.add_person(&Person { id: person.clone(), name, relation, birth_date: None, created: now }).unwrap();
    let new = Connected {
        id: connection.clone(),
        name: "Clinic".into(),
        address: "https://ehr.example.org".into(),
        state: "ready".into(),
        scopes: String::new(),
        details: "{}".into(),
        created: now,
        last_pull: None,
    };
    vault.add_connection(&person, &new).unwrap();
    vault.begin_pull(&person, &connection, &pull, &[("Observation".into(), "lab".into())], now).unwrap();
    vault.store_page(&pull, "Observation", &[draft(0)], Some("second"), now).unwrap();

    let pages: i64 = vault.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    vault.connection.query_row(&format!("PRAGMA max_page_count = {}", pages + 20), [], |_| Ok(())).unwrap();
    let page: Vec<ItemDraft> = (1..500).map(draft).collect();
    let refused = vault.store_page(&pull, "Observation", &page, Some("third"), now);
    assert!(matches!(refused, Err(VaultError::DiskFull)), "{refused:?}");
    assert_eq!(vault.list(&person, &ListQuery::default()).unwrap().total, 1);
    let kind = vault.pull(&person, &pull).unwrap().kinds.remove(0);
    assert_eq!((kind.cursor.as_deref(), kind.seen), (Some("second"), 1));
    vault.examine().unwrap();

    vault.connection.query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(())).unwrap();
    assert_eq!(vault.store_page(&pull, "Observation", &page, None, now).unwrap().new, 499);
}
