use credentials::{Evidence, IssuerKeys, ReadError, Reason, Standing, Verdict};
use crypto::{Jwks, SigningKey, b64u};
use miniz_oxide::deflate::compress_to_vec;
use serde_json::json;
use types::Secret;

use crate::kit::{
    EXAMPLE_ISSUER, EXAMPLES, ISSUER, at, card, example, example_keys, key, keys, keys_of, only, payload, published,
    signed, then, with_header,
};

fn judge(text: &str) -> Verdict {
    match only(text) {
        Ok(card) => card.verify(IssuerKeys::Known(&keys()), then(), None),
        Err(error) => Verdict::unreadable(&error),
    }
}

/// The same card with another payload and the old signature.
fn with_payload(jws: &str, change: impl Fn(&str) -> String) -> String {
    let card = only(jws).unwrap();
    let packed = compress_to_vec(change(card.payload()).as_bytes(), 6);
    let parts: Vec<&str> = jws.trim().split('.').collect();
    format!("{}.{}.{}", parts[0], b64u::encode(&packed), parts[2])
}

#[test]
fn a_changed_name_in_any_example_is_told_from_the_signature() {
    let Some(keys) = example_keys(Standing::Directory) else { return };
    for (number, _) in EXAMPLES {
        let jws = example(&format!("example-{number}-d-jws.txt")).unwrap();
        let changed = with_payload(&jws, |payload| payload.replacen("resource:0", "resource:9", 1));
        let verdict = only(&changed).unwrap().verify(IssuerKeys::Known(&keys), then(), None);
        assert_eq!((verdict.reason, verdict.evidence[0]), (Reason::Changed, Evidence::SignatureBad), "{number}");
    }
}

#[test]
fn every_changed_character_of_every_example_is_refused() {
    let Some(keys) = example_keys(Standing::Directory) else { return };
    for (number, _) in EXAMPLES {
        let jws = example(&format!("example-{number}-d-jws.txt")).unwrap();
        let jws = jws.trim();
        let step = if jws.len() > 1000 { 7 } else { 1 };
        for at in (0..jws.len()).step_by(step) {
            let other = if jws.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &jws[..at], &jws[at + 1..]);
            let verdict = match only(&changed) {
                Ok(card) => card.verify(IssuerKeys::Known(&keys), then(), None),
                Err(error) => Verdict::unreadable(&error),
            };
            let right = [
                Reason::Changed,
                Reason::NotWhole,
                // A changed header may name another key or algorithm, a changed payload another issuer or kind.
                Reason::ForeignKey,
                Reason::ForbiddenAlgorithm,
                Reason::KeysUnavailable,
                Reason::UnknownKind,
            ];
            assert!(right.contains(&verdict.reason), "{number} at {at}: {verdict:?}");
        }
    }
}

#[test]
fn another_signature_is_a_change_and_another_key_is_a_foreign_key() {
    let text = card();
    let mut parts: Vec<String> = text.split('.').map(str::to_owned).collect();
    parts[2] = b64u::encode(&key().sign(b"something else").unwrap());
    assert_eq!(judge(&parts.join(".")).reason, Reason::Changed);
    parts[2] = b64u::encode(&[0; 64]);
    assert_eq!(judge(&parts.join(".")).reason, Reason::Changed);
    parts[2] = b64u::encode(&[1; 10]);
    assert_eq!(judge(&parts.join(".")).reason, Reason::Changed);

    let other = SigningKey::p256(&Secret::new([8; 32])).unwrap();
    let foreign =
        credentials::Draft::new(ISSUER, at("2024-06-01T00:00:00Z"), &crate::kit::bundle()).sign(&other).unwrap();
    let verdict = judge(&foreign);
    assert_eq!((verdict.reason, verdict.evidence[0]), (Reason::ForeignKey, Evidence::KidUnknown));
    // Signed by the other key under the issuer's kid.
    let input = text.rsplit_once('.').unwrap().0;
    let forged = format!("{input}.{}", b64u::encode(&other.sign(input.as_bytes()).unwrap()));
    assert_eq!(judge(&forged).reason, Reason::Changed);
}

#[test]
fn the_same_kid_under_another_issuer_proves_nothing() {
    let text = card();
    let elsewhere = keys_of("https://other.example.org", vec![published(&key())]);
    let verdict = only(&text).unwrap().verify(IssuerKeys::Known(&elsewhere), then(), None);
    assert_eq!(verdict.reason, Reason::KeysUnavailable);
}

