//! The owner at work: a wallet with a record, its server open, and decisions about what others ask.

use std::collections::BTreeMap;
use std::time::Duration;

use sandbox::Options;
use serde_json::{Value, json};
use wallet::views::PullStage;
use wallet::{Approval, FhirRequest};

use crate::serve;
use crate::stage::Stage;

/// Resources by `Type/id`.
pub(crate) type Resources = BTreeMap<String, Value>;

pub(crate) struct Owner {
    pub(crate) stage: Stage,
    /// The FHIR base that others are given.
    pub(crate) base: String,
    pub(crate) issuer: String,
    _open: serve::Open,
}

impl Owner {
    /// With the record of one invented person, and the server open.
    pub(crate) async fn open() -> Self {
        Self::of(300).await
    }

    /// With a record of about so many resources.
    pub(crate) async fn of(resources: usize) -> Self {
        Self::lacking(resources, None).await
    }

    /// The same, without what the health system does not answer about yet: a kind.
    pub(crate) async fn lacking(resources: usize, kind: Option<&str>) -> Self {
        let mut options = Options::new(jiff::civil::date(2026, 11, 20));
        options.plan.people = 1;
        options.plan.resources = Some(resources);
        let stage = Stage::new(options).await;
        if let Some(kind) = kind {
            stage.fault(&format!("forbidden-kind={kind}"));
        }
        let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
        assert_eq!(stage.pull(&connection).await.stage, PullStage::Done);
        let open = serve::open(&stage.wallet, 0).await;
        let (base, issuer) = (open.base.clone(), open.base.strip_suffix("/fhir").unwrap().to_owned());
        Self { stage, base, issuer, _open: open }
    }

    /// What a client asks and waits for.
    pub(crate) async fn asked_by(&self, client: &str) -> Value {
        for _ in 0..600 {
            let all = serde_json::to_value(self.stage.wallet.requests().await.unwrap()).unwrap();
            let waits = |one: &&Value| one["client"]["id"] == client && one["standing"] == "asked";
            if let Some(one) = all.as_array().unwrap().iter().find(waits) {
                return one.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{client} asks nothing")
    }

    /// Approves, as asked or with this grant in its place; gives the grant that holds now.
    pub(crate) async fn approve(&self, request: &Value, narrowed: Option<&Value>) -> Value {
        self.approve_with(request, narrowed, Approval::default()).await
    }

    /// The same, with signed tokens.
    pub(crate) async fn approve_signed(&self, request: &Value) -> Value {
        self.approve_with(request, None, Approval { signed_tokens: true, ..Approval::default() }).await
    }

    async fn approve_with(&self, request: &Value, narrowed: Option<&Value>, approval: Approval) -> Value {
        let approval = Approval { grant: narrowed.map(|grant| grant.to_string().into_bytes()), ..approval };
        let share = self.stage.wallet.approve(request["id"].as_str().unwrap(), approval).await.unwrap();
        serde_json::to_value(self.stage.wallet.grant(&share.id).await.unwrap()).unwrap()
    }

    /// Ends a grant.
    pub(crate) async fn end(&self, grant: &Value) {
        self.stage.wallet.end_grant(grant["share"]["id"].as_str().unwrap()).await.unwrap();
    }

    /// Ends all grants of this client.
    pub(crate) async fn end_all_of(&self, client: &str) {
        for share in self.stage.wallet.grants().await.unwrap() {
            let grant = serde_json::to_value(self.stage.wallet.grant(&share.id).await.unwrap()).unwrap();
            if grant["client"]["id"] == client && grant["share"]["ended"].is_null() {
                self.end(&grant).await;
            }
        }
    }

    /// Everything that a question finds in the view of a grant, as the wallet itself tells it.
    pub(crate) async fn under(&self, grant: &Value, question: &str) -> Resources {
        let request = FhirRequest { method: "GET".into(), target: question.into(), ..FhirRequest::default() };
        let grant = grant["grant"].as_str().unwrap().as_bytes();
        let answer = self.stage.wallet.fhir(request, Some(grant)).await.unwrap();
        assert_eq!(answer.status, 200, "{question}");
        found(&serde_json::from_slice(&answer.body).unwrap())
    }

    /// The trail is whole.
    pub(crate) async fn trail_is_whole(&self) {
        let verified = self.stage.wallet.verify_trail().await.unwrap();
        assert!(verified.broken_at.is_none(), "{verified:?}");
    }
}

/// A request as it was asked, without these types.
pub(crate) fn without(request: &Value, types: &[&str]) -> Value {
    let mut grant: Value = serde_json::from_str(request["grant"].as_str().unwrap()).unwrap();
    grant["except"] = json!([{ "types": types }]);
    grant
}

/// The resources of an answer: of a bundle its entries.
pub(crate) fn found(answer: &Value) -> Resources {
    let name = |resource: &Value| {
        format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap())
    };
    match answer["entry"].as_array() {
        Some(all) => all.iter().map(|entry| (name(&entry["resource"]), plain(&entry["resource"]))).collect(),
        None if answer["resourceType"] == "Bundle" => Resources::new(),
        None => [(name(answer), plain(answer))].into(),
    }
}

/// With numbers as other languages write them again: `1.10` is `1.1`.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().unwrap()),
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}

/// What came is what the view holds, nothing more and nothing less.
#[track_caller]
pub(crate) fn assert_same(came: &Resources, view: &Resources) {
    let names = |all: &Resources| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(came), names(view));
    for (name, resource) in view {
        assert_eq!(&came[name], resource, "{name}");
    }
}

/// The same of a list of resources.
pub(crate) fn listed(all: &Value) -> Resources {
    found(&json!({ "entry": all.as_array().unwrap().iter().map(|one| json!({ "resource": one })).collect::<Vec<_>>() }))
}
