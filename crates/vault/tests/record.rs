//! What the record answers: pages, versions, lists, search, counts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "support/made.rs"]
mod support;

use support::{add_person, begin, connection_id, key, lab, lab_json, made, now, person_id, pull_id};
use vault::{Attachment, FileDraft, ItemDraft, KindChange, ListQuery, PageDraft, PageResult, Vault, VaultError};

fn titles(rows: &[vault::ItemRow]) -> Vec<&str> {
    rows.iter().map(|row| row.title.as_deref().unwrap_or("-")).collect()
}

#[test]
fn what_is_here_already_is_not_taken_twice() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let page = [lab("a", "Glucose", 1), lab("b", "Sodium", 2)];
    let first = vault.store_page(&pull_id(1), "Observation", &page, Some("next"), now()).unwrap();
    assert_eq!(first, PageResult { new: 2, changed: 0, unchanged: 0 });
    let twice = vault.store_page(&pull_id(1), "Observation", &page, None, now()).unwrap();
    assert_eq!(twice, PageResult::default(), "what this pull has brought is counted once");
    let pull = vault.pull(&person_id(1), &pull_id(1)).unwrap();
    let kind = &pull.kinds[0];
    assert_eq!((kind.seen, kind.new, kind.unchanged, kind.outcome.as_str()), (2, 2, 0, "done"));
    begin(vault, 1, 2);
    let again = vault.store_page(&pull_id(2), "Observation", &page, None, now()).unwrap();
    assert_eq!(again, PageResult { new: 0, changed: 0, unchanged: 2 });
    let pull = vault.pull(&person_id(1), &pull_id(2)).unwrap();
    let kind = &pull.kinds[0];
    assert_eq!((kind.seen, kind.new, kind.unchanged, kind.outcome.as_str()), (2, 0, 2, "done"));
    assert_eq!(kind.cursor, None);
    assert_eq!(vault.list(&person_id(1), &ListQuery::default()).unwrap().total, 2);
}

#[test]
fn a_new_version_replaces_the_old_one_and_keeps_it() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    vault.store_page(&pull_id(1), "Observation", &[lab("a", "Glucose", 1)], None, now()).unwrap();
    begin(vault, 1, 2);
    // The version number stays, as with sources that never count it up; the bytes differ.
    let mut changed = lab("a", "Potassium", 5);
    changed.last_updated = Some("2027-05-02T00:00:00Z".into());
    changed.references = vec!["Encounter/e2".into()];
    let result = vault.store_page(&pull_id(2), "Observation", &[changed.clone()], None, now()).unwrap();
    assert_eq!(result, PageResult { new: 0, changed: 1, unchanged: 0 });

    let person = person_id(1);
    let row = vault.list(&person, &ListQuery::default()).unwrap().rows.remove(0);
    let item = vault.item(&person, &row.id).unwrap();
    assert_eq!(item.json, lab_json("a", "Potassium", 5));
    assert_eq!(item.pull, pull_id(2));
    let versions = vault.item_versions(&person, &row.id).unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].json, lab_json("a", "Glucose", 1));

    let find =
        |words: &str| vault.list(&person, &ListQuery { words: words.into(), ..Default::default() }).unwrap().total;
    assert_eq!((find("glucose"), find("potassium")), (0, 1));
    let referring = |to: &str| vault.items_referring_to(&person, &connection_id(1), to).unwrap().len();
    assert_eq!((referring("Encounter/e1"), referring("Encounter/e2")), (0, 1));
    assert_eq!(vault.news(&person, &pull_id(1), 6).unwrap().len(), 0);
    assert_eq!(vault.news(&person, &pull_id(2), 6).unwrap(), [row]);
}

