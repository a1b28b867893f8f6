//! Programs that are not ours at the other end of the wallet's own servers: apps on `fhirclient` and `authlib`, an UMA
//! client and a backend client written from the specifications, `oidc-provider` as whom the owner trusts, resource
//! servers in another language. They live in `tests/peers`; every step goes over HTTP.
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

#[path = "common/app.rs"]
mod app;
#[path = "sharing/apps.rs"]
mod apps;
#[path = "sharing/backend.rs"]
mod backend;
#[path = "sharing/counts.rs"]
mod counts;
#[path = "sharing/decisions.rs"]
mod decisions;
#[path = "sharing/elsewhere.rs"]
mod elsewhere;
#[path = "sharing/export.rs"]
mod export;
#[path = "sharing/neighbours.rs"]
mod neighbours;
#[path = "common/node.rs"]
mod node;
#[path = "common/owner.rs"]
mod owner;
#[path = "common/program.rs"]
mod program;
#[path = "common/serve.rs"]
mod serve;
#[path = "common/stage.rs"]
mod stage;
#[path = "common/talk.rs"]
mod talk;
#[path = "sharing/uma.rs"]
mod uma;
