//! Inbound HTTP: the door, the endpoints of the authorization server, the FHIR server. Off until the owner opens it.
//!
//! A request passes the door (`door`: host, head, origin, rate, media type, size, time), is told apart by its address
//! (`endpoint`) and is answered by a step of [`authz`] or, below `/fhir`, by the [`Owner`], who judges rights and keeps
//! the trail. The server itself decides nothing, keeps no secret and knows no data; what it holds in memory is bounded by
//! [`Limits`]. No cookie is set and no page approves anything: the pages here wait, and approving happens in the
//! owner's own window.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # async fn open<O: server::Owner>(owner: Arc<O>) -> Result<(), server::StartError> {
//! let running = server::Server::start(server::DoorSetting::loopback(8731), owner).await?;
//! println!("{}", running.base);
//! running.stop().await;
//! # Ok(())
//! # }
//! ```

mod connections;
mod door;
mod endpoint;
mod fhir;
mod house;
mod oauth;
mod owner;
mod refusal;
mod reply;
mod running;
mod setting;
mod tls;
mod wait;
mod written;

pub use owner::{AnswerError, Export, ExportFile, ExportOf, Exported, Manifest, Offer, Owner, OwnerError};
pub use running::{Running, Server, StartError};
pub use setting::{DoorSetting, Limits, Listen, Tls};
pub use tls::TlsError;
