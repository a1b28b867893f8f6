use consent::{Party, Selector, Term};
use jiff::SignedDuration;
use serde_json::json;
use types::ResourceId;

use super::*;
use crate::stage::{Query, Stage, VERIFIER, app, grant, id};
use crate::{Answered, AppPassword, Ask, Asked, Claim, Contact, Door, Issued, Pct, Resource, Ticket, Where, WhyEnded};

fn asked(stage: &mut Stage) -> RequestId {
    stage.authorize(&Query::good()).unwrap().request
}

fn approved(stage: &mut Stage) -> (RequestId, GrantId) {
    let request = asked(stage);
    let grant = stage.approve(&request);
    (request, grant)
}

fn launched(stage: &mut Stage) -> (GrantId, Issued) {
    let code = stage.code(&Query::good());
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    (stage.only_grant().grant.id, issued)
}

#[test]
fn a_request_is_decided_once() {
    let mut stage = Stage::new();
    let (request, grant) = approved(&mut stage);
    let again = stage.as_asked(&request);
    assert_eq!(stage.step().approve(&request, again), Err(DecideError::Decided));
    assert_eq!(stage.step().refuse(&request), Err(DecideError::Decided));
    assert_eq!(stage.only_grant().grant.id, grant);
}

#[test]
fn what_was_ended_while_it_was_approved_again_stays_ended() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let (first, second) = (stage.as_asked(&request), stage.as_asked(&request));
    let grant = stage.step().approve(&request, first).unwrap();
    stage.step().end(&grant, WhyEnded::Owner).unwrap();
    assert_eq!(stage.step().approve(&request, second), Err(DecideError::Decided));
    assert!(stage.only_grant().ended.is_some());
}

#[test]
fn a_refused_request_is_never_approved_and_can_be_refused_twice() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    stage.step().refuse(&request).unwrap();
    let state = stage.state(&request);
    stage.pass(SignedDuration::from_secs(1));
    stage.step().refuse(&request).unwrap();
    assert_eq!(stage.state(&request), state);
    let decided = stage.as_asked(&request);
    assert_eq!(stage.step().approve(&request, decided), Err(DecideError::Decided));
    assert_eq!(stage.step().refuse(&RequestId::from_random([9; 16])), Err(DecideError::NoRequest));
}

#[test]
fn an_expired_request_is_not_approved() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    stage.pass(Door::Launch.waits());
    let decided = stage.as_asked(&request);
    assert_eq!(stage.step().approve(&request, decided), Err(DecideError::TooOld));
}

#[test]
fn a_request_of_a_blocked_client_is_not_approved() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let blocked = Some(stage.clock);
    stage.ledger.clients.put(crate::Client { blocked, ..app(1) });
    let decided = stage.as_asked(&request);
    assert_eq!(stage.step().approve(&request, decided), Err(DecideError::Client));
}

#[test]
fn nothing_wider_than_what_was_asked_is_approved() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let wider: [fn(&mut Decided); 6] = [
        |decided| decided.grant.what = Grant::everything(decided.grant.id.clone()).what,
        |decided| decided.grant.what.permits[0].select.types.push("Condition".into()),
        |decided| decided.grant.what.permits[0].select.types.clear(),
        |decided| decided.grant.what.permits[0].actions.create = true,
        |decided| decided.grant.what.permits[0].context = types::Context::User,
        |decided| decided.scope.push_str(" online_access"),
    ];
    for (number, widen) in wider.into_iter().enumerate() {
        let mut decided = stage.as_asked(&request);
        widen(&mut decided);
        assert_eq!(stage.step().approve(&request, decided), Err(DecideError::Wider), "{number}");
    }
    let mut by_scope = stage.as_asked(&request);
    by_scope.scope.push_str(" patient/*.cruds");
    assert_eq!(stage.step().approve(&request, by_scope), Err(DecideError::Grant));
    assert_eq!((stage.ledger.grants.count(), stage.ledger.codes.count()), (0, 0));
    stage.approve(&request);
}

