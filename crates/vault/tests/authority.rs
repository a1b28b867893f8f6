//! The rows of the authorization server, the entries that belong to them, and what others offered.
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

use audit::{Access, Action, Draft, Head, SignedHead, Who, Whole, append, verify};
use crypto::{Algorithm, SigningKey};
use support::{add_person, key, made, now, person_id};
use types::{ClientId, GrantId, OfferId, Secret};
use vault::{AuthorityRow, Lasting, News, OfferRow, Vault, VaultError, Writing};

const CHILD: &str = "SATCHEL_VAULT_CHILD";

fn row(key: &str, json: Option<&str>) -> AuthorityRow {
    AuthorityRow { table: "grants".into(), key: key.into(), json: json.map(str::to_owned) }
}

fn put(vault: &mut Vault, rows: &[AuthorityRow]) -> u64 {
    let mut writing = vault.write(Lasting::Settled).unwrap();
    let stamp = writing.put_authority(rows).unwrap();
    writing.commit().unwrap();
    stamp
}

fn signer() -> SigningKey {
    SigningKey::ed25519(&Secret::new([3; 32]))
}

fn tell(writing: &mut Writing<'_>, action: Action, access: Access) {
    let head = writing.audit_head().unwrap().map_or_else(Head::start, |signed| signed.head);
    let draft = Draft { person: Some(person_id(1)), access: Some(Box::new(access)), ..Draft::done(action) };
    let entry = append(&head, draft, now());
    let signed = SignedHead { signature: signer().sign(&entry.head().message()).unwrap(), head: entry.head() };
    writing.append_audit(&entry, &signed).unwrap();
}

fn is_whole(vault: &Vault) -> Whole {
    let public = signer().public_jwk().verifying_key(Algorithm::EdDsa).unwrap();
    verify(vault.audit_entries().unwrap(), vault.audit_head().unwrap().as_ref(), &public, None).unwrap()
}

#[test]
fn what_is_new_since_a_stamp_is_what_was_written_behind_it() {
    let mut made = made();
    let vault = &mut made.vault;
    assert_eq!((vault.authority_stamp().unwrap(), vault.authority_since(0).unwrap().stamp), (0, 0));
    let first = put(vault, &[row("a", Some("1")), row("b", Some("1"))]);
    let second = put(vault, &[row("a", None), row("c", Some("2"))]);
    assert_eq!((first, second, vault.authority_stamp().unwrap()), (1, 2, 2));
    assert_eq!(put(vault, &[]), second, "nothing written, nothing new");
    let news = vault.authority_since(first).unwrap();
    assert_eq!(news.stamp, second);
    let News::Changes(rows) = news.news else { panic!("{news:?}") };
    assert_eq!(rows, [row("a", None), row("c", Some("2"))]);
    let News::All(rows) = vault.authority_since(0).unwrap().news else { panic!() };
    assert_eq!(rows, [row("b", Some("1")), row("c", Some("2"))]);
    let News::Changes(rows) = vault.authority_since(second).unwrap().news else { panic!() };
    assert_eq!(rows, []);
}

#[test]
fn whoever_was_away_for_long_reads_all_anew() {
    let mut made = made();
    let vault = &mut made.vault;
    put(vault, &[row("a", Some("1"))]);
    let gone = put(vault, &[row("gone", Some("1"))]);
    put(vault, &[row("gone", None)]);
    let mut writing = vault.write(Lasting::Settled).unwrap();
    for _ in 0..4_500 {
        writing.put_authority(&[row("busy", Some("1"))]).unwrap();
    }
    writing.commit().unwrap();
    let News::All(rows) = vault.authority_since(gone).unwrap().news else { panic!("its trace was swept out") };
    assert_eq!(rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["a", "busy"]);
    let now = vault.authority_stamp().unwrap();
    assert!(matches!(vault.authority_since(now - 10).unwrap().news, News::Changes(rows) if rows.len() == 1));
}

#[test]
fn what_is_not_committed_was_never_written() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    for lasting in [Lasting::Settled, Lasting::Logged] {
        let mut writing = vault.write(lasting).unwrap();
        writing.put_authority(&[row("a", Some("1"))]).unwrap();
        tell(&mut writing, Action::Approved, Access::default());
        assert_eq!(writing.authority_row("grants", "a").unwrap().as_deref(), Some("1"));
        drop(writing);
        assert_eq!((vault.authority_stamp().unwrap(), vault.audit_entries().unwrap().len()), (0, 0));
    }
    vault.settle().unwrap();
    vault.settle().unwrap();
    assert_eq!(vault.setting("trail.settled").unwrap().as_deref(), Some("2"));
}

#[test]
fn an_access_reads_back_as_it_was_told() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    let access = Access {
        who: Some(Who::Client(ClientId::from_random([4; 16]))),
        grant: Some(GrantId::from_random([5; 16])),
        released: vec!["Observation/a/_history/2".into(), "Patient/p/_history/1".into()],
        status: Some(200),
        ..Access::default().asked("POST", "Observation/_search?code=4548-4")
    };
    let mut writing = vault.write(Lasting::Logged).unwrap();
    tell(&mut writing, Action::Answered, access.clone());
    tell(&mut writing, Action::Denied, Access::default());
    writing.commit().unwrap();
    assert_eq!(is_whole(vault), Whole { entries: 2 });
    let entries = vault.audit_entries().unwrap();
    assert_eq!(entries[0].access.as_deref(), Some(&access));
    assert_eq!(entries[1].access.as_deref(), Some(&Access::default()));
    let of_grant = vault.audit_of_grant(&GrantId::from_random([5; 16]), 0, 10).unwrap();
    assert_eq!((of_grant.total, of_grant.entries.len()), (1, 1));
    let day = vault.audit_between(&person_id(1), now(), now() + jiff::SignedDuration::from_secs(1)).unwrap();
    assert_eq!(day.len(), 2);
    assert_eq!(vault.audit_between(&person_id(1), jiff::Timestamp::UNIX_EPOCH, now()).unwrap(), []);
}

