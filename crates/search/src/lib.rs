//! FHIR R4 search over a view.
//!
//! An engine holds the resources of one view ([`fhir::Held`]) and an index of them, all in memory, and answers requests
//! from nothing else: it knows no grant, no policy and no record, so that counts, chains, includes and pages cannot tell
//! of what the view does not hold.
//!
//! The index is made of sets: for each parameter of each type a column of values with the documents that have them
//! (`index`), joined along references for chains and `_has` (`matching`), put in order by what was asked and else by type
//! and id (`sort`). Texts are answered as they are held, with version and instant of the view spliced in (`text`).
//! What may be asked for at most stands in [`limits`]; what is beyond is refused by its name.
//!
//! Not done here: judging rights ([`Request::needs`] says what to judge), writing, what needs a terminology (`:in`,
//! `:above` and `:below` of codes, `ss` and its like in `_filter`). No I/O, no clock: the caller gives the request and the instant.
//!
//! ```
//! use fhir::{Held, HeldVersion};
//! use jiff::{Timestamp, tz::TimeZone};
//! use search::{Engine, Request, Settings};
//!
//! let mut engine = Engine::new(Settings {
//!     base: "https://wallet.example.org/fhir".into(),
//!     patients: vec!["1".into()],
//!     zone: TimeZone::UTC,
//!     key: types::Secret::new([7; 32]),
//! });
//! let json = r#"{"resourceType":"Patient","id":"1","name":[{"family":"Núñez"}]}"#;
//! let version = HeldVersion { number: 1, last_updated: Timestamp::UNIX_EPOCH, json: json.into() };
//! engine.put(Held { resource_type: "Patient".into(), id: "1".into(), versions: vec![version] })?;
//!
//! let response = engine.answer(&Request::get("Patient?family=nunez"), Timestamp::UNIX_EPOCH);
//! assert_eq!(response.status, 200);
//! assert!(String::from_utf8_lossy(&response.body).contains(r#""total":1"#));
//! # Ok::<(), search::PutError>(())
//! ```

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
mod filter;
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
pub use export::{Among, Lines};
pub use message::{Method, Request, Response};
pub use needs::{Need, Needs, Right};
pub use search::{Hit, Hits};
pub use settings::Settings;
pub use store::{PutError, Reach};
