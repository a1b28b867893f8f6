use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::{self, For, as_root, root};
use crate::shell::{self, Done, call, cargo, npm, output, program};
use crate::steps::Steps;
use crate::test;

/// The bundler, at the version of the shell's crates.
const BUNDLER: &str = "@tauri-apps/cli@2.12.5";

/// Makes the .deb and checks it as a stranger would: what is in it, does it start, does it leave nothing behind.
pub(crate) fn bundle() -> Done {
    if !cfg!(target_os = "linux") {
        return Err("Bundles are made and checked on Linux only, so far.".to_owned());
    }
    let mut steps = Steps::new();
    steps.step("setup", || setup::setup(For::Tests));
    steps.step("make", || {
        // Only bundling needs this tool, so it is fetched here and not with the window's own. It looks for `src-tauri`
        // below the folder it is called in.
        let mut tool = npm(&["exec", "--yes", "--package", BUNDLER, "--", "tauri", "build", "--bundles", "deb"]);
        tool.current_dir(shell::root());
        call(tool)
    });
    steps.step("build the checker", || call(cargo(&["build", "--package", "tests", "--bins"])));
    match newest() {
        Some(deb) => check(&mut steps, &deb),
        None => steps.step("find", || Err("no .deb was made".to_owned())),
    }
    steps.end()
}

fn check(steps: &mut Steps, deb: &Path) {
    let name = deb.to_string_lossy().into_owned();
    let scratch = shell::target().join("bundle-check");
    steps.step("contents", || {
        call(program("dpkg-deb", &["--info", &name]))?;
        call(program("dpkg-deb", &["--contents", &name]))?;
        if scratch.exists() {
            fs::remove_dir_all(&scratch).map_err(|error| error.to_string())?;
        }
        call(program("dpkg-deb", &["--extract", &name, &scratch.to_string_lossy()]))
    });
    steps.step("desktop entry", || {
        let entry = scratch.join("usr/share/applications/Satchel.desktop");
        call(program("desktop-file-validate", &[&entry.to_string_lossy()]))
    });
    if root() {
        steps.step("install", || {
            let mut install = as_root("apt-get");
            install.args(["install", "--yes", &name]);
            call(install)
        });
        steps.step("start", || test::opens(Path::new("/usr/bin/satchel-desktop")));
        steps.step("remove", || remove(deb));
    } else {
        steps.step("start", || test::opens(&scratch.join("usr/bin/satchel-desktop")));
        steps.skip("install and remove", "only root may");
    }
}

/// Removes the package and looks for anything it left.
fn remove(deb: &Path) -> Done {
    let mut ask = Command::new("dpkg-deb");
    ask.arg("--field").arg(deb).arg("Package");
    let package = output(ask).ok_or("the package has no name")?.trim().to_owned();
    let files = output(program("dpkg-query", &["--listfiles", &package])).unwrap_or_default();
    let mut purge = as_root("dpkg");
    purge.args(["--purge", &package]);
    call(purge)?;
    let left: Vec<&str> = files.lines().filter(|path| path.contains("atchel") && Path::new(path).exists()).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("left behind: {}", left.join(", "))) }
}

fn newest() -> Option<PathBuf> {
    let folder = shell::target().join("release/bundle/deb");
    let files = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    files
        .filter(|path| path.extension().is_some_and(|end| end == "deb"))
        .max_by_key(|path| fs::metadata(path).and_then(|file| file.modified()).ok())
}
