//! A mandate that the daughter asks for.

use std::time::Duration;

use serde_json::Value;
use wallet::views::{MandateState, Narrowing, PullStage};

use crate::homes::{Daughter, trail_says, view_of};
use crate::owner::Owner;

/// The one request that waits.
async fn waiting(owner: &Owner) -> Value {
    let view = owner.stage.wallet.sharing().await.unwrap();
    assert_eq!(view.waiting.len(), 1);
    serde_json::to_value(&view.waiting[0]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn she_asks_her_mother_narrows_and_it_comes_as_it_was_approved() {
    let (owner, daughter) = (Owner::of(120).await, Daughter::new().await);
    let met = daughter.meets(&owner).await;
    let asked = daughter.wallet.mandate_ask(&met.mother, None, &daughter.mother).await.unwrap();
    assert_eq!((asked.state, asked.connection.as_ref()), (MandateState::Asking, None));
    assert!(asked.interval >= 1);
    let early = daughter.wallet.mandate_pull(&asked.id).await.unwrap_err();
    assert_eq!(early.code(), "mandate.waiting");
    let request = waiting(&owner).await;
    assert_eq!(request["contact"]["id"], met.daughter.as_str(), "the mother sees who asks");
    assert_eq!(request["contact"]["compared"], true);
    let narrowing = Narrowing { topics: vec!["medications".to_owned()], ..Narrowing::default() };
    let considered = owner.stage.wallet.consider(request["id"].as_str().unwrap(), narrowing).await.unwrap();
    assert!(!considered.wider);
    let grant: Value = serde_json::from_str(&considered.grant).unwrap();
    let approved = owner.approve(&request, Some(&grant)).await;
    let share = approved["share"]["id"].as_str().unwrap();
    tokio::time::sleep(Duration::from_secs(u64::from(asked.interval) + 1)).await;
    let held = daughter.wallet.mandate_look(&asked.id).await.unwrap();
    assert_eq!((held.state, held.id.as_str()), (MandateState::Held, asked.id.as_str()));
    assert_eq!(daughter.pulls(&held.id).await.stage, PullStage::Done);
    for kind in ["Observation", "Condition"] {
        assert_eq!(daughter.has(kind).await.len(), view_of(&owner, share, kind).await.len(), "{kind}");
    }
    assert!(daughter.has("MedicationRequest").await.is_empty());
    daughter.trail_says(&["mandateAsked", "mandateTaken", "pulled"]).await;
    trail_says(&owner.stage.wallet, &["asked", "approved", "answered"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_asks_and_her_mother_refuses() {
    let (owner, daughter) = (Owner::of(120).await, Daughter::new().await);
    let met = daughter.meets(&owner).await;
    let asked = daughter.wallet.mandate_ask(&met.mother, Some(&owner.base), &daughter.mother).await.unwrap();
    let request = waiting(&owner).await;
    owner.stage.wallet.refuse(request["id"].as_str().unwrap()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(u64::from(asked.interval) + 1)).await;
    let refused = daughter.wallet.mandate_look(&asked.id).await.unwrap();
    assert_eq!(refused.state, MandateState::Refused);
    assert_eq!(daughter.wallet.mandate_pull(&asked.id).await.unwrap_err().code(), "mandate.refused");
}
