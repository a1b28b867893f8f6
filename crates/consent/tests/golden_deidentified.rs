//! Column (d) of the golden record: what Safe Harbor leaves of each of its resources. Its other columns are tested with
//! the views.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say plainly what they expect")]

#[path = "golden_deidentified/rows.rs"]
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use consent::{Dates, Deidentified, Deidentifier, DeidentifyError, Person};
use jiff::civil::date;
use rows::{patient, rows};
use serde_json::{Value, json};
use types::Secret;

struct View {
    left: BTreeMap<String, Value>,
    out: BTreeMap<String, DeidentifyError>,
    ids: BTreeMap<String, String>,
}

fn name(resource: &Value) -> String {
    format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap())
}

/// The whole view: what goes is cut from what stays, until nothing more goes.
fn view(key: u8) -> View {
    let by = Deidentifier::new(Secret::new([key; 32]), Dates::Year, Person::of([&patient()]), date(2026, 11, 20));
    let rows = rows();
    let seeds: BTreeMap<String, [u8; 16]> = rows.iter().map(name).zip((1_u128..).map(u128::to_be_bytes)).collect();
    let mut out: BTreeMap<String, DeidentifyError> = BTreeMap::new();
    loop {
        let references = |old: &str| {
            let of = old.split('/').next()?;
            let seed = seeds.get(old).filter(|_| !out.contains_key(old) && Deidentifier::keeps(of))?;
            Some(format!("{of}/{}", by.id_of(seed, of)))
        };
        let (mut left, mut gone) = (BTreeMap::new(), BTreeMap::new());
        for row in &rows {
            match by.resource(&seeds[&name(row)], row, &references) {
                Ok(Deidentified { json, .. }) => drop(left.insert(name(row), json)),
                Err(error) => drop(gone.insert(name(row), error)),
            }
        }
        if gone.len() == out.len() {
            let ids = left.iter().map(|(old, json)| (old.clone(), name(json))).collect();
            return View { left, out, ids };
        }
        out = gone;
    }
}

#[test]
fn each_row_is_left_out_or_changed_as_the_golden_record_says() {
    let view = view(1);
    // Rows marked O whose types are kept; the others are of types that never are.
    let out: Vec<(&str, DeidentifyError)> = view.out.iter().map(|(name, error)| (name.as_str(), *error)).collect();
    let never = |name: &str, error| (name.to_owned(), error);
    let expected = [
        never("CarePlan/free-text", DeidentifyError::EmptyShell),
        never("Goal/quit", DeidentifyError::Required("Goal.description")),
        never("MedicationStatement/self", DeidentifyError::Required("MedicationStatement.medication[x]")),
        never("Observation/from-B-a1c", DeidentifyError::Required("Observation.code")),
    ];
    let of_kept: Vec<(String, DeidentifyError)> = out
        .iter()
        .filter(|(_, error)| *error != DeidentifyError::TypeNotKept)
        .map(|(name, error)| ((*name).to_owned(), *error))
        .collect();
    assert_eq!(of_kept, expected);
    let of_others: BTreeSet<&str> = out
        .iter()
        .filter(|(_, error)| *error == DeidentifyError::TypeNotKept)
        .map(|(name, _)| name.split('/').next().unwrap())
        .collect();
    let types = [
        "Basic",
        "Binary",
        "Communication",
        "Composition",
        "Coverage",
        "DocumentReference",
        "Flag",
        "Practitioner",
        "Provenance",
        "RelatedPerson",
        "Task",
    ];
    assert_eq!(of_others, BTreeSet::from(types));
}

fn at<'a>(view: &'a View, row: &str) -> &'a Value {
    view.left.get(row).unwrap_or_else(|| panic!("{row}: {:?}", view.out.get(row)))
}

#[test]
fn the_person_keeps_what_the_first_row_says() {
    let view = view(1);
    let p = at(&view, "Patient/p");
    let keys: BTreeSet<&str> = p.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["resourceType", "id", "meta", "extension", "gender", "_birthDate", "address"]));
    assert_eq!(
        p["address"],
        json!([{"state": "VT", "postalCode": "000"}, {"state": "AZ", "postalCode": "850", "country": "US"}])
    );
    assert_eq!(p["_birthDate"]["extension"][1]["valueString"], "90 or older");
    let codes: Vec<&str> = p["extension"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["extension"][0]["valueCoding"]["code"].as_str().or(one["valueCode"].as_str()).unwrap())
        .collect();
    assert_eq!(codes, ["2054-5", "2135-2", "M"]);
}