#[test]
fn what_is_offered_waits_for_its_person_alone_and_goes_once() {
    let mut made = made();
    let vault = &mut made.vault;
    add_person(vault, 1);
    add_person(vault, 2);
    let offer = OfferRow {
        id: OfferId::from_random([1; 16]),
        person: person_id(1),
        grant: GrantId::from_random([5; 16]),
        client: Some(ClientId::from_random([4; 16])),
        resource_type: "Observation".into(),
        received: now(),
        json: b"{}".to_vec(),
    };
    let mut writing = vault.write(Lasting::Settled).unwrap();
    writing.add_offer(&offer).unwrap();
    assert!(matches!(writing.add_offer(&offer), Err(VaultError::Conflict)));
    assert_eq!(writing.offers_under(&offer.grant).unwrap(), 1);
    writing.commit().unwrap();
    assert_eq!(vault.offers(&person_id(1)).unwrap(), std::slice::from_ref(&offer));
    assert_eq!(vault.offers(&person_id(2)).unwrap(), []);
    assert!(matches!(vault.offer(&person_id(2), &offer.id), Err(VaultError::Unknown)));
    let mut writing = vault.write(Lasting::Settled).unwrap();
    assert!(matches!(writing.remove_offer(&person_id(2), &offer.id), Err(VaultError::Unknown)));
    writing.remove_offer(&person_id(1), &offer.id).unwrap();
    assert!(matches!(writing.remove_offer(&person_id(1), &offer.id), Err(VaultError::Unknown)));
    writing.commit().unwrap();
    assert_eq!(vault.offers(&person_id(1)).unwrap(), []);
}

/// Starts the test `name` of this file as another process on the vault at `path`.
fn start(name: &str, path: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// One decision: counts up under the lock, from what stands there now, with its entry.
fn count_up(vault: &mut Vault, who: &str, lasting: Lasting) -> u64 {
    let mut writing = vault.write(lasting).unwrap();
    let there = writing.authority_row("grants", "count").unwrap();
    let count: u64 = there.map_or(0, |text| text.parse().unwrap()) + 1;
    let (count_text, own) = (count.to_string(), format!("{who}-{count}"));
    writing.put_authority(&[row("count", Some(&count_text)), row(&own, Some("1"))]).unwrap();
    tell(&mut writing, Action::Approved, Access::default().asked("count", &count_text));
    writing.commit().unwrap();
    count
}

#[test]
fn two_processes_that_decide_at_once_never_decide_the_same_twice() {
    if let Some(path) = env::var_os(CHILD) {
        let mut vault = Vault::open(Path::new(&path), &key()).unwrap();
        for n in 0..100 {
            count_up(&mut vault, "child", if n % 2 == 0 { Lasting::Logged } else { Lasting::Settled });
        }
        return vault.close().unwrap();
    }
    let mut made = made();
    add_person(&mut made.vault, 1);
    let mut child = start("two_processes_that_decide_at_once_never_decide_the_same_twice", &made.path);
    let (mut seen, mut stamp) = (BTreeMap::new(), 0);
    for _ in 0..100 {
        count_up(&mut made.vault, "parent", Lasting::Settled);
        // What is new is read as a running program reads it.
        let news = made.vault.authority_since(stamp).unwrap();
        stamp = news.stamp;
        let (News::All(rows) | News::Changes(rows)) = news.news;
        seen.extend(rows.into_iter().map(|row| (row.key, row.json)));
    }
    assert!(child.wait().unwrap().success());
    let News::Changes(rows) = made.vault.authority_since(stamp).unwrap().news else { panic!() };
    seen.extend(rows.into_iter().map(|row| (row.key, row.json)));
    let News::All(all) = made.vault.authority_since(0).unwrap().news else { panic!() };
    assert_eq!(seen, all.into_iter().map(|row| (row.key, row.json)).collect());
    assert_eq!((seen["count"].as_deref(), seen.len()), (Some("200"), 201));
    assert_eq!(is_whole(&made.vault), Whole { entries: 200 });
}

#[test]
fn a_process_killed_while_it_decides_leaves_each_decision_whole_or_not_at_all() {
    if let Some(path) = env::var_os(CHILD) {
        let mut vault = Vault::open(Path::new(&path), &key()).unwrap();
        loop {
            let count = count_up(&mut vault, "child", Lasting::Logged);
            println!("\ncounted {count}");
        }
    }
    let mut made = made();
    add_person(&mut made.vault, 1);
    drop(made.vault);
    for round in 0..12 {
        let mut child = start("a_process_killed_while_it_decides_leaves_each_decision_whole_or_not_at_all", &made.path);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = 0;
        let mut after = 3 + round * 2;
        while after > 0 {
            let line = lines.next().expect("the other process ended").unwrap();
            if let Some(count) = line.strip_prefix("counted ") {
                told = count.parse::<u64>().unwrap();
                after -= 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            if let Some(count) = line.strip_prefix("counted ") {
                told = count.parse().unwrap();
            }
        }
        let vault = Vault::open(&made.path, &key()).unwrap();
        let News::All(rows) = vault.authority_since(0).unwrap().news else { panic!() };
        let count: u64 = rows.iter().find(|row| row.key == "count").unwrap().json.as_deref().unwrap().parse().unwrap();
        assert!(count >= told, "what was told of is there: {count} {told}");
        assert_eq!((rows.len() as u64, is_whole(&vault).entries), (count + 1, count));
        vault.close().unwrap();
    }
}
