//! The smaller tables: what is written reads back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "support/made.rs"]
mod support;

use audit::{Action, Broken, Draft, Head, SignedHead, Whole, Why, append, verify};
use crypto::{Algorithm, SigningKey};
use jiff::SignedDuration;
use support::{add_person, connection_id, lab, made, now, person_id, pull_id};
use types::{CardId, DidId, Secret};
use vault::{CardRow, DidRow, IssuerKeys, IssuerList, KindChange, ListQuery, Tokens, Vault, VaultError};

#[test]
fn people_keep_their_order_and_take_new_names() {
    let mut made = made();
    add_person(&mut made.vault, 1);
    add_person(&mut made.vault, 2);
    made.vault.rename_person(&person_id(1), "Ana María").unwrap();
    let names: Vec<_> = made.vault.people().unwrap().into_iter().map(|person| person.name).collect();
    assert_eq!(names, ["Ana María", "Person 2"]);
    assert!(matches!(made.vault.rename_person(&person_id(3), "x"), Err(VaultError::Unknown)));
    assert!(matches!(made.vault.list(&person_id(3), &ListQuery::default()), Err(VaultError::Unknown)));
}

#[test]
fn tokens_come_back_and_can_be_wiped() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let (person, connection) = (person_id(1), connection_id(1));
    assert!(vault.tokens(&person, &connection).unwrap().is_none());
    let tokens = Tokens {
        access: Secret::new("access".into()),
        refresh: Some(Secret::new("refresh".into())),
        expires: Some(now()),
    };
    vault.set_tokens(&person, &connection, Some(&tokens)).unwrap();
    let held = vault.tokens(&person, &connection).unwrap().unwrap();
    assert_eq!(held.access.expose(), "access");
    assert_eq!(held.refresh.unwrap().expose(), "refresh");
    assert_eq!(held.expires, Some(now()));
    vault.set_tokens(&person, &connection, None).unwrap();
    assert!(vault.tokens(&person, &connection).unwrap().is_none());

    let mut row = vault.connection(&person, &connection).unwrap();
    row.state = "needsSignIn".into();
    row.name = "Other".into();
    vault.update_connection(&person, &row).unwrap();
    assert_eq!(vault.connections(&person).unwrap(), [row]);
}

#[test]
fn an_unfinished_pull_is_found_again_and_goes_on_where_it_stood() {
    let mut made = made();
    add_person(&mut made.vault, 1);
    let person = person_id(1);
    made.vault.store_page(&pull_id(1), "Observation", &[lab("a", "Glucose", 1)], Some("page=2"), now()).unwrap();
    let change = KindChange { expected: Some(40), new: 1, failed: 2, ..KindChange::default() };
    made.vault.change_kind(&person, &pull_id(1), "Observation", &change).unwrap();
    made.vault.set_pull_stage(&person, &pull_id(1), "paused").unwrap();
    // No farewell: the process ends.
    drop(made.vault);
    let mut vault = Vault::open(&made.path, &support::key()).unwrap();
    let pull = vault.unfinished_pulls(&person).unwrap().remove(0);
    assert_eq!((pull.id.clone(), pull.stage.as_str()), (pull_id(1), "paused"));
    let kind = &pull.kinds[0];
    assert_eq!((kind.cursor.as_deref(), kind.outcome.as_str()), (Some("page=2"), "running"));
    assert_eq!((kind.seen, kind.new, kind.expected, kind.failed), (4, 2, Some(40), 2));
    vault.store_page(&pull.id, "Observation", &[lab("b", "Sodium", 2)], None, now()).unwrap();
    vault.end_pull(&person, &pull.id, "done", None, now()).unwrap();
    assert_eq!(vault.unfinished_pulls(&person).unwrap(), []);
    assert_eq!(vault.last_pull(&person, &connection_id(1)).unwrap().unwrap().ended, Some(now()));
    assert!(matches!(vault.end_pull(&person, &pull.id, "done", None, now()), Err(VaultError::Unknown)));
}

