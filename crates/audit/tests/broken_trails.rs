//! Every way to tamper with a trail is found, at the entry where it happened.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use std::collections::BTreeMap;

use audit::{Access, Action, Broken, Draft, Entry, Head, Outcome, SignedHead, Who, Whole, Why, append, verify};
use crypto::{Algorithm, SigningKey, VerifyingKey};
use jiff::Timestamp;
use proptest::prelude::*;
use types::{ClientId, GrantId, PersonId, RequestId, Secret};

fn key() -> SigningKey {
    SigningKey::ed25519(&Secret::new([3; 32]))
}

fn public() -> VerifyingKey {
    key().public_jwk().verifying_key(Algorithm::EdDsa).unwrap()
}

fn sign(head: Head) -> SignedHead {
    SignedHead { signature: key().sign(&head.message()).unwrap(), head }
}

fn access(number: u64) -> Access {
    Access {
        who: Some(Who::Client(ClientId::from_random([4; 16]))),
        grant: Some(GrantId::from_random([5; 16])),
        released: vec![format!("Observation/{number}/_history/1"), "Patient/p/_history/2".to_owned()],
        status: Some(200),
        ..Access::default().asked("GET", "Observation?code=4548-4")
    }
}

fn trail(length: u64) -> Vec<Entry> {
    let mut head = Head::start();
    (0..length)
        .map(|i| {
            let draft = Draft {
                action: Action::ALL[i as usize % Action::ALL.len()],
                person: (i % 2 == 0).then(|| PersonId::from_random([1; 16])),
                subject: (i % 3 == 0).then(|| "con_1".to_owned()),
                counts: BTreeMap::from([("new".to_owned(), i as u32)]),
                outcome: Outcome::Done,
                // Entries of both versions, mixed.
                access: (i % 2 == 1).then(|| Box::new(access(i))),
            };
            let entry = append(&head, draft, Timestamp::from_second(1_800_000_000 + i as i64).unwrap());
            head = entry.head();
            entry
        })
        .collect()
}

fn look(entries: Vec<Entry>, head: &SignedHead, remembered: Option<&Head>) -> Result<Whole, Broken> {
    verify(entries, Some(head), &public(), remembered)
}

#[test]
fn a_whole_trail_is_whole() {
    let entries = trail(20);
    let head = sign(entries[19].head());
    let remembered = entries[15].head();
    assert_eq!(look(entries, &head, Some(&remembered)), Ok(Whole { entries: 20 }));
    assert_eq!(verify([], None, &public(), None), Ok(Whole { entries: 0 }));
}

#[test]
fn a_cut_trail_breaks_behind_its_last_entry() {
    let mut entries = trail(20);
    let head = sign(entries[19].head());
    entries.truncate(12);
    assert_eq!(look(entries, &head, None), Err(Broken { at_seq: 13, why: Why::Missing }));
}

#[test]
fn a_dropped_entry_is_missed_where_it_stood() {
    let mut entries = trail(20);
    let head = sign(entries[19].head());
    entries.remove(6);
    assert_eq!(look(entries, &head, None), Err(Broken { at_seq: 7, why: Why::Missing }));
}

#[test]
fn an_edited_entry_is_found() {
    let mut entries = trail(20);
    let head = sign(entries[19].head());
    entries[4].counts.insert("new".to_owned(), 999);
    assert_eq!(look(entries, &head, None), Err(Broken { at_seq: 5, why: Why::Changed }));
}

#[test]
fn an_edited_entry_with_a_new_hash_breaks_the_link_behind_it() {
    let mut entries = trail(20);
    let head = sign(entries[19].head());
    entries[4].subject = Some("con_2".to_owned());
    entries[4].hash = entries[4].computed_hash();
    assert_eq!(look(entries, &head, None), Err(Broken { at_seq: 6, why: Why::Unlinked }));
}

#[test]
fn reordered_entries_are_found_with_or_without_new_numbers() {
    let mut entries = trail(20);
    let head = sign(entries[19].head());
    entries.swap(8, 9);
    assert_eq!(look(entries.clone(), &head, None), Err(Broken { at_seq: 9, why: Why::Missing }));
    entries[8].seq = 9;
    entries[9].seq = 10;
    assert_eq!(look(entries, &head, None), Err(Broken { at_seq: 9, why: Why::Changed }));
    let mut doubled = trail(5);
    let head = sign(doubled[4].head());
    let first = doubled[0].clone();
    doubled.insert(1, first);
    assert_eq!(look(doubled, &head, None), Err(Broken { at_seq: 2, why: Why::OutOfOrder }));
}

