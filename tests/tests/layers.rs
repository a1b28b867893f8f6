//! The plan of the house, compared with the house: which crate may use which, which crate alone may open each door to
//! the outside, and what no file may contain.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "layers/doors.rs"]
mod doors;
#[path = "layers/edges.rs"]
mod edges;
#[path = "layers/files.rs"]
mod files;
#[path = "layers/workspace.rs"]
mod workspace;
