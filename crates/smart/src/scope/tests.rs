use proptest::prelude::*;
use types::ServerUrl;

use super::*;
use crate::Configuration;

fn configuration(capabilities: &[&str], listed: Option<&[&str]>) -> Configuration {
    let base = ServerUrl::parse("https://ehr.example.org/fhir").expect("an address");
    let mut document = serde_json::json!({
        "authorization_endpoint": "https://a.example/a",
        "token_endpoint": "https://a.example/t",
        "capabilities": capabilities,
    });
    if let Some(listed) = listed {
        document["scopes_supported"] = serde_json::json!(listed);
    }
    Configuration::parse(document.to_string().as_bytes(), &base).expect("a configuration")
}

fn asked(capabilities: &[&str], listed: Option<&[&str]>) -> Scopes {
    Scopes::for_launch(&configuration(capabilities, listed))
}

#[test]
fn granted_scopes_decide_what_is_asked_for() {
    let granted = Scopes::parse("launch/patient patient/Observation.rs  patient/Patient.r user/Goal.read openid");
    assert!(granted.search("Observation") && granted.read("Observation"));
    assert!(granted.read("Patient") && !granted.search("Patient"));
    assert!(granted.search("Goal") && !granted.search("Condition"));
    assert_eq!(granted.resource_types(), Some(vec!["Observation", "Patient", "Goal"]));
    assert!(Scopes::parse("patient/*.read").search("Anything"));
    assert_eq!(Scopes::parse("patient/*.read").resource_types(), None);
    assert!(Scopes::parse("launch/patient openid").search("Condition"), "silence forbids nothing");
}

/// Requirements 152, 195, 196 and 216.
#[test]
fn a_launch_asks_for_the_patient_the_person_and_leave_to_come_back() {
    let asked = asked(&["permission-v2"], None);
    for scope in ["launch/patient", "openid", "fhirUser", "offline_access"] {
        assert!(asked.has(scope), "{scope}");
    }
    assert!(asked.has("patient/Observation.rs") && asked.has("patient/Practitioner.rs"));
    assert!(!asked.to_string().contains('*') && !asked.to_string().contains("write"), "requirements 46 and 148");
    assert!(!asked.has("patient/Appointment.rs"), "what is not common is not asked for unasked");
}

#[test]
fn the_language_is_the_servers() {
    assert!(asked(&["permission-v2", "permission-v1"], None).has("patient/Condition.rs"));
    assert!(asked(&["permission-v1"], None).has("patient/Condition.read"));
    assert!(asked(&[], None).has("patient/Condition.read"), "a server that says nothing is an old one");
    assert!(asked(&["permission-v2"], Some(&["patient/Condition.read"])).has("patient/Condition.read"));
    assert!(asked(&["permission-v1"], Some(&["patient/Condition.rs"])).has("patient/Condition.rs"));
}

#[test]
fn nothing_is_asked_for_that_the_server_does_not_list() {
    let listed = asked(
        &["permission-v2"],
        Some(&[
            "openid",
            "launch/patient",
            "patient/Patient.cruds",
            "patient/Goal.r",
            "patient/Goal.s",
            "patient/Claim.r",
        ]),
    );
    assert_eq!(listed.to_string(), "launch/patient openid patient/Patient.rs patient/Goal.rs");
    let extra = asked(&["permission-v2"], Some(&["launch/patient", "patient/Appointment.rs", "patient/Patient.rs"]));
    assert!(extra.has("patient/Appointment.rs"), "what is listed is asked for");
    let wild = asked(&["permission-v1"], Some(&["launch/patient", "offline_access", "patient/*.read"]));
    assert_eq!(wild.to_string(), "launch/patient offline_access patient/*.read");
    let user = asked(&["permission-v2"], Some(&["user/Patient.rs"]));
    assert_eq!(user.to_string(), "launch/patient patient/Patient.rs");
}

#[test]
fn a_list_without_resources_is_not_taken_for_whole() {
    let asked = asked(&["permission-v2"], Some(&["openid", "profile"]));
    assert!(asked.has("offline_access") && asked.has("patient/Condition.rs"));
}

proptest! {
    #[test]
    fn any_text_is_read_and_written_back(text in ".*") {
        let scopes = Scopes::parse(&text);
        prop_assert_eq!(&Scopes::parse(&scopes.to_string()), &scopes);
    }
}
