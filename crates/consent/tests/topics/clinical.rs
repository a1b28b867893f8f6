use serde_json::json;

use super::Found::{Hidden, Hinted, Nothing};
use super::*;

#[test]
fn labs_are_found_by_category_and_then_by_context() {
    all(
        "labs",
        &[
            ("category", Hidden, json!({"resourceType": "Observation", "category": [concept("category laboratory")]})),
            (
                "specimen, no category",
                Hidden,
                json!({"resourceType": "Observation", "specimen": {"reference": "Specimen/1"}}),
            ),
            (
                "specimen, another category",
                Nothing,
                json!({"resourceType": "Observation",
                "category": [concept("category exam")], "specimen": {"reference": "Specimen/1"}}),
            ),
            ("microbiology", Hidden, coded("DiagnosticReport", "category", "v2-0074 MB")),
            ("radiology", Nothing, coded("DiagnosticReport", "category", "v2-0074 RAD")),
            ("code, no category", Hidden, observation("loinc 718-7")),
            (
                "code, another category",
                Nothing,
                json!({"resourceType": "Observation",
                "category": [concept("category exam")], "code": concept("loinc 718-7")}),
            ),
            ("weight, no category", Nothing, observation("loinc 29463-7")),
            ("nothing to go by", Nothing, worded("Observation", "code", "HbA1c")),
            ("specimen itself", Hidden, json!({"resourceType": "Specimen"})),
        ],
    );
}

#[test]
fn a_result_that_a_laboratory_report_lists_is_a_lab() {
    let result = json!({"resourceType": "Observation", "id": "44", "code": concept("loinc 4548-4")});
    let labs = |category: &str, kind: &str| {
        let report =
            json!({"resourceType": kind, "category": [concept(category)], "result": [{"reference": "Observation/44"}]});
        let referred_by =
            |to: &str| if to == "Observation/44" { vec![std::borrow::Cow::Borrowed(&report)] } else { vec![] };
        let around = Around { resolve: &|_| None, referred_by: &referred_by };
        RULES.judge(&result, &around).iter().any(|hit| hit.rule == "labs-006" && hit.reach == consent::Reach::Resource)
    };
    assert!(labs("v2-0074 LAB", "DiagnosticReport"));
    assert!(!labs("v2-0074 RAD", "DiagnosticReport"));
    assert!(!labs("v2-0074 LAB", "List"));
}

#[test]
fn vitals_vaccines_allergies_problems_and_visits_are_found() {
    all(
        "vitals",
        &[
            ("category", Hidden, json!({"resourceType": "Observation", "category": [concept("category vital-signs")]})),
            ("code without category", Hidden, observation("loinc 29463-7")),
            ("weight of a fetus", Hinted, worded("Observation", "code", "Fetal weight")),
            ("lab", Nothing, observation("loinc 4548-4")),
        ],
    );
    all(
        "immunizations",
        &[
            ("vaccine", Hidden, json!({"resourceType": "Immunization"})),
            (
                "vaccine in a bill",
                Hidden,
                json!({"resourceType": "Claim", "item": [{"productOrService": concept("cvx 140")}]}),
            ),
            ("drug", Nothing, prescription("rx 6851")),
        ],
    );
    all(
        "allergies",
        &[
            ("allergy", Hidden, json!({"resourceType": "AllergyIntolerance"})),
            ("as a diagnosis", Hidden, condition("icd Z88.0")),
            (
                "section",
                Hidden,
                json!({"resourceType": "Composition", "section": [{"code": concept("loinc 48765-2")}]}),
            ),
            ("rhinitis", Nothing, condition("icd J30.9")),
        ],
    );
    all(
        "conditions",
        &[
            ("condition", Hidden, json!({"resourceType": "Condition"})),
            ("reason of a visit", Hidden, json!({"resourceType": "Encounter", "reasonCode": [{"text": "fall"}]})),
            (
                "problem list",
                Hidden,
                coded("List", "code", "http://terminology.hl7.org/CodeSystem/list-example-use-codes problems"),
            ),
            ("what a procedure is", Nothing, coded("Procedure", "code", "sct 80146002")),
            ("flag", Hinted, worded("Flag", "code", "Fall risk")),
        ],
    );
    all(
        "encounters",
        &[
            ("visit", Hidden, json!({"resourceType": "Encounter"})),
            (
                "visit of a result",
                Hidden,
                json!({"resourceType": "Observation", "encounter": {"reference": "Encounter/1"}}),
            ),
            ("period of a plan", Nothing, json!({"resourceType": "CarePlan", "period": {"start": "2020"}})),
        ],
    );
}

