use proptest::prelude::*;
use serde_json::{Value, json};
use types::GrantId;

use super::*;
use crate::arbitrary::grant;
use crate::{Grant, Party, Proof};

fn example(name: &str) -> Option<Value> {
    let path = testkit::shared(&format!("data/fhir-r4-examples/consent-example{name}.json"))?;
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

fn party() -> Party {
    Party { name: "Good Health Clinic".into(), proof: Proof::Did("did:key:z6Mk".into()) }
}

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

fn grant_of(directive: &Directive, recipient: &str) -> Result<Grant, ConsentError> {
    let source = |custodian: &str| (custodian == HOSPITAL).then(|| "con_1".into());
    let binding = Binding { recipient, who: party(), source: &source };
    directive.grant(GrantId::from_random([1; 16]), binding)
}

const HOSPITAL: &str = "Organization/f001";

/// What a published example states in words, as answers: who asks, why, who holds the data, which type, when, and whether
/// it is let out.
fn holds(directive: &Directive, stated: &[(&str, &str, &str, &str, &str, bool)]) {
    for (recipient, purpose, custodian, resource_type, when, let_out) in stated {
        let ask = Ask { recipient, purpose, custodian, resource_type, at: at(when) };
        assert_eq!(directive.permits(&ask), *let_out, "{ask:?}");
    }
}

/// "wishes to have no data at the Good Health Psychiatric Hospital available for normal treatment use"
#[test]
fn an_opt_out_of_what_a_hospital_holds_lets_nothing_out() {
    let Some(consent) = example("-Out") else { return };
    let directive = Directive::read(&consent).unwrap();
    holds(
        &directive,
        &[
            ("Practitioner/1", "TREAT", HOSPITAL, "Observation", "2016-01-01T00:00:00Z", false),
            ("Practitioner/1", "TREAT", "Organization/2", "Observation", "2016-01-01T00:00:00Z", false),
        ],
    );
    assert!(matches!(grant_of(&directive, "Practitioner/1"), Err(ConsentError::NothingPermitted)));
}

/// "An overall Deny consent Directive, with an exception Permit of purposeOfUse ETREAT at Good Health hospital, and
/// exception Deny all other purposeOfUse from good health hospital."
#[test]
fn an_opt_out_with_emergencies_excepted_lets_emergencies_in() {
    let Some(consent) = example("-Emergency") else { return };
    let directive = Directive::read(&consent).unwrap();
    holds(
        &directive,
        &[
            ("Practitioner/1", "ETREAT", HOSPITAL, "Observation", "2016-01-01T00:00:00Z", true),
            ("Practitioner/1", "TREAT", HOSPITAL, "Observation", "2016-01-01T00:00:00Z", false),
            ("Practitioner/1", "HRESCH", HOSPITAL, "Observation", "2016-01-01T00:00:00Z", false),
            ("Practitioner/1", "ETREAT", "Organization/2", "Observation", "2016-01-01T00:00:00Z", false),
        ],
    );
    let grant = grant_of(&directive, "Practitioner/1").unwrap();
    assert_eq!(grant.purposes, ["ETREAT".into()]);
    assert_eq!(grant.what.permits[0].select.sources, ["con_1".into()]);
}

/// "wishes to provide XXX with read-only access to the data at Good Health Psychiatric Hospital"
#[test]
fn read_only_access_for_one_recipient_is_for_that_one_and_to_read() {
    let Some(consent) = example("-grantor") else { return };
    let directive = Directive::read(&consent).unwrap();
    holds(
        &directive,
        &[
            ("Patient/example", "PATRQT", HOSPITAL, "Observation", "2016-01-01T00:00:00Z", true),
            ("Practitioner/1", "PATRQT", HOSPITAL, "Observation", "2016-01-01T00:00:00Z", false),
            ("Patient/example", "PATRQT", "Organization/2", "Observation", "2016-01-01T00:00:00Z", false),
        ],
    );
    let grant = grant_of(&directive, "Patient/example").unwrap();
    assert_eq!(grant.what.permits[0].actions, crate::Actions::READ);
    assert!(matches!(grant_of(&directive, "Practitioner/1"), Err(ConsentError::NothingPermitted)));
}

/// "wishes to have all of the PHI collected at the Good Health Psychiatric Hospital restricted from disclosure to every
/// provider"
#[test]
fn what_one_hospital_collected_is_withheld_from_everybody() {
    let Some(consent) = example("-notAuthor") else { return };
    let directive = Directive::read(&consent).unwrap();
    holds(
        &directive,
        &[
            ("Practitioner/1", "TREAT", HOSPITAL, "Observation", "2016-01-01T00:00:00Z", false),
            ("Organization/2", "TREAT", HOSPITAL, "Condition", "2016-01-01T00:00:00Z", false),
        ],
    );
    assert!(matches!(grant_of(&directive, "Practitioner/1"), Err(ConsentError::NothingPermitted)));
}

/// "would like to withdraw/withhold consent to disclose any instance of his health information to Good Health Clinic"
#[test]
fn a_denied_organization_gets_nothing() {
    let Some(consent) = example("-notOrg") else { return };
    let directive = Directive::read(&consent).unwrap();
    holds(&directive, &[(HOSPITAL, "TREAT", "Organization/2", "Observation", "2016-01-01T00:00:00Z", false)]);
    assert!(matches!(grant_of(&directive, HOSPITAL), Err(ConsentError::NothingPermitted)));
}

/// A session of half an hour for medication requests.
#[test]
fn an_app_reads_the_type_it_was_given_for_half_an_hour() {
    let Some(consent) = example("-smartonfhir") else { return };
    let directive = Directive::read(&consent).unwrap();
    let app = "Device/app";
    holds(
        &directive,
        &[
            (app, "PATRQT", HOSPITAL, "MedicationRequest", "2016-06-23T17:10:00+10:00", true),
            (app, "PATRQT", HOSPITAL, "Observation", "2016-06-23T17:10:00+10:00", false),
            (app, "PATRQT", HOSPITAL, "MedicationRequest", "2016-06-23T17:02:00+10:00", false),
            (app, "PATRQT", HOSPITAL, "MedicationRequest", "2016-06-23T17:32:33+10:00", false),
        ],
    );
    let grant = grant_of(&directive, app).unwrap();
    assert_eq!(crate::Scopes::of(&grant.what).to_string(), "patient/MedicationRequest.rs");
    assert_eq!(grant.term.end, Some(at("2016-06-23T07:32:33Z")));
    assert_eq!(directive.patient(), "Patient/xcda");
}

/// Two examples of one shape say opposite things: "available for normal treatment use", and "withhold disclosure of all
/// data from a timeframe". Both ended before they were given, so the time of the data may be meant: refused.
#[test]
fn a_consent_that_ended_before_it_was_given_is_refused() {
    for name in ["", "-notTime"] {
        let Some(consent) = example(name) else { return };
        assert!(matches!(Directive::read(&consent), Err(ConsentError::EndedBefore)), "{name}");
    }
}

/// One permits documents of one author, which no grant can say; the other's provisions do not say what they do.
#[test]
fn what_a_grant_cannot_say_is_refused() {
    let Some(signature) = example("-signature") else { return };
    assert!(matches!(Directive::read(&signature), Err(ConsentError::Role)));
    let Some(screen) = example("-pkb") else { return };
    assert!(matches!(Directive::read(&screen), Err(ConsentError::TypeMissing)));
}

#[test]
fn every_example_of_a_consent_is_looked_at() {
    let Some(folder) = testkit::shared("data/fhir-r4-examples") else { return };
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with("consent-example")).count(), 10);
}

