//! FHIR R4 search over a view.
//!
//! An engine holds the resources of one view ([`fhir::Held`]) and an index of them, all in memory, and answers requests
//! from nothing else: it knows no grant, no policy and no record, so that counts, chains, includes and pages cannot tell
//! of what the view does not hold.
//!
//! No I/O, no clock: the caller gives the request and the instant.

mod message;

pub use message::{Method, Request, Response};
