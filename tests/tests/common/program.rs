//! `satchel serve` in a process of its own, and a wallet over the same folder beside it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use sandbox::Options;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use wallet::Wallet;
use wallet::views::PullStage;

use crate::stage::{PASSPHRASE, Stage};

/// The shipped program, serving.
pub(crate) struct Program {
    child: Child,
}

/// Memory of a process, in KiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    /// The most it ever had.
    pub(crate) most: u64,
}

/// A record, the program that serves it, and the owner beside it.
pub(crate) struct Served {
    pub(crate) stage: Stage,
    pub(crate) program: Program,
    /// The FHIR base.
    pub(crate) base: String,
    pub(crate) port: u16,
}

impl Served {
    pub(crate) async fn start() -> Self {
        let mut options = Options::new(jiff::civil::date(2026, 11, 20));
        options.plan.people = 1;
        options.plan.resources = Some(300);
        let stage = Stage::new(options).await;
        let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
        assert_eq!(stage.pull(&connection).await.stage, PullStage::Done);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        std::fs::write(passphrase(stage.home.path()), PASSPHRASE).unwrap();
        let program = Program::start(stage.home.path(), port).await;
        Self { program, base: format!("http://127.0.0.1:{port}/fhir"), port, stage }
    }

    /// Id of what a client asks and waits for.
    pub(crate) async fn waiting_of(&self, client: &str) -> String {
        for _ in 0..200 {
            let all = serde_json::to_value(self.stage.wallet.requests().await.unwrap()).unwrap();
            let waits = |one: &&serde_json::Value| one["client"]["id"] == client && one["standing"] == "asked";
            if let Some(one) = all.as_array().unwrap().iter().find(waits) {
                return one["id"].as_str().unwrap().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{client} asks nothing")
    }
}

impl Program {
    /// Starts it over the wallet in this folder, and waits until it says where it is.
    pub(crate) async fn start(home: &Path, port: u16) -> Self {
        let mut command = satchel(home, &["serve", "--port", &port.to_string(), "--json"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await.expect("it says nothing");
        assert!(line.unwrap().is_some(), "it ended");
        // It may say more; nothing waits for a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { child }
    }

    /// Ends it at once, in the middle of whatever it does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    pub(crate) fn memory(&self) -> Memory {
        let path = format!("/proc/{}/status", self.child.id().expect("it runs"));
        let text = std::fs::read_to_string(path).unwrap();
        let of = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse().unwrap()
        };
        Memory { now: of("VmRSS:"), most: of("VmHWM:") }
    }
}

/// Answers with data under a grant, as the trail tells them.
pub(crate) async fn answered(wallet: &Wallet, grant: &str) -> usize {
    let (mut count, mut offset) = (0, 0);
    loop {
        let page = wallet.trail(Some(grant), offset, 100).await.unwrap();
        count += page.entries.iter().filter(|entry| entry.status == Some(200)).count();
        offset += u32::try_from(page.entries.len()).unwrap();
        if page.entries.is_empty() || offset >= page.total {
            return count;
        }
    }
}

fn passphrase(home: &Path) -> PathBuf {
    home.join("passphrase")
}

/// The shipped command line over the wallet in this folder.
pub(crate) fn satchel(home: &Path, words: &[&str]) -> Command {
    let program = if cfg!(debug_assertions) { tests::program("satchel") } else { tests::released("satchel") };
    let mut command = Command::new(program);
    command.env("SATCHEL_HOME", home.join("satchel")).args(words).arg("--passphrase-file").arg(passphrase(home));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command
}
