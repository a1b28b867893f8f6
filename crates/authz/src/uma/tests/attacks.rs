use consent::Proof;
use serde_json::json;

use super::world::{World, here, next, permit, person, read, refused};
use crate::{ClientKind, Contact, Door, ErrorCode, Stop};

#[test]
fn a_ticket_that_was_used_buys_nothing_again() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    let ticket = world.ticket(vec![read("Observation/1")]);
    world.push(&app, &ticket).unwrap();
    refused(world.push(&app, &ticket), ErrorCode::InvalidGrant);
    // Also when the first use was refused.
    let ticket = world.ticket(vec![read("Observation/1")]);
    next(world.redeem(&app, &ticket), ErrorCode::NeedInfo);
    refused(world.push(&app, &ticket), ErrorCode::InvalidGrant);
}

#[test]
fn a_ticket_of_one_client_buys_nothing_for_another() {
    let mut world = World::new();
    let (app, thief) = (world.client(1, ClientKind::App), world.client(2, ClientKind::App));
    let ticket = world.ticket(vec![read("Observation/1")]);
    let ticket = next(world.redeem(&app, &ticket), ErrorCode::NeedInfo);
    refused(world.push(&thief, &ticket), ErrorCode::InvalidGrant);
    refused(world.push(&app, &ticket), ErrorCode::InvalidGrant);
}

#[test]
fn an_approved_ticket_of_one_client_buys_nothing_for_another() {
    let mut world = World::new();
    let (app, thief) = (world.client(1, ClientKind::App), world.client(2, ClientKind::App));
    let ticket = world.ticket(vec![read("Observation/1")]);
    let ticket = next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
    let proof = world.daughter_proof();
    world.approve(proof);
    world.later(5);
    refused(world.redeem(&thief, &ticket), ErrorCode::InvalidGrant);
}

#[test]
fn an_expired_ticket_buys_nothing() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    let ticket = world.ticket(vec![read("Observation/1")]);
    world.later(5 * 60);
    refused(world.push(&app, &ticket), ErrorCode::InvalidGrant);
}

#[test]
fn a_ticket_for_one_resource_does_not_open_its_type() {
    let mut world = World::new();
    let mut app = world.client(1, ClientKind::App);
    app.scope = "search read patient/Observation.rs patient/*.rs".to_owned();
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    for scope in ["search", "patient/Observation.rs", "patient/*.rs"] {
        let ticket = world.ticket(vec![read("Observation/1")]);
        refused(world.uma(&app, &[("ticket", &ticket), ("scope", scope)]), ErrorCode::InvalidScope);
    }
    let ticket = world.ticket(vec![read("Observation/1")]);
    let issued = world.push(&app, &ticket).unwrap();
    assert_eq!(world.opens(&issued), Some(vec![read("Observation/1")]), "though the mandate gives everything");
}

#[test]
fn a_ticket_for_one_resource_does_not_open_another() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    let ticket = world.ticket(vec![read("Observation/1")]);
    let issued = world.push(&app, &ticket).unwrap();
    let only = world.opens(&issued).unwrap();
    let grant = world.ledger.grants.iter().next().unwrap().narrowed(&only);
    for permit in grant.what.permits {
        assert_eq!(&*permit.select.resources, &["Observation/1".into()]);
    }
}

#[test]
fn a_request_for_one_resource_is_not_answered_with_its_type() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1")]);
    next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
    let request = world.waiting();
    let decided = world.decided(world.daughter_proof(), vec![permit("Observation")], Vec::new());
    assert!(world.step(|step| step.approve(&request, decided)).is_err());
}

#[test]
fn a_scope_that_the_client_is_not_registered_for_is_refused() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation")]);
    refused(world.uma(&app, &[("ticket", &ticket), ("scope", "create")]), ErrorCode::InvalidScope);
}

#[test]
fn a_ticket_is_for_something_that_can_be_meant() {
    let mut world = World::new();
    let cannot = [
        vec![],
        vec![here("Observation/1", &[])],
        vec![here("Observation/1", &["delete"])],
        vec![here("Observation/1/2", &["read"])],
        vec![here("../x", &["read"])],
        vec![here("", &["read"])],
        vec![read("Observation/1"); 101],
    ];
    for permissions in cannot {
        let refusal = world.step(|step| step.ticket_here(permissions));
        assert!(matches!(refusal, Err(Stop::Refused(refusal)) if refusal.code == ErrorCode::InvalidRequest));
    }
}

#[test]
fn who_proves_nothing_gets_nothing_however_wide_a_mandate_stands() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    let ticket = world.ticket(vec![read("Observation/1")]);
    next(world.redeem(&app, &ticket), ErrorCode::NeedInfo);
    assert_eq!(world.ledger.requests.count(), 0);
}

#[test]
fn a_client_without_keys_is_not_known_by_its_name() {
    let mut world = World::new();
    let mut app = world.client(1, ClientKind::App);
    let decided = world.decided(Proof::Client(app.id.to_string()), vec![permit("*")], Vec::new());
    let (id, ticket) = (app.id.clone(), world.ticket(vec![read("Observation/1")]));
    world.step(|step| step.grant_by_owner(decided, Some(id))).unwrap();
    app.keys = None;
    next(world.redeem(&app, &ticket), ErrorCode::NeedInfo);
}

#[test]
fn a_persisted_claims_token_of_another_client_proves_nothing_and_ends() {
    let mut world = World::new();
    let (app, thief) = (world.client(1, ClientKind::App), world.client(2, ClientKind::App));
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    let ticket = world.ticket(vec![read("Observation/1")]);
    let pct = world.push(&app, &ticket).unwrap().body()["pct"].as_str().unwrap().to_owned();
    let ticket = world.ticket(vec![read("Observation/1")]);
    next(world.uma(&thief, &[("ticket", &ticket), ("pct", &pct)]), ErrorCode::NeedInfo);
    assert_eq!(world.ledger.pcts.count(), 0);
}

