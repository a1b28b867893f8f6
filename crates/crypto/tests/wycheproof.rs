//! Project Wycheproof's published cases, each with the answer that is expected of us.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use crypto::{Algorithm, Jwk, Jwks, Jws, b64u, open};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use types::Secret;

fn groups(file: &str) -> Option<Vec<Value>> {
    let path = testkit::shared(&format!("vectors/wycheproof/{file}"))?;
    let all: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    Some(all["testGroups"].as_array().unwrap().clone())
}

fn cases(group: &Value) -> &Vec<Value> {
    group["tests"].as_array().unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

/// The raw point or key of a group, written as a JWK; not every group brings its own.
fn public_key(key: &Value) -> Value {
    match key["uncompressed"].as_str() {
        Some(_) => {
            let point = hex(&key["uncompressed"]);
            json!({"kty": "EC", "crv": "P-256", "x": b64u::encode(&point[1..33]), "y": b64u::encode(&point[33..])})
        }
        None => json!({"kty": "OKP", "crv": "Ed25519", "x": b64u::encode(&hex(&key["pk"]))}),
    }
}

fn signatures(file: &str, algorithm: Algorithm, expected: usize) {
    let Some(groups) = groups(file) else { return };
    let mut seen = 0;
    for group in groups {
        let key = Jwk::parse(&public_key(&group["publicKey"])).unwrap().verifying_key(algorithm).unwrap();
        for case in cases(&group) {
            let verified = key.verify(&hex(&case["msg"]), &hex(&case["sig"])).is_ok();
            assert_eq!(verified, case["result"] == "valid", "{case}");
            seen += 1;
        }
    }
    assert_eq!(seen, expected);
}

#[test]
fn es256_signatures_verify_as_published() {
    signatures("ecdsa_secp256r1_sha256_p1363_test.json", Algorithm::Es256, 262);
}

#[test]
fn ed25519_signatures_verify_as_published() {
    signatures("ed25519_test.json", Algorithm::EdDsa, 151);
}

#[test]
fn sealed_bytes_open_as_published() {
    let Some(groups) = groups("aes_gcm_test.json") else { return };
    let mut seen = 0;
    for group in groups {
        // Ours is always AES-256 with a nonce of 96 bits and a tag of 128.
        if (&group["keySize"], &group["ivSize"], &group["tagSize"]) != (&256.into(), &96.into(), &128.into()) {
            continue;
        }
        for case in cases(&group) {
            let key = Secret::new(hex(&case["key"]).try_into().unwrap());
            let sealed = [hex(&case["iv"]), hex(&case["ct"]), hex(&case["tag"])].concat();
            let opened = open(&key, &hex(&case["aad"]), &sealed);
            match case["result"].as_str().unwrap() {
                "valid" => assert_eq!(opened.unwrap(), hex(&case["msg"]), "{case}"),
                _ => assert!(opened.is_err(), "{case}"),
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 66);
}

/// Reads the text and verifies it by the key, as any caller does.
fn verifies(text: &str, key: &Value) -> bool {
    let (Ok(jws), Ok(jwk)) = (Jws::parse(text, 100_000), Jwk::parse(key)) else { return false };
    jwk.verifying_key(jws.header().alg).is_ok_and(|key| jws.verify(&key).is_ok())
}

#[test]
fn signed_texts_verify_as_published() {
    for (file, expected) in [("json_web_signature_test.json", 401), ("json_web_crypto_test.json", 0)] {
        let Some(groups) = groups(file) else { return };
        let (mut seen, mut accepted) = (0, 0);
        for group in groups {
            let key = &group["public"];
            let ours = key["alg"].as_str().is_some_and(|alg| alg.parse::<Algorithm>().is_ok());
            for case in cases(&group) {
                let Some(text) = case["jws"].as_str() else { continue };
                let verified = verifies(text, key);
                // A symmetric key or an algorithm that is not on our list verifies nothing, whatever was published.
                assert_eq!(verified, ours && case["result"] == "valid", "{file} {} {case}", group["comment"]);
                seen += 1;
                accepted += usize::from(verified);
            }
        }
        assert!(seen >= expected && accepted > 0, "{file}: {seen} seen, {accepted} accepted");
    }
}

#[test]
fn key_sets_verify_as_published() {
    let Some(groups) = groups("json_web_key_test.json") else { return };
    let mut seen = 0;
    for group in groups {
        let Some(public) = group.get("public") else { continue };
        let set = Jwks::parse(public.to_string().as_bytes()).unwrap();
        for case in cases(&group) {
            let verified = case["jws"].as_str().is_some_and(|text| {
                Jws::parse(text, 100_000).is_ok_and(|jws| {
                    let key = jws.header().kid.as_deref().and_then(|kid| set.by_kid(kid));
                    let key = key.and_then(|key| key.verifying_key(jws.header().alg).ok());
                    key.is_some_and(|key| jws.verify(&key).is_ok())
                })
            });
            assert_eq!(verified, case["result"] == "valid", "{} {case}", group["comment"]);
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}
