//! FHIR R4 as it is read: resources kept to the letter, and what a person needs to know of them.
//!
//! A resource stays the text that was received ([`Resource`]): decimals keep their digits, unknown members stay.
//! [`summarize`] reads from it what lists and the search index need; [`facts`] reads what a detail page says. Neither
//! ever invents: what the source does not state is `None` or absent. Nothing here does I/O.
//!
//! What FHIR says of itself stands in three places: [`definitions`] (elements and types), [`parameters`] (search parameters
//! and the values a resource has under them) and [`compartment`]. [`criteria`] reads what a search asks.
//!
//! ```
//! let page = fhir::Page::parse(r#"{"resourceType":"Bundle","type":"searchset","entry":[
//!     {"resource":{"resourceType":"Observation","id":"a","code":{"text":"Potassium"},
//!      "valueQuantity":{"value":4.40,"unit":"mmol/L"}}}]}"#.into())?;
//! let resource = page.resources().next().unwrap()?;
//! let summary = fhir::summarize(&resource.tree);
//! assert_eq!(summary.title.as_deref(), Some("Potassium"));
//! assert_eq!(summary.value.unwrap().number.as_deref(), Some("4.40"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bundle;
pub mod compartment;
pub mod criteria;
mod date;
pub mod definitions;
mod facts;
mod held;
mod json;
mod kind;
mod measured;
mod members;
pub mod parameters;
mod plain;
mod references;
mod render;
mod resource;
mod sniff;
mod summary;
mod walk;

pub use bundle::{Page, PageError};
pub use date::{PartialDate, Span};
pub use facts::{Fact, FactLabel, facts};
pub use held::{Held, HeldVersion};
pub use json::{Json, Seen, Tree};
pub use kind::Kind;
pub use measured::{Against, Measured, Part, Range};
pub use members::{Member, members};
pub use plain::{markup_to_text, rtf_to_text};
pub use references::{Link, LocalReference, links, references};
pub use resource::{MAX_RESOURCE_BYTES, Resource, ResourceError};
pub use sniff::{Shown, sniff};
pub use summary::{Attachment, Code, Summary, WITH_FILES, attachments, codes, summarize};
