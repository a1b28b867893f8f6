//! Searches of one resource by words, codes, references and addresses, after the sentences of FHIR R4, "Search"; and what
//! is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say plainly what they expect")]

#[path = "common/asking.rs"]
mod asking;

use asking::{all, error, finds, setting};
use fhir::criteria::{Criterion, CriterionError};
use serde_json::{Value, json};

#[test]
fn strings_begin_so_without_case_and_accents_unless_the_modifier_says_otherwise() {
    let patient = json!({"resourceType": "Patient", "name": [{"family": "Núñez  Straße", "given": ["Eve", "Adán"]}]});
    all(
        &patient,
        &[
            "name=eve",
            "given=ADAN",
            "family=nunez",
            "family=nunez+strasse",
            "given:contains=v",
            "given:exact=Eve",
            "name=x,adan",
        ],
        &["given=ve", "given:exact=eve", "given:exact=Ev", "family:contains=eve", "name=eve&name=zoe"],
    );
}

#[test]
fn each_word_of_a_family_name_is_found() {
    let patient = json!({"resourceType": "Patient", "name": [{"family": "Carreno Quinones", "given": ["Ana Eva"]}]});
    all(
        &patient,
        &["family=carreno", "family=quinones", "name=quin", "family=carreno+quin", "family:exact=Carreno+Quinones"],
        &["family:exact=Quinones", "family=inones", "given=eva"],
    );
}

#[test]
fn tokens_are_found_by_code_by_system_and_by_both() {
    let observation = json!({"resourceType": "Observation", "status": "final", "code": {"text": "Body weight",
        "coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Weight measured"}, {"code": "own"}]}});
    all(
        &observation,
        &[
            "code=29463-7",
            "code=http://loinc.org|29463-7",
            "code=http://loinc.org|",
            "code=|own",
            "code:text=body",
            "code:text=weight",
            "code:not=123",
            "status=final",
            "status=http://hl7.org/fhir/observation-status|final",
            "status=|final",
            "category:missing=true",
            "category:not=laboratory",
            "code:missing=false",
        ],
        &[
            "code=http://snomed.info/sct|29463-7",
            "code=|29463-7",
            "code=http://snomed.info/sct|",
            "code:not=29463-7",
            "code:text=measured",
            "status=http://loinc.org|final",
            "category=laboratory",
            "code:missing=true",
        ],
    );
}