#[test]
fn a_pull_that_was_interrupted_goes_on_for_a_day_and_is_ended_then() {
    let mut made = made();
    add_person(&mut made.vault, 1);
    let (person, connection) = (person_id(1), connection_id(1));
    made.vault.store_page(&pull_id(1), "Observation", &[lab("a", "Glucose", 1)], Some("page=2"), now()).unwrap();
    let change = |outcome: &str, error: Option<&str>| KindChange {
        outcome: Some(outcome.into()),
        error: error.map(str::to_owned),
        ..KindChange::default()
    };
    made.vault.change_kind(&person, &pull_id(1), "Observation", &change("failed", Some("{}"))).unwrap();
    made.vault.set_pull_stage(&person, &pull_id(1), "paused").unwrap();

    let hours = |hours| now() + jiff::SignedDuration::from_hours(hours);
    let resumed = made.vault.resume_pull(&person, &connection, hours(23)).unwrap().unwrap();
    assert_eq!((&resumed.id, resumed.stage.as_str()), (&pull_id(1), "running"));
    assert_eq!(resumed.kinds[0].cursor.as_deref(), Some("page=2"));
    assert_eq!(resumed.kinds[0].error.as_deref(), Some("{}"));
    made.vault.change_kind(&person, &pull_id(1), "Observation", &change("done", None)).unwrap();
    assert_eq!(
        made.vault.pull(&person, &pull_id(1)).unwrap().kinds[0].error,
        None,
        "what came in the end has no error"
    );

    assert_eq!(made.vault.resume_pull(&person, &connection, hours(24)).unwrap(), None);
    let ended = made.vault.last_pull(&person, &connection).unwrap().unwrap();
    assert_eq!((ended.stage.as_str(), ended.ended), ("stopped", Some(hours(24))));
    assert_eq!(made.vault.connection(&person, &connection).unwrap().last_pull, None, "nothing was brought in whole");
    assert_eq!(made.vault.resume_pull(&person, &connection, hours(48)).unwrap(), None);
}

#[test]
fn dids_are_retired_once() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let person = person_id(1);
    let did = |n: u8| DidRow {
        id: DidId::from_random([n; 16]),
        name: "Main".into(),
        did: format!("did:key:z{n}"),
        method: "key".into(),
        key_name: format!("key-{n}"),
        public_jwk: "{}".into(),
        created: now(),
        retired: None,
        replaced_by: None,
    };
    vault.add_did(&person, &did(1)).unwrap();
    vault.add_did(&person, &did(2)).unwrap();
    vault.retire_did(&person, &did(1).id, Some(&did(2).id), now()).unwrap();
    assert!(matches!(vault.retire_did(&person, &did(1).id, None, now()), Err(VaultError::Unknown)));
    vault.rename_did(&person, &did(2).id, "New").unwrap();
    let all = vault.dids(&person).unwrap();
    assert_eq!((all[0].retired, all[0].replaced_by.clone()), (Some(now()), Some(did(2).id)));
    assert_eq!(vault.did(&person, &did(2).id).unwrap().name, "New");
}

#[test]
fn a_removed_card_can_come_back_until_it_is_wiped() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let person = person_id(1);
    let card = CardRow {
        id: CardId::from_random([1; 16]),
        jws: "a.b.c".into(),
        connection: Some(connection_id(1)),
        added: now(),
        removed: None,
    };
    vault.add_card(&person, &card).unwrap();
    vault.set_card_removed(&person, &card.id, Some(now())).unwrap();
    assert_eq!(vault.wipe_cards_removed_before(&person, now()).unwrap(), 0);
    vault.set_card_removed(&person, &card.id, None).unwrap();
    let held = vault.card_by_jws(&person, "a.b.c").unwrap().unwrap();
    assert_eq!(held, card);
    vault.set_card_removed(&person, &card.id, Some(now())).unwrap();
    let later = now() + SignedDuration::from_secs(1);
    assert_eq!(vault.wipe_cards_removed_before(&person, later).unwrap(), 1);
    assert!(matches!(vault.card(&person, &card.id), Err(VaultError::Unknown)));
}