#[test]
fn a_narrowed_request_gives_what_is_left() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let mut decided = stage.as_asked(&request);
    decided.grant.what.permits[0].select.query = Some("category=laboratory".to_owned());
    decided.grant.what.exclusions.push(Selector { topics: vec!["hiv".into()], ..Selector::default() });
    decided.scope = "launch/patient".to_owned();
    let grant = stage.step().approve(&request, decided).unwrap();
    assert_eq!(stage.ledger.grants.find(grant.as_str()).unwrap().client, Some(id(1)));
}

#[test]
fn what_a_client_asks_to_be_spared_is_not_given() {
    let mut stage = Stage::new();
    let details = json!([{"type": "satchel-record-access/1", "except": [{"topics": ["hiv"]}], "mode": "strict",
        "purposes": ["TREAT"], "deidentified": "year",
        "permits": [{"context": "patient", "actions": "rs", "select": {"types": ["Condition"]}}]}]);
    let query = Query::good().with("authorization_details", &details.to_string());
    let request = stage.authorize(&query).unwrap().request;
    let less: [fn(&mut Decided); 5] = [
        |decided| decided.grant.what.exclusions.clear(),
        |decided| decided.grant.mode = consent::Mode::Usual,
        |decided| decided.grant.purposes.clear(),
        |decided| decided.grant.purposes.push("HRESCH".into()),
        |decided| decided.grant.deidentified = None,
    ];
    for change in less {
        let mut decided = stage.as_asked(&request);
        change(&mut decided);
        assert_eq!(stage.step().approve(&request, decided), Err(DecideError::Wider));
    }
    stage.approve(&request);
}

#[test]
fn a_grant_is_for_nobody_but_who_asked() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    for proof in [Proof::Owner, Proof::Did("did:key:z1".to_owned()), Proof::Client(id(2).to_string())] {
        let mut decided = stage.as_asked(&request);
        decided.grant.who.proof = proof;
        assert_eq!(stage.step().approve(&request, decided), Err(DecideError::Party));
    }
    let claims = vec![Claim { proof: "did:key:z1".to_owned(), name: None, proven: stage.clock }];
    let of_ticket = Asked { scope: "patient/Observation.rs".to_owned(), ..Asked::default() };
    let ask = Ask { door: Door::Uma, claims, asked: of_ticket, answered: Answered::Ticket };
    let request = stage.step().ask(&app(1), ask).unwrap();
    let mut decided = stage.as_asked(&request);
    decided.grant.who = Party { name: "Lee".to_owned(), proof: Proof::Did("did:key:z1".to_owned()) };
    stage.step().approve(&request, decided).unwrap();
}

#[test]
fn a_contact_is_the_party_of_its_grant() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let contact = ContactId::from_random([1; 16]);
    let with = |stage: &Stage| Decided { contact: Some(contact.clone()), ..stage.as_asked(&request) };
    let unknown = with(&stage);
    assert_eq!(stage.step().approve(&request, unknown), Err(DecideError::Contact));
    let mut row = Contact {
        id: contact.clone(),
        name: "Lee".to_owned(),
        proofs: vec!["did:key:z1".to_owned()],
        since: stage.clock,
        blocked: None,
        compared: None,
    };
    stage.ledger.contacts.put(row.clone());
    let other = with(&stage);
    assert_eq!(stage.step().approve(&request, other), Err(DecideError::Contact));
    row.proofs.push(format!("client {}", id(1)));
    stage.ledger.contacts.put(row);
    let same = with(&stage);
    assert!(stage.step().approve(&request, same).is_ok());
}

#[test]
fn a_grant_that_never_holds_is_not_made() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let now = stage.clock;
    for term in [Term { start: None, end: Some(now), uses: None }, Term { start: None, end: None, uses: Some(0) }] {
        let mut decided = stage.as_asked(&request);
        decided.grant.term = term;
        assert_eq!(stage.step().approve(&request, decided), Err(DecideError::Grant));
    }
}

fn resource(stage: &mut Stage) -> Permission {
    let row = Resource {
        id: ResourceId::from_random([1; 16]),
        server: id(7),
        person: Some(PersonId::from_random([6; 16])),
        scopes: vec!["view".to_owned(), "edit".to_owned()],
        name: None,
        description: None,
        icon_uri: None,
        kind: None,
        registered: stage.clock,
    };
    let permission = Permission { at: Where::At(id(7)), resource: row.id.to_string(), scopes: vec!["view".to_owned()] };
    stage.ledger.resources.put(row);
    permission
}

