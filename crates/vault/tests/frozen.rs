//! Vaults of every version that was released open for ever, with all they had.
//!
//! `tests/frozen/` holds real files, one for each version of the schema, under the key of `support`. A new version
//! adds its file: `cargo test -p vault --test frozen -- --ignored` writes it. Files there are never written again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "support/made.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use audit::{Access, Action, Draft, Head, SignedHead, Who, append};
use support::{add_person, connection_id, key, lab, lab_json, made, now, person_id, pull_id};
use types::{CardId, GrantId, MandateId, OfferId, PairId, Secret};
use vault::{
    Attachment, AuthorityRow, CardRow, Lasting, ListQuery, MandateRow, OfferRow, PairRow, SCHEMA_VERSION, Tokens, Vault,
};

fn frozen(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/frozen/v{version}.vault"))
}

/// What every frozen file holds; later versions may add to it.
fn fill(vault: &mut Vault) {
    add_person(vault, 1);
    add_person(vault, 2);
    let page = [lab("a", "Glucose", 1), lab("b", "Presión arterial", 2)];
    vault.store_page(&pull_id(1), "Observation", &page, Some("page=2"), now()).unwrap();
    let mut newer = lab("a", "Glucose", 3);
    newer.version_id = Some("2".into());
    vault.store_page(&pull_id(1), "Observation", &[newer], Some("page=3"), now()).unwrap();
    let (person, connection) = (person_id(1), connection_id(1));
    let tokens = Tokens { access: Secret::new("token".into()), refresh: None, expires: Some(now()) };
    vault.set_tokens(&person, &connection, Some(&tokens)).unwrap();
    let item = vault.list(&person, &ListQuery::default()).unwrap().rows.remove(0).id;
    let file = Attachment { content_type: Some("text/plain".into()), bytes: b"hello".to_vec() };
    vault.put_attachment(&person, &item, 0, &file, now()).unwrap();
    vault.add_note(&person, &item, "a note", now()).unwrap();
    let card = CardRow {
        id: CardId::from_random([1; 16]),
        jws: "a.b.c".into(),
        connection: None,
        added: now(),
        removed: None,
    };
    vault.add_card(&person, &card).unwrap();
    vault.set_setting("look", "dark").unwrap();
    let entry = append(&Head::start(), Draft::done(Action::VaultMade), now());
    vault.append_audit(&entry, &SignedHead { head: entry.head(), signature: vec![1; 64] }).unwrap();
    fill_v3(vault);
    fill_v4(vault);
}

/// What files from version 3 on hold besides.
fn fill_v3(vault: &mut Vault) {
    let head = vault.audit_head().unwrap().unwrap().head;
    let released = vec!["Observation/a/_history/1".to_owned(), "Patient/p/_history/1".to_owned()];
    let access = Access { who: Some(Who::Owner), released, status: Some(200), ..Access::default() };
    let access = Some(Box::new(access.asked("GET", "Observation")));
    let entry = append(&head, Draft { access, ..Draft::done(Action::Answered) }, now());
    let mut writing = vault.write(Lasting::Settled).unwrap();
    writing.append_audit(&entry, &SignedHead { head: entry.head(), signature: vec![2; 64] }).unwrap();
    let row = |key: &str, json: Option<&str>| AuthorityRow {
        table: "once".into(),
        key: key.into(),
        json: json.map(str::to_owned),
    };
    writing.put_authority(&[row("a", Some("{}")), row("b", Some("{}"))]).unwrap();
    writing.put_authority(&[row("b", None)]).unwrap();
    let offer = OfferRow {
        id: OfferId::from_random([1; 16]),
        person: person_id(1),
        grant: GrantId::from_random([1; 16]),
        client: None,
        resource_type: "Observation".into(),
        received: now(),
        json: b"{}".to_vec(),
    };
    writing.add_offer(&offer).unwrap();
    writing.commit().unwrap();
}