#[test]
fn a_header_that_is_not_allowed_is_named_as_such() {
    let kid = key().public_jwk().thumbprint();
    for alg in ["none", "HS256", "ES384", "ES512", "RS256", "EdDSA", "PS256", "es256"] {
        let verdict = judge(&with_header(&json!({"alg": alg, "zip": "DEF", "kid": kid})));
        assert_eq!(verdict.reason, Reason::ForbiddenAlgorithm, "{alg}");
    }
    let none = with_header(&json!({"alg": "none", "zip": "DEF", "kid": kid}));
    let unsigned = format!("{}.", none.rsplit_once('.').unwrap().0);
    assert_eq!(only(&unsigned).err(), Some(ReadError::Algorithm));
    let verdict = judge(&with_header(&json!({"alg": "ES256", "zip": "DEF"})));
    assert_eq!((verdict.reason, verdict.evidence[0]), (Reason::ForeignKey, Evidence::KidUnknown), "no kid");
    let verdict = judge(&with_header(&json!({"alg": "ES256", "zip": "DEF", "kid": "other"})));
    assert_eq!((verdict.reason, verdict.evidence[0]), (Reason::ForeignKey, Evidence::KidUnknown), "wrong kid");
    let verdict = judge(&with_header(&json!({"alg": "ES256", "zip": "DEF", "kid": kid, "crit": ["x"]})));
    assert_eq!(verdict.reason, Reason::NotWhole, "crit");
}

#[test]
fn a_key_inside_the_header_is_not_trusted() {
    let other = SigningKey::p256(&Secret::new([8; 32])).unwrap();
    let jwk = serde_json::to_value(other.public_jwk()).unwrap();
    let kid = other.public_jwk().thumbprint();
    let text = with_header(&json!({"alg": "ES256", "zip": "DEF", "kid": kid, "jwk": jwk}));
    let input = text.rsplit_once('.').unwrap().0;
    let forged = format!("{input}.{}", b64u::encode(&other.sign(input.as_bytes()).unwrap()));
    assert_eq!(judge(&forged).reason, Reason::ForeignKey);
}

#[test]
fn keys_that_break_the_rules_verify_nothing() {
    let text = card();
    let good = published(&key());
    let p384 = SigningKey::p384(&Secret::new([7; 48])).unwrap().public_jwk();
    let kid = good.kid().unwrap().to_owned();
    let with = |name: &str, value: &str| vec![good.clone().with_member(name, json!(value))];
    let curve = vec![p384.with_kid(&kid).with_member("use", json!("sig")).with_member("alg", json!("ES256"))];
    let under = vec![published(&SigningKey::p256(&Secret::new([8; 32])).unwrap()).with_kid(&kid)];
    for (keys, reason, evidence) in [
        (curve, Reason::ForbiddenAlgorithm, Evidence::KeyNotP256),
        (with("use", "enc"), Reason::ForbiddenAlgorithm, Evidence::KeyNotForSigning),
        (with("alg", "ES384"), Reason::ForbiddenAlgorithm, Evidence::KeyNotForSigning),
        (vec![key().public_jwk().with_kid(&kid)], Reason::ForbiddenAlgorithm, Evidence::KeyNotForSigning),
        (under, Reason::ForeignKey, Evidence::KidNotThumbprint),
        (vec![], Reason::ForeignKey, Evidence::KidUnknown),
    ] {
        let verdict = only(&text).unwrap().verify(IssuerKeys::Known(&keys_of(ISSUER, keys)), then(), None);
        assert_eq!((verdict.reason, verdict.evidence[0]), (reason, evidence));
    }
}

#[test]
fn an_issuer_that_must_not_be_is_refused_with_keys_and_without() {
    for (issuer, evidence) in [
        ("http://clinic.example.org/cards", Evidence::IssuerNotHttps),
        ("https://clinic.example.org/cards/", Evidence::IssuerTrailingSlash),
        ("https://clinic.example.org/", Evidence::IssuerTrailingSlash),
        ("ftp://clinic.example.org", Evidence::IssuerNotHttps),
        ("did:web:clinic.example.org", Evidence::IssuerNotAnAddress),
        ("https://me@clinic.example.org", Evidence::IssuerNotAnAddress),
        ("https://clinic.example.org?x=1", Evidence::IssuerNotAnAddress),
        ("clinic", Evidence::IssuerNotAnAddress),
        ("", Evidence::IssuerNotAnAddress),
    ] {
        let mut payload = payload();
        payload["iss"] = json!(issuer);
        let card = only(&signed(&payload)).unwrap();
        let keys = keys_of(issuer, vec![published(&key())]);
        for keys in [IssuerKeys::Known(&keys), IssuerKeys::Unavailable] {
            let verdict = card.verify(keys, then(), None);
            assert_eq!((verdict.reason, verdict.evidence[0]), (Reason::ForbiddenAlgorithm, evidence), "{issuer}");
        }
    }
    for demo in ["http://localhost:8080/cards", "http://127.0.0.1:8080", "http://[::1]:1/x"] {
        let mut payload = payload();
        payload["iss"] = json!(demo);
        let keys = keys_of(demo, vec![published(&key())]);
        let verdict = only(&signed(&payload)).unwrap().verify(IssuerKeys::Known(&keys), then(), None);
        assert_eq!(verdict.reason, Reason::SignedByIssuer, "{demo}");
    }
}

