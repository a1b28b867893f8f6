//! Read, version read, conditional read.

use search::{Method, Request};

use crate::made::{BASE, ask, body, engine, found, issue, now, small};

#[test]
fn a_resource_put_in_is_read_with_its_version_and_instant() {
    let engine = engine(&small());
    let response = ask(&engine, "Patient/p1");
    assert_eq!(response.status, 200);
    assert_eq!(response.header("etag"), Some("W/\"1\""));
    assert!(response.header("last-modified").unwrap().ends_with(" GMT"));
    let patient = body(&response);
    assert_eq!(patient["meta"]["versionId"], "1");
    assert_eq!(patient["name"][0]["given"][0], "Adán");
    assert_eq!(ask(&engine, "Patient/p1/_history/1").body, response.body);
}

#[test]
fn what_is_not_there_and_what_never_was_answer_alike() {
    let mut engine = engine(&small());
    engine.remove("Patient", "p2");
    let (gone, never) = (ask(&engine, "Patient/p2"), ask(&engine, "Patient/never"));
    assert_eq!(gone, never);
    assert_eq!((gone.status, issue(&gone).as_str()), (404, "the resource is not known"));
    assert_eq!(ask(&engine, "Patient/p1/_history/2"), ask(&engine, "Patient/never/_history/2"));
}

#[test]
fn who_has_the_version_already_is_sent_no_body() {
    let engine = engine(&small());
    let modified = ask(&engine, "Patient/p1").header("last-modified").unwrap().to_owned();
    let with = |name: &str, value: &str| {
        let mut request = Request::get("Patient/p1");
        request.headers.push((name.to_owned(), value.to_owned()));
        engine.answer(&request, now())
    };
    for (name, value, status) in [
        ("if-none-match", "W/\"1\"", 304),
        ("if-none-match", "W/\"2\", \"1\"", 304),
        ("if-none-match", "*", 304),
        ("if-none-match", "W/\"2\"", 200),
        ("if-modified-since", modified.as_str(), 304),
        ("if-modified-since", "Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("if-modified-since", "nonsense", 200),
    ] {
        let response = with(name, value);
        assert_eq!(response.status, status, "{name}: {value}");
        assert_eq!(response.body.is_empty(), status == 304);
        assert_eq!(response.header("etag"), Some("W/\"1\""));
    }
}

#[test]
fn head_answers_as_get_without_a_body() {
    let engine = engine(&small());
    let head = engine.answer(&Request { method: Method::Head, ..Request::get("Patient/p1") }, now());
    let get = ask(&engine, "Patient/p1");
    assert_eq!((head.status, &head.headers), (get.status, &get.headers));
    assert!(head.body.is_empty() && !get.body.is_empty());
}

#[test]
fn only_json_is_written() {
    let engine = engine(&small());
    let accepting = |accept: &str| {
        let mut request = Request::get("Patient/p1");
        request.headers.push(("accept".to_owned(), accept.to_owned()));
        engine.answer(&request, now()).status
    };
    assert_eq!(accepting("application/fhir+xml"), 406);
    assert_eq!(accepting("text/html, application/fhir+json;q=0.9"), 200);
    assert_eq!(accepting("*/*"), 200);
    assert_eq!(accepting("application/fhir+json; fhirVersion=3.0"), 406);
    assert_eq!(ask(&engine, "Patient/p1?_format=xml").status, 406);
    assert_eq!(ask(&engine, "Patient/p1?_format=application/fhir+json").status, 200);
    assert!(ask(&engine, "Patient/p1?_format=json&_pretty=true").body.iter().filter(|b| **b == b'\n').count() > 5);
}

#[test]
fn a_search_by_token_finds_what_is_there_and_no_more() {
    let mut engine = engine(&small());
    let glucose = "Observation?code=http://loinc.org|2345-7&subject=Patient/p1";
    assert_eq!(found(&engine, glucose), ["Observation/ob0", "Observation/ob2", "Observation/ob4", "Observation/ob6"]);
    let bundle = body(&ask(&engine, glucose));
    assert_eq!(bundle["total"], 4);
    assert_eq!(
        bundle["link"][0]["url"],
        format!("{BASE}/Observation?code=http://loinc.org%7C2345-7&subject=Patient/p1")
    );
    assert_eq!(bundle["entry"][0]["fullUrl"], format!("{BASE}/Observation/ob0"));
    assert_eq!(bundle["entry"][0]["search"]["mode"], "match");
    engine.remove("Observation", "ob2");
    assert_eq!(found(&engine, glucose).len(), 3);
}

#[test]
fn an_engine_may_be_asked_from_several_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&engine(&[]));
}
