//! Codes and refresh tokens over time.

use super::*;

#[test]
fn a_code_is_good_for_a_minute() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    stage.pass(SignedDuration::from_secs(60));
    assert_eq!(code_of(stage.redeem(1, &code, VERIFIER).unwrap_err()), ErrorCode::InvalidGrant);
}

#[test]
fn a_clock_that_is_set_back_makes_no_code_and_no_request_young_again() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.pass(SignedDuration::from_hours(1));
    stage.step();
    stage.pass(SignedDuration::from_hours(-1));
    assert!(stage.redeem(1, &code, VERIFIER).is_err());
    let decided = stage.as_asked(&wait.request);
    assert_eq!(stage.step().approve(&wait.request, decided), Err(crate::DecideError::TooOld));
}

#[test]
fn a_request_the_owner_does_not_answer_goes_back_as_refused() {
    let mut stage = Stage::new();
    known(&mut stage);
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.pass(Door::Launch.waits());
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert_eq!(member(&url, "error").as_deref(), Some("access_denied"));
}

#[test]
fn a_browser_that_comes_back_too_late_gets_no_code() {
    let mut stage = Stage::new();
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.approve(&wait.request);
    stage.pass(SignedDuration::from_mins(10));
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert_eq!(member(&url, "code"), None);
}

#[test]
fn a_grant_that_ended_before_the_browser_came_back_gives_no_code() {
    let mut stage = Stage::new();
    let wait = stage.authorize(&Query::good()).unwrap();
    let grant = stage.approve(&wait.request);
    stage.step().end(&grant, WhyEnded::Owner).unwrap();
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert_eq!(member(&url, "error").as_deref(), Some("access_denied"));
}

#[test]
fn a_grant_that_ended_before_the_code_was_redeemed_gives_no_token() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let grant = stage.only_grant().grant.id;
    stage.step().end(&grant, WhyEnded::Owner).unwrap();
    assert!(stage.redeem(1, &code, VERIFIER).is_err());
}

#[test]
fn a_refresh_token_that_comes_back_ends_the_family_and_the_owner_sees_why() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let first = stage.redeem(1, &code, VERIFIER).unwrap();
    let second = stage.refresh(1, &first).unwrap();
    assert_eq!(code_of(stage.refresh(1, &first).unwrap_err()), ErrorCode::InvalidGrant);
    assert!(!opens(&mut stage, &second));
    assert!(stage.refresh(1, &second).is_err());
    assert_eq!(stage.only_grant().ended.unwrap().why, WhyEnded::Reuse);
}

#[test]
fn a_refresh_token_of_another_client_buys_nothing() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    assert!(stage.refresh(2, &issued).is_err());
    assert!(stage.refresh(1, &issued).is_ok());
}

#[test]
fn an_access_token_refreshes_nothing() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    let access = [("refresh_token", issued.access_token.expose().as_str())];
    assert!(stage.step().refresh(&app(1), &form(&access), None).is_err());
}

#[test]
fn a_refresh_may_ask_for_less_and_never_for_more() {
    let mut stage = Stage::new();
    let asked = "offline_access patient/Observation.rs patient/Condition.rs";
    let code = stage.code(&Query::good().with("scope", asked));
    let first = stage.redeem(1, &code, VERIFIER).unwrap();
    let mut refresh = |issued: &Issued, scope: &str| {
        let token = issued.refresh_token.as_ref().unwrap().expose();
        stage.step().refresh(&app(1), &form(&[("refresh_token", token), ("scope", scope)]), None)
    };
    for more in ["patient/*.rs", "patient/Observation.cruds", "openid", "user/Observation.rs", "colour"] {
        assert_eq!(code_of(refresh(&first, more).unwrap_err()), ErrorCode::InvalidScope, "{more}");
    }
    let less = refresh(&first, "patient/Condition.r").unwrap();
    assert_eq!(less.members["scope"], json!("patient/Condition.r"));
    let again = refresh(&less, asked).unwrap();
    assert!(again.members["scope"].as_str().unwrap().contains("patient/Observation.rs"), "the next one is as wide");
}

