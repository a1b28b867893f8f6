use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use types::ServerUrl;

use super::*;
use crate::{Refusal, RefusalKind};

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).expect("a time")
}

fn configuration(more: Value) -> Configuration {
    let base = ServerUrl::parse("https://ehr.example.org/fhir/").expect("an address");
    let mut document = json!({
        "authorization_endpoint": "https://login.example.com/authorize?tenant=7",
        "token_endpoint": "https://login.example.com/token",
        "capabilities": ["permission-v2"],
    });
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
    Configuration::parse(document.to_string().as_bytes(), &base).expect("a configuration")
}

fn random() -> Secret<[u8; 96]> {
    let mut bytes = [1; 96];
    bytes[32..64].fill(2);
    bytes[64..].fill(3);
    Secret::new(bytes)
}

fn begin(more: Value) -> (Url, Waiting) {
    let client = Client::Public { id: "satchel app".into() };
    let scopes = Scopes::parse("launch/patient openid fhirUser offline_access patient/Observation.rs");
    Launch::begin(&configuration(more), client, Redirect::loopback(49_152), scopes, &random(), now()).expect("a launch")
}

fn parameters(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().collect()
}

fn state() -> String {
    b64u::encode(&[1; 32])
}

fn error(more: Value, query: &str) -> CallbackError {
    begin(more).1.callback(query, now()).expect_err(query)
}

/// SMART App Launch 2.2, "Obtain authorization code", requirements 2, 3, 13 and 32 to 51.
#[test]
fn the_browser_is_sent_with_all_that_a_standalone_launch_needs() {
    let (url, waiting) = begin(json!({}));
    let sent = parameters(&url);
    assert_eq!((url.host_str(), url.path()), (Some("login.example.com"), "/authorize"));
    assert_eq!(sent["tenant"], "7", "what the endpoint's address carries stays");
    assert_eq!(sent["response_type"], "code");
    assert_eq!(sent["client_id"], "satchel app");
    assert_eq!(sent["redirect_uri"], "http://127.0.0.1:49152/callback");
    assert_eq!(sent["aud"], "https://ehr.example.org/fhir");
    assert_eq!(sent["scope"], "launch/patient openid fhirUser offline_access patient/Observation.rs");
    assert_eq!(sent["state"], state());
    assert_eq!(sent["nonce"], b64u::encode(&[2; 32]));
    assert_eq!(sent["code_challenge_method"], "S256");
    let verifier = b64u::encode(&[3; 32]);
    assert_eq!(sent["code_challenge"], b64u::encode(&crypto::sha256(verifier.as_bytes())));
    assert!(!sent.contains_key("launch"), "requirement 36");
    assert!(!url.as_str().contains(&verifier) && !sent.contains_key("client_secret"));
    assert!(!format!("{waiting:?}").contains(&state()), "a launch never prints its secrets");
}

/// RFC 9700, section 4.4: a FHIR server cannot have the code of another sign-in brought to itself.
#[test]
fn a_code_goes_only_to_the_server_that_made_it() {
    let split = configuration(json!({"token_endpoint": "https://evil.example/token"}));
    let launch = |configuration: &Configuration| {
        let client = Client::Public { id: "a".into() };
        Launch::begin(configuration, client, Redirect::loopback(1), Scopes::default(), &random(), now()).map(drop)
    };
    assert_eq!(launch(&split), Err(ClientError::EndpointsApart));
    let asked = split.to_confirm().expect("a url");
    assert_eq!(asked.as_str(), "https://login.example.com/.well-known/oauth-authorization-server");
    let says = |token: &str| {
        let document =
            json!({"authorization_endpoint": "https://login.example.com/authorize?tenant=7", "token_endpoint": token});
        split.clone().confirm(&crate::Answer::new(200, None, document.to_string().as_bytes()))
    };
    assert_eq!(says("https://login.example.com/token").expect_err("another").code(), "discovery.endpointsApart");
    let confirmed = says("https://evil.example/token").expect("its own word");
    assert_eq!((confirmed.to_confirm(), launch(&confirmed)), (None, Ok(())));
    assert!(split.clone().confirm(&crate::Answer::new(404, None, b"")).is_err());
    assert!(split.confirm(&crate::Answer::new(200, None, b"<html>")).is_err());
    let named =
        configuration(json!({"token_endpoint": "https://t.example/", "issuer": "https://login.example.com/realm/"}));
    let asked = named.to_confirm().expect("a url");
    assert_eq!(asked.as_str(), "https://login.example.com/realm/.well-known/openid-configuration");
}

#[test]
fn a_nonce_is_sent_only_with_openid() {
    let client = Client::Public { id: "a".into() };
    let scopes = Scopes::parse("launch/patient");
    let configuration = configuration(json!({}));
    let (url, _) =
        Launch::begin(&configuration, client, Redirect::loopback(1), scopes, &random(), now()).expect("a launch");
    assert!(!parameters(&url).contains_key("nonce"));
}

#[test]
fn the_code_of_this_launch_is_taken() {
    let (_, waiting) = begin(json!({}));
    for query in [format!("code=abc&state={}", state()), format!("?state={}&code=abc&session_state=x", state())] {
        assert_eq!(waiting.callback(&query, now()).expect("a code").into_secret().expose(), "abc");
    }
}

