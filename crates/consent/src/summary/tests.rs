use proptest::prelude::*;

use super::*;
use crate::arbitrary::grant;

fn keys(json: &str) -> Vec<&'static str> {
    Grant::parse(json.as_bytes()).unwrap().summary().0.into_iter().map(|phrase| phrase.key).collect()
}

#[test]
fn a_grant_is_told_in_order() {
    let told = keys(
        r#"{"version": 1, "id": "grt_000102030405060708090a0b0c0d0e0f",
        "who": {"name": "Dr Lee", "proof": {"did": "did:key:z6Mk"}},
        "permits": [{"context": "patient", "actions": "rs", "select": {"types": ["*"]}},
            {"context": "patient", "actions": "c", "select": {"types": ["Observation"], "dates": {"from": "2026-01-01"}}}],
        "except": [{"topics": ["hiv", "medications"]}], "mode": "strict", "deidentified": "shifted",
        "purposes": ["TREAT"], "term": {"end": "2027-05-03T00:00:00Z", "uses": 3}}"#,
    );
    assert_eq!(
        told,
        [
            "who.did",
            "permit.everything",
            "may.read",
            "permit.types",
            "of.from",
            "may.add",
            "except.everything",
            "out.topics",
            "mode.strict",
            "deidentified.shifted",
            "purposes",
            "term.end",
            "term.uses"
        ]
    );
}

proptest! {
    #[test]
    fn every_sentence_has_a_known_key_and_every_place_something_in_it(grant in grant()) {
        let summary = grant.summary();
        for phrase in &summary.0 {
            prop_assert!(Phrase::keys().any(|key| key == phrase.key), "{}", phrase.key);
            prop_assert!(phrase.places.iter().all(|(_, named)| !named.is_empty()));
        }
        let permits = summary.0.iter().filter(|phrase| phrase.key.starts_with("permit.")).count();
        // Those that differ in their types alone are told together.
        prop_assert!(permits <= grant.what.permits.len() && (permits == 0) == grant.what.permits.is_empty());
        let exclusions = summary.0.iter().filter(|phrase| phrase.key.starts_with("except.")).count();
        prop_assert_eq!(exclusions, grant.what.exclusions.len());
    }
}
