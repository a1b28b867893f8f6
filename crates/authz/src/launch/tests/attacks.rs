//! One test for each attack on a launch.

use super::*;

#[test]
fn a_code_of_another_client_buys_nothing_and_is_spent() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    assert_eq!(code_of(stage.redeem(2, &code, VERIFIER).unwrap_err()), ErrorCode::InvalidGrant);
    assert!(stage.redeem(1, &code, VERIFIER).is_err(), "a code in wrong hands is good for nobody");
}

#[test]
fn a_code_injected_beside_another_challenge_buys_nothing() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let other = "another-verifier-of-forty-three-characters-or-more";
    assert_eq!(code_of(stage.redeem(1, &code, other).unwrap_err()), ErrorCode::InvalidGrant);
    assert_eq!(stage.ledger.tokens.count(), 0);
}

#[test]
fn a_verifier_that_is_not_one_buys_nothing_even_when_its_hash_was_sent() {
    let mut stage = Stage::new();
    for verifier in ["short", &"x".repeat(129), &format!("{} {}", "x".repeat(30), "y".repeat(30))] {
        let challenge = b64u::encode(&sha256(verifier.as_bytes()));
        let code = stage.code(&Query::good().with("code_challenge", &challenge));
        assert!(stage.redeem(1, &code, verifier).is_err(), "{verifier}");
    }
}

#[test]
fn pkce_cannot_be_left_out_or_weakened() {
    let mut stage = Stage::new();
    for query in [
        Query::good().without("code_challenge"),
        Query::good().without("code_challenge").without("code_challenge_method"),
        Query::good().without("code_challenge_method"),
        Query::good().with("code_challenge_method", "plain"),
        Query::good().with("code_challenge_method", "s256"),
        Query::good().with("code_challenge", "too-short"),
        Query::good().with("code_challenge", VERIFIER),
    ] {
        assert_eq!(error_of(&mut stage, &query), "invalid_request");
    }
    let code = stage.code(&Query::good());
    let pairs = [("code", code.as_str()), ("redirect_uri", REDIRECT)];
    assert!(stage.step().redeem(&app(1), &form(&pairs), None).is_err(), "a verifier is always asked for");
}

#[test]
fn every_answer_says_which_server_it_is_from() {
    let mut stage = Stage::new();
    known(&mut stage);
    let refused = back(stage.authorize(&Query::good().with("scope", "x")).unwrap_err());
    assert_eq!(member(&refused, "iss").as_deref(), Some(ISSUER));
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.approve(&wait.request);
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert_eq!(member(&url, "iss").as_deref(), Some(ISSUER));
}

#[test]
fn a_redirect_address_that_is_not_registered_gets_nothing_not_even_an_error() {
    let mut stage = Stage::new();
    for trick in [
        "https://app.example.org/bac",
        "https://app.example.org/back/more",
        "https://app.example.org@evil.example/back",
        "https://app.example.org.evil.example/back",
        "http://app.example.org/back",
        "https://app.example.org/other",
        "javascript:alert(1)",
    ] {
        assert!(is_page(&mut stage, &Query::good().with("redirect_uri", trick)), "{trick}");
    }
    assert!(is_page(&mut stage, &Query::good().without("redirect_uri")));
    assert!(is_page(&mut stage, &Query::good().without("client_id")));
    assert!(is_page(&mut stage, &Query::good().with("client_id", "cli_nobody")));
    assert!(is_page(&mut stage, &Query::good().with("client_id", id(9).as_str())));
}

#[test]
fn the_port_of_a_loopback_redirect_is_free() {
    let mut stage = Stage::new();
    let registered = vec!["http://127.0.0.1/back".to_owned()];
    stage.ledger.clients.put(Client { redirect_uris: registered, ..app(1) });
    let sent = "http://127.0.0.1:49152/back";
    let code = stage.code(&Query::good().with("redirect_uri", sent));
    let other = [("code", code.as_str()), ("redirect_uri", "http://127.0.0.1:1/back"), ("code_verifier", VERIFIER)];
    assert!(stage.step().redeem(&app(1), &form(&other), None).is_err(), "a code is for the address it was sent to");
    let code = stage.code(&Query::good().with("redirect_uri", sent));
    let same = [("code", code.as_str()), ("redirect_uri", sent), ("code_verifier", VERIFIER)];
    assert!(stage.step().redeem(&app(1), &form(&same), None).is_ok());
}