#[test]
fn the_same_version_written_in_another_order_is_unchanged() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    vault.store_page(&pull_id(1), "Observation", &[lab("a", "Glucose", 1)], Some("n"), now()).unwrap();
    let mut reordered = lab("a", "Glucose", 1);
    reordered.json = [&lab_json("a", "Glucose", 1), b" ".as_slice()].concat().as_slice().into();
    begin(vault, 1, 2);
    let result = vault.store_page(&pull_id(2), "Observation", &[reordered.clone()], Some("n"), now()).unwrap();
    assert_eq!(result.unchanged, 1);
    reordered.version_id = None;
    let result = vault.store_page(&pull_id(2), "Observation", &[reordered], None, now()).unwrap();
    assert_eq!(result.changed, 1);
}

#[test]
fn lists_filter_and_count_truly() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let mut page: Vec<ItemDraft> = (0..30).map(|day| lab(&format!("g{day}"), "Glucose", day)).collect();
    page.extend((0..10).map(|day| lab(&format!("s{day}"), "Sodium", day * 2)));
    page.push(ItemDraft {
        kind: "document".into(),
        date: None,
        date_sort: None,
        test_key: None,
        ..lab("d", "Letter", 0)
    });
    vault.store_page(&pull_id(1), "Observation", &page, None, now()).unwrap();

    let person = person_id(1);
    let ask = |query: ListQuery| vault.list(&person, &query).unwrap();
    let all = ask(ListQuery::default());
    assert_eq!((all.total, all.rows.len()), (41, 41));
    assert_eq!(all.rows[0].date.as_deref(), Some("day 29"));
    assert_eq!(all.rows[40].title.as_deref(), Some("Letter"), "without a date comes last");

    let page = ask(ListQuery { offset: 38, limit: 10, ..Default::default() });
    assert_eq!((page.total, page.rows.len()), (41, 3));
    assert_eq!(ask(ListQuery { kind: Some("document".into()), ..Default::default() }).total, 1);
    assert_eq!(ask(ListQuery { words: "sod".into(), ..Default::default() }).total, 10);
    assert_eq!(ask(ListQuery { words: "?!".into(), ..Default::default() }).total, 0);
    assert_eq!(ask(ListQuery { from: Some(5), to: Some(6), ..Default::default() }).total, 3);
    assert_eq!(ask(ListQuery { source: Some(connection_id(1)), ..Default::default() }).total, 41);

    let newest = ask(ListQuery { newest_of_each: true, ..Default::default() });
    assert_eq!((newest.total, titles(&newest.rows)), (2, vec!["Glucose", "Sodium"]));
    assert_eq!(newest.rows[0].date.as_deref(), Some("day 29"));
    let newest = ask(ListQuery { newest_of_each: true, to: Some(7), words: "s".into(), ..Default::default() });
    assert_eq!((newest.total, newest.rows[0].date.as_deref()), (1, Some("day 6")));

    let history = vault.test_history(&person, "sodium").unwrap();
    assert_eq!(history.len(), 10);
    assert_eq!(history[0].date.as_deref(), Some("day 0"));
    let kinds = vault.kind_counts(&person).unwrap();
    assert_eq!(kinds.iter().map(|k| (k.kind.as_str(), k.count)).collect::<Vec<_>>(), [("document", 1), ("lab", 40)]);
    assert_eq!(vault.source_counts(&person).unwrap()[0].count, 41);
    assert_eq!(vault.status_counts(&person, "lab").unwrap()[0].count, 40);
    assert_eq!(vault.titles(&person, "lab", 10).unwrap(), ["Glucose", "Sodium"]);
    let found = vault.item_by_reference(&person, &connection_id(1), "Observation/s3").unwrap().unwrap();
    assert_eq!(found.title.as_deref(), Some("Sodium"));
    assert_eq!(vault.item_by_reference(&person, &connection_id(1), "Observation/none").unwrap(), None);
}

