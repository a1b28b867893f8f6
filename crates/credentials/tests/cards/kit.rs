//! The published examples, and an issuer of our own.

use std::path::PathBuf;

use credentials::{Card, CardInput, Draft, KeySet, ReadError, Standing, Unverified};
use crypto::{Jwk, Jwks, SigningKey, b64u};
use jiff::Timestamp;
use miniz_oxide::deflate::compress_to_vec;
use serde_json::{Value, json};
use types::Secret;

/// The published examples: number, and how many QR codes each has.
pub(crate) const EXAMPLES: [(&str, usize); 4] = [("00", 1), ("01", 1), ("02", 3), ("03", 1)];

pub(crate) const EXAMPLE_ISSUER: &str = "https://spec.smarthealth.cards/examples/issuer";

/// The issuer of the cards made here.
pub(crate) const ISSUER: &str = "https://clinic.example.org/cards";

pub(crate) fn folder() -> Option<PathBuf> {
    testkit::shared("vectors/shc-spec")
}

pub(crate) fn example(name: &str) -> Option<String> {
    Some(std::fs::read_to_string(folder()?.join(name)).unwrap())
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A time at which all four examples are valid.
pub(crate) fn then() -> Timestamp {
    at("2025-01-01T00:00:00Z")
}

pub(crate) fn example_keys(standing: Standing) -> Option<KeySet> {
    let keys = Jwks::parse(example("issuer/jwks.json")?.as_bytes()).unwrap();
    Some(KeySet::new(EXAMPLE_ISSUER, &keys, at("2024-12-31T12:00:00Z"), standing))
}

pub(crate) fn only(text: &str) -> Result<Unverified, ReadError> {
    let mut read = Card::read(CardInput::Text(text))?;
    assert_eq!((read.cards.len(), read.unreadable.len()), (1, 0));
    Ok(read.cards.remove(0))
}

pub(crate) fn key() -> SigningKey {
    SigningKey::p256(&Secret::new([7; 32])).unwrap()
}

/// The key as an issuer publishes it.
pub(crate) fn published(key: &SigningKey) -> Jwk {
    let jwk = key.public_jwk();
    let kid = jwk.thumbprint();
    jwk.with_kid(&kid).with_member("use", json!("sig")).with_member("alg", json!("ES256"))
}

pub(crate) fn keys_of(issuer: &str, keys: Vec<Jwk>) -> KeySet {
    KeySet::new(issuer, &Jwks { keys }, at("2024-12-31T12:00:00Z"), Standing::Directory)
}

pub(crate) fn keys() -> KeySet {
    keys_of(ISSUER, vec![published(&key())])
}

pub(crate) fn bundle() -> Value {
    json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "resource:0", "resource": {"resourceType": "Patient", "name": [{"family": "Öz", "given": ["Adán"]}]}},
        {"fullUrl": "resource:1", "resource": {"resourceType": "Immunization", "status": "completed",
            "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "207"}]}}}
    ]})
}

pub(crate) fn card() -> String {
    Draft::new(ISSUER, at("2024-06-01T00:00:00Z"), &bundle()).sign(&key()).unwrap()
}

/// The payload of a card by our issuer.
pub(crate) fn payload() -> Value {
    json!({
        "iss": ISSUER, "nbf": 1_717_200_000,
        "vc": {"type": ["https://smarthealth.cards#health-card"],
            "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": bundle()}}
    })
}

/// A signed text with exactly this content.
pub(crate) fn signed_raw(payload: &[u8]) -> String {
    let key = key();
    key.jws_compact(&json!({"zip": "DEF", "kid": key.public_jwk().thumbprint()}), payload).unwrap()
}

pub(crate) fn signed_text(payload: &str) -> String {
    signed_raw(&compress_to_vec(payload.as_bytes(), 6))
}

pub(crate) fn signed(payload: &Value) -> String {
    signed_text(&payload.to_string())
}

/// A text with this header, signed by our key whatever the header says.
pub(crate) fn with_header(header: &Value) -> String {
    let text = card();
    let payload = text.split('.').nth(1).unwrap();
    let input = format!("{}.{payload}", b64u::encode(header.to_string().as_bytes()));
    let signature = key().sign(input.as_bytes()).unwrap();
    format!("{input}.{}", b64u::encode(&signature))
}
