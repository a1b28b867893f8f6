//! Values that two crates or more need: ids, scopes for resources, server addresses, secrets.
//!
//! Nothing here does I/O, reads a clock or makes random bytes; ids are built from bytes the caller drew.
//!
//! ```
//! use types::ServerUrl;
//! let base = ServerUrl::parse("https://ehr.example.org/fhir/")?;
//! assert_eq!(base.as_str(), "https://ehr.example.org/fhir");
//! # Ok::<(), types::ServerUrlError>(())
//! ```

mod depth;
mod id;
mod scope;
mod secret;
mod server_url;
mod whose;

pub use depth::nests_within;
pub use id::{
    AppPasswordId, CardId, ClientId, ConnectionId, ContactId, DidId, GrantId, IdError, ItemId, MandateId, OfferId,
    PairId, PersonId, PullId, RequestId, ResourceId,
};
pub use scope::{Actions, ClinicalScope, Context, ScopeLanguage, ScopeSyntaxError};
pub use secret::Secret;
pub use server_url::{ServerUrl, ServerUrlError, is_loopback};
pub use whose::Whose;
