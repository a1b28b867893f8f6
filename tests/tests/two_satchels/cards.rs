//! Contact cards, good and bad.

use crypto::b64u;
use serde_json::json;
use wallet::views::PairState;
use wallet::{Compared, ServerAddress, Wallet};

use crate::homes::{Daughter, payload};

async fn reads(wallet: &Wallet, card: &str) -> Result<String, &'static str> {
    let read = wallet.read_contact_card(card.as_bytes(), None, None).await;
    read.map(|pair| pair.id).map_err(|error| error.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_taken_once_whole_and_only_from_somebody_else() {
    let homes = (Daughter::new().await, Daughter::new().await, Daughter::new().await);
    let (one, other, third) = (&homes.0.wallet, &homes.1.wallet, &homes.2.wallet);
    let card = one.make_contact_card("Nora", ServerAddress::Told).await.unwrap();
    assert!(card.qr.rows.len() > 20 && card.qr.text == card.card);
    let said = payload(&card.card);
    assert_eq!((said["v"].clone(), said["server"].clone()), (json!(1), json!(null)), "no server was ever opened");
    assert_eq!(reads(one, &card.card).await, Err("contactCard.own"));
    let mut said = said;
    said["name"] = json!("Somebody else");
    let parts: Vec<&str> = card.card.split('.').collect();
    let forged = format!("{}.{}.{}", parts[0], b64u::encode(said.to_string().as_bytes()), parts[2]);
    assert_eq!(reads(other, &forged).await, Err("contactCard.changed"));
    assert_eq!(reads(other, "not a card").await, Err("contactCard.notACard"));
    assert_eq!(reads(other, &"a".repeat(10_000)).await, Err("contactCard.tooLong"));
    let id = reads(other, &card.card).await.unwrap();
    assert_eq!(reads(other, &card.card).await, Err("contactCard.known"));
    // The answer is for the first one alone.
    let answer = other.contact_card(&id, ServerAddress::Kept).await.unwrap();
    assert_eq!(reads(third, &answer.card).await, Err("contactCard.forSomebodyElse"));
    assert!(other.contacts().await.unwrap().is_empty(), "who was not compared is no contact");
    assert_eq!(one.compare_contact(&card.pair, Compared::Same).await.unwrap_err().code(), "contactCard.noCard");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_differ_refuse_the_contact_and_keep_the_evidence() {
    let homes = (Daughter::new().await, Daughter::new().await, Daughter::new().await);
    let (one, other, between) = (&homes.0.wallet, &homes.1.wallet, &homes.2.wallet);
    // Somebody between the two gives each a card of their own.
    let card = one.make_contact_card("Nora", ServerAddress::Kept).await.unwrap();
    between.read_contact_card(card.card.as_bytes(), None, None).await.unwrap();
    let false_card = between.make_contact_card("Mum", ServerAddress::Kept).await.unwrap();
    let theirs = other.read_contact_card(false_card.card.as_bytes(), Some("Mum"), None).await.unwrap();
    let answer = other.contact_card(&theirs.id, ServerAddress::Kept).await.unwrap();
    between.read_contact_card(answer.card.as_bytes(), None, None).await.unwrap();
    let to_one = between.pairs().await.unwrap()[0].id.clone();
    let false_answer = between.contact_card(&to_one, ServerAddress::Kept).await.unwrap();
    let mine = one.read_contact_card(false_answer.card.as_bytes(), None, None).await.unwrap();
    assert_ne!(mine.code, theirs.code);
    let refused = one.compare_contact(&mine.id, Compared::Different).await.unwrap();
    assert_eq!((refused.state, refused.contact), (PairState::Refused, None));
    assert!(one.contacts().await.unwrap().is_empty());
    assert_eq!(one.pairs().await.unwrap().len(), 1, "what came stays");
    assert_eq!(reads(one, &false_answer.card).await, Err("contactCard.refused"));
    let again = one.contact_card(&mine.id, ServerAddress::Kept).await.unwrap_err();
    assert_eq!(again.code(), "contactCard.refused", "its key is gone");
    assert_eq!(one.compare_contact(&mine.id, Compared::Same).await.unwrap_err().code(), "contactCard.compared");
}
