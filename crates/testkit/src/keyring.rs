//! A real key store for tests: a session bus and a GNOME Keyring of their own, in fresh folders, without a display.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

const PROGRAMS: [&str; 3] = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon"];
const PASSWORD: &[u8] = b"test session";
const PATIENCE: Duration = Duration::from_secs(20);

/// What the key store of a session is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// Unlocked, as after a person signed in.
    Unlocked,
    /// Running and never unlocked.
    Locked,
    /// A bus without any key store.
    Absent,
}

/// A session with its own bus and key store; both end with it.
#[derive(Debug)]
pub struct KeyringSession {
    folder: PathBuf,
    address: String,
    bus: Child,
    keyring: Option<Child>,
}

impl KeyringSession {
    /// Starts a session with its files below `folder`, or `None` (with a line on standard error) where the programs
    /// are not installed. A second session in the same folder finds the keys of the first.
    ///
    /// # Panics
    /// Under `CI=true` when a program is missing; always when one does not start.
    pub fn start(folder: &Path, keyring: Keyring) -> Option<Self> {
        if let Some(missing) = PROGRAMS.iter().find(|program| !installed(program)) {
            assert!(env::var("CI").as_deref() != Ok("true"), "{missing} is not installed");
            eprintln!("skipped: {missing} is not installed");
            return None;
        }
        for name in ["run", "data", "config", "cache", "home"] {
            make_private(&folder.join(name));
        }
        let mut bus = session(folder, "dbus-daemon");
        bus.args(["--nofork", "--nopidfile", "--print-address=1"]);
        match keyring {
            // The standard configuration starts a key store by itself when somebody asks for one.
            Keyring::Absent => bus.arg(format!("--config-file={}", bare_configuration(folder).display())),
            _ => bus.arg("--session"),
        };
        let mut bus = bus.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap_or_else(|e| panic!("bus: {e}"));
        let mut address = String::new();
        if let Some(out) = bus.stdout.take() {
            BufReader::new(out).read_line(&mut address).unwrap_or_else(|e| panic!("bus address: {e}"));
        }
        let mut started = Self { folder: folder.to_owned(), address: address.trim().to_owned(), bus, keyring: None };
        if keyring != Keyring::Absent {
            started.start_keyring(keyring);
        }
        Some(started)
    }

    /// The address of its bus.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A command that runs inside the session.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = session(&self.folder, program);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command
    }

    /// Stops the key store where it stands, so that it neither answers nor goes away.
    ///
    /// # Panics
    /// When it cannot be stopped.
    pub fn freeze(&self) {
        let Some(keyring) = &self.keyring else { return };
        let stopped = Command::new("kill").args(["-STOP", &keyring.id().to_string()]).status();
        assert!(stopped.is_ok_and(|status| status.success()), "the key store could not be stopped");
    }

    fn start_keyring(&mut self, keyring: Keyring) {
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--foreground", "--components=secrets"]).stdout(Stdio::null()).stderr(Stdio::null());
        if keyring == Keyring::Unlocked {
            daemon.arg("--unlock").stdin(Stdio::piped());
        } else {
            daemon.arg("--start").stdin(Stdio::null());
        }
        let mut daemon = daemon.spawn().unwrap_or_else(|e| panic!("key store: {e}"));
        if let Some(mut password) = daemon.stdin.take() {
            password.write_all(PASSWORD).unwrap_or_else(|e| panic!("key store password: {e}"));
        }
        self.keyring = Some(daemon);
        let begun = Instant::now();
        while !self.keyring_answers() {
            assert!(begun.elapsed() < PATIENCE, "the key store did not come up");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn keyring_answers(&self) -> bool {
        let asked = self
            .command("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
            .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
            .output();
        asked.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).contains("true"))
    }
}

impl Drop for KeyringSession {
    fn drop(&mut self) {
        // The bus outlives nobody: what it started by itself goes with it.
        for child in self.keyring.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// `program`, in an unlocked session with files below `folder`. The session ends when the first value is dropped.
///
/// # Panics
/// As [`KeyringSession::start`].
pub fn keyring_session(folder: &Path, program: impl AsRef<OsStr>) -> Option<(KeyringSession, Command)> {
    let session = KeyringSession::start(folder, Keyring::Unlocked)?;
    let command = session.command(program);
    Some((session, command))
}

/// `program`, with files below `folder`, and neither bus nor display.
pub fn without_session(folder: &Path, program: impl AsRef<OsStr>) -> Command {
    for name in ["run", "data", "config", "cache", "home"] {
        make_private(&folder.join(name));
    }
    session(folder, program)
}

fn session(folder: &Path, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "SSH_AUTH_SOCK"] {
        command.env_remove(name);
    }
    command
        .env("XDG_RUNTIME_DIR", folder.join("run"))
        .env("XDG_DATA_HOME", folder.join("data"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("HOME", folder.join("home"));
    command
}

fn installed(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn bare_configuration(folder: &Path) -> PathBuf {
    let path = folder.join("bus.conf");
    let text = format!(
        "<busconfig><type>session</type><listen>unix:dir={}</listen><policy context=\"default\">\
         <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
         </policy></busconfig>",
        folder.join("run").display()
    );
    fs::write(&path, text).unwrap_or_else(|e| panic!("bus configuration: {e}"));
    path
}

fn make_private(folder: &Path) {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
}
