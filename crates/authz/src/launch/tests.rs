use crypto::{Algorithm, Jws, b64u, sha256};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::stage::{ISSUER, Query, REDIRECT, Stage, VERIFIER, app, form, id, member};
use crate::{Issued, Presented, WhyEnded};

mod attacks;
mod tokens;

fn back(stop: AuthorizeStop) -> Url {
    match stop {
        AuthorizeStop::Back(url) => url,
        AuthorizeStop::Page(why) => panic!("a page says {why}"),
    }
}

/// From now on the owner knows the client.
fn known(stage: &mut Stage) {
    if stage.ledger.grants.count() == 0 {
        let wait = stage.authorize(&Query::good()).unwrap();
        stage.approve(&wait.request);
    }
}

/// What a client that the owner knows is told.
fn error_of(stage: &mut Stage, query: &Query) -> String {
    known(stage);
    member(&back(stage.authorize(query).unwrap_err()), "error").unwrap()
}

fn is_page(stage: &mut Stage, query: &Query) -> bool {
    matches!(stage.authorize(query), Err(AuthorizeStop::Page(_)))
}

fn code_of(stop: Stop) -> ErrorCode {
    match stop {
        Stop::Refused(why) => why.code,
        Stop::Bring(_) => panic!("something is to be fetched"),
    }
}

fn opens(stage: &mut Stage, issued: &Issued) -> bool {
    let presented = Presented {
        authorization: vec![Secret::new(format!("Bearer {}", issued.access_token.expose()))],
        dpop: None,
        method: "GET".to_owned(),
        url: format!("{ISSUER}/fhir/Observation"),
    };
    stage.step().bearer(&presented).is_ok()
}

#[test]
fn what_the_owner_asks_back_stands_on_the_page_that_waits() {
    let mut stage = Stage::new();
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.step().ask_back(&wait.request, "Are you at the desk?").unwrap();
    let WaitState::Pending { message, compare } = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert_eq!((message.as_deref(), compare), (Some("Are you at the desk?"), wait.compare));
    stage.approve(&wait.request);
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert!(!url.as_str().contains("desk"), "it does not go to the client");
}

#[test]
fn a_whole_launch_gives_tokens_of_what_was_approved() {
    let mut stage = Stage::new();
    let wait = stage.authorize(&Query::good()).unwrap();
    assert_eq!(
        stage.step().waiting(wait.handle.expose()),
        WaitState::Pending { compare: wait.compare.clone(), message: None }
    );
    assert_eq!(stage.ledger.requests.find(wait.request.as_str()).unwrap().compare, wait.compare);
    stage.approve(&wait.request);
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert!(url.as_str().starts_with(REDIRECT));
    let issued = stage.redeem(1, &member(&url, "code").unwrap(), VERIFIER).unwrap();
    let body = issued.body();
    assert_eq!(body["patient"], json!("p1"));
    let scope = body["scope"].as_str().unwrap();
    assert!(scope.contains("patient/Observation.rs") && scope.contains("offline_access"), "{scope}");
    assert!(body["refresh_token"].is_string());
    assert!(opens(&mut stage, &issued));
    let next = stage.refresh(1, &issued).unwrap();
    assert!(opens(&mut stage, &next));
    assert_eq!(stage.step().waiting(wait.handle.expose()), WaitState::Over);
}

#[test]
fn a_pushed_request_is_a_launch_of_its_own() {
    let mut stage = Stage::new();
    let client = app(1);
    let pushed = stage.step().push(&client, &Query::good().form()).unwrap();
    let uri = pushed["request_uri"].as_str().unwrap().to_owned();
    assert!(uri.starts_with(REQUEST_URI) && pushed["expires_in"].as_i64() == Some(90));
    let query = form(&[("client_id", id(1).as_str()), ("request_uri", &uri), ("scope", "system/*.cruds")]);
    let wait = stage.step().authorize(&query).unwrap();
    let asked = &stage.ledger.requests.find(wait.request.as_str()).unwrap().asked;
    assert!(asked.scope.contains("patient/Observation.rs"), "what the browser adds is not looked at");
}

#[test]
fn what_a_client_proves_itself_with_is_not_kept_of_a_pushed_request() {
    let mut stage = Stage::new();
    let query = Query::good().with("client_secret", "canary").with("client_assertion", "canary");
    stage.step().push(&app(1), &query.form()).unwrap();
    let kept = &stage.ledger.pushed.iter().next().unwrap().form;
    assert!(!kept.contains("canary") && kept.contains("code_challenge"));
}

#[test]
fn a_push_is_refused_for_what_the_browser_would_be_refused_for() {
    let mut stage = Stage::new();
    for (query, code) in [
        (Query::good().with("redirect_uri", "https://evil.example/"), ErrorCode::InvalidRequest),
        (Query::good().with("scope", "patient/Nothing.rs"), ErrorCode::InvalidScope),
        (Query::good().with("request_uri", "urn:x"), ErrorCode::InvalidRequest),
        (Query::good().with("client_id", id(2).as_str()), ErrorCode::InvalidRequest),
    ] {
        assert_eq!(code_of(stage.step().push(&app(1), &query.form()).unwrap_err()), code);
    }
}

