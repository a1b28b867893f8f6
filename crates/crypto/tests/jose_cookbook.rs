//! The examples of RFC 7520, RFC 8037 and RFC 7797, as their authors publish them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use crypto::{Algorithm, Jwk, JwkError, Jws, JwsError, SigningKey, b64u};
use serde_json::Value;
use types::Secret;

fn example(path: &str) -> Option<Value> {
    let path = testkit::shared(&format!("vectors/jose-cookbook/{path}"))?;
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

/// The key without the parts that only its owner should have.
fn public(key: &Value) -> Jwk {
    let mut key = key.clone();
    key.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "d" | "p" | "q" | "dp" | "dq" | "qi"));
    Jwk::parse(&key).unwrap()
}

#[test]
fn public_keys_read_and_private_and_symmetric_ones_do_not() {
    let Some(ec) = example("jwk/3_2.ec_private_key.json") else { return };
    assert_eq!(Jwk::parse(&ec), Err(JwkError::Private));
    assert_eq!(Jwk::parse(&example("jwk/3_4.rsa_private_key.json").unwrap()), Err(JwkError::Private));
    assert_eq!(Jwk::parse(&example("jwk/3_5.symmetric_key_mac_computation.json").unwrap()), Err(JwkError::Private));
    // P-521 is a curve that nothing here is signed with.
    assert_eq!(Jwk::parse(&example("jwk/3_1.ec_public_key.json").unwrap()), Err(JwkError::Unsupported));
    let rsa = Jwk::parse(&example("jwk/3_3.rsa_public_key.json").unwrap()).unwrap();
    assert!(rsa.verifying_key(Algorithm::Rs256).is_ok());
}

#[test]
fn the_rsa_example_verifies() {
    let Some(example) = example("jws/4_1.rsa_v15_signature.json") else { return };
    let jws = Jws::parse(example["output"]["compact"].as_str().unwrap(), 10_000).unwrap();
    jws.verify(&public(&example["input"]["key"]).verifying_key(Algorithm::Rs256).unwrap()).unwrap();
    assert_eq!(std::str::from_utf8(jws.payload()).unwrap(), example["input"]["payload"].as_str().unwrap());
}

#[test]
fn the_ed25519_example_verifies_and_signs_the_same() {
    let Some(example) = example("curve25519/jws.json") else { return };
    let key = &example["input"]["key"];
    let compact = example["output"]["compact"].as_str().unwrap();
    let jws = Jws::parse(compact, 10_000).unwrap();
    jws.verify(&public(key).verifying_key(Algorithm::EdDsa).unwrap()).unwrap();
    let seed = b64u::decode(key["d"].as_str().unwrap()).unwrap().try_into().unwrap();
    let signature = SigningKey::ed25519(&Secret::new(seed)).sign(jws.signing_input().as_bytes()).unwrap();
    assert_eq!(signature, jws.signature());
}

#[test]
fn algorithms_that_are_not_ours_are_refused_by_name() {
    for path in [
        "jws/4_2.rsa-pss_signature.json",
        "jws/4_3.ecdsa_signature.json",
        "jws/4_4.hmac-sha2_integrity_protection.json",
    ] {
        let Some(example) = example(path) else { return };
        let compact = example["output"]["compact"].as_str().unwrap();
        assert_eq!(Jws::parse(compact, 10_000).err(), Some(JwsError::Algorithm), "{path}");
    }
}

#[test]
fn detached_and_unencoded_payloads_are_not_read_as_signed_texts() {
    let Some(detached) = example("jws/4_5.signature_with_detached_content.json") else { return };
    assert!(Jws::parse(detached["output"]["compact"].as_str().unwrap_or_default(), 10_000).is_err());
    let unencoded = example("rfc7797/4.2.hmac-sha2_b64_false.json").unwrap();
    assert!(Jws::parse(unencoded["output"]["compact"].as_str().unwrap_or_default(), 10_000).is_err());
}
