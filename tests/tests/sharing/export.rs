//! `$export` by a client that acts for itself, over HTTP: what the view holds, line by line, and nothing after the end.

use authz::{Decided, Mint, Refresh, TokenFormat, Where};
use consent::{Grant, Party, Proof};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use server::Owner as _;
use types::{ClientId, GrantId};

use crate::owner::{Owner, Resources, assert_same, listed};

/// A client of this kind that was given everything but this type, and its token.
async fn given(owner: &Owner, metadata: Value, without: &str) -> (GrantId, String) {
    let person = owner.stage.wallet.status().await.current.unwrap().parse().unwrap();
    let mut grant = Grant::everything(GrantId::from_random([0; 16]));
    let select = consent::Selector { types: vec![without.into()], ..consent::Selector::default() };
    grant.what.exclusions = vec![select];
    let step = move |step: &mut authz::Step<'_>| {
        let client: ClientId =
            step.register(metadata.to_string().as_bytes()).unwrap()["client_id"].as_str().unwrap().parse().unwrap();
        grant.who = Party { name: "A study".into(), proof: Proof::Client(client.to_string()) };
        let (format, scope) = (TokenFormat::Opaque, String::new());
        let decided = Decided { grant, person, patient: None, format, scope, contact: None, permissions: Vec::new() };
        let id = step.grant_by_owner(decided, Some(client.clone())).unwrap();
        let order = Mint {
            grant: &id,
            client: &client,
            at: Where::Here,
            family: "family",
            jkt: None,
            only: None,
            refresh: Refresh::Without,
        };
        let token = step.mint(&order).unwrap().access_token.expose().clone();
        (id, token)
    };
    owner.stage.wallet.step(step).await.unwrap()
}

fn study() -> Value {
    let key = crypto::SigningKey::generate_p384().unwrap().1;
    let jwk = Value::from(key.public_jwk().with_kid("k"));
    json!({"client_name": "A study", "grant_types": ["client_credentials"], "scope": "system/*.rs",
        "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [jwk]}})
}

async fn get(url: &str, token: &str) -> Response {
    let request = Client::builder().no_proxy().build().unwrap().get(url).header("prefer", "respond-async");
    request.bearer_auth(token).send().await.unwrap()
}

async fn body(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

async fn begin(owner: &Owner, token: &str, query: &str) -> String {
    let begun = get(&format!("{}/$export{query}", owner.base), token).await;
    assert_eq!(begun.status(), 202);
    begun.headers()["content-location"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_study_exports_its_view_line_by_line_until_its_grant_ends() {
    let owner = Owner::open().await;
    let (grant, token) = given(&owner, study(), "Condition").await;
    let detail = serde_json::to_value(owner.stage.wallet.grant(grant.as_str()).await.unwrap()).unwrap();
    let expected = owner.under(&detail, "?_count=1000").await;
    assert!(expected.len() > 100 && !expected.keys().any(|name| name.starts_with("Condition/")));

    let at = begin(&owner, &token, "").await;
    let manifest = body(get(&at, &token).await).await;
    assert_eq!(manifest["request"], format!("{}/$export", owner.base));
    let mut came = Resources::new();
    for file in manifest["output"].as_array().unwrap() {
        let answer = get(file["url"].as_str().unwrap(), &token).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &"application/fhir+ndjson".parse().unwrap())
        );
        let text = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(json!(lines.len()), file["count"]);
        assert!(lines.iter().all(|line| line["resourceType"] == file["type"]));
        came.extend(listed(&json!(lines)));
    }
    assert_same(&came, &expected);

    // Each file has its entry, with all that left.
    let trail = owner.stage.wallet.trail(Some(grant.as_str()), 0, 100).await.unwrap().entries;
    let left: usize = trail.iter().map(|entry| entry.released.len()).sum();
    assert_eq!(left, expected.len());
    assert!(trail.iter().any(|entry| entry.target.as_deref() == Some("$export/Observation-1")));

    let some = begin(&owner, &token, "?_type=Patient&_since=2000-01-01T00:00:00Z").await;
    let patients = body(get(&some, &token).await).await;
    assert_eq!(patients["output"].as_array().unwrap().len(), 1);
    let none = begin(&owner, &token, "?_since=2100-01-01T00:00:00Z").await;
    assert_eq!(body(get(&none, &token).await).await["output"], json!([]));
    let deleted = Client::builder().no_proxy().build().unwrap().delete(&some).bearer_auth(&token).send().await.unwrap();
    assert_eq!(deleted.status(), 202);
    assert_eq!(get(&some, &token).await.status(), 404);

    // Another client has nothing of it, and learns not even that it is there.
    let (_, other) = given(&owner, study(), "Goal").await;
    let (foreign, nothing) = (get(&at, &other).await, get(&format!("{}/$export/00", owner.base), &other).await);
    assert_eq!((foreign.status().as_u16(), nothing.status().as_u16()), (404, 404));
    assert_eq!(body(foreign).await, body(nothing).await);

    let file = manifest["output"][0]["url"].as_str().unwrap();
    owner.stage.wallet.end_grant(grant.as_str()).await.unwrap();
    for url in [&*at, file, &format!("{}/$export", owner.base)] {
        assert_eq!(get(url, &token).await.status(), 401, "{url}");
    }
    owner.trail_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_for_backends_and_of_what_was_granted() {
    let owner = Owner::open().await;
    let app = json!({"client_name": "An app", "redirect_uris": ["https://app.example/back"], "token_endpoint_auth_method": "none"});
    let (_, token) = given(&owner, app, "Goal").await;
    assert_eq!(get(&format!("{}/$export", owner.base), &token).await.status(), 403, "an app is no backend");
    let (_, token) = given(&owner, study(), "Goal").await;
    for _ in 0..5 {
        begin(&owner, &token, "?_type=Patient").await;
    }
    assert_eq!(get(&format!("{}/$export?_type=Patient", owner.base), &token).await.status(), 429);
    assert_eq!(get(&format!("{}/$export", owner.base), "nobody").await.status(), 401);
}