#[test]
fn only_the_element_goes_where_the_rest_may_stay() {
    let reach = |topic: &str, resource: &Value| {
        let hits = RULES.judge_for(RULES.choose([topic]), resource, &Around::nothing());
        let mut reaches: Vec<_> = hits.into_iter().map(|hit| hit.reach).collect();
        reaches.dedup();
        reaches
    };
    let element = |place: &str| vec![consent::Reach::Element(place.to_owned())];
    let plan = json!({"resourceType": "CarePlan", "activity": [
        {"detail": {"code": {"text": "walk"}}}, {"detail": {"kind": "MedicationRequest"}}]});
    assert_eq!(reach("medications", &plan), element("/activity/1"));
    let composition = json!({"resourceType": "Composition", "section": [
        {"title": "a", "section": [{"code": concept("loinc 10183-2")}]}]});
    assert_eq!(reach("medications", &composition), element("/section/0/section/0"));
    let answers = json!({"resourceType": "QuestionnaireResponse", "item": [{"linkId": "1", "item": [
        {"linkId": "1.1", "answer": [{"valueCoding": {"system": system("rx"), "code": "36437"}}]}]}]});
    assert_eq!(reach("medications", &answers), vec![consent::Reach::Element("/item/0/item/0".to_owned())]);
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": observation("loinc 4548-4")}, {"resource": condition("icd F33.1")}]});
    assert_eq!(reach("mental-health", &bundle), element("/entry/1"));
    let contained =
        json!({"resourceType": "Encounter", "contained": [{"resourceType": "MedicationRequest", "id": "m"}]});
    assert_eq!(reach("medications", &contained), element("/contained/0"));
    let note =
        json!({"resourceType": "Observation", "note": [{"text": "on sertraline"}], "code": concept("loinc 4548-4")});
    assert_eq!(reach("mental-health", &note), element("/note/0"));
    let narrative = json!({"resourceType": "Observation", "text": {"div": "<div>on sertraline</div>"}});
    assert_eq!(reach("mental-health", &narrative), element("/text"));
    let panel = json!({"resourceType": "Observation", "component": [{"code": concept("loinc 48018-6")}]});
    assert_eq!(reach("genetic", &panel), element("/component/0"));
}

#[test]
fn one_line_of_a_bill_hides_the_bill() {
    let claim = json!({"resourceType": "Claim", "item": [
        {"productOrService": concept("cpt 99213")}, {"productOrService": concept("hcpcs S0109")}],
        "diagnosis": [{"diagnosisCodeableConcept": concept("icd Z79.01")}]});
    let hits = RULES.judge_for(RULES.choose(["medications"]), &claim, &Around::nothing());
    assert!(hits.len() >= 2 && hits.iter().all(|hit| hit.reach == consent::Reach::Resource), "{hits:#?}");
}

#[test]
fn the_name_of_a_clinic_goes_even_where_the_resource_stays() {
    let result = json!({"resourceType": "Observation", "code": concept("loinc 4548-4"),
        "performer": [{"reference": "Organization/1", "display": "Valley Behavioral Health"}]});
    let hits = RULES.judge_for(RULES.choose(["mental-health"]), &result, &Around::nothing());
    let places: Vec<_> = hits.iter().map(|hit| &hit.reach).collect();
    assert_eq!(places, [&consent::Reach::Element("/performer/0/display".to_owned())]);
}

#[test]
fn a_note_of_a_psychotherapy_visit_is_found_through_the_visit() {
    let visit = json!({"resourceType": "Encounter", "type": [concept("cpt 90837")]});
    let other = json!({"resourceType": "Encounter", "type": [concept("cpt 99213")]});
    let resolve = |to: &str| match to {
        "Encounter/1" => Some(std::borrow::Cow::Borrowed(&visit)),
        "Encounter/2" => Some(std::borrow::Cow::Borrowed(&other)),
        _ => None,
    };
    let around = Around { resolve: &resolve, referred_by: &|_| Vec::new() };
    let hidden = |encounter: &str| {
        let note = json!({"resourceType": "DocumentReference", "type": {"text": "Note"},
            "context": {"encounter": [{"reference": encounter}]}});
        RULES.judge(&note, &around).iter().any(|hit| hit.rule == "psychotherapy-notes-008")
    };
    assert!(hidden("Encounter/1"));
    assert!(!hidden("Encounter/2"));
    assert!(!hidden("Encounter/3"));
}
