use consent::{Dates, Mode};
use proptest::prelude::*;
use serde_json::json;
use types::{ClientId, ContactId};

use super::*;
use crate::stage::{Stage, app, id};
use crate::{Contact, Permission, Where};

fn ask(door: Door, scope: &str) -> Ask {
    let asked = Asked { scope: scope.to_owned(), ..Asked::default() };
    Ask { door, claims: Vec::new(), asked, answered: Answered::Ticket }
}

fn numbered(number: usize) -> Ask {
    ask(Door::Uma, &format!("patient/Observation.rs?code=a{number}"))
}

fn claim(proof: &str) -> Claim {
    Claim { proof: proof.to_owned(), name: None, proven: "2026-11-21T12:00:00Z".parse().unwrap() }
}

fn error(result: Result<RequestId, OAuthError>) -> ErrorCode {
    result.unwrap_err().code
}

#[test]
fn a_client_has_so_many_requests_waiting_and_no_more() {
    let mut stage = Stage::new();
    for number in 0..MAX_OPEN_OF_CLIENT {
        stage.step().ask(&app(1), numbered(number)).unwrap();
    }
    assert_eq!(error(stage.step().ask(&app(1), numbered(99))), ErrorCode::SlowDown);
    assert!(stage.step().ask(&app(2), numbered(99)).is_ok(), "the other client is not kept out by it");
}

#[test]
fn a_client_that_withdraws_and_asks_again_is_held_to_the_day() {
    let mut stage = Stage::new();
    for number in 0..MAX_A_DAY_OF_CLIENT {
        let request = stage.step().ask(&app(1), numbered(number)).unwrap();
        stage.step().withdraw(&request);
    }
    assert_eq!(error(stage.step().ask(&app(1), numbered(99))), ErrorCode::SlowDown);
    stage.pass(SignedDuration::from_hours(24));
    assert!(stage.step().ask(&app(1), numbered(99)).is_ok());
}

#[test]
fn many_clients_together_do_not_bury_the_owner() {
    let mut stage = Stage::new();
    let mut refused = 0;
    for of in 10..30 {
        stage.ledger.clients.put(app(of));
        for number in 0..MAX_OPEN_OF_CLIENT {
            refused += usize::from(stage.step().ask(&app(of), numbered(number)).is_err());
        }
    }
    assert_eq!(stage.ledger.requests.count(), MAX_OPEN);
    assert_eq!(refused, 20 * MAX_OPEN_OF_CLIENT - MAX_OPEN);
}

#[test]
fn so_many_are_made_in_a_day_by_all_together() {
    let mut stage = Stage::new();
    for number in 0..MAX_A_DAY {
        let of = u8::try_from(10 + number / 25).unwrap();
        stage.ledger.clients.put(app(of));
        let request = stage.step().ask(&app(of), numbered(number)).unwrap();
        stage.step().refuse(&request).unwrap();
    }
    assert_eq!(error(stage.step().ask(&app(1), numbered(0))), ErrorCode::SlowDown);
}

#[test]
fn what_was_approved_counts_against_nobody() {
    let mut stage = Stage::new();
    for number in 0..MAX_A_DAY_OF_CLIENT + 5 {
        let request = stage.step().ask(&app(1), numbered(number)).unwrap();
        stage.approve(&request);
    }
}

#[test]
fn a_blocked_client_asks_nothing_and_what_waits_is_refused() {
    let mut stage = Stage::new();
    let waiting = stage.step().ask(&app(1), numbered(0)).unwrap();
    stage.step().block_client(&id(1)).unwrap();
    assert!(matches!(stage.state(&waiting), RequestState::Refused { .. }));
    assert_eq!(error(stage.step().ask(&app(1), numbered(1))), ErrorCode::AccessDenied, "also with an old row of it");
    assert_eq!(error(stage.step().ask(&app(9), numbered(1))), ErrorCode::InvalidClient);
}

