use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use server::{AnswerError, Owner};

use super::*;
use crate::record::tests::{bring, wallet};

fn basic(user: &str, password: &str) -> Presented {
    let header = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    Presented {
        authorization: vec![Secret::new(header)],
        dpop: None,
        method: "GET".into(),
        url: "http://127.0.0.1:8731/fhir".into(),
    }
}

fn condition(text: &str) -> [Value; 2] {
    [
        json!({"resourceType": "Patient", "id": "p"}),
        json!({"resourceType": "Condition", "id": "a", "code": {"text": text}, "subject": {"reference": "Patient/p"}}),
    ]
}

async fn brought(wallet: &Wallet, text: &'static str) {
    wallet
        .with(move |open| {
            bring(open, 1, &condition(text));
            Ok(())
        })
        .await
        .unwrap();
}

async fn ask(wallet: &Wallet, who: Presented, target: &str) -> Result<Value, AnswerError> {
    let response = wallet.answer(who, Request::get(target)).await?;
    Ok(serde_json::from_slice(&response.body).unwrap())
}

#[tokio::test]
async fn an_answer_comes_from_the_view_follows_the_record_and_leaves_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    brought(&wallet, "Asthma").await;
    let (made, password) = wallet.make_app_password("A tool", None).await.unwrap();
    let who = || basic(&made.id, password.expose());
    let first = ask(&wallet, who(), "Condition").await.unwrap();
    assert_eq!((first["total"].as_u64(), &first["entry"][0]["resource"]["code"]["text"]), (Some(1), &json!("Asthma")));
    let id = first["entry"][0]["resource"]["id"].as_str().unwrap();
    brought(&wallet, "Asthma, mild").await;
    let second = ask(&wallet, who(), &format!("Condition/{id}")).await.unwrap();
    assert_eq!(
        (second["code"]["text"].as_str(), second["meta"]["versionId"].as_str()),
        (Some("Asthma, mild"), Some("2"))
    );

    let trail = wallet.trail(Some(&made.share), 0, 10).await.unwrap();
    let last = &trail.entries[0];
    assert_eq!((last.action.as_str(), last.who.as_deref(), last.status), ("answered", Some("owner"), Some(200)));
    assert_eq!(last.released, [format!("Condition/{id}/_history/2")]);
    assert_eq!((last.method.as_deref(), last.target.clone()), (Some("GET"), Some(format!("Condition/{id}"))));
    assert_eq!(wallet.grants().await.unwrap()[0].uses, 2);

    let day = now().to_zoned(jiff::tz::TimeZone::system()).date().to_string();
    let seen = wallet.seen(&day).await.unwrap();
    assert_eq!((seen.len(), seen[0].open, seen[0].uses.len(), seen[0].matches), (1, 2, 2, true));
    let before = wallet.seen("2020-01-01").await.unwrap();
    assert!(before.is_empty());
}

#[tokio::test]
async fn after_a_grant_ended_nothing_of_it_is_answered_here_or_by_another_program() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    brought(&wallet, "Asthma").await;
    let (made, password) = wallet.make_app_password("A tool", None).await.unwrap();
    let who = || basic(&made.id, password.expose());
    ask(&wallet, who(), "Condition").await.unwrap();
    // Many ask while it ends: whoever asks after the end was told gets nothing.
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let (wallet, who) = (wallet.clone(), who());
            tokio::spawn(async move { ask(&wallet, who, "Condition").await.is_ok() })
        })
        .collect();
    wallet.end_grant(&made.share).await.unwrap();
    assert!(matches!(ask(&wallet, who(), "Condition").await, Err(AnswerError::Refused(_))));
    let mut answered = 1;
    for one in asking {
        answered += u32::from(one.await.unwrap());
    }
    let told = wallet.trail(Some(&made.share), 0, 100).await.unwrap().entries;
    let ended = told.iter().find(|entry| entry.action == "ended").unwrap().seq;
    let answers: Vec<u32> = told.iter().filter(|entry| entry.action == "answered").map(|entry| entry.seq).collect();
    assert_eq!(answers.len(), answered as usize, "no answer without an entry, no entry without an answer");
    assert!(answers.iter().all(|seq| *seq < ended));
    assert_eq!(wallet.grants().await.unwrap()[0].uses, answered);
    assert_eq!(wallet.verify_trail().await.unwrap().broken_at, None);
}

