use std::collections::BTreeMap;

use crypto::{Algorithm, SigningKey};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use types::ServerUrl;

use super::*;
use crate::{Configuration, Launch, Scopes};

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).expect("a time")
}

fn configuration() -> Configuration {
    let base = ServerUrl::parse("https://ehr.example.org/fhir").expect("an address");
    let document = br#"{"authorization_endpoint":"https://login.example.com/a","token_endpoint":"https://login.example.com/token"}"#;
    Configuration::parse(document, &base).expect("a configuration")
}

fn public() -> Client {
    Client::Public { id: "satchel".into() }
}

fn keyed() -> (Client, Proof) {
    let (_, key) = SigningKey::generate_p384().expect("random bytes");
    let client = Client::Keyed { id: "satchel".into(), kid: "k".into(), algorithm: Algorithm::Es384 };
    let assertion = client.assertion(&configuration().token, [1; 16], now()).expect("a keyed client");
    let proof = assertion.sign_with(|input| key.sign(input)).expect("a signature");
    (client, proof)
}

fn redeeming(client: Client, proof: &Proof) -> (http::Request<Vec<u8>>, Redeeming) {
    let scopes = Scopes::parse("launch/patient patient/Observation.rs");
    let random = Secret::new([9; 96]);
    let (_, waiting) =
        Launch::begin(&configuration(), client, Redirect::loopback(49_152), scopes, &random, now()).expect("a launch");
    let state = crypto::b64u::encode(&[9; 32]);
    let code = waiting.callback(&format!("code=the+code&state={state}"), now()).expect("a code");
    waiting.redeem(code, proof).expect("a request")
}

fn form(request: &http::Request<Vec<u8>>) -> BTreeMap<String, String> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(request.body()).into_owned().collect();
    let form: BTreeMap<String, String> = pairs.iter().cloned().collect();
    assert_eq!(form.len(), pairs.len(), "nothing stands twice");
    form
}

fn response(status: u16, body: &str) -> http::Response<Vec<u8>> {
    http::Response::builder().status(status).body(body.as_bytes().to_vec()).expect("a response")
}

fn redeem(status: u16, body: &str) -> Result<Tokens, TokenError> {
    redeeming(public(), &Proof::none()).1.answer(&response(status, body), now()).map(|granted| granted.tokens)
}

fn good(more: Value) -> String {
    let mut body = json!({"access_token": "t", "token_type": "Bearer", "patient": "123"});
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body.to_string()
}

/// SMART App Launch 2.2, "Obtain access token", requirements 62, 63 and 67 to 71.
#[test]
fn a_public_client_redeems_with_its_verifier_and_nothing_else() {
    let (request, _) = redeeming(public(), &Proof::none());
    assert_eq!(
        (request.method().as_str(), request.uri().to_string().as_str()),
        ("POST", "https://login.example.com/token")
    );
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    assert!(!request.headers().contains_key("authorization"));
    let verifier = crypto::b64u::encode(&[9; 32]);
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "the code"),
        ("redirect_uri", "http://127.0.0.1:49152/callback"),
        ("code_verifier", verifier.as_str()),
        ("client_id", "satchel"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(form(&request), BTreeMap::from(expected));
}

/// Requirements 64, 65, 72, 333 and 334.
#[test]
fn a_keyed_client_redeems_with_an_assertion_instead_of_its_id() {
    let (client, proof) = keyed();
    let (request, _) = redeeming(client, &proof);
    let form = form(&request);
    assert!(!form.contains_key("client_id") && !form.contains_key("client_secret"));
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert_eq!(form["client_assertion"].split('.').count(), 3);
    assert_eq!(form["code"], "the code");
}

#[test]
fn a_keyed_client_without_proof_sends_nothing() {
    let (client, _) = keyed();
    let old = Secret::new(String::from("r"));
    let request = Refresh::begin(&configuration().token, &client, &old, Scopes::default(), "p", &Proof::none());
    assert_eq!(request.expect_err("no proof"), ClientError::ProofMissing);
}

#[test]
fn a_whole_answer_is_read() {
    let tokens =
        redeem(200, &good(json!({"expires_in": 3600, "refresh_token": "r", "scope": "patient/Goal.rs openid"})));
    let tokens = tokens.expect("tokens");
    assert_eq!(tokens.access.expose(), "t");
    assert_eq!(tokens.expires, Timestamp::from_second(1_700_003_600).ok());
    assert_eq!(tokens.refresh.as_ref().map(|token| token.expose().as_str()), Some("r"));
    assert_eq!(tokens.scopes.to_string(), "patient/Goal.rs openid");
    assert_eq!(tokens.patient, "123");
    assert!(!format!("{tokens:?}").contains("\"t\""));
}

