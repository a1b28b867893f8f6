use consent::Proof;
use serde_json::json;
use types::Actions;

use super::world::{IDP, World, here, next, permit, person, read, refused};
use crate::{CLAIM_TOKEN_FORMATS, ClientKind, DecideError, Door, ErrorCode, WhyEnded, proof_text};

#[test]
fn a_ticket_becomes_a_token_when_the_owner_approves() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let first = world.ticket(vec![read("Observation/123")]);

    let refusal = world.redeem(&app, &first).unwrap_err();
    assert_eq!(refusal.members["required_claims"][0]["claim_token_format"], json!(CLAIM_TOKEN_FORMATS));
    assert_eq!(refusal.members["redirect_user"], "https://wallet.example/claims");
    let second = next(Err(refusal), ErrorCode::NeedInfo);
    assert_ne!(first, second);

    let refusal = world.push(&app, &second).unwrap_err();
    assert_eq!(refusal.members["interval"], 5);
    let third = next(Err(refusal), ErrorCode::RequestSubmitted);
    let request = world.ledger.requests.find(world.waiting().as_str()).unwrap().clone();
    assert_eq!((request.door, &request.client), (Door::Uma, &app.id));
    assert_eq!(request.claims[0].proof, world.daughter.1.as_str());
    assert_eq!(request.asked.permissions, [read("Observation/123")]);

    world.later(5);
    let fourth = next(world.redeem(&app, &third), ErrorCode::RequestSubmitted);
    let proof = world.daughter_proof();
    let grant = world.approve(proof);
    world.later(5);
    let issued = world.redeem(&app, &fourth).unwrap();
    assert_eq!(world.opens(&issued), Some(vec![read("Observation/123")]));
    let body = issued.body();
    assert!(body.get("scope").is_none() && body.get("upgraded").is_none());
    assert!(body["pct"].is_string());

    world.step(|step| step.end(&grant, WhyEnded::Owner)).unwrap();
    assert_eq!(world.opens(&issued), None, "an ended grant opens nothing");
}

#[test]
fn what_the_owner_refuses_is_denied() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/123")]);
    let ticket = next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
    let request = world.waiting();
    world.step(|step| step.refuse(&request)).unwrap();
    world.later(5);
    refused(world.redeem(&app, &ticket), ErrorCode::RequestDenied);
}

#[test]
fn what_the_owner_asks_back_is_read_at_the_next_poll_and_releases_nothing() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/123")]);
    let refusal = world.push(&app, &ticket).unwrap_err();
    assert!(!refusal.members.contains_key("owner_message"));
    let ticket = next(Err(refusal), ErrorCode::RequestSubmitted);
    let request = world.waiting();
    world.step(|step| step.ask_back(&request, "  Which results do you need?  ")).unwrap();

    let early = world.redeem(&app, &ticket).unwrap_err();
    assert!(!early.members.contains_key("owner_message"), "faster than told: nothing is learnt");
    let ticket = next(Err(early), ErrorCode::RequestSubmitted);
    world.later(10);
    let refusal = world.redeem(&app, &ticket).unwrap_err();
    assert_eq!(refusal.members["owner_message"], "Which results do you need?");
    let ticket = next(Err(refusal), ErrorCode::RequestSubmitted);
    assert!(world.ledger.grants.iter().next().is_none(), "nothing was given");
    world.step(|step| step.ask_back(&request, "Until when?")).unwrap();
    world.later(10);
    let refusal = world.redeem(&app, &ticket).unwrap_err();
    assert_eq!(refusal.members["owner_message"], "Until when?", "the latest question");
    let ticket = next(Err(refusal), ErrorCode::RequestSubmitted);

    world.step(|step| step.refuse(&request)).unwrap();
    world.later(10);
    let denied = world.redeem(&app, &ticket).unwrap_err();
    assert_eq!((denied.code, denied.members.contains_key("owner_message")), (ErrorCode::RequestDenied, false));
    assert_eq!(world.step(|step| step.ask_back(&request, "And now?")), Err(DecideError::Decided));
}

#[test]
fn only_one_line_of_plain_text_is_asked_back() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/123")]);
    next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
    let request = world.waiting();
    let long = "a".repeat(crate::MAX_MESSAGE + 1);
    for bad in ["", "   ", "two\nlines", "<b>loud</b>", "turned \u{202e}round", "nul\0", &long] {
        assert_eq!(world.step(|step| step.ask_back(&request, bad)), Err(DecideError::Message), "{bad:?}");
    }
    let most = "ñ".repeat(crate::MAX_MESSAGE);
    world.step(|step| step.ask_back(&request, &most)).unwrap();
}

#[test]
fn an_id_token_of_a_trusted_issuer_says_who_asks() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/123")]);
    let token = world.id_token(&app, &json!({}));
    next(world.push_id_token(&app, &ticket, &token), ErrorCode::RequestSubmitted);
    let request = world.ledger.requests.find(world.waiting().as_str()).unwrap().clone();
    let proof = Proof::IdToken { issuer: IDP.to_owned(), subject: "lee".to_owned() };
    assert_eq!(request.claims[0].proof, proof_text(&proof));
    assert_eq!(request.claims[0].name.as_deref(), Some("Dr Lee"));
    assert_eq!(world.fetched, [format!("{IDP}/.well-known/openid-configuration"), format!("{IDP}/jwks")]);
}

