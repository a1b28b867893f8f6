use crypto::SigningKey;
use proptest::prelude::*;
use serde_json::{Value, json};
use types::Secret;

use super::*;
use crate::testing::{SECRET, World, asserted, assertion, form, reheaded};
use crate::{Brought, ClientKind};

fn key() -> SigningKey {
    SigningKey::p384(&Secret::new([5; 48])).unwrap()
}

fn code(stop: Result<Client, Stop>) -> ErrorCode {
    match stop {
        Err(Stop::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

fn basic(world: &mut World, id: &str, secret: &str) -> Result<Client, Stop> {
    world.step().authenticate(&Form::default(), Some((id, secret)))
}

fn authenticate(world: &mut World, form: &Form) -> Result<Client, Stop> {
    world.step().authenticate(form, None)
}

#[test]
fn each_kind_of_client_passes_with_what_it_registered() {
    let mut world = World::new();
    let public = world.public();
    let by_id = form(&[("client_id", public.id.as_str())]);
    assert_eq!(authenticate(&mut world, &by_id).unwrap().id, public.id);
    let secret = world.with_secret(ClientKind::App);
    assert_eq!(basic(&mut world, secret.id.as_str(), SECRET).unwrap().id, secret.id);
    let posted = form(&[("client_id", secret.id.as_str()), ("client_secret", SECRET)]);
    assert_eq!(authenticate(&mut world, &posted).unwrap().id, secret.id);
    for key in [key(), SigningKey::p256(&Secret::new([5; 32])).unwrap(), SigningKey::ed25519(&Secret::new([5; 32]))] {
        let client = world.with_key(ClientKind::Backend, &key);
        let text = assertion(&world, &client, &key, json!({}));
        assert_eq!(authenticate(&mut world, &asserted(&text, &[])).unwrap().id, client.id);
        assert_eq!(world.ledger.clients.find(client.id.as_str()).unwrap().used, Some(world.now));
    }
}

#[test]
fn a_client_with_keys_never_passes_without_them() {
    let mut world = World::new();
    let keyed = world.with_key(ClientKind::App, &key());
    let secret = world.with_secret(ClientKind::App);
    for id in [keyed.id.as_str(), secret.id.as_str()] {
        assert_eq!(code(authenticate(&mut world, &form(&[("client_id", id)]))), ErrorCode::InvalidClient);
        assert_eq!(code(basic(&mut world, id, "")), ErrorCode::InvalidClient);
        assert_eq!(code(basic(&mut world, id, "guess")), ErrorCode::InvalidClient);
        let guess = form(&[("client_id", id), ("client_secret", "guess")]);
        assert_eq!(code(authenticate(&mut world, &guess)), ErrorCode::InvalidClient);
    }
    // The key in the table is a hash: showing that hash is not showing the secret.
    let hash = crate::fingerprint(SECRET);
    assert_eq!(code(basic(&mut world, secret.id.as_str(), &hash)), ErrorCode::InvalidClient);
    // A secret for a client that has a key.
    assert_eq!(code(basic(&mut world, keyed.id.as_str(), SECRET)), ErrorCode::InvalidClient);
}

#[test]
fn nobody_passes_in_two_ways_at_once_or_under_two_names() {
    let mut world = World::new();
    let (one, two) = (world.with_secret(ClientKind::App), world.public());
    let both = form(&[("client_id", one.id.as_str()), ("client_secret", SECRET)]);
    let twice = world.step().authenticate(&both, Some((one.id.as_str(), SECRET)));
    assert_eq!(code(twice), ErrorCode::InvalidRequest);
    let other = form(&[("client_id", two.id.as_str())]);
    let as_other = world.step().authenticate(&other, Some((one.id.as_str(), SECRET)));
    assert_eq!(code(as_other), ErrorCode::InvalidClient);
    let keyed = world.with_key(ClientKind::App, &key());
    let text = assertion(&world, &keyed, &key(), json!({}));
    let named = asserted(&text, &[("client_id", two.id.as_str())]);
    assert_eq!(code(authenticate(&mut world, &named)), ErrorCode::InvalidClient);
}

#[test]
fn an_unknown_client_and_a_wrong_secret_look_the_same() {
    let mut world = World::new();
    let client = world.with_secret(ClientKind::App);
    let unknown = basic(&mut world, "cli_00000000000000000000000000000000", SECRET).unwrap_err();
    assert_eq!(unknown, basic(&mut world, client.id.as_str(), "wrong").unwrap_err());
}

#[test]
fn an_assertion_is_good_once() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    let text = asserted(&assertion(&world, &client, &key(), json!({})), &[]);
    assert!(authenticate(&mut world, &text).is_ok());
    assert_eq!(code(authenticate(&mut world, &text)), ErrorCode::InvalidClient);
    world.later(200);
    assert_eq!(code(authenticate(&mut world, &text)), ErrorCode::InvalidClient);
    // The same jti of another client is another one.
    let other = world.with_key(ClientKind::Backend, &key());
    let text = assertion(&world, &other, &key(), json!({}));
    assert!(authenticate(&mut world, &asserted(&text, &[])).is_ok());
}

#[test]
fn an_assertion_of_another_key_opens_nothing() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    let foreign = SigningKey::p384(&Secret::new([6; 48])).unwrap();
    let text = assertion(&world, &client, &foreign, json!({}));
    assert_eq!(code(authenticate(&mut world, &asserted(&text, &[]))), ErrorCode::InvalidClient);
    // A client that signs in the name of another.
    let other = world.with_key(ClientKind::Backend, &foreign);
    let text = assertion(&world, &client, &foreign, json!({"sub": other.id.as_str()}));
    assert_eq!(code(authenticate(&mut world, &asserted(&text, &[]))), ErrorCode::InvalidClient);
}

#[test]
fn an_assertion_without_signature_or_with_a_confused_key_opens_nothing() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    let good = assertion(&world, &client, &key(), json!({}));
    let (unsigned, _) = good.rsplit_once('.').unwrap();
    let mut texts = vec![format!("{}.", reheaded(unsigned, &json!({"alg": "none", "typ": "JWT"})))];
    for header in [
        json!({"alg": "none", "kid": "k1"}),
        json!({"alg": "HS384", "kid": "k1"}),
        json!({"alg": "ES256", "kid": "k1"}),
        json!({"alg": "RS384", "kid": "k1"}),
        json!({"alg": "ES384", "kid": "k2"}),
        json!({"alg": "ES384", "kid": "k1", "typ": "at+jwt"}),
    ] {
        texts.push(reheaded(&good, &header));
    }
    // HMAC under the public key, as if it were a shared secret.
    let public = Value::from(key().public_jwk()).to_string();
    let head = reheaded(unsigned, &json!({"alg": "HS256", "kid": "k1"}));
    let mac = crypto::hmac_sha256(public.as_bytes(), head.as_bytes());
    texts.push(format!("{head}.{}", crypto::b64u::encode(&mac)));
    // A key that the text brings along itself.
    let own = SigningKey::p384(&Secret::new([7; 48])).unwrap();
    let (_, payload) = unsigned.split_once('.').unwrap();
    let header = json!({"kid": "k1", "jwk": Value::from(own.public_jwk()), "typ": "JWT"});
    texts.push(own.jws_compact(&header, &crypto::b64u::decode(payload).unwrap()).unwrap());
    for text in texts {
        assert_eq!(code(authenticate(&mut world, &asserted(&text, &[]))), ErrorCode::InvalidClient, "{text}");
    }
    assert!(authenticate(&mut world, &asserted(&good, &[])).is_ok());
}

