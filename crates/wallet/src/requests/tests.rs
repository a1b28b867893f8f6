use authz::{Answered, Ask, Asked, Client, ClientKind, DecideError};
use serde_json::{Value, json};
use types::{ClientId, Secret};

use super::*;
use crate::record::tests::{bring, wallet};
use crate::{Setup, WalletError};

fn client(id: &ClientId) -> Client {
    Client {
        id: id.clone(),
        name: "An app".into(),
        kind: ClientKind::Backend,
        redirect_uris: Vec::new(),
        keys: None,
        grant_types: Vec::new(),
        scope: String::new(),
        origins: Vec::new(),
        registered: crate::now(),
        blocked: None,
        management: None,
        claims_redirect_uris: Vec::new(),
        dpop_bound: false,
        used: None,
    }
}

/// A client that asks for this.
pub(crate) async fn ask(wallet: &Wallet, scope: &str) -> (ClientId, RequestId) {
    let scope = scope.to_owned();
    let id = ClientId::from_random(crypto::random().unwrap());
    let asked = wallet
        .with(move |open| {
            open.decide(|doing| {
                let client = client(&id);
                doing.step.ledger.clients.put(client.clone());
                let asked = Asked { scope, ..Asked::default() };
                let ask = Ask { door: Door::Backend, claims: Vec::new(), asked, answered: Answered::Asking };
                Ok((id, doing.step.ask(&client, ask).unwrap()))
            })
        })
        .await;
    asked.unwrap()
}

/// The same vault, opened by another program.
async fn another(folder: std::path::PathBuf) -> Wallet {
    let wallet = Wallet::new(Setup { folder, open_browser: Box::new(|_| Ok(())) });
    wallet.unlock(Some(Secret::new("correct horse battery".to_owned()))).await.unwrap();
    wallet
}

async fn actions(wallet: &Wallet) -> Vec<String> {
    let page = wallet.trail(None, 0, 100).await.unwrap();
    page.entries.into_iter().rev().map(|entry| entry.action).collect()
}

#[tokio::test]
async fn two_programs_decide_on_the_same_requests_and_never_twice() {
    let folder = tempfile::tempdir().unwrap();
    let window = wallet(folder.path().join("home")).await;
    let command_line = another(folder.path().join("home")).await;
    let (_, request) = ask(&window, "system/Observation.rs").await;
    let seen = command_line.requests().await.unwrap();
    assert_eq!((seen.len(), seen[0].standing), (1, RequestStanding::Asked));
    let id = request.as_str();
    let (one, two) =
        tokio::join!(window.approve(id, Approval::default()), command_line.approve(id, Approval::default()));
    let refused =
        [&one, &two].into_iter().filter(|done| matches!(done, Err(WalletError::Decide(DecideError::Decided))));
    assert_eq!(refused.count(), 1, "one of them was later: {one:?} {two:?}");
    let share = one.or(two).unwrap();
    assert_eq!(window.grants().await.unwrap().len(), 1);

    let (ended, again) = tokio::join!(window.end_grant(&share.id), command_line.end_grant(&share.id));
    assert_eq!(ended.unwrap().ended, again.unwrap().ended, "it ended once");
    assert!(matches!(command_line.refuse(id).await, Err(WalletError::Decide(DecideError::Decided))));
    let told = actions(&window).await;
    for (action, times) in [("asked", 1), ("approved", 1), ("ended", 1), ("clientRegistered", 1), ("refused", 0)] {
        assert_eq!(told.iter().filter(|told| *told == action).count(), times, "{action}: {told:?}");
    }
    assert_eq!(command_line.verify_trail().await.unwrap().broken_at, None);
}

