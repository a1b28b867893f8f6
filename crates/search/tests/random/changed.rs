//! An engine that was changed piece by piece against one made anew.

use fhir::Held;
use jiff::Timestamp;
use proptest::prelude::*;
use search::{Engine, Request};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::made::{now, settings, versions};

/// One of the states that a resource may be in.
fn state(slot: u8, state: u8) -> Held {
    let (slot, person) = (slot % 24, format!("Patient/s{}", state % 3));
    let at = Timestamp::from_second(1_000 + i64::from(state)).unwrap();
    let one = match slot {
        0..3 => {
            json!({"resourceType": "Patient", "id": format!("s{slot}"), "name": [{"family": format!("Name{state}")}]})
        }
        3..6 => {
            json!({"resourceType": "Condition", "id": format!("s{slot}"), "subject": {"reference": person}, "code": {"text": format!("word{}", state % 5)}})
        }
        _ => {
            json!({"resourceType": "Observation", "id": format!("s{slot}"), "subject": {"reference": person}, "status": if state.is_multiple_of(2) { "final" } else { "amended" },
            "code": {"coding": [{"system": "urn:c", "code": format!("c{}", state % 4)}]}, "effectiveDateTime": format!("20{:02}-01-01", state % 30), "valueInteger": state})
        }
    };
    let earlier: Value = json!({"resourceType": one["resourceType"], "id": one["id"]});
    if state.is_multiple_of(5) {
        versions(&[(earlier, Timestamp::UNIX_EPOCH), (one, at)])
    } else {
        versions(&[(one, at)])
    }
}

const QUESTIONS: &[&str] = &[
    "?_count=3",
    "Observation?status=final&_sort=-date&_count=4",
    "Observation?subject:Patient.name=name1",
    "Observation?_sort=code,status&_count=5&_include=Observation:subject",
    "Patient?_has:Observation:subject:code=c1",
    "Patient?_revinclude=Condition:subject&_count=1",
    "Patient?_sort=-family",
    "Condition?_content=word1,word2",
    "Observation?code:not=c1&_count=3",
    "Observation?subject:missing=false&_summary=count",
    "Patient/s1/$everything?_count=4",
    "Patient/s0/Observation",
    "_history?_count=5",
    "Observation/s9/_history",
    "Observation/s9",
    "Patient/s2",
];

fn answers(engine: &Engine) -> Vec<search::Response> {
    let mut all = Vec::new();
    for question in QUESTIONS {
        let mut target = Some((*question).to_owned());
        while let Some(page) = target {
            let response = engine.answer(&Request::get(&page), now());
            let bundle: Value = serde_json::from_slice(&response.body).unwrap();
            let links = bundle["link"].as_array().cloned().unwrap_or_default();
            let next = links
                .iter()
                .find(|link| link["relation"] == "next")
                .map(|link| link["url"].as_str().unwrap().to_owned());
            target = next.map(|url| url.strip_prefix(crate::made::BASE).unwrap().trim_start_matches('/').to_owned());
            all.push(response);
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn an_engine_changed_piece_by_piece_answers_as_one_made_anew(
        changes in proptest::collection::vec((0_u8..24, prop_oneof![3 => any::<u8>().prop_map(Some), 1 => Just(None)]), 1..120),
        asked_between: bool,
    ) {
        let mut changed = Engine::new(settings(1));
        let mut expected: BTreeMap<(Box<str>, Box<str>), Held> = BTreeMap::new();
        for (slot, to) in changes {
            let held = state(slot, to.unwrap_or_default());
            let name = (held.resource_type.clone(), held.id.clone());
            match to {
                Some(_) => {
                    changed.put(held.clone()).unwrap();
                    expected.insert(name, held);
                }
                None => {
                    changed.remove(&name.0, &name.1);
                    expected.remove(&name);
                }
            }
            if asked_between {
                changed.answer(&Request::get("?_count=2"), now());
            }
        }
        let mut anew = Engine::new(settings(1));
        expected.into_values().rev().for_each(|held| anew.put(held).unwrap());
        prop_assert_eq!(answers(&changed), answers(&anew));
        prop_assert_eq!(changed.size().resources, anew.size().resources);
        prop_assert_eq!(changed.size().text_bytes, anew.size().text_bytes);
    }
}

#[test]
fn an_engine_is_tidied_when_more_has_gone_than_stays() {
    let mut engine = Engine::new(settings(1));
    for round in 0..3_000_u32 {
        engine.put(state((round % 24) as u8, (round % 251) as u8)).unwrap();
    }
    let worn = engine.size();
    let mut anew = Engine::new(settings(1));
    (2_976..3_000_u32).for_each(|round| anew.put(state((round % 24) as u8, (round % 251) as u8)).unwrap());
    assert_eq!(answers(&engine), answers(&anew));
    assert!(worn.index_bytes < 1_000_000, "{worn:?}");
}