/// What files from version 4 on hold besides.
fn fill_v4(vault: &mut Vault) {
    let person = person_id(1);
    let pair = PairRow {
        id: PairId::from_random([1; 16]),
        name: "Nora".into(),
        own_did: "did:key:own".into(),
        key_name: "pair-1".into(),
        made: now(),
        theirs: None,
        verdict: None,
        judged: None,
        contact: None,
    };
    vault.add_pair(&pair).unwrap();
    let mandate = MandateRow {
        id: MandateId::from_random([1; 16]),
        person: person.clone(),
        pair: pair.id,
        grant: Some(GrantId::from_random([1; 16])),
        connection: Some(connection_id(1)),
        state: "held".into(),
        details: "{}".into(),
        taken: now(),
        until: Some(now()),
        ended: None,
        erase_asked: None,
        erase_answer: None,
        erase_answered: None,
        erase_told: None,
    };
    vault.add_mandate(&mandate).unwrap();
    let seen = BTreeSet::from(["Observation/a".to_owned()]);
    assert_eq!(vault.mark_lapsed(&person, &connection_id(1), &seen, now()).unwrap(), 1);
}

#[test]
fn every_version_opens_with_all_it_had() {
    for version in 1..=SCHEMA_VERSION {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("satchel.vault");
        fs::copy(frozen(version), &path).unwrap();
        let vault = Vault::open(&path, &key()).unwrap();
        let person = person_id(1);
        assert_eq!(vault.people().unwrap().len(), 2);
        let page = vault.list(&person, &ListQuery { words: "presion".into(), ..ListQuery::default() }).unwrap();
        assert_eq!(page.total, 1);
        let rows = vault.list(&person, &ListQuery::default()).unwrap().rows;
        assert_eq!(rows.len(), 2);
        let older: Vec<_> =
            vault.item_versions(&person, &rows[0].id).unwrap().into_iter().map(|one| one.json).collect();
        assert_eq!(older, [lab_json("a", "Glucose", 1)], "to the byte");
        assert_eq!(vault.item(&person, &rows[0].id).unwrap().json, lab_json("a", "Glucose", 3));
        assert_eq!(vault.attachment(&person, &rows[0].id, 0).unwrap().unwrap().bytes, b"hello");
        assert_eq!(vault.notes(&person, &rows[0].id).unwrap()[0].text, "a note");
        assert_eq!(vault.tokens(&person, &connection_id(1)).unwrap().unwrap().access.expose(), "token");
        assert_eq!(vault.unfinished_pulls(&person).unwrap()[0].kinds[0].cursor.as_deref(), Some("page=3"));
        assert_eq!(vault.cards(&person).unwrap().len(), 1);
        assert_eq!(vault.setting("look").unwrap().as_deref(), Some("dark"));
        let entries = vault.audit_entries().unwrap();
        assert!(entries.iter().all(|entry| entry.hash == entry.computed_hash()), "the hashes of then hold");
        assert_eq!(entries.len(), if version < 3 { 1 } else { 2 });
        if version >= 3 {
            assert_eq!(entries[1].access.as_ref().unwrap().released.len(), 2);
            assert_eq!(vault.authority_since(0).unwrap().stamp, 2);
            assert_eq!(vault.offers(&person).unwrap().len(), 1);
        }
        let met = u32::from(version >= 4);
        assert_eq!((vault.pairs().unwrap().len(), vault.mandates().unwrap().len()), (met as usize, met as usize));
        assert_eq!(vault.lapsed_count(&person, &connection_id(1)).unwrap(), met);
        vault.examine().unwrap();
    }
}

#[test]
#[ignore = "writes the file of a new version"]
fn write_the_file_of_this_version() {
    let to = frozen(SCHEMA_VERSION);
    assert!(!to.exists(), "a frozen file is never written again");
    let mut made = made();
    fill(&mut made.vault);
    made.vault.close().unwrap();
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(&made.path, &to).unwrap();
}
