//! What may point to the person although the rules kept it: the second condition of Safe Harbor, "actual knowledge"
//! (rule 9). The owner is told, and decides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::Deidentifier;

/// A reason to look again before a de-identified view leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Concern {
    /// A diagnosis that few people have, such as a disorder of one gene.
    RareDisease,
    /// Only one or two resources of a type: what is told once may be what somebody remembers.
    FewOfAKind,
    /// A race or ethnicity in an area where few people live.
    RareInPlace,
    /// An accident, an assault or another event that a newspaper may have told, with its year.
    PublicEvent,
    /// A code that tells a story, such as being the victim of something, with its year.
    Story,
    /// What the person works as.
    Occupation,
    /// A language that few people speak.
    RareLanguage,
}

impl Concern {
    /// A word for the report.
    pub fn code(self) -> &'static str {
        match self {
            Self::RareDisease => "rare-disease",
            Self::FewOfAKind => "few-of-a-kind",
            Self::RareInPlace => "rare-in-place",
            Self::PublicEvent => "public-event",
            Self::Story => "story",
            Self::Occupation => "occupation",
            Self::RareLanguage => "rare-language",
        }
    }
}

/// One reason, and the resources of the view it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Why.
    pub concern: Concern,
    /// `Type/id` in the view.
    pub resources: BTreeSet<String>,
}

/// Fewer resources of a type than this are few.
const FEW: usize = 3;
/// Types of which a record has few anyway.
const SINGLE: [&str; 3] = ["Patient", "Device", "Medication"];
/// Languages that more than a million people speak in the United States (American Community Survey, 2019, table S1601 and
/// its details), by ISO 639-1.
const COMMON: [&str; 9] = ["en", "es", "zh", "tl", "vi", "ar", "fr", "ko", "ru"];

/// Prefixes of codes by system and concern.
static CODES: LazyLock<Vec<(&'static str, Concern, Vec<&'static str>)>> = LazyLock::new(|| {
    let lines = include_str!("concerns.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (system, concern) = (words.next()?, words.next()?);
            let all = [Concern::RareDisease, Concern::PublicEvent, Concern::Story, Concern::Occupation];
            let concern = all.into_iter().find(|known| known.code() == concern)?;
            Some((system, concern, words.collect()))
        })
        .collect()
});

impl Deidentifier {
    /// What the owner should look at in a view that is made: reasons and resources, no values.
    pub fn warnings<'a>(&self, view: impl IntoIterator<Item = &'a Value>) -> Vec<Warning> {
        let mut found: BTreeMap<Concern, BTreeSet<String>> = BTreeMap::new();
        let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for resource in view {
            let text = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
            let name = format!("{}/{}", text("resourceType"), text("id"));
            kinds.entry(text("resourceType")).or_default().push(name.clone());
            let dated = has_year(resource);
            let mut add = |concern| {
                found.entry(concern).or_default().insert(name.clone());
            };
            codings(resource, &mut |system, code| {
                for (known, concern, prefixes) in CODES.iter() {
                    let told = dated || matches!(concern, Concern::RareDisease | Concern::Occupation);
                    if told && *known == system && prefixes.iter().any(|prefix| matches(system, code, prefix)) {
                        add(*concern);
                    }
                }
                if system == "urn:ietf:bcp:47" && !COMMON.contains(&code) {
                    add(Concern::RareLanguage);
                }
            });
            if in_a_small_place(resource) {
                add(Concern::RareInPlace);
            }
        }
        for (_, few) in kinds.into_iter().filter(|(kind, all)| all.len() < FEW && !SINGLE.contains(kind)) {
            found.entry(Concern::FewOfAKind).or_default().extend(few);
        }
        found.into_iter().map(|(concern, resources)| Warning { concern, resources }).collect()
    }
}

/// A whole code of SNOMED CT and LOINC; of ICD what begins so.
fn matches(system: &str, code: &str, prefix: &str) -> bool {
    if system.contains("icd") { code.starts_with(prefix) } else { code == prefix }
}

fn codings(value: &Value, see: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(map) => {
            let text = |name: &str| map.get(name).and_then(Value::as_str);
            if let (Some(system), Some(code)) = (text("system"), text("code")) {
                see(system, code);
            }
            map.values().for_each(|value| codings(value, see));
        }
        Value::Array(list) => list.iter().for_each(|value| codings(value, see)),
        _ => {}
    }
}

