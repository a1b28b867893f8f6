//! Two people in one vault: nothing asked for one of them ever answers with the other's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "support/made.rs"]
mod support;

use proptest::prelude::*;
use support::{add_person, connection_id, lab, made, now, person_id, pull_id};
use types::{CardId, DidId};
use vault::{Attachment, CardRow, DidRow, ItemDraft, KindChange, ListQuery, Vault, VaultError};

const WORDS: [&str; 6] = ["Glucose", "Sodium", "Potassium", "Presión", "Adán", "Asthma"];

/// Two people; the ids at the source are the same for both, as when both go to one clinic.
fn two(one: &[(u8, i64)], other: &[(u8, i64)]) -> support::Made {
    let mut made = made();
    for (n, items) in [(1, one), (2, other)] {
        add_person(&mut made.vault, n);
        let page: Vec<ItemDraft> = items
            .iter()
            .enumerate()
            .map(|(at, (word, day))| {
                let mut draft = lab(&format!("same-{at}"), WORDS[usize::from(*word) % WORDS.len()], *day);
                draft.json = format!("{{\"whose\":{n}}}").as_bytes().into();
                draft
            })
            .collect();
        made.vault.store_page(&pull_id(n), "Observation", &page, None, now()).unwrap();
    }
    made
}

fn check_rows(rows: &[vault::ItemRow], vault: &Vault, n: u8) {
    for row in rows {
        assert_eq!(row.connection, connection_id(n));
        let item = vault.item(&person_id(n), &row.id).unwrap();
        assert_eq!(item.json, format!("{{\"whose\":{n}}}").into_bytes());
        assert!(matches!(vault.item(&person_id(3 - n), &row.id), Err(VaultError::Unknown)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_list_of_one_person_holds_a_row_of_the_other(
        one in proptest::collection::vec((0u8..6, -50i64..50), 0..12),
        other in proptest::collection::vec((0u8..6, -50i64..50), 0..12),
        word in 0usize..7,
        from in proptest::option::of(-50i64..50),
        newest in any::<bool>(),
        kind in any::<bool>(),
    ) {
        let made = two(&one, &other);
        let vault = &made.vault;
        for (n, items) in [(1u8, &one), (2, &other)] {
            let query = ListQuery {
                words: WORDS.get(word).unwrap_or(&"").to_lowercase(),
                kind: kind.then(|| "lab".to_owned()),
                from,
                newest_of_each: newest,
                ..ListQuery::default()
            };
            let page = vault.list(&person_id(n), &query).unwrap();
            check_rows(&page.rows, vault, n);
            let mut expected: Vec<_> = items.iter()
                .filter(|(w, day)| word >= WORDS.len() || usize::from(*w) == word && from.is_none_or(|f| *day >= f))
                .filter(|(_, day)| from.is_none_or(|f| *day >= f))
                .map(|(w, _)| *w)
                .collect();
            if newest {
                expected.sort_unstable();
                expected.dedup();
            }
            prop_assert_eq!(page.total as usize, expected.len());
            prop_assert_eq!(page.rows.len(), expected.len());
            for word in WORDS {
                check_rows(&vault.test_history(&person_id(n), &word.to_lowercase()).unwrap(), vault, n);
            }
            check_rows(&vault.news(&person_id(n), &pull_id(n), 500).unwrap(), vault, n);
            let news = vault.news(&person_id(n), &pull_id(3 - n), 500);
            prop_assert!(matches!(news, Err(VaultError::Unknown)));
            let counted: u32 = vault.kind_counts(&person_id(n)).unwrap().iter().map(|k| k.count).sum();
            prop_assert_eq!(counted as usize, items.len());
        }
    }
}

#[test]
fn an_id_of_somebody_else_is_unknown_everywhere() {
    let mut made = two(&[(0, 1)], &[(1, 2)]);
    let vault = &mut made.vault;
    let (ana, ben) = (person_id(1), person_id(2));
    let (con, pull) = (connection_id(1), pull_id(1));
    let item = vault.list(&ana, &ListQuery::default()).unwrap().rows.remove(0).id;
    let file = Attachment { content_type: None, bytes: vec![1] };
    vault.put_attachment(&ana, &item, 0, &file, now()).unwrap();
    let note = vault.add_note(&ana, &item, "mine", now()).unwrap();
    let did = DidRow {
        id: DidId::from_random([1; 16]),
        name: "Main".into(),
        did: "did:key:z6Mk".into(),
        method: "key".into(),
        key_name: "k".into(),
        public_jwk: "{}".into(),
        created: now(),
        retired: None,
        replaced_by: None,
    };
    vault.add_did(&ana, &did).unwrap();
    let card = CardRow {
        id: CardId::from_random([1; 16]),
        jws: "a.b.c".into(),
        connection: None,
        added: now(),
        removed: None,
    };
    vault.add_card(&ana, &card).unwrap();

    let row = vault.connection(&ana, &con).unwrap();
    let query = ListQuery { source: Some(con.clone()), ..ListQuery::default() };
    let unknown: Vec<VaultError> = vec![
        vault.item(&ben, &item).unwrap_err(),
        vault.item_versions(&ben, &item).unwrap_err(),
        vault.item_by_reference(&ben, &con, "Observation/same-0").unwrap_err(),
        vault.items_referring_to(&ben, &con, "Encounter/e1").unwrap_err(),
        vault.list(&ben, &query).unwrap_err(),
        vault.attachment(&ben, &item, 0).unwrap_err(),
        vault.attachments(&ben, &item).unwrap_err(),
        vault.put_attachment(&ben, &item, 0, &file, now()).unwrap_err(),
        vault.notes(&ben, &item).unwrap_err(),
        vault.add_note(&ben, &item, "x", now()).unwrap_err(),
        vault.remove_note(&ben, &item, note).unwrap_err(),
        vault.connection(&ben, &con).unwrap_err(),
        vault.update_connection(&ben, &row).unwrap_err(),
        vault.tokens(&ben, &con).unwrap_err(),
        vault.set_tokens(&ben, &con, None).unwrap_err(),
        vault.begin_pull(&ben, &con, &pull_id(9), &[], now()).unwrap_err(),
        vault.pull(&ben, &pull).unwrap_err(),
        vault.change_kind(&ben, &pull, "Observation", &KindChange::default()).unwrap_err(),
        vault.set_pull_stage(&ben, &pull, "paused").unwrap_err(),
        vault.end_pull(&ben, &pull, "done", None, now()).unwrap_err(),
        vault.did(&ben, &did.id).unwrap_err(),
        vault.rename_did(&ben, &did.id, "x").unwrap_err(),
        vault.retire_did(&ben, &did.id, None, now()).unwrap_err(),
        vault.card(&ben, &card.id).unwrap_err(),
        vault.set_card_removed(&ben, &card.id, Some(now())).unwrap_err(),
    ];
    for (at, error) in unknown.iter().enumerate() {
        assert!(matches!(error, VaultError::Unknown), "{at}: {error:?}");
    }
    assert_eq!(vault.last_pull(&ben, &con).unwrap(), None);
    assert_eq!(vault.unfinished_pulls(&ben).unwrap().len(), 1);
    assert_eq!(vault.unfinished_pulls(&ben).unwrap()[0].id, pull_id(2));
    assert_eq!((vault.dids(&ben).unwrap().len(), vault.cards(&ben).unwrap().len()), (0, 0));
    assert_eq!(vault.card_by_jws(&ben, "a.b.c").unwrap(), None);
    assert_eq!((vault.card_count(&ana).unwrap(), vault.card_count(&ben).unwrap()), (1, 0));
    assert_eq!(vault.connections(&ben).unwrap().len(), 1);

    // Both may hold the same card.
    vault.add_card(&ben, &CardRow { id: CardId::from_random([2; 16]), ..card.clone() }).unwrap();
    assert!(matches!(
        vault.add_card(&ana, &CardRow { id: CardId::from_random([3; 16]), ..card }),
        Err(VaultError::Conflict)
    ));
    assert_eq!(vault.wipe_cards_removed_before(&ben, now()).unwrap(), 0);
}