#[test]
fn a_blocked_contact_asks_nothing_through_any_client() {
    let mut stage = Stage::new();
    let contact = ContactId::from_random([1; 16]);
    let since = stage.clock;
    let proofs = vec!["did:key:z1".to_owned()];
    let (name, blocked, compared) = ("Lee".to_owned(), None, None);
    stage.ledger.contacts.put(Contact { id: contact.clone(), name, proofs, since, blocked, compared });
    let asked = || Ask { claims: vec![claim("did:key:z2"), claim("did:key:z1")], ..numbered(0) };
    let waiting = stage.step().ask(&app(1), asked()).unwrap();
    stage.step().block_contact(&contact).unwrap();
    assert!(matches!(stage.state(&waiting), RequestState::Refused { .. }));
    assert_eq!(error(stage.step().ask(&app(2), asked())), ErrorCode::AccessDenied);
}

#[test]
fn a_duplicate_answers_with_the_one_that_waits() {
    let mut stage = Stage::new();
    let first = stage.step().ask(&app(1), numbered(0)).unwrap();
    assert_eq!(stage.step().ask(&app(1), numbered(0)).unwrap(), first);
    assert_ne!(stage.step().ask(&app(2), numbered(0)).unwrap(), first);
    let proven = Ask { claims: vec![claim("did:key:z1")], ..numbered(0) };
    assert_ne!(stage.step().ask(&app(1), proven).unwrap(), first, "somebody else stands behind it");
    stage.step().refuse(&first).unwrap();
    assert_ne!(stage.step().ask(&app(1), numbered(0)).unwrap(), first, "what was decided is not asked again by itself");
}

#[test]
fn a_request_that_waited_too_long_is_made_anew() {
    let mut stage = Stage::new();
    let first = stage.step().ask(&app(1), numbered(0)).unwrap();
    stage.pass(Door::Uma.waits());
    assert_ne!(stage.step().ask(&app(1), numbered(0)).unwrap(), first);
}

#[test]
fn what_cannot_be_read_does_not_reach_the_owner() {
    let mut stage = Stage::new();
    assert_eq!(error(stage.step().ask(&app(1), ask(Door::Uma, "colour"))), ErrorCode::InvalidScope);
    assert_eq!(error(stage.step().ask(&app(1), ask(Door::Uma, ""))), ErrorCode::InvalidScope);
    assert_eq!(stage.ledger.requests.count(), 0);
}

fn ticket(resource: &str, scopes: &[&str]) -> Asked {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let permission = Permission { at: Where::Here, resource: resource.to_owned(), scopes };
    Asked { permissions: vec![permission], ..Asked::default() }
}

#[test]
fn a_ticket_for_one_resource_never_opens_its_type() {
    let read = Reading::of(Door::Uma, &ticket("Observation/123", &["read"])).unwrap();
    let permit = &read.what.permits[0];
    assert_eq!(permit.select.resources, ["Observation/123".into()]);
    assert!(permit.actions.read && !permit.actions.search && !permit.actions.create);
    let of_type = Reading::of(Door::Uma, &ticket("Observation", &["read", "search"])).unwrap();
    assert_eq!(of_type.what.permits[0].select.types, ["Observation".into()]);
}

#[test]
fn a_ticket_for_nothing_that_is_here_is_not_read() {
    for (resource, scopes) in [
        ("Observation/", &["read"][..]),
        ("Observation/a/b", &["read"]),
        ("Nothing", &["read"]),
        ("Nothing/1", &["read"]),
        ("", &["read"]),
        ("Observation", &[]),
        ("Observation", &["delete"]),
    ] {
        assert!(Reading::of(Door::Uma, &ticket(resource, scopes)).is_err(), "{resource}");
    }
}

#[test]
fn what_is_elsewhere_is_not_taken_for_the_record_here() {
    let server = ClientId::from_random([8; 16]);
    let permission = Permission { at: Where::At(server), resource: "rsc".to_owned(), scopes: vec!["view".to_owned()] };
    let asked = Asked { permissions: vec![permission.clone()], ..Asked::default() };
    let read = Reading::of(Door::Uma, &asked).unwrap();
    assert!(read.what.permits.is_empty());
    assert_eq!(read.elsewhere, [permission]);
}