#[test]
fn what_is_narrowed_goes_on_as_the_narrower_one() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good().with("scope", "offline_access patient/Observation.rs patient/Condition.rs"));
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    let old = stage.only_grant().grant;
    let mut to = old.clone();
    to.what.permits.truncate(1);
    let new = stage.step().narrow(&old.id, to).unwrap();
    assert!(!opens(&mut stage, &issued), "a token that says more is over");
    let next = stage.refresh(1, &issued).unwrap();
    assert!(!next.members["scope"].as_str().unwrap().contains("Condition"));
    assert!(opens(&mut stage, &next));
    assert_eq!(stage.ledger.grants.find(old.id.as_str()).unwrap().ended.unwrap().why, WhyEnded::Replaced);
    assert!(stage.ledger.grants.find(new.as_str()).unwrap().ended.is_none());
}

#[test]
fn a_refresh_that_gave_nothing_is_not_taken_for_a_theft_when_it_is_tried_again() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    let token = issued.refresh_token.as_ref().unwrap().expose().clone();
    let nothing = form(&[("refresh_token", token.as_str()), ("scope", "offline_access")]);
    assert!(stage.step().refresh(&app(1), &nothing, None).is_err());
    assert!(stage.refresh(1, &issued).is_ok());
    assert_eq!(stage.only_grant().ended, None);
}

#[test]
fn a_code_that_bought_nothing_for_want_of_room_is_good_once_more() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    stage.ledger.take_changes();
    let mut step = stage.step();
    let hash = fingerprint(&code);
    let now = step.now;
    step.ledger.codes.change(&hash, |row| row.used = Some(now));
    let full = OAuthError::new(ErrorCode::TemporarilyUnavailable, "there are too many tokens about");
    assert!(step.settled::<()>(Err(full.into())).is_err());
    assert!(stage.redeem(1, &code, VERIFIER).is_ok());
}

#[test]
fn exchanged_refresh_tokens_do_not_pile_up_and_the_last_of_them_still_betray_a_theft() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let first = stage.redeem(1, &code, VERIFIER).unwrap();
    let mut before = stage.refresh(1, &first).unwrap();
    let mut latest = stage.refresh(1, &before).unwrap();
    for _ in 0..150 {
        stage.pass(SignedDuration::from_secs(1));
        let next = stage.refresh(1, &latest).unwrap();
        before = std::mem::replace(&mut latest, next);
    }
    assert!(stage.ledger.tokens.iter().filter(|row| row.used.is_some()).count() <= 100);
    assert!(stage.refresh(1, &first).is_err(), "one that is forgotten opens nothing");
    assert_eq!(stage.only_grant().ended, None);
    assert!(stage.refresh(1, &before).is_err());
    assert_eq!(stage.only_grant().ended.map(|ended| ended.why), Some(WhyEnded::Reuse));
}

#[test]
fn a_token_is_not_asked_for_another_resource_server_than_its_own() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let redeem = |resource: &str| {
        let pairs =
            [("code", code.as_str()), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER), ("resource", resource)];
        form(&pairs)
    };
    let refused = stage.step().redeem(&app(1), &redeem("https://other.example/fhir"), None);
    assert_eq!(code_of(refused.unwrap_err()), ErrorCode::InvalidTarget);
    let issued = stage.step().redeem(&app(1), &redeem(&format!("{ISSUER}/fhir")), None).unwrap();
    let token = issued.refresh_token.as_ref().unwrap().expose().clone();
    let elsewhere = form(&[("refresh_token", token.as_str()), ("resource", "https://other.example/fhir")]);
    assert_eq!(code_of(stage.step().refresh(&app(1), &elsewhere, None).unwrap_err()), ErrorCode::InvalidTarget);
}

#[test]
fn nothing_that_opens_something_is_in_a_debug_text() {
    let mut stage = Stage::new();
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.approve(&wait.request);
    let state = stage.step().waiting(wait.handle.expose());
    let WaitState::Go(url) = &state else { panic!() };
    let code = member(url, "code").unwrap();
    assert!(!format!("{state:?}").contains(&code));
    let pairs = [("code", code.as_str()), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
    let sent = form(&pairs);
    assert!(!format!("{sent:?}").contains(&code) && !format!("{sent:?}").contains(VERIFIER));
    let issued = stage.step().redeem(&app(1), &sent, None).unwrap();
    let id_token = issued.members["id_token"].as_str().unwrap();
    assert!(!format!("{issued:?}").contains(id_token));
    let refusal = OAuthError::new(ErrorCode::NeedInfo, "who is asking").with("ticket", "the-ticket".into());
    assert!(!format!("{refusal:?}").contains("the-ticket"));
}
