//! SMART apps: launched, approved as asked or narrowed, told what the view holds and nothing else, shut out at the end.

use serde_json::{Value, json};

use crate::owner::{Owner, assert_same, found, listed, without};
use crate::talk::Talk;

const SCOPE: &str = "launch/patient openid fhirUser offline_access patient/Patient.r patient/Observation.rs patient/MedicationRequest.rs";
const QUESTIONS: [&str; 3] = ["Patient/{patient}", "Observation", "MedicationRequest?patient={patient}"];

/// An app in a browser, and the page that waits in front of it.
async fn in_a_browser(owner: &Owner, scope: &str) -> Option<(Talk, Talk, Value)> {
    let arguments: Vec<&str> = [&*owner.base, scope].into_iter().chain(QUESTIONS).collect();
    let mut served = Talk::node("app/serve.mjs", &arguments)?;
    let ready = served.next().await;
    let text = |name: &str| ready[name].as_str().unwrap();
    let browser = Talk::node("app/browse.mjs", &[text("launch"), text("origin")])?;
    Some((served, browser, ready))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_on_fhirclient_reads_in_a_browser_what_was_approved_and_nothing_else() {
    let owner = Owner::open().await;
    let Some((_served, mut browser, ready)) = in_a_browser(&owner, SCOPE).await else { return };
    let page = browser.until("page").await;
    let request = owner.asked_by(ready["client"].as_str().unwrap()).await;
    let compare = request["compare"].as_str().unwrap();
    assert!(page["text"].as_str().unwrap().contains(compare), "the page shows the code to compare: {page}");

    // The owner leaves out what they do not want to give.
    let grant = owner.approve(&request, Some(&without(&request, &["MedicationRequest"]))).await;
    let told = browser.until("told").await;
    let told = &told["told"];
    assert!(told["failed"].is_null() && told["patient"].is_string(), "{told}");
    assert_eq!(told["renewed"], true, "{}", told["renewed"]);
    let patient = format!("Patient/{}", told["patient"].as_str().unwrap());
    // The library tells the last two parts of the address.
    assert_eq!(told["user"], patient);
    assert_same(&listed(&told["answers"]["Observation"]), &owner.under(&grant, "Observation?_count=1000").await);
    assert_same(&listed(&told["answers"]["Patient/{patient}"]), &owner.under(&grant, &patient).await);
    let none = &told["answers"]["MedicationRequest?patient={patient}"];
    let refused = &told["refused"]["MedicationRequest?patient={patient}"]["status"];
    assert!(none == &json!([]) || refused == 403, "{none} {refused}");

    owner.end(&grant).await;
    browser.go().await;
    let again = browser.until("again").await;
    assert_eq!(again["again"]["answers"], json!({}), "after the end nothing is answered");
    owner.trail_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_on_fhirclient_that_the_owner_refuses_is_told_so_and_reads_nothing() {
    let owner = Owner::open().await;
    let Some((_served, mut browser, ready)) = in_a_browser(&owner, SCOPE).await else { return };
    let request = owner.asked_by(ready["client"].as_str().unwrap()).await;
    owner.stage.wallet.refuse(request["id"].as_str().unwrap()).await.unwrap();
    let told = browser.until("told").await;
    assert!(told["told"]["failed"].is_string() && told["told"]["answers"] == json!({}), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_on_pythons_fhirclient_finds_its_way_by_the_capability_statement_alone() {
    let owner = Owner::open().await;
    let scope = "patient/Patient.r patient/Observation.rs offline_access";
    let Some(mut app) = Talk::python("fhir_app.py", &[&owner.base, scope]) else { return };
    let asks = app.until("asks").await;
    let request = owner.asked_by(asks["client"].as_str().unwrap()).await;
    let grant = owner.approve(&request, None).await;
    let told = app.until("told").await;
    let expected = owner.under(&grant, "Observation?_count=1000").await;
    assert!(!expected.is_empty());
    let names = |all: &Value| listed(all).into_keys().collect::<Vec<_>>();
    // The library reads elements in its own types: what it writes again may be written otherwise.
    assert_eq!(names(&told["read"]["Observation"]), expected.into_keys().collect::<Vec<_>>());
    assert_eq!(listed(&told["read"]["Patient"]).len(), 1);
    assert_eq!(told["refused"], json!({"MedicationRequest": 403}));
    assert_eq!(app.until("renewed").await["done"], true);

    owner.end(&grant).await;
    app.go().await;
    let told = app.until("told").await;
    assert_eq!(told["read"], json!({}));
    assert_eq!(told["refused"], json!({"Patient": 401, "Observation": 401, "MedicationRequest": 401}));
}

async fn on_authlib(method: &str) {
    let owner = Owner::open().await;
    let Some(mut app) = Talk::python("oauth_client.py", &[&owner.base, method]) else { return };
    let asks = app.until("asks").await;
    let client = asks["client"].as_str().unwrap().to_owned();
    let request = owner.asked_by(&client).await;
    let grant = owner.approve(&request, None).await;

    let token = app.until("token").await;
    assert_eq!(token["token_type"], "Bearer");
    assert!(token["expires_in"].as_i64().unwrap() <= 3600, "{token}");
    let identity = app.until("identity").await;
    let user = format!("{}/Patient/{}", owner.base, token["patient"].as_str().unwrap());
    assert_eq!(identity["claims"]["fhirUser"], user.as_str());
    let expected = owner.under(&grant, "Observation?_count=1000").await;
    for moment in ["first", "renewed"] {
        if moment == "renewed" {
            assert_eq!(app.until("renewed").await["rotated"], true);
        }
        let told = app.until("told").await;
        let answers = &told["answers"];
        assert_same(&found(&answers["Observation"]["body"]), &expected);
        assert_eq!(answers["Patient"]["status"], 200);
        assert_eq!(answers["MedicationRequest"]["status"], 403, "{moment}");
        assert_eq!(answers["MedicationRequest"]["body"]["resourceType"], "OperationOutcome");
    }
    let introspected = app.until("introspected").await;
    assert!(introspected["body"].get("scope").is_none(), "only resource servers learn of a token: {introspected}");
    assert_eq!(app.until("revoked").await["status"], 200);
    let told = app.until("told").await;
    for (name, answer) in told["answers"].as_object().unwrap() {
        assert_eq!(answer["status"], 401, "{name}");
    }
    assert_eq!(app.until("refused").await["error"], "invalid_grant");
    assert!(app.rest().await.is_empty());
    owner.trail_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_client_on_authlib_asks_renews_and_gives_back() {
    on_authlib("none").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_a_key_on_authlib_asks_renews_and_gives_back() {
    on_authlib("private_key_jwt").await;
}
