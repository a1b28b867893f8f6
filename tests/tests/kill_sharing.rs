//! Killed at any moment of asking, approving, using and ending: no grant half made, no answer without its entry, a trail
//! that is whole. Both the program that serves and the one that decides are killed in the middle of whatever they do.
//!
//! A few times with all other tests; `SATCHEL_LONG=1` kills a hundred times.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    reason = "tests say plainly what they expect; the helpers are shared with other tests"
)]

#[path = "common/app.rs"]
mod app;
#[path = "common/program.rs"]
mod program;
#[path = "common/stage.rs"]
mod stage;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::App;
use program::{Program, Served, answered, satchel};
use reqwest::StatusCode;
use serde_json::Value;
use stage::PASSPHRASE;
use types::Secret;

const SCOPE: &str = "launch/patient patient/Observation.rs offline_access";

fn kills() -> u64 {
    if std::env::var("SATCHEL_LONG").is_ok_and(|long| long == "1") { 100 } else { 10 }
}

/// What the other side knows of what happened, whenever it was cut off.
#[derive(Default)]
struct Known {
    /// By grant: answers with data that arrived.
    answers: BTreeMap<String, usize>,
    /// Tokens that were given, each with its grant.
    tokens: Vec<(String, String)>,
    /// Grants whose end was confirmed.
    ended: Vec<String>,
    rounds: usize,
}

/// Asks, is approved, uses and is ended, over and over; returns at the first thing that does not come.
async fn live(served_base: String, home: std::path::PathBuf, known: Arc<Mutex<Known>>) -> Option<()> {
    loop {
        let app = App::try_register(&served_base, SCOPE).await?;
        let waiting = app.try_ask(SCOPE).await?;
        let listed = output(&home, &["requests", "list", "--json"]).await?;
        let request = listed.as_array()?.iter().find(|one| one["client"]["id"] == app.id.as_str())?["id"].clone();
        let approved = output(&home, &["requests", "approve", request.as_str()?, "--json"]).await?;
        let grant = approved["id"].as_str()?.to_owned();
        let token = app.try_redeem(&waiting.try_code().await?).await?;
        known.lock().unwrap().tokens.push((grant.clone(), token.access.clone()));
        for _ in 0..20 {
            let answer = app.try_get("Observation?_count=3", &token.access).await?;
            if answer.status() == StatusCode::OK && answer.bytes().await.is_ok() {
                *known.lock().unwrap().answers.entry(grant.clone()).or_default() += 1;
            }
        }
        output(&home, &["grants", "end", &grant, "--json"]).await?;
        known.lock().unwrap().ended.push(grant);
        known.lock().unwrap().rounds += 1;
    }
}

async fn output(home: &std::path::Path, words: &[&str]) -> Option<Value> {
    let output = satchel(home, words).stdout(std::process::Stdio::piped()).output().await.unwrap();
    output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_nothing_is_half_done_and_no_answer_lacks_its_entry() {
    let served = Served::start().await;
    let Served { stage, mut program, base, port } = served;
    let known: Arc<Mutex<Known>> = Arc::default();
    for kill in 0..kills() {
        stage.wallet.close();
        let living = tokio::spawn(live(base.clone(), stage.home.path().to_owned(), Arc::clone(&known)));
        // Spread over all that happens, never twice alike.
        tokio::time::sleep(Duration::from_millis(200 + kill * 7919 % 5000)).await;
        program.kill().await;
        // Whoever decides at that moment is killed as well.
        living.abort();
        let _ = living.await;

        stage.wallet.unlock(Some(Secret::new(PASSPHRASE.to_owned()))).await.unwrap();
        let trail = stage.wallet.verify_trail().await.unwrap();
        assert!(trail.broken_at.is_none(), "{trail:?}");
        whole(&stage, &known).await;
        program = Program::start(stage.home.path(), port).await;
        // What was given before opens what it opened, unless it was ended.
        let (tokens, ended) = {
            let known = known.lock().unwrap();
            (known.tokens.clone(), known.ended.clone())
        };
        let http = app::http();
        for (grant, token) in tokens.iter().rev().take(5) {
            let answer = http.get(format!("{base}/Observation?_count=1")).bearer_auth(token).send().await.unwrap();
            if ended.contains(grant) {
                assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{grant} was ended");
            }
        }
    }
    program.kill().await;
    let known = known.lock().unwrap();
    println!(
        "{} kills: {} whole rounds, {} tokens, {} answers with data",
        kills(),
        known.rounds,
        known.tokens.len(),
        known.answers.values().sum::<usize>()
    );
    assert!(!known.tokens.is_empty() && !known.answers.is_empty(), "something happened between the kills");
}

/// Requests and grants agree; the trail tells of every answer that arrived.
async fn whole(stage: &stage::Stage, known: &Arc<Mutex<Known>>) {
    let wallet = &stage.wallet;
    let requests = serde_json::to_value(wallet.requests().await.unwrap()).unwrap();
    let grants = wallet.grants().await.unwrap();
    let mut by_request = 0;
    for request in requests.as_array().unwrap() {
        match request["standing"].as_str().unwrap() {
            "approved" => {
                let share = request["share"].as_str().unwrap();
                assert!(grants.iter().any(|grant| grant.id == share), "{share} was approved and is not there");
                by_request += 1;
            }
            _ => assert!(request["share"].is_null(), "{request}"),
        }
    }
    assert_eq!(grants.len(), by_request, "each grant answers a request that says so");
    let (answers, ended) = {
        let known = known.lock().unwrap();
        (known.answers.clone(), known.ended.clone())
    };
    for (grant, arrived) in answers {
        let told = answered(wallet, &grant).await;
        assert!(told >= arrived, "{arrived} answers of {grant} arrived, {told} are told");
    }
    for grant in ended {
        let share = grants.iter().find(|share| share.id == grant).unwrap();
        assert!(share.ended.is_some(), "{grant} was ended");
    }
}
