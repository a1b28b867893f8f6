//! Programs of `tests/peers` that talk: a line of JSON for each thing that happened; a line to them lets them go on.

use std::collections::VecDeque;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::node;

/// How long a program may be silent.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program, as long as this value lives.
pub(crate) struct Talk {
    name: String,
    child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    unheard: VecDeque<Value>,
}

impl Talk {
    /// Starts a Node script. `None` where its packages are not installed.
    pub(crate) fn node(script: &str, arguments: &[&str]) -> Option<Self> {
        let folder = node::peers()?;
        let mut command = Command::new("node");
        command.arg(script).args(arguments).current_dir(folder);
        Some(Self::start(script, command))
    }

    /// Starts a Python program. `None` (with a line on standard error) where its packages are not installed; under
    /// `CI=true` that is a failure.
    pub(crate) fn python(script: &str, arguments: &[&str]) -> Option<Self> {
        let python = tests::python();
        if !python.exists() {
            let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!ci, "the packages of tests/peers/python are not installed");
            eprintln!("skipped: the packages of tests/peers/python are not installed (cargo xtask setup)");
            return None;
        }
        let mut command = Command::new(python);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/python");
        command.arg(script).args(arguments).current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1");
        Some(Self::start(script, command))
    }

    fn start(name: &str, mut command: Command) -> Self {
        command.env("NO_PROXY", "*").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let input = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { name: name.to_owned(), child, input, lines, unheard: VecDeque::new() }
    }

    /// The next thing it says.
    pub(crate) async fn next(&mut self) -> Value {
        if let Some(value) = self.unheard.pop_front() {
            return value;
        }
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("{} says nothing", self.name)).unwrap();
        let line = line.unwrap_or_else(|| panic!("{} ended", self.name));
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{} says {line}", self.name))
    }

    /// The next thing of this name; what it says before is passed over. A name is that of a step, or of a member.
    pub(crate) async fn until(&mut self, name: &str) -> Value {
        let mut before = Vec::new();
        for _ in 0..200 {
            let said = self.next().await;
            if said["step"] == name || said.get(name).is_some() {
                return said;
            }
            before.push(said);
        }
        panic!("{} never says {name}: {before:#?}", self.name)
    }

    /// Lets it go on.
    pub(crate) async fn go(&mut self) {
        self.input.write_all(b"go\n").await.unwrap();
        self.input.flush().await.unwrap();
    }

    /// Waits until it ends by itself, and gives what it still said.
    pub(crate) async fn rest(mut self) -> Vec<Value> {
        let mut said: Vec<Value> = self.unheard.drain(..).collect();
        while let Some(line) = tokio::time::timeout(PATIENCE, self.lines.next_line()).await.unwrap().unwrap() {
            said.push(serde_json::from_str(&line).unwrap());
        }
        let status = self.child.wait().await.unwrap();
        assert!(status.success(), "{}: {status}", self.name);
        said
    }
}