#[test]
fn what_is_wrong_is_told_in_its_own_code() {
    let mut stage = Stage::new();
    let good = Query::good;
    for (query, error) in [
        (good().with("response_type", "token"), "unsupported_response_type"),
        (good().without("response_type"), "invalid_request"),
        (good().with("response_mode", "fragment"), "invalid_request"),
        (good().without("state"), "invalid_request"),
        (good().without("aud"), "invalid_request"),
        (good().with("aud", "https://ehr.example.org/fhir"), "invalid_target"),
        (good().with("resource", "https://ehr.example.org/fhir"), "invalid_target"),
        (good().with("scope", "patient/Observation.rs colour"), "invalid_scope"),
        (good().with("scope", "system/Observation.rs"), "invalid_scope"),
        (good().without("scope"), "invalid_scope"),
        (good().with("authorization_details", r#"[{"type":"other"}]"#), "invalid_authorization_details"),
        (good().with("authorization_details", "{"), "invalid_authorization_details"),
        (good().with("prompt", "none"), "consent_required"),
        (good().with("dpop_jkt", "short"), "invalid_request"),
        (good().with("launch", "xyz"), "invalid_request"),
    ] {
        assert_eq!(error_of(&mut stage, &query), error);
    }
    assert_eq!(stage.ledger.requests.count(), 1, "nothing of it is asked but what made the client known");
}

#[test]
fn details_for_another_server_are_refused_and_for_this_one_are_asked() {
    let mut stage = Stage::new();
    let details = |location: &str| {
        json!([{"type": "satchel-record-access/1", "locations": [location],
            "permits": [{"context": "patient", "actions": "rs", "select": {"types": ["Condition"]}}]}])
        .to_string()
    };
    let elsewhere = Query::good().with("authorization_details", &details("https://ehr.example.org/fhir"));
    assert_eq!(error_of(&mut stage, &elsewhere), "invalid_authorization_details");
    let here = Query::good().with("authorization_details", &details(&format!("{ISSUER}/fhir")));
    let wait = stage.authorize(&here).unwrap();
    let asked = stage.ledger.requests.find(wait.request.as_str()).unwrap().reading().unwrap();
    assert_eq!(asked.what.permits.len(), 2);
}

#[test]
fn a_client_that_is_no_app_launches_nothing() {
    let mut stage = Stage::new();
    known(&mut stage);
    stage.ledger.clients.put(Client { grant_types: vec!["refresh_token".to_owned()], ..app(1) });
    assert_eq!(error_of(&mut stage, &Query::good()), "unauthorized_client");
    stage.ledger.clients.put(Client { kind: crate::ClientKind::Backend, ..app(1) });
    assert_eq!(error_of(&mut stage, &Query::good()), "unauthorized_client");
}

#[test]
fn a_closed_door_is_not_there() {
    let mut stage = Stage::new();
    stage.setting.doors.clear();
    assert!(is_page(&mut stage, &Query::good()));
    assert_eq!(code_of(stage.step().push(&app(1), &Query::good().form()).unwrap_err()), ErrorCode::NotFound);
}

#[test]
fn a_refusal_goes_back_once() {
    let mut stage = Stage::new();
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.step().refuse(&wait.request).unwrap();
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert_eq!(member(&url, "error").as_deref(), Some("access_denied"));
    assert_eq!(stage.step().waiting(wait.handle.expose()), WaitState::Over);
}

#[test]
fn an_id_token_says_who_to_one_client_and_is_signed() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    let claims = claims(&stage, &issued);
    assert_eq!(claims["iss"], json!(ISSUER));
    assert_eq!(claims["aud"], json!(id(1)));
    assert_eq!(claims["nonce"], json!("a nonce"));
    assert_eq!(claims["fhirUser"], json!(format!("{ISSUER}/fhir/Patient/p1")));
    assert_eq!(claims["auth_time"], json!(stage.clock.as_second()));
    let code = stage.code(&Query::good().with("client_id", id(2).as_str()));
    let other = stage.redeem(2, &code, VERIFIER).unwrap();
    assert_ne!(self::claims(&stage, &other)["sub"], claims["sub"]);
}

#[test]
fn without_openid_and_offline_access_there_is_neither_token() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good().with("scope", "launch/patient patient/Observation.rs"));
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    assert!(issued.refresh_token.is_none() && !issued.members.contains_key("id_token"));
}

fn claims(stage: &Stage, issued: &Issued) -> Value {
    let jws = Jws::parse(issued.members["id_token"].as_str().unwrap(), 10_000).unwrap();
    let key = stage.setting.keys.of(crypto::Algorithm::Es256).unwrap().0.public_jwk();
    jws.verify(&key.verifying_key(Algorithm::Es256).unwrap()).unwrap();
    serde_json::from_slice(jws.payload()).unwrap()
}

proptest! {
    #[test]
    fn byte_soup_makes_no_request_and_no_panic(soup in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut stage = Stage::new();
        if let Ok(form) = Form::parse(&String::from_utf8_lossy(&soup)) {
            prop_assert!(stage.step().authorize(&form).is_err());
        }
        prop_assert_eq!(stage.ledger.requests.count(), 0);
    }

    #[test]
    fn soup_in_any_one_parameter_never_panics(
        name in proptest::sample::select(super::parameters::KEPT.to_vec()), soup in "\\PC{0,60}",
    ) {
        let mut stage = Stage::new();
        let query = Query::good().with(name, &soup);
        let _either = stage.authorize(&query);
        let _either = stage.step().push(&app(1), &query.form());
        let _nothing = stage.step().waiting(&soup);
        let _refused = stage.redeem(1, &soup, &soup);
    }

    #[test]
    fn an_answer_goes_nowhere_but_to_a_registered_address(sent in "(https://app\\.example\\.org)?[/.@:?#\\\\a-z]{0,20}") {
        let mut stage = Stage::new();
        let answer = stage.authorize(&Query::good().with("redirect_uri", &sent).without("state"));
        if sent != REDIRECT {
            prop_assert!(matches!(answer, Err(AuthorizeStop::Page(_))));
        }
    }
}
