//! The whole ecosystem over real HTTP, on ports of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

mod faults;
mod foreign;
mod person;
mod rules;
mod walk;
