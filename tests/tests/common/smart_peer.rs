//! A wallet, the foreign SMART server of `tests/peers/smart-server.mjs`, and a person at a browser between them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use serde_json::Value;
use tempfile::TempDir;
use types::Secret;
use url::Url;
use wallet::views::{LaunchStage, LaunchView, PullStage, PullView, RecordQuery};
use wallet::{NewProtection, Setup, Wallet};

use crate::node::{self, Serving};
use crate::stage::{OWNER, PASSPHRASE};

/// A published record and the login it has at the server.
pub(crate) struct Record {
    pub(crate) bundle: &'static str,
    pub(crate) login: &'static str,
}

/// What the server has.
pub(crate) const RECORDS: [Record; 2] = [
    Record { bundle: "uscore_bundle_patient_85.json", login: "85" },
    Record { bundle: "uscore_bundle_patient_client_test.json", login: "us-core-client-tests-patient" },
];

pub(crate) struct Peer {
    pub(crate) wallet: Wallet,
    pub(crate) folder: PathBuf,
    login: Arc<Mutex<String>>,
    base: String,
    seen: String,
    _home: TempDir,
    _serving: Serving,
}

impl Peer {
    /// Starts the server, and makes an open wallet. `None` where packages or data are missing.
    pub(crate) async fn start(arguments: &[&str]) -> Option<Self> {
        let folder = testkit::shared("data/us-core")?;
        let bundles = RECORDS.map(|record| folder.join(record.bundle).display().to_string());
        let arguments: Vec<&str> = arguments.iter().copied().chain(bundles.iter().map(String::as_str)).collect();
        let (serving, ready) = node::start("smart-server.mjs", &arguments).await?;
        let home = tempfile::tempdir().unwrap();
        let login = Arc::new(Mutex::new(RECORDS[0].login.to_owned()));
        let open_browser = {
            let login = Arc::clone(&login);
            move |url: &Url| {
                tokio::spawn(browse(url.clone(), login.lock().unwrap().clone()));
                Ok(())
            }
        };
        let setup = Setup { folder: home.path().join("satchel"), open_browser: Box::new(open_browser) };
        let wallet = Wallet::new(setup);
        let passphrase = || Secret::new(PASSPHRASE.to_owned());
        wallet.make(OWNER.into(), None, NewProtection::Passphrase(passphrase())).await.unwrap();
        wallet.unlock(Some(passphrase())).await.unwrap();
        let text = |name: &str| ready[name].as_str().unwrap().to_owned();
        let (base, seen) = (text("base"), text("seen"));
        Some(Self { wallet, folder, login, base, seen, _home: home, _serving: serving })
    }

    pub(crate) fn sign_in_as(&self, login: &str) {
        *self.login.lock().unwrap() = login.to_owned();
    }

