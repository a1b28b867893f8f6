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

/// A grant of these: actions, and what of.
fn grant_of(permits: &[(&str, &str)]) -> Value {
    let permit = |(actions, select): &(&str, &str)| json!({"context": "patient", "actions": actions, "select": serde_json::from_str::<Value>(select).unwrap()});
    json!({"version": 1, "id": "grt_0000000000000000000000000000000e",
        "who": {"name": "Dr Lee", "proof": {"client": "cli_1"}}, "permits": permits.iter().map(permit).collect::<Vec<_>>()})
}

/// `Type/text` of each entry of an answer under a grant of these.
async fn under(wallet: &Wallet, permits: &[(&str, &str)], target: &str) -> (u16, Vec<String>) {
    let grant = grant_of(permits);
    let request = FhirRequest { method: "GET".into(), target: target.into(), ..FhirRequest::default() };
    let answer = wallet.fhir(request, Some(grant.to_string().as_bytes())).await.unwrap();
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let name = |one: &Value| {
        format!("{}/{}", one["resourceType"].as_str().unwrap(), one["code"]["text"].as_str().unwrap_or("-"))
    };
    let entries = body["entry"].as_array().cloned().unwrap_or_default();
    (answer.status, entries.iter().map(|entry| name(&entry["resource"])).collect())
}

#[tokio::test]
async fn what_may_only_be_read_is_in_no_search_however_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let observation = |id: &str, category: &str| {
        json!({"resourceType": "Observation", "id": id, "status": "final", "code": {"text": id},
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": category}]}],
            "subject": {"reference": "Patient/p"}})
    };
    let brought = wallet.with(move |open| {
        let seen = json!({"resourceType": "Condition", "id": "seen", "code": {"text": "seen"}, "subject": {"reference": "Patient/p"},
            "evidence": [{"detail": [{"reference": "Observation/lab"}]}]});
        let patient = json!({"resourceType": "Patient", "id": "p"});
        bring(open, 1, &[patient, seen, observation("lab", "laboratory"), observation("pulse", "vital-signs")]);
        Ok(())
    });
    brought.await.unwrap();
    let all = [("rs", r#"{"types": ["*"]}"#)];
    let uneven = [("rs", r#"{"types": ["Patient", "Condition"]}"#), ("r", r#"{"types": ["Observation"]}"#)];
    let without = [("rs", r#"{"types": ["Patient", "Condition"]}"#)];
    let ids = ask(&wallet, "Observation?_elements=id").await["entry"].as_array().unwrap().clone();
    let paths: Vec<String> =
        ids.iter().map(|one| format!("Observation/{}", one["resource"]["id"].as_str().unwrap())).collect();
    for path in &paths {
        assert_eq!(under(&wallet, &uneven, path).await.0, 200, "{path}");
        let (_, id) = path.split_once('/').unwrap();
        for target in [
            format!("Patient?_has:Observation:patient:_id={id}"),
            format!("Condition?evidence-detail:Observation._id={id}"),
        ] {
            assert_eq!(under(&wallet, &uneven, &target).await.1, under(&wallet, &without, &target).await.1, "{target}");
        }
    }
    for target in [
        "Patient?_revinclude=Observation:patient",
        "Patient?_revinclude=Observation:subject:Patient",
        "Patient?_revinclude=*",
        "Patient?_has:Observation:patient:category=laboratory",
        "Condition?_include=Condition:evidence-detail",
        "Condition?_include=*",
        "Condition?_include=Condition:patient&_revinclude:iterate=Observation:patient",
        "Condition?evidence-detail:Observation.category=laboratory",
        "?_type=Patient,Condition",
    ] {
        let (status, found) = under(&wallet, &uneven, target).await;
        assert_eq!((status, &found), (200, &under(&wallet, &without, target).await.1), "{target}");
        assert!(!found.iter().any(|one| one.starts_with("Observation/")), "{target}: {found:?}");
    }
    // These questions do find something where it may be found.
    assert!(
        under(&wallet, &all, "Patient?_revinclude=Observation:patient").await.1.contains(&"Observation/lab".to_owned())
    );
    for target in ["Observation", "Observation?_summary=count", "?_type=Observation", "Observation/_history", ""] {
        assert_eq!(under(&wallet, &uneven, target).await.0, 403, "{target}");
    }

    // In a batch each is judged by itself, and a transaction as a whole.
    let bundle = |of: &str| {
        let urls = [paths[0].as_str(), "Observation", "Patient?_revinclude=Observation:patient"];
        let entries: Vec<Value> = urls.iter().map(|url| json!({"request": {"method": "GET", "url": url}})).collect();
        json!({"resourceType": "Bundle", "type": of, "entry": entries}).to_string().into_bytes()
    };
    let grant = grant_of(&uneven);
    let post = |of: &str| {
        let headers = vec![("Content-Type".to_owned(), "application/fhir+json".to_owned())];
        FhirRequest { method: "POST".into(), target: String::new(), headers, body: bundle(of) }
    };
    let answer = wallet.fhir(post("batch"), Some(grant.to_string().as_bytes())).await.unwrap();
    let batch: Value = serde_json::from_slice(&answer.body).unwrap();
    let statuses: Vec<&str> =
        (0..3).map(|at| &batch["entry"][at]["response"]["status"].as_str().unwrap()[..3]).collect();
    assert_eq!(statuses, ["200", "403", "200"]);
    assert_eq!(batch["entry"][2]["resource"]["entry"].as_array().unwrap().len(), 1);
    assert_eq!(wallet.fhir(post("transaction"), Some(grant.to_string().as_bytes())).await.unwrap().status, 403);

    // Of one type, some to find and others to read: what permits say of the ones they do not say of the others.
    let some = [
        ("rs", r#"{"types": ["Patient"]}"#),
        ("s", r#"{"types": ["Observation"], "query": "category=vital-signs"}"#),
        ("r", r#"{"types": ["Observation"], "query": "category=laboratory"}"#),
    ];
    assert_eq!(under(&wallet, &some, "Observation").await, (200, vec!["Observation/pulse".to_owned()]));
    let mut opened = Vec::new();
    for path in &paths {
        opened.push(under(&wallet, &some, path).await.0);
    }
    opened.sort_unstable();
    assert_eq!(opened, [200, 404]);
    let found = under(&wallet, &some, "Patient?_revinclude=Observation:patient").await.1;
    assert_eq!(found, ["Patient/-", "Observation/pulse"]);
}
