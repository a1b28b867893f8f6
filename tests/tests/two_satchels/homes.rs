//! The other home, and what the two do with one another.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use types::Secret;
use wallet::views::{HeldMandateView, Mandate, MandateStart, PairState, PullStage, PullView, Relation, ShareView};
use wallet::{
    Compared, FhirRequest, MandateFrom, NewProtection, ServerAddress, Setup, TrailFormat, Wallet, WalletError,
};

use crate::owner::{Owner, Resources, found};
use crate::stage::PASSPHRASE;

pub(crate) const OWN_NAME: &str = "Nora Calder";

/// The daughter's wallet: a folder and keys of its own, no server.
pub(crate) struct Daughter {
    pub(crate) wallet: Wallet,
    pub(crate) home: TempDir,
    /// The person in it that stands for the mother.
    pub(crate) mother: String,
}

/// Whom each has the other as.
pub(crate) struct Met {
    /// The daughter, as the mother's contact.
    pub(crate) daughter: String,
    /// The mother, as the daughter's contact.
    pub(crate) mother: String,
}

impl Daughter {
    pub(crate) async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let wallet = Wallet::new(Setup { folder: home.path().join("satchel"), open_browser: Box::new(|_| Ok(())) });
        let passphrase = || Secret::new(PASSPHRASE.to_owned());
        wallet.make(OWN_NAME.into(), None, NewProtection::Passphrase(passphrase())).await.unwrap();
        wallet.unlock(Some(passphrase())).await.unwrap();
        let status = wallet.add_person("My mother".into(), Relation::Parent, None).await.unwrap();
        let mother = status.people.iter().find(|person| person.name == "My mother").unwrap().id.clone();
        Self { wallet, home, mother }
    }

    /// Exchanges cards, compares codes.
    pub(crate) async fn meets(&self, owner: &Owner) -> Met {
        let mother = &owner.stage.wallet;
        let first = mother.make_contact_card("Nora", ServerAddress::Told).await.unwrap();
        let here = self.wallet.read_contact_card(first.card.as_bytes(), Some("Mum"), None).await.unwrap();
        let answer = self.wallet.contact_card(&here.id, ServerAddress::Told).await.unwrap();
        let there = mother.read_contact_card(answer.card.as_bytes(), None, None).await.unwrap();
        assert_eq!((here.state, there.state), (PairState::ToCompare, PairState::ToCompare));
        assert_eq!(here.code, there.code, "both owners see one code");
        assert_eq!((here.name.as_str(), there.name.as_str()), ("Mum", "Nora"));
        assert_eq!(there.id, first.pair, "the answer found the card that it answers");
        assert_eq!(there.says.as_deref(), Some(OWN_NAME));
        let there = mother.compare_contact(&there.id, Compared::Same).await.unwrap();
        let here = self.wallet.compare_contact(&here.id, Compared::Same).await.unwrap();
        assert_eq!(here.server.as_deref(), Some(owner.issuer.as_str()));
        Met { daughter: there.contact.unwrap(), mother: here.contact.unwrap() }
    }

    pub(crate) async fn takes(&self, mandate: &str) -> Result<HeldMandateView, WalletError> {
        self.wallet.mandate_take(MandateFrom::Text(mandate.as_bytes().to_vec()), &self.mother).await
    }

    /// Brings in under a mandate, to the end.
    pub(crate) async fn pulls(&self, mandate: &str) -> PullView {
        let begun = self.wallet.mandate_pull(mandate).await.unwrap();
        for _ in 0..2400 {
            let now = self.wallet.pull_state(&begun.id).await.unwrap();
            if !matches!(now.stage, PullStage::Running | PullStage::Slowed) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the pull does not end");
    }

    pub(crate) async fn mandate(&self, id: &str) -> HeldMandateView {
        self.wallet.mandates().await.unwrap().into_iter().find(|one| one.id == id).unwrap()
    }

    /// Everything of one type that she has of the person shown.
    pub(crate) async fn has(&self, kind: &str) -> Resources {
        all_of(&self.wallet, kind).await
    }

    /// The trail says what happened, in this order, and is whole.
    pub(crate) async fn trail_says(&self, actions: &[&str]) {
        trail_says(&self.wallet, actions).await;
    }
}

pub(crate) async fn trail_says(wallet: &Wallet, actions: &[&str]) {
    let verified = wallet.verify_trail().await.unwrap();
    assert!(verified.broken_at.is_none(), "{verified:?}");
    // Of all people: who was erased is not shown any more.
    let all = wallet.export_trail(TrailFormat::Ndjson).await.unwrap();
    let entries = all.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told: Vec<String> = entries.filter_map(|entry| Some(entry["action"].as_str()?.to_owned())).collect();
    let mut rest = told.iter();
    for action in actions {
        assert!(rest.any(|one| one == action), "{action} in {told:?}");
    }
}

/// What a wallet's owner has of one type, of the person shown.
pub(crate) async fn all_of(wallet: &Wallet, kind: &str) -> Resources {
    let request = FhirRequest { method: "GET".into(), target: format!("{kind}?_count=1000"), ..FhirRequest::default() };
    let answer = wallet.fhir(request, None).await.unwrap();
    assert_eq!(answer.status, 200, "{kind}");
    found(&serde_json::from_slice(&answer.body).unwrap())
}

pub(crate) fn in_days(days: i64) -> String {
    (jiff::Zoned::now().date() + jiff::SignedDuration::from_hours(24 * days)).to_string()
}

/// Everything except medications and psychotherapy notes.
pub(crate) fn usual() -> Mandate {
    Mandate {
        start: MandateStart::Except,
        topics: vec!["medications".to_owned(), "psychotherapy-notes".to_owned()],
        until: in_days(200),
        purpose: "FAMRQT".to_owned(),
    }
}

/// The mother gives it; the share, and the mandate in text.
pub(crate) async fn gives(owner: &Owner, contact: &str) -> (ShareView, String) {
    let wallet = &owner.stage.wallet;
    let considered = wallet.mandate_consider(contact, usual()).await.unwrap();
    let share = wallet.mandate_give(contact, considered.grant.into_bytes(), None).await.unwrap();
    let text = wallet.mandate_credential(&share.id).await.unwrap();
    (share, text)
}

/// The view that the mother's wallet has of a share, by type.
pub(crate) async fn view_of(owner: &Owner, share: &str, kind: &str) -> Resources {
    let grant = serde_json::to_value(owner.stage.wallet.grant(share).await.unwrap()).unwrap();
    owner.under(&grant, &format!("{kind}?_count=1000")).await
}

/// Names of the drugs of a record.
pub(crate) async fn drugs(wallet: &Wallet) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for resource in all_of(wallet, "MedicationRequest").await.values() {
        let text = resource["medicationCodeableConcept"]["coding"][0]["display"].as_str();
        names.extend(text.map(|text| text.split(' ').next().unwrap().to_lowercase()).filter(|name| name.len() > 4));
    }
    assert!(!names.is_empty(), "the record has drugs");
    names
}

/// What a signed text says.
pub(crate) fn payload(text: &str) -> Value {
    let middle = text.split('.').nth(1).unwrap();
    serde_json::from_slice(&crypto::b64u::decode(middle).unwrap()).unwrap()
}
