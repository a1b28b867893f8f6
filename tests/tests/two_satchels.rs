//! Two Satchels on one computer, each with its own folder and keys, over real HTTP: contact cards, a mandate given or
//! asked for, what comes under it and what never does, its end, and erasing.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    dead_code,
    reason = "tests say plainly what they expect; the helpers are shared with other tests"
)]

#[path = "two_satchels/ask.rs"]
mod ask;
#[path = "two_satchels/bad.rs"]
mod bad;
#[path = "two_satchels/cards.rs"]
mod cards;
#[path = "two_satchels/give.rs"]
mod give;
#[path = "two_satchels/homes.rs"]
mod homes;
#[path = "common/owner.rs"]
mod owner;
#[path = "common/serve.rs"]
mod serve;
#[path = "common/stage.rs"]
mod stage;
