//! The trail: what happened in this wallet, entry by entry, each bound to the one before it.
//!
//! An entry names actions, ids and counts, never what a record says; that a third party had or was refused something
//! ([`Access`]) names who, under which grant, what they asked for and the versions of the resources they got. The hash of an entry covers the hash before it;
//! the newest hash, the [`Head`], is signed. Whoever changes, drops, reorders or cuts entries cannot sign the head
//! that would fit, and [`verify`] says at which entry the trail breaks. An old copy of the whole trail is whole in
//! itself: it shows only to who remembers a later head, so the caller keeps one outside the vault.
//!
//! No I/O, no clock, no keys: the caller stores entries, gives the instant and signs [`Head::message`].
//!
//! ```
//! use audit::{Action, Draft, Head, SignedHead, append, verify};
//! use crypto::{Algorithm, SigningKey};
//!
//! let (_secret, key) = SigningKey::generate_ed25519()?;
//! let now = "2027-05-03T18:04:00Z".parse()?;
//! let first = append(&Head::start(), Draft::done(Action::VaultMade), now);
//! let second = append(&first.head(), Draft::done(Action::Locked), now);
//! let head = second.head();
//! let signed = SignedHead { signature: key.sign(&head.message())?, head };
//!
//! let public = key.public_jwk().verifying_key(Algorithm::EdDsa)?;
//! assert_eq!(verify([first, second], Some(&signed), &public, None)?.entries, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access;
mod action;
mod entry;
mod export;
mod fhir;
mod verify;

pub use access::{Access, MAX_TARGET, Who, WhoError};
pub use action::{Action, Outcome, UnknownCode};
pub use entry::{Draft, Entry, Head, SignedHead, append};
pub use export::{head_line, line};
pub use fhir::audit_event;
pub use verify::{Broken, Whole, Why, verify};
