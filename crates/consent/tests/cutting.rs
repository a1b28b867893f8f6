//! What goes with what is hidden, element by element.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "view/make.rs"]
mod make;

use consent::{Actions, Context, Grant, Permit, Selector, WhyOut};
use make::{Made, excluding, grant, json, shown};
use serde_json::{Value, json};

fn permit(select: Selector) -> Permit {
    Permit { context: Context::User, actions: Actions { read: true, search: true, ..Actions::default() }, select }
}

fn all_but(exclusion: Selector) -> Grant {
    grant(vec![permit(Selector::default())], vec![exclusion])
}

fn types(all: &[&str]) -> Selector {
    Selector { types: all.iter().map(|of| Box::from(*of)).collect(), ..Selector::default() }
}

fn elements(all: &[&str]) -> Selector {
    Selector { elements: all.iter().map(|path| Box::from(*path)).collect(), ..Selector::default() }
}

fn label(code: &str) -> Value {
    json!({"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code})
}

#[test]
fn elements_that_are_excluded_go_and_what_cannot_stand_without_them() {
    let record = Made::new()
        .with(json!({"resourceType": "Condition", "id": "c", "code": {"text": "x"}, "note": [{"text": "n"}], "onsetAge": {"value": 4},
            "_recordedDate": {"id": "x"}, "recordedDate": "2020"}))
        .with(json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}, "note": [{"text": "n"}]}))
        .record();
    let view = make::view(
        &record,
        &all_but(elements(&["note", "Condition.onset[x]", "Condition.recordedDate", "Observation.code"])),
    );
    assert_eq!(shown(&view), ["Condition/c"], "an Observation without its code is none");
    assert_eq!(json(&view, "Condition/c"), json!({"resourceType": "Condition", "id": "c", "code": {"text": "x"}}));
}

#[test]
fn a_permit_by_elements_gives_these_and_what_must_be_there() {
    let record = Made::new()
        .with(json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}, "valueInteger": 7,
            "subject": {"reference": "Patient/p"}, "note": [{"text": "n"}], "text": {"status": "generated", "div": "<div>n</div>"}}))
        .record();
    let select = Selector { elements: vec!["Observation.value[x]".into()], ..types(&["Observation"]) };
    let view = make::view(&record, &grant(vec![permit(select)], vec![]));
    assert_eq!(
        json(&view, "Observation/o"),
        json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}, "valueInteger": 7})
    );
}

#[test]
fn labels_hide_and_do_not_leave() {
    let record = Made::new()
        .with(json!({"resourceType": "Condition", "id": "psy", "meta": {"security": [label("PSY")]}, "code": {"text": "x"}}))
        .with(json!({"resourceType": "Condition", "id": "v", "code": {"text": "x"}, "meta": {"security": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}]}}))
        .with(json!({"resourceType": "Condition", "id": "r", "code": {"text": "x"}, "meta": {"security": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]}}))
        .with(json!({"resourceType": "Condition", "id": "inline", "code": {"text": "x"},
            "meta": {"security": [label("PROCESSINLINELABEL")], "versionId": "3", "source": "urn:x"},
            "note": [{"text": "fine"}, {"text": "no", "extension": [
                {"url": "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label",
                "valueCoding": label("PSY")}]}]}))
        .record();
    let view = make::view(&record, &all_but(excluding(&["mental-health"])));
    assert_eq!(shown(&view), ["Condition/inline", "Condition/r"]);
    assert_eq!(
        json(&view, "Condition/inline"),
        json!({"resourceType": "Condition", "id": "inline", "code": {"text": "x"}, "note": [{"text": "fine"}]})
    );
    assert!(view.report().review.iter().any(|one| &*one.resource == "Condition/r" && &*one.rule == "restricted"));
    let by_label = Selector { labels: vec!["PSY".into()], ..Selector::default() };
    assert_eq!(shown(&make::view(&record, &all_but(by_label))), ["Condition/inline", "Condition/r"]);
    let named = Selector { resources: vec!["Condition/v".into()], ..Selector::default() };
    assert_eq!(shown(&make::view(&record, &grant(vec![permit(named)], vec![]))), ["Condition/v"]);
}

#[test]
fn a_bill_with_one_hit_goes_as_a_whole() {
    let claim = |id: &str, line: Value| {
        json!({"resourceType": "Claim", "id": id, "status": "active", "use": "claim",
        "patient": {"reference": "Patient/p"}, "created": "2026", "provider": {"display": "x"}, "type": {"text": "x"},
        "priority": {"text": "x"}, "insurance": [{"sequence": 1, "focal": true, "coverage": {"display": "x"}}], "item": [line]})
    };
    let record = Made::new()
        .with(claim("plain", json!({"sequence": 1, "productOrService": {"text": "visit"}})))
        .with(claim(
            "drug",
            json!({"sequence": 1, "productOrService": {"coding": [
            {"system": "http://hl7.org/fhir/sid/ndc", "code": "00093-1048-01"}]}}),
        ))
        .with(claim(
            "leads",
            json!({"sequence": 1, "productOrService": {"text": "visit"},
            "udi": [{"reference": "Device/gone"}]}),
        ))
        .record();
    let view = make::view(&record, &all_but(excluding(&["medications"])));
    assert_eq!(shown(&view), ["Claim/plain"]);
    assert_eq!(make::why(&view, "Claim/leads"), Some(WhyOut::Spread));
}

