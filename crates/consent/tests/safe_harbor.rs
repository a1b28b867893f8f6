//! De-identification by the tests that its specification asks for, each under its name.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "safe_harbor/ages.rs"]
mod ages;
#[path = "safe_harbor/canary.rs"]
mod canary;
#[path = "safe_harbor/elements.rs"]
mod elements;
#[path = "support/grown.rs"]
mod grown;

use std::collections::BTreeSet;

use consent::{Dates, Deidentified, Deidentifier, DeidentifyError, Person};
use fhir::definitions;
use grown::Dice;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::{Value, json};
use types::Secret;

const TODAY: Date = date(2026, 11, 20);
const SEED: [u8; 16] = [9; 16];

fn kept_types() -> Vec<&'static str> {
    let all = definitions::codes("resource-types").unwrap();
    all.iter().copied().filter(|name| Deidentifier::keeps(name)).collect()
}

fn born(birth_date: &str) -> Person {
    Person::of([&json!({"resourceType": "Patient", "birthDate": birth_date})])
}

fn by(person: Person, dates: Dates) -> Deidentifier {
    Deidentifier::new(Secret::new([7; 32]), dates, person, TODAY)
}

/// Everything is in the view.
fn here(old: &str) -> Option<String> {
    let of = old.split('/').next().filter(|of| definitions::is_resource(of))?;
    Some(format!("{of}/qrstqrst"))
}

fn left(by: &Deidentifier, json: &Value) -> Result<Deidentified, DeidentifyError> {
    by.resource(&SEED, json, &here)
}

#[test]
fn the_types_that_are_kept_are_those_of_the_specification() {
    let kept = "AdverseEvent AllergyIntolerance CarePlan Claim Condition DetectedIssue Device DiagnosticReport Encounter \
        EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Goal ImagingStudy Immunization List Medication \
        MedicationAdministration MedicationDispense MedicationRequest MedicationStatement NutritionOrder Observation Patient \
        Procedure QuestionnaireResponse RiskAssessment ServiceRequest Specimen";
    assert_eq!(kept_types(), kept.split_whitespace().collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 400 } else { 50_000 }))]

    /// 1. A canary in every string, uri, id, code, extension value and primitive extension.
    #[test]
    fn no_canary_comes_out_of_a_random_resource(seed: u64, at in 0_usize..29, good in prop::sample::select(vec![60, 90, 100]), shifted: bool) {
        let of = kept_types()[at];
        let json = grown::resource(of, &mut Dice(seed), good);
        let dates = if shifted { Dates::Shifted } else { Dates::Year };
        if let Ok(left) = left(&by(born("1970-02-03"), dates), &json) {
            prop_assert_eq!(canary::seen(&left, dates), None);
        }
    }

    #[test]
    fn nothing_that_is_json_makes_it_stumble(seed: u64, at in 0_usize..29) {
        let mut dice = Dice(seed);
        let mut json = grown::resource(kept_types()[at], &mut dice, 80);
        spoil(&mut json, &mut dice);
        let _ = left(&by(born("1970-02-03"), Dates::Year), &json);
    }
}

/// Puts values of other types where they do not belong.
fn spoil(value: &mut Value, dice: &mut Dice) {
    if dice.throw(12) == 0 {
        let other =
            [json!(null), json!(1e300), json!([]), json!({}), json!([[]]), json!(""), json!(false), json!([null])];
        *value = dice.one(&other).clone();
        return;
    }
    match value {
        Value::Object(map) => {
            map.iter_mut().filter(|(key, _)| *key != "resourceType").for_each(|(_, value)| spoil(value, dice))
        }
        Value::Array(list) => list.iter_mut().for_each(|value| spoil(value, dice)),
        _ => {}
    }
}

#[test]
fn random_resources_of_every_type_are_kept_often_enough_to_mean_something() {
    let by = by(born("1970-02-03"), Dates::Year);
    for of in kept_types() {
        let kept = (0..40).filter(|seed| left(&by, &grown::resource(of, &mut Dice(*seed), 100)).is_ok()).count();
        assert!(kept > 2, "{of}: {kept} of 40");
    }
}

fn patient(json: &Value) -> Value {
    let by = Deidentifier::new(Secret::new([7; 32]), Dates::Year, Person::of([json]), TODAY);
    left(&by, json).unwrap().json
}

/// 5. ZIPs.
#[test]
fn three_digits_of_a_zip_stay_where_enough_people_live() {
    let zip = |code: Value| {
        patient(&json!({"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01",
        "address": [{"state": "AZ", "postalCode": code}]}))["address"][0]
            .get("postalCode")
            .cloned()
    };
    assert_eq!(zip(json!("05901")), Some(json!("000")));
    assert_eq!(zip(json!("00601")), Some(json!("006")));
    assert_eq!(zip(json!("09012")), Some(json!("000")));
    assert_eq!(zip(json!("85004-1234")), Some(json!("850")));
    for bad in
        [json!("SW1A 1AA"), json!("850"), json!(null), json!(85004), json!("85004-12"), json!("８５００４"), json!("")]
    {
        assert_eq!(zip(bad.clone()), None, "{bad}");
    }
}

