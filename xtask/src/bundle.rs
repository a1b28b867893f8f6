mod check;
mod make;

use crate::setup::{self, For};
use crate::shell::{Done, call, cargo};
use crate::steps::Steps;

/// Makes the .deb and checks it as a stranger would: what is in it, does it start, does it leave nothing behind.
pub(crate) fn bundle() -> Done {
    if !cfg!(target_os = "linux") {
        return Err("Bundles are made and checked on Linux only, so far.".to_owned());
    }
    let mut steps = Steps::new();
    steps.step("setup", || setup::setup(For::Tests));
    steps.step("command line", make::command_line);
    let mut made = Err("the command line was not built".to_owned());
    steps.step("make", || {
        made = make::deb();
        made.clone().map(|_| ())
    });
    steps.step("build the checker", || call(cargo(&["build", "--package", "tests", "--bins"])));
    match made {
        Ok(deb) => check::check(&mut steps, &deb),
        Err(why) => steps.skip("check", why),
    }
    steps.end()
}
