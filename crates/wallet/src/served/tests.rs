use serde_json::{Value, json};

use crate::record::tests::{bring, wallet};
use crate::views::{Kind, RecordQuery};
use crate::{FhirRequest, Wallet};

async fn ask(wallet: &Wallet, target: &str) -> Value {
    let request = FhirRequest { method: "GET".into(), target: target.into(), ..FhirRequest::default() };
    let answer = wallet.fhir(request, None).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

fn condition(id: &str, text: &str) -> Value {
    json!({"resourceType": "Condition", "id": id, "code": {"text": text}, "subject": {"reference": "Patient/p"}})
}

async fn total(wallet: &Wallet, target: &str) -> u64 {
    ask(wallet, target).await["total"].as_u64().unwrap()
}

#[tokio::test]
async fn the_owners_view_follows_the_record_and_goes_with_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    assert_eq!(total(&wallet, "Condition").await, 0);
    wallet
        .with(|open| {
            bring(open, 1, &[json!({"resourceType": "Patient", "id": "p"}), condition("a", "Asthma")]);
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(total(&wallet, "Condition").await, 1);
    let first = ask(&wallet, "Condition").await["entry"][0]["resource"].clone();
    let id = first["id"].as_str().unwrap().to_owned();
    let patient = first["subject"]["reference"].as_str().unwrap().to_owned();
    assert_eq!(ask(&wallet, &patient).await["resourceType"], "Patient");

    wallet
        .with(|open| {
            bring(open, 1, &[condition("a", "Asthma, mild"), condition("b", "Flat feet")]);
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(total(&wallet, &format!("Condition?subject={patient}")).await, 2);
    let second = ask(&wallet, &format!("Condition/{id}")).await;
    assert_eq!(
        (second["code"]["text"].as_str(), second["meta"]["versionId"].as_str()),
        (Some("Asthma, mild"), Some("2"))
    );
    assert_eq!(total(&wallet, &format!("Condition/{id}/_history")).await, 2);
    assert!(wallet.with(|open| Ok(open.own.is_some())).await.unwrap());

    wallet.add_person("Leo".into(), crate::views::Relation::Child, None).await.unwrap();
    assert_eq!(total(&wallet, "Condition").await, 0, "nobody else's");
    wallet.lock().await.unwrap();
    let request = FhirRequest { method: "GET".into(), target: "Condition".into(), ..FhirRequest::default() };
    assert!(matches!(wallet.fhir(request, None).await, Err(crate::WalletError::Locked)));
}

/// The lists of the owner come from the vault, which knows sources, the newest of each test and misspelt words; what
/// they and the engine both know must be the same.
#[tokio::test]
async fn the_owners_lists_and_the_engine_tell_of_the_same_record() {
    let Some(path) = testkit::shared("data/us-core-examples") else { return };
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let mut resources = Vec::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let tree: Value = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        if tree["id"].is_string() {
            resources.push(tree);
        }
    }
    resources.sort_by_key(|tree| (tree["resourceType"].to_string(), tree["id"].to_string()));
    resources.dedup_by_key(|tree| (tree["resourceType"].to_string(), tree["id"].to_string()));
    let count = u64::try_from(resources.len()).unwrap();
    assert!(count > 20);
    wallet
        .with(move |open| {
            bring(open, 1, &resources);
            Ok(())
        })
        .await
        .unwrap();
    let query = |words: &str, kind: Option<Kind>| RecordQuery {
        words: words.to_owned(),
        kind,
        source: None,
        from: None,
        to: None,
        newest_of_each: false,
        offset: 0,
        limit: 500,
    };
    let listed = wallet.records(query("", None)).await.unwrap();
    assert_eq!(u64::from(listed.everything), count);
    assert_eq!(total(&wallet, "?_summary=count").await, count);
    let mut types: Vec<&str> = listed.rows.iter().map(|row| row.resource_type.as_str()).collect();
    types.sort_unstable();
    for same in types.chunk_by(|a, b| a == b) {
        let found = total(&wallet, &format!("{}?_summary=count", same[0])).await;
        assert_eq!(found, same.len() as u64, "{}", same[0]);
    }
}