#[test]
fn a_near_spelling_is_offered() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    add_person(vault, 2);
    let page = [lab("a", "Hemoglobin A1c", 1), lab("b", "Presión arterial", 2)];
    vault.store_page(&pull_id(1), "Observation", &page, None, now()).unwrap();
    vault.store_page(&pull_id(2), "Observation", &[lab("c", "Psychotherapy", 1)], None, now()).unwrap();
    let suggest = |typed: &str| vault.did_you_mean(&person_id(1), typed).unwrap();
    assert_eq!(suggest("hemoglobyn").as_deref(), Some("hemoglobin"));
    assert_eq!(suggest("hemoglboin a1c").as_deref(), Some("hemoglobin a1c"));
    assert_eq!(suggest("presoin").as_deref(), Some("presion"));
    assert_eq!(suggest("hemoglobin"), None, "it finds something as it is");
    assert_eq!(suggest("xyzzyxyzzy"), None);
    assert_eq!(suggest("psychotherapi"), None, "a word of another person's record is not betrayed");
}

#[test]
fn pages_that_come_side_by_side_are_kept_together_or_not_at_all() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let (person, pull) = (person_id(1), pull_id(7));
    let kinds = ["Observation", "Condition"].map(|kind| (kind.to_owned(), "lab".to_owned()));
    vault.begin_pull(&person, &connection_id(1), &pull, &kinds, now()).unwrap();
    let page = |kind: &str, id: &str, next: Option<&str>| PageDraft {
        kind: kind.into(),
        items: vec![lab(id, "Glucose", 1)],
        failed: 2,
        expected: Some(3),
        next: next.map(str::to_owned),
    };
    let stray = [page("Observation", "a", None), page("Immunization", "b", None)];
    assert!(matches!(vault.store_pages(&pull, &stray, now()), Err(VaultError::NotPulling)));
    assert_eq!(vault.list(&person, &ListQuery::default()).unwrap().total, 0);

    let pages = [page("Observation", "a", None), page("Condition", "b", Some("second"))];
    let results = vault.store_pages(&pull, &pages, now()).unwrap();
    assert_eq!(results.iter().map(|result| result.new).collect::<Vec<_>>(), [1, 1]);
    let stored = vault.pull(&person, &pull).unwrap().kinds;
    let seen =
        |at: usize| (stored[at].outcome.as_str(), stored[at].cursor.as_deref(), stored[at].seen, stored[at].failed);
    assert_eq!(seen(0), ("done", None, 3, 2));
    assert_eq!(seen(1), ("running", Some("second"), 3, 2));
    assert_eq!(stored[1].expected, Some(3));
}

#[test]
fn files_are_kept_with_what_they_change_about_their_kind_or_not_at_all() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let person = person_id(1);
    vault.store_page(&pull_id(1), "Observation", &[lab("a", "Letter", 1)], Some("n"), now()).unwrap();
    let item = vault.list(&person, &ListQuery::default()).unwrap().rows.remove(0).id;
    let file =
        |index| FileDraft { item: item.clone(), index, file: Attachment { content_type: None, bytes: vec![7; 10] } };
    let change = KindChange { new: 2, failed: 1, outcome: Some("done".into()), ..KindChange::default() };
    let refused = vault.store_files(&person, &pull_id(1), ("Binary", &change), &[file(0)], now());
    assert!(matches!(refused, Err(VaultError::Unknown)));
    assert_eq!(vault.attachments(&person, &item).unwrap().len(), 0);
    vault.store_files(&person, &pull_id(1), ("Observation", &change), &[file(0), file(1)], now()).unwrap();
    assert_eq!(vault.attachments(&person, &item).unwrap().len(), 2);
    let kind = vault.pull(&person, &pull_id(1)).unwrap().kinds.remove(0);
    assert_eq!((kind.outcome.as_str(), kind.new, kind.failed, kind.seen), ("done", 3, 1, 4));
}