#[test]
fn an_assertion_for_another_server_opens_nothing_here() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    let ours = world.setting.endpoint("token");
    for aud in [
        json!("https://other.example/token"),
        json!(["https://other.example/token", ours]),
        json!("https://wallet.example/"),
        json!("https://wallet.example/fhir"),
        json!([]),
        json!(null),
    ] {
        let text = assertion(&world, &client, &key(), json!({"aud": aud}));
        assert_eq!(code(authenticate(&mut world, &asserted(&text, &[]))), ErrorCode::InvalidClient, "{aud}");
    }
    for (jti, aud) in [("a", json!(world.setting.issuer)), ("b", json!([ours]))] {
        let text = assertion(&world, &client, &key(), json!({"aud": aud, "jti": jti}));
        assert!(authenticate(&mut world, &asserted(&text, &[])).is_ok(), "{aud}");
    }
}

#[test]
fn an_assertion_holds_for_minutes() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    let now = world.now.as_second();
    for wrong in [
        json!({"exp": now - 60}),
        json!({"exp": now + 400}),
        json!({"exp": null}),
        json!({"exp": "soon"}),
        json!({"exp": i64::MAX}),
        json!({"nbf": now + 100}),
        json!({"iat": now + 100}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": "x".repeat(257)}),
    ] {
        let text = assertion(&world, &client, &key(), wrong.clone());
        assert_eq!(code(authenticate(&mut world, &asserted(&text, &[]))), ErrorCode::InvalidClient, "{wrong}");
    }
}

