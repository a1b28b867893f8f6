//! What is not known, what must be there, and what goes with it.

use super::*;

/// 3. Unknown element, extension, type, R5 element.
#[test]
fn what_is_not_known_is_gone() {
    let by = by(born("1970-02-03"), Dates::Year);
    let json = json!({"resourceType": "Observation", "id": "o", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
        "favouriteColour": "blue", "triggeredBy": [{"type": "reflex"}], "bodyStructure": {"reference": "BodyStructure/1"},
        "extension": [{"url": "https://example.org/x", "valueString": "x"}],
        "_status": {"extension": [{"url": "https://example.org/x", "valueString": "x"}]},
        "valueInteger64": "7"});
    let observation = left(&by, &json).unwrap();
    let keys: BTreeSet<&str> = observation.json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["resourceType", "id", "meta", "status", "code"]));

    for of in
        ["InventoryItem", "Practitioner", "Binary", "DocumentReference", "Basic", "Zcanary", "", "Bundle", "Quantity"]
    {
        assert_eq!(left(&by, &json!({"resourceType": of, "id": "x"})), Err(DeidentifyError::TypeNotKept), "{of}");
    }
    for json in [json!(null), json!([]), json!({}), json!({"resourceType": 7})] {
        assert_eq!(left(&by, &json), Err(DeidentifyError::TypeNotKept));
    }
    let mut modified = json.clone();
    modified["modifierExtension"] = json!([{"url": "https://example.org/not", "valueBoolean": true}]);
    assert_eq!(left(&by, &modified), Err(DeidentifyError::UnknownModifier));
    let mut inside = json;
    inside["component"] = json!([{"code": inside["code"], "modifierExtension": [{"url": "https://example.org/not"}]}]);
    assert_eq!(left(&by, &inside), Err(DeidentifyError::UnknownModifier));
}

#[test]
fn what_must_be_there_and_cannot_be_kept_takes_the_resource_with_it() {
    let by = by(born("1970-02-03"), Dates::Year);
    let told = json!({"resourceType": "MedicationStatement", "status": "active",
        "medicationCodeableConcept": {"text": "little white pill"}, "subject": {"reference": "Patient/p"}});
    assert_eq!(left(&by, &told), Err(DeidentifyError::Required("MedicationStatement.medication[x]")));
    let local = json!({"resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": "urn:oid:1.2.840.114350.1.13", "code": "7"}], "text": "HbA1c"}});
    assert_eq!(left(&by, &local), Err(DeidentifyError::Required("Observation.code")));
    let plan = json!({"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": {"reference": "Patient/p"},
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]}], "title": "Rosie's plan"});
    assert_eq!(left(&by, &plan), Err(DeidentifyError::EmptyShell));
    let doubted = json!({"resourceType": "Condition", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]},
        "verificationStatus": {"coding": [{"system": "https://hospital.example.org", "code": "wrong"}]}});
    assert_eq!(left(&by, &doubted), Err(DeidentifyError::Modifier("Condition.verificationStatus")));
}

#[test]
fn what_is_left_meets_the_invariants_that_a_missing_element_would_break() {
    let by = by(born("1970-02-03"), Dates::Year);
    let code = json!({"coding": [{"system": "http://loinc.org", "code": "4548-4"}]});
    let told = left(&by, &json!({"resourceType": "Observation", "status": "final", "code": code,
        "referenceRange": [{"text": "4-6", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]}},
            {"low": {"value": 4, "unit": "%"}, "text": "4-6"}],
        "valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 2, "unit": "of Rosie's"}}})).unwrap().json;
    assert_eq!(told["referenceRange"].as_array().unwrap().len(), 1, "obs-3");
    assert!(told.get("valueRatio").is_none(), "rat-1");
    let told = left(&by, &json!({"resourceType": "Goal", "lifecycleStatus": "active", "description": code,
        "subject": {"reference": "Patient/p"}, "target": [{"measure": {"text": "sugar"}, "detailQuantity": {"value": 6, "unit": "%"},
            "dueDate": "2027-01-01"}]})).unwrap().json;
    assert_eq!(told["target"], json!([{"dueDate": "2027"}]), "gol-1");
    let told = left(
        &by,
        &json!({"resourceType": "FamilyMemberHistory", "status": "completed", "patient": {"reference": "Patient/p"},
        "relationship": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "MTH"}]},
        "ageString": "about 60", "estimatedAge": true, "condition": [{"code": code}]}),
    )
    .unwrap()
    .json;
    assert!(told.get("estimatedAge").is_none(), "fhs-2");
}

#[test]
fn questions_after_who_somebody_is_go_with_their_answers() {
    let by = by(born("1970-02-03"), Dates::Year);
    let item = |link: &str, value: Value| json!({"linkId": link, "answer": [{"valueInteger": value}]});
    let told = left(&by, &json!({"resourceType": "QuestionnaireResponse", "status": "completed", "item": [
        item("/45401-7", json!(85004)), item("zip", json!(85004)), item("how often", json!(3)), item("/44261-6", json!(12)),
        item("/30525-0", json!(56))]})).unwrap().json;
    let answers: Vec<&Value> =
        told["item"].as_array().unwrap().iter().map(|item| &item["answer"][0]["valueInteger"]).collect();
    assert_eq!(answers, [&Value::Null, &json!(3), &json!(12), &json!(56)]);
    let old = Deidentifier::new(Secret::new([7; 32]), Dates::Year, born("1930-01-01"), TODAY);
    let told = left(
        &old,
        &json!({"resourceType": "QuestionnaireResponse", "status": "completed",
        "item": [item("/30525-0", json!(96)), item("how old are you", json!(96)), item("/44261-6", json!(12))]}),
    )
    .unwrap()
    .json;
    assert!(!told.to_string().contains("96") && told.to_string().contains("12"), "{told}");
}

#[test]
fn a_label_of_the_source_stays_unless_it_says_who_the_person_is_or_what_we_did() {
    let by = by(born("1970-02-03"), Dates::Year);
    let label = |system: &str, code: &str| json!({"system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code});
    let told = left(&by, &json!({"resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]}, "meta": {"security": [
            label("v3-Confidentiality", "R"), label("v3-ActCode", "HIV"), label("v3-ActCode", "CEL"), label("v3-ActCode", "VIP"),
            label("v3-ObservationValue", "ANONYED"), {"system": "https://h.example.org", "code": "staff"}]}})).unwrap().json;
    let codes: Vec<&str> =
        told["meta"]["security"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["R", "HIV", "PSEUDED"]);
}