#[test]
fn medications_keep_their_codes_and_lose_words_and_people() {
    let view = view(1);
    let coding = &at(&view, "Medication/shared-warfarin")["code"]["coding"];
    assert_eq!(
        *coding,
        json!([{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "11289", "display": "warfarin"}])
    );
    let request = at(&view, "MedicationRequest/warfarin");
    assert_eq!(request["medicationReference"]["reference"], view.ids["Medication/shared-warfarin"]);
    assert_eq!(request["reasonReference"][0]["reference"], view.ids["Condition/afib"]);
    assert_eq!(request["authoredOn"], "2025");
    assert_eq!(request["requester"]["extension"][0]["valueCode"], "masked");
    assert_eq!(
        request["dosageInstruction"],
        json!([{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}])
    );
    let contained = at(&view, "MedicationRequest/contained-sertraline");
    assert_eq!(contained["contained"][0]["code"]["coding"][0]["code"], "36437");
    assert_eq!(contained["contained"][0]["code"]["coding"].as_array().unwrap().len(), 1);
    assert_eq!(
        contained["medicationReference"]["reference"],
        format!("#{}", contained["contained"][0]["id"].as_str().unwrap())
    );
    assert!(at(&view, "MedicationStatement/from-B").get("effectiveDateTime").is_none(), "missing stays missing");
    assert!(at(&view, "MedicationAdministration/a1")["status"] == "entered-in-error");
    let list = at(&view, "List/meds");
    assert!(list.get("title").is_none());
    assert_eq!(list["entry"].as_array().unwrap().len(), 2, "an entry for what is out goes whole");
    let event = at(&view, "AdverseEvent/bleed");
    assert_eq!(event["suspectEntity"][0]["instance"]["reference"], view.ids["MedicationRequest/warfarin"]);
    let issue = at(&view, "DetectedIssue/interaction");
    assert_eq!(issue["implicated"][0]["reference"], view.ids["MedicationRequest/warfarin"]);
    assert!(issue.get("detail").is_none());
}

#[test]
fn visits_answers_and_plans_keep_codes_and_numbers() {
    let view = view(1);
    let encounter = at(&view, "Encounter/admit");
    assert_eq!(encounter["period"], json!({"start": "2026", "end": "2026"}));
    assert!(
        encounter.get("location").is_none()
            && encounter.get("reasonCode").is_none()
            && encounter.get("length").is_none()
    );
    let hidden = at(&view, "Encounter/e2");
    assert!(hidden.get("contained").is_none() && hidden.get("extension").is_none());
    let answers = at(&view, "QuestionnaireResponse/intake")["item"].as_array().unwrap();
    let values: Vec<&Value> = answers.iter().filter_map(|item| item.get("answer")).collect();
    assert_eq!(values.len(), 3, "{answers:#?}");
    assert_eq!(answers.last().unwrap()["linkId"], "/44250-9");
    assert_eq!(answers.last().unwrap()["answer"][0]["valueCoding"]["code"], "LA6569-3");
    let plan = at(&view, "CarePlan/mood");
    assert!(plan.get("title").is_none() && plan["activity"].as_array().unwrap().len() == 3, "{plan}");
    let device = at(&view, "Device/pump").as_object().unwrap();
    assert!(
        ["udiCarrier", "serialNumber", "lotNumber", "deviceName", "note"]
            .iter()
            .all(|name| !device.contains_key(*name))
    );
    assert!(device.contains_key("type"));
}

