//! Each rule of the servers, broken on purpose.

use crate::person::{REDIRECT, Stage, VERIFIER, back, form, json, stage, text, value};
use crypto::SigningKey;
use reqwest::StatusCode;
use serde_json::{Value, json as object};

/// The request with one parameter changed, or taken out.
fn but(request: &[(String, String)], name: &str, other: Option<&str>) -> Vec<(String, String)> {
    let mut changed: Vec<_> = request.iter().filter(|(own, _)| own != name).cloned().collect();
    changed.extend(other.map(|value| (name.to_owned(), value.to_owned())));
    changed
}

async fn error(response: reqwest::Response) -> (StatusCode, String) {
    let status = response.status();
    (status, text(&json(response).await, "error").to_owned())
}

#[tokio::test]
async fn a_bad_request_goes_back_with_its_error_or_stops_at_the_person() {
    let stage = stage().await;
    let good = stage.request(&stage.running.addresses.valley);
    for (name, other, expected) in [
        ("aud", Some("https://elsewhere.example/fhir"), "invalid_request"),
        ("aud", None, "invalid_request"),
        ("code_challenge", None, "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("response_type", Some("token"), "unsupported_response_type"),
        ("state", None, "invalid_request"),
        ("scope", Some("system/*.rs"), "invalid_scope"),
    ] {
        let way_back = back(&stage.ask(&but(&good, name, other)).await);
        assert_eq!(value(&way_back, "error"), expected, "{name}");
        assert_eq!(value(&way_back, "iss"), stage.running.addresses.authority);
    }
    for (name, other) in [
        ("client_id", Some("nobody")),
        ("redirect_uri", Some("http://127.0.0.1:49200/elsewhere")),
        ("redirect_uri", Some("https://127.0.0.1/callback")),
        ("redirect_uri", None),
    ] {
        assert_eq!(stage.ask(&but(&good, name, other)).await.status(), StatusCode::BAD_REQUEST, "{name}");
    }
}

#[tokio::test]
async fn a_form_without_its_own_token_or_password_goes_nowhere() {
    let stage = stage().await;
    let page = stage.ask(&stage.request(&stage.running.addresses.valley)).await.text().await.unwrap();
    let flow = crate::person::hidden(&page, "flow");
    let fields = [("flow", flow.as_str()), ("csrf", "guessed"), ("username", "bram"), ("password", "bram-demo")];
    let response = form(stage.http.post(stage.authority("/signin")), &fields).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let wrong =
        stage.submit(&page, "/signin", &[("username", "bram"), ("password", "guess")]).await.text().await.unwrap();
    assert!(wrong.contains("role=\"alert\""));
    let right =
        stage.submit(&wrong, "/signin", &[("username", "bram"), ("password", "bram-demo")]).await.text().await.unwrap();
    assert!(right.contains("Let Satchel read"));
    let denied = back(&stage.submit(&right, "/approve", &[("decision", "deny")]).await);
    assert_eq!(value(&denied, "error"), "access_denied");
}

#[tokio::test]
async fn a_code_is_good_once_for_its_client_its_address_and_its_verifier() {
    let stage = stage().await;
    let request = stage.request(&stage.running.addresses.valley);
    for (name, other) in [
        ("code_verifier", "another-verifier-of-more-than-forty-three-chars"),
        ("redirect_uri", "http://127.0.0.1:49201/callback"),
    ] {
        let way_back = stage.approve(&request, "bram", None).await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", value(&way_back, "code")),
            ("redirect_uri", REDIRECT),
            ("client_id", "satchel"),
            ("code_verifier", VERIFIER),
        ];
        fields.iter_mut().filter(|(own, _)| *own == name).for_each(|(_, value)| *value = other);
        assert_eq!(
            error(stage.token(&fields).await).await,
            (StatusCode::BAD_REQUEST, "invalid_grant".to_owned()),
            "{name}"
        );
    }
    let way_back = stage.approve(&request, "bram", None).await;
    let tokens = json(stage.redeem(value(&way_back, "code")).await).await;
    let url = format!("{}/Patient/{}", stage.running.addresses.valley, text(&tokens, "patient"));
    assert_eq!(stage.get(&url, text(&tokens, "access_token")).await.status(), StatusCode::OK);
    assert_eq!(error(stage.redeem(value(&way_back, "code")).await).await.1, "invalid_grant");
    let after = stage.get(&url, text(&tokens, "access_token")).await.status();
    assert_eq!(after, StatusCode::UNAUTHORIZED, "a code shown twice ends what it opened");
}

