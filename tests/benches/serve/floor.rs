//! The least that an answer could cost.

use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::any;
use crypto::SigningKey;
use reqwest::Client;
use search::{Engine, Request, Settings};
use serde_json::Value;
use tokio::net::TcpListener;
use types::Secret;
use wallet::{FhirRequest, Wallet};

/// As long as what is signed of a token.
const SIGNED_BYTES: usize = 400;

/// A server that reads a request and answers nothing, and a key.
pub(crate) struct Floor {
    address: String,
    http: Client,
    key: SigningKey,
}

impl Floor {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let nothing = |_: axum::body::Bytes| async {};
        let router = Router::new().route("/", any(nothing));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, http: client(), key: SigningKey::ed25519(&Secret::new([7; 32])) }
    }

    /// From asking to the end of the answer.
    pub(crate) async fn get(&self, authorization: &str) -> Duration {
        let begun = Instant::now();
        let answer = self.http.get(&self.address).header("authorization", authorization).send().await.unwrap();
        assert!(answer.bytes().await.unwrap().is_empty());
        begun.elapsed()
    }

    /// The same with a form, and one signature.
    pub(crate) async fn post_and_sign(&self, authorization: &str, form: String) -> Duration {
        let begun = Instant::now();
        assert_eq!(self.key.sign(&[b'x'; SIGNED_BYTES]).unwrap().len(), 64);
        let post = self.http.post(&self.address).header("authorization", authorization);
        let answer = post.header("content-type", "application/x-www-form-urlencoded").body(form).send().await.unwrap();
        assert!(answer.bytes().await.unwrap().is_empty());
        begun.elapsed()
    }
}

/// A client that keeps its connection.
pub(crate) fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// A bare engine that holds what the wallet's owner sees.
pub(crate) async fn engine(wallet: &Wallet) -> Engine {
    let (patient, base) = (own_patient(wallet).await, "http://localhost/fhir".to_owned());
    let (patients, key) = (vec![patient.into()], Secret::new([9; 32]));
    let mut engine = Engine::new(Settings { base, patients, zone: jiff::tz::TimeZone::UTC, key });
    let mut next = Some("?_count=1000".to_owned());
    while let Some(target) = next {
        let page = ask(wallet, target).await;
        for entry in page["entry"].as_array().into_iter().flatten() {
            engine.put(held(&entry["resource"])).unwrap();
        }
        let links = page["link"].as_array().into_iter().flatten();
        next = links.filter(|link| link["relation"] == "next").find_map(|link| Some(link["url"].as_str()?.to_owned()));
    }
    engine
}

/// One search of it.
pub(crate) fn search(engine: &Engine, target: &str) -> (Duration, Value) {
    let request = Request::get(target);
    let begun = Instant::now();
    let answer = engine.answer(&request, jiff::Timestamp::UNIX_EPOCH);
    let took = begun.elapsed();
    (took, serde_json::from_slice(&answer.body).unwrap())
}

pub(crate) async fn ask(wallet: &Wallet, target: String) -> Value {
    let request = FhirRequest { method: "GET".into(), target, ..FhirRequest::default() };
    let answer = wallet.fhir(request, None).await.unwrap();
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).unwrap()
}

async fn own_patient(wallet: &Wallet) -> String {
    ask(wallet, "Patient".into()).await["entry"][0]["resource"]["id"].as_str().unwrap().to_owned()
}

fn held(resource: &Value) -> fhir::Held {
    let last_updated = jiff::Timestamp::from_second(1_700_000_000).unwrap();
    let version = fhir::HeldVersion { number: 1, last_updated, json: resource.to_string().into() };
    fhir::Held {
        resource_type: resource["resourceType"].as_str().unwrap().into(),
        id: resource["id"].as_str().unwrap().into(),
        versions: vec![version],
    }
}
