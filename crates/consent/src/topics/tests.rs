use serde_json::json;

use super::*;

fn rules() -> Rules {
    Rules::builtin().unwrap()
}

#[test]
fn every_shipped_rule_is_understood() {
    let rules = rules();
    assert_eq!(rules.topics().len(), 22);
    assert!(rules.rules().len() >= 678, "{}", rules.rules().len());
    assert!(Rules::with(&[]).unwrap().rules().len() < rules.rules().len());
}

#[test]
fn a_drug_by_its_code_is_found_where_it_stands() {
    let rules = rules();
    let request = json!({"resourceType": "MedicationRequest", "id": "1", "medicationCodeableConcept": {"coding": [
        {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "312938"}
    ]}});
    let hits = rules.judge(&request, &Around::nothing());
    assert!(hits.iter().any(|hit| hit.rule == "medications-002" && hit.reach == Reach::Resource), "{hits:#?}");
    let place = "/medicationCodeableConcept/coding/0";
    assert!(hits.iter().any(|hit| hit.rule == "medications-009" && hit.place == place), "{hits:#?}");
}
