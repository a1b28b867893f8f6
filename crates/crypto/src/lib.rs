//! The only door to cryptographic primitives: sign, verify, seal, open, random; JWK and JWS.
//!
//! No other crate draws random bytes, hashes for security or touches a key. Nothing here does I/O or reads a clock.
//! Private keys are never printed and leave this crate in no form but the 32 or 48 bytes they were made from.
//!
//! What is refused on purpose: `alg: none`, HMAC and RSA-PSS signatures, `crit`, unencoded payloads, loosely written
//! base64, public keys with private parts, points off the curve.
//!
//! ```
//! use crypto::{Algorithm, Jws, SigningKey};
//! use serde_json::json;
//!
//! let (_secret, key) = SigningKey::generate_p256()?;
//! let text = key.jws_compact(&json!({"typ": "JWT"}), br#"{"iss":"https://example.org"}"#)?;
//!
//! let jws = Jws::parse(&text, 10_000)?;
//! jws.verify(&key.public_jwk().verifying_key(Algorithm::Es256)?)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod b64u;

mod algorithm;
mod certificate;
mod digest;
mod jwk;
mod jwks;
mod jws;
mod passphrase;
mod random;
mod roca;
mod seal;
mod signing_key;
mod verifying_key;

pub use algorithm::{Algorithm, AlgorithmError};
pub use certificate::{Certificate, CertificateError};
pub use digest::{constant_time_eq, hmac_sha256, sha256, sha256_of_parts};
pub use jwk::{Curve, Jwk, JwkError, KeyKind};
pub use jwks::{Jwks, JwksError, NotSignedBy};
pub use jws::{Jws, JwsError, JwsHeader};
pub use passphrase::{PassphraseCost, PassphraseError, argon2id};
pub use random::{RandomError, random};
pub use seal::{OpenError, SealError, open, open_alike, seal, seal_alike};
pub use signing_key::{SignError, SigningKey, SigningKeyError};
pub use verifying_key::{BadSignature, VerifyingKey};