#[test]
fn resources_elsewhere_are_given_as_asked_and_as_registered() {
    let mut stage = Stage::new();
    let permission = resource(&mut stage);
    let asked = Asked { permissions: vec![permission.clone()], ..Asked::default() };
    let ask = Ask { door: Door::Uma, claims: Vec::new(), asked, answered: Answered::Ticket };
    let request = stage.step().ask(&app(1), ask).unwrap();
    let mut more = stage.as_asked(&request);
    more.permissions[0].scopes.push("edit".to_owned());
    assert_eq!(stage.step().approve(&request, more), Err(DecideError::Wider));
    let mut elsewhere = stage.as_asked(&request);
    elsewhere.permissions[0].at = Where::At(id(8));
    assert_eq!(stage.step().approve(&request, elsewhere), Err(DecideError::Grant));
    let other_person = Decided { person: PersonId::from_random([7; 16]), ..stage.as_asked(&request) };
    assert_eq!(stage.step().approve(&request, other_person), Err(DecideError::Grant));
    stage.approve(&request);
}

#[test]
fn the_owner_grants_by_themselves_and_a_client_proves_its_own_id() {
    let mut stage = Stage::new();
    let person = PersonId::from_random([6; 16]);
    let decided = |of: u8| Decided {
        grant: grant(&id(of)),
        person: person.clone(),
        patient: None,
        format: TokenFormat::Opaque,
        scope: String::new(),
        contact: None,
        permissions: Vec::new(),
    };
    assert!(stage.step().grant_by_owner(decided(1), Some(id(1))).is_ok());
    assert!(stage.step().grant_by_owner(decided(1), None).is_ok());
    assert_eq!(stage.step().grant_by_owner(decided(1), Some(id(2))), Err(DecideError::Party));
    assert_eq!(stage.step().grant_by_owner(decided(9), Some(id(9))), Err(DecideError::Client));
}

#[test]
fn an_end_takes_everything_along_and_is_final() {
    let mut stage = Stage::new();
    let (grant, issued) = launched(&mut stage);
    let request = stage.only_grant().request;
    let until = stage.clock.checked_add(SignedDuration::from_hours(1)).unwrap();
    let client_proof = Claim { proof: format!("client {}", id(1)), name: None, proven: stage.clock };
    stage.ledger.pcts.put(Pct { hash: "p".to_owned(), client: id(1), claims: vec![client_proof], until });
    let ticket = json!({"hash": "t", "permissions": [], "client": id(1), "claims": [], "request": request,
        "poll_after": null, "until": until});
    stage.ledger.tickets.put(serde_json::from_value::<Ticket>(ticket).unwrap());
    let apw = types::AppPasswordId::from_random([1; 16]);
    stage.ledger.app_passwords.put(AppPassword {
        id: apw,
        name: "curl".to_owned(),
        hash: "h".to_owned(),
        grant: grant.clone(),
        made: stage.clock,
        failed: 0,
        failed_at: None,
    });
    stage.step().end(&grant, WhyEnded::Owner).unwrap();
    let ledger = &stage.ledger;
    let left = [ledger.codes.count(), ledger.tokens.count(), ledger.tickets.count(), ledger.pcts.count()];
    assert_eq!((left, ledger.app_passwords.count()), ([0; 4], 0));
    assert!(stage.refresh(1, &issued).is_err());
    let ended = stage.only_grant().ended;
    stage.pass(SignedDuration::from_secs(5));
    stage.step().end(&grant, WhyEnded::Reuse).unwrap();
    assert_eq!(stage.only_grant().ended, ended, "the first end stands");
    let none = GrantId::from_random([9; 16]);
    assert_eq!(stage.step().end(&none, WhyEnded::Owner), Err(DecideError::NoGrant));
}

#[test]
fn the_last_use_ends_a_grant_and_there_is_none_after_it() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let mut decided = stage.as_asked(&request);
    decided.grant.term.uses = Some(2);
    let grant = stage.step().approve(&request, decided).unwrap();
    assert_eq!(stage.step().count_use(&grant), Ok(()));
    assert_eq!(stage.step().count_use(&grant), Ok(()));
    assert_eq!(stage.step().count_use(&grant), Err(DecideError::Ended));
    assert_eq!(stage.only_grant().ended.unwrap().why, WhyEnded::Uses);
    assert_eq!(stage.only_grant().uses, 2);
}

