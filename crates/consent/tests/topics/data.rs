use std::collections::BTreeMap;

use super::*;

/// Every resource of the three Synthea lives.
fn lives() -> Option<Vec<Value>> {
    let folder = testkit::shared("data/synthea-r4")?;
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bundle: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let entries = bundle.get("entry").and_then(Value::as_array).unwrap().iter();
        all.extend(entries.filter_map(|entry| entry.get("resource").cloned()));
    }
    Some(all)
}

#[test]
fn the_sensitive_topics_hide_little_of_ordinary_lives() {
    let Some(lives) = lives() else { return };
    let sensitive = [
        "mental-health",
        "psychotherapy-notes",
        "substance-use",
        "sexual-reproductive",
        "hiv",
        "genetic",
        "communicable",
    ];
    let mut hidden: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for life in &lives {
        for topic in sensitive {
            if found(topic, life) == Found::Hidden {
                let kind = life.get("resourceType").and_then(Value::as_str).unwrap();
                hidden.entry(topic).or_default().push(kind);
            }
        }
    }
    // One of the three has Alzheimer's disease: the diagnosis, its test, drug and plan, and the bills for them.
    let mental = hidden.remove("mental-health").unwrap();
    assert!(
        ["Condition", "Observation", "MedicationRequest", "CarePlan", "Claim", "ExplanationOfBenefit"]
            .iter()
            .all(|kind| mental.contains(kind)),
        "{mental:?}"
    );
    assert!(mental.len() <= 12, "{mental:?}");
    assert_eq!(hidden, BTreeMap::new(), "of {} resources", lives.len());
}

#[test]
fn every_drug_of_the_lives_is_found_and_every_result_is_a_lab_or_a_vital_sign() {
    let Some(lives) = lives() else { return };
    for life in &lives {
        let kind = life.get("resourceType").and_then(Value::as_str).unwrap();
        let category = life.pointer("/category/0/coding/0/code").and_then(Value::as_str);
        match (kind, category) {
            ("MedicationRequest", _) => assert_eq!(found("medications", life), Found::Hidden),
            ("Observation", Some("laboratory")) => assert_eq!(found("labs", life), Found::Hidden),
            ("Observation", Some("vital-signs")) => assert_eq!(found("vitals", life), Found::Hidden),
            _ => {}
        }
    }
}

#[test]
fn rules_that_need_a_licence_can_be_left_out() {
    let plain = Rules::with(&[]).unwrap();
    let procedure = coded("Procedure", "code", "cpt 90837");
    let depression = condition("sct 370143000");
    for resource in [&procedure, &depression] {
        assert_eq!(found("mental-health", resource), Found::Hidden);
        assert!(!plain.judge(resource, &Around::nothing()).iter().any(|hit| hit.topic == "mental-health"));
    }
    assert!(plain.rules().iter().all(|rule| !rule.licence().contains("CPT") && !rule.licence().contains("SNOMED")));
    assert!(plain.judge(&condition("icd F33.1"), &Around::nothing()).iter().any(|hit| hit.topic == "mental-health"));
}

#[test]
fn every_topic_has_its_names_and_every_rule_its_source() {
    for topic in RULES.topics() {
        assert!(!topic.names.en.is_empty() && !topic.names.es.is_empty(), "{}", topic.id);
        assert!(topic.related.iter().all(|id| RULES.topic(id).is_some()), "{}", topic.id);
    }
    let attribution = include_str!("../../topics/ATTRIBUTION.md");
    for rule in RULES.rules() {
        assert!(!rule.note().is_empty(), "{}", rule.id());
        assert!(attribution.contains(rule.source()) && attribution.contains(rule.licence()), "{}", rule.id());
    }
}