#[test]
fn an_assertion_points_only_at_registered_keys() {
    let mut world = World::new();
    let inline = world.with_key(ClientKind::Backend, &key());
    let at = world.client(ClientKind::Backend, Some(ClientKeys::At("https://client.example/jwks".to_owned())));
    bring(&mut world, json!({"keys": [Value::from(key().public_jwk().with_kid("k1"))]}));
    let pointing = |world: &World, client: &Client, jku: Value| {
        let text = assertion(world, client, &key(), json!({"jti": jku.to_string()}));
        let payload = text.split('.').nth(1).unwrap();
        let header = json!({"typ": "JWT", "kid": "k1", "jku": jku});
        asserted(&key().jws_compact(&header, &crypto::b64u::decode(payload).unwrap()).unwrap(), &[])
    };
    for (client, jku) in
        [(&inline, json!("https://client.example/jwks")), (&at, json!("https://evil.example")), (&at, json!(7))]
    {
        let form = pointing(&world, client, jku);
        assert_eq!(code(authenticate(&mut world, &form)), ErrorCode::InvalidClient);
    }
    let form = pointing(&world, &at, json!("https://client.example/jwks"));
    assert!(authenticate(&mut world, &form).is_ok());
}

fn bring(world: &mut World, document: Value) {
    let until = world.now.checked_add(SignedDuration::from_hours(1)).unwrap();
    let url = "https://client.example/jwks".to_owned();
    world.ledger.brought.put(Brought { url, document: Some(document), at: world.now, until });
}

#[test]
fn published_keys_are_fetched_and_fetched_again_when_they_changed_but_not_for_every_guess() {
    let mut world = World::new();
    let client = world.client(ClientKind::Backend, Some(ClientKeys::At("https://client.example/jwks".to_owned())));
    let text = asserted(&assertion(&world, &client, &key(), json!({})), &[]);
    assert!(matches!(authenticate(&mut world, &text), Err(Stop::Bring(_))));
    let old = SigningKey::p384(&Secret::new([8; 48])).unwrap();
    bring(&mut world, json!({"keys": [Value::from(old.public_jwk().with_kid("k0"))]}));
    assert_eq!(code(authenticate(&mut world, &text)), ErrorCode::InvalidClient, "they were brought just now");
    world.later(90);
    assert!(matches!(authenticate(&mut world, &text), Err(Stop::Bring(_))));
    bring(&mut world, json!({"keys": [Value::from(key().public_jwk().with_kid("k1"))]}));
    assert!(authenticate(&mut world, &text).is_ok());
    // Two keys under one name are none.
    let twice = Value::from(key().public_jwk().with_kid("k1"));
    bring(&mut world, json!({"keys": [twice, twice]}));
    let text = asserted(&assertion(&world, &client, &key(), json!({"jti": "two"})), &[]);
    assert_eq!(code(authenticate(&mut world, &text)), ErrorCode::InvalidClient);
}

proptest! {
    #[test]
    fn any_bytes_are_no_assertion(text in ".{0,200}", header in "[ -~]{0,60}", payload in "[ -~]{0,60}") {
        let mut world = World::new();
        world.with_key(ClientKind::Backend, &key());
        let encode = |text: &str| crypto::b64u::encode(text.as_bytes());
        for text in [text.clone(), format!("{}.{}.{}", encode(&header), encode(&payload), encode(&text))] {
            if let Ok(form) = Form::parse(&url::form_urlencoded::Serializer::new(String::new())
                .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .append_pair("client_assertion", &text).finish())
            {
                prop_assert!(world.step().authenticate(&form, None).is_err());
            }
        }
    }

    #[test]
    fn any_text_is_a_form_or_refused(text in ".{0,300}") {
        let _ = Form::parse(&text);
    }
}

#[test]
fn a_public_client_renews_with_its_refresh_token_alone_and_no_other_client_does() {
    let mut world = World::new();
    let public = world.public();
    let keyed = world.with_key(ClientKind::App, &key());
    let [of_public, of_keyed] = [&public, &keyed].map(|client| {
        let grant = world.grant(client, "patient/Observation.rs");
        world.mint(client, &grant)
    });
    let refresh = |issued: &crate::Issued| issued.refresh_token.as_ref().unwrap().expose().clone();
    let alone = |token: &str| form(&[("grant_type", "refresh_token"), ("refresh_token", token)]);
    assert_eq!(authenticate(&mut world, &alone(&refresh(&of_public))).unwrap().id, public.id);
    assert_eq!(code(authenticate(&mut world, &alone(&refresh(&of_keyed)))), ErrorCode::InvalidClient);
    // An access token is no refresh token, and a refresh token is nothing in other places.
    let access = of_public.access_token.expose().clone();
    for other in [
        alone(&access),
        alone("guess"),
        form(&[("refresh_token", &refresh(&of_public))]),
        form(&[("grant_type", "authorization_code"), ("refresh_token", &refresh(&of_public))]),
    ] {
        assert_eq!(code(authenticate(&mut world, &other)), ErrorCode::InvalidClient);
    }
}
