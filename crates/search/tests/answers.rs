//! What the engine answers, by the sentences of FHIR R4.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests say plainly what they expect"
)]

#[path = "answers/made.rs"]
mod made;
#[path = "answers/reading.rs"]
mod reading;
