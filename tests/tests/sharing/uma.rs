//! The UMA dance at the wallet's own FHIR server: ticket, claims, the owner's decision, data, more, the end.

use serde_json::{Value, json};

use crate::owner::{Owner, assert_same, found};
use crate::talk::Talk;

/// What the client was told of one address.
fn of<'a>(told: &'a Value, url: &str) -> &'a Value {
    &told["answers"][url]
}

/// From the first refusal to the owner's desk; gives the request.
async fn asked(owner: &Owner, client: &mut Talk, how: &str) -> Value {
    let challenge = client.until("challenge").await;
    assert_eq!((&challenge["status"], &challenge["ticket"]), (&json!(401), &json!(true)));
    assert_eq!(challenge["as_uri"], owner.issuer.as_str());
    let registered = client.until("registered").await;
    let need = client.until("need_info").await;
    assert_eq!(need["status"], 403);
    if how == "browser" {
        assert!(need["redirect_user"].is_string(), "{need}");
    } else {
        assert!(need["required_claims"].is_array(), "{need}");
        let submitted = client.until("request_submitted").await;
        assert!(submitted["interval"].as_f64().unwrap() >= 1.0, "{submitted}");
    }
    owner.asked_by(registered["client"].as_str().unwrap()).await
}

/// Everything up to the end of the grant.
async fn dance(owner: &Owner, client: &mut Talk, how: &str, urls: [&str; 2]) {
    let request = asked(owner, client, how).await;
    assert_eq!(request["door"], "uma");
    if how == "browser" {
        assert_eq!(request["claims"], json!([]), "a browser proves nothing about who sits at it");
    } else {
        assert_eq!(request["claims"].as_array().unwrap().len(), 1, "{}", request["claims"]);
    }
    // Narrowed: nothing from before that day.
    let mut narrowed: Value = serde_json::from_str(request["grant"].as_str().unwrap()).unwrap();
    narrowed["except"] = json!([{ "types": ["Observation"], "dates": { "to": "2020-12-31" } }]);
    let first = owner.approve(&request, Some(&narrowed)).await;
    let rpt = client.until("rpt").await;
    assert_eq!(rpt["body"]["token_type"], "Bearer");
    let old = client.until("old ticket").await;
    assert_eq!((&old["status"], &old["body"]["error"]), (&json!(400), &json!("invalid_grant")), "a ticket buys once");
    let told = client.until("told").await;
    let expected = owner.under(&first, "Observation?_count=1000").await;
    assert!(!expected.is_empty());
    assert_same(&found(&of(&told, urls[0])["body"]), &expected);

    // More, with what was proven before.
    let challenge = client.until("challenge").await;
    assert_eq!(challenge["status"], 401, "what is not in the grant buys a ticket");
    if how != "browser" {
        let next = client.next().await;
        assert_eq!(next["step"], "request_submitted", "who it is was proven before: {next}");
    }
    let request = owner.asked_by(request["client"]["id"].as_str().unwrap()).await;
    owner.approve(&request, None).await;
    let rpt = client.until("rpt").await;
    assert_eq!(rpt["body"]["upgraded"], true, "{rpt}");
    let told = client.until("told").await;
    assert_same(&found(&of(&told, urls[0])["body"]), &expected);
    assert_eq!(of(&told, urls[1])["status"], 200, "{}", of(&told, urls[1]));

    owner.end_all_of(request["client"]["id"].as_str().unwrap()).await;
    client.go().await;
    let told = client.until("told").await;
    for url in urls {
        assert_eq!(of(&told, url)["status"], 401, "ended: {url}");
    }
    owner.trail_is_whole().await;
}

async fn with(how: &str, claims: &str, owner: &Owner) {
    let urls = [format!("{}/Observation?_count=1000", owner.base), format!("{}/Condition?_count=1000", owner.base)];
    let urls = [&*urls[0], &*urls[1]];
    let Some(mut client) = Talk::python("uma_client.py", &[claims, urls[0], urls[1]]) else { return };
    dance(owner, &mut client, how, urls).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_a_did_asks_is_narrowed_asks_for_more_and_is_shut_out() {
    with("did", "did-key", &Owner::open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_a_key_in_their_did_asks_is_narrowed_asks_for_more_and_is_shut_out() {
    with("did", "did-jwk", &Owner::open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_whom_a_trusted_provider_knows_asks_is_narrowed_asks_for_more_and_is_shut_out() {
    let Some(mut provider) = Talk::node("issuer.mjs", &[]) else { return };
    let issuer = provider.next().await["issuer"].as_str().unwrap().to_owned();
    let owner = Owner::open().await;
    owner.stage.wallet.trust_issuer(&issuer, "The town's sign-in").await.unwrap();
    with("id-token", &format!("id-token={issuer}=mara"), &owner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_untrusted_provider_says_of_somebody_counts_for_nothing() {
    let Some(mut provider) = Talk::node("issuer.mjs", &[]) else { return };
    let issuer = provider.next().await["issuer"].as_str().unwrap().to_owned();
    let owner = Owner::open().await;
    let (claims, url) = (format!("id-token={issuer}=mara"), format!("{}/Observation", owner.base));
    let Some(mut client) = Talk::python("uma_client.py", &[&claims, &url]) else { return };
    for _ in 0..2 {
        assert_eq!(client.until("need_info").await["status"], 403);
    }
    assert_eq!(serde_json::to_value(owner.stage.wallet.requests().await.unwrap()).unwrap(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_at_a_browser_is_sent_to_wait_and_comes_back_with_another_ticket() {
    let owner = Owner::open().await;
    let url = format!("{}/Observation?_count=1000", owner.base);
    let Some(mut client) = Talk::python("uma_client.py", &["browser", &url]) else { return };
    let request = asked(&owner, &mut client, "browser").await;
    let page = client.until("page").await;
    assert!(page["text"].as_str().unwrap().contains(request["compare"].as_str().unwrap()), "{page}");
    let grant = owner.approve(&request, None).await;
    let gathered = client.until("gathered").await;
    assert_eq!((&gathered["state"], &gathered["rotated"]), (&json!(true), &json!(true)));
    client.until("rpt").await;
    let told = client.until("told").await;
    assert_same(&found(&of(&told, &url)["body"]), &owner.under(&grant, "Observation?_count=1000").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_whom_the_owner_refuses_is_told_so_and_nothing_else() {
    let owner = Owner::open().await;
    let url = format!("{}/Observation", owner.base);
    let Some(mut client) = Talk::python("uma_client.py", &["did-key", &url]) else { return };
    let request = asked(&owner, &mut client, "did").await;
    owner.stage.wallet.refuse(request["id"].as_str().unwrap()).await.unwrap();
    let denied = client.until("request_denied").await;
    assert_eq!(denied["status"], 403);
    let told = client.until("told").await;
    assert_eq!(of(&told, &url)["status"], 401);
    assert_eq!(of(&told, &url)["body"]["resourceType"], "OperationOutcome");
}
