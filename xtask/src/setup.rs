mod packages;
mod python;

use std::fs;
use std::process::Command;

pub(crate) use self::packages::{as_root, root};
use crate::shell::{self, Done};

/// What the machine is to be made ready for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Building and opening the window on a desktop.
    Running,
    /// The tests, and the window on a screen that nobody looks at.
    Tests,
}

/// The oldest Node that builds the window.
const NODE: (u32, u32) = (20, 19);

/// Installs what is missing, saying what.
pub(crate) fn setup(what: For) -> Done {
    if cfg!(target_os = "linux") {
        if !shell::present("apt-get") {
            println!("This is not Debian or Ubuntu. Needed, under the names they have there:");
            println!("  {}", packages::wanted(what).join(" "));
        } else {
            packages::install(what)?;
        }
    } else if cfg!(target_os = "macos") {
        println!("Needed on macOS: the command line tools of Xcode (xcode-select --install).");
    } else {
        println!(
            "Needed on Windows: Visual Studio Build Tools with C++, Strawberry Perl and NASM (for SQLCipher's OpenSSL)."
        );
    }
    node()?;
    packages_of("ui")?;
    if what == For::Running {
        return Ok(());
    }
    // The programs the wallet is tested against.
    packages_of("tests/peers")?;
    if cfg!(target_os = "linux") { python::packages() } else { Ok(()) }
}

fn node() -> Done {
    let advice = format!("Node {}.{} or later with npm is needed: https://nodejs.org", NODE.0, NODE.1);
    let mut ask = Command::new("node");
    ask.arg("--version");
    let version = shell::output(ask).ok_or_else(|| advice.clone())?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < NODE { Err(format!("{advice}; this is {}", version.trim())) } else { Ok(()) }
}

/// A folder's packages, exactly as its lock file names them; nothing to do when they are there.
fn packages_of(name: &str) -> Done {
    let folder = shell::root().join(name);
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|file| file.modified()).ok();
    let (locked, installed) = (changed("package-lock.json"), changed("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= locked {
        return Ok(());
    }
    println!("Installing the packages of {name}/.");
    let mut npm = shell::npm(&["ci", "--no-audit", "--no-fund"]);
    npm.current_dir(folder);
    shell::call(npm)
}
