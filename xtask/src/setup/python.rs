//! The Python programs that the wallet is tested against, in an environment of their own.

use std::fs;

use crate::shell::{self, Done};

/// What they need, in exact versions.
const WANTED: &str = "tests/peers/python/requirements.txt";

/// Makes `target/python` with exactly what is wanted; nothing to do when that was done before.
pub(super) fn packages() -> Done {
    let folder = shell::target().join("python");
    let wanted = shell::root().join(WANTED);
    let text = fs::read(&wanted).map_err(|error| format!("{WANTED} cannot be read: {error}"))?;
    // Written last, so that an environment that was half made is made anew.
    let done = folder.join("requirements.txt");
    if fs::read(&done).is_ok_and(|before| before == text) {
        return Ok(());
    }
    println!("Installing the packages of {WANTED}.");
    let mut make = shell::program("python3", &["-m", "venv", "--clear"]);
    make.arg(&folder);
    shell::call(make)?;
    let mut install = shell::program(folder.join("bin/pip"), &["install", "--disable-pip-version-check", "--quiet"]);
    install.arg("--requirement").arg(&wanted);
    shell::call(install)?;
    fs::write(&done, text).map_err(|error| format!("{} cannot be written: {error}", done.display()))
}