/// 6. Same grant twice: same ids; two grants: no common id, order not correlated.
#[test]
fn two_grants_share_no_id_and_no_order() {
    let grant = |key: u8| Deidentifier::new(Secret::new([key; 32]), Dates::Year, born("1970-01-01"), TODAY);
    let seeds: Vec<[u8; 16]> = (0..500_u128).map(u128::to_be_bytes).collect();
    let ids = |by: &Deidentifier| seeds.iter().map(|seed| by.id_of(seed, "Observation")).collect::<Vec<_>>();
    let (first, again, second) = (ids(&grant(1)), ids(&grant(1)), ids(&grant(2)));
    assert_eq!(first, again);
    assert!(first.iter().all(|id| id.len() == 32 && id.bytes().all(|byte| b"bcdfghjklmnpqrst".contains(&byte))));
    let all: BTreeSet<&String> = first.iter().chain(&second).collect();
    assert_eq!(all.len(), 1000);
    assert_ne!(grant(1).id_of(&seeds[0], "Observation"), grant(1).id_of(&seeds[0], "Condition"));

    // Spearman's rank correlation; beyond 0.2 is less likely than one in 100,000 by chance.
    let rank = |ids: &[String]| {
        let mut sorted: Vec<&String> = ids.iter().collect();
        sorted.sort();
        ids.iter().map(|id| sorted.binary_search(&id).unwrap() as f64).collect::<Vec<_>>()
    };
    let came: Vec<f64> = (0..500).map(f64::from).collect();
    for (a, b) in [(rank(&first), rank(&second)), (rank(&first), came)] {
        let n = a.len() as f64;
        let apart: f64 = a.iter().zip(&b).map(|(a, b)| (a - b).powi(2)).sum();
        let rho = 1.0 - 6.0 * apart / (n * (n * n - 1.0));
        assert!(rho.abs() < 0.2, "{rho}");
    }
}