#[tokio::test]
async fn a_code_grows_old_in_a_minute() {
    let stage = stage().await;
    let way_back = stage.approve(&stage.request(&stage.running.addresses.valley), "bram", None).await;
    stage.running.advance(61);
    assert_eq!(error(stage.redeem(value(&way_back, "code")).await).await.1, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_turns_over_and_its_second_use_ends_everything() {
    let stage = stage().await;
    let first = stage.connect(&stage.running.addresses.valley, "bram", None).await;
    let second = json(stage.refresh(text(&first, "refresh_token")).await).await;
    assert_ne!(text(&first, "refresh_token"), text(&second, "refresh_token"));
    assert_eq!(text(&second, "patient"), text(&first, "patient"));
    assert_eq!(error(stage.refresh(text(&first, "refresh_token")).await).await.1, "invalid_grant");
    assert_eq!(error(stage.refresh(text(&second, "refresh_token")).await).await.1, "invalid_grant");
    let url = format!("{}/Patient/{}", stage.running.addresses.valley, text(&first, "patient"));
    assert_eq!(stage.get(&url, text(&second, "access_token")).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_old_token_a_foreign_token_and_no_token_open_nothing() {
    let stage = stage().await;
    let addresses = stage.running.addresses.clone();
    for (base, other) in [(&addresses.valley, &addresses.larkspur), (&addresses.larkspur, &addresses.valley)] {
        let tokens = stage.connect(base, "bram", None).await;
        let there = stage.connect(other, "bram", None).await;
        let url = format!("{base}/Patient/{}", text(&tokens, "patient"));
        assert_eq!(stage.get(&url, text(&tokens, "access_token")).await.status(), StatusCode::OK);
        let response = stage.get(&url, text(&there, "access_token")).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert!(response.headers().contains_key("www-authenticate"));
        assert_eq!(json(response).await["resourceType"], "OperationOutcome");
        assert_eq!(stage.http.get(&url).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
        stage.running.advance(901);
        assert_eq!(stage.get(&url, text(&tokens, "access_token")).await.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_token_never_shows_another_patients_record() {
    let stage = stage().await;
    let other = stage.running.logins.iter().find(|login| login.username == "niamh").unwrap().people[0].clone();
    for (base, theirs) in
        [(&stage.running.addresses.valley, other.valley), (&stage.running.addresses.larkspur, other.larkspur)]
    {
        let theirs = theirs.unwrap();
        let niamh = stage.connect(base, "niamh", None).await;
        let theirs_all =
            stage.pull(&format!("{base}/DocumentReference?patient={theirs}"), text(&niamh, "access_token")).await;
        let bram = stage.connect(base, "bram", None).await;
        let token = text(&bram, "access_token");
        for path in [
            format!("Patient/{theirs}"),
            format!("Observation?patient={theirs}"),
            format!("Condition?subject=Patient/{theirs}"),
        ] {
            let response = stage.get(&format!("{base}/{path}"), token).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}");
            assert_eq!(json(response).await["resourceType"], "OperationOutcome");
        }
        for document in theirs_all.iter().take(3) {
            let url = document["content"][0]["attachment"]["url"].as_str().unwrap();
            for path in [format!("{base}/DocumentReference/{}", text(document, "id")), format!("{base}/{url}")] {
                if !url.contains("://") {
                    assert_eq!(stage.get(&path, token).await.status(), StatusCode::FORBIDDEN, "{path}");
                }
            }
        }
        let ids: Vec<&str> = theirs_all.iter().map(|document| text(document, "id")).collect();
        let found = stage.pull(&format!("{base}/DocumentReference?_id={}", ids.join(",")), token).await;
        assert!(found.is_empty());
        let bundle = json(stage.get(&format!("{base}/Observation?_count=1"), text(&niamh, "access_token")).await).await;
        let next = bundle["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next").unwrap();
        let response = stage.get(next["url"].as_str().unwrap(), token).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "a page belongs to its patient");
    }
}

#[tokio::test]
async fn scopes_limit_kinds_and_categories() {
    let stage = stage().await;
    let base = stage.running.addresses.valley.clone();
    let request =
        but(&stage.request(&base), "scope", Some("patient/Observation.s?category=vital-signs patient/Patient.read"));
    let tokens = json(stage.redeem(value(&stage.approve(&request, "bram", None).await, "code")).await).await;
    let token = text(&tokens, "access_token");
    assert!(tokens.get("refresh_token").is_none() && tokens.get("id_token").is_none());
    let found = stage.pull(&format!("{base}/Observation?_count=500"), token).await;
    assert!(!found.is_empty());
    assert!(found.iter().all(|one| one["category"][0]["coding"][0]["code"] == "vital-signs"));
    assert_eq!(stage.get(&format!("{base}/Condition"), token).await.status(), StatusCode::FORBIDDEN);
    let read = stage.get(&format!("{base}/Observation/{}", text(&found[0], "id")), token).await;
    assert_eq!(read.status(), StatusCode::FORBIDDEN, "search is not read");
}

#[tokio::test]
async fn a_person_may_take_scopes_away() {
    let stage = stage().await;
    let base = stage.running.addresses.valley.clone();
    let request = but(&stage.request(&base), "scope", Some("patient/Patient.rs patient/Condition.rs"));
    let page = stage.ask(&request).await.text().await.unwrap();
    let page =
        stage.submit(&page, "/signin", &[("username", "bram"), ("password", "bram-demo")]).await.text().await.unwrap();
    let fields = [("decision", "allow"), ("narrow", "yes"), ("scope", "patient/Patient.rs")];
    let way_back = back(&stage.submit(&page, "/approve", &fields).await);
    let tokens = json(stage.redeem(value(&way_back, "code")).await).await;
    assert_eq!(text(&tokens, "scope"), "patient/Patient.rs");
}

#[tokio::test]
async fn what_is_revoked_opens_nothing_and_only_its_client_may_revoke() {
    let stage = stage().await;
    let tokens = stage.connect(&stage.running.addresses.valley, "bram", None).await;
    let url = format!("{}/Patient/{}", stage.running.addresses.valley, text(&tokens, "patient"));
    let fields = [("token", text(&tokens, "refresh_token")), ("client_id", "satchel")];
    let response = form(stage.http.post(stage.authority("/revoke")), &fields).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(stage.get(&url, text(&tokens, "access_token")).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(error(stage.refresh(text(&tokens, "refresh_token")).await).await.1, "invalid_grant");
    let unknown = form(stage.http.post(stage.authority("/revoke")), &[("token", "x"), ("client_id", "satchel")]);
    assert_eq!(unknown.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn introspection_is_for_resource_servers_only() {
    let stage = stage().await;
    let tokens = stage.connect(&stage.running.addresses.valley, "bram", None).await;
    let fields = [("token", text(&tokens, "access_token")), ("client_id", "satchel")];
    let response = form(stage.http.post(stage.authority("/introspect")), &fields).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

/// Registers a client with a P-384 key.
async fn registered(stage: &Stage, key: &SigningKey) -> String {
    let jwk = key.public_jwk().with_kid("one");
    let body = object!({
        "redirect_uris": [REDIRECT],
        "client_name": "A program with a key",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [jwk]},
    });
    let response = stage.http.post(stage.authority("/register")).body(body.to_string()).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    text(&json(response).await, "client_id").to_owned()
}

fn assertion(key: &SigningKey, client: &str, aud: &str, jti: &str) -> String {
    let now = jiff::Timestamp::now().as_second();
    let claims = object!({"iss": client, "sub": client, "aud": aud, "exp": now + 200, "jti": jti});
    key.jws_compact(&object!({"typ": "JWT", "kid": "one"}), claims.to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn a_registered_client_proves_itself_with_its_key_each_time_anew() {
    let stage = stage().await;
    let key = SigningKey::generate_p384().unwrap().1;
    let client = registered(&stage, &key).await;
    let request = but(&stage.request(&stage.running.addresses.valley), "client_id", Some(&client));
    let aud = stage.authority("/token");
    let other = SigningKey::generate_p384().unwrap().1;
    let good = assertion(&key, &client, &aud, "1");
    for (proof, expected) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some(assertion(&other, &client, &aud, "2")), StatusCode::UNAUTHORIZED),
        (Some(assertion(&key, &client, "https://elsewhere.example/token", "3")), StatusCode::UNAUTHORIZED),
        (Some(good.clone()), StatusCode::OK),
        (Some(good), StatusCode::UNAUTHORIZED),
    ] {
        let way_back = stage.approve(&request, "bram", None).await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", value(&way_back, "code")),
            ("redirect_uri", REDIRECT),
            ("client_id", client.as_str()),
            ("code_verifier", VERIFIER),
        ];
        if let Some(proof) = &proof {
            fields.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
            fields.push(("client_assertion", proof));
        }
        assert_eq!(stage.token(&fields).await.status(), expected);
    }
}

#[tokio::test]
async fn a_registration_that_returns_anywhere_is_refused() {
    let stage = stage().await;
    for bad in [
        object!({}),
        object!({"redirect_uris": ["http://elsewhere.example/x"]}),
        object!({"redirect_uris": ["https://a.example/#x"]}),
    ] {
        let response = stage.http.post(stage.authority("/register")).body(bad.to_string()).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn news_arrives_with_last_updated_and_a_new_version() {
    let stage = stage().await;
    let base = stage.running.addresses.valley.clone();
    let tokens = stage.connect(&base, "bram", None).await;
    let token = text(&tokens, "access_token");
    let since = "_lastUpdated=gt2026-11-20";
    assert!(stage.pull(&format!("{base}/Observation?{since}"), token).await.is_empty());
    for what in ["result", "amended"] {
        let url = format!("{}/news?login=bram&what={what}", stage.running.addresses.console);
        assert_eq!(stage.http.post(url).send().await.unwrap().status(), StatusCode::CREATED);
    }
    let fresh: Vec<Value> = stage.pull(&format!("{base}/Observation?{since}"), token).await;
    assert_eq!(fresh.len(), 1, "the newest result came and was amended");
    assert_eq!(fresh[0]["meta"]["versionId"], "2");
    let response = stage.get(&format!("{base}/Observation/{}", text(&fresh[0], "id")), token).await;
    assert_eq!(response.headers()["etag"], "W/\"2\"");
}
