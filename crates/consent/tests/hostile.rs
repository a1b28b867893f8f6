//! Records that nobody should send: what cannot be read is not shown, and no work is without bound.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "view/make.rs"]
mod make;

use consent::{Actions, Context, Grant, Item, Permit, Selector, Version};
use make::{Made, excluding, grant, shown};
use serde_json::{Value, json};

fn all() -> Grant {
    let actions = Actions { read: true, search: true, ..Actions::default() };
    let permit = Permit { context: Context::User, actions, select: Selector::default() };
    grant(vec![permit], vec![excluding(&["medications"])])
}

fn raw(of: &str, id: &str, texts: &[&str]) -> Item {
    let version = |text: &&str| Version { received: make::now(), json: (*text).into() };
    Item {
        resource_type: of.into(),
        id: id.into(),
        source: "con_a".into(),
        seed: [0; 16],
        versions: texts.iter().map(version).collect(),
    }
}

#[test]
fn what_is_not_the_resource_it_is_said_to_be_is_left_out() {
    let mut record =
        Made::new().with(json!({"resourceType": "Condition", "id": "fine", "code": {"text": "x"}})).record();
    for (n, text) in [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\"Condition\"",
        "{\"resourceType\":\"Condition\"",
        "{}",
        "{\"resourceType\":7}",
        "{\"resourceType\":\"Procedure\",\"id\":\"c\"}",
        "\u{0}",
        "{\"resourceType\":\"Condition\"}}",
    ]
    .into_iter()
    .enumerate()
    {
        record.items.push(raw("Condition", &format!("c{n}"), &[text]));
    }
    record.items.push(raw("Condition", "none", &[]));
    record.items.push(raw(
        "Condition",
        "older",
        &["{", "{\"resourceType\":\"Condition\",\"id\":\"older\",\"code\":{\"text\":\"x\"}}"],
    ));
    let view = make::view(&record, &all());
    assert_eq!(shown(&view), ["Condition/fine", "Condition/older"]);
    assert_eq!(view.held()[1].versions.len(), 1);
    assert_eq!(view.report().left_out.len(), record.items.len() - 2);
}

#[test]
fn elements_of_any_shape_do_no_harm() {
    let odd = [
        json!(null),
        json!(7),
        json!("x"),
        json!([]),
        json!([[[]]]),
        json!({}),
        json!([null, {"reference": 7}]),
        json!({"reference": {"reference": "Condition/x"}}),
        json!({"reference": "Condition/gone", "identifier": []}),
    ];
    let members = [
        "contained",
        "entry",
        "section",
        "text",
        "meta",
        "extension",
        "subject",
        "code",
        "content",
        "item",
        "result",
        "target",
        "modifierExtension",
        "resourceType2",
        "_birthDate",
    ];
    let mut made = Made::new();
    for (n, value) in odd.iter().enumerate() {
        for (of, m) in [("Bundle", 0), ("Composition", 1), ("QuestionnaireResponse", 2), ("Provenance", 3), ("List", 4)]
        {
            let mut json = json!({"resourceType": of, "id": format!("{n}-{m}")});
            members.iter().for_each(|name| json[*name] = value.clone());
            made = made.with(json);
        }
    }
    let record = made.record();
    let view = make::view(&record, &all());
    for held in view.held() {
        assert!(!held.current().unwrap().json.contains("Condition/gone"));
    }
}

#[test]
fn a_deep_resource_is_followed_or_left_out() {
    let mut section = json!({"title": "deepest", "entry": [{"reference": "Condition/gone"}]});
    for _ in 0..55 {
        section = json!({"section": [section]});
    }
    let record = Made::new()
        .with(json!({"resourceType": "Composition", "id": "c", "status": "final", "type": {"coding": [
            {"system": "http://loinc.org", "code": "11450-4"}]}, "section": [section], "title": "t"}))
        .record();
    let view = make::view(&record, &all());
    assert!(view.held().iter().all(|held| !held.current().unwrap().json.contains("Condition/gone")));
}

