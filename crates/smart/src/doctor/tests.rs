use std::collections::BTreeSet;

use super::*;
use crate::refusal::RefusalKind;
use crate::{CODES as ERRORS, Client};

const GOOD: &str = r#"{
    "authorization_endpoint":"https://ehr.example.org/a","token_endpoint":"https://ehr.example.org/t",
    "registration_endpoint":"https://ehr.example.org/r","code_challenge_methods_supported":["S256"],
    "scopes_supported":["launch/patient","openid","fhirUser","offline_access","patient/*.rs"],
    "capabilities":["launch-standalone","client-public","context-standalone-patient","permission-patient","permission-v2"]}"#;
const METADATA: &str = r#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","software":{"name":"EHR"}}"#;

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).expect("a time")
}

fn came(body: &str) -> Brought<'_> {
    Brought::Answer(Answer::new(200, None, body.as_bytes()))
}

fn look(configuration: Brought<'_>, metadata: Brought<'_>, server_clock: Option<Timestamp>) -> Vec<Finding> {
    let base = ServerUrl::parse("https://ehr.example.org/fhir").expect("an address");
    let findings = examine(&Looked { base: &base, configuration, metadata, server_clock, now: now() });
    let steps: Vec<Step> = findings.iter().map(|finding| finding.step).collect();
    assert!(steps.is_sorted(), "{steps:?}");
    assert!(STEPS.iter().all(|step| steps.contains(step)), "{steps:?}");
    for finding in &findings {
        assert!(
            CODES.contains(&finding.code) || ERRORS.contains(&finding.code) || finding.code.starts_with("fetch."),
            "{}",
            finding.code
        );
    }
    findings
}

fn at(findings: &[Finding], step: Step) -> (Outcome, &'static str) {
    let finding = findings.iter().find(|finding| finding.step == step).expect("a finding for each step");
    (finding.outcome, finding.code)
}

#[test]
fn a_server_in_order_is_found_in_order() {
    let findings = look(came(GOOD), came(METADATA), Some(now()));
    assert!(findings.iter().all(|finding| finding.outcome == Outcome::Good), "{findings:#?}");
    assert_eq!(server_name(came(METADATA)).as_deref(), Some("EHR"));
}

#[test]
fn a_server_that_cannot_be_reached_skips_the_rest() {
    let nothing = |code, at| Brought::Nothing { code, whose: Whose::Unknown, at };
    let dns = nothing("fetch.dns", Layer::Reach);
    let findings = look(dns, dns, None);
    assert_eq!(at(&findings, Step::Reach), (Outcome::Bad, "fetch.dns"));
    assert_eq!(at(&findings, Step::Tls).0, Outcome::Skipped);
    assert_eq!(at(&findings, Step::Registration).0, Outcome::Skipped);
    let expired = nothing("fetch.tlsExpired", Layer::Tls);
    let findings = look(expired, expired, None);
    assert_eq!(at(&findings, Step::Reach).0, Outcome::Good);
    assert_eq!(at(&findings, Step::Tls), (Outcome::Bad, "fetch.tlsExpired"));
    let half = look(nothing("fetch.timeout", Layer::Reach), came(METADATA), None);
    assert_eq!(at(&half, Step::Reach).0, Outcome::Good, "one answer is enough to be reached");
    assert_eq!(at(&half, Step::Configuration), (Outcome::Bad, "discovery.notFound"));
}

#[test]
fn what_is_wrong_is_found_at_its_step() {
    let html = look(came("<html>"), came("<html>"), None);
    assert_eq!(at(&html, Step::Configuration), (Outcome::Bad, "discovery.html"));
    assert_eq!(at(&html, Step::Pkce).0, Outcome::Skipped);
    assert_eq!(at(&html, Step::FhirVersion), (Outcome::Note, "doctor.fhirVersionNotSaid"));
    let plain = GOOD.replace("S256", "plain");
    assert_eq!(at(&look(came(&plain), came(METADATA), None), Step::Pkce), (Outcome::Bad, "discovery.noS256"));
    let no_token = GOOD.replace("token_endpoint", "x");
    assert_eq!(at(&look(came(&no_token), came(METADATA), None), Step::Token), (Outcome::Bad, "discovery.noToken"));
    let dstu2 = METADATA.replace("4.0.1", "1.0.2");
    assert_eq!(at(&look(came(GOOD), came(&dstu2), None), Step::FhirVersion), (Outcome::Bad, "doctor.fhirVersionWrong"));
    let r4b = METADATA.replace("4.0.1", "4.3.0");
    assert_eq!(at(&look(came(GOOD), came(&r4b), None), Step::FhirVersion), (Outcome::Note, "doctor.fhirVersionClose"));
    let failing = look(Brought::Answer(Answer::new(503, None, b"")), came("x"), None);
    assert_eq!(at(&failing, Step::Reach), (Outcome::Note, "doctor.reachedWithError"));
}

