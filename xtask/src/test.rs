use std::path::Path;
use std::process::Command;

use crate::setup::{self, For};
use crate::shell::{self, Done, call, cargo, npm, program};
use crate::steps::Steps;

/// Everything that must hold. Every step is done, whatever the ones before it did.
///
/// All of cargo's steps choose the same packages, so that a dependency is compiled once for the lints and once for
/// everything else. The window's files are built before the shell, which carries them inside.
pub(crate) fn test() -> Done {
    let mut steps = Steps::new();
    steps.step("setup", || setup::setup(For::Tests));
    steps.step("format", || call(cargo(&["fmt", "--all", "--check"])));
    steps.step("window: types", || call(npm(&["run", "--silent", "check"])));
    steps.step("window: units", || call(npm(&["run", "--silent", "test"])));
    steps.step("window: build", || call(npm(&["run", "--silent", "build"])));
    if cfg!(target_os = "linux") {
        steps.step("window: pages", || call(npm(&["run", "--silent", "test:pages"])));
    } else {
        steps.skip("window: pages", "tried on Linux only");
    }
    steps.step("lints", || call(cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])));
    steps.step("build tests", || call(cargo(&["test", "--workspace", "--no-run"])));
    steps.step("tests", || call(cargo(&["test", "--workspace", "--no-fail-fast"])));
    steps.step("build programs", || call(cargo(&["build", "--workspace", "--bins", "--exclude", "xtask"])));
    if cfg!(target_os = "linux") {
        steps.step("symbols", symbols);
        steps.step("window: journeys", || {
            let words = ["test", "--workspace", "--test", "window", "--", "--ignored", "--test-threads=1"];
            call(cargo(&words))
        });
    } else {
        steps.skip("symbols", "a matter of Linux");
        steps.skip("window: journeys", "the web view of this system has no driver that works without a desktop");
    }
    if shell::present("cargo-deny") {
        steps.step("supply", || call(cargo(&["deny", "check"])));
    } else {
        steps.skip("supply", "cargo-deny is not installed (cargo install --locked cargo-deny)");
    }
    steps.end()
}

/// SQLCipher shares a process with the system's web view: were its symbols visible, libraries that expect plain SQLite
/// would bind to them.
pub(crate) fn symbols() -> Done {
    hides_sqlite(&shell::built("satchel-desktop"))
}

/// Whether this program shows no symbol of SQLite.
pub(crate) fn hides_sqlite(app: &Path) -> Done {
    let mut nm = Command::new("nm");
    nm.args(["--dynamic", "--defined-only"]).arg(app);
    let listed = shell::output(nm).ok_or_else(|| format!("nm cannot read {}", app.display()))?;
    let visible: Vec<&str> = listed.lines().filter(|line| line.contains(" sqlite3_")).take(5).collect();
    if !visible.is_empty() {
        return Err(format!("the program shows SQLite to other libraries: {}", visible.join(", ")));
    }
    println!("No sqlite3_ symbol is visible from outside {}.", app.display());
    Ok(())
}

/// Whether the window's files are there and its program opens, on a screen of its own.
pub(crate) fn opens(app: &Path) -> Done {
    let mut command = program(shell::built("journeys"), &["opens"]);
    command.env("SATCHEL_APP", app);
    call(command)
}
