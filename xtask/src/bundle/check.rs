use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::{as_root, root};
use crate::shell::{self, Done, call, output, program};
use crate::steps::Steps;
use crate::test;

/// What the package must hold, below its root.
const HOLDS: [&str; 5] = [
    "usr/bin/satchel-desktop",
    "usr/bin/satchel",
    "usr/share/applications/Satchel.desktop",
    "usr/share/doc/satchel/copyright",
    "usr/share/bash-completion/completions/satchel",
];

/// Looks into the package, and where it may be installed here, installs it, starts what is in it, and takes it away.
pub(super) fn check(steps: &mut Steps, deb: &Path) {
    let name = deb.to_string_lossy().into_owned();
    let scratch = shell::target().join("bundle-check");
    steps.step("contents", || contents(&name, &scratch));
    steps.step("desktop entry", || {
        let entry = scratch.join("usr/share/applications/Satchel.desktop");
        call(program("desktop-file-validate", &[&entry.to_string_lossy()]))
    });
    if !root() {
        start(steps, &scratch.join("usr/bin"));
        steps.skip("install and remove", "only root may");
        return;
    }
    let Some(package) = package(deb) else {
        steps.step("install", || Err("the package has no name".to_owned()));
        return;
    };
    if installed(&package) {
        start(steps, &scratch.join("usr/bin"));
        steps.skip("install and remove", format!("{package} is installed here already, and stays"));
        return;
    }
    steps.step("install", || {
        let mut install = as_root("apt-get");
        install.args(["install", "--yes", "--no-install-recommends", &name]);
        call(install)
    });
    start(steps, Path::new("/usr/bin"));
    steps.step("remove", || remove(&package));
}

fn contents(deb: &str, scratch: &Path) -> Done {
    call(program("dpkg-deb", &["--info", deb]))?;
    call(program("dpkg-deb", &["--contents", deb]))?;
    if scratch.exists() {
        fs::remove_dir_all(scratch).map_err(|error| error.to_string())?;
    }
    call(program("dpkg-deb", &["--extract", deb, &scratch.to_string_lossy()]))?;
    let missing: Vec<_> = HOLDS.into_iter().filter(|path| !scratch.join(path).is_file()).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("not in the package: {}", missing.join(", "))) }
}

/// Starts both programs of the package: the one without a window makes a wallet, which no other place knows of.
fn start(steps: &mut Steps, programs: &Path) {
    steps.step("window", || test::opens(&programs.join("satchel-desktop")));
    steps.step("symbols", || test::hides_sqlite(&programs.join("satchel-desktop")));
    steps.step("command line", || {
        let satchel = programs.join("satchel");
        call(program(&satchel, &["--version"]))?;
        let home = shell::target().join("bundle-home");
        if home.exists() {
            fs::remove_dir_all(&home).map_err(|error| error.to_string())?;
        }
        fs::create_dir_all(&home).map_err(|error| error.to_string())?;
        let words = home.join("passphrase");
        fs::write(&words, "four unusual quiet words\n").map_err(|error| error.to_string())?;
        let words = words.to_string_lossy().into_owned();
        let made =
            called(&satchel, &home, &["init", "--name", "Ines Calder", "--passphrase", "--passphrase-file", &words]);
        let looked = made.and_then(|()| called(&satchel, &home, &["home", "--passphrase-file", &words]));
        fs::remove_dir_all(&home).map_err(|error| error.to_string())?;
        looked
    });
}

/// Calls a program with a wallet of its own.
fn called(satchel: &Path, home: &Path, words: &[&str]) -> Done {
    let mut command = program(satchel, words);
    command.env("SATCHEL_HOME", home.join("satchel"));
    call(command)
}

/// Removes the package with its settings and looks for anything it left.
fn remove(package: &str) -> Done {
    let files = output(program("dpkg-query", &["--listfiles", package])).ok_or("the package is not installed")?;
    let own: Vec<PathBuf> = files.lines().filter(|path| path.contains("atchel")).map(PathBuf::from).collect();
    if own.is_empty() {
        return Err("the package owns nothing".to_owned());
    }
    let mut purge = as_root("dpkg");
    purge.args(["--purge", package]);
    call(purge)?;
    let left: Vec<String> =
        own.iter().filter(|path| path.exists()).map(|path| path.to_string_lossy().into_owned()).collect();
    if !left.is_empty() {
        return Err(format!("left behind: {}", left.join(", ")));
    }
    if installed(package) { Err("the package is still known to be installed".to_owned()) } else { Ok(()) }
}

fn package(deb: &Path) -> Option<String> {
    let mut ask = Command::new("dpkg-deb");
    ask.arg("--field").arg(deb).arg("Package");
    output(ask).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Whether dpkg knows it in any state.
fn installed(package: &str) -> bool {
    output(program("dpkg-query", &["--show", package])).is_some()
}
