//! The lock, at rest and in the middle of work.

use std::time::Duration;

use types::Secret;
use wallet::views::PullStage;

use crate::stage::{PASSPHRASE, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_wallet_answers_nothing_and_opens_with_its_passphrase_only() {
    let stage = Stage::invented().await;
    stage.wallet.lock().await.unwrap();
    assert_eq!(stage.wallet.home().await.unwrap_err().code(), "vault.locked");
    let wrong = stage.wallet.unlock(Some(Secret::new("four unusual quiet birds".to_owned()))).await.unwrap_err();
    assert_eq!(wrong.code(), "keychain.passphraseWrong");
    stage.wallet.unlock(Some(Secret::new(PASSPHRASE.to_owned()))).await.unwrap();
    assert!(stage.wallet.home().await.is_ok());
    assert!(stage.wallet.verify_trail().await.unwrap().broken_at.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_is_locked_in_the_middle_of_a_pull_goes_on_from_there() {
    let stage = Stage::invented().await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.fault("slow=60");
    let mut ends = Vec::new();
    // On a slow machine the last of them may come to its end before it is locked.
    for moment in 0..6 {
        let begun = stage.wallet.pull_start(&connection).await.unwrap();
        tokio::time::sleep(Duration::from_millis(40 + 60 * moment)).await;
        stage.wallet.lock().await.unwrap();
        let end = async {
            loop {
                match stage.wallet.pull_state(&begun.id).await.unwrap().stage {
                    PullStage::Running | PullStage::Slowed => tokio::time::sleep(Duration::from_millis(25)).await,
                    end => return end,
                }
            }
        };
        ends.push(tokio::time::timeout(Duration::from_secs(30), end).await.expect("the pull comes to an end"));
        stage.wallet.unlock(Some(Secret::new(PASSPHRASE.to_owned()))).await.unwrap();
    }
    assert_eq!(ends.first(), Some(&PullStage::Paused));
    assert!(ends.iter().all(|end| matches!(end, PullStage::Paused | PullStage::Done)), "{ends:?}");
    let whole = stage.pull(&connection).await;
    assert_eq!(whole.stage, PullStage::Done, "{:?}", whole.error);
    assert!(whole.kinds.iter().all(|kind| kind.failed == 0), "{:?}", whole.kinds);
    let again = stage.pull(&connection).await;
    assert!(again.kinds.iter().all(|kind| kind.new + kind.changed + kind.failed == 0), "{:?}", again.kinds);
}