#[test]
fn a_panel_that_is_hidden_takes_members_that_nothing_else_shows() {
    let panel = |id: &str, code: &str, members: Value| {
        json!({"resourceType": "Observation", "id": id, "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "hasMember": members})
    };
    let record = Made::new()
        .with(panel(
            "lithium",
            "14334-7",
            json!([{"reference": "Observation/only"}, {"reference": "Observation/shared"}]),
        ))
        .with(panel("other", "24323-8", json!([{"reference": "Observation/shared"}])))
        .with(panel("only", "2345-7", Value::Null))
        .with(panel("shared", "2160-0", Value::Null))
        .record();
    let view = make::view(&record, &all_but(excluding(&["medications"])));
    assert_eq!(shown(&view), ["Observation/other", "Observation/shared"]);
}

#[test]
fn an_attachment_that_is_nothing_but_an_address_goes_like_any_other() {
    let record = Made::new()
        .with(json!({"resourceType": "DocumentReference", "id": "d", "status": "current",
            "extension": [{"url": "https://a.example/says", "valueString": "x"}],
            "type": {"coding": [{"system": "http://loinc.org", "code": "18842-5"}]},
            "content": [{"attachment": {"url": "https://a.example/warfarin.pdf", "title": "Summary"}}]}))
        .record();
    let topic = Selector { topics: vec!["medications".into()], ..Selector::default() };
    let left = json(&make::view(&record, &all_but(topic)), "DocumentReference/d");
    assert!(!left.to_string().contains("warfarin.pdf"), "{left}");
    assert_eq!(left["extension"][0]["valueString"], "x");
    assert_eq!(left["content"][0]["attachment"]["title"], "Summary");
}

#[test]
fn a_note_goes_with_a_visit_that_a_topic_hides() {
    let record = Made::new()
        .with(json!({"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}, "reasonCode": [{"coding": [
            {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F33.1"}]}]}))
        .with(json!({"resourceType": "DocumentReference", "id": "d", "status": "current",
            "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
            "context": {"encounter": [{"reference": "Encounter/e"}]}, "content": [{"attachment": {"contentType": "image/png", "data": "YQ=="}}]}))
        .with(json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}, "encounter": {"reference": "Encounter/e"}}))
        .record();
    let view = make::view(&record, &all_but(excluding(&["mental-health"])));
    assert_eq!(shown(&view), ["Observation/o"]);
    assert!(matches!(make::why(&view, "DocumentReference/d"), Some(WhyOut::Topic { .. })));
}

#[test]
fn what_a_display_repeats_goes_with_the_name() {
    let record = Made::new()
        .with(json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"},
            "performer": [{"reference": "Practitioner/d", "display": "Dr Lee"}]}))
        .with(json!({"resourceType": "Practitioner", "id": "d", "name": [{"text": "Dr Lee"}], "gender": "female"}))
        .record();
    let view = make::view(&record, &all_but(elements(&["Practitioner.name"])));
    assert_eq!(json(&view, "Observation/o")["performer"], json!([{"reference": "Practitioner/d"}]));
    assert!(!format!("{:?}", view.held()).contains("Lee"));
}

#[test]
fn a_superseded_version_is_not_shown_once_the_current_one_is_hidden() {
    let plain = json!({"resourceType": "Condition", "id": "c", "code": {"text": "x"}});
    let labelled =
        json!({"resourceType": "Condition", "id": "c", "code": {"text": "x"}, "meta": {"security": [label("PSY")]}});
    let exclude = || all_but(excluding(&["mental-health"]));
    let hidden = Made::new().versions_from("con_a", &[plain.clone(), labelled.clone()]).record();
    assert!(make::view(&hidden, &exclude()).held().is_empty());
    let back = Made::new().versions_from("con_a", &[plain.clone(), labelled, plain]).record();
    let view = make::view(&back, &exclude());
    assert_eq!(view.held()[0].versions.len(), 1, "what the view does not show makes no version");
    assert_eq!(view.held()[0].versions[0].last_updated, back.items[0].versions[0].received);
}

#[test]
fn the_same_fact_from_another_source_is_told_when_its_twin_is_hidden() {
    let fact = |id: &str, note: &str| {
        json!({"resourceType": "Condition", "id": id, "recordedDate": "2026-01-01", "note": [{"text": note}],
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]}})
    };
    let record = Made::new().from("con_a", fact("a", "x")).from("con_b", fact("b", "y")).record();
    let one = Selector { resources: vec!["Condition/a".into()], ..Selector::default() };
    let view = make::view(&record, &all_but(one));
    let review = view.report().review;
    assert_eq!(review.len(), 1);
    assert_eq!(
        (&*review[0].resource, &*review[0].rule, review[0].found[0].as_str()),
        ("Condition/b", "twin", "Condition/a")
    );
}
