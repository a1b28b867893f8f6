//! An empty window of the same framework, the reference of the window's figures. Only `cargo xtask bench` starts it; it
//! is never part of what is shipped.
#![allow(clippy::print_stderr, reason = "a bench says why it stops")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match tauri::Builder::default().run(tauri::generate_context!("examples/empty/tauri.conf.json")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the empty window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