#[test]
fn a_signed_text_that_is_no_health_card_is_told_apart_from_a_broken_one() {
    let change = |pointer: &str, value: serde_json::Value| {
        let mut payload = payload();
        *payload.pointer_mut(pointer).unwrap() = value;
        judge(&signed(&payload))
    };
    let subject = "/vc/credentialSubject";
    let bundle = "/vc/credentialSubject/fhirBundle";
    for (verdict, reason, evidence) in [
        (change("/vc/type", json!(["VerifiableCredential"])), Reason::UnknownKind, Evidence::TypeMissing),
        (change("/vc/type", json!([])), Reason::UnknownKind, Evidence::TypeMissing),
        (change("/vc", json!({})), Reason::UnknownKind, Evidence::TypeMissing),
        (change(&format!("{subject}/fhirVersion"), json!("3.0.2")), Reason::UnknownKind, Evidence::FhirVersion),
        (change(&format!("{subject}/fhirVersion"), json!("4.0")), Reason::UnknownKind, Evidence::FhirVersion),
        (change(&format!("{subject}/fhirVersion"), json!("5.0.0")), Reason::UnknownKind, Evidence::FhirVersion),
        (change(&format!("{subject}/fhirVersion"), json!(null)), Reason::UnknownKind, Evidence::FhirVersion),
        (change(bundle, json!(null)), Reason::NotWhole, Evidence::BundleMissing),
        (change(&format!("{bundle}/resourceType"), json!("Patient")), Reason::NotWhole, Evidence::BundleMissing),
        (change(&format!("{bundle}/type"), json!("transaction")), Reason::NotWhole, Evidence::BundleType),
        (change(&format!("{bundle}/entry"), json!([])), Reason::NotWhole, Evidence::BundleEmpty),
        (change(&format!("{bundle}/entry/0/resource"), json!({})), Reason::NotWhole, Evidence::EntryWithoutResource),
        (change(&format!("{bundle}/entry/0/resource"), json!(null)), Reason::NotWhole, Evidence::EntryWithoutResource),
        (change(&format!("{bundle}/entry/0/fullUrl"), json!("resource:1")), Reason::NotWhole, Evidence::EntryAddress),
        (change(&format!("{bundle}/entry/0/fullUrl"), json!(null)), Reason::NotWhole, Evidence::EntryAddress),
    ] {
        assert_eq!((verdict.reason, verdict.evidence[0]), (reason, evidence));
        assert!(verdict.evidence.contains(&Evidence::SignatureGood));
    }
    let long = change(&format!("{bundle}/entry/0/fullUrl"), json!("https://ehr.example.org/Patient/1"));
    assert_eq!(long.reason, Reason::SignedByIssuer);
    assert!(long.evidence.contains(&Evidence::EntryAddressLong));
}

#[test]
fn a_card_that_ends_before_it_begins_never_holds() {
    let mut payload = payload();
    payload["exp"] = json!(1_717_000_000);
    let verdict = judge(&signed(&payload));
    assert_eq!((verdict.reason, verdict.evidence[0]), (Reason::NotWhole, Evidence::ExpBeforeNbf));
}

#[test]
fn unknown_types_and_members_do_no_harm() {
    let mut payload = payload();
    payload["vc"]["type"] = json!(["https://example.org#new", "https://smarthealth.cards#health-card"]);
    payload["vc"]["@context"] = json!(["https://www.w3.org/2018/credentials/v1"]);
    payload["more"] = json!({"deep": [1, 2.50, "three"]});
    assert_eq!(judge(&signed(&payload)).reason, Reason::SignedByIssuer);
}

#[test]
fn the_key_is_found_by_the_exact_issuer() {
    let Some(text) = example("example-00-d-jws.txt") else { return };
    let keys = Jwks::parse(example("issuer/jwks.json").unwrap().as_bytes()).unwrap();
    let near =
        credentials::KeySet::new(&format!("{EXAMPLE_ISSUER}2"), &keys, at("2024-12-31T12:00:00Z"), Standing::Directory);
    let verdict = only(&text).unwrap().verify(IssuerKeys::Known(&near), then(), None);
    assert_eq!(verdict.reason, Reason::KeysUnavailable);
}