#[test]
fn a_page_that_does_not_belong_here_changes_nothing() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    add_person(vault, 2);
    let foreign = ItemDraft { person: Some(person_id(2)), ..lab("b", "Sodium", 1) };
    let page = [lab("a", "Glucose", 1), foreign];
    let refused = vault.store_page(&pull_id(1), "Observation", &page, Some("n"), now());
    assert!(matches!(refused, Err(VaultError::ForeignItem)));
    let refused = vault.store_page(&pull_id(1), "Condition", &page[..1], Some("n"), now());
    assert!(matches!(refused, Err(VaultError::NotPulling)));
    vault.end_pull(&person_id(1), &pull_id(1), "done", None, now()).unwrap();
    let refused = vault.store_page(&pull_id(1), "Observation", &page[..1], Some("n"), now());
    assert!(matches!(refused, Err(VaultError::NotPulling)));
    assert_eq!(vault.list(&person_id(1), &ListQuery::default()).unwrap().total, 0);
    assert_eq!(vault.connection(&person_id(1), &connection_id(1)).unwrap().last_pull, Some(now()));
}

#[test]
fn files_come_back_byte_for_byte() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    vault.store_page(&pull_id(1), "Observation", &[lab("a", "Letter", 1)], None, now()).unwrap();
    let person = person_id(1);
    let id = vault.list(&person, &ListQuery::default()).unwrap().rows.remove(0).id;
    let file =
        Attachment { content_type: Some("application/pdf".into()), bytes: (0..=255).cycle().take(3_000_000).collect() };
    vault.put_attachment(&person, &id, 0, &file, now()).unwrap();
    assert_eq!(vault.attachment(&person, &id, 0).unwrap(), Some(file));
    assert_eq!(vault.attachment(&person, &id, 1).unwrap(), None);
    assert_eq!(vault.attachments(&person, &id).unwrap()[0].size, 3_000_000);
}

#[test]
fn a_record_answers_the_same_whether_its_items_have_their_place_or_wait_for_it() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let person = person_id(1);
    let items: Vec<ItemDraft> = (0..9_000)
        .map(|n| {
            let mut draft =
                lab(&format!("i{n}"), ["Glucose", "Sodium", "Potassium"][n % 3], (n as i64 * 7_919) % 10_007);
            draft.references = vec![format!("Encounter/e{}", n / 20)];
            draft
        })
        .collect();
    for page in items.chunks(1_000) {
        vault.store_page(&pull_id(1), "Observation", page, Some("n"), now()).unwrap();
    }
    begin(vault, 1, 2);
    // Early ones are filed, late ones are recent; each gets a new version with another date, test and reference.
    let changed: Vec<ItemDraft> = [0, 1, 2, 8_990, 8_991]
        .map(|n| {
            let mut draft = lab(&format!("i{n}"), "Calcium", 20_000 + n);
            draft.version_id = Some("2".into());
            draft.references = vec!["Encounter/new".into()];
            draft
        })
        .to_vec();
    let result = vault.store_page(&pull_id(2), "Observation", &changed, None, now()).unwrap();
    assert_eq!(result, PageResult { new: 0, changed: 5, unchanged: 0 });
    begin(vault, 1, 3);
    let again = vault.store_page(&pull_id(3), "Observation", &items[100..8_900], Some("n"), now()).unwrap();
    assert_eq!(again, PageResult { new: 0, changed: 0, unchanged: 8_800 });

    let all = vault.list(&person, &ListQuery { limit: 6, ..ListQuery::default() }).unwrap();
    assert_eq!(all.total, 9_000);
    assert_eq!(all.rows[0].date.as_deref(), Some("day 28991"));
    assert_eq!(titles(&all.rows)[..5], ["Calcium"; 5]);
    let dated = vault.list(&person, &ListQuery { from: Some(0), ..ListQuery::default() }).unwrap();
    assert_eq!(dated.total, 9_000);
    let mut seen = std::collections::BTreeSet::new();
    for offset in (0..9_000).step_by(500) {
        let page = vault.list(&person, &ListQuery { offset, ..ListQuery::default() }).unwrap();
        seen.extend(page.rows.into_iter().map(|row| row.id));
    }
    assert_eq!(seen.len(), 9_000, "every row on one page, none on two");
    let newest = vault.list(&person, &ListQuery { newest_of_each: true, ..ListQuery::default() }).unwrap();
    assert_eq!((newest.total, titles(&newest.rows)[0]), (4, "Calcium"));
    let history = vault.test_history(&person, "calcium").unwrap();
    let dates: Vec<_> = history.iter().filter_map(|row| row.date.as_deref()).collect();
    assert_eq!(dates, ["day 20000", "day 20001", "day 20002", "day 28990", "day 28991"]);
    assert_eq!(vault.test_history(&person, "glucose").unwrap().len(), 2_998);
    let referring = |to: &str| vault.items_referring_to(&person, &connection_id(1), to).unwrap().len();
    assert_eq!((referring("Encounter/e0"), referring("Encounter/e1"), referring("Encounter/new")), (17, 20, 5));
    for n in [0, 5, 8_991, 8_999] {
        let found = vault.item_by_reference(&person, &connection_id(1), &format!("Observation/i{n}")).unwrap();
        assert!(found.is_some(), "{n}");
    }
    assert_eq!(vault.news(&person, &pull_id(1), 6).unwrap().len(), 6);
    assert_eq!(vault.news(&person, &pull_id(2), 6).unwrap().len(), 5);
    assert_eq!(vault.kind_counts(&person).unwrap()[0].count, 9_000);
    vault.examine().unwrap();
}