fn plain() -> Value {
    json!({"resourceType": "Consent", "status": "active", "dateTime": "2026-01-01",
        "scope": {"coding": [{"system": SCOPE, "code": PRIVACY}]}, "category": [],
        "patient": {"reference": "Patient/1"}, "policyRule": {"coding": [{"system": ACT_CODE, "code": "OPTIN"}]},
        "provision": {"provision": [{"type": "permit", "class": [{"system": RESOURCE_TYPES, "code": "Observation"}],
            "code": [{"coding": [{"system": "http://loinc.org", "code": "4548-4"}]}],
            "dataPeriod": {"start": "2025-01-01"}}]}})
}

fn changed(at: &str, value: Value) -> Result<Directive, ConsentError> {
    let mut consent = plain();
    let (parent, member) = at.rsplit_once('/').unwrap();
    consent.pointer_mut(parent).unwrap()[member] = value;
    Directive::read(&consent)
}

#[test]
fn what_is_not_understood_is_refused() {
    use ConsentError as E;
    assert!(Directive::read(&plain()).is_ok());
    let inner = "/provision/provision/0";
    let refused = |at: &str, value| changed(at, value).unwrap_err();
    assert!(matches!(refused("/resourceType", json!("Contract")), E::NotAConsent));
    assert!(matches!(refused("/status", json!("rejected")), E::NotActive));
    assert!(matches!(refused("/policy", json!([{"uri": "http://law"}])), E::Modifier));
    assert!(matches!(refused("/modifierExtension", json!([{"url": "urn:x"}])), E::Modifier));
    assert!(matches!(refused(&format!("{inner}/modifierExtension"), json!([])), E::Modifier));
    assert!(matches!(refused("/scope", json!({"coding": [{"system": SCOPE, "code": "research"}]})), E::Scope));
    assert!(matches!(refused("/policyRule", json!({"coding": [{"system": ACT_CODE, "code": "OPTINR"}]})), E::Policy));
    assert!(matches!(refused("/policyRule", json!({"text": "as agreed"})), E::Code));
    assert!(matches!(refused(&format!("{inner}/type"), json!("allow")), E::Form));
    assert!(matches!(refused(&format!("{inner}/class"), json!([{"system": RESOURCE_TYPES, "code": "Lab"}])), E::Class));
    assert!(matches!(refused(&format!("{inner}/code"), json!([{"text": "HbA1c"}])), E::Code));
    assert!(matches!(refused(&format!("{inner}/dataPeriod"), json!({"start": "2025"})), E::Period));
    assert!(matches!(refused(&format!("{inner}/dataPeriod"), json!({})), E::Period));
    assert!(matches!(refused(&format!("{inner}/provision"), json!([{"type": "deny"}])), E::TooDeep));
    let related = json!([{"meaning": "related", "reference": {"reference": "Encounter/1"}}]);
    assert!(matches!(refused(&format!("{inner}/data"), related), E::Data));
    let correct = json!([{"coding": [{"system": ACTION, "code": "correct"}]}]);
    assert!(matches!(refused(&format!("{inner}/action"), correct), E::Action));
    let many = vec![json!({"type": "permit"}); MAX_PROVISIONS + 1];
    assert!(matches!(refused("/provision/provision", json!(many)), E::TooDeep));
}

