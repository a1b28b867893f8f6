use proptest::prelude::*;

use super::*;

#[test]
fn what_a_pull_needs_to_know_is_read() {
    let statement = br#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1",
        "software":{"name":"Some EHR"},
        "rest":[{"mode":"client","resource":[{"type":"Basic"}]},
        {"mode":"server","searchParam":[{"name":"_id"}],"operation":[{"name":"$export"}],
         "resource":[
            {"type":"Observation","interaction":[{"code":"read"},{"code":"search-type"}],
             "searchParam":[{"name":"patient"},{"name":"_lastUpdated"}],
             "searchRevInclude":["Provenance:target"]},
            {"type":"Patient","interaction":[{"code":"read"}],
             "operation":[{"definition":"http://hl7.org/fhir/uv/shc/OperationDefinition/health-cards-issue"}]},
            {"type":"Device"},
            {"no":"type"}]}]}"#;
    let capability = Capability::parse(statement).expect("a statement");
    assert_eq!(capability.fhir_version.as_deref(), Some("4.0.1"));
    assert_eq!(capability.name.as_deref(), Some("Some EHR"));
    assert!(capability.searches("Observation") && capability.reads("Observation"));
    assert!(!capability.searches("Patient") && !capability.searches("Basic"), "a client's part is not the server's");
    assert!(capability.searches("Device"), "a type without interactions may have all");
    assert!(capability.has_search("Observation", "_lastUpdated") && !capability.has_search("Device", "_lastUpdated"));
    assert!(capability.has_search("Device", "_id"));
    assert!(capability.issues_health_cards() && capability.operations.contains("export"));
}

#[test]
fn what_is_no_statement_has_a_name() {
    let error =
        |status, body: &str| Capability::read(&Answer::new(status, None, body.as_bytes())).expect_err(body).code();
    assert_eq!(error(401, "{}"), "capability.status");
    assert_eq!(error(200, "<CapabilityStatement xmlns='http://hl7.org/fhir'/>"), "capability.html");
    assert_eq!(error(200, "nope"), "capability.notJson");
    assert_eq!(error(200, r#"{"resourceType":"OperationOutcome"}"#), "capability.notCapability");
}

#[test]
fn members_of_odd_types_are_passed_over() {
    let statement = br#"{"resourceType":"CapabilityStatement","fhirVersion":4,"software":[],"rest":[7,{"resource":{},
        "security":{"extension":[{"url":"http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"}]}},
        {"resource":[{"type":"Goal","interaction":"x","searchParam":[null]}]}]}"#;
    let capability = Capability::parse(statement).expect("a statement");
    assert_eq!(capability.fhir_version, None);
    assert!(capability.searches("Goal"));
    assert_eq!(capability.oauth, Some(OauthUris::default()));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(body: Vec<u8>) {
        let _ = Capability::parse(&body);
    }
}
