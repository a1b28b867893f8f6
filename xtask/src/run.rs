use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::{fs, io};

use serde_json::Value;

use crate::setup::{self, For};
use crate::shell::{self, Done, call, cargo, npm};

/// Opens the window with the sandbox beside it; without a display, tells the journeys in a window nobody looks at.
pub(crate) fn run(fresh: bool) -> Done {
    let seen = shell::display();
    setup::setup(if seen { For::Running } else { For::Tests })?;
    call(npm(&["run", "--silent", "build"]))?;
    call(cargo(&["build", "--workspace", "--bins", "--exclude", "xtask"]))?;
    if seen {
        window(fresh)
    } else {
        println!("\nThere is no display: the journeys run in the same window on a screen of their own.\n");
        call(Command::new(shell::built("journeys")))
    }
}

fn window(fresh: bool) -> Done {
    let home = shell::target().join("demo-home");
    if fresh && home.exists() {
        fs::remove_dir_all(&home).map_err(|error| format!("{} cannot be emptied: {error}", home.display()))?;
    }
    let directory = home.join("directory");
    fs::create_dir_all(&directory).map_err(|error| format!("{} cannot be made: {error}", directory.display()))?;
    let sandbox = Sandbox::start()?;
    let brands = get(sandbox.word("/brands")).map_err(|error| format!("the sandbox does not answer: {error}"))?;
    fs::write(directory.join("sandbox.json"), brands)
        .map_err(|error| format!("its directory cannot be kept: {error}"))?;

    println!("\nThe sandbox runs: two health systems with invented people, found under “Connect a health system”.");
    println!(
        "Sign in there as {}, password {}.",
        sandbox.word("/logins/0/username"),
        sandbox.word("/logins/0/password")
    );
    let neighbours = sandbox.word("/addresses/neighbours");
    println!(
        "To be asked for something: open Sharing, press “Let others reach it”, and open {neighbours}/daughter in a"
    );
    println!("browser. Others who ask are listed at {neighbours}/");
    println!("This run keeps its files in {}; your own Satchel is not touched.", home.display());
    println!("Closing the window, or Ctrl-C here, ends the sandbox too.\n");
    let mut app = Command::new(shell::built("satchel-desktop"));
    app.env("SATCHEL_HOME", &home);
    call(app)
}

/// The demo ecosystem, running as long as this value lives. Ctrl-C reaches it as it reaches this program.
struct Sandbox {
    process: Child,
    ready: Value,
}

impl Sandbox {
    fn start() -> Result<Self, String> {
        let mut command = Command::new(shell::built("sandbox"));
        let mut process =
            command.stdout(Stdio::piped()).spawn().map_err(|error| format!("the sandbox does not start: {error}"))?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(|error| error.to_string())?;
        }
        let ready = serde_json::from_str(&line).unwrap_or_default();
        let sandbox = Self { process, ready };
        if sandbox.ready.is_null() {
            return Err("The sandbox did not start; see above. Another one may be running.".to_owned());
        }
        Ok(sandbox)
    }

    /// A word of what the sandbox said when it was ready.
    fn word(&self, pointer: &str) -> &str {
        self.ready.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The body at an address of this computer.
fn get(url: &str) -> io::Result<Vec<u8>> {
    let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap_or((url, ""));
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
    Ok(answer.split_off((head + 4).min(answer.len())))
}
