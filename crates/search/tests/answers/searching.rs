//! Parameters, modifiers, prefixes, handling.

use search::{Method, Request};
use serde_json::json;

use crate::made::{ask, body, engine, found, held, issue, now, small};

#[test]
fn each_kind_of_parameter_finds_what_it_says() {
    let engine = engine(&small());
    for (target, expected) in [
        ("Patient?_id=p1,p9", vec!["Patient/p1"]),
        ("Patient?name=ADAN", vec!["Patient/p1"]),
        ("Patient?name=pe", vec!["Patient/p2"]),
        ("Patient?name:contains=RTILL", vec!["Patient/p1"]),
        ("Patient?given:exact=Adan", vec![]),
        ("Patient?given:exact=Ad%C3%A1n", vec!["Patient/p1"]),
        ("Patient?birthdate=1970-05", vec!["Patient/p1"]),
        ("Patient?birthdate=lt1980", vec!["Patient/p1"]),
        ("Patient?birthdate=ge1999-01-01", vec!["Patient/p2"]),
        ("Patient?gender=FEMALE", vec!["Patient/p1"]),
        ("Patient?gender:not=female", vec!["Patient/p2"]),
        ("Patient?active=true", vec!["Patient/p1"]),
        ("Patient?active:missing=true", vec!["Patient/p2"]),
        ("Patient?identifier=urn:a|x1", vec!["Patient/p1"]),
        ("Patient?identifier=urn:b|x1", vec![]),
        ("Patient?identifier:of-type=urn:kinds|MR|X1", vec!["Patient/p1"]),
        ("Patient?organization=o1", vec!["Patient/p1"]),
        ("Patient?organization=https://ehr.example.org/fhir/Organization/o1", vec!["Patient/p1"]),
        ("Patient?general-practitioner:Practitioner=d1", vec!["Patient/p1"]),
        ("Condition?code:text=diab", vec!["Condition/c1"]),
        ("Condition?code:text=sugar", vec!["Condition/c1"]),
        ("Condition?onset-date=2019", vec!["Condition/c1"]),
        ("Condition?onset-date=sa2019-02", vec!["Condition/c1"]),
        ("Condition?onset-date=eb2019-03", vec![]),
        ("Condition?_text=spring", vec!["Condition/c1"]),
        ("Condition?_content=mellitus", vec!["Condition/c1"]),
        ("Condition?_content=mellitus+nowhere", vec![]),
        ("Encounter?date=2020-01-01", vec![]),
        ("Encounter?date=ap2020-01-01", vec!["Encounter/e1"]),
        ("Encounter?date=gt2020-01-01", vec!["Encounter/e1"]),
        ("Observation?value-quantity=gt96", vec!["Observation/ob7", "Observation/ob8"]),
        (
            "Observation?value-quantity=0.9|http://unitsofmeasure.org|g/L",
            (0..5)
                .map(|n| {
                    ["Observation/ob0", "Observation/ob1", "Observation/ob2", "Observation/ob3", "Observation/ob4"][n]
                })
                .collect(),
        ),
        ("Observation?value-quantity=92||mg/dL", vec!["Observation/ob2"]),
        ("Observation?code-value-quantity=718-7$gt96", vec!["Observation/ob7"]),
        ("Observation?date=2020-02-15T10:00:00Z", vec!["Observation/ob1"]),
        ("Observation?date=ge2020-03-01&date=le2020-04-30&status=final", vec!["Observation/ob2"]),
    ] {
        assert_eq!(found(&engine, target), expected, "{target}");
    }
}

#[test]
fn values_of_one_parameter_are_alternatives_and_parameters_must_all_hold() {
    let engine = engine(&small());
    assert_eq!(found(&engine, "Observation?_id=ob1,ob2&_id=ob2,ob3"), ["Observation/ob2"]);
    assert_eq!(found(&engine, "Patient?gender=male,female").len(), 2);
}

