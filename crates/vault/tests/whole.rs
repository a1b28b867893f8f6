//! Items whole: every version, every file, and names that tell nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say plainly what they expect")]

#[path = "support/made.rs"]
mod support;

use std::collections::BTreeSet;

use support::{add_person, key, lab, made, now, person_id, pull_id};
use vault::{Attachment, ListQuery, Vault, VaultError, WholeItem};

fn whole(vault: &Vault, person: u8) -> Vec<WholeItem> {
    let mut items = Vec::new();
    vault
        .whole_items(&person_id(person), |item| {
            items.push(item);
            Ok::<(), VaultError>(())
        })
        .unwrap();
    items
}

#[test]
fn an_item_comes_with_all_its_versions_and_files() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    add_person(vault, 2);
    vault.store_page(&pull_id(1), "Observation", &[lab("a", "One", 1), lab("b", "Two", 2)], Some("2"), now()).unwrap();
    vault.store_page(&pull_id(2), "Observation", &[lab("a", "Hers", 1)], Some("2"), now()).unwrap();
    let later = now() + jiff::SignedDuration::from_hours(1);
    let mut newer = lab("a", "One, corrected", 3);
    newer.version_id = Some("2".into());
    vault.store_page(&pull_id(1), "Observation", &[newer], Some("3"), later).unwrap();
    let rows = vault.list(&person_id(1), &ListQuery { words: "two".into(), ..ListQuery::default() }).unwrap().rows;
    let file = Attachment { content_type: Some("text/plain".into()), bytes: b"hello".to_vec() };
    vault.put_attachment(&person_id(1), &rows[0].id, 0, &file, later).unwrap();

    let items = whole(vault, 1);
    assert_eq!(items.iter().map(|item| item.source_id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    let received: Vec<_> = items[0].versions.iter().map(|version| version.received).collect();
    assert_eq!(received, [now(), later]);
    assert!(String::from_utf8(items[0].versions[1].json.clone()).unwrap().contains("corrected"));
    assert_eq!((items[1].files[0].bytes.as_slice(), items[1].files[0].received), (b"hello".as_slice(), later));
    assert_eq!(items[1].id, rows[0].id);
    assert_eq!(whole(vault, 2).len(), 1, "nobody else's");
    assert!(vault.whole_items(&person_id(9), |_| Ok::<(), VaultError>(())).is_err());
}

#[test]
fn names_stay_the_same_and_tell_no_order() {
    let mut made = made();
    add_person(&mut made.vault, 1);
    let page: Vec<_> = (0..200).map(|n| lab(&n.to_string(), "Glucose", n)).collect();
    made.vault.store_page(&pull_id(1), "Observation", &page, Some("2"), now()).unwrap();
    let names: Vec<[u8; 16]> = whole(&made.vault, 1).iter().map(|item| item.marks.name).collect();
    let seeds: Vec<[u8; 16]> = whole(&made.vault, 1).iter().map(|item| item.marks.seed).collect();
    assert_eq!(names.iter().chain(&seeds).collect::<BTreeSet<_>>().len(), 400, "no two are the same");
    assert!(!names.is_sorted());
    made.vault.close().unwrap();
    let again = Vault::open(&made.path, &key()).unwrap();
    assert_eq!(whole(&again, 1).iter().map(|item| item.marks.name).collect::<Vec<_>>(), names);
    let other = self::made();
    let mut vault = other.vault;
    add_person(&mut vault, 1);
    vault.store_page(&pull_id(1), "Observation", &page, Some("2"), now()).unwrap();
    assert!(whole(&vault, 1).iter().all(|item| !names.contains(&item.marks.name)), "another file, other names");
}