#[test]
fn what_another_process_stores_files_or_erases_meanwhile_is_met_as_it_is() {
    let mut made = made();
    add_person(&mut made.vault, 1);
    let (person, source) = (person_id(1), connection_id(1));
    let mut other = Vault::open(&made.path, &key()).unwrap();
    let here = |vault: &Vault, n: u32| {
        vault.item_by_reference(&person, &source, &format!("Observation/{n}")).unwrap().is_some()
    };
    let items: Vec<ItemDraft> = (0..30).map(|n| lab(&n.to_string(), "Glucose", n)).collect();
    let store = |vault: &mut Vault, pull: u8, range: std::ops::Range<usize>| {
        vault.store_page(&pull_id(pull), "Observation", &items[range], Some("n"), now()).unwrap().new
    };
    assert_eq!(store(&mut made.vault, 1, 0..10), 10);
    assert!(here(&other, 9) && !here(&other, 10));
    begin(&mut other, 1, 2);
    assert_eq!(store(&mut other, 2, 5..20), 10, "five wait for their place");
    assert!(here(&made.vault, 19));
    other.end_pull(&person, &pull_id(2), "done", None, now()).unwrap();
    assert_eq!(store(&mut made.vault, 1, 15..25), 5, "five got their place from somebody else");
    assert_eq!(made.vault.items_referring_to(&person, &source, "Encounter/e1").unwrap().len(), 25);
    other.erase_source(&person, &source).unwrap();
    let again = vault::Connected {
        id: source.clone(),
        name: "Clinic".into(),
        address: "https://ehr.example.org/fhir".into(),
        state: "ready".into(),
        scopes: String::new(),
        details: "{}".into(),
        created: now(),
        last_pull: None,
    };
    other.add_connection(&person, &again).unwrap();
    begin(&mut made.vault, 1, 3);
    assert_eq!(store(&mut made.vault, 3, 20..30), 10);
    assert!(here(&other, 24) && !here(&other, 3));
    made.vault.end_pull(&person, &pull_id(3), "done", None, now()).unwrap();
    assert_eq!(made.vault.list(&person, &ListQuery::default()).unwrap().total, 10);
    assert_eq!(made.vault.test_history(&person, "glucose").unwrap().len(), 10);
    made.vault.examine().unwrap();
}
