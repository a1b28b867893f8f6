use consent::Proof;
use url::Url;

use super::world::{World, next, read, refused};
use crate::{Client, ClientKind, ErrorCode, Form, GatherStop, Gathered, Gathering};

fn gather(world: &mut World, client: &Client, ticket: &str, more: &str) -> Result<Gathered, GatherStop> {
    let query = Form::parse(&format!("client_id={}&ticket={ticket}{more}", client.id)).unwrap();
    world.step(|step| step.gather(&query))
}

fn back(gathering: Gathering) -> (Url, String) {
    let Gathering::Back(url) = gathering else { panic!("{gathering:?}") };
    let ticket = url.query_pairs().find(|(name, _)| name == "ticket").unwrap().1.into_owned();
    (url, ticket)
}

/// From now on the owner knows the client.
fn known(world: &mut World, app: &Client) {
    let ticket = world.ticket(vec![read("Goal/1")]);
    gather(world, app, &ticket, "").unwrap();
    world.approve(Proof::Client(app.id.to_string()));
}

#[test]
fn a_browser_waits_and_goes_back_with_the_next_ticket() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let first = world.ticket(vec![read("Observation/1")]);
    let waits = gather(&mut world, &app, &first, "&state=s%201").unwrap();
    let handle = waits.handle.expose().clone();
    let request = world.ledger.requests.find(world.waiting().as_str()).unwrap();
    assert_eq!(request.compare, waits.compare);
    let pending = world.step(|step| step.gathering(&handle));
    assert_eq!(pending, Gathering::Pending { compare: waits.compare, message: None });

    world.approve(Proof::Client(app.id.to_string()));
    let (url, ticket) = back(world.step(|step| step.gathering(&handle)));
    assert!(url.as_str().starts_with("https://app1.example/claims?a=b&ticket="), "{url}");
    assert!(url.query_pairs().any(|(name, value)| name == "state" && value == "s 1"));
    assert_ne!(ticket, first);
    assert_eq!(world.step(|step| step.gathering(&handle)), Gathering::Over);
    let issued = world.redeem(&app, &ticket).unwrap();
    assert_eq!(world.opens(&issued), Some(vec![read("Observation/1")]));
    assert!(issued.body().get("pct").is_none(), "nothing was proven");
}

#[test]
fn a_browser_does_not_wait_for_ever() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1")]);
    let waits = gather(&mut world, &app, &ticket, "").unwrap();
    world.later(25 * 60);
    let over = world.step(|step| step.gathering(waits.handle.expose()));
    assert_eq!(over, Gathering::Over, "where a stranger says no browser goes undecided");
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    known(&mut world, &app);
    let ticket = world.ticket(vec![read("Observation/1")]);
    let waits = gather(&mut world, &app, &ticket, "").unwrap();
    world.later(25 * 60);
    let (url, ticket) = back(world.step(|step| step.gathering(waits.handle.expose())));
    assert!(url.query_pairs().all(|(name, _)| name != "state"));
    next(world.redeem(&app, &ticket), ErrorCode::RequestSubmitted);
}

#[test]
fn an_address_that_is_not_registered_for_claims_is_never_gone_to() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    for address in [
        "https://app1.example/claims",
        "https://app1.example/claims?a=b%23",
        "https://app1.example/CLAIMS?a=b",
        "https://app.example/back",
        "https://evil.example/",
        "javascript:alert(1)",
    ] {
        let ticket = world.ticket(vec![read("Observation/1")]);
        let query: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
        let stop = gather(&mut world, &app, &ticket, &format!("&claims_redirect_uri={query}"));
        assert!(matches!(stop, Err(GatherStop::Page(_))), "{address}");
    }
    let mut none = world.client(2, ClientKind::App);
    none.claims_redirect_uris.clear();
    world.ledger.clients.put(none.clone());
    let ticket = world.ticket(vec![read("Observation/1")]);
    assert!(matches!(gather(&mut world, &none, &ticket, ""), Err(GatherStop::Page(_))));
    assert_eq!(world.ledger.requests.count(), 0);
}

#[test]
fn a_used_ticket_goes_back_as_an_error() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1")]);
    gather(&mut world, &app, &ticket, "").unwrap();
    let stop = gather(&mut world, &app, &ticket, "&state=x");
    assert!(matches!(stop, Err(GatherStop::Page(_))), "an error goes to nobody whom the owner does not know");
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    known(&mut world, &app);
    let ticket = world.ticket(vec![read("Observation/1")]);
    gather(&mut world, &app, &ticket, "").unwrap();
    let Err(GatherStop::Back(url)) = gather(&mut world, &app, &ticket, "&state=x") else { panic!("it goes back") };
    assert_eq!(url.as_str(), "https://app1.example/claims?a=b&error=invalid_request&state=x");
    refused(world.redeem(&app, &ticket), ErrorCode::InvalidGrant);
}

#[test]
fn the_name_of_a_wait_is_no_ticket() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1")]);
    let waits = gather(&mut world, &app, &ticket, "").unwrap();
    world.approve(Proof::Client(app.id.to_string()));
    refused(world.redeem(&app, waits.handle.expose()), ErrorCode::InvalidGrant);
    assert_eq!(world.step(|step| step.gathering("x")), Gathering::Over);
}

#[test]
fn another_browser_gets_another_code_and_the_first_one_waits_for_nothing() {
    let mut world = World::new();
    let app = world.client(1, ClientKind::App);
    let ticket = world.ticket(vec![read("Observation/1")]);
    let first = gather(&mut world, &app, &ticket, "").unwrap();
    let ticket = world.ticket(vec![read("Observation/1")]);
    let second = gather(&mut world, &app, &ticket, "").unwrap();
    world.approve(Proof::Client(app.id.to_string()));
    let (_, ticket) = back(world.step(|step| step.gathering(first.handle.expose())));
    refused(world.redeem(&app, &ticket), ErrorCode::RequestDenied);
    let (_, ticket) = back(world.step(|step| step.gathering(second.handle.expose())));
    assert!(world.redeem(&app, &ticket).is_ok());
}
