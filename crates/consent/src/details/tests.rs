use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::Mode;
use crate::arbitrary::grant;

fn read(value: Value) -> Result<Details, DetailsError> {
    Details::parse(value.to_string().as_bytes())
}

fn smart() -> Value {
    json!({"type": "smart_on_fhir", "locations": ["https://ehr.example.org/fhir/r4"], "fhirVersions": ["4.0.1"],
        "scope": "launch/patient patient/MedicationRequest.rs", "patient": "r4-123-id",
        "fhirContext": [{"reference": "ImagingStudy/123", "role": "launch"}]})
}

fn access() -> Value {
    json!({"type": "satchel-record-access/1", "locations": ["https://ehr.example.org/fhir"], "permits": [
        {"context": "patient", "actions": "rs", "select": {"topics": ["labs"], "dates": {"from": "2025-11-20"}}}],
        "except": [{"topics": ["hiv"]}], "deidentified": "year", "purposes": ["HRESCH"]})
}

fn with(mut object: Value, member: &str, value: Value) -> Value {
    object[member] = value;
    json!([object])
}

fn without(mut object: Value, member: &str) -> Value {
    object.as_object_mut().unwrap().remove(member).unwrap();
    json!([object])
}

#[test]
fn both_types_are_read_and_written_back() {
    let both = json!([smart(), access()]);
    let details = read(both.clone()).unwrap();
    assert_eq!(details.to_value(), both);
    assert_eq!(details.permits(&Scopes::default()).len(), 2);
    assert_eq!(details.what(&Scopes::default()).exclusions.len(), 1);
    assert_eq!(read(json!([])).unwrap(), Details::default());
}

/// "When absent, the top-level scopes from the access token response will apply."
#[test]
fn without_scopes_of_its_own_those_beside_it_are_meant() {
    let details = read(without(smart(), "scope")).unwrap();
    let beside = Scopes::parse("openid patient/Goal.r patient/Condition.rs").unwrap();
    assert_eq!(details.permits(&beside), beside.permits());
}

#[test]
fn what_is_not_understood_is_refused() {
    use DetailsError as E;
    let refused = |value| read(value).unwrap_err();
    assert!(matches!(refused(json!({})), E::Form(_)));
    assert!(matches!(refused(json!(["smart_on_fhir"])), E::Form(_)));
    assert!(matches!(refused(json!([{"locations": []}])), E::Form(_)));
    assert!(matches!(refused(with(smart(), "type", json!("smart-on-fhir"))), E::Type));
    assert!(matches!(refused(with(access(), "type", json!("satchel-record-access/2"))), E::Type));
    for object in [smart(), access()] {
        assert!(matches!(refused(with(object.clone(), "privileges", json!(["admin"]))), E::Member(_)));
        assert!(matches!(refused(with(object, "locations", json!(["ftp://x"]))), E::Location));
    }
    assert!(matches!(refused(without(smart(), "locations")), E::Member(_)));
    assert!(matches!(refused(without(smart(), "fhirVersions")), E::Member(_)));
    assert!(matches!(refused(with(smart(), "locations", json!([]))), E::Location));
    assert!(matches!(refused(with(smart(), "fhirVersions", json!(["1.0.2"]))), E::Version));
    assert!(matches!(refused(with(smart(), "scope", json!("patient/Nothing.rs"))), E::Scopes(_)));
    assert!(matches!(refused(with(smart(), "scope", json!(null))), E::Member(_)));
    assert!(matches!(refused(with(smart(), "patient", json!("a/b"))), E::Meaning));
    assert!(matches!(refused(with(smart(), "fhirContext", json!([{"role": "launch"}]))), E::Meaning));
    assert!(matches!(refused(with(smart(), "fhirContext", json!([{"reference": "A/1", "x": 1}]))), E::Member(_)));
    assert!(matches!(refused(without(access(), "permits")), E::Member(_)));
    assert!(matches!(refused(with(access(), "permits", json!([]))), E::Meaning));
    assert!(matches!(refused(with(access(), "except", json!([{}]))), E::Selector(_)));
    assert!(matches!(refused(with(access(), "purposes", json!(["any"]))), E::Permit(_)));
    let twice = r#"[{"type": "satchel-record-access/1", "permits": [], "permits": []}]"#;
    assert!(matches!(Details::parse(twice.as_bytes()), Err(E::Member(_))));
}

