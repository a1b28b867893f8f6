//! What the owner is shown before deciding is what the engine answers after: counts of narrowings chosen at random.

use std::collections::BTreeMap;

use serde_json::Value;
use wallet::FhirRequest;
use wallet::views::{Considered, Narrowing, TextDecision};

use crate::app::App;
use crate::owner::Owner;

/// Xorshift: the same narrowings each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % count
    }

    /// Each with a chance of one in `of`.
    fn some(&mut self, all: &[String], of: usize) -> Vec<String> {
        all.iter().filter(|_| self.below(of) == 0).cloned().collect()
    }

    fn day(&mut self, from: usize, years: usize) -> String {
        format!("{}-{:02}-{:02}", from + self.below(years), 1 + self.below(12), 1 + self.below(28))
    }
}

/// What there is to take away.
struct Choices {
    topics: Vec<String>,
    types: Vec<String>,
    sources: Vec<String>,
    resources: Vec<String>,
}

impl Choices {
    async fn of(owner: &Owner, whole: &Considered) -> Self {
        let words: Value =
            serde_json::from_str(include_str!("../../../crates/wallet/words/en.json")).expect("the words read");
        let all = owner.under(&serde_json::json!({ "grant": whole.grant }), "?_count=1000").await;
        let connections = owner.stage.wallet.connections().await.unwrap();
        Self {
            topics: words["topics"].as_object().unwrap().keys().cloned().collect(),
            types: whole.types.iter().map(|count| count.resource_type.clone()).collect(),
            sources: connections.into_iter().map(|connection| connection.id).collect(),
            resources: all.into_keys().collect(),
        }
    }

    fn narrowing(&self, dice: &mut Dice, before: &Considered) -> Narrowing {
        let mut narrowing = Narrowing::default();
        if dice.below(2) == 0 {
            narrowing.topics = dice.some(&self.topics, 8);
        }
        if dice.below(2) == 0 {
            narrowing.types = dice.some(&self.types, 6);
        }
        if dice.below(12) == 0 {
            narrowing.sources = self.sources.clone();
        }
        if dice.below(2) == 0 {
            narrowing.resources = dice.some(&self.resources, 20);
        }
        let (one, two) = (dice.day(1950, 76), dice.day(1950, 76));
        let (from, to) = if one < two { (one, two) } else { (two, one) };
        narrowing.from = (dice.below(3) == 0).then_some(from);
        narrowing.to = (dice.below(3) == 0).then_some(to);
        narrowing.until = (dice.below(3) == 0).then(|| dice.day(2100, 50));
        let choices = ["keep", "takeOut", "leaveOut"];
        let decide = |text: &wallet::views::ReviewView| TextDecision {
            resource: text.of.resource.clone(),
            place: text.place.clone(),
            choice: choices[text.place.len() % 3].to_owned(),
        };
        narrowing.decisions = before.review.iter().take(dice.below(4)).map(decide).collect();
        narrowing
    }
}

/// Resources by type as the engine finds them: its total, and the resources that it gives.
async fn found(owner: &Owner, grant: &str) -> BTreeMap<String, u32> {
    let target = "?_count=1000".to_owned();
    let request = FhirRequest { method: "GET".into(), target, ..FhirRequest::default() };
    let answer = owner.stage.wallet.fhir(request, Some(grant.as_bytes())).await.unwrap();
    let bundle: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer.status, 200, "{bundle}");
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for entry in bundle["entry"].as_array().into_iter().flatten() {
        *counts.entry(entry["resource"]["resourceType"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(bundle["total"], counts.values().sum::<u32>(), "all of it is on one page");
    counts
}

/// `SATCHEL_NARROWINGS=1000` tries so many.
#[tokio::test(flavor = "multi_thread")]
async fn the_counts_before_a_decision_are_those_of_the_answers_after_it() {
    let owner = Owner::of(120).await;
    let app = App::register(&owner.base, "patient/*.rs").await;
    let _waiting = app.ask("patient/*.rs").await;
    let request = owner.asked_by(&app.id).await;
    let id = request["id"].as_str().unwrap();
    let wallet = &owner.stage.wallet;
    let whole = wallet.consider(id, Narrowing::default()).await.unwrap();
    let of_record = |considered: &Considered| -> BTreeMap<String, u32> {
        let total = |count: &wallet::views::TypeCount| count.kept + count.changed + count.left_out;
        considered.types.iter().map(|count| (count.resource_type.clone(), total(count))).collect()
    };
    let choices = Choices::of(&owner, &whole).await;
    let times = std::env::var("SATCHEL_NARROWINGS").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
    let (mut dice, mut before) = (Dice(0x5eed), whole.clone());
    let mut fewer = 0;
    for time in 0..times {
        let narrowing = choices.narrowing(&mut dice, &before);
        let considered = wallet.consider(id, narrowing.clone()).await.unwrap();
        let out: BTreeMap<String, u32> = considered
            .types
            .iter()
            .map(|count| (count.resource_type.clone(), count.kept + count.changed))
            .filter(|(_, count)| *count > 0)
            .collect();
        assert_eq!(out, found(&owner, &considered.grant).await, "{time}: {narrowing:?}");
        assert_eq!(of_record(&considered), of_record(&whole), "{time}: each item is on one side: {narrowing:?}");
        let left: u32 = considered.types.iter().map(|count| count.left_out).sum();
        assert_eq!(
            left,
            considered.reasons.iter().map(|reason| reason.count).sum::<u32>(),
            "{time}: each with its reason"
        );
        assert!(!considered.wider, "{time}: {narrowing:?}");
        if let Some(day) = &narrowing.until {
            let grant: Value = serde_json::from_str(&considered.grant).unwrap();
            let end: jiff::Timestamp = grant["term"]["end"].as_str().unwrap().parse().unwrap();
            let last = (end - jiff::SignedDuration::from_secs(1)).to_zoned(jiff::tz::TimeZone::system());
            assert_eq!(last.date().to_string(), *day, "{time}: it holds until the day that was chosen");
        }
        fewer += u32::from(left > whole.types.iter().map(|count| count.left_out).sum());
        before = considered;
    }
    assert!(fewer * 2 > times, "most of them take something away: {fewer} of {times}");
}
