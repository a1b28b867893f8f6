//! A mandate that the mother gives.

use wallet::views::{Kind, MandateState, PullStage, Relation};

use crate::homes::{Daughter, all_of, drugs, gives, payload, trail_says, view_of};
use crate::owner::{Owner, without};

#[tokio::test(flavor = "multi_thread")]
async fn a_daughter_brings_in_what_her_mother_lets_her_have_keeps_in_step_and_lets_go() {
    let (owner, daughter) = (Owner::lacking(200, Some("Observation")).await, Daughter::new().await);
    let met = daughter.meets(&owner).await;
    let contact = owner.stage.wallet.contacts().await.unwrap().remove(0);
    assert!(contact.compared && contact.id == met.daughter);

    let (share, text) = gives(&owner, &met.daughter).await;
    let said = payload(&text).to_string();
    assert!(said.contains("patient/*") && said.contains(&owner.issuer) && said.contains("FAMRQT"), "{said}");
    for hidden in ["medications", "psychotherapy", "except", "exclu"] {
        assert!(!said.contains(hidden), "a mandate never says what is left out: {hidden}");
    }
    let held = daughter.takes(&text).await.unwrap();
    assert_eq!((held.state, held.from.as_str(), held.person.as_str()), (MandateState::Held, "Mum", &*daughter.mother));

    let pulled = daughter.pulls(&held.id).await;
    assert_eq!(pulled.stage, PullStage::Done, "{pulled:?}");
    for kind in ["Patient", "Observation", "Condition", "MedicationRequest", "DocumentReference", "Encounter"] {
        let (here, there) = (daughter.has(kind).await.len(), view_of(&owner, &share.id, kind).await.len());
        assert_eq!(here, there, "{kind}");
    }
    assert!(!all_of(&owner.stage.wallet, "MedicationRequest").await.is_empty(), "the mother has some");
    says_no_drug(&owner, &daughter).await;
    // Whose record it is, and that it is a part, stands with the person and with the source.
    let status = daughter.wallet.status().await;
    let shown = status.people.iter().find(|person| Some(&person.id) == status.current.as_ref()).unwrap();
    assert_eq!((shown.relation.clone(), shown.lent.len()), (Relation::Parent, 1));
    assert_eq!(shown.lent[0].from, "Mum");
    assert!(status.people.iter().filter(|person| person.id != shown.id).all(|person| person.lent.is_empty()));
    let sources = daughter.wallet.connections().await.unwrap();
    assert_eq!(sources[0].mandate.as_deref(), Some(held.id.as_str()));

    // The laboratory answers at last: new results come through the mandate, drugs do not.
    let before = daughter.has("Observation").await.len();
    owner.stage.sandbox.no_faults();
    let source = owner.stage.wallet.connections().await.unwrap().remove(0).id;
    owner.stage.pull(&source).await;
    let pulled = daughter.pulls(&held.id).await;
    assert_eq!(pulled.stage, PullStage::Done, "{pulled:?}");
    let after = daughter.has("Observation").await.len();
    assert!(after > before, "{after} > {before}");
    assert_eq!(after, view_of(&owner, &share.id, "Observation").await.len());
    says_no_drug(&owner, &daughter).await;
    assert_eq!(daughter.mandate(&held.id).await.lapsed, 0);

    // Narrowed: what came and is not shown any more is marked.
    let grant = serde_json::to_value(owner.stage.wallet.grant(&share.id).await.unwrap()).unwrap();
    let mut narrowed = without(&grant, &["Condition"]);
    let old: serde_json::Value = serde_json::from_str(grant["grant"].as_str().unwrap()).unwrap();
    let exclusions = old["except"].as_array().unwrap().clone();
    narrowed["except"].as_array_mut().unwrap().extend(exclusions);
    let narrower = owner.stage.wallet.narrow_grant(&share.id, narrowed.to_string().into_bytes()).await.unwrap();
    let conditions = daughter.has("Condition").await.len();
    let pulled = daughter.pulls(&held.id).await;
    assert_eq!(pulled.stage, PullStage::Done, "{pulled:?}");
    let lapsed = daughter.mandate(&held.id).await;
    assert!(conditions > 0 && lapsed.lapsed as usize >= conditions, "{lapsed:?}");
    assert_eq!(lapsed.state, MandateState::Held, "it goes on as the narrower one");
    assert!(lapsed_of(&daughter, Kind::Condition).await.is_some(), "each says since when");
    assert_eq!(lapsed_of(&daughter, Kind::Lab).await, None);

    // The end: the next pull is refused, and said plainly.
    let ended = owner.stage.wallet.end_share_and_ask_to_erase(&narrower.id).await.unwrap().share;
    assert!(ended.compared, "their Satchel hears of it");
    assert_eq!(ended.erase.unwrap().answer, None);
    let refused = daughter.wallet.mandate_pull(&held.id).await.unwrap_err();
    assert_eq!(refused.code(), "mandate.ended");
    let told = daughter.mandate(&held.id).await;
    assert_eq!(told.state, MandateState::Ended);
    assert!(told.erase_asked.is_some() && told.items > 0, "asked, and nothing is erased by itself");

    // Erased, and said so.
    let erased = daughter.wallet.mandate_erase(&held.id).await.unwrap();
    assert_eq!((erased.items, erased.erase_answer.as_deref(), erased.connection.as_ref()), (0, Some("erased"), None));
    assert!(erased.erase_told.is_some(), "the giver heard it: {erased:?}");
    assert!(daughter.has("Observation").await.is_empty());
    assert!(daughter.wallet.connections().await.unwrap().is_empty());
    let share = owner.stage.wallet.grant(&narrower.id).await.unwrap().share;
    assert_eq!(share.erase.unwrap().answer.as_deref(), Some("erased"));
    daughter
        .trail_says(&[
            "contactMet",
            "contactCompared",
            "mandateTaken",
            "pulled",
            "mandateEnded",
            "eraseHeard",
            "sourceErased",
        ])
        .await;
    trail_says(
        &owner.stage.wallet,
        &["contactCompared", "approved", "answered", "narrowed", "ended", "eraseAsked", "eraseAnswered"],
    )
    .await;
}