#[test]
fn each_door_has_scopes_of_its_own() {
    let read = |door, scope: &str| Reading::of(door, &Asked { scope: scope.to_owned(), ..Asked::default() });
    assert!(read(Door::Backend, "system/Observation.rs").is_ok());
    assert!(read(Door::Backend, "patient/Observation.rs").is_err());
    assert!(read(Door::Backend, "system/Observation.rs openid").is_err());
    assert!(read(Door::Launch, "system/Observation.rs").is_err());
    assert_eq!(read(Door::Federation, "uma_protection").unwrap().plain, ["uma_protection"]);
    assert!(read(Door::Federation, "uma_protection patient/*.rs").is_err());
    assert!(read(Door::Federation, "openid").is_err());
    assert!(read(Door::Launch, "uma_protection").is_err());
}

#[test]
fn details_are_answered_together_or_not_at_all() {
    let access = |more: serde_json::Value| {
        let mut one = json!({"type": "satchel-record-access/1",
            "permits": [{"context": "patient", "actions": "rs", "select": {"types": ["Condition"]}}]});
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        one
    };
    let read = |details: Vec<serde_json::Value>| {
        Reading::of(Door::Launch, &Asked { details: Some(details.into()), ..Asked::default() })
    };
    let topics = |mode: &str| json!({"except": [{"topics": ["hiv"]}], "mode": mode, "purposes": ["TREAT"]});
    let both = read(vec![access(topics("loose")), access(topics("strict")), access(json!({}))]).unwrap();
    assert_eq!((both.mode, both.purposes), (Some(Mode::Strict), vec!["TREAT".into()]));
    assert!(read(vec![access(json!({"purposes": ["TREAT"]})), access(json!({"purposes": ["HRESCH"]}))]).is_err());
    let year = read(vec![access(json!({"deidentified": "year"})), access(json!({}))]).unwrap();
    assert_eq!(year.deidentified, Some(Dates::Year));
}

proptest! {
    #[test]
    fn whatever_is_asked_is_read_or_refused(scope in "\\PC{0,80}", resource in "\\PC{0,40}", word in "\\PC{0,10}") {
        for door in Door::ALL {
            let asked = Asked { scope: scope.clone(), ..ticket(&resource, &[&word]) };
            let _either = Reading::of(door, &asked).map_err(|why| why.refusal());
        }
    }
}

#[test]
fn strangers_who_ask_all_day_shut_nobody_out_whom_the_owner_knows() {
    let mut stage = Stage::new();
    let known = stage.step().ask(&app(1), numbered(1)).unwrap();
    stage.approve(&known);
    for of in 10..40 {
        stage.ledger.clients.put(app(of));
        for number in 0..MAX_OPEN_OF_CLIENT {
            let _full = stage.step().ask(&app(of), numbered(number));
        }
    }
    assert_eq!(error(stage.step().ask(&app(2), numbered(2))), ErrorCode::SlowDown);
    assert!(stage.step().ask(&app(1), numbered(2)).is_ok());
}

#[test]
fn what_came_to_nothing_goes_and_what_was_approved_stays() {
    let mut stage = Stage::new();
    let [approved, refused, withdrawn, waited] =
        [0, 1, 2, 3].map(|number| stage.step().ask(&app(1), numbered(number)).unwrap());
    stage.approve(&approved);
    stage.step().refuse(&refused).unwrap();
    stage.step().withdraw(&withdrawn);
    stage.pass(SignedDuration::from_hours(24 * 30));
    let now = stage.step().now;
    stage.ledger.sweep(now);
    let there = |stage: &Stage, id: &RequestId| stage.ledger.requests.find(id.as_str()).is_some();
    assert!(there(&stage, &approved) && there(&stage, &refused), "a refusal stands for a month");
    assert!(!there(&stage, &withdrawn) && !there(&stage, &waited));
    stage.pass(SignedDuration::from_hours(24 * 2));
    let now = stage.step().now;
    stage.ledger.sweep(now);
    assert!(there(&stage, &approved) && !there(&stage, &refused));
}

#[test]
fn nobody_asks_more_than_a_person_can_read() {
    let mut stage = Stage::new();
    let long: Vec<String> = (0..900).map(|number| format!("patient/Observation.rs?code={number:040}")).collect();
    assert_eq!(error(stage.step().ask(&app(1), ask(Door::Uma, &long.join(" ")))), ErrorCode::InvalidRequest);
    assert_eq!(stage.ledger.requests.count(), 0);
}
