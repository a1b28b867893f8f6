use serde_json::json;

use super::*;
use crate::Around;

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

fn rules() -> &'static Rules {
    static RULES: std::sync::LazyLock<Rules> = std::sync::LazyLock::new(|| Rules::builtin().unwrap());
    &RULES
}

fn example(name: &str) -> Option<Value> {
    let path = testkit::shared(&format!("data/ds4p/{name}.json"))?;
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

#[test]
fn an_inline_label_speaks_of_its_element() {
    let Some(patient) = example("extension-inline-sec-label-patient") else { return };
    let labels = labels_of(&patient);
    let number = Reach::Element("/identifier/0".to_owned());
    assert!(labels.iter().any(|label| *label.code == *"R" && label.reach == number), "{labels:#?}");
    assert_eq!(restrictions(rules(), &labels), [Restriction::Restricted(number)]);
}

#[test]
fn a_label_that_says_how_sure_something_is_restricts_nothing() {
    let Some(immunization) = example("extension-inline-sec-label-immunization") else { return };
    let labels = labels_of(&immunization);
    let patient = Reach::Element("/patient".to_owned());
    assert!(labels.iter().any(|label| *label.code == *"UNCERTREL" && label.reach == patient), "{labels:#?}");
    assert_eq!(restrictions(rules(), &labels), []);
}

#[test]
fn the_law_behind_a_label_says_its_topic() {
    let Some(observation) = example("extension-sec-label-basis") else { return };
    let rules = rules();
    assert_eq!(restrictions(rules, &labels_of(&observation)), []);
    let hits = rules.judge(&observation, &Around::nothing());
    let hit = hits.iter().find(|hit| hit.rule == "substance-use-002").unwrap();
    assert_eq!(hit.reach, Reach::Resource);
}

#[test]
fn restricted_without_a_reason_is_shown_to_the_owner() {
    for name in ["extensions-sec-label-classifier", "extension-sec-label-related-artifact-consent"] {
        let Some(resource) = example(name) else { return };
        let labels = labels_of(&resource);
        let marked = labels.iter().any(|label| *label.code == *"R");
        let shown = restrictions(rules(), &labels).contains(&Restriction::Restricted(Reach::Resource));
        assert!(!marked || shown, "{name}: {labels:#?}");
    }
}

fn labelled(codes: &[(&str, &str)]) -> Value {
    let codes: Vec<_> = codes.iter().map(|(system, code)| json!({"system": system, "code": code})).collect();
    json!({"resourceType": "Condition", "meta": {"security": codes}})
}

#[test]
fn very_restricted_stays_so_whatever_stands_beside_it() {
    let labels = labels_of(&labelled(&[(CONFIDENTIALITY, "V"), (ACT_CODE, "PSY")]));
    assert_eq!(restrictions(rules(), &labels), [Restriction::VeryRestricted(Reach::Resource)]);
    let old = "urn:oid:2.16.840.1.113883.5.25";
    assert_eq!(restrictions(rules(), &labels_of(&labelled(&[(old, "R")]))).len(), 1);
}

#[test]
fn a_label_that_asks_for_less_opens_nothing() {
    let rules = rules();
    let mut condition = labelled(&[(CONFIDENTIALITY, "U"), (CONFIDENTIALITY, "N")]);
    condition["code"] = json!({"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F33.1"}]});
    assert_eq!(restrictions(rules, &labels_of(&condition)), []);
    assert!(rules.judge(&condition, &Around::nothing()).iter().any(|hit| hit.topic == "mental-health"));
}

#[test]
fn a_label_on_an_element_hides_the_element_and_one_on_a_primitive_too() {
    let label = json!([{"url": "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label",
        "valueCoding": {"system": ACT_CODE, "code": "HIV"}}]);
    let mut condition = json!({"resourceType": "Condition", "note": [{"text": "a", "extension": label}]});
    let rules = rules();
    let reach = |condition: &Value| {
        let hits = rules.judge(condition, &Around::nothing());
        hits.iter().find(|hit| hit.rule == "hiv-001").map(|hit| hit.reach.clone())
    };
    assert_eq!(reach(&condition), Some(Reach::Element("/note/0".to_owned())));
    condition["note"] = json!([]);
    condition["_recordedDate"] = json!({"extension": label});
    assert_eq!(reach(&condition), Some(Reach::Element("/recordedDate".to_owned())));
    let labels = labels_of(&condition);
    assert_eq!(
        labels.iter().map(|label| &label.reach).collect::<Vec<_>>(),
        [&Reach::Element("/recordedDate".to_owned())]
    );
    condition["extension"] = label;
    condition.as_object_mut().unwrap().remove("_recordedDate");
    assert_eq!(reach(&condition), Some(Reach::Resource));
}

#[test]
fn a_computed_label_names_its_rule() {
    let rules = rules();
    let condition = json!({"resourceType": "Condition", "code": {"coding": [
        {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F03.90"}]}});
    let labels = computed(rules, &rules.judge(&condition, &Around::nothing()));
    let by = |code: &str| labels.iter().find(|label| *label.code == *code).map(|label| label.by.clone());
    assert_eq!(by("PSY"), Some(LabelledBy::Rule("mental-health-009".into())));
    assert_eq!(by("COGN"), Some(LabelledBy::Rule("mental-health-009".into())));
}

#[test]
fn a_resource_within_bears_its_own_labels() {
    let bundle = json!({"resourceType": "Bundle", "entry": [{"resource": labelled(&[(CONFIDENTIALITY, "V")])}]});
    let place = Reach::Element("/entry/0".to_owned());
    assert_eq!(restrictions(rules(), &labels_of(&bundle)), [Restriction::VeryRestricted(place.clone())]);
    let bundle = json!({"resourceType": "Bundle", "entry": [{"resource": labelled(&[(ACT_CODE, "HIV")])}]});
    assert_eq!(rules().judge(&bundle, &Around::nothing())[0].reach, place);
}
