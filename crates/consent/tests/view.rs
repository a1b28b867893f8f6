//! What a grant shows of a record.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "view/make.rs"]
mod make;

use consent::{Actions, Context, Permit, Selector, View, WhyOut};
use make::{Made, excluding, grant, shown};
use serde_json::json;

fn permit(types: &[&str]) -> Permit {
    let types = types.iter().map(|of| Box::from(*of)).collect();
    let actions = Actions { read: true, search: true, ..Actions::default() };
    Permit { context: Context::Patient, actions, select: Selector { types, ..Selector::default() } }
}

fn person() -> serde_json::Value {
    json!({"reference": "Patient/p", "display": "Ana"})
}

#[test]
fn what_no_permit_names_is_not_there_and_references_to_it_are_cut() {
    let record = Made::new()
        .with(json!({"resourceType": "Patient", "id": "p", "name": [{"text": "Ana"}]}))
        .with(json!({"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}, "subject": person()}))
        .with(json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "Weight"},
            "subject": person(), "encounter": {"reference": "Encounter/e", "display": "Visit"},
            "text": {"status": "generated", "div": "<div>Weight, at the visit</div>"}}))
        .record();
    let view = make::view(&record, &grant(vec![permit(&["Observation"])], vec![]));
    assert_eq!(shown(&view), ["Observation/o"]);
    let masked = json!({"extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]});
    assert_eq!(
        make::json(&view, "Observation/o"),
        json!({"resourceType": "Observation", "id": "o", "status": "final",
        "code": {"text": "Weight"}, "subject": {"reference": "Patient/p"}, "encounter": masked})
    );
}

/// The engine answers counts, chains and includes from the view: what stands in it can be learnt, whatever the rights say.
#[test]
fn what_may_only_be_put_in_is_not_in_the_view() {
    let record = Made::new()
        .with(json!({"resourceType": "Patient", "id": "p"}))
        .with(json!({"resourceType": "Condition", "id": "c", "code": {"text": "Asthma"}, "subject": person()}))
        .with(json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "Weight"}, "subject": person()}))
        .record();
    let put_in = |types: &[&str]| Permit { actions: Actions { create: true, ..Actions::default() }, ..permit(types) };
    let both = grant(vec![permit(&["Condition"]), put_in(&["Observation"])], vec![]);
    assert_eq!(shown(&make::view(&record, &both)), ["Condition/c"]);
    let one = grant(vec![put_in(&[])], vec![]);
    assert_eq!(shown(&make::view(&record, &one)), [""; 0]);
    let named = json!({"resourceType": "Observation", "id": "v", "status": "final", "code": {"text": "x"}, "subject": person(),
        "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "V"}]}});
    let record = Made::new().with(named).record();
    let mut by_name = put_in(&["Observation"]);
    by_name.select.resources = vec!["Observation/v".into()];
    let restricted = grant(vec![permit(&["Observation"]), by_name], vec![]);
    assert_eq!(shown(&make::view(&record, &restricted)), [""; 0], "what is very restricted is not named by it");
}

#[test]
fn a_reference_to_nothing_and_one_to_what_is_hidden_look_the_same() {
    let observation = || {
        json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"},
        "subject": person(), "basedOn": [{"reference": "ServiceRequest/s"}], "focus": [{"reference": "Condition/c"}]})
    };
    let alone = Made::new().with(observation()).record();
    let hidden = Made::new()
        .with(observation())
        .with(json!({"resourceType": "ServiceRequest", "id": "s", "subject": person(), "intent": "order", "status": "active"}))
        .with(json!({"resourceType": "Condition", "id": "c", "subject": person()}))
        .record();
    let grant = grant(vec![permit(&["Observation"])], vec![]);
    assert_eq!(make::view(&alone, &grant).held(), make::view(&hidden, &grant).held());
}

#[test]
fn where_a_reference_must_be_there_its_element_goes_and_the_resource_with_it() {
    let record = Made::new()
        .with(json!({"resourceType": "Condition", "id": "c", "subject": person()}))
        .with(json!({"resourceType": "List", "id": "l", "status": "current", "mode": "working", "subject": person(), "entry": [
            {"item": {"reference": "Condition/c"}}, {"item": {"reference": "Procedure/gone"}, "flag": {"text": "new"}}]}))
        .with(json!({"resourceType": "Provenance", "id": "one", "target": [{"reference": "Procedure/gone"}],
            "recorded": "2026-01-01T00:00:00Z", "agent": [{"who": {"display": "x"}}]}))
        .with(json!({"resourceType": "Provenance", "id": "two", "recorded": "2026-01-01T00:00:00Z",
            "agent": [{"who": {"display": "x"}}],
            "target": [{"reference": "Procedure/gone"}, {"reference": "Condition/c"}]}))
        .record();
    let view = make::view(&record, &grant(vec![permit(&[])], vec![]));
    assert_eq!(shown(&view), ["Condition/c", "List/l", "Provenance/two"]);
    assert_eq!(make::json(&view, "List/l")["entry"], json!([{"item": {"reference": "Condition/c"}}]));
    assert_eq!(make::json(&view, "Provenance/two")["target"], json!([{"reference": "Condition/c"}]));
    assert_eq!(make::why(&view, "Provenance/one"), Some(WhyOut::Spread));
}

