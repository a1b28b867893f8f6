use crate::shell::{Done, call, cargo};

/// The tests of the owner's servers that are short otherwise, in full: a longer load, ten thousand registrations, a
/// hundred kills, twenty thousand questions over HTTP. Release builds, since figures come out of it.
pub(crate) fn endure() -> Done {
    call(cargo(&["build", "--release", "--package", "cli"]))?;
    let words =
        ["test", "--release", "--package", "tests", "--test", "load", "--test", "kill_sharing", "--test", "leaks"];
    let mut command = cargo(&words);
    command.args(["--", "--nocapture", "--test-threads=1"]);
    command.env("SATCHEL_LONG", "1").env("SATCHEL_HTTP_CASES", "20000");
    call(command)
}
