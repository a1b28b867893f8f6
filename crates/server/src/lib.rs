//! Inbound HTTP: the door, the endpoints of the authorization server, the FHIR server. Off until the owner opens it.

mod owner;
mod setting;

pub use owner::{AnswerError, Offer, Owner, OwnerError, Presented};
pub use setting::{DoorSetting, Limits, Listen, Tls};
