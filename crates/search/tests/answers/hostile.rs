//! Requests that would cost too much or mean nothing: refused by name, in bounded work, without falling over.

use proptest::prelude::*;
use search::{Method, Request};
use serde_json::{Value, json};

use crate::made::{ask, body, engine, found, held, issue, now, small};

#[test]
fn floods_are_refused_by_the_name_of_their_limit() {
    let engine = engine(&small());
    let chain = |depth: usize| format!("Organization?{}name=a", "partof.".repeat(depth));
    let has = |depth: usize| format!("Patient?{}name=a", "_has:Patient:link:".repeat(depth));
    for (target, status, name) in [
        (format!("Patient?{}", "n=a&".repeat(10_000)), 400, "there are too many parameters"),
        (format!("Patient?name={}", "a".repeat(100_000)), 414, "the query is too long"),
        (format!("Patient?_id={}", "a,".repeat(5_000)), 400, "the parameter has too many values"),
        (chain(50), 400, "the chain is too deep"),
        (has(50), 400, "the search parameter is too long"),
        (has(15), 400, "the chain is too deep"),
        (format!("Patient?{}", "_include=Patient:organization&".repeat(60)), 400, "there are too many includes"),
        (format!("Patient?_sort={}", "name,".repeat(60)), 400, "there are too many sort keys"),
        (format!("Patient?_filter={}", "a".repeat(40_000)), 400, "the search parameter is too long"),
        (format!("Patient/{}", "a".repeat(2_000)), 404, "the operation is not supported"),
    ] {
        let response = ask(&engine, &target);
        assert_eq!(
            (response.status, issue(&response).as_str()),
            (status, name),
            "{}",
            target.get(..60).unwrap_or(&target)
        );
        assert!(response.body.len() < 1_000, "a refusal does not repeat the flood");
    }
    assert_eq!(found(&engine, &chain(3)), [""; 0]);
}

#[test]
fn a_question_that_would_cost_too_much_is_refused_before_the_work_and_a_batch_shares_what_it_may_cost() {
    let all: Vec<Value> = (0..2_000).map(|n| json!({"resourceType": "Patient", "id": format!("x{n}")})).collect();
    let engine = engine(&all);
    let words = |count: usize| format!("Patient?_content={}", "z+".repeat(count));
    assert_eq!(ask(&engine, &words(15_000)).status, 200);
    assert_eq!(ask(&engine, &format!("{}&_content=z", words(17_000))).status, 400, "too long a value");
    let entry = json!({"request": {"method": "GET", "url": words(15_000)}});
    let batch = json!({"resourceType": "Bundle", "type": "batch", "entry": vec![entry; 10]});
    let request = Request { method: Method::Post, body: batch.to_string().into_bytes(), ..Request::get("") };
    let answered = body(&engine.answer(&request, now()));
    let entries = answered["entry"].as_array().unwrap();
    assert_eq!((&entries[0]["response"]["status"], &entries[9]["response"]["status"]), (&json!("200"), &json!("400")));
    let last = &entries[9]["response"]["outcome"]["issue"][0];
    assert_eq!(
        (&last["code"], &last["details"]["text"]),
        (&json!("too-costly"), &json!("the question would cost too much work"))
    );
}

#[test]
fn the_page_of_a_long_question_can_be_asked_for() {
    let engine = engine(&small());
    let form = format!("_count=2&status=final{}", ",x%22".repeat(990)) + &"&status=final,%22".repeat(90);
    let headers = vec![("content-type".into(), "application/x-www-form-urlencoded".into())];
    let request = Request { method: Method::Post, headers, ..Request::get("Observation/_search") };
    let mut long = form.clone();
    while long.len() + form.len() < search::limits::QUERY_BYTES && long.matches('&').count() < 110 {
        long = format!("{long}&status=final{}", ",y%22".repeat(990));
    }
    assert!(long.len() > 50_000);
    let bundle = body(&engine.answer(&Request { body: long.into_bytes(), ..request }, now()));
    let next = bundle["link"][1]["url"].as_str().unwrap().strip_prefix(crate::made::BASE).unwrap();
    assert!(next.len() > search::limits::QUERY_BYTES);
    assert_eq!(ask(&engine, next).status, 200);
}

#[test]
fn a_filter_that_cannot_be_read_or_answered_is_refused_by_name() {
    let engine = engine(&small());
    let deep = format!("{}name%20eq%20a{}", "(".repeat(50), ")".repeat(50));
    for filter in [
        "name",
        "name%20eq",
        "name%20in%20x",
        "code[a%20eq%20b].c%20eq%20d",
        "name.family%20eq%20a",
        "favourite%20eq%20a",
        &deep,
    ] {
        let response = ask(&engine, &format!("Patient?_filter={filter}"));
        let known = body(&response);
        assert_eq!(known["issue"][0]["expression"][0], "http._filter", "{filter}: {known}");
        assert_eq!(response.status, 400, "{filter}");
        // The same where there is nothing of the type.
        assert_eq!(ask(&crate::made::engine(&[]), &format!("Patient?_filter={filter}")).status, 400);
    }
}

