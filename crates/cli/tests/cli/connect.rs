//! Over real HTTP, to the sandbox: sign in by hand, bring in, read, disconnect.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::time::Duration;

use reqwest::{Client, Url};
use sandbox::{Options, Running, Sandbox, Setting};

use crate::{Answer, Home};

/// A wallet, a health system, and the runtime the latter needs.
pub(crate) struct Stage {
    pub(crate) home: Home,
    runtime: tokio::runtime::Runtime,
    running: Option<Running>,
}

impl Stage {
    pub(crate) fn with(faults: &[&str]) -> Self {
        let home = Home::new();
        home.init();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut options = Options::new(jiff::civil::date(2026, 11, 20));
        options.faults = faults.iter().map(|fault| Setting::parse(fault).unwrap()).collect();
        let running = runtime.block_on(Sandbox::start(options)).unwrap();
        Self { home, runtime, running: Some(running) }
    }

    pub(crate) fn valley(&self) -> String {
        self.running.as_ref().unwrap().addresses.valley.to_string()
    }

    fn started(&self, line: &[&str]) -> Child {
        let passphrase = self.home.path("passphrase").display().to_string();
        self.home.command(&[line, &["--passphrase-file", &passphrase]].concat()).spawn().unwrap()
    }

    /// Runs a verb that asks to sign in, and signs in at the address it says.
    pub(crate) fn signing_in(&self, line: &[&str]) -> Answer {
        let mut child = self.started(&[line, &["--no-browser", "--json"]].concat());
        let mut told = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while told.read_line(&mut said).unwrap() > 0 {
            let last = said.lines().last().unwrap();
            if last.starts_with("http") {
                self.runtime.block_on(sign_in(last.parse().unwrap()));
                break;
            }
        }
        told.read_to_string(&mut said).unwrap();
        let answer = crate::answer(child.wait_with_output().unwrap());
        Answer { err: said, ..answer }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

/// What a browser and a person do: the three pages, then back to where the program listens.
async fn sign_in(address: Url) {
    let http = Client::builder().no_proxy().build().unwrap();
    let mut page = http.get(address.clone()).send().await.unwrap().text().await.unwrap();
    let pages =
        [("/signin", &[("username", "bram"), ("password", "bram-demo")][..]), ("/approve", &[("decision", "allow")])];
    for (path, fields) in pages {
        let hidden = |name: &str| -> String {
            let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            after.split('"').next().unwrap().to_owned()
        };
        let mut form = vec![("flow", hidden("flow")), ("csrf", hidden("csrf"))];
        form.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let mut body = Url::parse("form:").unwrap();
        body.query_pairs_mut().extend_pairs(form);
        let request = http.post(address.join(path).unwrap()).body(body.query().unwrap().to_owned());
        let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
        page = answer.text().await.unwrap();
    }
}

#[test]
fn a_record_is_connected_read_brought_up_to_date_and_disconnected() {
    let stage = Stage::with(&[]);
    let home = &stage.home;
    let connected = stage.signing_in(&["connect", &stage.valley(), "--name", "Fenwick Valley"]);
    assert_eq!(connected.code, 0, "{}{}", connected.out, connected.err);
    let view = connected.json();
    assert_eq!((view["connection"]["state"].as_str(), view["pull"]["stage"].as_str()), (Some("ready"), Some("done")));
    let items = view["connection"]["items"].as_u64().unwrap();
    assert!(items > 100, "{items}");

    let again = home.open(&["pull", "fenwick valley", "--json"]).json();
    assert!(again["kinds"].as_array().unwrap().iter().all(|kind| kind["new"] == 0 && kind["changed"] == 0), "{again}");
    assert_eq!(home.open(&["pull", "--json"]).json().as_array().unwrap().len(), 1);

    let labs = home.open(&["list", "labs", "--newest-of-each", "--limit", "500", "--json"]).json();
    let row = &labs["rows"][0];
    assert!(row["value"]["number"].is_string() && row["source"] == "Fenwick Valley", "{row}");
    let id = row["id"].as_str().unwrap();
    let lab = home.open(&["show", &format!("lab/{id}"), "--json"]).json();
    let reference = lab["origin"]["reference"].as_str().unwrap().to_owned();
    assert_eq!(home.open(&["show", &reference, "--json"]).json()["row"]["id"], id);
    assert_eq!(home.open(&["show", &format!("vital/{id}"), "--json"]).error(), "id.unknown");
    assert!(home.open(&["show", id]).out.contains("They are not a diagnosis."));
    let original = home.open(&["show", id, "--original", "--json"]).json();
    assert_eq!(original["resourceType"], "Observation");

    let documents = home.open(&["list", "document", "--limit", "1", "--json"]).json();
    let document = documents["rows"][0]["id"].as_str().unwrap();
    let file = home.path("saved.bin").display().to_string();
    let saved = home.open(&["show", document, "--save", "0", &file, "--json"]);
    assert_eq!(saved.code, 0, "{}", saved.out);
    assert!(std::fs::metadata(&file).unwrap().len() > 0);
    assert_eq!(home.open(&["show", document, "--save", "0", &file, "--json"]).error(), "cli.fileExists");
    assert_eq!(home.open(&["show", document, "--save", "99", &home.path("x").display().to_string(), "--json"]).code, 1);

    let cards = home.open(&["cards", "fetch", "Fenwick Valley", "--json"]).json();
    assert!(!cards["added"].as_array().unwrap().is_empty());
    assert_eq!(home.open(&["cards", "recheck"]).code, 0);

    let ended = home.open(&["connections", "disconnect", "Fenwick Valley", "--json"]).json();
    assert_eq!((ended["revoked"].as_str(), ended["items"].as_u64()), (Some("confirmed"), Some(items)));
    assert_eq!(home.open(&["pull", "--json"]).error(), "cli.noConnection");
    assert_eq!(home.open(&["list", "--json"]).json()["everything"].as_u64(), Some(items));
    assert_eq!(home.open(&["activity", "--verify"]).code, 0);
}

#[test]
fn a_refused_program_is_told_whose_side_it_is() {
    let stage = Stage::with(&["invalid-client"]);
    let refused = stage.signing_in(&["connect", &stage.valley()]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert_eq!(
        (refused.error().as_str(), refused.json()["error"]["whose"].as_str()),
        ("token.invalidClient", Some("them"))
    );
    assert_eq!(stage.home.open(&["connections", "list", "--json"]).json().as_array().unwrap().len(), 0);
}

#[test]
fn the_doctor_needs_no_wallet_and_answers_yes_or_no() {
    let stage = Stage::with(&["no-s256@larkspur"]);
    let empty = Home::new();
    let well = empty.run(&["doctor", &stage.valley(), "--json"]);
    assert!(well.code == 0 && well.json()["finding"].is_null(), "{}", well.out);
    let larkspur = stage.running.as_ref().unwrap().addresses.larkspur.to_string();
    let ill = empty.run(&["doctor", &larkspur, "--json"]);
    assert!(ill.code == 1 && ill.json()["message"].is_string(), "{}", ill.out);
    assert!(!empty.path("home").exists());
}

#[cfg(unix)]
#[test]
fn a_pull_stopped_from_the_keyboard_goes_on_the_next_time() {
    let stage = Stage::with(&[]);
    let connected = stage.signing_in(&["connect", &stage.valley(), "--no-pull"]);
    assert_eq!(connected.code, 0, "{}", connected.out);
    stage.running.as_ref().unwrap().fault(Setting::parse("slow=900").unwrap());
    let child = stage.started(&["pull", "--json"]);
    std::thread::sleep(Duration::from_secs(5));
    let interrupted = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let stopped = crate::answer(child.wait_with_output().unwrap());
    assert_eq!(stopped.code, 1, "{}", stopped.err);
    let before = stopped.json()[0].clone();
    assert!(
        matches!(before["stage"].as_str(), Some("paused" | "stopped")) && before["items"].as_u64() > Some(0),
        "{before}"
    );
    stage.running.as_ref().unwrap().no_faults();
    let after = stage.home.open(&["pull", "--json"]).json()[0].clone();
    assert_eq!((after["stage"].as_str(), &after["id"]), (Some("done"), &before["id"]));
    assert_eq!(stage.home.open(&["activity", "--verify"]).code, 0);
}
