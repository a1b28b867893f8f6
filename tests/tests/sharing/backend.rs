//! A study's backend: registering approves nothing; the owner does.

use serde_json::json;

use crate::owner::{Owner, assert_same, found};
use crate::talk::Talk;

async fn backend(algorithm: &str, keys: &str) {
    let owner = Owner::open().await;
    let Some(mut study) = Talk::python("backend_client.py", &[&owner.base, algorithm, keys]) else { return };
    let registered = study.until("registered").await;
    let client = registered["client"].as_str().unwrap();
    let before = study.until("before").await;
    assert_eq!((&before["status"], &before["body"]["error"]), (&json!(400), &json!("unauthorized_client")), "{before}");
    let foreign = study.until("foreign key").await;
    assert_eq!((&foreign["status"], &foreign["body"]["error"]), (&json!(401), &json!("invalid_client")), "{foreign}");

    let request = owner.asked_by(client).await;
    let grant = owner.approve(&request, None).await;
    study.go().await;
    let after = study.until("after").await;
    assert_eq!(after["status"], 200, "{after}");
    assert!(after["body"].get("refresh_token").is_none(), "a backend asks again by its key");
    let replayed = study.until("replayed").await;
    assert_eq!(
        (&replayed["status"], &replayed["body"]["error"]),
        (&json!(401), &json!("invalid_client")),
        "{replayed}"
    );
    let told = study.until("told").await;
    let answers = &told["answers"];
    let expected = owner.under(&grant, "Observation?_count=1000").await;
    assert!(!expected.is_empty());
    assert_same(&found(&answers["Observation"]["body"]), &expected);
    // `r` is not `s`: what may only be read cannot be searched.
    assert_eq!(answers["Patient"]["status"], 403);
    assert_eq!(answers["MedicationRequest"]["status"], 403);

    owner.end(&grant).await;
    study.go().await;
    let told = study.until("told").await;
    for (name, answer) in told["answers"].as_object().unwrap() {
        assert_eq!(answer["status"], 401, "{name}");
    }
    owner.trail_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_with_es384_and_its_keys_inline_waits_for_the_owner() {
    backend("ES384", "inline").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_with_rs384_and_its_keys_at_an_address_waits_for_the_owner() {
    backend("RS384", "url").await;
}
