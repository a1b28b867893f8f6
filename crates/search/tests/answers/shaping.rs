//! `_summary`, `_elements`, and that bodies keep every digit.

use serde_json::json;

use crate::made::{ask, body, engine, held, small};

#[test]
fn a_summary_and_named_elements_are_tagged_as_subsets() {
    let engine = engine(&small());
    let first = |target: &str| body(&ask(&engine, target))["entry"][0]["resource"].clone();
    let summary = first("Condition?_summary=true");
    assert!(summary.get("text").is_none() && summary.get("code").is_some());
    assert_eq!(summary["meta"]["tag"][0]["code"], "SUBSETTED");
    assert_eq!(summary["meta"]["versionId"], "1");
    let text = first("Condition?_summary=text");
    assert!(text.get("text").is_some() && text.get("code").is_none() && text.get("subject").is_some());
    assert!(first("Condition?_summary=data").get("text").is_none());
    assert_eq!(first("Condition?_summary=false"), body(&ask(&engine, "Condition/c1")));
    let named = first("Patient?_elements=birthDate&_id=p1");
    assert!(named.get("birthDate").is_some() && named.get("name").is_none() && named.get("link").is_none());
    let read = body(&ask(&engine, "Patient/p1?_elements=birthDate"));
    assert_eq!(read, named);
    assert_eq!(body(&ask(&engine, "Patient/p1/_history/1?_elements=birthDate")), named);
}

#[test]
fn bodies_keep_their_digits_and_their_spelling() {
    let mut engine = engine(&[]);
    let odd =
        r#"{ "resourceType":"Observation", "id":"a","valueQuantity":{"value":1.10,"unit":"\u00b5g"},"issued":"2019"}"#;
    let mut resource = held(&json!({"resourceType": "Observation", "id": "a"}));
    resource.versions[0].json = odd.into();
    engine.put(resource).unwrap();
    let text = String::from_utf8(ask(&engine, "Observation/a").body).unwrap();
    assert!(text.contains(r#""valueQuantity":{"value":1.10,"unit":"\u00b5g"}"#), "{text}");
    let page = String::from_utf8(ask(&engine, "Observation?_elements=value").body).unwrap();
    assert!(page.contains("1.10"), "{page}");
}
