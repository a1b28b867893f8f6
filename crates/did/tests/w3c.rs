//! The keys and signatures of the W3C's Data Integrity suites.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use crypto::{Algorithm, SigningKey};
use data_encoding::HEXLOWER;
use did::{Did, MakeError, ResolveError, jwk_from_p256, key_from_ed25519, key_from_p256, resolve_offline};
use serde_json::{Value, json};

fn text(path: &str) -> Option<String> {
    Some(std::fs::read_to_string(testkit::shared(&format!("vectors/w3c/{path}"))?).unwrap())
}

fn hex(path: &str) -> Vec<u8> {
    HEXLOWER.decode(text(path).unwrap().trim().as_bytes()).unwrap()
}

fn did_of(path: &str) -> Option<Did> {
    let pair: Value = serde_json::from_str(&text(path)?).unwrap();
    Some(format!("did:key:{}", pair["publicKeyMultibase"].as_str().unwrap()).parse().unwrap())
}

#[test]
fn the_published_ed25519_key_verifies_the_published_signatures() {
    let Some(did) = did_of("vc-di-eddsa/keyPair.json") else { return };
    let document = resolve_offline(&did).unwrap();
    let method = &document.verification_methods[0];
    assert_eq!(method.id, format!("{did}#{}", did.method_specific_id()));
    assert_eq!(method.controller, did);
    assert_eq!((&document.authentication, &document.assertion), (&vec![method.id.clone()], &vec![method.id.clone()]));
    assert_eq!(key_from_ed25519(&method.jwk).unwrap(), did);
    let key = method.jwk.verifying_key(Algorithm::EdDsa).unwrap();
    for (folder, suffix) in
        [("Ed25519Signature2020", "EdSig"), ("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS")]
    {
        let signed = hex(&format!("vc-di-eddsa/{folder}/combinedHash{suffix}.txt"));
        let mut signature = hex(&format!("vc-di-eddsa/{folder}/sigHex{suffix}.txt"));
        assert!(key.verify(&signed, &signature).is_ok(), "{folder}");
        signature[3] ^= 1;
        assert!(key.verify(&signed, &signature).is_err(), "{folder}");
    }
}

#[test]
fn the_published_p256_key_verifies_the_published_signatures() {
    let Some(did) = did_of("vc-di-ecdsa/p256KeyPair.json") else { return };
    let document = resolve_offline(&did).unwrap();
    let jwk = &document.verification_methods[0].jwk;
    assert_eq!(key_from_p256(jwk).unwrap(), did);
    let key = jwk.verifying_key(Algorithm::Es256).unwrap();
    for (folder, suffix) in [("ecdsa-rdfc-2019-p256", "ECDSAP256"), ("ecdsa-jcs-2019-p256", "JCSECDSAP256")] {
        let signed = hex(&format!("vc-di-ecdsa/{folder}/combinedHash{suffix}.txt"));
        let signature = hex(&format!("vc-di-ecdsa/{folder}/sigHex{suffix}.txt"));
        assert!(key.verify(&signed, &signature).is_ok(), "{folder}");
    }
}

#[test]
fn every_did_key_that_the_suites_name_resolves() {
    let Some(signed) = text("vc-di-eddsa/proof-set-chain/multiKeyPairs.json") else { return };
    let pairs: Value = serde_json::from_str(&signed).unwrap();
    let mut seen = 0;
    for pair in pairs.as_object().unwrap().values() {
        let Some(key) = pair["publicKeyMultibase"].as_str() else { continue };
        let did: Did = format!("did:key:{key}").parse().unwrap();
        assert_eq!(key_from_ed25519(&resolve_offline(&did).unwrap().verification_methods[0].jwk).unwrap(), did);
        seen += 1;
    }
    assert!(seen > 1, "{seen}");
}

#[test]
fn a_did_jwk_resolves_to_the_key_it_was_made_of() {
    let (_, key) = SigningKey::generate_p256().unwrap();
    let jwk = key.public_jwk().with_kid("not part of it").with_member("use", json!("sig"));
    let did = jwk_from_p256(&jwk).unwrap();
    let document = resolve_offline(&did).unwrap();
    assert_eq!(document.verification_methods[0].id, format!("{did}#0"));
    assert_eq!(document.verification_methods[0].jwk, key.public_jwk());
    assert_eq!(document.authentication, [format!("{did}#0")]);
    assert_eq!(did, jwk_from_p256(&key.public_jwk()).unwrap(), "one key, one did");
}

#[test]
fn the_example_of_the_did_jwk_method_resolves() {
    let did: Did = "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9".parse().unwrap();
    let jwk = serde_json::to_value(&resolve_offline(&did).unwrap().verification_methods[0].jwk).unwrap();
    assert_eq!(jwk["x"], "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0");
    assert_eq!(jwk_from_p256(&serde_json::from_value(jwk).unwrap()).unwrap(), did);
}

#[test]
fn keys_of_the_wrong_kind_make_no_did() {
    let (ed, p256) =
        (SigningKey::generate_ed25519().unwrap().1.public_jwk(), SigningKey::generate_p256().unwrap().1.public_jwk());
    assert_eq!(key_from_ed25519(&p256), Err(MakeError::Kind));
    assert_eq!(key_from_p256(&ed), Err(MakeError::Kind));
    assert_eq!(jwk_from_p256(&ed), Err(MakeError::Kind));
}

#[test]
fn dids_that_hold_no_key_of_ours_do_not_resolve() {
    let encode = |value: Value| format!("did:jwk:{}", crypto::b64u::encode(value.to_string().as_bytes()));
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let private = encode(json!({"kty": "OKP", "crv": "Ed25519", "x": x, "d": x}));
    let off_curve = encode(json!({"kty": "EC", "crv": "P-256", "x": x, "y": x}));
    for (text, error) in [
        ("did:web:example.org", ResolveError::Method),
        ("did:ion:abc", ResolveError::Method),
        ("did:key:abc", ResolveError::Id),
        ("did:key:z", ResolveError::Id),
        ("did:key:zzzz0OIl", ResolveError::Id),
        // The same key in base64url instead of base58btc.
        ("did:key:u7QF9TQ5_YVOmm2JCtSKrvuaF_aRCD4g0sQjDva42nvVJ-g", ResolveError::Id),
        ("did:jwk:abc", ResolveError::Id),
        ("did:jwk:e30", ResolveError::Id),
        (private.as_str(), ResolveError::Id),
    ] {
        assert_eq!(resolve_offline(&text.parse().unwrap()).err(), Some(error), "{text}");
    }
    assert!(resolve_offline(&off_curve.parse().unwrap()).is_err());
    let Some(p384) = did_of("vc-di-ecdsa/p384KeyPair.json") else { return };
    assert!(resolve_offline(&p384).is_err(), "P-384 is not among the kinds that DIDs hold here");
}