#[test]
fn labs_images_and_claims_keep_codes_and_years() {
    let view = view(1);
    for (row, year) in
        [("Observation/a1c-in", "2025"), ("Observation/a1c-out", "2025"), ("Observation/partial-date", "2025")]
    {
        assert_eq!(at(&view, row)["effectiveDateTime"], year, "{row}");
    }
    assert!(at(&view, "Observation/inr").get("note").is_none());
    let report = at(&view, "DiagnosticReport/metabolic");
    assert!(report.get("presentedForm").is_none() && report.get("conclusion").is_none());
    assert_eq!(report["result"][0]["reference"], view.ids["Observation/a1c-in"]);
    assert!(at(&view, "Specimen/s1").get("accessionIdentifier").is_none());
    let study = at(&view, "ImagingStudy/mri");
    assert!(!study["series"][0]["uid"].as_str().unwrap().contains("1.2.840"));
    assert!(study.get("endpoint").is_none() && study.get("description").is_none());
    assert_eq!(study["series"][0]["modality"]["code"], "MR");
    let claim = at(&view, "Claim/mixed");
    assert_eq!(claim["item"][1]["productOrService"]["coding"][0]["code"], "S0109");
    assert_eq!(claim["insurance"][0]["coverage"]["extension"][0]["valueCode"], "masked");
    assert!(claim.get("total").is_none() && claim["supportingInfo"][0].get("valueString").is_none());
    let benefit = at(&view, "ExplanationOfBenefit/pharmacy");
    let gone = ["identifier", "payee", "accident", "payment", "total"];
    assert!(gone.iter().all(|name| benefit.get(*name).is_none()), "{benefit}");
    assert_eq!(benefit["item"][0]["productOrService"]["coding"][0]["code"], "00056-0172");
}

#[test]
fn conditions_and_history_show_no_age_over_89() {
    let view = view(1);
    let condition = at(&view, "Condition/no-date");
    assert!(condition.get("onsetAge").is_none() && condition.get("contained").is_none());
    assert_eq!(condition["asserter"]["extension"][0]["valueCode"], "masked");
    let mother = at(&view, "FamilyMemberHistory/mother");
    assert_eq!((&mother["deceasedAge"]["value"], &mother["deceasedAge"]["comparator"]), (&json!(90), &json!(">=")));
    assert!(mother.get("name").is_none() && mother.get("bornString").is_none());
    let knee = at(&view, "Condition/knee");
    assert_eq!(knee["abatementDateTime"], "1999");
    assert_eq!(knee["recorder"]["extension"][0]["valueCode"], "masked");
    let old = at(&view, "Immunization/1935");
    assert!(old.get("occurrenceDateTime").is_none() && old.get("_occurrenceDateTime").is_some());
    let flu = at(&view, "Immunization/flu");
    assert!(flu.get("lotNumber").is_none() && flu.get("manufacturer").is_none() && flu.get("performer").is_none());
    let allergy = at(&view, "AllergyIntolerance/warfarin-allergy");
    assert_eq!(allergy["onsetDateTime"], "2020");
    assert!(allergy.get("note").is_none() && allergy.get("extension").is_none());
    assert_eq!(
        at(&view, "Condition/afib")["stage"][0]["assessment"][0]["reference"],
        view.ids["Observation/lithium-level"]
    );
}

#[test]
fn what_must_not_be_found_is_not_found_and_two_grants_share_no_id() {
    let (first, second) = (view(1), view(2));
    let text = Value::from_iter(first.left.values().cloned()).to_string();
    let notes = [
        "Okafor",
        "Rosie",
        "Rosalind",
        "0045-7781",
        "1931",
        "05901",
        "85004",
        "example.org",
        "6025550137",
        "555-0137",
        "Coumadin",
        "metformin",
        "Zoloft",
        "Ada",
        "Elm Street",
        "pills",
        "1.2.840",
        "lithium toxicity",
        "SN-",
        "LOT",
    ];
    for word in notes {
        assert!(!text.contains(word), "{word}");
    }
    for row in rows() {
        let id = format!("\"id\":\"{}\"", row["id"].as_str().unwrap());
        assert!(!text.contains(&id), "{id}");
        assert!(!text.contains(&format!("{}\"", name(&row))), "{id}");
    }
    let years: BTreeSet<&str> = text
        .split(|c: char| !c.is_ascii_digit() && c != '-')
        .filter(|part| part.len() >= 7 && part.contains('-') && part.starts_with("20"))
        .collect();
    assert_eq!(years, BTreeSet::from(["2026-11-20"]), "the day of the view alone");
    let ids = |view: &View| view.ids.values().cloned().collect::<BTreeSet<_>>();
    assert!(ids(&first).is_disjoint(&ids(&second)));
}
