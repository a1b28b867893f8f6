//! The only outbound HTTP of the product.
//!
//! Its job: bring back what one address answers, within limits on size and time, over TLS checked by the system's
//! roots. `https` only; `http` where the address itself names this computer. Names that resolve to private addresses
//! are refused at the moment of connecting, so that a name cannot change its mind between check and use, unless the
//! owner named that host. Nothing is followed, remembered or sent along unasked: no redirects, no cookies, no proxy from
//! the environment, no referrer.
//!
//! What it will not do: judge what came back. A status of 500 or a page of HTML is an answer like any other.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use fetch::{Accept, Fetch, Limits, Policy};
//! let fetch = Fetch::new(Policy::new("0.1.0"));
//! let url = "https://ehr.example.org/fhir/.well-known/smart-configuration".parse()?;
//! let answer = fetch.get(&url, Accept::Json, None, Limits::document()).await?;
//! assert_eq!(answer.status, 200);
//! # Ok(())
//! # }
//! ```

mod address;
mod client;
mod error;
mod limits;
mod resolver;
mod response;
#[cfg(test)]
mod tests;

pub use client::{Accept, Fetch, Policy};
pub use error::{CODES, FetchError, TlsKind};
pub use limits::Limits;
pub use response::Response;