#[test]
fn huge_and_deep_details_are_refused() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(matches!(Details::parse(deep.as_bytes()), Err(DetailsError::Form(_))));
    assert!(matches!(Details::parse(&vec![b'['; MAX_DETAILS_BYTES + 1]), Err(DetailsError::TooLarge)));
    assert!(matches!(read(Value::Array(vec![access(); MAX_DETAILS + 1])), Err(DetailsError::TooLarge)));
    assert!(matches!(read(with(smart(), "fhirVersions", json!(vec!["4.0.1"; 101]))), Err(DetailsError::TooLarge)));
}

proptest! {
    #[test]
    fn a_grant_is_read_back_from_its_details(grant in grant()) {
        let details = Details(vec![Detail::RecordAccess(RecordAccess::whole(&grant))]);
        if !grant.what.permits.is_empty() {
            let read = read(details.to_value()).unwrap();
            prop_assert_eq!(&read, &details);
            prop_assert_eq!(read.what(&Scopes::default()), grant.what);
        }
    }

    #[test]
    fn what_is_shown_does_not_tell_what_is_excluded(mut grant in grant(), other in grant()) {
        let shown = RecordAccess::shown(&grant);
        let json = shown.to_value();
        prop_assert!(json.get("except").is_none() && json.get("mode").is_none());
        prop_assert!(shown.what.permits.iter().all(|permit| grant.what.permits.contains(permit)), "never more");
        grant.what.exclusions = other.what.exclusions;
        grant.mode = Mode::Strict;
        grant.decisions = other.decisions;
        prop_assert_eq!(RecordAccess::shown(&grant), shown);
    }

    #[test]
    fn what_a_token_says_is_read_again_and_is_never_more_than_the_grant(grant in grant()) {
        let base = types::ServerUrl::parse("https://wallet.example/fhir").unwrap();
        let details = Details::shown(&grant, &base, Some("p1"));
        prop_assert_eq!(&read(details.to_value()).unwrap(), &details);
        let (said, given) = (crate::Rights::of(&details.what(&Scopes::default())), crate::Rights::of(&grant.what));
        for interaction in [crate::Interaction::Create, crate::Interaction::Read, crate::Interaction::Search] {
            for resource_type in [None, Some("Observation"), Some("Patient"), Some("Goal")] {
                let need = crate::Need { interaction, resource_type };
                prop_assert!(given.allows(need) || !said.allows(need), "{:?}", need);
            }
        }
        let said = details.what(&Scopes::default());
        prop_assert!(said.exclusions.is_empty());
        for permit in said.permits {
            let of_grant = |given: &Permit| {
                let narrowed = given.select.types.iter().all(|name| permit.select.types.contains(name));
                let same = crate::Selector { types: permit.select.types.clone(), ..given.select.clone() };
                permit.select == same && given.context == permit.context && (narrowed || given.select.types.len() > 1)
            };
            prop_assert!(grant.what.permits.iter().any(of_grant), "{:?}", permit);
        }
    }

    #[test]
    fn what_is_shown_of_a_deidentified_grant_names_nothing_of_the_record(mut grant in grant()) {
        grant.deidentified = Some(crate::Dates::Year);
        let text = RecordAccess::shown(&grant).to_value().to_string();
        prop_assert!(!text.contains("resources") && !text.contains("sources"));
    }

    #[test]
    fn any_bytes_are_details_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Details::parse(&bytes);
    }
}