#[test]
fn what_is_worth_knowing_is_noted() {
    let bare =
        r#"{"authorization_endpoint":"https://login.example.com/a","token_endpoint":"https://ehr.example.org/t"}"#;
    let findings = look(came(bare), came(METADATA), None);
    for (step, code) in [
        (Step::Authorize, "doctor.endpointElsewhere"),
        (Step::Token, "doctor.endpointsApart"),
        (Step::Pkce, "doctor.pkceNotSaid"),
        (Step::Capability, "doctor.capabilitiesNotSaid"),
        (Step::Scopes, "doctor.scopesNotListed"),
        (Step::Registration, "doctor.registrationByHand"),
        (Step::Clock, "doctor.clockNotSaid"),
    ] {
        assert_eq!(at(&findings, step), (Outcome::Note, code));
    }
    let ehr_only = GOOD.replace("launch-standalone", "launch-ehr");
    let findings = look(came(&ehr_only), came(METADATA), None);
    assert_eq!(at(&findings, Step::Capability), (Outcome::Note, "doctor.capabilitiesMissing"));
    assert!(findings.iter().any(|finding| finding.evidence == "launch-standalone"));
    let no_return = GOOD.replace("offline_access", "online_access");
    assert_eq!(
        at(&look(came(&no_return), came(METADATA), None), Step::Scopes),
        (Outcome::Note, "doctor.scopesNoReturn")
    );
    let no_record = GOOD.replace("patient/*.rs", "patient/Medication.c");
    assert_eq!(
        at(&look(came(&no_record), came(METADATA), None), Step::Scopes),
        (Outcome::Bad, "doctor.scopesNoRecord")
    );
    let old = r#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[{"security":{"extension":[
        {"url":"http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris","extension":[
            {"url":"authorize","valueUri":"https://ehr.example.org/a"},
            {"url":"token","valueUri":"https://ehr.example.org/t"}]}]}}]}"#;
    let findings = look(Brought::Answer(Answer::new(404, None, b"")), came(old), None);
    assert_eq!(at(&findings, Step::Configuration), (Outcome::Note, "doctor.configurationOld"));
}

#[test]
fn clocks_that_differ_are_measured() {
    let clock = |seconds: i64| {
        let theirs = Timestamp::from_second(1_700_000_000 + seconds).ok();
        at(&look(came(GOOD), came(METADATA), theirs), Step::Clock)
    };
    assert_eq!(clock(-60).0, Outcome::Good);
    assert_eq!(clock(61), (Outcome::Note, "doctor.clockOff"));
    assert_eq!(clock(-301), (Outcome::Bad, "doctor.clockWrong"));
}

#[test]
fn every_refusal_but_an_unknown_one_has_a_likely_cause() {
    let public = Client::Public { id: "a".into() };
    let keyed = Client::Keyed { id: "a".into(), kid: "k".into(), algorithm: crypto::Algorithm::Es384 };
    let mut named = BTreeSet::new();
    for stage in [Stage::Authorize, Stage::Redeem, Stage::Refresh] {
        for kind in [
            RefusalKind::InvalidRequest,
            RefusalKind::InvalidClient,
            RefusalKind::InvalidGrant,
            RefusalKind::InvalidScope,
            RefusalKind::UnauthorizedClient,
            RefusalKind::UnsupportedGrantType,
            RefusalKind::UnsupportedResponseType,
            RefusalKind::AccessDenied,
            RefusalKind::ServerError,
            RefusalKind::TemporarilyUnavailable,
            RefusalKind::LoginRequired,
        ] {
            for client in [&public, &keyed] {
                let causes = causes(stage, kind, client);
                assert!(!causes.is_empty(), "{stage:?} {kind:?}");
                named.extend(causes.iter().map(|cause| cause.code));
            }
        }
        assert!(causes(stage, RefusalKind::Other, &public).is_empty());
    }
    let listed: BTreeSet<&str> = CODES.iter().copied().filter(|code| code.starts_with("doctor.cause")).collect();
    assert_eq!(named, listed);
    assert_eq!(causes(Stage::Redeem, RefusalKind::InvalidClient, &public)[0].code, "doctor.causeClientIsConfidential");
    assert_eq!(causes(Stage::Redeem, RefusalKind::InvalidClient, &keyed)[0].code, "doctor.causeKeyNotRegistered");
}
