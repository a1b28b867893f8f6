//! Mandates that are not taken, and people who are erased.

use crypto::b64u;
use serde_json::json;
use wallet::views::{MandateState, PullStage};

use crate::homes::{Daughter, gives, payload};
use crate::owner::Owner;
use crate::stage::all_bytes;

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_is_taken_once_unchanged_and_by_whom_it_is_for() {
    let (owner, daughter) = (Owner::of(120).await, Daughter::new().await);
    let met = daughter.meets(&owner).await;
    let (share, text) = gives(&owner, &met.daughter).await;
    let code = |taken: Result<wallet::views::HeldMandateView, wallet::WalletError>| taken.map(drop).unwrap_err().code();
    let parts: Vec<&str> = text.split('.').collect();
    let mut said = payload(&text);
    said["credentialSubject"]["scope"] = json!("user/*.cruds");
    let forged = format!("{}.{}.{}", parts[0], b64u::encode(said.to_string().as_bytes()), parts[2]);
    assert_eq!(code(daughter.takes(&forged).await), "mandate.changed");
    assert_eq!(code(daughter.takes("nothing").await), "mandate.notAMandate");
    assert_eq!(code(daughter.takes(&"a".repeat(100_000)).await), "mandate.tooLong");
    // Somebody who knows nobody, and somebody whom the mother knows by another key.
    let stranger = Daughter::new().await;
    assert_eq!(code(stranger.takes(&text).await), "mandate.stranger");
    let son = Daughter::new().await;
    son.meets(&owner).await;
    assert_eq!(code(son.takes(&text).await), "mandate.stranger", "each knows the mother by a key of their own");
    let held = daughter.takes(&text).await.unwrap();
    assert_eq!(code(daughter.takes(&text).await), "mandate.known");
    // Ended before it was used: nothing comes, and the old text opens nothing.
    owner.stage.wallet.end_grant(&share.id).await.unwrap();
    let late = daughter.wallet.mandate_pull(&held.id).await.unwrap_err();
    assert_eq!(late.code(), "mandate.ended");
    assert_eq!(code(daughter.takes(&text).await), "mandate.known");
    let again = owner.stage.wallet.mandate_credential(&share.id).await.unwrap_err();
    assert_eq!(again.code(), "mandate.ended");
    assert!(owner.stage.wallet.requests().await.unwrap().is_empty(), "nobody was bothered with a request");
    // Nothing of the mother's stands in the open in the daughter's folder.
    for (path, bytes) in all_bytes(daughter.home.path()) {
        let found = bytes.windows(16).any(|part| part == &text.as_bytes()[..16]);
        assert!(!found, "{}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_server_is_away_nothing_comes_and_nothing_is_lost() {
    let (owner, daughter) = (Owner::of(120).await, Daughter::new().await);
    let met = daughter.meets(&owner).await;
    let (_, text) = gives(&owner, &met.daughter).await;
    let held = daughter.takes(&text).await.unwrap();
    assert_eq!(daughter.pulls(&held.id).await.stage, PullStage::Done);
    let items = daughter.mandate(&held.id).await.items;
    owner.stage.wallet.close_service().await.unwrap();
    let away = daughter.wallet.mandate_pull(&held.id).await.unwrap_err();
    assert!(away.code().starts_with("fetch."), "{}", away.code());
    let still = daughter.mandate(&held.id).await;
    assert_eq!((still.state, still.items), (MandateState::Held, items));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_with_all_of_theirs_and_the_name_confirms_it() {
    let (owner, daughter) = (Owner::of(120).await, Daughter::new().await);
    let met = daughter.meets(&owner).await;
    let (share, text) = gives(&owner, &met.daughter).await;
    let held = daughter.takes(&text).await.unwrap();
    daughter.pulls(&held.id).await;
    owner.stage.wallet.end_grant_and_ask_to_erase(&share.id).await.unwrap();
    let wallet = &daughter.wallet;
    let me = wallet.status().await.people[0].id.clone();
    assert_eq!(wallet.erase_person(&me, "Nora Calder").await.unwrap_err().code(), "person.owner");
    assert_eq!(wallet.erase_person(&daughter.mother, "my mother").await.unwrap_err().code(), "person.otherName");
    let status = wallet.erase_person(&daughter.mother, "My mother").await.unwrap();
    assert_eq!((status.people.len(), status.current.as_deref()), (1, Some(me.as_str())));
    assert!(wallet.mandates().await.unwrap().is_empty());
    assert_eq!(wallet.erase_person(&daughter.mother, "My mother").await.unwrap_err().code(), "id.unknown");
    let heard = owner.stage.wallet.grant(&share.id).await.unwrap().share.erase.unwrap();
    assert_eq!(heard.answer.as_deref(), Some("erased"), "her mother hears of it");
    daughter.trail_says(&["sourceErased", "personErased"]).await;
}