#[tokio::test]
async fn what_is_approved_is_never_wider_than_what_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let (client, request) = ask(&wallet, "system/Observation.rs").await;
    let view = wallet.request(request.as_str()).await.unwrap();
    let mut wider: Value = serde_json::from_str(view.grant.as_deref().unwrap()).unwrap();
    assert_eq!(wider["permits"][0]["select"]["types"], json!(["Observation"]));
    wider["permits"][0]["select"]["types"] = json!(["Observation", "Condition"]);
    let approval = |grant: &Value| Approval { grant: Some(grant.to_string().into_bytes()), ..Approval::default() };
    let refused = wallet.approve(request.as_str(), approval(&wider)).await;
    assert!(matches!(refused, Err(WalletError::Decide(DecideError::Wider))), "{refused:?}");
    assert!(wallet.grants().await.unwrap().is_empty());

    wallet.block_client(client.as_str()).await.unwrap();
    assert_eq!(wallet.request(request.as_str()).await.unwrap().standing, RequestStanding::Refused);
    assert!(wallet.approve(request.as_str(), Approval::default()).await.is_err());
    wallet.remove_client(client.as_str()).await.unwrap();
    assert!(wallet.clients().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_names_of_hidden_drugs_are_kept_with_what_is_approved() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    wallet
        .with(|open| {
            let patient = json!({"resourceType": "Patient", "id": "p"});
            let drug = json!({"resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
                "medicationCodeableConcept": {"text": "Lithium carbonate"}, "subject": {"reference": "Patient/p"}});
            bring(open, 1, &[patient, drug]);
            Ok(())
        })
        .await
        .unwrap();
    let (_, request) = ask(&wallet, "system/*.rs").await;
    let view = wallet.request(request.as_str()).await.unwrap();
    let mut narrowed: Value = serde_json::from_str(view.grant.as_deref().unwrap()).unwrap();
    narrowed["except"] = json!([{"topics": ["medications"]}]);
    let approval = Approval { grant: Some(narrowed.to_string().into_bytes()), ..Approval::default() };
    let share = wallet.approve(request.as_str(), approval).await.unwrap();
    let kept: Value = serde_json::from_str(&wallet.grant(&share.id).await.unwrap().grant).unwrap();
    let words = kept["words"].as_array().unwrap();
    assert!(words.iter().any(|word| word.as_str().unwrap().to_lowercase().contains("lithium")), "{kept}");
    assert_eq!(kept["id"], share.id.as_str());
}

#[tokio::test]
async fn what_is_asked_back_is_kept_with_the_request_and_not_in_the_trail() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let (_, request) = ask(&wallet, "system/Observation.rs").await;
    let asked = wallet.ask_back(request.as_str(), "Which results, please?").await.unwrap();
    assert_eq!(
        (asked.standing, asked.asked_back.unwrap().message.as_str()),
        (RequestStanding::Asked, "Which results, please?")
    );
    assert!(wallet.grants().await.unwrap().is_empty());
    let trail = wallet.trail(None, 0, 100).await.unwrap();
    assert_eq!(trail.entries.iter().filter(|entry| entry.action == "askedBack").count(), 1);
    assert!(!format!("{trail:?}").contains("Which results"), "the trail does not repeat it");
    for bad in ["", "two\nlines", "<i>no</i>"] {
        let refused = wallet.ask_back(request.as_str(), bad).await;
        assert!(matches!(&refused, Err(WalletError::Decide(DecideError::Message))), "{refused:?}");
    }
    wallet.refuse(request.as_str()).await.unwrap();
    assert!(matches!(
        wallet.ask_back(request.as_str(), "And now?").await,
        Err(WalletError::Decide(DecideError::Decided))
    ));
}

#[tokio::test]
async fn a_request_whose_time_is_over_is_said_so_and_gives_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let (_, request) = ask(&wallet, "system/Observation.rs").await;
    let looked_at = wallet.consider(request.as_str(), crate::views::Narrowing::default()).await.unwrap().grant;
    let id = request.clone();
    let over = move |open: &mut Open| {
        open.decide(|doing| {
            doing.step.ledger.requests.change(id.as_str(), |request| request.until = request.made);
            Ok(())
        })
    };
    wallet.with(over).await.unwrap();
    let late = Approval { grant: Some(looked_at.into_bytes()), ..Approval::default() };
    for approval in [Approval::default(), late] {
        let refused = wallet.approve(request.as_str(), approval).await;
        assert!(matches!(refused, Err(WalletError::Decide(DecideError::TooOld))), "{refused:?}");
    }
    assert_eq!(wallet.request(request.as_str()).await.unwrap().standing, RequestStanding::Expired);
    assert!(wallet.sharing().await.unwrap().waiting.is_empty());
    assert!(wallet.grants().await.unwrap().is_empty());
}