/// Requirements 4, 60 and 61.
#[test]
fn what_does_not_belong_to_this_launch_ends_nothing() {
    let (_, waiting) = begin(json!({}));
    for (query, code) in [
        (String::new(), "launch.notACallback"),
        ("x=y".into(), "launch.notACallback"),
        ("code=abc".into(), "launch.stateMissing"),
        ("code=abc&state=".into(), "launch.stateMissing"),
        ("code=abc&state=other".into(), "launch.stateMismatch"),
        ("error=access_denied&state=other".into(), "launch.stateMismatch"),
        (format!("code=a&code=b&state={}", state()), "launch.repeated"),
        (format!("code=a&state={}&state=x", state()), "launch.repeated"),
        (format!("code={}&state={}", "a".repeat(20_000), state()), "launch.tooLong"),
    ] {
        let error = waiting.callback(&query, now()).expect_err(&query);
        assert_eq!(error.code(), code, "{query}");
        assert!(error.is_foreign(), "{query}");
    }
    assert!(waiting.callback(&format!("code=a&state={}", state()), now()).is_ok(), "still waiting");
}

#[test]
fn an_error_without_state_keeps_its_words() {
    let error = error(json!({}), "error=unauthorized_client&error_description=no+such+app");
    assert_eq!(error.code(), "launch.stateMissing");
    assert_eq!(error.refusal().and_then(|refusal| refusal.description.as_deref()), Some("no such app"));
}

#[test]
fn every_refusal_of_the_server_has_a_name() {
    for (said, code) in [
        ("access_denied", "launch.accessDenied"),
        ("invalid_request", "launch.invalidRequest"),
        ("invalid_client", "launch.invalidClient"),
        ("invalid_scope", "launch.invalidScope"),
        ("unauthorized_client", "launch.unauthorizedClient"),
        ("unsupported_response_type", "launch.unsupportedResponseType"),
        ("server_error", "launch.serverError"),
        ("temporarily_unavailable", "launch.temporarilyUnavailable"),
        ("login_required", "launch.loginRequired"),
        ("interaction_required", "launch.loginRequired"),
        ("invalid_grant", "launch.refused"),
        ("who_knows", "launch.refused"),
    ] {
        let error = error(json!({}), &format!("error={said}&state={}", state()));
        assert_eq!(error.code(), code);
        assert!(!error.is_foreign());
        assert_eq!(error.refusal().map(|refusal| refusal.error.as_str()), Some(said));
    }
    let denied = Refusal { kind: RefusalKind::AccessDenied, error: "access_denied".into(), description: None };
    let both = format!("code=abc&error=access_denied&state={}", state());
    assert_eq!(error(json!({}), &both), CallbackError::Refused(denied), "an error beside a code is an error");
}

#[test]
fn a_callback_of_this_launch_without_code_fails_it() {
    let error = error(json!({}), &format!("state={}", state()));
    assert_eq!((error.code(), error.is_foreign()), ("launch.noCode", false));
}

/// RFC 9207: two servers that share this program's redirect cannot be mixed up.
#[test]
fn another_server_cannot_answer_for_the_one_that_was_asked() {
    let promised = json!({"issuer": "https://ehr.example.org", "authorization_response_iss_parameter_supported": true});
    let known = json!({"issuer": "https://ehr.example.org"});
    let with = |iss: &str| format!("code=a&state={}{iss}", state());
    assert_eq!(error(promised.clone(), &with("")).code(), "launch.issuerMissing");
    assert_eq!(error(promised.clone(), &with("&iss=https://evil.example")).code(), "launch.issuerMismatch");
    assert_eq!(error(promised.clone(), &with("&iss=https://ehr.example.org/")).code(), "launch.issuerMismatch");
    assert!(begin(promised).1.callback(&with("&iss=https%3A%2F%2Fehr.example.org"), now()).is_ok());
    assert_eq!(error(known.clone(), &with("&iss=https://evil.example")).code(), "launch.issuerMismatch");
    assert!(begin(known.clone()).1.callback(&with(""), now()).is_ok());
    assert_eq!(
        error(known, &format!("error=access_denied&state={}&iss=https://evil.example", state())).code(),
        "launch.issuerMismatch",
        "errors are checked too"
    );
    let nameless = json!({"authorization_response_iss_parameter_supported": true});
    assert_eq!(error(nameless, &with("&iss=https://ehr.example.org")).code(), "launch.issuerMismatch");
}

#[test]
fn a_launch_ends_after_a_while() {
    let (_, waiting) = begin(json!({}));
    let query = format!("code=a&state={}", state());
    assert!(waiting.callback(&query, waiting.ends()).is_ok());
    let late = waiting.ends() + SignedDuration::from_secs(1);
    assert_eq!(waiting.callback(&query, late).expect_err("late").code(), "launch.expired");
}

proptest! {
    #[test]
    fn no_text_but_the_right_one_is_a_code(query in ".*") {
        let taken = begin(json!({})).1.callback(&query, now());
        prop_assert!(taken.is_err());
    }

    #[test]
    fn any_callback_with_the_right_state_is_read_without_harm(rest in "[ -~]*") {
        let _ = begin(json!({})).1.callback(&format!("state={}&{rest}", state()), now());
    }
}
