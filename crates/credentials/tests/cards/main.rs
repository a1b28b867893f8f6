//! Health cards: the published examples in all their forms, what was done to them, and what is no card at all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests say plainly what they expect"
)]

mod bad_input;
mod content;
mod directory;
mod kit;
mod never_falls;
mod pictures;
mod published;
mod tampered;
mod withdrawn;
