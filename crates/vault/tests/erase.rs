//! What is erased is gone: from the lists, the search words, the orders and the file; and nothing else is.
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

use support::{add_person, connection_id, lab, made, now, person_id, pull_id};
use types::{CardId, ConnectionId, ContactId, DidId, GrantId, MandateId, PairId, PullId, Secret};
use vault::{
    Attachment, CardRow, Connected, DidRow, ListQuery, MandateRow, PairRow, TheirCard, Tokens, Vault, VaultError,
};

const CANARY: &str = "Vogelsangine";

/// Person 1 with a second source, whose items say the canary.
fn lent(vault: &mut Vault) -> ConnectionId {
    add_person(vault, 1);
    add_person(vault, 2);
    let (person, id) = (person_id(1), connection_id(9));
    let row =
        Connected { id: id.clone(), name: "Mother".into(), ..vault.connection(&person, &connection_id(1)).unwrap() };
    vault.add_connection(&person, &row).unwrap();
    let pull = PullId::from_random([9; 16]);
    vault.begin_pull(&person, &id, &pull, &[("Observation".to_owned(), "lab".to_owned())], now()).unwrap();
    let mut page = vec![lab("a", CANARY, 1), lab("b", "Sodium", 2)];
    for draft in &mut page {
        draft.json = format!("{{\"note\":\"{CANARY}\"}}").as_bytes().into();
        draft.references = vec!["Patient/p".into()];
    }
    vault.store_page(&pull, "Observation", &page, Some("next"), now()).unwrap();
    page[0].json = format!("{{\"note\":\"{CANARY} again\"}}").as_bytes().into();
    page[0].version_id = Some("2".into());
    vault.store_page(&pull, "Observation", &page, None, now()).unwrap();
    let tokens = Tokens { access: Secret::new(CANARY.into()), refresh: None, expires: None };
    vault.set_tokens(&person, &id, Some(&tokens)).unwrap();
    let item = vault.list(&person, &ListQuery { source: Some(id.clone()), ..ListQuery::default() }).unwrap().rows[0]
        .id
        .clone();
    let file = Attachment { content_type: None, bytes: CANARY.as_bytes().to_vec() };
    vault.put_attachment(&person, &item, 0, &file, now()).unwrap();
    vault.add_note(&person, &item, CANARY, now()).unwrap();
    let own = [lab("own", "Potassium", 3)];
    vault.store_page(&pull_id(1), "Observation", &own, None, now()).unwrap();
    vault.store_page(&pull_id(2), "Observation", &own, None, now()).unwrap();
    let card = CardRow {
        id: CardId::from_random([1; 16]),
        jws: CANARY.into(),
        connection: Some(id.clone()),
        added: now(),
        removed: None,
    };
    vault.add_card(&person, &card).unwrap();
    id
}

fn found(vault: &Vault, words: &str) -> u32 {
    vault.list(&person_id(1), &ListQuery { words: words.into(), ..ListQuery::default() }).unwrap().total
}

#[test]
fn the_number_of_an_item_that_was_erased_is_given_to_no_other() {
    let mut made = made();
    let (vault, person) = (&mut made.vault, person_id(1));
    add_person(vault, 1);
    let source = connection_id(1);
    let ids = |vault: &Vault| -> BTreeSet<_> {
        vault.list(&person, &ListQuery::default()).unwrap().rows.into_iter().map(|row| row.id).collect()
    };
    let page = [lab("a", "Sodium", 1), lab("b", "Sodium", 2)];
    vault.store_page(&pull_id(1), "Observation", &page, None, now()).unwrap();
    let (before, row) = (ids(vault), vault.connection(&person, &source).unwrap());
    vault.erase_source(&person, &source).unwrap();
    vault.add_connection(&person, &row).unwrap();
    support::begin(vault, 1, 7);
    vault.store_page(&pull_id(7), "Observation", &page, None, now()).unwrap();
    let after = ids(vault);
    assert_eq!((before.len(), after.len()), (2, 2));
    assert!(before.is_disjoint(&after), "an id that was noted somewhere must not name something else");
}

#[test]
fn a_source_that_is_erased_leaves_nothing_and_takes_nothing_else() {
    let mut made = made();
    let id = lent(&mut made.vault);
    let (vault, person) = (&mut made.vault, person_id(1));
    let before = vault.record_stamp().unwrap();
    assert_eq!((found(vault, CANARY), found(vault, "Potassium")), (1, 1));
    assert_eq!(vault.erase_source(&person, &id).unwrap(), 2);
    assert!(vault.record_stamp().unwrap() > before, "whoever holds a view sees that the record changed");
    assert_eq!((found(vault, CANARY), found(vault, "Potassium"), found(vault, "")), (0, 1, 1));
    assert!(matches!(vault.connection(&person, &id), Err(VaultError::Unknown)));
    assert!(vault.cards(&person).unwrap().is_empty());
    assert!(matches!(vault.erase_source(&person, &id), Err(VaultError::Unknown)));
    assert!(matches!(vault.erase_source(&person, &connection_id(2)), Err(VaultError::Unknown)), "somebody else's");
    vault.examine().unwrap();
    // What comes afterwards is news again.
    let stamp = vault.record_stamp().unwrap();
    vault
        .begin_pull(
            &person,
            &connection_id(1),
            &PullId::from_random([3; 16]),
            &[("Observation".into(), "lab".into())],
            now(),
        )
        .unwrap();
    vault.store_page(&PullId::from_random([3; 16]), "Observation", &[lab("new", "Sodium", 1)], None, now()).unwrap();
    assert!(vault.record_stamp().unwrap() > stamp);
    assert_eq!(found(vault, "Sodium"), 1);
}

