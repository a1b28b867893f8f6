//! What the engine answers, by the sentences of FHIR R4.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests say plainly what they expect"
)]

#[path = "answers/holding.rs"]
mod holding;
#[path = "answers/hostile.rs"]
mod hostile;
#[path = "answers/joining.rs"]
mod joining;
#[path = "answers/made.rs"]
mod made;
#[path = "answers/operations.rs"]
mod operations;
#[path = "answers/paging.rs"]
mod paging;
#[path = "answers/reading.rs"]
mod reading;
#[path = "answers/searching.rs"]
mod searching;
#[path = "answers/shaping.rs"]
mod shaping;
