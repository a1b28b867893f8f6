use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::SigningKey;

fn with_header(header: &str) -> String {
    format!("{}.{}.{}", b64u::encode(header.as_bytes()), b64u::encode(b"{}"), b64u::encode(&[0; 64]))
}

#[test]
fn a_signed_text_reads_back_and_verifies() {
    let (_, key) = SigningKey::generate_ed25519().unwrap();
    let text = key.jws_compact(&json!({"kid": "k", "typ": "JWT", "zip": "DEF"}), b"payload").unwrap();
    let jws = Jws::parse(&text, 1000).unwrap();
    let header = jws.header();
    assert_eq!(
        (header.kid.as_deref(), header.typ.as_deref(), header.zip.as_deref()),
        (Some("k"), Some("JWT"), Some("DEF"))
    );
    assert_eq!(jws.payload(), b"payload");
    let verifier = key.public_jwk().verifying_key(Algorithm::EdDsa).unwrap();
    assert_eq!(jws.verify(&verifier), Ok(()));
    let other = SigningKey::generate_p256().unwrap().1;
    assert_eq!(jws.verify(&other.public_jwk().verifying_key(Algorithm::Es256).unwrap()), Err(BadSignature));
}

#[test]
fn what_is_not_to_be_considered_has_its_own_error() {
    for (text, error) in [
        (String::new(), JwsError::NotCompact),
        ("a.b".to_owned(), JwsError::NotCompact),
        ("a.b.c.d".to_owned(), JwsError::NotCompact),
        ("a.b.c.d.e".to_owned(), JwsError::NotCompact),
        ("e30=.e30.e30".to_owned(), JwsError::Base64),
        (with_header("{}"), JwsError::Header),
        (with_header("[]"), JwsError::Header),
        (with_header(r#"{"alg":7}"#), JwsError::Header),
        (with_header(r#"{"alg":"ES256","alg":"ES256"}"#), JwsError::Header),
        (with_header(r#"{"alg":"ES256","kid":1}"#), JwsError::Header),
        (with_header("\u{feff}{\"alg\":\"ES256\"}"), JwsError::Header),
        (with_header(r#"{"alg":"none"}"#), JwsError::Algorithm),
        (with_header(r#"{"alg":"HS256"}"#), JwsError::Algorithm),
        (with_header(r#"{"alg":"ES256","crit":["exp"]}"#), JwsError::Critical),
        (with_header(r#"{"alg":"ES256","crit":null}"#), JwsError::Critical),
        (with_header(r#"{"alg":"ES256","b64":false}"#), JwsError::Unencoded),
        ("a".repeat(2000), JwsError::TooLong),
    ] {
        assert_eq!(Jws::parse(&text, 1000).err(), Some(error), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fall(text in ".{0,200}") {
        let _ = Jws::parse(&text, 150);
    }

    #[test]
    fn no_header_makes_the_reader_fall(header in ".{0,80}") {
        let _ = Jws::parse(&with_header(&header), 1000);
    }
}
