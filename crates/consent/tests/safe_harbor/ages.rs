//! Ages to the day, and the years that show them.

use super::*;

/// 4. Ages 88, 89, 90, 120, birth on 29 February, died at 90, birth year only, no birth date.
#[test]
fn a_birth_year_stays_until_the_day_of_the_ninetieth_birthday() {
    let grouped = |birth: &str, death: Option<&str>| {
        let mut json = json!({"resourceType": "Patient", "id": "p", "birthDate": birth});
        if let Some(death) = death {
            json["deceasedDateTime"] = json!(death);
        }
        let left = patient(&json);
        let over = left["_birthDate"]["extension"]
            .as_array()
            .is_some_and(|all| all.iter().any(|e| e["valueString"] == "90 or older"));
        assert_ne!(over, left.get("birthDate").is_some(), "{left}");
        over
    };
    assert!(!grouped("1938-06-01", None), "88");
    assert!(!grouped("1936-11-21", None), "89, and 90 tomorrow");
    assert!(grouped("1936-11-20", None), "90 today");
    assert!(grouped("1906-01-01", None), "120");
    assert!(grouped("1936-02-29", None) && !grouped("1940-02-29", None));
    assert!(grouped("1920-03-01", Some("2010-03-01")), "died on the ninetieth birthday");
    assert!(!grouped("1920-03-02", Some("2010-03-01")), "died the day before");
    assert!(grouped("1936", None) && !grouped("1937", None), "of a year its first day");
    assert!(!grouped("1936-12", None) && grouped("1936-11", None));
    assert!(grouped("1920", Some("2010")), "of a year of death its last day");
}

#[test]
fn on_a_leap_day_the_ninetieth_birthday_is_the_day_before_in_other_years() {
    let json = json!({"resourceType": "Patient", "id": "p", "birthDate": "1936-02-29"});
    let on = |today: Date| {
        let by = Deidentifier::new(Secret::new([7; 32]), Dates::Year, Person::of([&json]), today);
        left(&by, &json).unwrap().json.get("birthDate").cloned()
    };
    assert_eq!(on(date(2026, 2, 27)), Some(json!("1936")));
    assert_eq!(on(date(2026, 2, 28)), None);
}

#[test]
fn without_a_birth_date_no_year_is_left_that_would_show_an_age_over_89() {
    let unknown = json!({"resourceType": "Patient", "id": "p", "deceasedDateTime": "1935-02-03"});
    let told = patient(&unknown);
    assert!(told.get("_birthDate").is_none() && told.get("birthDate").is_none(), "nothing is claimed: {told}");
    assert_eq!(told["deceasedBoolean"], true);
    for birth in ["1931-02-14", ""] {
        let by = by(born(birth), Dates::Year);
        let told = |when: &str| {
            let json = json!({"resourceType": "Immunization", "status": "completed", "patient": {"reference": "Patient/p"},
                "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "75"}]}, "occurrenceDateTime": when});
            left(&by, &json).unwrap().json
        };
        assert_eq!(told("1937-05-02")["occurrenceDateTime"], "1937");
        for old in ["1936-12-31", "1936", "1931-02-14"] {
            let told = told(old);
            assert!(told.get("occurrenceDateTime").is_none());
            assert_eq!(told["_occurrenceDateTime"]["extension"][0]["valueCode"], "masked", "it must be there: {told}");
        }
    }
    let young = by(born("1937"), Dates::Year);
    let json = json!({"resourceType": "Condition", "subject": {"reference": "Patient/p"}, "onsetDateTime": "1936-01-01",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]}});
    assert_eq!(left(&young, &json).unwrap().json["onsetDateTime"], "1936", "under 90 years stay");
}

#[test]
fn no_age_of_a_person_over_89_is_left_and_those_of_relatives_are_grouped() {
    let years =
        |value: u16| json!({"value": value, "unit": "years", "system": "http://unitsofmeasure.org", "code": "a"});
    let condition = |age: u16| {
        json!({"resourceType": "Condition", "subject": {"reference": "Patient/p"}, "onsetAge": years(age),
            "abatementRange": {"low": years(age), "high": years(age + 1)},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]}})
    };
    let (old, young) = (by(born("1931-02-14"), Dates::Year), by(born("1950-02-14"), Dates::Year));
    for age in [40, 91] {
        let told = left(&old, &condition(age)).unwrap().json;
        assert!(told.get("onsetAge").is_none() && told.get("abatementRange").is_none(), "{told}");
    }
    assert_eq!(left(&young, &condition(40)).unwrap().json["onsetAge"]["value"], 40);
    assert!(left(&young, &condition(91)).unwrap().json.get("onsetAge").is_none());

    let age = json!({"resourceType": "Observation", "status": "final", "valueQuantity": years(95),
        "code": {"coding": [{"system": "http://loinc.org", "code": "30525-0"}]}});
    assert_eq!(left(&old, &age), Err(DeidentifyError::Age));
    assert!(left(&young, &age).is_ok());

    let mother = json!({"resourceType": "FamilyMemberHistory", "status": "completed", "patient": {"reference": "Patient/p"},
        "name": "Ada", "bornString": "about 1900", "deceasedAge": years(101),
        "relationship": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "MTH"}]},
        "condition": [{"code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}], "text": "pressure"},
            "onsetRange": {"low": years(80), "high": years(95)}}]});
    let told = left(&young, &mother).unwrap().json;
    assert_eq!((&told["deceasedAge"]["value"], &told["deceasedAge"]["comparator"]), (&json!(90), &json!(">=")));
    assert_eq!(
        told["condition"][0]["onsetRange"],
        json!({"low": {"value": 80, "unit": "a",
        "system": "http://unitsofmeasure.org", "code": "a"}})
    );
    assert!(told.get("name").is_none() && told.get("bornString").is_none());
}
