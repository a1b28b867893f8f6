//! The commands of the README: `cargo xtask help` lists them.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its job is to say what it does")]

mod bench;
mod bundle;
mod definitions;
mod endure;
mod leaks;
mod run;
mod setup;
mod shell;
mod steps;
mod test;
mod topics;

use std::path::Path;
use std::process::ExitCode;

use setup::For;

const HELP: &str = "\
cargo xtask COMMAND

  run       Open Satchel with a small health ecosystem to connect to. Without a display: the journeys,
            step by step, in the same window on a screen of their own; pictures in out/pictures/.
              --fresh   forget what earlier runs left in target/demo-home
  test      Everything that must hold: format, lints, the window's own tests, all tests of the workspace,
            the journeys in the real window. Ends with a table and a line of counts.
  bundle    Make the .deb of window and command line, and check it: contents, start; where root may, install
            and remove. Needs the npm registry for the bundler.
  bench     Measure release builds beside bare libraries and an empty window; figures in out/bench.json.
  leaks     Ask a million random questions of records that differ in what a grant hides; see no difference.
              CASES     as many instead
  endure    The owner's servers under a longer load, killed a hundred times, asked twenty thousand questions.
  definitions  Make the tables of FHIR R4 anew from the official definitions.
  topics    Take a new table of topic rules into crates/consent/topics.
              FROM      the table, topics.json
  setup     Install what the others need, and say what that is. They call it themselves.
  help      This text.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let done = match arguments.first().map(String::as_str) {
        Some("run") => run::run(flag("--fresh")),
        Some("test") => test::test(),
        Some("bundle") => bundle::bundle(),
        Some("bench") => bench::bench(),
        Some("endure") => endure::endure(),
        Some("leaks") => leaks::leaks(arguments.get(1).map(String::as_str)),
        Some("definitions") => definitions::definitions(),
        Some("setup") => setup::setup(For::Tests),
        Some("topics") => match arguments.get(1) {
            Some(from) => topics::topics(Path::new(from)),
            None => Err("cargo xtask topics FROM: where is the table?".to_owned()),
        },
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("there is no command “{other}”; see cargo xtask help")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\n{why}");
            ExitCode::FAILURE
        }
    }
}