/// Since when the first item of a kind is not shared any more, as its page says.
async fn lapsed_of(daughter: &Daughter, kind: Kind) -> Option<String> {
    let query = serde_json::from_value(serde_json::json!({ "kind": kind, "limit": 1 })).unwrap();
    let row = daughter.wallet.records(query).await.unwrap().rows.remove(0);
    let origin = daughter.wallet.item(&row.id).await.unwrap().origin;
    let status = daughter.wallet.status().await;
    let lent = status.people.iter().flat_map(|person| &person.lent).any(|lent| lent.connection == origin.connection);
    assert!(lent, "the page says who lends it");
    origin.lapsed
}

/// Nothing that the daughter has names a drug of her mother's.
async fn says_no_drug(owner: &Owner, daughter: &Daughter) {
    let names = drugs(&owner.stage.wallet).await;
    assert!(daughter.has("MedicationRequest").await.is_empty());
    for kind in ["Observation", "Condition", "DocumentReference", "Encounter", "DiagnosticReport", "CarePlan"] {
        for (id, resource) in daughter.has(kind).await {
            let text = resource.to_string().to_lowercase();
            let told: Vec<_> = names.iter().filter(|name| text.contains(name.as_str())).collect();
            assert!(told.is_empty(), "{id} says {told:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn she_may_keep_what_she_has_and_her_mother_hears_that() {
    let (owner, daughter) = (Owner::of(120).await, Daughter::new().await);
    let met = daughter.meets(&owner).await;
    let (share, text) = gives(&owner, &met.daughter).await;
    let held = daughter.takes(&text).await.unwrap();
    assert_eq!(daughter.wallet.mandate_keep(&held.id).await.unwrap_err().code(), "mandate.notAsked");
    daughter.pulls(&held.id).await;
    let items = daughter.mandate(&held.id).await.items;
    owner.stage.wallet.end_grant_and_ask_to_erase(&share.id).await.unwrap();
    assert_eq!(daughter.wallet.mandate_pull(&held.id).await.unwrap_err().code(), "mandate.ended");
    assert!(
        daughter.wallet.news().await.unwrap().answers.contains(&held.id),
        "the system says that an answer is waited for"
    );
    let kept = daughter.wallet.mandate_keep(&held.id).await.unwrap();
    assert_eq!((kept.items, kept.erase_answer.as_deref()), (items, Some("refused")));
    let heard = owner.stage.wallet.grant(&share.id).await.unwrap().share.erase.unwrap();
    assert_eq!(heard.answer.as_deref(), Some("refused"));
    assert!(heard.answered.is_some());
    assert_eq!(daughter.wallet.mandate_keep(&held.id).await.unwrap_err().code(), "mandate.decided");
    assert!(!daughter.wallet.news().await.unwrap().answers.contains(&held.id));
    trail_says(&owner.stage.wallet, &["eraseAsked", "eraseAnswered"]).await;
    daughter.trail_says(&["eraseHeard", "eraseRefused"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_told_is_told_when_the_giver_answers_again() {
    let (owner, daughter) = (Owner::of(120).await, Daughter::new().await);
    let met = daughter.meets(&owner).await;
    let (share, text) = gives(&owner, &met.daughter).await;
    let held = daughter.takes(&text).await.unwrap();
    daughter.pulls(&held.id).await;
    owner.stage.wallet.end_grant_and_ask_to_erase(&share.id).await.unwrap();
    daughter.wallet.mandates_check().await.unwrap();
    let port = url::Url::parse(&owner.issuer).unwrap().port().unwrap();
    owner.stage.wallet.close_service().await.unwrap();
    let erased = daughter.wallet.mandate_erase(&held.id).await.unwrap();
    assert_eq!((erased.items, erased.erase_told.as_ref()), (0, None), "erased here, not told yet");
    let unanswered = owner.stage.wallet.grant(&share.id).await.unwrap().share.erase.unwrap();
    assert_eq!(unanswered.answer, None);
    let away = daughter.wallet.mandates_check().await.unwrap_err();
    assert!(away.code().starts_with("fetch."), "{}", away.code());
    let _open = crate::serve::open(&owner.stage.wallet, port).await;
    daughter.wallet.mandates_check().await.unwrap();
    assert!(daughter.mandate(&held.id).await.erase_told.is_some());
    let heard = owner.stage.wallet.grant(&share.id).await.unwrap().share.erase.unwrap();
    assert_eq!(heard.answer.as_deref(), Some("erased"));
}