#[test]
fn a_person_who_is_erased_leaves_nothing_and_takes_nobody_else() {
    let mut made = made();
    lent(&mut made.vault);
    let (vault, person) = (&mut made.vault, person_id(1));
    let did = DidRow {
        id: DidId::from_random([1; 16]),
        name: "1".into(),
        did: "did:key:a".into(),
        method: "key".into(),
        key_name: "did-1".into(),
        public_jwk: "{}".into(),
        created: now(),
        retired: None,
        replaced_by: None,
    };
    vault.add_did(&person, &did).unwrap();
    vault.add_mandate(&mandate(1)).unwrap();
    let erased = vault.erase_person(&person).unwrap();
    assert_eq!((erased.items, erased.key_names), (3, vec!["did-1".to_owned()]));
    assert_eq!(vault.people().unwrap().len(), 1);
    assert!(vault.mandates().unwrap().is_empty());
    assert!(matches!(vault.list(&person, &ListQuery::default()), Err(VaultError::Unknown)));
    assert_eq!(vault.list(&person_id(2), &ListQuery::default()).unwrap().total, 1);
    assert!(matches!(vault.erase_person(&person), Err(VaultError::Unknown)));
    vault.examine().unwrap();
    // Another person may come, and is found nothing of.
    add_person(vault, 3);
    assert_eq!(
        vault.list(&person_id(3), &ListQuery { words: CANARY.into(), ..ListQuery::default() }).unwrap().total,
        0
    );
}

fn mandate(n: u8) -> MandateRow {
    MandateRow {
        id: MandateId::from_random([n; 16]),
        person: person_id(1),
        pair: PairId::from_random([1; 16]),
        grant: Some(GrantId::from_random([1; 16])),
        connection: Some(connection_id(9)),
        state: "held".into(),
        details: "{}".into(),
        taken: now(),
        until: Some(now()),
        ended: None,
        erase_asked: None,
        erase_answer: None,
        erase_answered: None,
        erase_told: None,
    }
}

#[test]
fn a_mandate_is_held_once_and_says_what_became_of_it() {
    let mut made = made();
    add_person(&mut made.vault, 1);
    let vault = &mut made.vault;
    vault.add_mandate(&mandate(1)).unwrap();
    assert!(matches!(vault.add_mandate(&mandate(2)), Err(VaultError::Conflict)), "the same grant of the same giver");
    let ended = MandateRow {
        connection: None,
        state: "ended".into(),
        ended: Some(now()),
        erase_asked: Some(now()),
        erase_answer: Some("erased".into()),
        erase_answered: Some(now()),
        erase_told: Some(now()),
        ..mandate(1)
    };
    vault.update_mandate(&ended).unwrap();
    assert_eq!(vault.mandate(&ended.id).unwrap(), ended);
    assert_eq!(vault.mandates().unwrap(), [ended]);
    assert!(matches!(vault.update_mandate(&mandate(3)), Err(VaultError::Unknown)));
}

#[test]
fn a_pair_gets_their_card_once_and_no_card_stands_twice() {
    let mut made = made();
    let vault = &mut made.vault;
    let blank = |n: u8| PairRow {
        id: PairId::from_random([n; 16]),
        name: "Nora".into(),
        own_did: format!("did:key:own{n}"),
        key_name: format!("pair-{n}"),
        made: now(),
        theirs: None,
        verdict: None,
        judged: None,
        contact: None,
    };
    vault.add_pair(&blank(1)).unwrap();
    assert!(matches!(vault.add_pair(&blank(1)), Err(VaultError::Conflict)));
    vault.add_pair(&blank(2)).unwrap();
    let theirs = Some(TheirCard {
        did: "did:key:theirs".into(),
        name: "Nora Calder".into(),
        server: None,
        card: "a.b.c".into(),
        met: now(),
    });
    let met = PairRow {
        theirs: theirs.clone(),
        verdict: Some("same".into()),
        judged: Some(now()),
        contact: Some(ContactId::from_random([1; 16])),
        ..blank(1)
    };
    vault.update_pair(&met).unwrap();
    assert_eq!(vault.pair(&met.id).unwrap(), met);
    assert!(matches!(vault.update_pair(&PairRow { theirs, ..blank(2) }), Err(VaultError::Conflict)));
    assert_eq!(vault.pairs().unwrap(), [met, blank(2)]);
}

#[test]
fn what_a_source_shows_no_longer_is_marked_until_it_shows_it_again() {
    let mut made = made();
    let id = lent(&mut made.vault);
    let (vault, person) = (&mut made.vault, person_id(1));
    let items = vault.list(&person, &ListQuery { source: Some(id.clone()), ..ListQuery::default() }).unwrap().rows;
    let seen = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(vault.mark_lapsed(&person, &id, &seen(&["Observation/a"]), now()).unwrap(), 1);
    assert_eq!(vault.mark_lapsed(&person, &id, &seen(&["Observation/a"]), now()).unwrap(), 0, "not twice");
    let marked: Vec<_> = items.iter().filter(|row| vault.lapsed(&person, &row.id).unwrap().is_some()).collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(vault.lapsed_count(&person, &id).unwrap(), 1);
    assert!(matches!(vault.lapsed(&person_id(2), &items[0].id), Err(VaultError::Unknown)));
    assert_eq!(vault.mark_lapsed(&person, &id, &seen(&["Observation/a", "Observation/b"]), now()).unwrap(), 0);
    assert_eq!(vault.lapsed_count(&person, &id).unwrap(), 0);
}
