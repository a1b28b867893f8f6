//! Claim tokens that prove nothing. Each is pushed where the same one, made rightly, is answered with a token.

use consent::Proof;
use crypto::{SigningKey, b64u};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::world::{IDP, WALLET, World, next, permit, read, who};
use crate::uma::claim::Signed;
use crate::{Client, ClientKind, DID_JWT, ErrorCode, ID_TOKEN};

/// A wallet with mandates for everything, of whoever is proven.
fn open_to_all() -> (World, Client) {
    let mut world = World::new();
    let lee = Proof::IdToken { issuer: IDP.to_owned(), subject: "lee".to_owned() };
    let daughter = world.daughter_proof();
    world.mandate(lee, vec![permit("*")], Vec::new());
    world.mandate(daughter, vec![permit("*")], Vec::new());
    let app = world.client(1, ClientKind::App);
    (world, app)
}

/// It proves nothing: the client is asked again, and nobody else is.
#[track_caller]
fn proves_nothing(world: &mut World, client: &Client, token: &str, format: &str) {
    let ticket = world.ticket(vec![read("Observation/1")]);
    let pushed = [("ticket", &*ticket), ("claim_token", token), ("claim_token_format", format)];
    next(world.uma(client, &pushed), ErrorCode::NeedInfo);
    assert_eq!(world.ledger.requests.count(), 0);
}

#[track_caller]
fn proves(world: &mut World, client: &Client, token: &str, format: &str) {
    let ticket = world.ticket(vec![read("Observation/1")]);
    let pushed = [("ticket", &*ticket), ("claim_token", token), ("claim_token_format", format)];
    world.uma(client, &pushed).expect("a token");
}

#[test]
fn the_right_ones_prove() {
    let (mut world, app) = open_to_all();
    let token = world.id_token(&app, &json!({}));
    proves(&mut world, &app, &token, ID_TOKEN);
    let token = world.id_token(&app, &json!({ "aud": WALLET, "azp": "some client there", "sub": "lee" }));
    proves(&mut world, &app, &token, ID_TOKEN);
    let token = world.presentation(&json!({}));
    proves(&mut world, &app, &token, DID_JWT);
    let did = world.daughter.1.to_string();
    let other = json!({ "jti": null, "nonce": "n-1", "sub": did, "vp": { "holder": did } });
    let token = world.presentation(&other);
    proves(&mut world, &app, &token, DID_JWT);
}

#[test]
fn an_issuer_that_is_not_trusted_proves_nothing_and_is_not_even_asked() {
    let (mut world, app) = open_to_all();
    let evil = "https://evil.example";
    world.web.insert(
        format!("{evil}/.well-known/openid-configuration"),
        json!({ "issuer": evil, "jwks_uri": format!("{IDP}/jwks") }),
    );
    let token = world.id_token(&app, &json!({ "iss": evil }));
    proves_nothing(&mut world, &app, &token, ID_TOKEN);
    assert!(world.fetched.is_empty());
}

#[test]
fn a_configuration_of_another_issuer_gives_no_keys() {
    let (mut world, app) = open_to_all();
    let at = format!("{IDP}/.well-known/openid-configuration");
    world.web.insert(at, json!({ "issuer": "https://other.example", "jwks_uri": format!("{IDP}/jwks") }));
    let token = world.id_token(&app, &json!({}));
    proves_nothing(&mut world, &app, &token, ID_TOKEN);
}

#[test]
fn keys_without_encryption_on_the_way_are_not_asked_for() {
    let (mut world, app) = open_to_all();
    for jwks_uri in ["http://id.example/jwks", "http://127.0.0.1:9/jwks", "file:///etc/keys"] {
        world.ledger.brought.remove(&format!("{IDP}/.well-known/openid-configuration"));
        let at = format!("{IDP}/.well-known/openid-configuration");
        world.web.insert(at, json!({ "issuer": IDP, "jwks_uri": jwks_uri }));
        let token = world.id_token(&app, &json!({}));
        proves_nothing(&mut world, &app, &token, ID_TOKEN);
        assert!(!world.fetched.contains(&jwks_uri.to_owned()));
    }
}