#[test]
fn state_comes_back_as_it_was_sent() {
    let mut stage = Stage::new();
    let state = "a&b=c #ü+%26\"<x>";
    known(&mut stage);
    let refused = back(stage.authorize(&Query::good().with("state", state).with("scope", "x")).unwrap_err());
    assert_eq!(member(&refused, "state").as_deref(), Some(state));
    let wait = stage.authorize(&Query::good().with("state", state)).unwrap();
    stage.approve(&wait.request);
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert_eq!(member(&url, "state").as_deref(), Some(state));
    assert_eq!(url.query_pairs().filter(|(name, _)| name == "state").count(), 1);
}

#[test]
fn a_code_that_is_used_twice_ends_what_it_gave() {
    let mut stage = Stage::new();
    let code = stage.code(&Query::good());
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    assert!(opens(&mut stage, &issued));
    assert_eq!(code_of(stage.redeem(1, &code, VERIFIER).unwrap_err()), ErrorCode::InvalidGrant);
    assert!(!opens(&mut stage, &issued));
    assert!(stage.refresh(1, &issued).is_err());
    assert_eq!(stage.only_grant().ended.unwrap().why, WhyEnded::Reuse, "the owner sees why");
}

#[test]
fn a_signed_token_of_a_code_that_is_used_twice_is_not_good_either() {
    let mut stage = Stage::new();
    let wait = stage.authorize(&Query::good()).unwrap();
    let decided = crate::Decided { format: crate::TokenFormat::Jwt, ..stage.as_asked(&wait.request) };
    stage.step().approve(&wait.request, decided).unwrap();
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    let code = member(&url, "code").unwrap();
    let issued = stage.redeem(1, &code, VERIFIER).unwrap();
    assert!(issued.access_token.expose().contains('.') && opens(&mut stage, &issued));
    assert!(stage.redeem(1, &code, VERIFIER).is_err());
    assert!(!opens(&mut stage, &issued));
}

#[test]
fn a_pushed_request_is_of_no_use_to_another_client() {
    let mut stage = Stage::new();
    let pushed = stage.step().push(&app(1), &Query::good().form()).unwrap();
    let uri = pushed["request_uri"].as_str().unwrap();
    let by = |of: u8| form(&[("client_id", id(of).as_str()), ("request_uri", uri)]);
    assert!(matches!(stage.step().authorize(&by(2)), Err(AuthorizeStop::Page(_))));
    assert!(stage.step().authorize(&by(1)).is_ok(), "nor can another client spend it");
}

#[test]
fn a_request_uri_is_used_once_and_soon() {
    let mut stage = Stage::new();
    let mut pushed = || {
        let pushed = stage.step().push(&app(1), &Query::good().form()).unwrap();
        form(&[("client_id", id(1).as_str()), ("request_uri", pushed["request_uri"].as_str().unwrap())])
    };
    let (first, late) = (pushed(), pushed());
    assert!(stage.step().authorize(&first).is_ok());
    assert!(matches!(stage.step().authorize(&first), Err(AuthorizeStop::Page(_))));
    stage.pass(PUSHED_LIFE);
    assert!(matches!(stage.step().authorize(&late), Err(AuthorizeStop::Page(_))));
}

#[test]
fn a_request_uri_of_elsewhere_is_never_fetched() {
    let mut stage = Stage::new();
    for uri in ["https://evil.example/request", "urn:ietf:params:oauth:request_uri:guess", "urn:other:x"] {
        let query = form(&[("client_id", id(1).as_str()), ("request_uri", uri)]);
        assert!(matches!(stage.step().authorize(&query), Err(AuthorizeStop::Page(_))), "{uri}");
    }
}

