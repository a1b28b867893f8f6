//! Decentralized identifiers: `did:key` and `did:jwk` are made and resolved here, without a network; for `did:web`
//! the address is given and the fetched document is read.
//!
//! What it will not do: fetch anything, hold private keys, or say whom to trust. The methods come from `ssi`; what
//! they return is read again, strictly, before anyone verifies with it.
//!
//! ```
//! use crypto::SigningKey;
//!
//! let (_secret, key) = SigningKey::generate_ed25519()?;
//! let did = did::key_from_ed25519(&key.public_jwk())?;
//! assert!(did.as_str().starts_with("did:key:z6Mk"));
//! let document = did::resolve_offline(&did)?;
//! assert_eq!(document.verification_methods[0].jwk, key.public_jwk());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod web;

mod document;
mod identifier;
mod make;
mod resolve;

pub use document::{DidDocument, VerificationMethod};
pub use identifier::{Did, DidError};
pub use make::{MakeError, jwk_from_p256, key_from_ed25519, key_from_p256};
pub use resolve::{ResolveError, resolve_offline};
