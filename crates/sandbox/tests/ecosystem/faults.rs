//! Faults strike where they say, and only while they are on.

use crate::person::{Stage, json, stage, text, value};
use crypto::Jws;
use reqwest::StatusCode;
use sandbox::{FAULTS, Setting};
use serde_json::Value;

impl Stage {
    fn fault(&self, text: &str) {
        self.running.fault(Setting::parse(text).unwrap());
    }
}

#[tokio::test]
async fn answers_with_data_go_wrong_as_told() {
    let stage = stage().await;
    let base = stage.running.addresses.valley.clone();
    let tokens = stage.connect(&base, "bram", None).await;
    let token = text(&tokens, "access_token");
    let url = format!("{base}/Observation?_count=10");
    for (fault, status) in [
        ("too-many=5*1", StatusCode::TOO_MANY_REQUESTS),
        ("too-many-date=5*1", StatusCode::TOO_MANY_REQUESTS),
        ("unavailable*1", StatusCode::SERVICE_UNAVAILABLE),
        ("server-error*1", StatusCode::INTERNAL_SERVER_ERROR),
        ("token-refused*1", StatusCode::UNAUTHORIZED),
        ("forbidden-kind=Observation*1", StatusCode::FORBIDDEN),
        ("redirect*1", StatusCode::FOUND),
    ] {
        stage.fault(fault);
        let response = stage.get(&url, token).await;
        assert_eq!(response.status(), status, "{fault}");
        assert_eq!(response.headers().contains_key("retry-after"), fault.starts_with("too-many"));
        assert_eq!(stage.get(&url, token).await.status(), StatusCode::OK, "{fault} struck once");
    }
    for fault in ["truncated*1", "html*1"] {
        stage.fault(fault);
        let bytes = stage.get(&url, token).await.bytes().await.unwrap();
        assert!(serde_json::from_slice::<Value>(&bytes).is_err(), "{fault}");
    }
    stage.fault("cut-off*1");
    assert!(stage.get(&url, token).await.bytes().await.is_err());
    stage.fault("endless*1");
    let mut endless = stage.get(&url, token).await;
    let mut seen = 0;
    while seen < 3_000_000 {
        seen += endless.chunk().await.unwrap().unwrap().len();
    }
    drop(endless);
    stage.fault("next-elsewhere*1");
    let links = json(stage.get(&url, token).await).await["link"].to_string();
    assert!(links.contains("https://elsewhere.example"));
    stage.fault("wrong-patient*1");
    let bundle = json(stage.get(&url, token).await).await;
    assert_eq!(bundle["entry"].as_array().unwrap().len(), 11);
    stage.fault("no-total*1");
    assert!(json(stage.get(&url, token).await).await.get("total").is_none());
    stage.fault("slow@larkspur=60000");
    assert_eq!(stage.get(&url, token).await.status(), StatusCode::OK, "slow only at Larkspur");
}

#[tokio::test]
async fn half_a_record_is_never_shown_as_a_whole_one() {
    let stage = stage().await;
    let base = stage.running.addresses.larkspur.clone();
    let tokens = stage.connect(&base, "bram", None).await;
    let url = format!("{base}/Observation?_count=1000");
    stage.fault("older-system-down*1");
    let response = stage.get(&url, text(&tokens, "access_token")).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(stage.get(&url, text(&tokens, "access_token")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn tokens_go_wrong_as_told() {
    let stage = stage().await;
    let base = stage.running.addresses.valley.clone();
    for (fault, missing) in [
        ("no-refresh-token", "refresh_token"),
        ("no-id-token", "id_token"),
        ("no-patient", "patient"),
        ("no-expiry", "expires_in"),
        ("no-token-type", "token_type"),
    ] {
        stage.fault(&format!("{fault}*1"));
        assert!(stage.connect(&base, "bram", None).await.get(missing).is_none(), "{fault}");
    }
    let claims = |tokens: &Value| -> Value {
        serde_json::from_slice(Jws::parse(text(tokens, "id_token"), 8192).unwrap().payload()).unwrap()
    };
    for (fault, claim, good) in [
        ("id-token-nonce", "nonce", "nonce-0123456789"),
        ("id-token-audience", "aud", "satchel"),
        ("id-token-issuer", "iss", stage.running.addresses.authority.as_str()),
    ] {
        assert_eq!(claims(&stage.connect(&base, "bram", None).await)[claim], good);
        stage.fault(&format!("{fault}*1"));
        assert_ne!(claims(&stage.connect(&base, "bram", None).await)[claim], good, "{fault}");
    }
    stage.fault("id-token-none*1");
    assert!(Jws::parse(text(&stage.connect(&base, "bram", None).await, "id_token"), 8192).is_err());
    stage.fault("token-html*1");
    let way_back = stage.approve(&stage.request(&base), "bram", None).await;
    let response = stage.redeem(value(&way_back, "code")).await;
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn the_way_back_goes_wrong_as_told() {
    let stage = stage().await;
    let base = stage.running.addresses.valley.clone();
    for (fault, name) in [("wrong-state", "state"), ("no-state", "state"), ("wrong-iss", "iss"), ("no-iss", "iss")] {
        let good = stage.approve(&stage.request(&base), "bram", None).await;
        stage.fault(&format!("{fault}*1"));
        let bad = stage.approve(&stage.request(&base), "bram", None).await;
        assert_ne!(value(&good, name), value(&bad, name), "{fault}");
    }
    stage.fault("denied*1");
    let denied = stage.approve(&stage.request(&base), "bram", None).await;
    assert_eq!(value(&denied, "error"), "access_denied");
    stage.fault("no-smart-configuration*1");
    let url = format!("{base}/.well-known/smart-configuration");
    assert_eq!(stage.http.get(&url).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let metadata = json(stage.http.get(format!("{base}/metadata")).send().await.unwrap()).await;
    assert!(metadata["rest"][0]["security"].to_string().contains("/authorize"), "the older place names it too");
}

#[tokio::test]
async fn the_console_lists_sets_and_clears() {
    let stage = stage().await;
    let console = stage.running.addresses.console.clone();
    let list = || async { json(stage.http.get(format!("{console}/faults")).send().await.unwrap()).await };
    assert_eq!(list().await.as_array().unwrap().len(), FAULTS.len());
    assert!(list().await.as_array().unwrap().iter().all(|fault| fault["on"].is_null()), "all are off at the start");
    let set = stage.http.put(format!("{console}/faults/too-many=9*3")).send().await.unwrap();
    assert_eq!(set.status(), StatusCode::OK);
    assert!(list().await.to_string().contains("\"times\":3"));
    assert_eq!(
        stage.http.put(format!("{console}/faults/gremlins")).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    stage.http.delete(format!("{console}/faults")).send().await.unwrap();
    assert!(list().await.as_array().unwrap().iter().all(|fault| fault["on"].is_null()));
}
