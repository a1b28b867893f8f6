use serde_json::json;

use crate::record::tests::{bring, wallet};
use crate::requests::tests::ask;
use crate::views::{Narrowing, Relation};
use crate::{Approval, InputError, Wallet, WalletError};

async fn bring_in(wallet: &Wallet, conditions: &[(&str, &str)]) {
    let mut all = vec![json!({"resourceType": "Patient", "id": "p"})];
    all.extend(conditions.iter().map(|(id, text)| {
        json!({"resourceType": "Condition", "id": id, "code": {"text": text}, "subject": {"reference": "Patient/p"}})
    }));
    let brought = wallet.with(move |open| {
        bring(open, 1, &all);
        Ok(())
    });
    brought.await.unwrap();
}

fn is_unknown<T: std::fmt::Debug>(answer: Result<T, WalletError>) -> bool {
    matches!(answer, Err(WalletError::Input(InputError::UnknownId)))
}

#[tokio::test]
async fn a_share_of_one_person_is_on_no_page_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    bring_in(&wallet, &[("a", "Asthma")]).await;
    let me = wallet.status().await.current.unwrap();
    let (_, request) = ask(&wallet, "system/Condition.rs").await;
    let considered = wallet.consider(request.as_str(), Narrowing::default()).await.unwrap();
    let child = wallet.add_person("Leo".into(), Relation::Child, None).await.unwrap().current.unwrap();
    assert_ne!(me, child);

    // The person is switched between looking and deciding: it is decided for whom it was looked at.
    let approval =
        Approval { grant: Some(considered.grant.into_bytes()), person: Some(me.clone()), ..Approval::default() };
    let share = wallet.approve(request.as_str(), approval).await.unwrap();
    assert_eq!(share.person, me);
    assert!(wallet.sharing().await.unwrap().now.is_empty(), "nothing of Leo is shared");
    assert!(is_unknown(wallet.share(&share.id).await));
    assert!(is_unknown(wallet.end_share(&share.id).await));
    assert!(is_unknown(wallet.share_consider(&share.id, Narrowing::default()).await));
    assert!(is_unknown(
        wallet.share_narrow(&share.id, wallet.grant(&share.id).await.unwrap().grant.into_bytes()).await
    ));
    assert!(wallet.news().await.unwrap().ending.is_empty());

    wallet.select_person(&me).await.unwrap();
    assert_eq!(wallet.sharing().await.unwrap().now.len(), 1);
    assert!(wallet.share(&share.id).await.unwrap().share.ended.is_none(), "and it still holds");
    assert!(is_unknown(
        wallet
            .approve(request.as_str(), Approval { person: Some(child.replace("per_", "per_x")), ..Approval::default() })
            .await
    ));
}

#[tokio::test]
async fn a_share_is_narrowed_by_what_was_looked_at_and_never_widened() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    bring_in(&wallet, &[("a", "Asthma"), ("b", "Flat feet")]).await;
    let (_, request) = ask(&wallet, "system/*.rs").await;
    let share = wallet.approve(request.as_str(), Approval::default()).await.unwrap();
    let before = wallet.share(&share.id).await.unwrap();
    let conditions = |types: &[crate::views::TypeCount]| {
        types.iter().find(|count| count.resource_type == "Condition").map_or(0, |count| count.kept + count.changed)
    };
    assert_eq!(conditions(&before.types), 2);

    let narrowing = Narrowing { types: vec!["Condition".into()], ..Narrowing::default() };
    let considered = wallet.share_consider(&share.id, narrowing).await.unwrap();
    assert_eq!(conditions(&considered.types), 0);
    let narrower = wallet.share_narrow(&share.id, considered.grant.into_bytes()).await.unwrap();
    let now = wallet.share(&narrower.id).await.unwrap();
    assert_eq!(now.types, considered.types, "what was looked at is what holds");
    assert_eq!(wallet.share(&share.id).await.unwrap().share.why_ended.as_deref(), Some("replaced"));

    let back = wallet.share_narrow(&narrower.id, before.grant.into_bytes()).await;
    assert!(matches!(back, Err(WalletError::Decide(authz::DecideError::Wider))), "{back:?}");
    assert!(matches!(wallet.share_consider(&share.id, Narrowing::default()).await, Err(WalletError::Decide(_))));
}

#[tokio::test]
async fn what_came_since_the_decision_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    bring_in(&wallet, &[("a", "Asthma"), ("b", "Flat feet")]).await;
    let (_, request) = ask(&wallet, "system/Condition.rs").await;
    let share = wallet.approve(request.as_str(), Approval::default()).await.unwrap();
    let since = async || wallet.share(&share.id).await.unwrap().since.unwrap();
    assert_eq!((since().await.came, since().await.changed), (0, 0));
    bring_in(&wallet, &[("a", "Asthma, mild"), ("c", "Hay fever")]).await;
    assert_eq!((since().await.came, since().await.changed), (1, 1));
    wallet.end_share(&share.id).await.unwrap();
    assert!(wallet.share(&share.id).await.unwrap().since.is_none());
}
