use crypto::SigningKey;
use proptest::prelude::*;

use super::*;
use crate::testing::{World, bearing, form, with};
use crate::{ClientKind, Door};

fn register(world: &mut World, body: &Value) -> Result<Value, Stop> {
    world.step().register(body.to_string().as_bytes())
}

fn code(answer: Result<Value, Stop>) -> ErrorCode {
    match answer {
        Err(Stop::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

fn app() -> Value {
    json!({"client_name": "An app", "redirect_uris": ["https://app.example/back"], "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"], "scope": "openid patient/*.rs", "logo_uri": "x"})
}

fn service() -> Value {
    let jwk = Value::from(SigningKey::p384(&Secret::new([5; 48])).unwrap().public_jwk().with_kid("k1"));
    json!({"client_name": "A study", "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [jwk]},
        "grant_types": ["client_credentials"], "scope": "system/*.rs"})
}

fn token(answer: &Value) -> Secret<String> {
    Secret::new(answer["registration_access_token"].as_str().unwrap().to_owned())
}

#[test]
fn what_was_registered_is_told_back_and_nothing_is_approved() {
    let mut world = World::new();
    let told = register(&mut world, &app()).unwrap();
    assert_eq!(told["token_endpoint_auth_method"], "none");
    assert_eq!(told["response_types"], json!(["code"]));
    assert!(told.get("logo_uri").is_none() && told.get("client_secret").is_none());
    let client = world.ledger.clients.find(told["client_id"].as_str().unwrap()).unwrap();
    assert_eq!(client.origins, ["https://app.example"]);
    let told = register(&mut world, &service()).unwrap();
    assert_eq!(told["jwks"]["keys"][0]["kid"], "k1");
    assert_eq!(world.ledger.clients.find(told["client_id"].as_str().unwrap()).unwrap().kind, ClientKind::Backend);
    assert_eq!((world.ledger.grants.count(), world.ledger.requests.count(), world.ledger.tokens.count()), (0, 0, 0));
}

#[test]
fn a_secret_is_told_once_and_kept_as_a_hash() {
    let mut world = World::new();
    let told = register(&mut world, &with(app(), json!({"token_endpoint_auth_method": null}))).unwrap();
    assert_eq!(told["token_endpoint_auth_method"], "client_secret_basic");
    let (id, secret) = (told["client_id"].as_str().unwrap(), told["client_secret"].as_str().unwrap());
    let kept: String = world.ledger.take_changes().into_iter().filter_map(|stored| stored.json).collect();
    assert!(!kept.contains(secret) && !kept.contains(token(&told).expose().as_str()));
    let posted = form(&[("client_id", id), ("client_secret", secret)]);
    assert!(world.step().authenticate(&posted, None).is_ok());
    let again = world.step().client_of(id, &token(&told)).unwrap();
    assert!(again.get("client_secret").is_none());
}

#[test]
fn redirect_addresses_that_others_could_answer_are_refused() {
    let mut world = World::new();
    for bad in [
        "http://app.example/back",
        "https://app.example/back#x",
        "https://user@app.example/back",
        "javascript:alert(1)",
        "data:text/html,x",
        "myapp:/back",
        "/back",
        "https://app.example/ba ck",
        "http://localhost.app.example/",
    ] {
        let body = with(app(), json!({"redirect_uris": ["https://app.example/back", bad]}));
        assert_eq!(code(register(&mut world, &body)), ErrorCode::InvalidRedirectUri, "{bad}");
        let body = with(app(), json!({"claims_redirect_uris": [bad]}));
        assert_eq!(code(register(&mut world, &body)), ErrorCode::InvalidRedirectUri, "{bad}");
    }
    let none = with(app(), json!({"redirect_uris": []}));
    assert_eq!(code(register(&mut world, &none)), ErrorCode::InvalidRedirectUri);
    let many: Vec<String> = (0..21).map(|at| format!("https://app.example/{at}")).collect();
    assert_eq!(code(register(&mut world, &with(app(), json!({"redirect_uris": many})))), ErrorCode::InvalidRedirectUri);
    for good in ["http://127.0.0.1/back", "http://[::1]:9/back", "com.example.app:/back"] {
        assert!(register(&mut world, &with(app(), json!({"redirect_uris": [good]}))).is_ok(), "{good}");
    }
}

#[test]
fn metadata_that_would_deceive_or_weaken_is_refused() {
    let mut world = World::new();
    let mut private = service()["jwks"]["keys"][0].clone();
    private["d"] = json!("AAAA");
    for (body, other) in [
        (app(), json!({"client_name": "Dr\u{202e}eel"})),
        (app(), json!({"client_name": "a\nb"})),
        (app(), json!({"client_name": "x".repeat(101)})),
        (app(), json!({"token_endpoint_auth_method": "tls_client_auth"})),
        (app(), json!({"grant_types": ["implicit", "password"]})),
        (app(), json!({"response_types": ["code", "token"]})),
        (app(), json!({"scope": "a  b"})),
        (app(), json!({"scope": "a\"b"})),
        (app(), json!({"redirect_uris": "https://app.example/back"})),
        (app(), json!({"scope": "uma_protection"})),
        (app(), json!({"padding": "x".repeat(MAX_BODY)})),
        (service(), json!({"token_endpoint_auth_method": "none"})),
        (service(), json!({"token_endpoint_auth_method": "client_secret_post"})),
        (service(), json!({"grant_types": ["client_credentials", "authorization_code"]})),
        (service(), json!({"jwks": null})),
        (service(), json!({"jwks": {"keys": []}})),
        (service(), json!({"jwks": {"keys": [private]}})),
        (service(), json!({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}})),
        (service(), json!({"jwks_uri": "https://client.example/jwks"})),
        (service(), json!({"jwks": null, "jwks_uri": "http://client.example/jwks"})),
        (service(), json!({"jwks": null, "jwks_uri": "file:///etc/passwd"})),
    ] {
        let body = with(body, other.clone());
        assert_eq!(code(register(&mut world, &body)), ErrorCode::InvalidClientMetadata, "{other}");
    }
    assert_eq!(world.ledger.clients.count(), 0);
}

#[test]
fn nobody_registers_for_a_door_that_is_closed() {
    let mut world = World::new();
    let server = with(service(), json!({"scope": "uma_protection"}));
    world.setting.doors = [Door::Launch].into();
    for body in [service(), server] {
        assert_eq!(code(register(&mut world, &body)), ErrorCode::InvalidClientMetadata);
    }
    world.setting.doors = [Door::Federation].into();
    assert_eq!(code(register(&mut world, &service())), ErrorCode::InvalidClientMetadata);
}

#[test]
fn a_flood_of_registrations_stays_bounded_and_keeps_nobody_out_for_long() {
    let mut world = World::new();
    let known = world.public();
    world.grant(&known, "patient/*.rs");
    let mut refused = 0;
    for _ in 0..10_000 {
        match register(&mut world, &app()) {
            Ok(_) => {}
            other => {
                assert_eq!(code(other), ErrorCode::SlowDown);
                refused += 1;
            }
        }
        world.later(4);
    }
    assert!(refused > 5_000 && world.ledger.clients.count() <= MAX_CLIENTS, "{refused}");
    world.later(3_600);
    assert!(register(&mut world, &app()).is_ok(), "the oldest that nobody used gives way");
    assert_eq!(world.ledger.clients.count(), MAX_CLIENTS);
    assert!(world.ledger.clients.find(known.id.as_str()).is_some(), "never one that something was approved for");
}

#[test]
fn clients_that_are_not_used_go_unless_something_was_approved() {
    let mut world = World::new();
    let (idle, used, approved) = (world.public(), world.public(), world.public());
    world.grant(&approved, "patient/*.rs");
    world.later(20 * 24 * 3_600);
    world.step().authenticate(&form(&[("client_id", used.id.as_str())]), None).unwrap();
    world.later(11 * 24 * 3_600);
    world.step().sweep_clients();
    let left: Vec<_> = world.ledger.clients.iter().map(|client| client.id.clone()).collect();
    assert!(!left.contains(&idle.id) && left.contains(&used.id) && left.contains(&approved.id));
}

#[test]
fn only_its_own_registration_token_manages_a_client() {
    let mut world = World::new();
    let one = register(&mut world, &app()).unwrap();
    let two = register(&mut world, &app()).unwrap();
    let id = one["client_id"].as_str().unwrap();
    for wrong in [token(&two), Secret::new(String::new()), Secret::new(fingerprint(token(&one).expose()))] {
        assert_eq!(world.step().client_of(id, &wrong).unwrap_err().code, ErrorCode::InvalidToken);
        assert_eq!(world.step().unregister(id, &wrong).unwrap_err().code, ErrorCode::InvalidToken);
    }
    assert_eq!(world.step().client_of("cli_x", &token(&one)).unwrap_err().code, ErrorCode::InvalidToken);
    assert_eq!(world.step().client_of(id, &token(&one)).unwrap()["client_id"], id);
}

#[test]
fn a_client_that_takes_itself_back_takes_its_grants_and_tokens_along() {
    let mut world = World::new();
    let told = register(&mut world, &app()).unwrap();
    let client = world.ledger.clients.find(told["client_id"].as_str().unwrap()).unwrap().clone();
    let grant = world.grant(&client, "patient/*.rs");
    let issued = world.mint(&client, &grant);
    assert!(world.step().bearer(&bearing(&issued)).is_ok());
    world.step().unregister(client.id.as_str(), &token(&told)).unwrap();
    assert!(world.step().bearer(&bearing(&issued)).is_err());
    assert_eq!(world.ledger.tokens.count(), 0);
    assert_eq!(world.ledger.grants.find(grant.as_str()).unwrap().ended.unwrap().why, WhyEnded::Client);
    assert!(world.step().client_of(client.id.as_str(), &token(&told)).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_a_registration_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), name in ".{0,50}",
        address in ".{0,50}", scope in ".{0,30}") {
        let mut world = World::new();
        prop_assert!(world.step().register(&bytes).is_err());
        let body = json!({"client_name": name, "redirect_uris": [address], "scope": scope, "grant_types": [name]});
        let _ = register(&mut world, &body);
        let body = json!({"client_name": name, "redirect_uris": [address], "scope": scope});
        if let Ok(told) = register(&mut world, &body) {
            let kept = told["redirect_uris"][0].as_str().unwrap();
            prop_assert!(!kept.contains(|c: char| c.is_whitespace() || c.is_control()));
        }
    }
}
