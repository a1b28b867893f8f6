use crate::shell::{Done, call, cargo};

/// The tests of the owner's servers that are short otherwise, in full: a longer load, ten thousand registrations, a
/// hundred kills, twenty thousand questions over HTTP. Release builds, since figures come out of it.
pub(crate) fn endure() -> Done {
    // The same packages as for `bench`, and with an example as there, which asks for what tests ask for: nothing is
    // built twice.
    let all = ["--release", "--workspace", "--exclude", "xtask"];
    let mut build = cargo(&["build"]);
    build.args(all).args(["--bins", "--example", "empty"]);
    call(build)?;
    let mut command = cargo(&["test"]);
    command.args(all).args(["--test", "load", "--test", "kill_sharing", "--test", "leaks"]);
    command.args(["--", "--nocapture", "--test-threads=1"]);
    command.env("SATCHEL_LONG", "1").env("SATCHEL_HTTP_CASES", "20000");
    call(command)
}
