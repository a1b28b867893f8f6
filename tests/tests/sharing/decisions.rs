//! Decisions while somebody else decides, or while the other side asks anew: never twice, never wider, and said plainly.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use wallet::views::{Narrowing, RequestStanding};
use wallet::{Approval, WalletError};

use crate::app::{App, Waiting};
use crate::owner::{Owner, without};
use crate::program::satchel;
use crate::stage::PASSPHRASE;

const SCOPE: &str = "launch/patient patient/Observation.rs patient/Condition.rs";

async fn asked(owner: &Owner) -> (App, Waiting, Value) {
    let app = App::register(&owner.base, SCOPE).await;
    let waiting = app.ask(SCOPE).await;
    let request = owner.asked_by(&app.id).await;
    (app, waiting, request)
}

fn id_of(request: &Value) -> &str {
    request["id"].as_str().unwrap()
}

fn with(grant: impl Into<Vec<u8>>) -> Approval {
    Approval { grant: Some(grant.into()), ..Approval::default() }
}

/// The window approves less than was asked while the command line, a process of its own on the same vault, approves all
/// of it or refuses.
#[tokio::test(flavor = "multi_thread")]
async fn the_window_and_the_command_line_decide_at_once_and_one_of_them_is_told_that_it_was_too_late() {
    let owner = Owner::open().await;
    let (wallet, home) = (&owner.stage.wallet, owner.stage.home.path());
    std::fs::write(home.join("passphrase"), PASSPHRASE).unwrap();
    let mut by_window = 0;
    for round in 0..6_u64 {
        let (app, waiting, request) = asked(&owner).await;
        let verb = if round % 2 == 0 { "approve" } else { "refuse" };
        let mut command = satchel(home, &["requests", verb, id_of(&request), "--json"]);
        let command = command.stdout(Stdio::piped()).output();
        let narrowed = with(without(&request, &["Condition"]).to_string());
        let window = async {
            // The command line must open the vault first: sooner, later, and at once.
            tokio::time::sleep(Duration::from_millis(round * 250)).await;
            wallet.approve(id_of(&request), narrowed).await
        };
        let (window, command) = tokio::join!(window, command);
        let command = command.unwrap();
        let said: Value = serde_json::from_slice(&command.stdout).unwrap();
        assert_ne!(window.is_ok(), command.status.success(), "{verb}: {window:?}, {said}");
        match &window {
            Ok(_) => by_window += 1,
            Err(error) => assert_eq!(error.code(), "request.decided", "{error}"),
        }
        if !command.status.success() {
            assert_eq!(said["error"]["code"], "request.decided", "{said}");
        }

        let of_it: Vec<_> = of_client(&owner, &app.id).await;
        let standing = wallet.request(id_of(&request)).await.unwrap().standing;
        if verb == "refuse" && window.is_err() {
            assert!(of_it.is_empty() && standing == RequestStanding::Refused && waiting.try_code().await.is_none());
            continue;
        }
        assert!(of_it.len() == 1 && standing == RequestStanding::Approved, "{of_it:?}");
        let token = app.redeem(&waiting.code().await).await;
        let conditions = app.try_get("Condition?_summary=count", &token.access).await.unwrap();
        let conditions: Value = serde_json::from_slice(&conditions.bytes().await.unwrap()).unwrap();
        assert_eq!(
            conditions["total"] == 0,
            window.is_ok(),
            "what was decided holds, and nothing of the other: {conditions}"
        );
    }
    let actions: Vec<String> =
        wallet.trail(None, 0, 100).await.unwrap().entries.into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions.iter().filter(|action| matches!(action.as_str(), "approved" | "refused")).count(), 6);
    println!("the window was first {by_window} times of 6");
    owner.trail_is_whole().await;
}

async fn of_client(owner: &Owner, client: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for share in owner.stage.wallet.grants().await.unwrap() {
        let grant = serde_json::to_value(owner.stage.wallet.grant(&share.id).await.unwrap()).unwrap();
        if grant["client"]["id"] == client {
            all.push(grant);
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_anew_while_the_owner_looked_starts_over() {
    let owner = Owner::open().await;
    let wallet = &owner.stage.wallet;
    let (app, first, request) = asked(&owner).await;
    let looked_at = wallet.consider(id_of(&request), Narrowing::default()).await.unwrap().grant;

    // The same again: another browser may be asking, under another code.
    let second = app.ask(SCOPE).await;
    let again = owner.asked_by(&app.id).await;
    assert!(again["id"] != request["id"] && again["compare"] != request["compare"]);
    let late = wallet.approve(id_of(&request), with(looked_at.clone())).await;
    assert_eq!(late.unwrap_err().code(), "request.decided");
    let late = wallet.consider(id_of(&request), Narrowing::default()).await;
    assert_eq!(late.unwrap_err().code(), "request.decided");
    assert_eq!(wallet.request(id_of(&request)).await.unwrap().standing, RequestStanding::Withdrawn);
    assert!(first.try_code().await.is_none(), "the first browser gets nothing");

    // What was looked at for one is of no use for another: another program, or one that asks for less by now.
    let (_, _, of_another) = asked(&owner).await;
    let refused = wallet.approve(id_of(&of_another), with(looked_at.clone())).await;
    assert_eq!(refused.unwrap_err().code(), "request.party");
    let _less = app.ask("launch/patient patient/Condition.rs").await;
    let all = wallet.requests().await.unwrap();
    let less = all
        .iter()
        .find(|one| one.client.id == app.id && one.asked.iter().all(|said| !said.en.contains("observations")));
    let refused: Result<_, WalletError> = wallet.approve(&less.unwrap().id, with(looked_at)).await;
    assert_eq!(refused.unwrap_err().code(), "request.wider");
    assert!(wallet.grants().await.unwrap().is_empty(), "nothing was given by any of it");

    let looked_at = wallet.consider(id_of(&again), Narrowing::default()).await.unwrap().grant;
    wallet.approve(id_of(&again), with(looked_at)).await.unwrap();
    app.redeem(&second.code().await).await;
    owner.trail_is_whole().await;
}
