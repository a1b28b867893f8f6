//! The neighbours of the demo ecosystem, as somebody uses them by hand: forms posted, pages read.

use std::time::Duration;

use serde_json::Value;
use wallet::views::{Mandate, MandateStart, Narrowing};

use crate::owner::Owner;

/// Somebody with a browser that follows nothing by itself.
struct Hand {
    http: reqwest::Client,
    at: String,
    wallet: String,
}

struct Page {
    status: u16,
    location: Option<String>,
    challenge: Option<String>,
    text: String,
}

impl Hand {
    fn of(owner: &Owner) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, at: owner.stage.sandbox.addresses.neighbours.clone(), wallet: owner.base.clone() }
    }

    /// Posts a neighbour's form.
    async fn post(&self, path: &str, login: &str) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let body = form.append_pair("wallet", &self.wallet).append_pair("login", login).finish();
        let request = self.http.post(format!("{}{path}", self.at)).body(body);
        self.send(request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    async fn read(&self, url: &str) -> Page {
        self.send(self.http.get(url)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let response = request.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, location, challenge) =
            (response.status().as_u16(), header("location"), header("www-authenticate"));
        Page { status, location, challenge, text: response.text().await.unwrap() }
    }
}

/// The one request that waits.
async fn waiting(owner: &Owner) -> Value {
    for _ in 0..200 {
        let view = owner.stage.wallet.sharing().await.unwrap();
        if let [only] = view.waiting.as_slice() {
            return serde_json::to_value(only).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing waits")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daughters_app_sees_what_was_approved_through_the_window_and_nothing_else() {
    let owner = Owner::open().await;
    let hand = Hand::of(&owner);
    let asked = hand.post("/daughter", "").await;
    let mut next = asked.location.expect("it sends the browser to the wallet");
    let begun = hand.read(&next).await;
    next = begun.location.unwrap_or(next);
    let request = waiting(&owner).await;
    assert_eq!(request["client"]["name"], "Kindred");

    // As the window does: look, narrow, look again, approve exactly what was looked at.
    let id = request["id"].as_str().unwrap();
    let whole = owner.stage.wallet.consider(id, Narrowing::default()).await.unwrap();
    let narrowing = Narrowing { types: vec!["Condition".to_owned()], ..Narrowing::default() };
    let narrowed = owner.stage.wallet.consider(id, narrowing).await.unwrap();
    let out = |of: &wallet::views::Considered, name: &str| {
        of.types.iter().filter(|count| count.resource_type == name).map(|count| count.kept + count.changed).sum::<u32>()
    };
    assert!(!whole.wider && !narrowed.wider);
    assert!(out(&whole, "Condition") > 0 && out(&narrowed, "Condition") == 0);
    assert_eq!(out(&whole, "Patient"), 1);
    let grant: Value = serde_json::from_str(&narrowed.grant).unwrap();
    owner.approve(&request, Some(&grant)).await;

    let page = 'back: {
        for _ in 0..100 {
            let page = hand.read(&next).await;
            match page.location {
                Some(to) if to.contains("/daughter/back") => break 'back hand.read(&to).await,
                Some(to) => next = to,
                None => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        panic!("the browser waits for ever");
    };
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("What Kindred was given"), "{}", page.text);
    assert!(page.text.contains("<h2>Conditions (0)</h2>"), "{}", page.text);
    let labs = format!("<h2>Laboratory results ({})</h2>", {
        let grant = serde_json::json!({ "grant": narrowed.grant });
        owner.under(&grant, "Observation?category=laboratory&_count=1000").await.len()
    });
    assert!(page.text.contains(&labs), "{labs} in {}", page.text);
    assert!(page.text.contains("Documents (not asked for)</h2><p class=\"wrong\">Refused: 403"), "{}", page.text);
    owner.trail_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_study_waits_for_the_owner_and_counts_afterwards() {
    let owner = Owner::open().await;
    let hand = Hand::of(&owner);
    assert!(hand.post("/study", "").await.text.contains("unauthorized_client"));
    let request = waiting(&owner).await;
    owner.approve(&request, None).await;
    let page = hand.post("/study", "").await;
    assert!(page.text.contains("What the study was given"), "{}", page.text);
    assert!(page.text.contains("Patient?_count=5</h2><p class=\"wrong\">Refused: 403"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hospital_and_its_gateway_ask_the_wallet_who_may_read() {
    let owner = Owner::open().await;
    let hand = Hand::of(&owner);
    let login = owner.stage.sandbox.logins[0].username.clone();
    for path in ["/hospital", "/gateway"] {
        assert!(hand.post(path, &login).await.text.contains("Not yet"), "{path}");
        let request = waiting(&owner).await;
        assert_eq!(request["door"], "federation");
        owner.approve(&request, None).await;
        let joined = hand.post(path, &login).await;
        assert!(joined.text.contains("Under your authorization server"), "{path}: {}", joined.text);
        let url = format!("{}{path}/fhir/Observation", hand.at);
        let refused = hand.read(&url).await;
        assert_eq!(refused.status, 401, "{path}");
        let challenge = refused.challenge.unwrap();
        assert!(challenge.starts_with("UMA ") && challenge.contains(&owner.issuer), "{path}: {challenge}");
        let stranger = hand.send(hand.http.get(&url).bearer_auth("not-a-token")).await;
        assert_eq!(stranger.status, 401, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_is_given_as_it_was_considered_and_holds_no_longer_than_two_years() {
    let owner = Owner::open().await;
    let wallet = &owner.stage.wallet;
    let did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    let contact = wallet.add_contact("Nora Calder", vec![did.to_owned()]).await.unwrap();
    let until = |days: i64| (jiff::Zoned::now().date() + jiff::SignedDuration::from_hours(24 * days)).to_string();
    let mandate = |until: String| Mandate {
        start: MandateStart::Except,
        topics: vec!["medications".to_owned()],
        until,
        purpose: "FAMRQT".to_owned(),
    };
    assert!(wallet.mandate_consider(&contact.id, mandate(until(800))).await.is_err(), "too long");
    assert!(wallet.mandate_consider(&contact.id, mandate("2001-01-01".to_owned())).await.is_err(), "over");
    let considered = wallet.mandate_consider(&contact.id, mandate(until(200))).await.unwrap();
    let of_medications = considered.types.iter().find(|count| count.resource_type == "MedicationRequest").unwrap();
    assert!(of_medications.left_out > 0 && of_medications.kept == 0, "{of_medications:?}");
    let share = wallet.mandate_give(&contact.id, considered.grant.into_bytes(), None).await.unwrap();
    assert_eq!((share.name.as_str(), share.ended), ("Nora Calder", None));
    let now = wallet.grant(&share.id).await.unwrap();
    assert_eq!(now.types, considered.types, "what holds is what was considered");
}