#[test]
fn an_id_token_for_another_audience_proves_nothing() {
    let (mut world, app) = open_to_all();
    let other = world.client(2, ClientKind::App);
    for aud in [
        json!(other.id.as_str()),
        json!("https://other.example"),
        json!([app.id.as_str(), "x"]),
        json!([]),
        json!(null),
    ] {
        let token = world.id_token(&app, &json!({ "aud": aud }));
        proves_nothing(&mut world, &app, &token, ID_TOKEN);
    }
    let token = world.id_token(&app, &json!({ "azp": other.id.as_str() }));
    proves_nothing(&mut world, &app, &token, ID_TOKEN);
}

#[test]
fn an_id_token_out_of_its_time_proves_nothing() {
    let (mut world, app) = open_to_all();
    let now = world.now.as_second();
    for times in [
        json!({ "iat": now - 7200, "exp": now - 61 }),
        json!({ "iat": now - 7200, "exp": now + 60 }),
        json!({ "iat": now + 3600, "exp": now + 7200 }),
        json!({ "nbf": now + 3600 }),
        json!({ "nbf": "soon" }),
        json!({ "exp": now + 25 * 3600 + 60 }),
        json!({ "exp": null }),
        json!({ "iat": null }),
        json!({ "exp": i64::MAX }),
    ] {
        let token = world.id_token(&app, &times);
        proves_nothing(&mut world, &app, &token, ID_TOKEN);
    }
}

#[test]
fn a_claim_token_that_was_used_proves_nothing_again() {
    let (mut world, app) = open_to_all();
    let (id, did) = (world.id_token(&app, &json!({})), world.presentation(&json!({})));
    for (token, format) in [(id, ID_TOKEN), (did, DID_JWT)] {
        proves(&mut world, &app, &token, format);
        proves_nothing(&mut world, &app, &token, format);
    }
    // Nor does another text with the same `jti`.
    let token = world.presentation(&json!({ "jti": "one" }));
    proves(&mut world, &app, &token, DID_JWT);
    let token = world.presentation(&json!({ "jti": "one", "name": "again" }));
    proves_nothing(&mut world, &app, &token, DID_JWT);
}

#[test]
fn a_claim_token_without_a_signature_proves_nothing() {
    let (mut world, app) = open_to_all();
    for (token, format) in [(world.id_token(&app, &json!({})), ID_TOKEN), (world.presentation(&json!({})), DID_JWT)] {
        let payload = token.split('.').nth(1).unwrap();
        let signature = token.split('.').nth(2).unwrap();
        for alg in ["none", "None", "HS256", ""] {
            let header = b64u::encode(json!({ "alg": alg, "kid": "k1" }).to_string().as_bytes());
            proves_nothing(&mut world, &app, &format!("{header}.{payload}."), format);
            proves_nothing(&mut world, &app, &format!("{header}.{payload}.{signature}"), format);
        }
    }
}