#[test]
fn common_slips_of_servers_are_forgiven() {
    let slip = |more: Value| redeem(200, &good(more)).expect("tokens");
    assert_eq!(slip(json!({"expires_in": "3600"})).expires, Timestamp::from_second(1_700_003_600).ok());
    assert_eq!(slip(json!({"expires_in": 3600.5})).expires, Timestamp::from_second(1_700_003_600).ok());
    assert_eq!(slip(json!({"expires_in": "soon"})).expires, None);
    assert_eq!(slip(json!({"expires_in": -1})).expires, None);
    assert_eq!(slip(json!({"expires_in": u64::MAX})).expires, Some(Timestamp::MAX));
    assert_eq!(slip(json!({"token_type": "BEARER"})).access.expose(), "t");
    assert_eq!(slip(json!({"token_type": null})).access.expose(), "t");
    assert_eq!(slip(json!({"scope": null})).scopes.to_string(), "launch/patient patient/Observation.rs");
    assert_eq!(slip(json!({"scope": " a  b "})).scopes.to_string(), "a b");
    assert_eq!(slip(json!({"scope": ["a", "b"]})).scopes.to_string(), "a b");
    assert_eq!(slip(json!({"patient": 123})).patient, "123");
    assert_eq!(slip(json!({"patient": "Patient/abc-1.2"})).patient, "abc-1.2");
    assert!(slip(json!({"refresh_token": ""})).refresh.is_none());
    assert!(redeem(201, &good(json!({}))).is_ok());
    assert!(redeem(200, &format!("\u{feff} {}", good(json!({})))).is_ok());
}

#[test]
fn every_answer_that_is_no_token_has_a_name() {
    let none = |token: Value| {
        let mut body = json!({"token_type": "bearer", "patient": "1"});
        body["access_token"] = token;
        body.to_string()
    };
    for (status, body, code) in [
        (200, String::new(), "token.empty"),
        (200, "<html>Sign in</html>".into(), "token.html"),
        (404, "<html>Not found</html>".into(), "token.html"),
        (200, "access_token=t".into(), "token.notJson"),
        (200, "[]".into(), "token.notJson"),
        (502, "<html>Bad gateway</html>".into(), "token.status"),
        (401, String::new(), "token.status"),
        (400, "{}".into(), "token.status"),
        (500, good(json!({})), "token.status"),
        (200, "{}".into(), "token.noAccessToken"),
        (200, none(json!(7)), "token.noAccessToken"),
        (200, none(json!("")), "token.malformed"),
        (200, none(json!("a\r\nx-injected: b")), "token.malformed"),
        (200, good(json!({"refresh_token": 7})), "token.malformed"),
        (200, good(json!({"refresh_token": "a\nb"})), "token.malformed"),
        (200, good(json!({"token_type": ["Bearer"]})), "token.malformed"),
        (200, good(json!({"patient": {}})), "token.malformed"),
        (200, good(json!({"token_type": "DPoP"})), "token.wrongType"),
        (200, good(json!({"token_type": "mac"})), "token.wrongType"),
        (200, good(json!({"patient": null})), "token.noPatient"),
        (200, good(json!({"patient": " "})), "token.noPatient"),
        (200, good(json!({"patient": "1/../2"})), "token.badPatient"),
        (200, good(json!({"patient": ".."})), "token.badPatient"),
        (200, good(json!({"patient": "1?x=y"})), "token.badPatient"),
        (200, good(json!({"patient": "a".repeat(129)})), "token.badPatient"),
        (400, json!({"error": "access_denied"}).to_string(), "token.accessDenied"),
        (400, json!({"error": "invalid_request"}).to_string(), "token.invalidRequest"),
        (401, json!({"error": "invalid_client"}).to_string(), "token.invalidClient"),
        (200, json!({"error": "invalid_grant"}).to_string(), "token.invalidGrant"),
        (400, json!({"error": "invalid_scope"}).to_string(), "token.invalidScope"),
        (400, json!({"error": "unauthorized_client"}).to_string(), "token.unauthorizedClient"),
        (400, json!({"error": "unsupported_grant_type"}).to_string(), "token.unsupportedGrantType"),
        (500, json!({"error": "server_error"}).to_string(), "token.serverError"),
        (503, json!({"error": "temporarily_unavailable"}).to_string(), "token.temporarilyUnavailable"),
        (400, json!({"error": "whatever"}).to_string(), "token.refused"),
    ] {
        assert_eq!(redeem(status, &body).expect_err(&body).code(), code, "{status} {body}");
    }
}

fn refreshing(client: &Client, proof: &Proof) -> (http::Request<Vec<u8>>, Refreshing) {
    let had = Scopes::parse("patient/Goal.rs");
    Refresh::begin(&configuration().token, client, &Secret::new("old".into()), had, "123", proof).expect("a request")
}