/// Whether a year is told, `meta` apart.
fn has_year(resource: &Value) -> bool {
    fn year(value: &Value) -> bool {
        match value {
            Value::String(text) => {
                text.len() >= 4
                    && text
                        .get(..4)
                        .is_some_and(|year| year.parse::<u16>().is_ok_and(|year| (1850..2200).contains(&year)))
            }
            Value::Object(map) => map.values().any(year),
            Value::Array(list) => list.iter().any(year),
            _ => false,
        }
    }
    let dates =
        ["DateTime", "Date", "Period", "date", "period", "recorded", "created", "authoredOn", "started", "detected"];
    let Some(map) = resource.as_object() else { return false };
    map.iter().any(|(key, value)| dates.iter().any(|end| key.ends_with(end)) && year(value))
}

/// A race or an ethnicity other than the most frequent one, where fewer than 20,000 people live.
fn in_a_small_place(patient: &Value) -> bool {
    let addresses = patient.get("address").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let small = addresses.iter().any(|address| address.get("postalCode").is_some_and(|code| code == "000"));
    let mut rare = false;
    codings(patient, &mut |system, code| {
        rare |= system == "urn:oid:2.16.840.1.113883.6.238" && !["2106-3", "2186-5"].contains(&code);
    });
    small && rare
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;
    use types::Secret;

    use super::*;
    use crate::{Dates, Person};

    fn told(view: &[Value]) -> Vec<(Concern, Vec<String>)> {
        let by = Deidentifier::new(Secret::new([1; 32]), Dates::Year, Person::default(), date(2026, 11, 20));
        let told = by.warnings(view);
        told.into_iter().map(|warning| (warning.concern, warning.resources.into_iter().collect())).collect()
    }

    fn condition(id: &str, system: &str, code: &str) -> Value {
        json!({"resourceType": "Condition", "id": id, "onsetDateTime": "2019",
            "code": {"coding": [{"system": system, "code": code}]}})
    }

    const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";

    #[test]
    fn a_rare_disease_a_public_event_and_an_occupation_are_pointed_out() {
        let mut event = condition("c", ICD, "W56.22XA");
        let view = [
            condition("a", ICD, "I10"),
            condition("b", ICD, "G10"),
            event.clone(),
            json!({"resourceType": "Observation", "id": "d",
                "code": {"coding": [{"system": "http://loinc.org", "code": "11341-5"}]}}),
            json!({"resourceType": "Observation", "id": "e"}),
            json!({"resourceType": "Observation", "id": "f"}),
        ];
        let name = |id: &str| vec![id.to_owned()];
        assert_eq!(
            told(&view),
            [
                (Concern::RareDisease, name("Condition/b")),
                (Concern::PublicEvent, name("Condition/c")),
                (Concern::Occupation, name("Observation/d")),
            ]
        );
        event.as_object_mut().unwrap().remove("onsetDateTime");
        let undated: Vec<Value> = (0..3).map(|_| event.clone()).collect();
        assert_eq!(told(&undated), [], "an event without a year is one of many");
    }

    #[test]
    fn few_resources_of_a_kind_and_rare_people_in_small_places_are_pointed_out() {
        let patient = |zip: &str, race: &str, language: &str| {
            json!({"resourceType": "Patient", "id": "p", "address": [{"postalCode": zip}],
                "extension": [{"extension": [{"valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": race}}]}],
                "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": language}]}}]})
        };
        let p = || vec!["Patient/p".to_owned()];
        assert_eq!(told(&[patient("850", "2131-1", "en")]), []);
        assert_eq!(told(&[patient("000", "2106-3", "en")]), []);
        assert_eq!(
            told(&[patient("000", "2131-1", "is")]),
            [(Concern::RareInPlace, p()), (Concern::RareLanguage, p())]
        );
        assert_eq!(told(&[condition("a", ICD, "I10")]), [(Concern::FewOfAKind, vec!["Condition/a".to_owned()])]);
    }

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = include_str!("concerns.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(CODES.len(), lines);
        for (system, _, codes) in CODES.iter().filter(|(system, ..)| !system.contains("icd")) {
            assert!(
                codes.iter().all(|code| super::super::codes::Public::of(system, code).is_some()),
                "{system} {codes:?}"
            );
        }
    }
}
