use crypto::SigningKey;
use serde_json::{Value, json};
use types::Secret;

use super::*;
use crate::testing::{SECRET, World, asserted, assertion, bearing, form, proof};
use crate::{Brought, ClientKeys, Door};

fn key() -> SigningKey {
    SigningKey::p384(&Secret::new([5; 48])).unwrap()
}

fn code(answer: Result<Issued, Stop>) -> ErrorCode {
    match answer {
        Err(Stop::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

/// A request of a service, with the assertion that this `jti` makes its own.
fn asking(world: &World, client: &Client, jti: &str) -> Form {
    let text = assertion(world, client, &key(), json!({ "jti": jti }));
    asserted(&text, &[("grant_type", "client_credentials"), ("scope", "system/*.rs")])
}

#[test]
fn a_service_that_was_approved_gets_a_token_that_opens() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    let grant = world.grant(&client, "system/*.rs");
    let asked = asking(&world, &client, "one");
    let token = world.step().token(&asked, None, None).unwrap();
    assert_eq!(world.step().bearer(&bearing(&token)).unwrap().grant, grant);
    let body = token.body();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(code(world.step().token(&asked, None, None)), ErrorCode::InvalidClient, "replayed");
}

#[test]
fn a_resource_server_gets_a_protection_token_and_nothing_else() {
    let mut world = World::new();
    let server = world.with_secret(ClientKind::ResourceServer);
    let basic = Some((server.id.as_str(), SECRET));
    let asked = form(&[("grant_type", "client_credentials"), ("scope", "uma_protection")]);
    assert_eq!(code(world.step().token(&asked, basic, None)), ErrorCode::UnauthorizedClient);
    assert_eq!(world.ledger.requests.count(), 1);
    world.grant(&server, "uma_protection");
    let token = world.step().token(&asked, basic, None).unwrap();
    assert!(world.step().protection(&bearing(&token)).is_ok());
    assert!(world.step().bearer(&bearing(&token)).is_err());
    let clinical = form(&[("grant_type", "client_credentials"), ("scope", "system/*.rs")]);
    assert_eq!(code(world.step().token(&clinical, basic, None)), ErrorCode::InvalidScope);
}

#[test]
fn a_grant_type_of_a_closed_door_does_not_exist() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    world.grant(&client, "system/*.rs");
    world.setting.doors = [Door::Launch].into();
    let asked = asking(&world, &client, "one");
    assert_eq!(code(world.step().token(&asked, None, None)), ErrorCode::UnsupportedGrantType);
    world.setting.doors = [Door::Backend].into();
    let public = world.public();
    for grant_type in ["authorization_code", "refresh_token", UMA_TICKET, "password", "implicit", "x"] {
        let asked = form(&[("grant_type", grant_type), ("client_id", public.id.as_str())]);
        assert_eq!(code(world.step().token(&asked, None, None)), ErrorCode::UnsupportedGrantType, "{grant_type}");
    }
    assert!(world.step().token(&asking(&World::new(), &client, "one"), None, None).is_ok());
}

#[test]
fn a_client_uses_only_the_grant_types_it_registered() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    world.grant(&client, "system/*.rs");
    world.ledger.clients.change(client.id.as_str(), |row| row.grant_types = vec!["authorization_code".to_owned()]);
    let asked = asking(&world, &client, "one");
    assert_eq!(code(world.step().token(&asked, None, None)), ErrorCode::UnauthorizedClient);
}

#[test]
fn a_request_without_a_grant_type_or_client_is_refused() {
    let mut world = World::new();
    assert_eq!(code(world.step().token(&form(&[]), None, None)), ErrorCode::InvalidRequest);
    let nobody = form(&[("grant_type", "client_credentials")]);
    assert_eq!(code(world.step().token(&nobody, None, None)), ErrorCode::InvalidClient);
}

#[test]
fn a_proof_binds_the_token_and_is_spent() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    world.grant(&client, "system/*.rs");
    let holder = SigningKey::p256(&Secret::new([6; 32])).unwrap();
    let url = world.setting.endpoint("token");
    let text = proof(&world, &holder, "POST", &url, json!({}));
    let (first, second) = (asking(&world, &client, "one"), asking(&world, &client, "two"));
    let shown = world.step().dpop(&text, "POST", &url).unwrap();
    let copied = world.step().dpop(&text, "POST", &url).unwrap();
    let token = world.step().token(&first, None, Some(shown)).unwrap();
    assert_eq!(token.token_type, "DPoP");
    assert_eq!(world.ledger.tokens.iter().next().unwrap().jkt.as_deref(), Some(&*holder.public_jwk().thumbprint()));
    assert!(world.step().bearer(&bearing(&token)).is_err());
    assert_eq!(code(world.step().token(&second, None, Some(copied))), ErrorCode::InvalidDpopProof);
}

#[test]
fn a_client_that_registered_to_prove_its_key_gets_no_token_without() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    world.grant(&client, "system/*.rs");
    world.ledger.clients.change(client.id.as_str(), |row| row.dpop_bound = true);
    let asked = asking(&world, &client, "one");
    assert_eq!(code(world.step().token(&asked, None, None)), ErrorCode::InvalidDpopProof);
}

#[test]
fn a_request_that_waits_for_keys_spends_nothing() {
    let mut world = World::new();
    let url = "https://client.example/jwks".to_owned();
    let client = world.client(ClientKind::Backend, Some(ClientKeys::At(url.clone())));
    world.grant(&client, "system/*.rs");
    world.ledger.take_changes();
    let asked = asking(&world, &client, "one");
    assert!(matches!(world.step().token(&asked, None, None), Err(Stop::Bring(_))));
    assert!(world.ledger.take_changes().is_empty());
    let document = json!({"keys": [Value::from(key().public_jwk().with_kid("k1"))]});
    let until = world.now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    world.ledger.brought.put(Brought { url, document: Some(document), at: world.now, until });
    assert!(world.step().token(&asked, None, None).is_ok());
}
