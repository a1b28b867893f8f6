//! The orders are filled one at a time while a pull is at work: at any moment every question has the same answer as from
//! items that are simply sorted.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say plainly what they expect")]

#[path = "support/made.rs"]
mod support;

use support::{Made, add_person, connection_id, lab, made, now, person_id, pull_id};
use vault::{ItemDraft, ItemRow, ListQuery, Vault};

/// Enough for every order to be filled, and some for the second time.
const ITEMS: u32 = 24_000;
const PAGE: u32 = 1_500;

/// What is known of an item besides: the version it is in moves its date and changes its test and what it points to.
fn item(n: u32, version: u32) -> ItemDraft {
    let day = i64::from(n * 7_919 % 997 + version * 31);
    ItemDraft {
        title: Some(n.to_string()),
        date_sort: (!n.is_multiple_of(50)).then_some(day),
        test_key: n.is_multiple_of(3).then(|| format!("test {}", (n + version) % 40)),
        references: vec![format!("Encounter/{}", (n + version) % 60)],
        version_id: Some(version.to_string()),
        json: format!("{n} {version}").as_bytes().into(),
        ..lab(&n.to_string(), "", day)
    }
}

/// The titles in the order of a list: newest first, undated last.
fn sorted(items: impl Iterator<Item = (usize, ItemDraft)>) -> Vec<String> {
    let mut items: Vec<_> = items.collect();
    items.sort_by_key(|(n, item)| std::cmp::Reverse((item.date_sort.unwrap_or(i64::MIN), *n)));
    items.into_iter().filter_map(|(_, item)| item.title).collect()
}

fn titles(rows: Vec<ItemRow>) -> Vec<String> {
    rows.into_iter().filter_map(|row| row.title).collect()
}

/// The same questions to the vault and to the plain items.
fn compare(vault: &Vault, items: &[ItemDraft]) {
    let (person, source) = (person_id(1), connection_id(1));
    let of = |keep: &dyn Fn(&ItemDraft) -> bool| sorted(items.iter().cloned().enumerate().filter(|(_, one)| keep(one)));
    let list = vault.list(&person, &ListQuery { limit: 40, ..ListQuery::default() }).unwrap();
    assert_eq!(list.total as usize, items.len());
    assert_eq!(titles(list.rows), of(&|_| true)[..40]);
    for step in [1, 17] {
        let test = format!("test {step}");
        let mut history = titles(vault.test_history(&person, &test).unwrap());
        history.reverse();
        assert_eq!(history, of(&|one| one.test_key.as_deref() == Some(&test)));
        let encounter = format!("Encounter/{step}");
        let referring = titles(vault.items_referring_to(&person, &source, &encounter).unwrap());
        let pointing = of(&|one| one.references[0] == encounter);
        assert_eq!(referring, pointing[..pointing.len().min(500)]);
    }
    for n in (0..items.len()).step_by(997) {
        let found = vault.item_by_reference(&person, &source, &format!("Observation/{n}")).unwrap();
        assert_eq!(found.unwrap().title, items[n].title);
    }
}

#[test]
fn every_order_is_right_while_others_wait() {
    let Made { mut vault, folder, .. } = made();
    add_person(&mut vault, 1);
    let mut items: Vec<ItemDraft> = Vec::new();
    while (items.len() as u32) < ITEMS {
        let from = items.len() as u32;
        let mut page: Vec<ItemDraft> = (from..from + PAGE).map(|n| item(n, 0)).collect();
        items.extend(page.iter().cloned());
        // Some that have their place in every order, in some of them, or in none come again in a new version.
        for n in [from / 7, from / 2, from.saturating_sub(PAGE), from] {
            let version =
                items[n as usize].version_id.as_deref().map_or(0, |number| number.parse::<u32>().unwrap()) + 1;
            items[n as usize] = item(n, version);
            page.push(items[n as usize].clone());
        }
        vault.store_page(&pull_id(1), "Observation", &page, Some("more"), now()).unwrap();
        compare(&vault, &items);
    }
    while vault.file_some().unwrap() {
        compare(&vault, &items);
    }
    vault.end_pull(&person_id(1), &pull_id(1), "done", None, now()).unwrap();
    compare(&vault, &items);
    vault.examine().unwrap();
    drop(folder);
}
