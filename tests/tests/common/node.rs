//! Scripts of `tests/peers`, run with Node.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

/// A script that serves until it is dropped.
pub(crate) struct Serving {
    _child: Child,
}

/// The folder of scripts, or `None` (with a line on standard error) where their packages are not installed. Under
/// `CI=true` that is a failure.
pub(crate) fn peers() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    if folder.join("node_modules/.package-lock.json").exists() {
        return Some(folder);
    }
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!ci, "the packages of tests/peers are not installed");
    eprintln!("skipped: the packages of tests/peers are not installed (npm ci there)");
    None
}

fn command(folder: &Path, script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(script).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    command
}

/// Starts a script that prints one line of JSON when it is ready, and serves on.
pub(crate) async fn start(script: &str, arguments: &[&str]) -> Option<(Serving, Value)> {
    let folder = peers()?;
    let mut child = command(&folder, script).args(arguments).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap_or_else(|| panic!("{script} ended"));
    Some((Serving { _child: child }, serde_json::from_str(&line).unwrap()))
}

/// Gives a script a value on standard input and takes the one it prints.
pub(crate) async fn ask(script: &str, value: &Value) -> Value {
    let mut child = command(&peers().unwrap(), script).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(value.to_string().as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{script} says nothing that reads"))
}