#[test]
fn post_search_equals_get() {
    let engine = engine(&small());
    let post = |path: &str, query: &str, form: &str| {
        let headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded; charset=utf-8".to_owned())];
        let request = Request {
            method: Method::Post,
            path: path.into(),
            query: query.into(),
            headers,
            body: form.as_bytes().to_vec(),
        };
        engine.answer(&request, now())
    };
    let get = ask(&engine, "Observation?code=2345-7&_sort=-date&_count=2");
    assert_eq!(post("Observation/_search", "", "code=2345-7&_sort=-date&_count=2"), get);
    assert_eq!(post("Observation/_search", "code=2345-7&_sort=-date", "_count=2").status, 200);
    assert_eq!(ask(&engine, "?_type=Patient&_id=p1").body, post("_search", "", "_type=Patient&_id=p1").body);
}

#[test]
fn a_form_of_another_media_type_is_refused() {
    let engine = engine(&small());
    let mut request = Request { method: Method::Post, body: b"{}".to_vec(), ..Request::get("Patient/_search") };
    assert_eq!(engine.answer(&request, now()).status, 415);
    request.headers.push(("content-type".into(), "application/json".into()));
    assert_eq!(engine.answer(&request, now()).status, 415);
}

#[test]
fn unknown_parameters_are_reported_or_refused_as_the_client_prefers() {
    let engine = engine(&small());
    let with = |target: &str, prefer: &str| {
        let mut request = Request::get(target);
        request.headers.push(("prefer".into(), prefer.into()));
        engine.answer(&request, now())
    };
    let lenient = body(&with("Patient?favourite=blue&gender=male", "handling=lenient"));
    assert_eq!(lenient["total"], 1);
    assert_eq!(lenient["link"][0]["url"], "https://ehr.example.org/fhir/Patient?gender=male");
    let note = &lenient["entry"][1];
    assert_eq!(
        (&note["search"]["mode"], &note["resource"]["issue"][0]["severity"]),
        (&json!("outcome"), &json!("warning"))
    );
    assert_eq!(note["resource"]["issue"][0]["expression"][0], "http.favourite");
    let strict = with("Patient?favourite=blue&gender=male", "handling=strict");
    assert_eq!(
        (strict.status, issue(&strict).as_str()),
        (400, "the search parameter is unknown for this resource type")
    );
    assert_eq!(body(&strict)["issue"][0]["code"], "not-supported");
    assert_eq!(ask(&engine, "Patient?favourite=blue").status, 200);
}

#[test]
fn a_modifier_that_cannot_be_answered_truly_is_refused_unless_the_client_is_lenient() {
    let engine = engine(&small());
    for target in ["Observation?code:in=http://example.org/vs", "Observation?code:above=1", "Patient?gender:exact=male"]
    {
        assert_eq!(ask(&engine, target).status, 400, "{target}");
        let mut request = Request::get(target);
        request.headers.push(("prefer".into(), "return=minimal; handling=lenient".into()));
        let lenient = engine.answer(&request, now());
        assert_eq!(lenient.status, 200, "{target}");
        assert!(String::from_utf8_lossy(&lenient.body).contains("\"mode\":\"outcome\""));
    }
}

#[test]
fn a_value_that_cannot_be_read_is_refused_in_every_handling() {
    let engine = engine(&small());
    for target in [
        "Patient?birthdate=yesterday",
        "Observation?value-quantity=much",
        "Patient?active:missing=maybe",
        "Patient?_count=x",
        "Patient?_summary=most",
        "Observation?date=zz2020",
    ] {
        let mut request = Request::get(target);
        request.headers.push(("prefer".into(), "handling=lenient".into()));
        assert_eq!(engine.answer(&request, now()).status, 400, "{target}");
    }
}

