//! Several processes, and processes that die: the file opens, every page is whole, nothing committed is lost.
//!
//! Each test runs this very binary again as the other process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests say plainly what they expect"
)]

#[path = "support/made.rs"]
mod support;

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::thread::{self, sleep};
use std::time::Duration;

use support::{add_person, begin, key, lab, made, now, person_id, pull_id};
use vault::{ItemDraft, ListQuery, Vault};

const CHILD: &str = "SATCHEL_VAULT_CHILD";
const PAGE: usize = 40;

/// Starts the test `name` of this file as another process on the vault at `path`.
fn start(name: &str, path: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn page(run: u8, number: usize) -> Vec<ItemDraft> {
    (0..PAGE)
        .map(|n| {
            let mut draft = lab(&format!("{run}-{number}-{n}"), "Glucose", number as i64);
            let mut noise = n as u64;
            let more = (0..1_400).map(|_| {
                // Nothing that can be squeezed.
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from_digit((noise >> 59) as u32, 32).unwrap_or('0')
            });
            draft.json = more.collect::<String>().as_bytes().into();
            draft
        })
        .collect()
}

/// Page after page until killed; the page that follows `page=3` is number 3.
fn store_for_ever(path: &Path) -> ! {
    let mut vault = Vault::open(path, &key()).unwrap();
    let pull = vault.unfinished_pulls(&person_id(1)).unwrap().pop().unwrap();
    let cursor = pull.kinds[0].cursor.clone();
    let mut number: usize = cursor.map_or(0, |text| text.strip_prefix("page=").unwrap().parse().unwrap());
    println!("storing");
    loop {
        let next = format!("page={}", number + 1);
        vault.store_page(&pull.id, "Observation", &page(1, number), Some(&next), now()).unwrap();
        println!("page {number}");
        number += 1;
    }
}

#[test]
fn a_pull_killed_at_any_moment_goes_on_with_whole_pages() {
    if let Some(path) = env::var_os(CHILD) {
        store_for_ever(Path::new(&path));
    }
    let mut made = made();
    add_person(&mut made.vault, 1);
    drop(made.vault);
    let mut told = 0;
    for round in 0..20u64 {
        let mut child = start("a_pull_killed_at_any_moment_goes_on_with_whole_pages", &made.path);
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.trim_end().ends_with("storing") {
            line.clear();
            assert!(out.read_line(&mut line).unwrap() > 0, "the other process ended");
        }
        // Spread over the stages of a page: begin, inserts, commit, checkpoint.
        sleep(Duration::from_micros(3_000 + (round * 7_919) % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in out.lines() {
            if let Some(number) = line.unwrap().strip_prefix("page ").and_then(|n| n.parse::<usize>().ok()) {
                told = number + 1;
            }
        }

        let vault = Vault::open(&made.path, &key()).unwrap();
        let pull = vault.unfinished_pulls(&person_id(1)).unwrap().remove(0);
        let kind = &pull.kinds[0];
        let pages: usize = kind.cursor.as_deref().map_or(0, |c| c.strip_prefix("page=").unwrap().parse().unwrap());
        assert!(pages >= told, "round {round}: told {told}, kept {pages}");
        assert_eq!(kind.seen as usize, pages * PAGE);
        assert_eq!(kind.new as usize, pages * PAGE);
        let found = items_by_page(&vault);
        assert_eq!(found.len(), pages, "round {round}");
        assert!(found.values().all(|count| *count == PAGE), "round {round}: {found:?}");
        let words = ListQuery { words: "glucose".into(), ..ListQuery::default() };
        assert_eq!(vault.list(&person_id(1), &words).unwrap().total as usize, pages * PAGE);
        if round % 5 == 4 {
            vault.examine().unwrap();
        }
    }
    assert!(told > 20, "only {told} pages were stored in all");
}

fn items_by_page(vault: &Vault) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut offset = 0;
    loop {
        let rows = vault.list(&person_id(1), &ListQuery { offset, ..ListQuery::default() }).unwrap().rows;
        if rows.is_empty() {
            return found;
        }
        offset += rows.len() as u32;
        for row in rows {
            *found.entry(row.date.unwrap()).or_default() += 1;
        }
    }
}

#[test]
fn window_and_command_line_write_at_once_and_lose_nothing() {
    if let Some(path) = env::var_os(CHILD) {
        let mut vault = Vault::open(Path::new(&path), &key()).unwrap();
        for n in 0..60 {
            vault.set_setting(&format!("from-child-{n}"), "x").unwrap();
            vault.store_page(&pull_id(2), "Observation", &page(2, n), Some("next"), now()).unwrap();
        }
        return vault.close().unwrap();
    }
    let mut made = made();
    add_person(&mut made.vault, 1);
    begin(&mut made.vault, 1, 2);
    let mut child = start("window_and_command_line_write_at_once_and_lose_nothing", &made.path);
    for n in 0..60 {
        made.vault.set_setting(&format!("from-parent-{n}"), "x").unwrap();
        made.vault.store_page(&pull_id(1), "Observation", &page(1, n), Some("next"), now()).unwrap();
        made.vault.list(&person_id(1), &ListQuery::default()).unwrap();
    }
    assert!(child.wait().unwrap().success());
    assert_eq!(made.vault.list(&person_id(1), &ListQuery::default()).unwrap().total as usize, 2 * 60 * PAGE);
    for n in 0..60 {
        for who in ["parent", "child"] {
            assert!(made.vault.setting(&format!("from-{who}-{n}")).unwrap().is_some());
        }
    }
    made.vault.examine().unwrap();
}

#[test]
fn of_many_that_make_the_vault_at_once_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("satchel.vault");
    let made: Vec<bool> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| Vault::create(&path, &key()).is_ok())).collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(made.iter().filter(|made| **made).count(), 1, "{made:?}");
    Vault::open(&path, &key()).unwrap().close().unwrap();
}

#[test]
fn the_first_vaults_of_a_process_may_be_opened_at_the_same_moment() {
    const OPEN_AT_ONCE: usize = 8;
    if let Some(path) = env::var_os(CHILD) {
        let together = Barrier::new(OPEN_AT_ONCE);
        return thread::scope(|scope| {
            let open = || {
                together.wait();
                Vault::open(Path::new(&path), &key()).map(drop)
            };
            let opened: Vec<_> = (0..OPEN_AT_ONCE).map(|_| scope.spawn(open)).collect();
            opened.into_iter().for_each(|one| one.join().unwrap().unwrap());
        });
    }
    let made = made();
    drop(made.vault);
    for _ in 0..30 {
        let mut child = start("the_first_vaults_of_a_process_may_be_opened_at_the_same_moment", &made.path);
        assert!(child.wait().unwrap().success());
    }
}