#[test]
fn identifiers_are_found_by_type() {
    let patient = json!({"resourceType": "Patient", "identifier": [{"system": "urn:clinic", "value": "446053",
        "type": {"text": "Record number", "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}}]});
    all(
        &patient,
        &[
            "identifier=446053",
            "identifier=urn:clinic|446053",
            "identifier:text=record",
            "identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|446053",
        ],
        &["identifier=urn:other|446053", "identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|446053"],
    );
    assert_eq!(error("Patient", "identifier:of-type=MR|446053"), CriterionError::BadToken);
}

#[test]
fn references_are_found_by_id_by_type_and_by_address() {
    let observation = json!({"resourceType": "Observation", "subject": {"reference": "Patient/23/_history/2",
        "identifier": {"system": "http://acme.org/mrn", "value": "2345"}, "display": "Peter Chalmers"},
        "performer": [{"reference": "http://other.org/fhir/Practitioner/9"}], "device": {"reference": "#d"}});
    all(
        &observation,
        &[
            "subject=23",
            "subject=Patient/23",
            "subject:Patient=23",
            "patient=23",
            "subject=Patient/23/_history/2",
            "subject:identifier=http://acme.org/mrn|2345",
            "subject:text=peter",
            "performer=http://other.org/fhir/Practitioner/9",
            "device:missing=false",
        ],
        &[
            "subject=Group/23",
            "subject:Group=23",
            "subject=Patient/23/_history/1",
            "performer=Practitioner/9",
            "performer=9",
        ],
    );
    assert_eq!(error("Observation", "subject:Practitioner=1"), CriterionError::WrongTarget);
    assert_eq!(error("Observation", "subject=a/b/c/d"), CriterionError::BadReference);
}

#[test]
fn canonical_addresses_are_found_with_and_without_a_version() {
    let answers = json!({"resourceType": "QuestionnaireResponse", "questionnaire": "http://acme.com/q|1.1"});
    all(
        &answers,
        &[
            "questionnaire=http://acme.com/q|1.1",
            "questionnaire=http://acme.com/q",
            "questionnaire:below=http://acme.com/q",
        ],
        &["questionnaire=http://acme.com/q|1.0", "questionnaire=http://acme.com/"],
    );
    assert_eq!(
        error("QuestionnaireResponse", "questionnaire:below=http://acme.com/q|1"),
        CriterionError::NotAnswerable
    );
    let profiled = json!({"resourceType": "Patient", "meta": {"profile": ["http://acme.com/p|2"]}});
    all(&profiled, &["_profile=http://acme.com/p", "_profile=http://acme.com/p|2"], &["_profile=http://acme.com/p|1"]);
}

#[test]
fn an_id_counts_to_the_letter() {
    let patient = json!({"resourceType": "Patient", "id": "aB", "identifier": [{"value": "xY"}]});
    all(&patient, &["_id=aB", "_id=x,aB", "identifier=XY"], &["_id=ab", "_id=a", "_id:not=aB"]);
}

#[test]
fn the_dead_are_found_by_flag_and_by_date() {
    let dead = |member: Value| {
        let mut patient = json!({"resourceType": "Patient"});
        patient.as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
        patient
    };
    all(&dead(json!({"deceasedBoolean": true})), &["deceased=true"], &["deceased=false"]);
    all(&dead(json!({"deceasedDateTime": "2015"})), &["deceased=true", "death-date=2015"], &["deceased=false"]);
    all(&dead(json!({"deceasedBoolean": false})), &["deceased=false"], &["deceased=true"]);
    all(&dead(json!({})), &["deceased=false"], &["deceased=true"]);
}

#[test]
fn an_element_that_holds_only_extensions_is_missing() {
    let masked = json!({"_masked": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]});
    let absent = || json!({"extension": masked["_masked"]});
    let resource = json!({"resourceType": "Observation", "_status": absent(), "code": absent(), "subject": absent(),
        "effectivePeriod": absent(), "valueQuantity": absent(), "identifier": [absent()]});
    for parameter in ["status", "code", "subject", "date", "value-quantity", "identifier", "code-value-quantity"] {
        assert!(finds(&format!("{parameter}:missing=true"), &resource), "{parameter}");
        assert!(!finds(&format!("{parameter}:missing=false"), &resource), "{parameter}");
    }
}

#[test]
fn what_stands_in_a_contained_resource_is_not_the_containers() {
    let request = json!({"resourceType": "MedicationRequest", "medicationReference": {"reference": "#m"},
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"coding": [{"code": "c"}]}}]});
    all(&request, &["code:missing=true", "medication:missing=false"], &["code=c"]);
}

#[test]
fn the_parts_of_a_composite_must_be_in_one_element() {
    let component = |code: &str, value: u32| {
        json!({"code": {"coding": [{"code": code}]},
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}})
    };
    let pressure = json!({"resourceType": "Observation", "component": [component("s", 120), component("d", 80)]});
    all(
        &pressure,
        &[
            "component-code-value-quantity=s$120",
            "component-code-value-quantity=s$gt100,x$1",
            "combo-code-value-quantity=d$lt90||mm[Hg]",
        ],
        &["component-code-value-quantity=s$80", "code-value-quantity=s$120"],
    );
}

#[test]
fn media_types_are_found_with_their_parameters() {
    let document = json!({"resourceType": "DocumentReference", "content": [{"attachment": {"contentType": "text/xml; charset=UTF-8"}}]});
    all(
        &document,
        &["contenttype:below=text/xml", "contenttype:below=text", "contenttype=text/xml; charset=UTF-8"],
        &["contenttype=text/xml", "contenttype:below=text/x", "contenttype:below=image"],
    );
}

#[test]
fn addresses_are_compared_whole_or_by_segment() {
    let set = json!({"resourceType": "ValueSet", "url": "http://acme.org/fhir/ValueSet/123"});
    all(
        &set,
        &[
            "url=http://acme.org/fhir/ValueSet/123",
            "url:below=http://acme.org/fhir/",
            "url:below=http://acme.org/fhir",
            "url:above=http://acme.org/fhir/ValueSet/123/_history/5",
        ],
        &[
            "url=http://acme.org/fhir/ValueSet/12",
            "url:below=http://acme.org/fh",
            "url:above=http://acme.org/fhir/ValueSet/1234",
        ],
    );
    assert_eq!(error("ValueSet", "url:below=urn:oid:1.2.3"), CriterionError::BadUri);
}

