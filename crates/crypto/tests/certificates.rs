//! Certificates as the directory of issuers and the example issuer publish them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use crypto::{BadSignature, Certificate, CertificateError, Jwks};

#[test]
fn the_snapshot_of_the_directory_is_signed_by_its_certificate() {
    let Some(folder) = testkit::shared("vectors/vci-directory") else { return };
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let certificate = Certificate::from_pem(&read("vci_snapshot.crt")).unwrap();
    let (mut snapshot, signature) = (read("vci_snapshot.json"), read("vci_snapshot.sig"));
    assert_eq!(certificate.verify(&snapshot, &signature), Ok(()));
    snapshot[1000] ^= 1;
    assert_eq!(certificate.verify(&snapshot, &signature), Err(BadSignature));
}

#[test]
fn the_chain_of_the_example_issuer_holds_and_has_its_dates() {
    let Some(path) = testkit::shared("vectors/shc-spec/issuer/jwks.json") else { return };
    let keys = Jwks::parse(&std::fs::read(path).unwrap()).unwrap().keys;
    let key = keys.iter().find(|key| key.member("x5c").is_some()).unwrap();
    let chain = key.certificates().unwrap();
    let [leaf, middle, root] = chain.as_slice() else { panic!("three certificates") };
    assert!(leaf.is_for(key) && !middle.is_for(key));
    assert_eq!(leaf.signed_by(middle), Ok(()));
    assert_eq!(middle.signed_by(root), Ok(()));
    assert_eq!(root.signed_by(root), Ok(()));
    assert_eq!(leaf.signed_by(root), Err(BadSignature));
    assert_eq!(leaf.addresses(), ["https://spec.smarthealth.cards/examples/issuer"]);
    // 1 June 2021 to 1 June 2022: long over, and still a good signature.
    assert_eq!(leaf.validity(), (1_622_562_609, 1_654_098_609));
    assert!(keys.iter().find(|key| key.member("x5c").is_none()).unwrap().certificates().unwrap().is_empty());
}

#[test]
fn other_bytes_are_not_a_certificate() {
    assert_eq!(Certificate::from_der(b"").err(), Some(CertificateError));
    assert_eq!(Certificate::from_der(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).err(), Some(CertificateError));
    assert_eq!(
        Certificate::from_pem(b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----").err(),
        Some(CertificateError)
    );
}
