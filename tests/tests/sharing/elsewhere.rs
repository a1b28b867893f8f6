//! Other resource servers under the patient's own authorization server: a hospital that introspects, a gateway that
//! trusts what is signed.

use serde_json::{Value, json};

use crate::owner::Owner;
use crate::talk::Talk;

/// A resource server that the owner let in, and what it said of itself.
async fn let_in(owner: &Owner, script: &str) -> Option<(Talk, Value)> {
    let bundle = testkit::shared("data/us-core/uscore_bundle_patient_85.json")?;
    let mut server = Talk::node(script, &[&owner.issuer, bundle.to_str().unwrap()])?;
    let ready = server.next().await;
    let base = ready["base"].as_str().unwrap();

    // Until the owner has let it in, it refuses everybody.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let refused = http.get(format!("{base}/Observation")).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert!(refused.headers()["warning"].to_str().unwrap().starts_with("199"));
    let request = owner.asked_by(ready["client"].as_str().unwrap()).await;
    assert_eq!(request["door"], "federation");
    owner.approve(&request, None).await;
    Some((server, ready))
}

/// Asks for a patient's results there; gives the client once it was told what it may have.
async fn visitor(owner: &Owner, ready: &Value, signed: bool) -> Option<(Talk, String, [String; 2])> {
    let (base, patient) = (ready["base"].as_str().unwrap(), ready["patient"].as_str().unwrap());
    let urls = [format!("{base}/Observation"), format!("{base}/Patient/{patient}")];
    let mut client = Talk::python("uma_client.py", &["did-key", &urls[0], &urls[1]])?;
    let challenge = client.until("challenge").await;
    assert_eq!(challenge["as_uri"], owner.issuer.as_str(), "the hospital names the patient's own server");
    let registered = client.until("registered").await;
    for resource in ["first", "more"] {
        client.until("request_submitted").await;
        let request = owner.asked_by(registered["client"].as_str().unwrap()).await;
        if signed {
            owner.approve_signed(&request).await;
        } else {
            owner.approve(&request, None).await;
        }
        let rpt = client.until("rpt").await;
        assert!(rpt["body"].get("permissions").is_none(), "only the resource server learns of them: {rpt}");
        let told = client.until("told").await;
        assert_eq!(told["answers"][&urls[0]]["status"], 200, "{resource}");
        if resource == "more" {
            assert_eq!(told["answers"][&urls[1]]["status"], 200, "{resource}");
        }
    }
    Some((client, registered["client"].as_str().unwrap().to_owned(), urls))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_under_the_patients_server_shows_what_was_approved_until_the_end() {
    let owner = Owner::open().await;
    let Some((mut hospital, ready)) = let_in(&owner, "hospital.mjs").await else { return };
    let Some((mut client, client_id, urls)) = visitor(&owner, &ready, false).await else { return };
    hospital.go().await;
    let registered = hospital.until("resources").await;
    assert_eq!(registered["resources"].as_array().unwrap().len(), 2, "what was asked for was registered: {registered}");

    // Only the client's grant ends; the hospital stays let in, and knows at the next call.
    owner.end_all_of(&client_id).await;
    client.go().await;
    let told = client.until("told").await;
    for url in &urls {
        assert_eq!(told["answers"][url]["status"], 401, "ended");
    }
    // Without the hospital's own grant nobody is let in there.
    owner.end_all_of(ready["client"].as_str().unwrap()).await;
    client.go().await;
    let told = client.until("told").await;
    for url in &urls {
        let status = &told["answers"][url]["status"];
        assert!(status == &json!(403) || status == &json!(401), "{status}");
    }
    owner.trail_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_takes_what_the_patients_server_signed_for_it_and_asks_nobody() {
    let owner = Owner::open().await;
    let Some((_gateway, ready)) = let_in(&owner, "gateway.mjs").await else { return };
    let Some((mut client, _, urls)) = visitor(&owner, &ready, true).await else { return };
    client.go().await;
    let told = client.until("told").await;
    for url in &urls {
        assert_eq!(told["answers"][url]["status"], 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_the_hospital_opens_neither_the_gateway_nor_the_wallet() {
    let owner = Owner::open().await;
    let Some((_hospital, at_hospital)) = let_in(&owner, "hospital.mjs").await else { return };
    let Some((_gateway, at_gateway)) = let_in(&owner, "gateway.mjs").await else { return };
    let base = at_hospital["base"].as_str().unwrap();
    let url = format!("{base}/Observation");
    let others =
        [format!("{}/Observation", at_gateway["base"].as_str().unwrap()), format!("{}/Observation", owner.base)];
    let arguments = ["--elsewhere", &others[0], "--elsewhere", &others[1], "did-key", &url];
    let Some(mut client) = Talk::python("uma_client.py", &arguments) else { return };
    let registered = client.until("registered").await;
    client.until("request_submitted").await;
    let request = owner.asked_by(registered["client"].as_str().unwrap()).await;
    owner.approve_signed(&request).await;
    let told = client.until("told").await;
    assert_eq!(told["answers"][&url]["status"], 200);
    let elsewhere = client.until("elsewhere").await;
    for other in &others {
        assert_eq!(elsewhere["answers"][other]["status"], 401, "{other}");
    }
}
