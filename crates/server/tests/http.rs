//! The server over real HTTP on loopback, with an owner in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "http/answers.rs"]
mod answers;
#[path = "http/common.rs"]
mod common;
#[path = "http/door.rs"]
mod door;
#[path = "http/export.rs"]
mod export;
#[path = "http/keys.rs"]
mod keys;
#[path = "http/launch.rs"]
mod launch;