#[test]
fn a_denial_wins_over_a_permit_and_becomes_an_exclusion() {
    let both = json!([{"type": "permit", "class": [{"system": RESOURCE_TYPES, "code": "Observation"}]},
        {"type": "deny", "securityLabel": [{"system": ACT_CODE, "code": "HIV"}]}]);
    let directive = changed("/provision/provision", both).unwrap();
    let grant = grant_of(&directive, "Practitioner/1").unwrap();
    assert_eq!(grant.what.permits[0].select.types, ["Observation".into()]);
    assert_eq!(grant.what.exclusions[0].labels, ["HIV".into()]);
    let all = json!([{"type": "permit"}, {"type": "deny", "class": [{"system": RESOURCE_TYPES, "code": "Goal"}]}]);
    let directive = changed("/provision/provision", all).unwrap();
    let when = "2026-06-01T00:00:00Z";
    holds(
        &directive,
        &[
            ("Practitioner/1", "TREAT", HOSPITAL, "Observation", when, true),
            ("Practitioner/1", "TREAT", HOSPITAL, "Goal", when, false),
        ],
    );
}

/// Every element of R4 that is written is one, once where it may be once, and its required codes are from their lists.
fn is_r4(of: &str, path: &str, value: &Value) {
    let Value::Object(members) = value else { return };
    for (name, member) in members.iter().filter(|(name, _)| *name != "resourceType") {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let (element, kind) =
            fhir::definitions::value_type(of, &below).unwrap_or_else(|| panic!("{of}.{below} is no element"));
        assert_eq!(element.many, member.is_array(), "{of}.{below}");
        let values = member.as_array().map_or(std::slice::from_ref(member), Vec::as_slice);
        for value in values {
            if let (Some(codes), Some(code)) = (element.codes, value.as_str()) {
                assert!(codes.contains(&code), "{of}.{below} {code}");
            }
            match kind {
                "BackboneElement" | "Element" => is_r4(of, &below, value),
                kind => is_r4(kind, "", value),
            }
        }
    }
    for element in fhir::definitions::elements(of).iter().filter(|element| element.is_required()) {
        let (inside, name) = element.path.rsplit_once('.').unwrap_or(("", element.path));
        let there = members.contains_key(name) || name.ends_with("[x]");
        assert!(inside != path || there, "{of}.{} is required", element.path);
    }
}

proptest! {
    #[test]
    fn a_grant_is_read_back_from_its_consent(grant in grant()) {
        let consent = grant.to_consent("Patient/1", at("2026-11-21T10:00:00Z"), Reader::Owner);
        is_r4("Consent", "", &consent);
        prop_assert_eq!(Grant::from_consent(&consent).unwrap(), grant);
    }

    #[test]
    fn the_other_side_reads_the_same_whatever_is_excluded(mut grant in grant(), other in grant()) {
        let given = at("2026-11-21T10:00:00Z");
        let consent = grant.to_consent("Patient/1", given, Reader::OtherSide);
        is_r4("Consent", "", &consent);
        prop_assert!(Grant::from_consent(&consent).is_err(), "it is not the whole grant");
        prop_assert!(Directive::read(&consent).is_err(), "nor may the extension be overlooked");
        grant.what.exclusions = other.what.exclusions;
        grant.decisions = other.decisions;
        prop_assert_eq!(grant.to_consent("Patient/1", given, Reader::OtherSide), consent);
    }

    #[test]
    fn a_consent_that_was_changed_is_not_the_grant_in_it(grant in grant()) {
        let mut consent = grant.to_consent("Patient/1", at("2026-11-21T10:00:00Z"), Reader::Owner);
        consent["provision"]["provision"] = json!([{"type": "permit"}]);
        prop_assert!(matches!(Grant::from_consent(&consent), Err(ConsentError::Mismatch)));
    }

    #[test]
    fn any_json_is_a_directive_or_an_error(at in 0_usize..6, text in "\\PC{0,12}") {
        let places = ["/status", "/patient", "/dateTime", "/provision/period", "/provision/provision", "/provision/provision/0/actor"];
        for value in [json!(text), json!([text]), json!({"start": text, "end": text, "reference": text}), json!([{"role": text}])] {
            let _ = changed(places[at], value);
        }
    }
}
