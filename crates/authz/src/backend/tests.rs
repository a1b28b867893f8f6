use crypto::SigningKey;
use serde_json::json;
use types::Secret;

use super::*;
use crate::testing::{World, bearing, form};
use crate::{DecideError, TokenFormat};

fn key() -> SigningKey {
    SigningKey::p384(&Secret::new([5; 48])).unwrap()
}

fn ask(world: &mut World, client: &Client, scope: &str) -> Result<Issued, ErrorCode> {
    world.step().backend(client, &form(&[("scope", scope)]), None).map_err(|stop| match stop {
        Stop::Refused(refusal) => refusal.code,
        Stop::Bring(_) => panic!("nothing is to be brought"),
    })
}

fn code(answer: Result<Issued, ErrorCode>) -> ErrorCode {
    answer.unwrap_err()
}

fn waiting(world: &World) -> usize {
    world.ledger.requests.iter().filter(|request| request.is_open(world.now)).count()
}

#[test]
fn an_unapproved_service_waits_for_the_owner_once() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    for _ in 0..5 {
        assert_eq!(code(ask(&mut world, &client, "system/Observation.rs")), ErrorCode::UnauthorizedClient);
    }
    assert_eq!(waiting(&world), 1);
    assert_eq!(world.ledger.tokens.count(), 0);
}

#[test]
fn a_service_reads_what_the_owner_asks_back_when_it_asks_again() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    let poll = |world: &mut World| {
        let form = form(&[("scope", "system/Observation.rs")]);
        let Err(Stop::Refused(refusal)) = world.step().backend(&client, &form, None) else { panic!() };
        (refusal.code, refusal.members.get("owner_message").cloned())
    };
    assert_eq!(poll(&mut world), (ErrorCode::UnauthorizedClient, None));
    let request = world.ledger.requests.iter().next().unwrap().id.clone();
    world.step().ask_back(&request, "For which study?").unwrap();
    assert_eq!(poll(&mut world), (ErrorCode::UnauthorizedClient, Some("For which study?".into())));
    world.step().refuse(&request).unwrap();
    assert_eq!(poll(&mut world), (ErrorCode::UnauthorizedClient, None), "after the decision nothing is said");
}

#[test]
fn a_service_gets_what_was_approved_however_much_it_asks() {
    for format in [TokenFormat::Opaque, TokenFormat::Jwt] {
        let mut world = World::new();
        let client = world.with_key(ClientKind::Backend, &key());
        let grant = world.approve(&client, "system/Observation.rs", format, Vec::new());
        for scope in ["system/Observation.rs", "system/*.rs", "system/*.read", "system/Patient.r system/Observation.r"]
        {
            let token = ask(&mut world, &client, scope).unwrap();
            assert_eq!(token.members["scope"], "system/Observation.rs");
            assert!(token.refresh_token.is_none());
            assert_eq!(world.step().bearer(&bearing(&token)).unwrap().grant, grant);
        }
        assert_eq!(code(ask(&mut world, &client, "system/Condition.rs")), ErrorCode::UnauthorizedClient);
        let other = world.with_key(ClientKind::Backend, &key());
        assert_eq!(code(ask(&mut world, &other, "system/Observation.rs")), ErrorCode::UnauthorizedClient);
    }
}

#[test]
fn a_service_has_no_user() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    world.grant(&client, "system/*.rs");
    for scope in ["patient/*.rs", "user/*.rs", "openid system/*.rs", "offline_access", "system/Nothing.rs", "x"] {
        assert_eq!(code(ask(&mut world, &client, scope)), ErrorCode::InvalidScope, "{scope}");
    }
    let none = world.step().backend(&client, &form(&[]), None);
    assert!(matches!(none, Err(Stop::Refused(refusal)) if refusal.code == ErrorCode::InvalidRequest));
}

#[test]
fn only_a_service_with_its_own_key_acts_for_itself() {
    let mut world = World::new();
    let clients = [
        world.public(),
        world.with_key(ClientKind::App, &key()),
        world.with_secret(ClientKind::Backend),
        world.client(ClientKind::Backend, None),
    ];
    for client in &clients {
        world.grant(client, "system/*.rs");
        assert_eq!(code(ask(&mut world, client, "system/*.rs")), ErrorCode::UnauthorizedClient);
    }
    let client = world.with_key(ClientKind::Backend, &key());
    world.grant(&client, "system/*.rs");
    world.setting.doors.remove(&Door::Backend);
    assert_eq!(code(ask(&mut world, &client, "system/*.rs")), ErrorCode::UnauthorizedClient);
}

#[test]
fn the_owners_no_is_not_asked_again_for_a_while() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    assert!(ask(&mut world, &client, "system/Goal.rs").is_err());
    let request = world.ledger.requests.iter().next().unwrap().id.clone();
    world.step().refuse(&request).unwrap();
    world.later(29 * 24 * 3_600);
    assert_eq!(code(ask(&mut world, &client, "system/Goal.rs")), ErrorCode::UnauthorizedClient);
    assert_eq!(waiting(&world), 0);
    world.later(2 * 24 * 3_600);
    assert_eq!(code(ask(&mut world, &client, "system/Goal.rs")), ErrorCode::UnauthorizedClient);
    assert_eq!(waiting(&world), 1);
}

#[test]
fn a_grant_that_the_owner_ended_gives_nothing_and_asks_for_nothing() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    assert!(ask(&mut world, &client, "system/Goal.rs").is_err());
    let request = world.ledger.requests.iter().next().unwrap().id.clone();
    let grant = world.grant(&client, "system/Goal.rs");
    let state = RequestState::Approved { grant: grant.clone(), at: world.now };
    world.ledger.requests.change(request.as_str(), |row| row.state = state);
    assert!(ask(&mut world, &client, "system/Goal.rs").is_ok());
    world.step().end(&grant, WhyEnded::Owner).unwrap();
    assert_eq!(code(ask(&mut world, &client, "system/Goal.rs")), ErrorCode::UnauthorizedClient);
    assert_eq!(waiting(&world), 0);
}

#[test]
fn a_blocked_service_is_told_what_every_unapproved_one_is() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    assert_eq!(world.step().block_client(&client.id), Ok::<(), DecideError>(()));
    assert_eq!(code(ask(&mut world, &client, "system/Goal.rs")), ErrorCode::UnauthorizedClient);
    assert_eq!(world.ledger.requests.count(), 0);
}

#[test]
fn details_are_understood_or_refused_and_other_servers_are_not_ours() {
    let mut world = World::new();
    let client = world.with_key(ClientKind::Backend, &key());
    world.grant(&client, "system/*.rs");
    let refused = |world: &mut World, name: &str, value: &str| {
        let form = form(&[("scope", "system/*.rs"), (name, value)]);
        match world.step().backend(&client, &form, None) {
            Err(Stop::Refused(refusal)) => refusal.code,
            other => panic!("{other:?}"),
        }
    };
    for text in ["{", "{}", r#"[{"type": "payment"}]"#] {
        assert_eq!(
            refused(&mut world, "authorization_details", text),
            ErrorCode::InvalidAuthorizationDetails,
            "{text}"
        );
    }
    assert_eq!(refused(&mut world, "resource", "https://other.example/fhir"), ErrorCode::InvalidTarget);
    let ours = json!([{"type": "smart_on_fhir", "locations": [world.setting.fhir()], "fhirVersions": ["4.0.1"]}]);
    let form = form(&[("scope", "system/*.rs"), ("authorization_details", &ours.to_string())]);
    assert!(world.step().backend(&client, &form, None).is_ok());
}
