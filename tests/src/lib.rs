//! ecosystem of its own, so that nothing of the person who runs the tests is read or touched.
//!
//! [`Desktop`] starts the shipped program and drives it through WebDriver; [`Sandbox`] is the ecosystem it connects to;
//! [`journey`] tells the journeys step by step, for `tests/window.rs` and for `cargo xtask run` where there is no display.
//! Linux only: the other systems have no driver for their web view that runs without a desktop.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test harness stops with a plain sentence at the first thing that is not as it must be"
)]

pub mod asker;
mod axe;
mod desktop;
mod eye;
mod figures;
pub mod journey;
mod keyboard;
mod language;
mod page;
mod paths;
mod process;
mod sandbox;
pub mod walk;

pub use axe::Violation;
pub use desktop::{Bus, Desktop, Look, Options, Tray, View};
pub use figures::median;
pub use page::Role;
pub use paths::{app, built as program, pictures, python, released, root};
pub use process::Kept;
pub use sandbox::Sandbox;
pub use testkit::Keyring;