#[test]
fn issuers_read_back() {
    let mut made = made();
    let vault = &mut made.vault;
    let mut keys = IssuerKeys {
        issuer: "https://spec.smarthealth.cards/examples/issuer".into(),
        name: Some("Example Issuer".into()),
        jwks: "{\"keys\":[]}".into(),
        origin: "directory".into(),
        fetched: now(),
    };
    vault.put_issuer_keys(std::slice::from_ref(&keys)).unwrap();
    keys.origin = "fetched".into();
    vault.put_issuer_keys(&[IssuerKeys { name: None, ..keys.clone() }]).unwrap();
    assert_eq!(vault.issuer_keys(&keys.issuer).unwrap(), Some(keys.clone()), "the name stays");
    assert_eq!(vault.issuer_keys("https://other.example").unwrap(), None);
    let list = IssuerList { issuer: keys.issuer, kid: "k".into(), list: "{}".into(), fetched: now() };
    vault.put_issuer_list(&list).unwrap();
    assert_eq!(vault.issuer_list(&list.issuer, "k").unwrap(), Some(list));
}

#[test]
fn the_trail_is_kept_whole_and_a_stale_head_is_refused() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    add_person(vault, 2);
    let key = SigningKey::ed25519(&Secret::new([3; 32]));
    let sign = |head: Head| SignedHead { signature: key.sign(&head.message()).unwrap(), head };
    assert_eq!(vault.audit_head().unwrap(), None);
    for n in 0..20u8 {
        let head = vault.audit_head().unwrap().map_or_else(Head::start, |signed| signed.head);
        let person = match n % 3 {
            0 => None,
            other => Some(person_id(other)),
        };
        let counts = [("new".to_owned(), u32::from(n))].into();
        let draft = Draft { person, subject: Some(format!("con_{n}")), counts, ..Draft::done(Action::Pulled) };
        let entry = append(&head, draft, now() + SignedDuration::from_nanos(i64::from(n) * 1_234_567));
        vault.append_audit(&entry, &sign(entry.head())).unwrap();
        assert!(matches!(vault.append_audit(&entry, &sign(entry.head())), Err(VaultError::Conflict)));
    }
    let public = key.public_jwk().verifying_key(Algorithm::EdDsa).unwrap();
    let head = vault.audit_head().unwrap().unwrap();
    let entries = vault.audit_entries().unwrap();
    assert_eq!(verify(entries.clone(), Some(&head), &public, None), Ok(Whole { entries: 20 }));
    let cut = entries[..7].to_vec();
    assert_eq!(verify(cut, Some(&head), &public, None), Err(Broken { at_seq: 8, why: Why::Missing }));

    let page = vault.audit_page(&person_id(1), 2, 5).unwrap();
    assert_eq!(page.total, 14);
    let seqs: Vec<u64> = page.entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [17, 16, 14, 13, 11]);
    assert!(page.entries.iter().all(|entry| entry.person.as_ref() != Some(&person_id(2))));
}

#[test]
fn settings_and_notes_read_back() {
    let mut made = made();
    let vault = &mut made.vault;
    assert_eq!(vault.setting("look").unwrap(), None);
    vault.set_setting("look", "dark").unwrap();
    vault.set_setting("look", "light").unwrap();
    assert_eq!(vault.setting("look").unwrap().as_deref(), Some("light"));
    add_person(vault, 1);
    vault.store_page(&pull_id(1), "Observation", &[lab("a", "Glucose", 1)], None, now()).unwrap();
    let item = vault.list(&person_id(1), &ListQuery::default()).unwrap().rows.remove(0).id;
    let note = vault.add_note(&person_id(1), &item, "after breakfast", now()).unwrap();
    assert_eq!(vault.notes(&person_id(1), &item).unwrap()[0].text, "after breakfast");
    vault.remove_note(&person_id(1), &item, note).unwrap();
    assert_eq!(vault.notes(&person_id(1), &item).unwrap(), []);
}
