use types::{ClientId, GrantId, PersonId};

use super::*;
use crate::{Draft, Head, Who, append};

fn entry(action: Action, outcome: Outcome, access: Option<Access>) -> Entry {
    let draft = Draft {
        person: Some(PersonId::from_random([1; 16])),
        outcome,
        access: access.map(Box::new),
        ..Draft::done(action)
    };
    append(&Head::start(), draft, "2027-03-03T09:00:00Z".parse().unwrap())
}

fn access(method: &str, target: &str) -> Access {
    Access {
        who: Some(Who::Client(ClientId::from_random([2; 16]))),
        grant: Some(GrantId::from_random([3; 16])),
        status: Some(200),
        ..Access::default().asked(method, target)
    }
}

#[test]
fn an_answer_tells_who_had_which_versions_for_what_question() {
    let released = vec!["Observation/a/_history/2".to_owned()];
    let access = Access { released, ..access("GET", "Observation?code=4548-4") };
    let event = audit_event(&entry(Action::Answered, Outcome::Done, Some(access)));
    assert_eq!(event["type"]["code"], "rest");
    assert_eq!(event["subtype"][0]["code"], "search-type");
    assert_eq!((event["action"].as_str(), event["outcome"].as_str()), (Some("E"), Some("0")));
    assert_eq!(event["agent"][0]["who"]["identifier"]["value"], ClientId::from_random([2; 16]).as_str());
    assert_eq!(event["agent"].as_array().unwrap().iter().filter(|agent| agent["requestor"] == true).count(), 1);
    let entities = event["entity"].as_array().unwrap();
    assert!(entities.iter().any(|one| one["what"]["reference"] == "Observation/a/_history/2"));
    let query = entities.iter().find_map(|one| one["query"].as_str()).unwrap();
    assert_eq!(STANDARD.decode(query).unwrap(), b"Observation?code=4548-4");
    // sev-1: an entity has a name or a query, never both.
    assert!(entities.iter().all(|one| one.get("name").is_none() || one.get("query").is_none()));
}

#[test]
fn a_refusal_is_a_failure_and_the_owners_own_doings_name_the_wallet() {
    let event = audit_event(&entry(Action::Denied, Outcome::Refused, Some(access("GET", "Patient/1"))));
    assert_eq!((event["outcome"].as_str(), event["subtype"][0]["code"].as_str()), (Some("4"), Some("read")));
    let event = audit_event(&entry(Action::Locked, Outcome::Done, None));
    assert_eq!(
        (event["agent"][0]["requestor"].as_bool(), event["type"]["code"].as_str()),
        (Some(true), Some("110114"))
    );
    assert_eq!(event["subtype"][0]["code"], "locked");
}

#[test]
fn each_request_is_told_as_the_interaction_it_is() {
    for (method, target, code) in [
        ("GET", "Patient/1", "read"),
        ("GET", "Patient/1/_history/2", "vread"),
        ("GET", "Patient/1/_history", "history-instance"),
        ("GET", "Patient/$everything", "operation"),
        ("POST", "Observation/_search", "search-type"),
        ("POST", "", "batch"),
        ("POST", "Observation", "create"),
        ("GET", "metadata", "capabilities"),
    ] {
        assert_eq!(interaction(&access(method, target)), Some(code), "{method} {target}");
    }
    assert_eq!(interaction(&access("launch", "patient/*.rs")), None);
}
