//! What an answer says of itself: which versions of which resources stand in it.

use fhir::Held;
use search::{Engine, Method, Request, Response};
use serde_json::{Value, json};

use crate::made::{ask, body, engine, held, now, small, versions};

/// The same, read out of the body as somebody would who trusts nothing else.
fn read(answer: &Value, found: &mut Vec<String>) {
    let text = |name: &str| answer[name].as_str().unwrap_or_default();
    match (text("resourceType"), text("id")) {
        ("Bundle", "") => {
            answer["entry"].as_array().into_iter().flatten().for_each(|one| read(&one["resource"], found))
        }
        (_, "") => {}
        (kind, id) => {
            let name = format!("{kind}/{id}/_history/{}", answer["meta"]["versionId"].as_str().unwrap());
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
}

fn of_body(response: &Response) -> Vec<String> {
    let mut found = Vec::new();
    if !response.body.is_empty() {
        read(&body(response), &mut found);
    }
    found
}

fn with_history() -> Engine {
    let mut engine = engine(&small());
    let version = |status: &str| json!({"resourceType": "Observation", "id": "ob1", "status": status});
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    engine.put(versions(&[(version("preliminary"), at(100)), (version("final"), at(200))])).unwrap();
    engine
}

#[test]
fn an_answer_says_which_versions_stand_in_it() {
    let engine = with_history();
    for (target, some) in [
        ("Observation", true),
        ("Observation?_count=2&_include=Observation:subject", true),
        ("Patient?_revinclude=Observation:subject&_elements=id", true),
        ("Observation?_summary=true&_pretty=true", true),
        ("Observation/ob1", true),
        ("Observation/ob1?_elements=status", true),
        ("Observation/ob1/_history/1", true),
        ("Observation/ob1/_history", true),
        ("_history?_count=3", true),
        ("Patient/p2/$everything", true),
        ("Observation?_summary=count", false),
        ("Observation?_count=0", false),
        ("Observation?status=nothing", false),
        ("Observation/never", false),
        ("Observation?nothing=1", true),
        ("metadata", false),
    ] {
        let response = ask(&engine, target);
        assert_eq!(response.resources, of_body(&response), "{target}");
        assert_eq!(!response.resources.is_empty(), some, "{target}");
    }
    assert_eq!(ask(&engine, "Observation/ob1/_history/1").resources, ["Observation/ob1/_history/1"]);
    let head = Request { method: Method::Head, ..Request::get("Observation") };
    assert_eq!(engine.answer(&head, now()).resources, [""; 0]);
    let known =
        Request { headers: vec![("if-none-match".into(), "W/\"2\"".into())], ..Request::get("Observation/ob1") };
    assert_eq!((engine.answer(&known, now()).status, engine.answer(&known, now()).resources.len()), (304, 0));
}

#[test]
fn a_batch_says_each_once_and_nothing_of_what_it_refuses() {
    let engine = with_history();
    let entries = ["Observation/ob1", "Observation", "Observation/never", "Nothing/1", "Patient/p1"]
        .map(|url| json!({"request": {"method": "GET", "url": url}}));
    let bundle = json!({"resourceType": "Bundle", "type": "batch", "entry": entries});
    let request = Request {
        method: Method::Post,
        body: bundle.to_string().into_bytes(),
        headers: vec![("content-type".into(), "application/fhir+json".into())],
        ..Request::get("")
    };
    let response = engine.answer(&request, now());
    assert_eq!(response.resources, of_body(&response));
    assert_eq!(response.resources.iter().filter(|one| one.starts_with("Observation/ob1/")).count(), 1);
    let refused = engine.answer_where(&request, now(), |one| one.path == "Patient/p1");
    assert_eq!(refused.resources, of_body(&refused));
    assert_eq!(refused.resources.len(), 1);
}

#[test]
fn a_bundle_of_the_record_is_one_resource_and_what_a_source_wrote_hides_nothing() {
    let document = json!({"resourceType": "Bundle", "id": "doc", "type": "document",
        "entry": [{"resource": {"resourceType": "Composition", "id": "c"}}]});
    let mut engine = Engine::new(crate::made::settings(1));
    let put = |engine: &mut Engine, held: Held| engine.put(held).unwrap();
    put(&mut engine, held(&document));
    put(&mut engine, held(&json!({"resourceType": "OperationOutcome", "id": "odd"})));
    put(&mut engine, held(&json!({"resourceType": "Goal", "id": "a", "entry": "x", "resourceType2": "Bundle"})));
    assert_eq!(ask(&engine, "Bundle").resources, ["Bundle/doc/_history/1"]);
    assert_eq!(ask(&engine, "Goal/a").resources, ["Goal/a/_history/1"]);
    assert_eq!(ask(&engine, "OperationOutcome/odd").resources, ["OperationOutcome/odd/_history/1"]);
}