#[test]
fn a_request_object_is_refused() {
    let mut stage = Stage::new();
    assert_eq!(error_of(&mut stage, &Query::good().with("request", "eyJhbGciOiJub25lIn0.e30.")), "invalid_request");
}

#[test]
fn another_browser_cannot_guess_or_share_a_wait() {
    let mut stage = Stage::new();
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.approve(&wait.request);
    for guess in ["", "x", wait.request.as_str(), wait.compare.as_str()] {
        assert_eq!(stage.step().waiting(guess), WaitState::Over);
    }
    assert!(matches!(stage.step().waiting(wait.handle.expose()), WaitState::Go(_)));
    assert_eq!(stage.step().waiting(wait.handle.expose()), WaitState::Over, "the code is told once");
    assert_eq!(stage.step().waiting(""), WaitState::Over);
    assert_eq!(stage.ledger.codes.count(), 1);
}

#[test]
fn a_launch_that_is_asked_again_shows_another_code_to_compare() {
    let mut stage = Stage::new();
    let first = stage.authorize(&Query::good()).unwrap();
    let second = stage.authorize(&Query::good().with("state", "of another browser")).unwrap();
    assert_ne!(first.compare, second.compare);
    assert!(matches!(stage.state(&first.request), RequestState::Withdrawn { .. }));
    let decided = stage.as_asked(&second.request);
    let refused = stage.step().approve(&first.request, decided);
    assert_eq!(refused, Err(crate::DecideError::Decided), "what is on screen is approved, or nothing");
    assert_eq!(stage.step().waiting(first.handle.expose()), WaitState::Over);
}

#[test]
fn a_code_that_is_bound_to_a_key_needs_it() {
    let mut stage = Stage::new();
    let jkt = b64u::encode(&sha256(b"a key"));
    let query = Query::good().with("dpop_jkt", &jkt);
    let pairs = |code: String| form(&[("code", &code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)]);
    for wrong in [None, Some("another")] {
        let code = stage.code(&query);
        assert!(stage.step().redeem(&app(1), &pairs(code), wrong).is_err());
    }
    let code = stage.code(&query);
    let issued = stage.step().redeem(&app(1), &pairs(code), Some(&jkt)).unwrap();
    assert_eq!(issued.token_type, "DPoP");
    assert!(stage.refresh(1, &issued).is_err(), "nor can its refresh token be used without");
}

#[test]
fn no_browser_is_sent_where_only_a_stranger_says() {
    let mut stage = Stage::new();
    for query in [Query::good().with("scope", "x"), Query::good().with("prompt", "none"), Query::good().without("aud")]
    {
        assert!(is_page(&mut stage, &query), "an error goes to nobody whom the owner does not know");
    }
    // Nor when nobody decides, nor when a second request takes the place of the first.
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.authorize(&Query::good().with("scope", "launch/patient patient/Condition.rs")).unwrap();
    stage.pass(Door::Launch.waits());
    assert_eq!(stage.step().waiting(wait.handle.expose()), WaitState::Over);
    // The owner's no is a decision, and goes back.
    let wait = stage.authorize(&Query::good()).unwrap();
    stage.step().refuse(&wait.request).unwrap();
    let WaitState::Go(url) = stage.step().waiting(wait.handle.expose()) else { panic!() };
    assert_eq!(member(&url, "error").as_deref(), Some("access_denied"));
    assert!(is_page(&mut stage, &Query::good().with("scope", "x")), "a no makes nobody known");
    stage.code(&Query::good().with("scope", "launch/patient patient/Goal.rs"));
    assert_eq!(error_of(&mut stage, &Query::good().with("scope", "x")), "invalid_scope");
    let other = Query::good().with("client_id", id(2).as_str()).with("scope", "x");
    assert!(is_page(&mut stage, &other), "each client is a stranger by itself");
}
