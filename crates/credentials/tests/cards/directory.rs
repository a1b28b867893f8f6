use std::collections::{HashMap, HashSet};

use credentials::directory::{Directory, DirectoryError};
use credentials::{Draft, IssuerKeys, Reason};

use crate::kit::{at, bundle, key, only};

fn file(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(testkit::shared("vectors/vci-directory")?.join(name)).unwrap())
}

#[test]
fn the_list_names_its_issuers() {
    let Some(bytes) = file("vci-issuers.json") else { return };
    let list = Directory::parse(&bytes).unwrap();
    assert!(list.len() > 600);
    assert_eq!(list.issuer("https://myvaccinerecord.cdph.ca.gov/creds").unwrap().name, "State of California");
    assert!(list.issuer("https://myvaccinerecord.cdph.ca.gov/creds/").is_none());
    assert!(list.key_set("https://myvaccinerecord.cdph.ca.gov/creds").is_none(), "a list has no keys");
}

#[test]
fn the_signed_snapshot_gives_keys_by_issuer_and_kid() {
    let Some(bytes) = file("vci_snapshot.json") else { return };
    let (signature, certificate) = (file("vci_snapshot.sig").unwrap(), file("vci_snapshot.crt").unwrap());
    let snapshot = Directory::parse_signed(&bytes, &signature, &certificate).unwrap();
    assert_eq!(snapshot.taken(), Some(at("2026-08-22T04:43:50Z")));
    assert_eq!(snapshot.len(), 651);

    let mut keys = 0;
    let mut issuers_of: HashMap<String, HashSet<String>> = HashMap::new();
    for issuer in snapshot.issuers() {
        for key in &issuer.keys.keys {
            let kid = key.kid().unwrap();
            assert_eq!(key.thumbprint(), kid);
            assert_eq!(snapshot.key(&issuer.address, kid), Some(key));
            issuers_of.entry(kid.to_owned()).or_default().insert(issuer.address.clone());
            keys += 1;
        }
    }
    assert_eq!(keys, 961);
    assert!(issuers_of.values().any(|issuers| issuers.len() > 1), "a kid alone does not name a key");
    assert!(snapshot.key("https://myvaccinerecord.cdph.ca.gov/creds", "unknown").is_none());
}

#[test]
fn a_changed_snapshot_or_another_certificate_is_refused() {
    let Some(mut bytes) = file("vci_snapshot.json") else { return };
    let (signature, certificate) = (file("vci_snapshot.sig").unwrap(), file("vci_snapshot.crt").unwrap());
    assert_eq!(Directory::parse_signed(&bytes, &signature, b"x").err(), Some(DirectoryError::Certificate));
    assert_eq!(Directory::parse_signed(&bytes, b"x", &certificate).err(), Some(DirectoryError::Signature));
    bytes.push(b' ');
    assert_eq!(Directory::parse_signed(&bytes, &signature, &certificate).err(), Some(DirectoryError::Signature));
}

#[test]
fn other_files_are_not_directories() {
    for text in ["", "[]", "{}", r#"{"participating_issuers":[{"iss":1}]}"#, r#"{"keys":[]}"#] {
        assert_eq!(Directory::parse(text.as_bytes()).err(), Some(DirectoryError::Malformed), "{text}");
    }
}

#[test]
fn a_directory_does_not_vouch_for_cards_signed_by_others() {
    let Some(bytes) = file("vci_snapshot.json") else { return };
    let snapshot = Directory::parse(&bytes).unwrap();
    let issuer = "https://myvaccinerecord.cdph.ca.gov/creds";
    let forged = Draft::new(issuer, at("2024-06-01T00:00:00Z"), &bundle()).sign(&key()).unwrap();
    let keys = snapshot.key_set(issuer).unwrap();
    let verdict = only(&forged).unwrap().verify(IssuerKeys::Known(&keys), at("2026-09-01T00:00:00Z"), None);
    assert_eq!(verdict.reason, Reason::ForeignKey);
}
