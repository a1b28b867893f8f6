//! The wallet against programs that are not ours: `oidc-provider` and Medplum at the other end of a launch and a pull,
//! `kill-the-clipboard` at the other end of a card. They live in `tests/peers` (`npm ci` there).
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests say plainly what they expect"
)]

#[path = "common/node.rs"]
mod node;
#[path = "common/smart_peer.rs"]
mod smart_peer;
#[allow(dead_code, reason = "this file needs less of the stage than the journeys do")]
#[path = "common/stage.rs"]
mod stage;

use std::time::Duration;

use base64::Engine;
use serde_json::{Value, json};
use smart_peer::{Peer, RECORDS, of_bundle, plain};
use stage::Stage;
use wallet::views::{KindOutcome, LaunchStage, PullStage, Relation, Revoked, VerdictWord};

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_provider_is_launched_with_a_known_name_and_foreign_records_arrive_whole_and_apart() {
    let Some(peer) = Peer::start(&["3600"]).await else { return };
    for record in RECORDS {
        peer.sign_in_as(record.login);
        peer.wallet.add_person(record.login.to_owned(), Relation::Other, None).await.unwrap();
        let connection = peer.connect(Some("satchel")).await;
        let pull = peer.pull(&connection).await;
        assert_eq!(pull.stage, PullStage::Done, "{:?}", pull.error);
        let troubled: Vec<_> = pull.kinds.iter().filter(|k| k.failed > 0 || k.outcome == KindOutcome::Failed).collect();
        assert!(troubled.is_empty(), "{troubled:?}");

        let here = peer.everything().await;
        let of_file = of_bundle(&peer.folder.join(record.bundle));
        for (name, expected) in &of_file {
            // No plan of a patient's record asks for the address of a computer.
            if name.starts_with("Endpoint/") {
                continue;
            }
            let got = here.get(name).unwrap_or_else(|| panic!("{name} is missing: {:?}", pull.kinds));
            assert_eq!(plain(got), plain(expected), "{name}");
        }
        let strangers: Vec<_> = here.keys().filter(|name| !of_file.contains_key(*name)).collect();
        assert!(strangers.is_empty(), "{strangers:?}");
        for kind in pull.kinds.iter().filter(|k| k.expected.is_some() && k.name != "Provenance") {
            let in_file = of_file.keys().filter(|name| name.starts_with(&format!("{}/", kind.name))).count();
            assert_eq!(kind.expected.map(|n| n as usize), Some(in_file), "{kind:?}");
        }

        let gone = peer.wallet.disconnect(&connection).await.unwrap();
        assert_eq!(gone.revoked, Revoked::Confirmed);
        let seen = peer.seen().await;
        assert_eq!((&seen["liveAccess"], &seen["liveRefresh"]), (&json!(0), &json!(0)), "{seen}");
    }
    let seen = peer.seen().await;
    assert_eq!((&seen["authentication"], &seen["identities"]), (&json!(["none"]), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wallet_registers_itself_with_a_key_and_renews_tokens_that_rotate() {
    let Some(peer) = Peer::start(&["3"]).await else { return };
    let connection = peer.connect(None).await;
    for round in 1..=3 {
        // A token that will soon end is renewed before it is used; one that has ended, too.
        if round == 3 {
            tokio::time::sleep(Duration::from_secs(4)).await;
        }
        let pull = peer.pull(&connection).await;
        assert_eq!(pull.stage, PullStage::Done, "{round}: {:?}", pull.error);
    }
    let seen = peer.seen().await;
    assert_eq!(seen["authentication"], json!(["private_key_jwt"]));
    assert_ne!(seen["clients"], json!(["satchel"]));
    assert_eq!(seen["grants"]["authorization_code"], 1);
    assert!(seen["grants"]["refresh_token"].as_u64().unwrap() >= 3, "{seen}");
    assert_eq!(seen["liveRefresh"], 1, "only the newest is good");
    assert_eq!(peer.wallet.disconnect(&connection).await.unwrap().revoked, Revoked::Confirmed);
    assert_eq!(peer.seen().await["liveRefresh"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_that_a_foreign_provider_refuses_says_so() {
    let Some(peer) = Peer::start(&["3600"]).await else { return };
    peer.sign_in_as("nobody");
    let view = peer.launch(Some("satchel")).await;
    assert_eq!((view.stage, view.error.unwrap().code.as_str()), (LaunchStage::Failed, "launch.accessDenied"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_signed_with_a_key_that_is_not_published_is_not_believed() {
    let Some(peer) = Peer::start(&["--other-keys", "3600"]).await else { return };
    let view = peer.launch(Some("satchel")).await;
    assert_eq!((view.stage, view.error.unwrap().code.as_str()), (LaunchStage::Failed, "idToken.badSignature"));
    assert!(peer.wallet.connections().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_reader_verifies_a_card_from_our_file_and_from_our_codes() {
    if node::peers().is_none() {
        return;
    }
    let stage = Stage::invented().await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    let fetched = stage.wallet.cards_fetch(&connection).await.unwrap();
    assert!(!fetched.added.is_empty() && fetched.unreadable.is_empty(), "{fetched:?}");
    for card in fetched.added {
        let id = card.id.unwrap();
        let path = stage.home.path().join("one.smart-health-card");
        stage.wallet.card_export(&id, &path).await.unwrap();
        let file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let jws = file["verifiableCredential"][0].as_str().unwrap().to_owned();
        let keys = format!("{}/.well-known/jwks.json", card.issuer_address);
        let jwks: Value = serde_json::from_slice(&smart_peer::get(&keys).await).unwrap();

        let answer = node::ask("health-card.mjs", &json!({"jws": jws, "jwks": jwks})).await;
        assert_eq!(answer["verified"], true, "{answer}");
        assert_eq!(answer["issuer"], card.issuer_address.as_str());
        let payload: Value = serde_json::from_str(&card.payload).unwrap();
        let ours = payload["vc"]["credentialSubject"]["fhirBundle"]["entry"].as_array().unwrap();
        assert_eq!(answer["bundle"]["entry"].as_array().unwrap().len(), ours.len());

        for chunked in [false, true] {
            let codes = stage.wallet.card_qr(&id, chunked).await.unwrap();
            let numeric: Vec<&str> = codes.iter().map(|code| code.text.as_str()).collect();
            let answer = node::ask("health-card.mjs", &json!({"numeric": numeric, "jwks": jwks})).await;
            assert_eq!(answer["verified"], true, "{answer}");
        }

        let at = jws.len() - 8;
        let other = if &jws[at..=at] == "A" { "B" } else { "A" };
        let changed = format!("{}{other}{}", &jws[..at], &jws[at + 1..]);
        let answer = node::ask("health-card.mjs", &json!({"jws": changed, "jwks": jwks})).await;
        assert_eq!(answer["verified"], false, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_of_a_foreign_issuer_is_verified_in_every_form_and_not_with_a_foreign_key() {
    let Some((issuer, made)) = node::start("issue-card.mjs", &[]).await else { return };
    let stage = Stage::invented().await;
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let picture = text("picture");
    let picture = picture.split_once("base64,").unwrap().1;
    let picture = base64::engine::general_purpose::STANDARD.decode(picture).unwrap();
    let numeric = made["numeric"][0].as_str().unwrap().to_owned();
    let mut views = vec![];
    for form in [text("jws"), text("file"), numeric] {
        views.extend(stage.wallet.check_card_text(form).await.unwrap());
    }
    views.extend(stage.wallet.check_card_bytes("card.png".into(), picture).await.unwrap());
    assert_eq!(views.len(), 4);
    for view in views {
        assert_eq!(view.verdict.word, VerdictWord::Verified, "{:?}", view.verdict);
        assert_eq!(view.issuer_address, text("issuer"));
        assert_eq!(view.name.as_deref(), Some("Jørn Ødegård"));
        assert_eq!(view.birth_date.as_deref(), Some("1951-01-20"));
    }
    let foreign = stage.wallet.check_card_text(text("foreign")).await.unwrap();
    assert_eq!(foreign[0].verdict.word, VerdictWord::NotVerified, "{:?}", foreign[0].verdict);
    drop(issuer);
}
