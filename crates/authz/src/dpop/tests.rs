use crypto::SigningKey;
use proptest::prelude::*;
use serde_json::{Value, json};
use types::Secret;

use super::*;
use crate::testing::{World, ath, proof, reheaded};

const URL: &str = "https://wallet.example/token";

fn key() -> SigningKey {
    SigningKey::p256(&Secret::new([5; 32])).unwrap()
}

fn check(world: &mut World, text: &str) -> Result<DpopProof, OAuthError> {
    world.step().dpop(text, "POST", URL)
}

fn code(result: Result<DpopProof, OAuthError>) -> ErrorCode {
    result.unwrap_err().code
}

#[test]
fn a_proof_names_the_key_that_made_it() {
    let mut world = World::new();
    let text = proof(&world, &key(), "POST", URL, json!({}));
    assert_eq!(check(&mut world, &text).unwrap().jkt(), key().public_jwk().thumbprint());
    // RFC 9449 §4.3: query and fragment do not count, and what normalizes to the same address is the same.
    for url in ["https://wallet.example/token?x=1", "HTTPS://WALLET.example:443/token#a"] {
        let text = proof(&world, &key(), "POST", url, json!({}));
        assert!(check(&mut world, &text).is_ok(), "{url}");
    }
}

#[test]
fn a_proof_is_good_once() {
    let mut world = World::new();
    let text = proof(&world, &key(), "POST", URL, json!({}));
    let first = check(&mut world, &text).unwrap();
    let second = check(&mut world, &text).unwrap();
    assert!(world.step().spend_proof(&first).is_ok());
    assert_eq!(world.step().spend_proof(&second).unwrap_err().code, ErrorCode::InvalidDpopProof);
    assert_eq!(code(check(&mut world, &text)), ErrorCode::InvalidDpopProof);
    world.later(250);
    assert_eq!(code(check(&mut world, &text)), ErrorCode::InvalidDpopProof);
    // Another key with the same jti is another proof.
    let other = SigningKey::p256(&Secret::new([6; 32])).unwrap();
    let text = proof(&world, &other, "POST", URL, json!({}));
    assert!(check(&mut world, &text).is_ok());
}

#[test]
fn a_proof_for_another_request_opens_nothing() {
    let mut world = World::new();
    let now = world.now.as_second();
    for other in [
        json!({"htm": "GET"}),
        json!({"htm": "post"}),
        json!({"htm": null}),
        json!({"htu": "https://other.example/token"}),
        json!({"htu": "http://wallet.example/token"}),
        json!({"htu": "https://wallet.example/token/"}),
        json!({"htu": "token"}),
        json!({"htu": null}),
        json!({"iat": now - 301}),
        json!({"iat": now + 301}),
        json!({"iat": null}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": "x".repeat(257)}),
    ] {
        let text = proof(&world, &key(), "POST", URL, other.clone());
        assert_eq!(code(check(&mut world, &text)), ErrorCode::InvalidDpopProof, "{other}");
    }
}

#[test]
fn a_proof_needs_a_nonce_of_ours_that_is_not_old() {
    let mut world = World::new();
    for other in [json!({"nonce": null}), json!({"nonce": "guess"}), json!({"nonce": 7})] {
        let text = proof(&world, &key(), "POST", URL, other.clone());
        assert_eq!(code(check(&mut world, &text)), ErrorCode::UseDpopNonce, "{other}");
    }
    let nonce = world.setting.dpop_nonce(world.now);
    world.later(300);
    let text = proof(&world, &key(), "POST", URL, json!({ "nonce": nonce }));
    assert!(check(&mut world, &text).is_ok());
    world.later(300);
    let text = proof(&world, &key(), "POST", URL, json!({ "nonce": nonce }));
    assert_eq!(code(check(&mut world, &text)), ErrorCode::UseDpopNonce);
}

#[test]
fn a_proof_is_bound_to_its_token() {
    let mut world = World::new();
    let with_ath = |world: &World, value: Value| proof(world, &key(), "POST", URL, json!({ "ath": value }));
    let for_token = |world: &mut World, text: &str| world.step().proof_for(text, "POST", URL, Some("token"));
    let text = with_ath(&world, json!(ath("token")));
    assert!(for_token(&mut world, &text).is_ok());
    for other in [json!(ath("another")), json!("token"), json!(null)] {
        let text = with_ath(&world, other.clone());
        assert_eq!(code(for_token(&mut world, &text)), ErrorCode::InvalidDpopProof, "{other}");
    }
}

#[test]
fn a_proof_without_signature_or_with_a_confused_key_opens_nothing() {
    let mut world = World::new();
    let good = proof(&world, &key(), "POST", URL, json!({}));
    let jwk = Value::from(key().public_jwk());
    let other = Value::from(SigningKey::p256(&Secret::new([6; 32])).unwrap().public_jwk());
    let mut private = jwk.clone();
    private["d"] = json!("AAAA");
    for header in [
        json!({"alg": "none", "typ": "dpop+jwt", "jwk": jwk}),
        json!({"alg": "HS256", "typ": "dpop+jwt", "jwk": {"kty": "oct", "k": "AAAA"}}),
        json!({"alg": "ES384", "typ": "dpop+jwt", "jwk": jwk}),
        json!({"alg": "EdDSA", "typ": "dpop+jwt", "jwk": jwk}),
        json!({"alg": "ES256", "typ": "JWT", "jwk": jwk}),
        json!({"alg": "ES256", "jwk": jwk}),
        json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": other}),
        json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": private}),
        json!({"alg": "ES256", "typ": "dpop+jwt"}),
    ] {
        assert_eq!(code(check(&mut world, &reheaded(&good, &header))), ErrorCode::InvalidDpopProof, "{header}");
    }
    // Properly signed, with the private half told along.
    let payload = crypto::b64u::decode(good.split('.').nth(1).unwrap()).unwrap();
    let text = key().jws_compact(&json!({"typ": "dpop+jwt", "jwk": private}), &payload).unwrap();
    assert_eq!(code(check(&mut world, &text)), ErrorCode::InvalidDpopProof);
}

proptest! {
    #[test]
    fn any_bytes_are_no_proof(text in ".{0,200}", header in "[ -~]{0,60}", payload in "[ -~]{0,60}") {
        let mut world = World::new();
        let encode = |text: &str| b64u::encode(text.as_bytes());
        prop_assert!(check(&mut world, &text).is_err());
        let shaped = format!("{}.{}.{}", encode(&header), encode(&payload), encode(&text));
        prop_assert!(check(&mut world, &shaped).is_err());
    }
}
