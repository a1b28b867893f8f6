//! A wallet with a passphrase vault in a folder of its own, an ecosystem beside it, and a person at a browser.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sandbox::{Options, Running, Sandbox, Setting};
use tempfile::TempDir;
use types::Secret;
use url::Url;
use url::form_urlencoded::Serializer;
use wallet::views::{LaunchStage, LaunchView, PullStage, PullView};
use wallet::{NewProtection, Setup, Wallet};

pub(crate) const PASSPHRASE: &str = "four unusual quiet words";
pub(crate) const OWNER: &str = "Canarina Vogelsang";

pub(crate) struct Stage {
    pub(crate) wallet: Wallet,
    pub(crate) sandbox: Running,
    pub(crate) home: TempDir,
    /// Who signs in at the next launch.
    pub(crate) login: Arc<Mutex<String>>,
    /// Whose record is chosen, by its place in the list.
    pub(crate) person: Arc<Mutex<Option<String>>>,
}

impl Stage {
    pub(crate) async fn new(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let login = Arc::new(Mutex::new(sandbox.logins[0].username.clone()));
        let person = Arc::new(Mutex::new(None));
        let wallet = wallet_at(home.path().join("satchel"), &login, &person);
        let passphrase = NewProtection::Passphrase(Secret::new(PASSPHRASE.to_owned()));
        wallet.make(OWNER.into(), None, passphrase).await.unwrap();
        wallet.unlock(Some(Secret::new(PASSPHRASE.to_owned()))).await.unwrap();
        Self { wallet, sandbox, home, login, person }
    }

    pub(crate) async fn invented() -> Self {
        Self::new(Options::new(jiff::civil::date(2026, 11, 20))).await
    }

    pub(crate) fn fault(&self, text: &str) {
        self.sandbox.fault(Setting::parse(text).unwrap());
    }

    pub(crate) fn sign_in_as(&self, login: &str) {
        *self.login.lock().unwrap() = login.to_owned();
    }

    /// Launches to its end, whatever that is.
    pub(crate) async fn launch(&self, base: &str) -> LaunchView {
        let begun = self.wallet.launch_start(base.to_owned(), None).await.unwrap();
        self.follow(begun).await
    }

    pub(crate) async fn follow(&self, begun: LaunchView) -> LaunchView {
        for _ in 0..600 {
            let now = self.wallet.launch_state(begun.id).await.unwrap();
            if !matches!(now.stage, LaunchStage::Discovering | LaunchStage::Waiting | LaunchStage::Exchanging) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the launch does not end");
    }

    /// Connects and gives the connection's id.
    pub(crate) async fn connect(&self, base: &str) -> String {
        let view = self.launch(base).await;
        view.connection.unwrap_or_else(|| panic!("{:?}", view.error))
    }

    /// Pulls to the end, whatever that is.
    pub(crate) async fn pull(&self, connection: &str) -> PullView {
        let begun = self.wallet.pull_start(connection).await.unwrap();
        for _ in 0..2400 {
            let now = self.wallet.pull_state(&begun.id).await.unwrap();
            if !matches!(now.stage, PullStage::Running | PullStage::Slowed) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the pull does not end");
    }
}

/// A wallet over a folder whose browser signs in by itself.
pub(crate) fn wallet_at(folder: PathBuf, login: &Arc<Mutex<String>>, person: &Arc<Mutex<Option<String>>>) -> Wallet {
    let (login, person) = (Arc::clone(login), Arc::clone(person));
    let open_browser = move |url: &Url| {
        let (login, person) = (login.lock().unwrap().clone(), person.lock().unwrap().clone());
        tokio::spawn(browse(url.clone(), login, person));
        Ok(())
    };
    Wallet::new(Setup { folder, open_browser: Box::new(open_browser) })
}

/// What the person does in the browser: signs in, chooses, allows; the browser follows the way back.
async fn browse(url: Url, login: String, person: Option<String>) {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut page = http.get(url.clone()).send().await.unwrap();
    for _ in 0..4 {
        if let Some(back) = page.headers().get("location") {
            let back = url.join(back.to_str().unwrap()).unwrap();
            // The wallet may have given up already; then nobody listens.
            let _ = http.get(back).send().await;
            return;
        }
        let text = page.text().await.unwrap();
        let (path, fields) = if text.contains("name=\"username\"") {
            ("/signin", vec![("username", login.clone()), ("password", format!("{login}-demo"))])
        } else if text.contains("action=\"/choose\"") {
            ("/choose", vec![("person", person.clone().unwrap_or_else(|| "0".into()))])
        } else {
            ("/approve", vec![("decision", "allow".to_owned())])
        };
        let body = {
            let mut form = Serializer::new(String::new());
            for name in ["flow", "csrf"] {
                form.append_pair(name, &hidden(&text, name));
            }
            form.extend_pairs(fields);
            form.finish()
        };
        page = http
            .post(url.join(path).unwrap())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .unwrap();
    }
}

fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or("");
    after.split('"').next().unwrap_or("").to_owned()
}

/// Every byte of every file below a folder.
pub(crate) fn all_bytes(folder: &std::path::Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { out.push((path.clone(), std::fs::read(path).unwrap())) }
        }
    }
    out
}
