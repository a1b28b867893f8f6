//! The search parameters of FHIR R4, and the values a resource has under each.
//!
//! The table of all parameters of all resource types is written by `cargo xtask definitions` from the official
//! definitions and travels inside the crate. Each expression is compiled once; one that cannot be compiled fails the build.
//!
//! ```
//! use fhir::parameters::{SearchValue, Setting, parameter};
//!
//! let patient = serde_json::json!({"resourceType": "Patient", "name": [{"family": "Núñez", "given": ["Eva", "Inés"]}]});
//! let given = parameter("Patient", "given").unwrap();
//! let values = given.values(&patient, &Setting::utc());
//! assert!(matches!(values.as_slice(), [SearchValue::String("Eva"), SearchValue::String("Inés")]));
//! ```

mod compile;
mod datatype;
mod decimal;
mod expression;
mod extract;
mod fold;
mod interval;
mod kind;
mod row;
mod setting;
mod sieve;
mod table;
mod units;
mod value;
mod walk;

#[cfg(test)]
mod tests;

pub use fold::fold;
pub use interval::Interval;
pub use kind::Kind;
pub use setting::Setting;
pub use sieve::Sieve;
pub use table::{Component, Parameter, is_resource_type, parameter, parameters, resource_types};
pub use units::{Dimension, UCUM, canonical};
pub use value::{Address, Canonical, Quantity, Reference, SearchValue, Token};

pub(crate) use decimal::Decimal;
pub(crate) use extract::address;
pub(crate) use interval::Bounds;
pub(crate) use units::canonical_of;
