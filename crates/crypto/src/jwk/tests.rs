use serde_json::json;

use super::*;

// RFC 8037, appendix A.
fn ed() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
}

#[test]
fn thumbprints_equal_the_published_ones() {
    assert_eq!(Jwk::parse(&ed()).unwrap().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    // RFC 7638, section 3.1.
    let rsa = json!({"kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"});
    assert_eq!(Jwk::parse(&rsa).unwrap().thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn a_key_reads_back_as_written() {
    let mut value = ed();
    value["kid"] = json!("k1");
    value["crlVersion"] = json!(3);
    let jwk = Jwk::parse(&value).unwrap();
    assert_eq!(Value::from(jwk.clone()), value);
    assert_eq!(jwk.member("crlVersion"), Some(&json!(3)));
    assert_eq!(jwk.kid(), Some("k1"));
}

#[test]
fn private_parts_are_refused() {
    let mut value = ed();
    value["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    assert_eq!(Jwk::parse(&value), Err(JwkError::Private));
    assert_eq!(Jwk::parse(&json!({"kty": "oct", "k": "AAAA"})), Err(JwkError::Private));
}

#[test]
fn what_is_no_key_of_ours_has_its_own_error() {
    for (value, error) in [
        (json!([]), JwkError::Malformed),
        (json!({}), JwkError::Malformed),
        (json!({"kty": "OKP", "crv": "Ed25519"}), JwkError::Malformed),
        (json!({"kty": "OKP", "crv": "Ed25519", "x": "AA=="}), JwkError::Malformed),
        (json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}), JwkError::NotAKey),
        (json!({"kty": "OKP", "crv": "X25519", "x": "AAAA"}), JwkError::Unsupported),
        (json!({"kty": "EC", "crv": "secp256k1", "x": "AAAA", "y": "AAAA"}), JwkError::Unsupported),
        (json!({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}), JwkError::NotAKey),
        (json!({"kty": "RSA", "n": "AAAA", "e": "AQAB"}), JwkError::NotAKey),
    ] {
        assert_eq!(Jwk::parse(&value), Err(error), "{value}");
    }
}

#[test]
fn a_point_off_the_curve_is_not_a_key() {
    let x = b64u::encode(&[1; 32]);
    let jwk = Jwk::parse(&json!({"kty": "EC", "crv": "P-256", "x": x, "y": x})).unwrap();
    assert_eq!(jwk.verifying_key(Algorithm::Es256).err(), Some(JwkError::NotAKey));
}

#[test]
fn a_key_for_something_else_verifies_nothing() {
    for (name, member) in [("use", json!("enc")), ("alg", json!("ES256")), ("key_ops", json!(["sign"]))] {
        let mut value = ed();
        value[name] = member;
        let jwk = Jwk::parse(&value).unwrap();
        assert_eq!(jwk.verifying_key(Algorithm::EdDsa).err(), Some(JwkError::WrongUse), "{name}");
    }
    assert_eq!(Jwk::parse(&ed()).unwrap().verifying_key(Algorithm::Es256).err(), Some(JwkError::WrongUse));
}

#[test]
fn zeros_dropped_from_the_front_are_put_back_and_the_thumbprint_is_of_the_key_as_written() {
    // A key of the published directory of issuers.
    let short = json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256",
        "kid": "nCwM-Wnp2Om2Whzqfbenxp67FnraMzPLqmTAzGfYpJM",
        "x": "pPRO9Uelik03c2FbPnJ4_1wnVgLq1hXBc8biqF_W5A", "y": "rko4yxzV6AkZ1ZuCxVFPsC6y3jli0LJeu4A56bhAxBk"});
    let jwk = Jwk::parse(&short).unwrap();
    assert_eq!(jwk.thumbprint(), jwk.kid().unwrap());
    assert!(jwk.verifying_key(Algorithm::Es256).is_ok());
    assert_eq!(Value::from(jwk), short);
}
