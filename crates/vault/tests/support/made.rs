//! What the tests of the vault share: a key, people, drafts.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "tests say plainly what they expect")]

use std::path::PathBuf;

use jiff::Timestamp;
use tempfile::TempDir;
use types::{ConnectionId, PersonId, PullId, Secret};
use vault::{Connected, ItemDraft, Person, Vault};

pub fn key() -> Secret<[u8; 32]> {
    Secret::new([42; 32])
}

pub fn now() -> Timestamp {
    "2027-05-03T18:04:00Z".parse().unwrap()
}

pub fn person_id(n: u8) -> PersonId {
    PersonId::from_random([n; 16])
}

pub fn connection_id(n: u8) -> ConnectionId {
    ConnectionId::from_random([n; 16])
}

pub fn pull_id(n: u8) -> PullId {
    PullId::from_random([n; 16])
}

/// A vault in a folder of its own.
pub struct Made {
    pub folder: TempDir,
    pub path: PathBuf,
    pub vault: Vault,
}

pub fn made() -> Made {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("satchel.vault");
    let vault = Vault::create(&path, &key()).unwrap();
    Made { folder, path, vault }
}

/// Person `n` with connection `n` and a pull `n` of one kind, `Observation`.
pub fn add_person(vault: &mut Vault, n: u8) {
    let person = Person {
        id: person_id(n),
        name: format!("Person {n}"),
        relation: "me".into(),
        birth_date: Some("1961-02-03".into()),
        created: now(),
    };
    vault.add_person(&person).unwrap();
    let connection = Connected {
        id: connection_id(n),
        name: format!("Clinic {n}"),
        address: "https://ehr.example.org/fhir".into(),
        state: "ready".into(),
        scopes: "patient/*.rs".into(),
        details: "{}".into(),
        created: now(),
        last_pull: None,
    };
    vault.add_connection(&person.id, &connection).unwrap();
    begin(vault, n, n);
}

pub fn begin(vault: &mut Vault, person: u8, pull: u8) {
    let kinds = [("Observation".to_owned(), "lab".to_owned())];
    vault.begin_pull(&person_id(person), &connection_id(person), &pull_id(pull), &kinds, now()).unwrap();
}

/// A lab result; `day` sorts and names it.
pub fn lab(id: &str, title: &str, day: i64) -> ItemDraft {
    ItemDraft {
        resource_type: "Observation".into(),
        source_id: id.into(),
        version_id: Some("1".into()),
        last_updated: Some("2027-05-01T00:00:00Z".into()),
        kind: "lab".into(),
        title: Some(title.into()),
        date: Some(format!("day {day}")),
        date_sort: Some(day),
        status: Some("final".into()),
        test_key: Some(title.to_lowercase()),
        value_json: Some("{\"number\":\"6.20\"}".into()),
        text: title.into(),
        references: vec!["Encounter/e1".into()],
        json: lab_json(id, title, day).as_slice().into(),
        ..ItemDraft::default()
    }
}

/// The resource of [`lab`].
pub fn lab_json(id: &str, title: &str, day: i64) -> Vec<u8> {
    format!("{{\"resourceType\":\"Observation\",\"id\":\"{id}\",\"t\":\"{title}\",\"d\":{day}}}").into_bytes()
}