/// 7. Shift mode.
#[test]
fn shifted_dates_keep_their_intervals_and_say_that_they_are_not_safe_harbor() {
    let stay = |from: &str, to: &str| {
        json!({"resourceType": "Encounter", "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}, "period": {"start": from, "end": to}})
    };
    let mut shifts = BTreeSet::new();
    for key in 0..=255_u8 {
        let by = Deidentifier::new(Secret::new([key; 32]), Dates::Shifted, born("1970-01-01"), TODAY);
        let told = left(&by, &stay("2020-02-20T23:10:00-05:00", "2020-03-02")).unwrap().json;
        let read = |name: &str| told["period"][name].as_str().unwrap()[..10].parse::<Date>().unwrap();
        assert_eq!((read("end") - read("start")).get_days(), 11);
        assert!(told["period"]["start"].as_str().unwrap().ends_with("T23:10:00-05:00"));
        let shift = (read("end") - date(2020, 3, 2)).get_days();
        assert!((-365..0).contains(&shift), "{shift}");
        shifts.insert(shift);

        let partial = left(&by, &stay("2020", "2020-07")).unwrap().json;
        assert!(partial["period"].get("start").is_none(), "a year lies on two years: {partial}");
        if let Some(end) = partial["period"].get("end") {
            assert_eq!(end.as_str().unwrap().len(), 4, "no day is invented: {end}");
        }
        let tag = &told["meta"]["tag"][0];
        assert_eq!(tag["code"], "dates-shifted");
        assert!(tag["display"].as_str().unwrap().starts_with("Not Safe Harbor"));
        assert!(!told.to_string().contains("ANONYED"));
    }
    assert!(shifts.len() > 100, "{}", shifts.len());
    let by = by(born("1970-01-01"), Dates::Year);
    let told = left(&by, &stay("2020-02-20T23:10:00-05:00", "2020-03-02")).unwrap().json;
    assert_eq!(told["period"], json!({"start": "2020", "end": "2020"}));
    assert_eq!(told["meta"]["tag"][0]["code"], "safe-harbor");
    let security = &told["meta"]["security"][0];
    assert_eq!(security["code"], "PSEUDED");
}

/// 8. No old id anywhere: references, contained resources, versions, links.
#[test]
fn no_id_of_the_source_is_left_anywhere() {
    let by = by(born("1970-01-01"), Dates::Year);
    let json = json!({"resourceType": "MedicationRequest", "id": "old-1", "status": "active", "intent": "order",
        "meta": {"versionId": "old-2", "source": "#old-3", "lastUpdated": "2025-04-05T06:07:08Z"},
        "identifier": [{"value": "old-4"}], "groupIdentifier": {"value": "old-5"},
        "contained": [
            {"resourceType": "Medication", "id": "old-6", "code": {"coding": [
                {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "36437"},
                {"system": "https://old-7.example.org", "code": "old-8"}]}, "batch": {"lotNumber": "old-9"}},
            {"resourceType": "Practitioner", "id": "old-10", "name": [{"family": "old-11"}]},
            {"resourceType": "Condition", "id": "old-12", "subject": {"reference": "Patient/old-13"},
                "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]}}],
        "medicationReference": {"reference": "#old-6", "display": "old-14"},
        "requester": {"reference": "#old-10", "type": "Practitioner", "display": "old-15", "identifier": {"value": "old-16"}},
        "subject": {"reference": "https://old-17.example.org/fhir/Patient/old-13/_history/2"},
        "encounter": {"reference": "urn:uuid:old-18"}, "reasonReference": [{"reference": "Condition/old-19"}],
        "priorPrescription": {"reference": "MedicationRequest/old-20"},
        "instantiatesUri": ["https://old-21.example.org"]});
    let references = |old: &str| match old {
        "https://old-17.example.org/fhir/Patient/old-13/_history/2" | "Patient/old-13" => {
            Some("Patient/bbbb".to_owned())
        }
        "Condition/old-19" => Some("Condition/cccc".to_owned()),
        _ => None,
    };
    let told = by.resource(&SEED, &json, &references).unwrap();
    assert!(!told.json.to_string().contains("old-"), "{}", told.json);
    assert!(!format!("{:?}", told.taken).contains("old-"));
    let told = told.json;
    let fragment = told["contained"][0]["id"].as_str().unwrap();
    assert_eq!(told["medicationReference"]["reference"], format!("#{fragment}"));
    assert_eq!(told["contained"].as_array().unwrap().len(), 1, "what nothing refers to is gone");
    assert_eq!(told["requester"]["extension"][0]["valueCode"], "masked");
    assert_eq!(told["requester"]["type"], "Practitioner");
    assert_eq!(told["subject"], json!({"reference": "Patient/bbbb"}));
    assert_eq!(told["meta"]["versionId"], "1");
    assert_eq!(told["meta"]["lastUpdated"], "2026-11-20T00:00:00Z");
    let other = Deidentifier::new(Secret::new([8; 32]), Dates::Year, born("1970-01-01"), TODAY);
    assert_ne!(other.resource(&SEED, &json, &references).unwrap().json["contained"][0]["id"], fragment);
    // An error names an element of FHIR and nothing of the source.
    let stranger = by.resource(&SEED, &json, &|_| None).unwrap_err();
    assert_eq!(stranger, DeidentifyError::NotTheirs("MedicationRequest.subject"));
    assert!(!stranger.to_string().contains("old-"));
}

/// 9. The report lists counts by element and rule, no values.
#[test]
fn the_report_counts_by_element_and_rule_and_bears_no_value() {
    let json = json!({"resourceType": "Patient", "id": "p", "birthDate": "1970-02-03", "name": [{"family": "Okafor"}],
        "telecom": [{"value": "602-555-0137"}], "shoeSize": 42, "gender": "female",
        "address": [{"line": ["12 Elm Street"], "city": "Tempe", "state": "AZ", "postalCode": "85281", "country": "US"}]});
    let by = Deidentifier::new(Secret::new([7; 32]), Dates::Year, Person::of([&json]), TODAY);
    let mut told = left(&by, &json).unwrap().taken;
    told.add(&left(&by, &json).unwrap().taken);
    let lines: BTreeSet<String> =
        told.lines().map(|line| format!("{} {} {}", line.element, line.rule, line.count)).collect();
    let expected = [
        "Patient.? unknown-element 2",
        "Patient.address.city not-listed 2",
        "Patient.address.line not-listed 2",
        "Patient.address.postalCode zip-to-three-digits 2",
        "Patient.birthDate date-to-year 2",
        "Patient.name not-listed 2",
        "Patient.telecom not-listed 2",
    ];
    assert_eq!(lines, expected.map(str::to_owned).into());
}

#[test]
fn something_of_the_person_in_what_is_to_be_kept_stops_the_export() {
    let patient = json!({"resourceType": "Patient", "id": "p", "birthDate": "1951-02-14", "telecom": [{"value": "(602) 555-0137"}],
        "identifier": [{"system": "https://h.example.org", "value": "MRN 8812345"}]});
    let by = Deidentifier::new(Secret::new([7; 32]), Dates::Year, Person::of([&patient]), TODAY);
    let observation = |value: Value| {
        json!({"resourceType": "Observation", "status": "final", "valueInteger": value,
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]}})
    };
    assert!(left(&by, &observation(json!(6025))).is_ok());
    for hidden in [json!(6_025_550_137_u64), json!(19_510_214), json!(2_141_951), json!(8_812_345)] {
        let stopped = left(&by, &observation(hidden.clone()));
        if hidden == json!(2_141_951) {
            assert!(stopped.is_ok(), "a number without its leading zero is a number");
            continue;
        }
        let stopped = stopped.unwrap_err();
        assert!(stopped.stops_the_export(), "{hidden}");
        assert!(!stopped.to_string().contains("55"));
    }
    let mut coded = observation(json!(1));
    coded["code"]["coding"] = json!([{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "8812345"}]);
    assert!(left(&by, &coded).unwrap_err().stops_the_export());
    assert!(!format!("{by:?}").contains("8812345"), "nor does it print what it looks for");
}