#[test]
fn an_expired_persisted_claims_token_proves_nothing() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let proof = world.daughter_proof();
    let mut decided = world.decided(proof, vec![permit("*")], Vec::new());
    decided.grant.term.end = None;
    world.step(|step| step.grant_by_owner(decided, None)).unwrap();
    let ticket = world.ticket(vec![read("Observation/1")]);
    let pct = world.push(&app, &ticket).unwrap().body()["pct"].as_str().unwrap().to_owned();
    world.later(30 * 24 * 3600);
    let ticket = world.ticket(vec![read("Observation/1")]);
    next(world.uma(&app, &[("ticket", &ticket), ("pct", &pct)]), ErrorCode::NeedInfo);
}

#[test]
fn polling_faster_than_told_learns_nothing_and_takes_longer() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1")]);
    let mut ticket = next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
    let proof = world.daughter_proof();
    world.approve(proof);
    let mut intervals = Vec::new();
    for _ in 0..8 {
        let refusal = world.redeem(&app, &ticket).unwrap_err();
        intervals.push(refusal.members["interval"].as_u64().unwrap());
        ticket = next(Err(refusal), ErrorCode::RequestSubmitted);
        world.later(1);
    }
    assert_eq!(intervals, [10, 20, 40, 80, 160, 300, 300, 300]);
    world.later(299);
    assert!(world.redeem(&app, &ticket).is_ok());
}

#[test]
fn a_closed_door_answers_like_none() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let (_, pat) = world.resource_server(9, person(1));
    let ticket = world.ticket(vec![read("Observation/1")]);
    world.setting.doors.remove(&Door::Uma);
    world.setting.doors.remove(&Door::Federation);
    refused(world.push(&app, &ticket), ErrorCode::UnsupportedGrantType);
    let here = world.step(|step| step.ticket_here(vec![read("Observation/1")]));
    assert!(matches!(here, Err(Stop::Refused(refusal)) if refusal.code == ErrorCode::NotFound));
    assert_eq!(world.protector(&pat).unwrap_err().code, ErrorCode::NotFound);
    let query = crate::Form::parse(&format!("client_id={}&ticket=x", app.id)).unwrap();
    assert!(world.step(|step| step.gather(&query)).is_err());
    assert_eq!(world.ledger.requests.iter().filter(|row| row.door == Door::Uma).count(), 0);
}

#[test]
fn who_is_blocked_is_denied_whichever_client_they_use() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    let contact = Contact {
        id: types::ContactId::from_random([1; 16]),
        name: "not them".to_owned(),
        proofs: vec![world.daughter.1.to_string()],
        since: world.now,
        blocked: Some(world.now),
        compared: None,
    };
    world.ledger.contacts.put(contact);
    let ticket = world.ticket(vec![read("Observation/1")]);
    refused(world.push(&app, &ticket), ErrorCode::RequestDenied);
}

#[test]
fn a_grant_of_another_door_is_no_mandate() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ask = crate::Ask {
        door: Door::Launch,
        claims: Vec::new(),
        asked: crate::Asked { scope: "patient/*.rs".to_owned(), ..crate::Asked::default() },
        answered: crate::Answered::Asking,
    };
    let request = world.step(|step| step.ask(&app, ask)).unwrap();
    let decided = world.decided(Proof::Client(app.id.to_string()), vec![permit("*")], Vec::new());
    world.step(|step| step.approve(&request, decided)).unwrap();
    let ticket = world.ticket(vec![read("Observation/1")]);
    next(world.redeem(&app, &ticket), ErrorCode::NeedInfo);
}

#[test]
fn a_grant_over_the_data_of_one_person_gives_nothing_of_another() {
    let mut world = World::new();
    let (server, pat) = world.resource_server(9, person(2));
    let who = world.protector(&pat).unwrap();
    let (id, _) = world.step(|step| step.add_resource(&who, br#"{"resource_scopes":["view"]}"#)).unwrap();
    let asks = json!({ "resource_id": id.as_str(), "resource_scopes": ["view"] }).to_string();
    let ticket = world.step(|step| step.ticket_there(&who, asks.as_bytes())).unwrap().expose().clone();
    let app = world.client(1, ClientKind::App);
    // As if a grant of the first person named it.
    let proof = world.daughter_proof();
    let grant = world.mandate(proof, vec![permit("*")], Vec::new());
    let at = crate::Where::At(server.id);
    let permission = crate::Permission { at, resource: id.to_string(), scopes: vec!["view".to_owned()] };
    world.ledger.grants.change(grant.as_str(), |row| row.permissions.push(permission));
    next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
}

#[test]
fn a_client_that_comes_again_and_again_fills_no_table() {
    let mut world = World::new();
    let client = world.client(1, ClientKind::App);
    for _ in 0..250 {
        world.later(1);
        let ticket = world.ticket(vec![read("Observation/1")]);
        let _waits = next(world.push(&client, &ticket), ErrorCode::RequestSubmitted);
    }
    assert_eq!(world.ledger.requests.count(), 1);
    assert!(world.ledger.tickets.iter().filter(|row| row.client.is_some()).count() <= 200);

    let mut world = World::new();
    let client = world.client(1, ClientKind::App);
    world.mandate(world.daughter_proof(), vec![permit("Observation")], Vec::new());
    for _ in 0..150 {
        world.later(1);
        let ticket = world.ticket(vec![read("Observation/1")]);
        world.push(&client, &ticket).unwrap();
    }
    assert!(world.ledger.pcts.count() <= 100);
}
