use authz::Once;

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
