//! FHIR R4 search over a view.
//!
//! An engine holds the resources of one view ([`fhir::Held`]) and an index of them, all in memory, and answers requests
//! from nothing else: it knows no grant, no policy and no record, so that counts, chains, includes and pages cannot tell
//! of what the view does not hold.
//!
//! No I/O, no clock: the caller gives the request and the instant.

mod answer;
mod batch;
mod bits;
mod bundle;
mod capability;
mod compartment;
mod controls;
mod elements;
mod engine;
mod error;
mod everything;
mod export;
mod form;
mod history;
mod include;
mod index;
mod instant;
pub mod limits;
mod matching;
mod message;
mod needs;
mod outcome;
mod page;
mod read;
mod route;
mod search;
mod settings;
mod sort;
mod store;
mod text;

pub use engine::{Engine, Size};
pub use error::RequestError;
pub use message::{Method, Request, Response};
pub use needs::{Need, Needs, Right};
pub use search::{Hit, Hits};
pub use settings::Settings;
pub use store::PutError;
