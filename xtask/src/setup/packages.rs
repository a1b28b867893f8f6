use std::process::Command;

use super::For;
use crate::shell::{self, Done};

const RUNNING: &[&str] = &[
    "build-essential",
    "pkg-config",
    "perl",
    "file",
    "libwebkit2gtk-4.1-dev",
    "libssl-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libxdo-dev",
    "libdbus-1-dev",
    "xdg-utils",
    "desktop-file-utils",
    "fonts-dejavu-core",
];

const TESTS: &[&str] = &[
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "libsecret-tools",
    "webkit2gtk-driver",
    "imagemagick",
    "zbar-tools",
    "poppler-utils",
    "python3",
    "python3-venv",
];

/// Any of these is a browser to sign in with; Debian's name of the first is its package.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// The packages by Debian's names.
pub(super) fn wanted(what: For) -> Vec<&'static str> {
    let mut all = RUNNING.to_vec();
    if what == For::Tests {
        all.extend(TESTS);
        if !BROWSERS.iter().any(|name| shell::present(name)) {
            all.push("chromium");
        }
    }
    all
}

/// Installs those that are missing, as root or through `sudo`.
pub(super) fn install(what: For) -> Done {
    let missing: Vec<&str> = wanted(what).into_iter().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        println!("Everything needed from the system is here.");
        return Ok(());
    }
    println!("Missing from the system: {}", missing.join(" "));
    let mut command = as_root("apt-get");
    command.args(["install", "--yes", "--no-install-recommends"]).args(&missing);
    if shell::call(command).is_ok() {
        return Ok(());
    }
    // The lists of packages may be old or absent, as in a fresh container.
    let mut update = as_root("apt-get");
    update.arg("update");
    shell::call(update)?;
    let mut again = as_root("apt-get");
    again.args(["install", "--yes", "--no-install-recommends"]).args(&missing);
    shell::call(again)
}

/// `program` as root: itself, or through `sudo`.
pub(crate) fn as_root(program: &str) -> Command {
    let mut command = if root() {
        Command::new(program)
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg(program);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

pub(crate) fn root() -> bool {
    let mut ask = Command::new("id");
    ask.arg("-u");
    shell::output(ask).is_some_and(|id| id.trim() == "0")
}

fn installed(package: &str) -> bool {
    let mut ask = Command::new("dpkg-query");
    ask.args(["--show", "--showformat=${db:Status-Status}", package]);
    shell::output(ask).is_some_and(|status| status == "installed")
}