#[test]
fn people_and_places_are_there_only_if_something_refers_to_them_or_a_permit_names_them() {
    let record = Made::new()
        .with(json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}, "subject": person(),
            "performer": [{"reference": "PractitionerRole/r"}]}))
        .with(json!({"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/known"}}))
        .with(json!({"resourceType": "Practitioner", "id": "known"}))
        .with(json!({"resourceType": "Practitioner", "id": "unknown"}))
        .with(json!({"resourceType": "Binary", "id": "orphan", "contentType": "text/plain", "data": "YQ=="}))
        .record();
    let any = make::view(&record, &grant(vec![permit(&[])], vec![]));
    assert_eq!(shown(&any), ["Observation/o", "Practitioner/known", "PractitionerRole/r"]);
    assert_eq!(make::why(&any, "Practitioner/unknown"), Some(WhyOut::NotReferred));
    let named = make::view(&record, &grant(vec![permit(&["Practitioner"])], vec![]));
    assert_eq!(shown(&named), ["Practitioner/known", "Practitioner/unknown"]);
}

#[test]
fn an_exclusion_by_topic_takes_drugs_wherever_they_are() {
    let rxnorm = json!({"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "312940"}]});
    let record = Made::new()
        .with(json!({"resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order", "subject": person(),
            "medicationCodeableConcept": rxnorm}))
        .with(json!({"resourceType": "CarePlan", "id": "c", "status": "active", "intent": "plan", "subject": person(), "activity": [
            {"detail": {"status": "scheduled", "productCodeableConcept": rxnorm}}, {"reference": {"reference": "MedicationRequest/m"}},
            {"detail": {"status": "scheduled", "description": "Walk"}}]}))
        .with(json!({"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}, "subject": person(),
            "contained": [{"resourceType": "MedicationRequest", "id": "x", "status": "active", "intent": "order",
                "subject": person(), "medicationCodeableConcept": rxnorm}],
            "extension": [{"url": "https://a.example/x", "valueReference": {"reference": "#x"}}]}))
        .record();
    let view = make::view(&record, &grant(vec![permit(&[])], vec![excluding(&["medications"])]));
    assert_eq!(shown(&view), ["CarePlan/c", "Encounter/e"]);
    assert_eq!(
        make::json(&view, "CarePlan/c")["activity"],
        json!([{"detail": {"status": "scheduled", "description": "Walk"}}])
    );
    let encounter = make::json(&view, "Encounter/e");
    assert!(encounter.get("contained").is_none() && encounter.get("extension").is_none(), "{encounter}");
}

#[test]
fn the_owner_sees_the_record_as_it_is() {
    let record = Made::new()
        .with(json!({"resourceType": "Binary", "id": "orphan", "contentType": "text/plain", "data": "YQ=="}))
        .with(json!({"resourceType": "Consent", "id": "c", "status": "active", "meta": {"versionId": "7"}}))
        .record();
    let mut all = grant(vec![permit(&[])], vec![]);
    all.who.proof = consent::Proof::Owner;
    let view = make::view(&record, &all);
    assert_eq!(shown(&view), ["Binary/orphan", "Consent/c"]);
    assert_eq!(make::json(&view, "Consent/c")["meta"]["versionId"], "7");
    all.who.proof = consent::Proof::Did("did:key:z".into());
    assert_eq!(shown(&make::view(&record, &all)), [] as [&str; 0]);
}

#[test]
fn a_grant_that_does_not_hold_shows_nothing() {
    let record = Made::new().with(json!({"resourceType": "Condition", "id": "c", "subject": person()})).record();
    let mut grant = grant(vec![permit(&[])], vec![]);
    assert_eq!(make::view(&record, &grant).held().len(), 1);
    grant.term.end = Some(make::now());
    assert_eq!(make::view(&record, &grant).held(), View::default().held());
}