#[test]
fn a_mandate_answers_at_once_whoever_proves_its_party() {
    let mut world = World::new();
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![here("Observation", &["read", "search"])]);
    let issued = world.push(&app, &ticket).unwrap();
    assert_eq!(world.opens(&issued), Some(vec![here("Observation", &["read", "search"])]));
    assert_eq!(world.ledger.requests.count(), 0, "the owner is not asked");
}

#[test]
fn a_mandate_that_gives_less_is_asked_about() {
    let mut world = World::new();
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("Observation")], Vec::new());
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1"), read("Condition/2")]);
    next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
}

#[test]
fn what_the_owner_narrows_is_all_that_the_token_opens() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1"), read("Observation/2")]);
    let ticket = next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
    let request = world.waiting();
    let mut reading = world.ledger.requests.find(request.as_str()).unwrap().reading().unwrap();
    reading.what.permits.retain(|permit| permit.select.resources.iter().any(|one| &**one == "Observation/2"));
    let decided = world.decided(world.daughter_proof(), reading.what.permits, Vec::new());
    world.step(|step| step.approve(&request, decided)).unwrap();
    world.later(5);
    let issued = world.redeem(&app, &ticket).unwrap();
    assert_eq!(world.opens(&issued), Some(vec![read("Observation/2")]));
}

#[test]
fn a_scope_that_the_client_is_registered_for_is_asked_along() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation"), read("Condition/2")]);
    let ticket = next(world.uma(&app, &[("ticket", &ticket), ("scope", "search")]), ErrorCode::NeedInfo);
    next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
    let request = world.ledger.requests.find(world.waiting().as_str()).unwrap();
    assert_eq!(request.asked.permissions, [here("Observation", &["read", "search"]), read("Condition/2")]);
}

#[test]
fn a_persisted_claims_token_proves_again_and_is_replaced() {
    let mut world = World::new();
    let proof = world.daughter_proof();
    world.mandate(proof, vec![permit("*")], Vec::new());
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1")]);
    let first = world.push(&app, &ticket).unwrap().body()["pct"].as_str().unwrap().to_owned();
    let ticket = world.ticket(vec![read("Condition/2")]);
    let issued = world.uma(&app, &[("ticket", &ticket), ("pct", &first)]).unwrap();
    assert_eq!(world.opens(&issued), Some(vec![read("Condition/2")]));
    assert_ne!(issued.body()["pct"], first.as_str());
    let ticket = world.ticket(vec![read("Condition/2")]);
    next(world.uma(&app, &[("ticket", &ticket), ("pct", &first)]), ErrorCode::NeedInfo);
    assert_eq!(world.ledger.pcts.count(), 1);
}

#[test]
fn a_ticket_of_another_resource_server_buys_what_was_registered_there() {
    let mut world = World::new();
    let (server, pat) = world.resource_server(9, person(1));
    let who = world.protector(&pat).unwrap();
    let (id, _) =
        world.step(|step| step.add_resource(&who, br#"{"resource_scopes":["view","print"],"name":"X-ray"}"#)).unwrap();
    let asks = json!({ "resource_id": id.as_str(), "resource_scopes": ["view"] }).to_string();
    let ticket = world.step(|step| step.ticket_there(&who, asks.as_bytes())).unwrap().expose().clone();
    let app = world.client(1, ClientKind::App);
    let ticket = next(world.uma(&app, &[("ticket", &ticket), ("scope", "print")]), ErrorCode::NeedInfo);
    let ticket = next(world.push(&app, &ticket), ErrorCode::RequestSubmitted);
    let proof = world.daughter_proof();
    world.approve(proof);
    world.later(5);
    let issued = world.redeem(&app, &ticket).unwrap();
    let token = world.ledger.tokens.find(&crate::fingerprint(issued.access_token.expose())).unwrap();
    assert_eq!(token.audience, server.id.as_str());
    let only = token.only.clone().unwrap();
    assert_eq!(
        (only[0].resource.as_str(), only[0].scopes.as_slice()),
        (id.as_str(), &["view".to_owned(), "print".to_owned()][..])
    );
    assert_eq!(world.opens(&issued), None, "it opens nothing here");
}

#[test]
fn a_limited_token_sees_a_narrower_grant_with_the_same_exclusions() {
    let mut world = World::new();
    let proof = world.daughter_proof();
    let mut of_two = permit("*");
    of_two.select.resources = vec!["Observation/1".into(), "Condition/2".into()];
    let grant = world.mandate(proof, vec![permit("Observation"), of_two], Vec::new());
    let approved = world.ledger.grants.find(grant.as_str()).unwrap();
    let of = |only: &[crate::Permission]| approved.narrowed(only).what.permits;
    let [by_type, by_name] = &of(&[read("Observation/1")])[..] else { panic!("two permits") };
    for permit in [by_type, by_name] {
        assert_eq!(&*permit.select.types, &["Observation".into()]);
        assert_eq!(&*permit.select.resources, &["Observation/1".into()]);
        assert_eq!(permit.actions, Actions { read: true, ..Actions::default() });
    }
    assert!(of(&[read("Patient")]).is_empty(), "a list of single resources without any is not all of them");
    assert!(of(&[]).is_empty());
    assert_eq!(of(&[here("*", &["read", "search"])]), approved.grant.what.permits);
}