    /// Launches to its end, whatever that is: with a name the server knows, or as whom it registers.
    pub(crate) async fn launch(&self, client_id: Option<&str>) -> LaunchView {
        let begun = self.wallet.launch_as(self.base.clone(), None, client_id.map(str::to_owned)).await.unwrap();
        for _ in 0..600 {
            let now = self.wallet.launch_state(begun.id).await.unwrap();
            if !matches!(now.stage, LaunchStage::Discovering | LaunchStage::Waiting | LaunchStage::Exchanging) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the launch does not end");
    }

    pub(crate) async fn connect(&self, client_id: Option<&str>) -> String {
        let view = self.launch(client_id).await;
        view.connection.unwrap_or_else(|| panic!("{:?}", view.error))
    }

    pub(crate) async fn pull(&self, connection: &str) -> PullView {
        let begun = self.wallet.pull_start(connection).await.unwrap();
        for _ in 0..1200 {
            let now = self.wallet.pull_state(&begun.id).await.unwrap();
            if !matches!(now.stage, PullStage::Running | PullStage::Slowed) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the pull does not end");
    }

    /// What the provider knows of its tokens.
    pub(crate) async fn seen(&self) -> Value {
        serde_json::from_slice(&get(&self.seen).await).unwrap()
    }

    /// Every item of the wallet by its reference.
    pub(crate) async fn everything(&self) -> BTreeMap<String, Value> {
        let query = RecordQuery { limit: 500, ..RecordQuery::default() };
        let page = self.wallet.records(query).await.unwrap();
        assert_eq!(page.rows.len(), page.total as usize);
        let mut out = BTreeMap::new();
        for row in &page.rows {
            let item = self.wallet.item(&row.id).await.unwrap();
            out.insert(item.origin.reference.clone(), serde_json::from_str(&item.json).unwrap());
        }
        out
    }
}

/// The resources of a bundle by `Type/id`, with references between them written that way.
pub(crate) fn of_bundle(path: &Path) -> BTreeMap<String, Value> {
    let bundle: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    let name = |r: &Value| format!("{}/{}", r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap());
    let url = |e: &Value| e["fullUrl"].as_str().map(str::to_owned);
    let names: HashMap<String, String> = entries.iter().filter_map(|e| Some((url(e)?, name(&e["resource"])))).collect();
    entries.iter().map(|e| (name(&e["resource"]), renamed(&e["resource"], &names))).collect()
}

fn renamed(value: &Value, names: &HashMap<String, String>) -> Value {
    let member = |(name, value): (&String, &Value)| match (name.as_str(), value.as_str().and_then(|v| names.get(v))) {
        ("reference", Some(reference)) => (name.clone(), Value::String(reference.clone())),
        _ => (name.clone(), renamed(value, names)),
    };
    match value {
        Value::Array(items) => items.iter().map(|item| renamed(item, names)).collect(),
        Value::Object(map) => Value::Object(map.iter().map(member).collect()),
        other => other.clone(),
    }
}

/// A resource without what a server writes itself, its numbers as JavaScript keeps them.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().unwrap().into(),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(map) => {
            let own = |name: &str| matches!(name, "versionId" | "lastUpdated");
            let kept = map.iter().filter(|(name, _)| !own(name)).map(|(k, v)| (k.clone(), plain(v)));
            let mut kept: serde_json::Map<String, Value> = kept.collect();
            if kept.get("meta").is_some_and(|meta| meta.as_object().is_some_and(|m| m.is_empty())) {
                kept.remove("meta");
            }
            Value::Object(kept)
        }
        other => other.clone(),
    }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub(crate) async fn get(url: &str) -> Vec<u8> {
    http().get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
}

/// Cookies of one browser: name and path to value.
#[derive(Default)]
struct Jar(BTreeMap<(String, String), String>);

impl Jar {
    fn take(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let mut parts = header.to_str().unwrap().split("; ");
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let path = parts.find_map(|part| part.strip_prefix("path=")).unwrap_or("/");
            let key = (name.to_owned(), path.to_owned());
            if value.is_empty() {
                self.0.remove(&key)
            } else {
                self.0.insert(key, value.to_owned())
            };
        }
    }

    fn of(&self, url: &Url) -> String {
        let here = self.0.iter().filter(|((_, path), _)| url.path().starts_with(path.as_str()));
        here.map(|((name, _), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

/// What the person does: follows the provider, signs in, allows; the browser goes back to the wallet at the end.
async fn browse(start: Url, login: String) {
    let (http, mut jar) = (http(), Jar::default());
    let mut page = http.get(start.clone());
    let mut at = start.clone();
    for _ in 0..16 {
        let response = page.header(COOKIE, jar.of(&at)).send().await.unwrap();
        jar.take(response.headers());
        if let Some(to) = response.headers().get(LOCATION) {
            at = at.join(to.to_str().unwrap()).unwrap();
            if at.origin() != start.origin() {
                let _ = http.get(at).send().await;
                return;
            }
            page = http.get(at.clone());
            continue;
        }
        let text = response.text().await.unwrap();
        let action = text.split("action=\"").nth(1).and_then(|rest| rest.split('"').next());
        let Some(action) = action else { panic!("no way on from {}: {text}", at.path()) };
        at = at.join(action).unwrap();
        let form = if text.contains("name=\"login\"") { format!("login={login}") } else { "allow=yes".to_owned() };
        page = http.post(at.clone()).header("content-type", "application/x-www-form-urlencoded").body(form);
    }
    panic!("the provider leads nowhere");
}