#[test]
fn a_bundle_in_which_each_entry_takes_the_next_with_it_goes_as_a_whole() {
    // Each needs the next, and the last needs what is not there.
    let count = 2_000;
    let entry = |n: usize| {
        json!({"fullUrl": format!("urn:uuid:{n}"), "resource": {"resourceType": "Provenance", "id": format!("{n}"),
        "target": [{"reference": format!("urn:uuid:{}", n + 1)}], "recorded": "2026-01-01T00:00:00Z", "agent": [{"who": {"display": "x"}}]}})
    };
    let entries: Vec<Value> = (0..count).map(entry).collect();
    let contained: Vec<Value> = (0..200)
        .map(|n| json!({"resourceType": "Provenance", "id": format!("c{n}"), "target": [{"reference": format!("#c{}", n + 1)}]}))
        .collect();
    let record = Made::new()
        .with(json!({"resourceType": "Bundle", "id": "b", "type": "collection", "entry": entries}))
        .with(json!({"resourceType": "Condition", "id": "c", "code": {"text": "x"}, "contained": contained,
            "extension": [{"url": "https://a.example", "valueReference": {"reference": "#c0"}}]}))
        .record();
    let view = make::view(&record, &all());
    assert_eq!(shown(&view), ["Condition/c"]);
    assert!(!view.held()[0].current().unwrap().json.contains("Provenance"));
}

#[test]
fn resources_that_need_each_other_stand_or_fall_together() {
    let list = |id: &str, to: &str| {
        json!({"resourceType": "List", "id": id, "status": "current", "mode": "working",
        "entry": [{"item": {"reference": to}}]})
    };
    let record = Made::new()
        .with(list("a", "List/b"))
        .with(list("b", "List/a"))
        .with(list("x", "List/y"))
        .with(list("y", "List/z"))
        .with(list("z", "MedicationRequest/gone"))
        .with(json!({"resourceType": "Organization", "id": "o1", "partOf": {"reference": "Organization/o2"}}))
        .with(json!({"resourceType": "Organization", "id": "o2", "partOf": {"reference": "Organization/o1"}}))
        .record();
    assert_eq!(
        shown(&make::view(&record, &all())),
        ["List/a", "List/b"],
        "and nothing outside refers to the two places"
    );
}

#[test]
fn a_chain_through_a_whole_record_falls_in_time() {
    let count = 3_000;
    let mut made = Made::new();
    for n in 0..count {
        made = made.with(json!({"resourceType": "List", "id": n.to_string(), "status": "current", "mode": "working",
            "entry": [{"item": {"reference": format!("List/{}", n + 1)}}]}));
    }
    assert!(make::view(&made.record(), &all()).held().is_empty());
}

#[test]
fn a_name_that_stands_for_another_resource_is_not_taken_for_it() {
    let of = |reference: &str| json!({"resourceType": "Condition", "id": "c", "code": {"text": "x"}, "asserter": {"reference": reference}});
    let hidden = json!({"resourceType": "Practitioner", "id": "d", "name": [{"text": "Dr Hidden"}]});
    for reference in [
        "practitioner/d",
        "Practitioner/d/",
        "/Practitioner/d",
        "Practitioner/d?x",
        "Practitioner/d#x",
        "./Practitioner/d",
        "Practitioner//d",
        "https://a.example/Practitioner/d",
        "Practitioner/d/_history/",
        "#d",
        "urn:uuid:d",
        "Practitioner/%64",
    ] {
        let record = Made::new().with(of(reference)).with(hidden.clone()).record();
        let view = make::view(&record, &all());
        assert_eq!(shown(&view), ["Condition/c"], "{reference}");
        assert!(!view.held()[0].current().unwrap().json.contains(reference), "{reference}");
    }
}
