//! `satchel`: the wallet without a window.
//!
//! A verb reads its arguments, opens the wallet where it needs the open vault, calls it, and says the answer: as text in
//! the language of the terminal, or as one JSON document, which is the very view the window shows. It decides nothing.
//!
//! Exit codes: 0 yes, 1 no, 2 the question was not understood, 3 it could not be told.

mod args;
mod browser;
mod dates;
mod escape;
mod exit;
mod failure;
mod input;
mod interrupt;
mod logging;
mod passphrase;
mod print;
mod progress;
mod qr;
mod render;
mod session;
mod shown;
mod usage;
mod verbs;
mod words;

use std::process::ExitCode;
use std::time::Duration;

use args::Args;
use exit::Exit;
use failure::Failure;
use print::Printer;
use session::Session;
use words::Words;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    logging::start();
    let words = Words::of_environment();
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let parsed = usage::command(words).try_get_matches_from(&arguments).and_then(|m| usage::parsed(&m));
    let exit = match parsed {
        Ok(args) => run(args, words),
        Err(error) => usage::answer(&error, &arguments, words),
    };
    exit.into()
}

fn run(args: Args, words: Words) -> Exit {
    let printer = Printer::new(args.global.json, words);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return printer.failure(&Failure::System(error)),
    };
    let answer = runtime.block_on(async {
        let session = Session::new(&args.global, words)?;
        let answer = verbs::run(&session, args.verb).await;
        session.wallet.close();
        answer
    });
    // The vault is closed. Threads that sealed and opened its pages end before the process does: OpenSSL gives back at
    // exit what such a thread gives back at its end, and both at once is a double free. A read from the keyboard that
    // nobody waits for any more holds this up for a moment only.
    runtime.shutdown_timeout(Duration::from_millis(300));
    match answer {
        Ok(shown) => printer.shown(shown),
        Err(failure) => printer.failure(&failure),
    }
}
