use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Protector, resource::Description};
use crate::uma::tests::world::{World, person};
use crate::{ClientKind, ErrorCode, RequestState, Where, WhyEnded};

const ALBUM: &[u8] = br#"{"resource_scopes":["view","print","view"],"name":"X-ray","type":"https://example.org/image",
    "icon_uri":"https://example.org/i.png","description":"Left hand","name#de":"Bild"}"#;

fn let_in(world: &mut World, n: u8, of: u8) -> Protector {
    let (_, token) = world.resource_server(n, person(of));
    world.protector(&token).unwrap()
}

fn register(world: &mut World, who: &Protector) -> String {
    world.step(|step| step.add_resource(who, ALBUM)).unwrap().0.to_string()
}

fn ticket(world: &mut World, who: &Protector, asked: &Value) -> Result<String, ErrorCode> {
    let ticket = world.step(|step| step.ticket_there(who, asked.to_string().as_bytes()));
    ticket.map(|ticket| ticket.expose().clone()).map_err(|refusal| refusal.code)
}

#[test]
fn a_resource_is_registered_read_replaced_listed_and_removed() {
    let mut world = World::new();
    let who = let_in(&mut world, 9, 1);
    let id = register(&mut world, &who);
    let said = world.step(|step| step.resource(&who, &id)).unwrap();
    assert_eq!(
        said,
        json!({
            "_id": id, "resource_scopes": ["view", "print"], "name": "X-ray", "type": "https://example.org/image",
            "icon_uri": "https://example.org/i.png", "description": "Left hand",
        })
    );
    assert_eq!(world.step(|step| step.resources(&who)), json!([id]));
    let replaced = world.step(|step| step.replace_resource(&who, &id, br#"{"resource_scopes":["view"]}"#)).unwrap();
    assert_eq!(replaced, json!({ "_id": id }));
    let said = world.step(|step| step.resource(&who, &id)).unwrap();
    assert_eq!(said, json!({ "_id": id, "resource_scopes": ["view"] }));
    world.step(|step| step.remove_resource(&who, &id)).unwrap();
    assert_eq!(world.step(|step| step.resources(&who)), json!([]));
    assert_eq!(world.step(|step| step.remove_resource(&who, &id)).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn the_token_of_one_resource_server_opens_nothing_of_another() {
    let mut world = World::new();
    let (one, two) = (let_in(&mut world, 8, 1), let_in(&mut world, 9, 1));
    let id = register(&mut world, &one);
    assert_eq!(world.step(|step| step.resource(&two, &id)).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(world.step(|step| step.replace_resource(&two, &id, ALBUM)).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(world.step(|step| step.remove_resource(&two, &id)).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(world.step(|step| step.resources(&two)), json!([]));
    let asked = json!({ "resource_id": id, "resource_scopes": ["view"] });
    assert_eq!(ticket(&mut world, &two, &asked), Err(ErrorCode::InvalidResourceId));
    assert_eq!(world.step(|step| step.resources(&one)), json!([id]));
}

#[test]
fn the_token_for_one_person_opens_nothing_of_another() {
    let mut world = World::new();
    let (one, two) = (let_in(&mut world, 9, 1), let_in(&mut world, 9, 2));
    let id = register(&mut world, &one);
    assert_eq!(world.step(|step| step.resource(&two, &id)).unwrap_err().code, ErrorCode::NotFound);
    let asked = json!({ "resource_id": id, "resource_scopes": ["view"] });
    assert_eq!(ticket(&mut world, &two, &asked), Err(ErrorCode::InvalidResourceId));
}

#[test]
fn every_resource_of_a_list_is_ones_own() {
    let mut world = World::new();
    let (one, two) = (let_in(&mut world, 8, 1), let_in(&mut world, 9, 1));
    let (own, foreign) = (register(&mut world, &one), register(&mut world, &two));
    let of = |id: &str| json!({ "resource_id": id, "resource_scopes": ["view"] });
    for list in [json!([of(&own), of(&foreign)]), json!([of(&foreign), of(&own)]), json!([of(&own), of("rsc_none")])] {
        assert_eq!(ticket(&mut world, &one, &list), Err(ErrorCode::InvalidResourceId));
    }
    assert_eq!(world.ledger.tickets.count(), 0);
    ticket(&mut world, &one, &json!([of(&own), of(&own)])).unwrap();
    let ticket = world.ledger.tickets.iter().next().unwrap();
    assert_eq!(ticket.permissions.len(), 1);
    assert_eq!(ticket.permissions[0].at, Where::At(one.server().clone()));
}

#[test]
fn every_scope_of_a_list_is_registered_for_its_resource() {
    let mut world = World::new();
    let who = let_in(&mut world, 9, 1);
    let first = register(&mut world, &who);
    let second = world.step(|step| step.add_resource(&who, br#"{"resource_scopes":["edit"]}"#)).unwrap().0;
    let asked = json!([
        { "resource_id": first, "resource_scopes": ["view"] },
        { "resource_id": second, "resource_scopes": ["edit", "view"] },
    ]);
    assert_eq!(ticket(&mut world, &who, &asked), Err(ErrorCode::InvalidScope));
}

#[test]
fn a_resource_that_goes_takes_along_what_was_given_asked_and_ticketed() {
    let mut world = World::new();
    let who = let_in(&mut world, 9, 1);
    let id = register(&mut world, &who);
    let asked = json!({ "resource_id": id, "resource_scopes": ["view"] });
    let app = world.client(1, ClientKind::App);
    let first = ticket(&mut world, &who, &asked).unwrap();
    let proof = world.daughter_proof();
    world.push(&app, &first).unwrap_err();
    let grant = world.approve(proof);
    assert_eq!(world.ledger.grants.find(grant.as_str()).unwrap().permissions.len(), 1);
    let issued = {
        let ticket = ticket(&mut world, &who, &asked).unwrap();
        world.push(&app, &ticket).unwrap()
    };
    let open = ticket(&mut world, &who, &asked).unwrap();
    let more = json!({ "resource_id": id, "resource_scopes": ["print"] });
    let other = ticket(&mut world, &who, &more).unwrap();
    world.push(&app, &other).unwrap_err();
    let waits = world.waiting();

    world.step(|step| step.remove_resource(&who, &id)).unwrap();
    assert!(world.ledger.grants.find(grant.as_str()).unwrap().permissions.is_empty());
    let token = world.ledger.tokens.find(&crate::fingerprint(issued.access_token.expose())).unwrap();
    assert_eq!(token.only.as_deref(), Some(&[][..]));
    assert!(matches!(world.ledger.requests.find(waits.as_str()).unwrap().state, RequestState::Withdrawn { .. }));
    assert_eq!(world.push(&app, &open).unwrap_err().code, ErrorCode::InvalidGrant);
    assert_eq!(world.ledger.tickets.count(), 0);
}

#[test]
fn a_protection_token_ends_with_the_grant_and_with_the_block() {
    let mut world = World::new();
    let (server, token) = world.resource_server(9, person(1));
    let who = world.protector(&token).unwrap();
    assert_eq!(who.server(), &server.id);
    let grant = world.ledger.grants.iter().next().unwrap().grant.id.clone();
    world.step(|step| step.end(&grant, WhyEnded::Owner)).unwrap();
    assert_eq!(world.protector(&token).unwrap_err().code, ErrorCode::InvalidToken);

    let (server, token) = world.resource_server(8, person(1));
    world.step(|step| step.block_client(&server.id)).unwrap();
    assert_eq!(world.protector(&token).unwrap_err().code, ErrorCode::InvalidToken);

    let (_, token) = world.resource_server(7, person(1));
    world.later(5 * 60);
    assert_eq!(world.protector(&token).unwrap_err().code, ErrorCode::InvalidToken);
    assert_eq!(world.protector("x").unwrap_err().code, ErrorCode::InvalidToken);
}

#[test]
fn another_token_is_no_protection_token() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let proof = world.daughter_proof();
    world.mandate(proof, vec![crate::uma::tests::world::permit("*")], Vec::new());
    let ticket = world.ticket(vec![crate::uma::tests::world::read("Observation/1")]);
    let issued = world.push(&app, &ticket).unwrap();
    assert_eq!(world.protector(issued.access_token.expose()).unwrap_err().code, ErrorCode::InvalidToken);
}

#[test]
fn a_description_that_is_not_plain_is_refused() {
    let mut world = World::new();
    let who = let_in(&mut world, 9, 1);
    let long = format!(r#"{{"resource_scopes":[],"name":"{}"}}"#, "x".repeat(2_001));
    let many = json!({ "resource_scopes": (0..101).map(|n| n.to_string()).collect::<Vec<_>>() }).to_string();
    for body in [
        "",
        "[]",
        "{}",
        r#"{"resource_scopes":"view"}"#,
        r#"{"resource_scopes":["two words"]}"#,
        r#"{"resource_scopes":[""]}"#,
        r#"{"resource_scopes":[],"name":""}"#,
        r#"{"resource_scopes":[],"name":"a\u0007b"}"#,
        r#"{"resource_scopes":[],"icon_uri":"http://example.org/i.png"}"#,
        r#"{"resource_scopes":[],"icon_uri":"javascript:alert(1)"}"#,
        &long,
        &many,
    ] {
        let refusal = world.step(|step| step.add_resource(&who, body.as_bytes())).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::InvalidRequest, "{body}");
    }
    assert_eq!(world.ledger.resources.count(), 0);
}

proptest! {
    #[test]
    fn no_bytes_make_the_registration_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Description::parse(&bytes);
        let body = json!({ "resource_scopes": [String::from_utf8_lossy(&bytes)], "name": String::from_utf8_lossy(&bytes) });
        let _ = Description::parse(body.to_string().as_bytes());
    }

    #[test]
    fn no_bytes_make_the_permission_endpoint_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut world = World::new();
        let who = Protector { server: types::ClientId::from_random([9; 16]), person: person(1) };
        prop_assert!(world.step(|step| step.ticket_there(&who, &bytes)).is_err());
    }
}
