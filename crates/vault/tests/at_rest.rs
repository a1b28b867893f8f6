//! Nothing readable at rest: a canary goes through every table, and no file in the folder knows it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "support/made.rs"]
mod support;

use std::fs;
use std::path::Path;

use audit::{Action, Draft, Head, SignedHead, append};
use support::{key, made, now};
use types::{CardId, ConnectionId, DidId, PersonId, PullId, Secret};
use vault::{
    Attachment, CardRow, Connected, DidRow, IssuerKeys, IssuerList, ItemDraft, KindChange, ListQuery, Person, Tokens,
    Vault,
};

const CANARY: &str = "Kanarienvogel";

fn canary() -> String {
    CANARY.to_owned()
}

/// Writes the canary into every text and byte column there is.
fn write_everywhere(vault: &mut Vault) {
    let (person, connection) = (PersonId::from_random([1; 16]), ConnectionId::from_random([1; 16]));
    let pull = PullId::from_random([1; 16]);
    let birth_date = Some(canary());
    vault
        .add_person(&Person { id: person.clone(), name: canary(), relation: canary(), birth_date, created: now() })
        .unwrap();
    let row = Connected {
        id: connection.clone(),
        name: canary(),
        address: canary(),
        state: canary(),
        scopes: canary(),
        details: canary(),
        created: now(),
        last_pull: None,
    };
    vault.add_connection(&person, &row).unwrap();
    let tokens = Tokens { access: Secret::new(canary()), refresh: Some(Secret::new(canary())), expires: None };
    vault.set_tokens(&person, &connection, Some(&tokens)).unwrap();
    vault.begin_pull(&person, &connection, &pull, &[(canary(), canary())], now()).unwrap();
    for version in 0..3 {
        let page: Vec<ItemDraft> = (0..200).map(|n| draft(n, version)).collect();
        vault.store_page(&pull, CANARY, &page, Some(CANARY), now()).unwrap();
    }
    let change = KindChange { outcome: Some(canary()), error: Some(canary()), ..KindChange::default() };
    vault.change_kind(&person, &pull, CANARY, &change).unwrap();
    let item = vault.list(&person, &ListQuery::default()).unwrap().rows.remove(0).id;
    let file = Attachment { content_type: Some(canary()), bytes: canary().repeat(10_000).into_bytes() };
    vault.put_attachment(&person, &item, 0, &file, now()).unwrap();
    vault.add_note(&person, &item, CANARY, now()).unwrap();
    let did = DidRow {
        id: DidId::from_random([1; 16]),
        name: canary(),
        did: canary(),
        method: canary(),
        key_name: canary(),
        public_jwk: canary(),
        created: now(),
        retired: None,
        replaced_by: None,
    };
    vault.add_did(&person, &did).unwrap();
    let card =
        CardRow { id: CardId::from_random([1; 16]), jws: canary(), connection: None, added: now(), removed: None };
    vault.add_card(&person, &card).unwrap();
    let keys = IssuerKeys { issuer: canary(), name: Some(canary()), jwks: canary(), origin: canary(), fetched: now() };
    vault.put_issuer_keys(&[keys]).unwrap();
    vault.put_issuer_list(&IssuerList { issuer: canary(), kid: canary(), list: canary(), fetched: now() }).unwrap();
    vault.set_setting(CANARY, CANARY).unwrap();
    let draft = Draft { subject: Some(canary()), counts: [(canary(), 1)].into(), ..Draft::done(Action::Pulled) };
    let entry = append(&Head::start(), draft, now());
    vault.append_audit(&entry, &SignedHead { head: entry.head(), signature: canary().into_bytes() }).unwrap();
    vault.list(&person, &ListQuery { words: CANARY.into(), newest_of_each: true, ..ListQuery::default() }).unwrap();
    vault.did_you_mean(&person, "Kanarienvogle").unwrap();
}

fn draft(n: u32, version: u32) -> ItemDraft {
    ItemDraft {
        resource_type: canary(),
        source_id: format!("{CANARY}-{n}"),
        version_id: Some(format!("{CANARY}-{version}")),
        last_updated: Some(canary()),
        kind: canary(),
        title: Some(canary()),
        date: Some(canary()),
        status: Some(canary()),
        test_key: Some(canary()),
        value_json: Some(canary()),
        attachment_json: Some(canary()),
        text: format!("{CANARY} {CANARY}{n}"),
        references: vec![canary()],
        json: format!("{{\"{CANARY}\":{version}}}").repeat(60).as_bytes().into(),
        ..ItemDraft::default()
    }
}

fn search_folder(folder: &Path, when: &str) -> Vec<String> {
    let key = key();
    let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut names = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let lower = bytes.to_ascii_lowercase();
        let canary = CANARY.to_ascii_lowercase();
        for needle in [canary.as_bytes(), hex.as_bytes(), key.expose(), b"sqlite format", b"create table"] {
            let found = lower.windows(needle.len()).any(|window| window == needle);
            assert!(!found, "{when}: {} holds {:?}", path.display(), String::from_utf8_lossy(needle));
        }
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    names
}

#[test]
fn no_file_knows_what_stands_in_the_vault() {
    let mut made = made();
    write_everywhere(&mut made.vault);
    let open = search_folder(made.folder.path(), "open");
    assert!(open.contains(&"satchel.vault-wal".to_owned()), "{open:?}");
    made.vault.examine().unwrap();
    made.vault.close().unwrap();
    let closed = search_folder(made.folder.path(), "closed");
    assert_eq!(closed, ["satchel.vault", "satchel.vault.check"]);
}
