//! A wallet with a pulled record whose door is open, and a client that was approved.

use authz::{Decided, Permission, TokenFormat, UMA_TICKET, Where};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use consent::{Grant, Party, Proof};
use jiff::civil::date;
use reqwest::Client;
use sandbox::Options;
use sandbox::people::Plan;
use serde_json::{Value, json};
use server::Owner;
use tempfile::TempDir;
use types::{ClientId, GrantId, PersonId};
use wallet::views::PullStage;
use wallet::{ServiceSetting, Wallet};

use crate::floor::client;
use crate::stage::Stage;

/// The wallet, its door and its client.
pub(crate) struct Opened {
    pub(crate) wallet: Wallet,
    pub(crate) http: Client,
    /// Without a slash at the end.
    pub(crate) base: String,
    /// Who was given everything.
    pub(crate) app: Registered,
    _home: TempDir,
}

/// A client as the wallet knows it.
pub(crate) struct Registered {
    pub(crate) id: ClientId,
    /// `Authorization` that it proves itself with (RFC 6749 §2.3.1).
    pub(crate) basic: String,
}

impl Opened {
    pub(crate) async fn with(items: usize) -> Self {
        let today = date(2026, 11, 20);
        let plan = Plan { seed: 1, today, people: 1, years: None, resources: Some(items) };
        let stage = Stage::new(Options { plan, ..Options::new(today) }).await;
        let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
        let pull = stage.pull(&connection).await;
        assert_eq!(pull.stage, PullStage::Done, "{:?}", pull.error);
        let came: u32 = pull.kinds.iter().map(|kind| kind.new).sum();
        assert!(came as usize >= items, "{came} of {items}");
        let Stage { wallet, home, sandbox, .. } = stage;
        drop(sandbox);
        let view = wallet.open_service(ServiceSetting { port: Some(0), ..ServiceSetting::default() }).await.unwrap();
        let base = view.fhir.unwrap().trim_end_matches("/fhir").to_owned();
        let http = client();
        let app = register(
            &http,
            &base,
            json!({"client_name": "An app", "grant_types": [UMA_TICKET],
            "token_endpoint_auth_method": "client_secret_basic"}),
        )
        .await;
        let opened = Self { wallet, http, base, app, _home: home };
        let grant = opened.decided(&opened.app.id, Vec::new()).await;
        opened.grant(grant, &opened.app.id).await;
        opened
    }

    /// Everything, for this client, in signed tokens.
    pub(crate) async fn decided(&self, client: &ClientId, permissions: Vec<Permission>) -> Decided {
        let who = Party { name: "An app".into(), proof: Proof::Client(client.to_string()) };
        let grant = Grant { who, ..Grant::everything(GrantId::from_random([0; 16])) };
        let (person, format) = (self.person().await, TokenFormat::Jwt);
        Decided { grant, person, patient: None, format, scope: String::new(), contact: None, permissions }
    }

    pub(crate) async fn grant(&self, decided: Decided, client: &ClientId) -> GrantId {
        let client = client.clone();
        self.wallet.step(move |step| step.grant_by_owner(decided, Some(client)).unwrap()).await.unwrap()
    }

    pub(crate) async fn person(&self) -> PersonId {
        self.wallet.status().await.current.unwrap().parse().unwrap()
    }

    /// Tickets for everything, as a refused request brings one. They are drawn beside the door, which gives one side no
    /// more than some a minute.
    pub(crate) async fn tickets(&self, count: usize) -> Vec<String> {
        let everything = || Permission {
            at: Where::Here,
            resource: "*".into(),
            scopes: ["read", "search"].map(str::to_owned).into(),
        };
        let draw = move |step: &mut authz::Step<'_>| {
            let one = |step: &mut authz::Step<'_>| step.ticket_here(vec![everything()]).unwrap().expose().clone();
            (0..count).map(|_| one(step)).collect::<Vec<_>>()
        };
        self.wallet.step(draw).await.unwrap()
    }

    pub(crate) async fn close(self) {
        self.wallet.close_service().await.unwrap();
        self.wallet.close();
    }
}

/// Registers a client at the door (RFC 7591).
pub(crate) async fn register(http: &Client, base: &str, metadata: Value) -> Registered {
    let post = http.post(format!("{base}/register")).header("content-type", "application/json");
    let answer = post.body(metadata.to_string()).send().await.unwrap();
    let status = answer.status();
    let told: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(status, 201, "{told}");
    let word = |name: &str| told[name].as_str().unwrap().to_owned();
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", word("client_id"), word("client_secret"))));
    Registered { id: word("client_id").parse().unwrap(), basic }
}
