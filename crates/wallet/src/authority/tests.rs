use authz::{Mint, Once, Permission, Refresh, Where};
use server::Owner;
use types::ClientId;

use super::*;
use crate::record::tests::wallet;

fn once(hash: &str) -> Once {
    Once { hash: hash.to_owned(), until: "2200-01-01T00:00:00Z".parse().unwrap() }
}

#[tokio::test]
async fn a_step_that_fails_leaves_no_trace_in_memory_or_in_the_vault() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    wallet
        .with(|open| {
            open.decide(|doing| {
                doing.step.ledger.once.put(once("kept"));
                Ok(())
            })?;
            let failed: Result<(), _> = open.decide(|doing| {
                doing.step.ledger.once.put(once("lost"));
                doing.step.ledger.once.remove("kept");
                Err(WalletError::Interrupted)
            });
            assert!(failed.is_err());
            let there = open.look(|step| (step.ledger.once.find("kept").is_some(), step.ledger.once.count()))?;
            assert_eq!(there, (true, 1));
            let stamp = open.vault.authority_stamp()?;
            open.decide(|_| Ok(()))?;
            assert_eq!(open.vault.authority_stamp()?, stamp, "a step that changes nothing writes nothing");
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn the_keys_of_the_server_are_made_once_and_stay() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let published = || async { wallet.with(|open| open.look(|step| step.setting.keys.published())).await.unwrap() };
    let first = published().await;
    wallet.lock().await.unwrap();
    wallet.unlock(Some(Secret::new("correct horse battery".to_owned()))).await.unwrap();
    assert_eq!(published().await, first);
}

fn anything() -> Vec<Permission> {
    vec![Permission { at: Where::Here, resource: "*".to_owned(), scopes: vec!["read".to_owned()] }]
}

async fn tickets(wallet: &crate::Wallet) -> usize {
    wallet.with(|open| open.look(|step| step.ledger.tickets.count())).await.unwrap()
}

async fn again(wallet: &crate::Wallet) {
    wallet.lock().await.unwrap();
    wallet.unlock(Some(Secret::new("correct horse battery".to_owned()))).await.unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn no_ticket_outlasts_a_running_of_the_system_that_did_not_end_in_good_order() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let draw = |wallet: crate::Wallet| async move { wallet.step(|step| step.ticket_here(anything()).unwrap()).await };
    let note = || async { wallet.with(|open| Ok(open.vault.setting("authority.boot")?)).await.unwrap() };
    draw(wallet.clone()).await.unwrap();
    draw(wallet.clone()).await.unwrap();
    assert_eq!((tickets(&wallet).await, note().await.as_deref()), (2, light::running()));
    again(&wallet).await;
    assert_eq!((tickets(&wallet).await, note().await.as_deref()), (2, Some("")), "what ends in good order keeps them");
    draw(wallet.clone()).await.unwrap();
    assert_eq!((tickets(&wallet).await, note().await.as_deref()), (3, light::running()));
    // As a power cut leaves it: the note of a running that is no more.
    wallet.with(|open| Ok(open.vault.set_setting("authority.boot", "another running")?)).await.unwrap();
    let last = draw(wallet.clone()).await.unwrap();
    assert_eq!((tickets(&wallet).await, note().await.as_deref()), (1, light::running()));
    let kept = wallet.with(|open| open.look(|step| step.ledger.tickets.iter().next().cloned())).await.unwrap();
    let hash: String = crypto::sha256(last.expose().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(kept.unwrap().hash, hash, "of them all the new one is left");
}

#[test]
fn only_tickets_and_new_tokens_need_not_wait_for_the_disk() {
    let change = |table: &str, json: Option<&str>| Stored {
        table: table.to_owned(),
        key: "k".to_owned(),
        json: json.map(str::to_owned),
    };
    assert!(light::is_light(&change("tickets", None), Some("{}")));
    assert!(light::is_light(&change("tokens", Some("{}")), None));
    assert!(!light::is_light(&change("tokens", Some("{}")), Some("{}")), "a refresh token that is spent");
    assert!(!light::is_light(&change("tokens", None), Some("{}")), "a token that is revoked");
    for table in ["once", "codes", "grants", "requests", "pcts", "clients", "pushed", "app_passwords"] {
        assert!(!light::is_light(&change(table, Some("{}")), None), "{table}");
    }
}

#[tokio::test]
async fn each_token_that_is_given_out_and_each_that_is_looked_up_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let (made, _) = wallet.make_app_password("A tool", None).await.unwrap();
    let grant: GrantId = made.share.parse().unwrap();
    let of = grant.clone();
    let minted = wallet.step(move |step| {
        let app = br#"{"redirect_uris":["https://app.example/back"],"token_endpoint_auth_method":"none"}"#;
        let client: ClientId = step.register(app).unwrap()["client_id"].as_str().unwrap().parse().unwrap();
        let order = Mint {
            grant: &of,
            client: &client,
            at: Where::Here,
            family: "family",
            jkt: None,
            only: None,
            refresh: Refresh::With,
        };
        step.mint(&order).unwrap();
        client
    });
    let client = minted.await.unwrap();
    let entries = wallet.trail(Some(&made.share), 0, 10).await.unwrap().entries;
    let told = entries.iter().find(|entry| entry.action == "tokenIssued").unwrap();
    assert_eq!((told.who.as_deref(), told.counts["tokens"]), (Some(client.as_str()), 2));

    // A resource server that looks the same up again and again is told of once, and then by its number.
    let looked_up = |count: usize| {
        let (grant, client) = (grant.clone(), client.clone());
        wallet.with(move |open| {
            for _ in 0..count {
                open.authority.lookups.count(client.clone(), Some(grant.clone()));
                open.decide_with(Care::Step, Secret::new([0; 32]), |_| Ok(()))?;
            }
            Ok(())
        })
    };
    looked_up(40).await.unwrap();
    let counts = |entries: &[crate::views::TrailEntryView]| -> Vec<u32> {
        let all = entries.iter().filter(|entry| entry.action == "introspected");
        all.map(|entry| entry.counts["requests"]).collect()
    };
    assert_eq!(counts(&wallet.trail(Some(&made.share), 0, 10).await.unwrap().entries), [1]);
    again(&wallet).await;
    assert_eq!(counts(&wallet.trail(Some(&made.share), 0, 10).await.unwrap().entries), [39, 1]);
    assert_eq!(wallet.verify_trail().await.unwrap().broken_at, None);
}

#[tokio::test]
async fn a_clock_that_was_set_back_while_the_vault_was_closed_revives_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let later = now().checked_add(SignedDuration::from_hours(48)).unwrap();
    wallet
        .with(move |open| {
            // As it is written when the clock says so.
            let last = open.vault.audit_head()?.unwrap().head;
            let entry = audit::append(&last, Draft::done(audit::Action::Unlocked), later);
            let signed = audit::SignedHead { head: entry.head(), signature: vec![0; 64] };
            Ok(open.vault.append_audit(&entry, &signed)?)
        })
        .await
        .unwrap();
    again(&wallet).await;
    let at = wallet.with(|open| open.look(|step| step.now)).await.unwrap();
    assert!(at.as_second() >= later.as_second());
    let at = wallet.with(|open| open.decide(|doing| Ok(doing.step.now))).await.unwrap();
    assert!(at.as_second() >= later.as_second());
}