/// "Refresh access token", requirements 105 to 108.
#[test]
fn a_renewal_asks_for_no_scope_so_that_it_stays() {
    let (request, _) = refreshing(&public(), &Proof::none());
    let expected = [("grant_type", "refresh_token"), ("refresh_token", "old"), ("client_id", "satchel")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(form(&request), BTreeMap::from(expected));
    let (client, proof) = keyed();
    let keyed = form(&refreshing(&client, &proof).0);
    assert!(!keyed.contains_key("client_id") && keyed.contains_key("client_assertion"));
}

/// Requirement 117.
#[test]
fn a_rotated_token_is_to_be_stored_and_an_unrotated_one_kept() {
    let answer = |body: Value| refreshing(&public(), &Proof::none()).1.answer(&response(200, &body.to_string()), now());
    let rotated =
        answer(json!({"access_token": "a", "token_type": "bearer", "refresh_token": "new", "expires_in": 60}));
    let rotated = rotated.expect("a renewal");
    assert!(matches!(rotated.refresh, NextRefresh::Replace(token) if token.expose() == "new"));
    assert_eq!(rotated.scopes.to_string(), "patient/Goal.rs");
    let kept = answer(json!({"access_token": "a", "token_type": "bearer", "patient": "123"})).expect("a renewal");
    assert!(matches!(kept.refresh, NextRefresh::Keep));
    let other = answer(json!({"access_token": "a", "token_type": "bearer", "patient": "456"}));
    assert_eq!(other.expect_err("another patient").code(), "refresh.otherPatient");
}

#[test]
fn leave_that_has_ended_is_told_from_a_server_that_is_down() {
    let error = |status, body: &str| {
        refreshing(&public(), &Proof::none()).1.answer(&response(status, body), now()).expect_err(body)
    };
    let ended = error(400, r#"{"error":"invalid_grant"}"#);
    assert!(ended.code() == "refresh.ended" && !ended.is_passing());
    let down = error(503, "busy");
    assert!(down.code() == "token.status" && down.is_passing());
    assert!(error(400, r#"{"error":"temporarily_unavailable"}"#).is_passing());
    assert_eq!(error(401, r#"{"error":"invalid_client"}"#).code(), "token.invalidClient");
}

#[test]
fn a_registered_key_is_another_way_to_come_back() {
    let (client, proof) = keyed();
    let (request, refreshing) =
        Refresh::by_assertion(&configuration().token, &client, Scopes::default(), "123", &proof).expect("a request");
    let form = form(&request);
    assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(form["client_id"], "satchel");
    assert_eq!(form["assertion"].split('.').count(), 3);
    let answer = response(200, r#"{"access_token":"a","token_type":"bearer"}"#);
    assert_eq!(refreshing.answer(&answer, now()).expect("a renewal").access.expose(), "a");
    let none = Refresh::by_assertion(&configuration().token, &public(), Scopes::default(), "1", &Proof::none());
    assert_eq!(none.expect_err("no key"), ClientError::ProofMissing);
}

/// RFC 7009, section 2.1.
#[test]
fn a_token_is_taken_back() {
    let endpoint = Url::parse("https://login.example.com/revoke").expect("a url");
    let token = Secret::new(String::from("r&x"));
    let request = revoke(&endpoint, &public(), &token, TokenKind::Refresh, &Proof::none()).expect("a request");
    let sent = form(&request);
    assert_eq!((sent["token"].as_str(), sent["token_type_hint"].as_str()), ("r&x", "refresh_token"));
    assert_eq!(sent["client_id"], "satchel");
    let (client, proof) = keyed();
    let request = revoke(&endpoint, &client, &token, TokenKind::Access, &proof).expect("a request");
    assert!(form(&request).contains_key("client_assertion") && !form(&request).contains_key("client_id"));
    assert!(revoked(200) && !revoked(503) && !revoked(400));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(status in 100u16..600, body: Vec<u8>) {
        let response = http::Response::builder().status(status).body(body).expect("a response");
        let _ = redeeming(public(), &Proof::none()).1.answer(&response, now());
    }

    #[test]
    fn a_patient_that_is_taken_is_safe_in_an_address(patient in ".*") {
        if let Ok(tokens) = redeem(200, &good(json!({"patient": patient}))) {
            let base = ServerUrl::parse("https://ehr.example.org/fhir").expect("an address");
            let url = base.join(&format!("Patient/{}", tokens.patient)).expect("a url");
            prop_assert_eq!(url.path(), format!("/fhir/Patient/{}", tokens.patient));
            prop_assert_eq!(url.query(), None);
        }
    }
}