#[test]
fn a_search_over_all_types_takes_what_all_types_have() {
    let engine = engine(&small());
    assert_eq!(
        found(&engine, "?_type=Patient,Organization"),
        ["Organization/o1", "Organization/o2", "Patient/p1", "Patient/p2"]
    );
    assert_eq!(found(&engine, "?_id=p1"), ["Patient/p1"]);
    assert_eq!(body(&ask(&engine, "?_summary=count"))["total"], small().len());
    assert_eq!(found(&engine, "?_type=Patient,Practitioner&name=lee"), ["Practitioner/d1"]);
    assert_eq!(ask(&engine, "?_type=Patient,Planet").status, 404);
    // What no type or only some have is not known here, whatever the view holds.
    let notes = body(&ask(&engine, "?name=lee"));
    assert_eq!(notes["total"], small().len());
    assert_eq!(found(&engine, "?_content=diabetes"), ["Condition/c1"]);
}

#[test]
fn last_updated_is_that_of_the_view() {
    let mut engine = engine(&small());
    let mut late =
        held(&json!({"resourceType": "Patient", "id": "late", "meta": {"lastUpdated": "1999-01-01T00:00:00Z"}}));
    late.versions[0].last_updated = "2026-05-01T10:00:00Z".parse().unwrap();
    engine.put(late).unwrap();
    assert_eq!(found(&engine, "Patient?_lastUpdated=ge2026"), ["Patient/late"]);
    assert!(found(&engine, "Patient?_lastUpdated=lt2000").is_empty());
    assert_eq!(found(&engine, "Patient?_sort=-_lastUpdated&_count=1"), ["Patient/late"]);
}

#[test]
fn callers_in_the_same_program_get_hits_without_a_bundle() {
    let engine = engine(&small());
    let hits = engine.search("Observation?code=2345-7&_sort=-date&_count=2", now()).unwrap();
    assert_eq!(hits.total, 5);
    assert_eq!(hits.page.iter().map(|hit| &*hit.id).collect::<Vec<_>>(), ["ob8", "ob6"]);
    let next = engine.search(&hits.next.unwrap(), now()).unwrap();
    assert_eq!(next.page.iter().map(|hit| &*hit.id).collect::<Vec<_>>(), ["ob4", "ob2"]);
    assert!(engine.search("Observation?favourite=blue", now()).is_err());
    assert!(engine.search("Planet?x=y", now()).is_err());
}

#[test]
fn a_filter_joins_tests_by_and_or_and_not() {
    let engine = engine(&small());
    for (filter, expected) in [
        ("Patient?_filter=given eq \"adan\"", vec!["Patient/p1"]),
        ("Patient?_filter=given ne jose", vec!["Patient/p1", "Patient/p2"]),
        ("Patient?_filter=family ew ILLO", vec!["Patient/p1"]),
        ("Patient?_filter=family co ete", vec!["Patient/p2"]),
        ("Patient?_filter=family sw p and not (gender eq male)", vec!["Patient/p1"]),
        ("Patient?_filter=gender eq male or birthdate lt 1980", vec!["Patient/p1", "Patient/p2"]),
        ("Patient?_filter=gender ne male", vec!["Patient/p1"]),
        ("Patient?_filter=active pr false", vec!["Patient/p2"]),
        ("Observation?_filter=code eq loinc|718-7 and value-quantity gt 96", vec!["Observation/ob7"]),
        ("Observation?_filter=subject re Patient/p2", vec!["Observation/ob8"]),
        ("Observation?_filter=subject.family eq peters", vec!["Observation/ob8"]),
        ("Encounter?_filter=date po 2020-01-02", vec!["Encounter/e1"]),
        ("Encounter?_filter=date po 2020-01-03", vec![]),
        ("Condition?subject:Patient._filter=gender eq female", vec!["Condition/c1"]),
        ("?_filter=_id eq p1 or _id eq c1", vec!["Condition/c1", "Patient/p1"]),
    ] {
        assert_eq!(found(&engine, &filter.replace(' ', "%20")), expected, "{filter}");
    }
}