#[test]
fn what_ended_by_time_is_not_revived_by_a_clock_set_back() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let mut decided = stage.as_asked(&request);
    decided.grant.term.end = stage.clock.checked_add(SignedDuration::from_hours(1)).ok();
    let grant = stage.step().approve(&request, decided).unwrap();
    assert!(stage.step().end_of_time().is_empty());
    stage.pass(SignedDuration::from_hours(1));
    assert_eq!(stage.step().end_of_time(), std::slice::from_ref(&grant));
    assert!(stage.step().end_of_time().is_empty(), "told once");
    // Another process, whose clock is behind, reads what was kept.
    let mut other = Stage::new();
    stage.ledger.take_changes().iter().for_each(|row| other.ledger.take(row).unwrap());
    assert!(!other.only_grant().holds(other.clock));
    assert_eq!(other.step().count_use(&grant), Err(DecideError::Ended));
}

#[test]
fn a_grant_is_narrowed_and_never_widened_and_not_after_its_end() {
    let mut stage = Stage::new();
    let (request, old) = approved(&mut stage);
    let was = stage.only_grant().grant;
    let widened: [fn(&mut Grant); 4] = [
        |grant| grant.what.permits[0].select.types.clear(),
        |grant| grant.who.proof = Proof::Owner,
        |grant| grant.mode = consent::Mode::Loose,
        |grant| grant.what.permits[0].actions.create = true,
    ];
    for widen in widened {
        let mut to = was.clone();
        widen(&mut to);
        assert_eq!(stage.step().narrow(&old, to), Err(DecideError::Wider));
    }
    let mut to = was.clone();
    to.what.exclusions.push(Selector { topics: vec!["hiv".into()], ..Selector::default() });
    let new = stage.step().narrow(&old, to.clone()).unwrap();
    assert!(matches!(stage.state(&request), RequestState::Approved { grant, .. } if grant == new));
    assert_eq!(stage.step().narrow(&old, to), Err(DecideError::Ended));
    assert_eq!(stage.step().narrow(&new, was), Err(DecideError::Wider), "what was excluded does not come back");
}

#[test]
fn a_narrower_grant_has_no_more_uses_than_are_left() {
    let mut stage = Stage::new();
    let request = asked(&mut stage);
    let mut decided = stage.as_asked(&request);
    decided.grant.term.uses = Some(3);
    let grant = stage.step().approve(&request, decided).unwrap();
    stage.step().count_use(&grant).unwrap();
    let same = stage.only_grant().grant;
    assert_eq!(stage.step().narrow(&grant, same.clone()), Err(DecideError::Wider));
    let term = Term { uses: Some(2), ..same.term };
    assert!(stage.step().narrow(&grant, Grant { term, ..same }).is_ok());
}

#[test]
fn a_receipt_is_signed_and_tells_nothing_of_what_is_left_out() {
    let mut stage = Stage::new();
    let receipt = |with: &[Selector]| {
        let mut stage = Stage::new();
        let request = asked(&mut stage);
        let mut decided = stage.as_asked(&request);
        decided.grant.what.exclusions.extend_from_slice(with);
        decided.grant.who.name = "the app that mother uses".to_owned();
        let grant = stage.step().approve(&request, decided).unwrap();
        stage.step().receipt(&grant).unwrap()
    };
    let with = receipt(&[Selector { topics: vec!["hiv".into()], ..Selector::default() }]);
    assert_eq!(with, receipt(&[]));
    assert!(!with.said.to_string().contains("mother"));
    let jws = crypto::Jws::parse(&with.signed, 20_000).unwrap();
    let key = stage.setting.keys.of(crypto::Algorithm::EdDsa).unwrap().0.public_jwk();
    jws.verify(&key.verifying_key(crypto::Algorithm::EdDsa).unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(jws.payload()).unwrap(), with.said);
    assert!(stage.step().receipt(&GrantId::from_random([9; 16])).is_err());
}
