//! The real program, run as a person or a script runs it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "cli/connect.rs"]
mod connect;
#[path = "cli/journey.rs"]
mod journey;
#[path = "cli/serving.rs"]
mod serving;
#[path = "cli/sharing.rs"]
mod sharing;
#[path = "cli/two_satchels.rs"]
mod two_satchels;
#[path = "cli/usage.rs"]
mod usage;
#[path = "cli/verify.rs"]
mod verify;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A folder of its own for each test, with a passphrase file in it.
struct Home {
    folder: tempfile::TempDir,
}

/// What the program answered.
struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("passphrase"), "correct horse battery\n").unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name).display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_satchel"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("SATCHEL_HOME", self.path("home"))
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("BROWSER", "false")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        answer(self.command(arguments).output().unwrap())
    }

    /// With the passphrase from its file.
    fn open(&self, arguments: &[&str]) -> Answer {
        let file = self.path("passphrase").display().to_string();
        self.run(&[arguments, &["--passphrase-file", &file]].concat())
    }

    fn fed(&self, arguments: &[&str], input: &[u8]) -> Answer {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        answer(child.wait_with_output().unwrap())
    }

    /// Makes a wallet under the passphrase.
    fn init(&self) {
        let made = self.open(&["init", "--name", "Ines Calder", "--birth-date", "1974-05-03"]);
        assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    }
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }

    /// The code of the error told as JSON.
    fn error(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_else(|| panic!("{}", self.out)).to_owned()
    }
}

fn answer(output: Output) -> Answer {
    Answer {
        code: output.status.code().unwrap_or_else(|| {
            panic!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
        }),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A file among the published examples of SMART Health Cards.
fn example(name: &str) -> Option<PathBuf> {
    Some(testkit::shared("vectors/shc-spec")?.join(name))
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}