#[test]
fn what_cannot_be_read_or_answered_says_which() {
    for (resource_type, query, why) in [
        ("Starship", "name=x", CriterionError::UnknownType),
        ("Patient", "hobby=x", CriterionError::UnknownParameter),
        ("Patient", "name:in=x", CriterionError::UnknownModifier),
        ("Observation", "code:in=http://v", CriterionError::NotAnswerable),
        ("Observation", "code:below=x", CriterionError::NotAnswerable),
        ("Patient", "name=", CriterionError::EmptyValue),
        ("Patient", "name=a,,b", CriterionError::EmptyValue),
        ("Patient", "telecom=phone|555", CriterionError::BadToken),
        ("Patient", "active=|true", CriterionError::BadToken),
        ("Patient", "_id=|a", CriterionError::BadToken),
        ("Patient", "name:text=x", CriterionError::NotAnswerable),
        ("Patient", "name=a\\b", CriterionError::BadEscape),
        ("Patient", "birthdate=gx2000", CriterionError::UnknownPrefix),
        ("Patient", "birthdate=2000-13", CriterionError::BadDate),
        ("Patient", "active:missing=perhaps", CriterionError::BadBoolean),
        ("Observation", "value-quantity=five", CriterionError::UnknownPrefix),
        ("Observation", "value-quantity=5|mg", CriterionError::BadQuantity),
        ("Observation", "code-value-quantity=a", CriterionError::BadComposite),
        ("Observation", "code.name=a", CriterionError::NotAReference),
        ("Patient", "_has:Observation:code=1", CriterionError::BadHas),
        ("Patient", "_has:Observation:encounter:code=1", CriterionError::WrongTarget),
        ("Patient", "name=%ff", CriterionError::BadEncoding),
    ] {
        assert_eq!(error(resource_type, query), why, "{query}");
    }
}

#[test]
fn chains_are_read_into_their_branches() {
    let read = |key: &str| Criterion::parse("Observation", key, "x", &setting());
    let Ok(Criterion::Chain { by, any }) = read("subject.name") else { panic!() };
    assert_eq!(by.code(), "subject");
    let types: Vec<&str> = any.iter().map(|(target, _)| *target).collect();
    assert_eq!(types, ["Location", "Patient"]);
    assert!(matches!(
        read("subject:Patient.general-practitioner:Practitioner.name:exact"),
        Ok(Criterion::Chain { .. })
    ));
    assert!(matches!(read("patient._has:Group:member:identifier"), Ok(Criterion::Chain { .. })));
    assert_eq!(read("subject:Practitioner.name").unwrap_err(), CriterionError::WrongTarget);
    assert_eq!(read("subject.gravity").unwrap_err(), CriterionError::UnknownParameter);
    assert_eq!(read(&"has-member.".repeat(40)).unwrap_err(), CriterionError::TooDeep);
    assert_eq!(read("focus.focus.focus.code").unwrap_err(), CriterionError::TooBroad);
    // In a text a bar is a sign as others, in a code it parts the system off.
    let both = Criterion::parse("Provenance", "target.series", "a|b", &setting());
    assert!(matches!(both, Err(CriterionError::Ambiguous)), "{both:?}");
    let has = Criterion::parse("Patient", "_has:Observation:patient:code", "1", &setting()).unwrap();
    assert_eq!(has.to_string(), "_has:Observation:patient:code=1");
    assert!(has.matches(&json!({"resourceType": "Patient"}), &setting()).is_err());
}

#[test]
fn a_reference_with_escaped_bars_and_backslashes_is_said_again_as_it_was_read() {
    let setting = fhir::parameters::Setting::utc();
    for value in [r"http://a.example/x\\\|1", r"http://a.example/x\|1", r"http://a.example/x\\1"] {
        let read = fhir::criteria::Criterion::parse("Observation", "subject", value, &setting).unwrap();
        let again = fhir::criteria::Criterion::parse("Observation", &read.key(), &read.value(), &setting).unwrap();
        assert_eq!(read, again, "{value}");
    }
}