#[test]
fn includes_of_everything_end_at_their_limit_and_say_so() {
    let mut all = small();
    for n in 0..2_500 {
        all.push(
            json!({"resourceType": "Observation", "id": format!("many{n}"), "subject": {"reference": "Patient/p1"}}),
        );
    }
    let engine = engine(&all);
    let bundle = body(&ask(&engine, "Patient?_id=p1&_revinclude=*&_revinclude:iterate=*:*&_include:iterate=*:*"));
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 1 + search::limits::INCLUDED + 1);
    let note = &entries.last().unwrap()["resource"]["issue"][0];
    assert_eq!(note["details"]["text"], "there are more resources to include than an answer takes");
    assert_eq!(ask(&engine, "Patient?_include=*:*&_include:iterate=*:*&_count=999999999").status, 200);
}

#[test]
fn bodies_that_are_too_long_too_many_or_no_batch_are_refused() {
    let engine = engine(&small());
    let post = |body: Vec<u8>| engine.answer(&Request { method: Method::Post, body, ..Request::get("") }, now());
    let entry = json!({"request": {"method": "GET", "url": "Patient/p1"}});
    let many = json!({"resourceType": "Bundle", "type": "batch", "entry": vec![entry; 1_000]});
    for (body, status, name) in [
        (vec![b' '; 2_000_000], 413, "the body is too long"),
        (many.to_string().into_bytes(), 400, "there are too many entries"),
        (b"[".to_vec(), 400, "the body is not what the operation takes"),
        (b"[".repeat(100_000), 400, "the body is not what the operation takes"),
        (br#"{"resourceType":"Bundle","type":"searchset"}"#.to_vec(), 400, "the body is not what the operation takes"),
    ] {
        let response = post(body);
        assert_eq!((response.status, issue(&response).as_str()), (status, name));
    }
    let nested =
        json!({"resourceType": "Bundle", "type": "batch", "entry": [{"request": {"method": "POST", "url": ""}}]});
    assert_eq!(body(&post(nested.to_string().into_bytes()))["entry"][0]["response"]["status"], "405");
}

#[test]
fn what_is_no_resource_is_not_taken_in() {
    let mut engine = engine(&small());
    for text in ["", "null", "[]", "{", "{}", r#"{"resourceType":"Patient","id":"p1","meta":"x"}"#] {
        let mut bad = held(&json!({"resourceType": "Patient", "id": "p1"}));
        bad.versions[0].json = text.into();
        assert_eq!(engine.put(bad), Err(search::PutError::NotAResource), "{text}");
    }
    let mut none = held(&json!({"resourceType": "Patient", "id": "p1"}));
    none.versions.clear();
    assert_eq!(engine.put(none), Err(search::PutError::NoVersion));
    assert_eq!(body(&ask(&engine, "Patient/p1"))["name"][0]["family"], "Portillo", "the old one stays");
}

#[test]
fn references_in_a_ring_end() {
    let ring: Vec<Value> = (0..50)
        .map(|n| json!({"resourceType": "Organization", "id": format!("r{n}"), "partOf": {"reference": format!("Organization/r{}", (n + 1) % 50)}}))
        .collect();
    let engine = engine(&ring);
    let all = found(
        &engine,
        "Organization?_id=r0&_include:iterate=Organization:partof&_revinclude:iterate=Organization:partof",
    );
    // Two ways round, one step a round.
    assert_eq!(all.len(), 1 + 2 * (search::limits::ROUNDS + 1));
    assert_eq!(found(&engine, "Organization?partof.partof.partof._id=r3"), ["Organization/r0"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_request_makes_it_fall_over(
        path in "(Patient|Observation|Patient/p1|Patient/p1/\\$everything|_history|)(/_history|/_search|)(/[a-z0-9]{1,4})?",
        query in "((_sort|_include|_has:Observation:patient:code|subject\\.name|code|date|_count|_page|_since|_lastUpdated|value-quantity|_elements|_summary|_type|_id|_at)(:[a-z-]{1,8})?=[-a-z0-9:|$,.*\\\\%]{0,12}&){0,4}",
        post: bool,
        body: Vec<u8>,
    ) {
        let engine = engine(&small());
        let request = Request {
            method: if post { Method::Post } else { Method::Get }, path, query,
            headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
            body: if post { body } else { Vec::new() },
        };
        let response = engine.answer(&request, now());
        prop_assert!(serde_json::from_slice::<Value>(&response.body).is_ok());
        prop_assert!(response.status < 500);
        _ = request.needs();
    }
}
