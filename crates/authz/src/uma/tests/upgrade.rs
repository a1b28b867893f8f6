use consent::{Choice, Dates, Decision, Selector};

use super::world::{World, next, permit, person, read};
use crate::{Client, ClientKind, ErrorCode, Issued, Permission, TokenFormat, WhyEnded};

/// A token for one resource that the owner approved when it was asked.
fn bought(world: &mut World, app: &Client, resource: &str, rpt: Option<&str>) -> Issued {
    let ticket = world.ticket(vec![read(resource)]);
    let token = world.presentation(&serde_json::json!({}));
    let mut pushed = vec![("ticket", &*ticket), ("claim_token", &*token), ("claim_token_format", crate::DID_JWT)];
    pushed.extend(rpt.map(|rpt| ("rpt", rpt)));
    let ticket = next(world.uma(app, &pushed), ErrorCode::RequestSubmitted);
    let proof = world.daughter_proof();
    world.approve(proof);
    world.later(5);
    world.redeem(app, &ticket).unwrap()
}

fn upgraded(issued: &Issued) -> bool {
    issued.members.get("upgraded") == Some(&serde_json::json!(true))
}

fn holding(world: &World) -> usize {
    world.ledger.grants.iter().filter(|row| row.holds(world.now)).count()
}

fn sorted(mut only: Vec<Permission>) -> Vec<Permission> {
    only.sort();
    only
}

#[test]
fn a_token_is_upgraded_to_hold_what_both_grants_give() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let old = bought(&mut world, &app, "Observation/1", None);
    let new = bought(&mut world, &app, "Condition/2", Some(old.access_token.expose()));
    assert!(upgraded(&new));
    assert_eq!(sorted(world.opens(&new).unwrap()), sorted(vec![read("Observation/1"), read("Condition/2")]));
    assert_eq!(world.opens(&old), None, "the one before is revoked");
    assert_eq!(holding(&world), 1);
    assert_eq!(
        world.ledger.grants.iter().filter(|row| row.ended.is_some_and(|it| it.why == WhyEnded::Replaced)).count(),
        2
    );
}

#[test]
fn a_signed_token_is_upgraded_too() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let proof = world.daughter_proof();
    let mut decided = world.decided(proof, vec![permit("*")], Vec::new());
    decided.format = TokenFormat::Jwt;
    world.step(|step| step.grant_by_owner(decided, None)).unwrap();
    let ticket = world.ticket(vec![read("Observation/1")]);
    let old = world.push(&app, &ticket).unwrap();
    assert!(old.access_token.expose().contains('.'));
    let pct = old.body()["pct"].as_str().unwrap().to_owned();
    let ticket = world.ticket(vec![read("Condition/2")]);
    let asked = [("ticket", &*ticket), ("pct", &*pct), ("rpt", old.access_token.expose())];
    let new = world.uma(&app, &asked).unwrap();
    assert!(upgraded(&new));
    assert_eq!(sorted(world.opens(&new).unwrap()), sorted(vec![read("Observation/1"), read("Condition/2")]));
    assert_eq!(world.opens(&old), None);
    assert_eq!(holding(&world), 1, "it is the same mandate");
}

#[test]
fn the_token_of_somebody_else_adds_nothing() {
    let mut world = World::new();
    let (app, thief) = (world.client(1, ClientKind::App), world.client(2, ClientKind::App));
    let old = bought(&mut world, &app, "Observation/1", None);
    let new = bought(&mut world, &thief, "Condition/2", Some(old.access_token.expose()));
    assert!(!upgraded(&new));
    assert_eq!(world.opens(&new), Some(vec![read("Condition/2")]));
    assert_eq!(world.opens(&old), Some(vec![read("Observation/1")]), "whose token stays as it is");
}

#[test]
fn what_has_ended_is_not_brought_back_by_an_upgrade() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let old = bought(&mut world, &app, "Observation/1", None);
    let ticket = world.ticket(vec![read("Condition/2")]);
    let token = world.presentation(&serde_json::json!({}));
    let asked = [
        ("ticket", &*ticket),
        ("claim_token", &*token),
        ("claim_token_format", crate::DID_JWT),
        ("rpt", old.access_token.expose()),
    ];
    let ticket = next(world.uma(&app, &asked), ErrorCode::RequestSubmitted);
    let grant = world.ledger.grants.iter().next().unwrap().grant.id.clone();
    world.step(|step| step.end(&grant, WhyEnded::Owner)).unwrap();
    let proof = world.daughter_proof();
    world.approve(proof);
    world.later(5);
    let new = world.redeem(&app, &ticket).unwrap();
    assert!(!upgraded(&new));
    assert_eq!(world.opens(&new), Some(vec![read("Condition/2")]));
}

#[test]
fn grants_become_one_only_where_nobody_gets_more_by_it() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    bought(&mut world, &app, "Observation/1", None);
    let mut one = world.ledger.grants.iter().next().unwrap().clone();
    one.grant.what.exclusions = vec![Selector { topics: vec!["medications".into()], ..Selector::default() }];
    one.grant.decisions = vec![
        Decision { resource: "Observation/1".into(), place: "".into(), choice: Choice::Keep },
        Decision { resource: "Observation/2".into(), place: "".into(), choice: Choice::LeaveOut },
    ];
    let mut two = one.clone();
    two.grant.what.exclusions = vec![Selector { topics: vec!["billing".into()], ..Selector::default() }];
    two.grant.decisions.clear();
    two.grant.term.end = None;
    let both = super::super::upgrade::merged(&one, &two, &app).unwrap();
    assert_eq!(both.grant.what.exclusions.len(), 2);
    assert_eq!(both.grant.term.end, one.grant.term.end);
    assert_eq!(both.grant.decisions.iter().map(|it| it.choice).collect::<Vec<_>>(), [Choice::LeaveOut]);

    let mut other = two.clone();
    other.person = person(2);
    assert!(super::super::upgrade::merged(&one, &other, &app).is_none());
    let mut other = two.clone();
    other.grant.deidentified = Some(Dates::Year);
    assert!(super::super::upgrade::merged(&one, &other, &app).is_none());
    let mut other = two.clone();
    other.grant.term.uses = Some(3);
    assert!(super::super::upgrade::merged(&one, &other, &app).is_none());
    let mut other = two;
    other.client = None;
    assert!(super::super::upgrade::merged(&one, &other, &app).is_none());
}