#[tokio::test]
async fn whoever_brings_nothing_that_opens_cannot_fill_the_trail() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    for _ in 0..50 {
        let refused = ask(&wallet, basic("apw_00000000000000000000000000000000", "no"), "Patient").await;
        assert!(matches!(refused, Err(AnswerError::Refused(_))));
    }
    let denied = |page: crate::views::TrailPageView| -> Vec<u32> {
        page.entries.iter().filter(|entry| entry.action == "denied").map(|entry| entry.counts["requests"]).collect()
    };
    assert_eq!(denied(wallet.trail(None, 0, 100).await.unwrap()), [1]);
    wallet.lock().await.unwrap();
    wallet.unlock(Some(Secret::new("correct horse battery".to_owned()))).await.unwrap();
    assert_eq!(denied(wallet.trail(None, 0, 100).await.unwrap()), [49, 1], "all were told of in the end");
}

#[test]
fn a_token_for_one_resource_opens_no_other_and_not_its_type() {
    let only = [Permission { at: Where::Here, resource: "Goal/1".into(), scopes: vec!["read".into()] }];
    let within = |target: &str| is_within(&only, &Request::get(target));
    assert!(within("Goal/1") && within("Goal/1/_history"));
    for beyond in ["Goal/2", "Goal", "Goal?_id=1", "Patient/1", "Patient/1/$everything", ""] {
        assert!(!within(beyond), "{beyond}");
    }
    let all = [Permission { at: Where::Here, resource: "*".into(), scopes: vec!["read".into(), "search".into()] }];
    assert!(is_within(&all, &Request::get("Patient/1/$everything")));
}

#[tokio::test]
async fn a_token_for_less_than_its_grant_reaches_nothing_else_by_an_include_and_a_count_is_a_use() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    brought(&wallet, "Asthma").await;
    let (made, password) = wallet.make_app_password("A tool", None).await.unwrap();
    let grant: types::GrantId = made.share.parse().unwrap();
    let token = wallet.step(move |step| {
        let app = br#"{"redirect_uris":["https://app.example/back"],"token_endpoint_auth_method":"none"}"#;
        let client = step.register(app).unwrap()["client_id"].as_str().unwrap().parse().unwrap();
        let scopes = vec!["search".to_owned()];
        let only = [Permission { at: Where::Here, resource: "Condition".to_owned(), scopes }];
        let order = authz::Mint {
            grant: &grant,
            client: &client,
            at: Where::Here,
            family: "family",
            jkt: None,
            only: Some(&only),
            refresh: authz::Refresh::Without,
        };
        step.mint(&order).unwrap().access_token
    });
    let header = format!("Bearer {}", token.await.unwrap().expose());
    let limited = || Presented { authorization: vec![Secret::new(header.clone())], ..basic("", "") };
    let whole = || basic(&made.id, password.expose());
    let entries = |answer: Value| answer["entry"].as_array().map_or(0, Vec::len);
    let target = "Condition?_include=Condition:subject";
    assert_eq!(entries(ask(&wallet, whole(), target).await.unwrap()), 2);
    assert_eq!(entries(ask(&wallet, limited(), target).await.unwrap()), 1);
    assert_eq!(entries(ask(&wallet, limited(), "Condition").await.unwrap()), 1);
    let before = wallet.grants().await.unwrap()[0].uses;
    ask(&wallet, limited(), "Condition?_summary=count").await.unwrap();
    assert_eq!(wallet.grants().await.unwrap()[0].uses, before + 1);
}
