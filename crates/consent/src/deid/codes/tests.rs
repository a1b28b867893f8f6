use super::shapes::{loinc, snomed};
use super::*;

const SNOMED: &str = "http://snomed.info/sct";

#[test]
fn a_code_stays_only_if_it_is_one_of_its_system() {
    let stays = |system: &str, code: &str| Public::of(system, code).map(|public| public.code);
    for (system, code) in [
        (SNOMED, "38341003"),
        (SNOMED, "112001000119100"),
        ("http://loinc.org", "4548-4"),
        ("http://loinc.org", "LA6576-8"),
        ("http://loinc.org", "LA33-6"),
        ("http://loinc.org", "LP14635-4"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "11289"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "Z79.01"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "T45.515A"),
        ("http://hl7.org/fhir/sid/icd-9-cm", "V58.61"),
        ("http://www.cms.gov/Medicare/Coding/ICD10", "0DTJ4ZZ"),
        ("http://www.ama-assn.org/go/cpt", "90837"),
        ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "J2315"),
        ("http://hl7.org/fhir/sid/cvx", "140"),
        ("http://unitsofmeasure.org", "mg/dL"),
        ("http://dicom.nema.org/resources/ontology/DCM", "MR"),
        ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB"),
    ] {
        assert_eq!(stays(system, code).as_deref(), Some(code), "{system}");
    }
    for (system, code) in [
        (SNOMED, "38341004"),
        (SNOMED, "555-12-3456"),
        (SNOMED, "5551234567"),
        ("http://loinc.org", "4548-5"),
        ("http://loinc.org", "Rosie"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "5551234567"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "OKAFOR"),
        ("http://www.cms.gov/Medicare/Coding/ICD10", "BRANDED"),
        ("http://unitsofmeasure.org", "{Rosie}"),
        ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "Rosie"),
        ("urn:oid:2.16.840.1.113883.6.238", "2039-6"),
        ("https://hospital.example.org/codes", "1"),
        ("urn:oid:1.2.840.114350.1.13.0.1.7.2", "1"),
    ] {
        assert_eq!(stays(system, code), None, "{system} {code}");
    }
}

#[test]
fn the_display_is_ours_and_other_names_of_a_system_become_its_address() {
    let coding = serde_json::json!({"system": "urn:oid:2.16.840.1.113883.6.1", "version": "Rosie", "code": "4548-4",
        "display": "Rosie's sugar", "userSelected": true});
    let left = Public::read(&coding).unwrap().json();
    let ours = serde_json::json!({"system": "http://loinc.org", "code": "4548-4", "display": "Hemoglobin A1c"});
    assert_eq!(left, ours);
}

#[test]
fn of_a_package_only_labeler_and_product_stay() {
    let product = |code: &str| Public::of("http://hl7.org/fhir/sid/ndc", code).map(|public| public.code);
    assert_eq!(product("00002322830").as_deref(), Some("00002-3228"));
    assert_eq!(product("0002-3228-30").as_deref(), Some("00002-3228"));
    assert_eq!(product("50580-449-05").as_deref(), Some("50580-0449"));
    for bad in ["0002322830", "0002-3228-300", "a-b", "1-2-3", "00002-3228-30-1", ""] {
        assert_eq!(product(bad), None, "{bad}");
    }
}

#[test]
fn a_language_loses_its_region_and_what_is_none_goes() {
    let language = |code: &str| Public::of("urn:ietf:bcp:47", code).map(|public| public.code);
    assert_eq!(language("en-US").as_deref(), Some("en"));
    assert_eq!(language("ES").as_deref(), Some("es"));
    for bad in ["xx", "en-canary", "", "-", "Rosie"] {
        assert_eq!(language(bad), None, "{bad}");
    }
}

#[test]
fn every_system_has_a_shape_and_no_system_is_in_two_lists() {
    for (address, shape) in SYSTEMS.values() {
        assert!(!HL7.contains_key(address), "{address}");
        let known = "snomed loinc rxnorm icd-10 icd-9 icd-10-pcs cpt hcpcs cvx ucum omb language modality us-core ndc";
        assert!(known.split(' ').any(|known| known == *shape), "{shape}");
    }
    assert!(HL7.len() > 100 && HL7.values().all(|codes| !codes.is_empty()));
}

#[test]
fn every_display_of_ours_is_of_a_code_that_is_one() {
    for (code, display) in &DISPLAYS["loinc"] {
        assert!(loinc(code) && !display.is_empty(), "{code}");
    }
    for code in DISPLAYS["snomed"].keys() {
        assert!(snomed(code), "{code}");
    }
    assert!(DISPLAYS["rxnorm"].keys().all(|code| shapes::fitting("rxnorm", code).is_some()));
}