#[test]
fn a_trail_written_anew_does_not_fit_the_signed_head() {
    let head = sign(trail(20)[19].head());
    let mut forged = Vec::new();
    let mut last = Head::start();
    for entry in trail(20) {
        let draft = Draft { subject: Some("forged".to_owned()), ..Draft::done(entry.action) };
        forged.push(append(&last, draft, entry.at));
        last = forged.last().unwrap().head();
    }
    assert_eq!(look(forged.clone(), &head, None), Err(Broken { at_seq: 20, why: Why::OtherHead }));
    let self_signed = SignedHead { signature: vec![0; 64], head: last };
    assert_eq!(look(forged, &self_signed, None), Err(Broken { at_seq: 20, why: Why::BadSignature }));
}

#[test]
fn entries_behind_the_signed_head_do_not_count() {
    let entries = trail(20);
    let head = sign(entries[9].head());
    assert_eq!(look(entries.clone(), &head, None), Err(Broken { at_seq: 11, why: Why::Unsigned }));
    assert_eq!(verify(entries, None, &public(), None), Err(Broken { at_seq: 20, why: Why::BadSignature }));
}

#[test]
fn an_old_copy_is_noticed_by_who_remembers_a_later_head() {
    let entries = trail(20);
    let remembered = entries[19].head();
    let old = entries[..12].to_vec();
    let head = sign(old[11].head());
    assert_eq!(look(old.clone(), &head, None), Ok(Whole { entries: 12 }));
    assert_eq!(look(old.clone(), &head, Some(&remembered)), Err(Broken { at_seq: 13, why: Why::RolledBack }));
    assert_eq!(verify([], None, &public(), Some(&remembered)), Err(Broken { at_seq: 1, why: Why::RolledBack }));

    // Rolled back and then continued: as long as before, but with another past.
    let mut regrown = old;
    while regrown.len() < 25 {
        let last = regrown.last().unwrap().clone();
        regrown.push(append(&last.head(), Draft::done(Action::Locked), last.at));
    }
    let head = sign(regrown[24].head());
    assert_eq!(look(regrown, &head, Some(&remembered)), Err(Broken { at_seq: 20, why: Why::RolledBack }));
}

#[test]
fn no_part_of_an_access_can_be_changed_unnoticed() {
    let head = sign(trail(20)[19].head());
    let changes: [fn(&mut Access); 9] = [
        |access| access.who = Some(Who::Owner),
        |access| access.grant = None,
        |access| access.request = Some(RequestId::from_random([9; 16])),
        |access| access.method = Some("HEAD".to_owned()),
        |access| access.target = Some("Observation".to_owned()),
        |access| drop(access.released.pop()),
        |access| access.released = vec![access.released.concat()],
        |access| access.released.reverse(),
        |access| access.status = Some(404),
    ];
    for change in changes {
        let mut entries = trail(20);
        change(entries[5].access.as_mut().unwrap());
        assert_eq!(look(entries, &head, None), Err(Broken { at_seq: 6, why: Why::Changed }));
    }
    // Taken away or put on: an entry of one version does not pass for one of the other.
    let mut entries = trail(20);
    entries[5].access = None;
    assert_eq!(look(entries, &head, None), Err(Broken { at_seq: 6, why: Why::Changed }));
    let mut entries = trail(20);
    entries[6].access = Some(Box::default());
    assert_eq!(look(entries, &head, None), Err(Broken { at_seq: 7, why: Why::Changed }));
}

#[test]
fn exported_lines_hold_all_that_the_chain_is_made_of() {
    let entries = trail(2);
    let lines: Vec<serde_json::Value> =
        entries.iter().map(|entry| serde_json::from_str(&audit::line(entry)).unwrap()).collect();
    assert_eq!(lines[1]["previous"], lines[0]["hash"]);
    assert_eq!(lines[1]["access"]["released"][0], "Observation/1/_history/1");
    assert!(lines[0].get("access").is_none());
    let last: serde_json::Value =
        serde_json::from_str(&audit::head_line(&sign(entries[1].head()), &key().public_jwk())).unwrap();
    assert_eq!((&last["head"]["hash"], &last["head"]["key"]["kty"]), (&lines[1]["hash"], &"OKP".into()));
}

proptest! {
    #[test]
    fn no_change_of_one_entry_goes_unnoticed(at in 0usize..10, what in 0u8..7) {
        let mut entries = trail(10);
        let head = sign(entries[9].head());
        let entry = &mut entries[at];
        match what {
            0 => entry.at = Timestamp::from_second(0).unwrap(),
            1 => entry.action = if entry.action == Action::Locked { Action::Unlocked } else { Action::Locked },
            2 => entry.person = Some(PersonId::from_random([9; 16])),
            3 => entry.subject = Some("other".to_owned()),
            4 => entry.outcome = Outcome::Failed,
            5 => entry.previous[0] ^= 1,
            _ => entry.hash[31] ^= 1,
        }
        prop_assert_eq!(look(entries, &head, None).unwrap_err().at_seq, at as u64 + 1);
    }
}
