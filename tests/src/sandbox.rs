use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::paths::built;
use crate::process::Kept;

/// The health ecosystem that the window connects to, on ports of its own.
pub struct Sandbox {
    ready: Value,
    directory: TempDir,
    _servers: Kept,
}

impl Sandbox {
    /// Starts it; `options` are those of its command line.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(options: &[&str]) -> Self {
        let (servers, ready) = Kept::start_until(
            Command::new(built("sandbox")).args(["--port", "0"]).args(options).stderr(Stdio::null()),
            Duration::from_secs(120),
            |line| serde_json::from_str::<Value>(line).ok(),
        );
        let directory = tempfile::tempdir().expect("a temporary folder can be made");
        let brands = ready["brands"].as_str().expect("the sandbox has a directory of brands");
        fs::write(directory.path().join("sandbox.json"), ask("GET", brands)).expect("the directory can be kept");
        Self { ready, directory, _servers: servers }
    }

    /// A folder with its directory of health systems, for [`Options::directory`](crate::Options::directory).
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The name and password of the first person who can sign in.
    ///
    /// # Panics
    /// When nobody can.
    #[must_use]
    pub fn login(&self) -> (String, String) {
        let word = |name: &str| self.ready["logins"][0][name].as_str().expect("somebody can sign in").to_owned();
        (word("username"), word("password"))
    }

    /// The full name of the first person who can sign in.
    ///
    /// # Panics
    /// When nobody can.
    #[must_use]
    pub fn person(&self) -> String {
        self.ready["logins"][0]["name"].as_str().expect("somebody can sign in").to_owned()
    }

    /// One of its addresses: `valley`, `larkspur`, `authority`, `console`.
    ///
    /// # Panics
    /// When it has no such address.
    #[must_use]
    pub fn address(&self, name: &str) -> String {
        self.ready["addresses"][name].as_str().expect("the sandbox has this address").to_owned()
    }

    /// Switches a fault on, written as on its command line: `slow@valley=3000`.
    ///
    /// # Panics
    /// When there is no such fault.
    pub fn fault(&self, setting: &str) {
        ask("PUT", &format!("{}/faults/{setting}", self.address("console")));
    }

    /// Switches all faults off.
    ///
    /// # Panics
    /// When the sandbox does not answer.
    pub fn clear_faults(&self) {
        ask("DELETE", &format!("{}/faults", self.address("console")));
    }
}

/// Asks on this computer only, so that the tests need no client.
fn ask(method: &str, url: &str) -> Vec<u8> {
    let (host, path) = url.trim_start_matches("http://").split_once('/').expect("an address with a path");
    let mut stream = TcpStream::connect(host).expect("the sandbox listens");
    write!(stream, "{method} /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n").expect("it can be asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    assert!(answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200"), "{method} {url} is refused");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head") + 4;
    answer.split_off(end)
}