#[test]
fn a_public_key_is_no_secret_to_sign_with() {
    let (mut world, app) = open_to_all();
    let claims = world.id_token(&app, &json!({})).split('.').nth(1).unwrap().to_owned();
    let public = Value::from(world.idp.public_jwk()).to_string();
    let header = b64u::encode(br#"{"alg":"HS256","kid":"k1"}"#);
    let input = format!("{header}.{claims}");
    let tag = b64u::encode(&crypto::hmac_sha256(public.as_bytes(), input.as_bytes()));
    proves_nothing(&mut world, &app, &format!("{input}.{tag}"), ID_TOKEN);
}

#[test]
fn a_key_that_the_token_brings_along_signs_nothing() {
    let (mut world, app) = open_to_all();
    let (_, own) = SigningKey::generate_p256().unwrap();
    let payload = b64u::decode(world.id_token(&app, &json!({})).split('.').nth(1).unwrap()).unwrap();
    for header in [
        json!({ "jwk": Value::from(own.public_jwk()) }),
        json!({ "kid": "k1", "jwk": Value::from(own.public_jwk()) }),
        json!({ "kid": "k2" }),
    ] {
        let token = own.jws_compact(&header, &payload).unwrap();
        proves_nothing(&mut world, &app, &token, ID_TOKEN);
    }
}

#[test]
fn a_key_for_encryption_signs_nothing() {
    let (mut world, app) = open_to_all();
    let public = world.idp.public_jwk().with_kid("k1").with_member("use", "enc".into());
    world.web.insert(format!("{IDP}/jwks"), json!({ "keys": [Value::from(public)] }));
    let token = world.id_token(&app, &json!({}));
    proves_nothing(&mut world, &app, &token, ID_TOKEN);
}

#[test]
fn a_new_key_is_looked_for_once_a_minute() {
    let (mut world, app) = open_to_all();
    let token = world.id_token(&app, &json!({}));
    proves(&mut world, &app, &token, ID_TOKEN);
    let (_, new) = SigningKey::generate_p256().unwrap();
    world.web.insert(format!("{IDP}/jwks"), json!({ "keys": [Value::from(new.public_jwk().with_kid("k2"))] }));
    let payload = |world: &World| b64u::decode(world.id_token(&app, &json!({})).split('.').nth(1).unwrap()).unwrap();
    let sign = |world: &World| new.jws_compact(&json!({ "kid": "k2" }), &payload(world)).unwrap();
    let token = sign(&world);
    proves_nothing(&mut world, &app, &token, ID_TOKEN);
    assert_eq!(world.fetched.len(), 2);
    world.later(61);
    let token = sign(&world);
    proves(&mut world, &app, &token, ID_TOKEN);
    assert_eq!(world.fetched.len(), 3);
}

#[test]
fn a_token_of_one_kind_is_not_taken_for_another() {
    let (mut world, app) = open_to_all();
    let (id, did) = (world.id_token(&app, &json!({})), world.presentation(&json!({})));
    proves_nothing(&mut world, &app, &id, DID_JWT);
    proves_nothing(&mut world, &app, &did, ID_TOKEN);
    proves_nothing(&mut world, &app, &did, "urn:ietf:params:oauth:token-type:saml2");
    let payload = b64u::decode(did.split('.').nth(1).unwrap()).unwrap();
    for typ in ["at+jwt", "dpop+jwt", "client-authentication+jwt", "openid4vci-proof+jwt"] {
        let token = world.daughter.0.jws_compact(&json!({ "typ": typ }), &payload).unwrap();
        proves_nothing(&mut world, &app, &token, DID_JWT);
    }
}

#[test]
fn a_presentation_for_another_audience_proves_nothing() {
    let (mut world, app) = open_to_all();
    for aud in [json!("https://other.example"), json!(app.id.as_str()), json!([WALLET, "x"]), json!(null)] {
        let token = world.presentation(&json!({ "aud": aud }));
        proves_nothing(&mut world, &app, &token, DID_JWT);
    }
}

#[test]
fn a_presentation_signed_by_another_key_proves_nothing() {
    let (mut world, app) = open_to_all();
    let (other, did) = who();
    let daughter = world.daughter.1.to_string();
    let payload = b64u::decode(world.presentation(&json!({})).split('.').nth(1).unwrap()).unwrap();
    let fragment = did.method_specific_id().to_owned();
    for header in [
        json!({}),
        json!({ "kid": format!("{did}#{fragment}") }),
        json!({ "kid": format!("{daughter}#{fragment}") }),
        json!({ "kid": format!("#{fragment}") }),
        json!({ "jwk": Value::from(other.public_jwk()) }),
    ] {
        let token = other.jws_compact(&header, &payload).unwrap();
        proves_nothing(&mut world, &app, &token, DID_JWT);
    }
    // Nor does one's own signature under somebody else's name.
    for member in [json!({ "sub": did.as_str() }), json!({ "vp": { "holder": did.as_str() } })] {
        let token = world.presentation(&member);
        proves_nothing(&mut world, &app, &token, DID_JWT);
    }
}

#[test]
fn a_presentation_that_holds_long_or_has_no_name_of_its_own_proves_nothing() {
    let (mut world, app) = open_to_all();
    let now = world.now.as_second();
    for other in [
        json!({ "exp": now + 3600 }),
        json!({ "iat": now - 3600 }),
        json!({ "jti": null }),
        json!({ "jti": "" }),
        json!({ "jti": "x".repeat(300) }),
    ] {
        let token = world.presentation(&other);
        proves_nothing(&mut world, &app, &token, DID_JWT);
    }
}

#[test]
fn a_web_did_speaks_with_the_keys_that_it_authenticates_with() {
    let (mut world, app) = open_to_all();
    let (_, key) = SigningKey::generate_p256().unwrap();
    let did = "did:web:clinic.example";
    let proof = Proof::Did(did.to_owned());
    world.mandate(proof, vec![permit("*")], Vec::new());
    let method = |id: &str, controller: &str| json!({ "id": format!("{did}#{id}"), "type": "JsonWebKey2020", "controller": controller, "publicKeyJwk": Value::from(key.public_jwk()) });
    let document = json!({
        "id": did,
        "verificationMethod": [method("a", did), method("b", did), method("c", "did:web:other.example")],
        "authentication": [format!("{did}#a"), format!("{did}#c")],
        "assertionMethod": [format!("{did}#b")],
    });
    world.web.insert("https://clinic.example/.well-known/did.json".to_owned(), document);
    let mut n = 0;
    let mut sign = |world: &World, header: Value| {
        n += 1;
        let now = world.now.as_second();
        let claims = json!({ "iss": did, "aud": WALLET, "iat": now, "exp": now + 60, "jti": format!("w{n}") });
        key.jws_compact(&header, claims.to_string().as_bytes()).unwrap()
    };
    for wrong in [json!({}), json!({ "kid": "#b" }), json!({ "kid": format!("{did}#c") }), json!({ "kid": "#d" })] {
        let token = sign(&world, wrong);
        proves_nothing(&mut world, &app, &token, DID_JWT);
    }
    let token = sign(&world, json!({ "kid": format!("{did}#a") }));
    proves(&mut world, &app, &token, DID_JWT);
}

#[test]
fn a_did_that_cannot_be_had_proves_nothing() {
    let (mut world, app) = open_to_all();
    let claims = world.presentation(&json!({ "iss": "did:web:nowhere.example" }));
    proves_nothing(&mut world, &app, &claims, DID_JWT);
    assert_eq!(world.fetched, ["https://nowhere.example/.well-known/did.json"]);
    let claims = world.presentation(&json!({ "iss": "did:example:123" }));
    proves_nothing(&mut world, &app, &claims, DID_JWT);
}

#[test]
fn a_claim_token_goes_with_its_format() {
    let (mut world, app) = open_to_all();
    let token = world.presentation(&json!({}));
    for alone in [("claim_token", &*token), ("claim_token_format", DID_JWT)] {
        let ticket = world.ticket(vec![read("Observation/1")]);
        super::world::refused(world.uma(&app, &[("ticket", &ticket), alone]), ErrorCode::InvalidRequest);
    }
}

#[test]
fn the_ticket_is_good_while_documents_are_brought() {
    let (mut world, app) = open_to_all();
    let token = world.id_token(&app, &json!({}));
    proves(&mut world, &app, &token, ID_TOKEN);
    assert_eq!(world.fetched.len(), 2, "the step was taken three times with one ticket");
}

proptest! {
    #[test]
    fn no_bytes_make_the_claim_token_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = Signed::parse(&text);
        let payload = b64u::encode(&bytes);
        let header = b64u::encode(br#"{"alg":"ES256"}"#);
        let _ = Signed::parse(&format!("{header}.{payload}.{payload}"));
        let _ = Signed::parse(&format!("{payload}.{payload}.{payload}"));
    }

    #[test]
    fn no_claims_make_the_judge_fall(
        iss in prop_oneof!["did:(key|jwk|web):[a-zA-Z0-9:._%-]{0,40}", Just(IDP.to_owned()), "\\PC{0,20}"],
        iat in any::<i64>(), exp in any::<i64>(), sub in "\\PC{0,20}", kid in "\\PC{0,20}",
    ) {
        let mut world = World::new();
        let app = world.client(1, ClientKind::App);
        let claims = json!({ "iss": iss, "aud": WALLET, "iat": iat, "exp": exp, "sub": sub, "jti": sub });
        let token = world.idp.jws_compact(&json!({ "kid": kid }), claims.to_string().as_bytes()).unwrap();
        for format in [ID_TOKEN, DID_JWT] {
            let ticket = world.ticket(vec![read("Observation/1")]);
            let pushed = [("ticket", &*ticket), ("claim_token", &*token), ("claim_token_format", format)];
            prop_assert!(world.uma(&app, &pushed).is_err());
        }
    }
}
