//! SMART Health Cards: read from any of their forms, verified with a reason, shown, drawn, asked for, issued.
//!
//! [`Card::read`] makes [`Unverified`] cards of a file, a signed text, `shc:/` digits or a picture of a QR code.
//! [`Unverified::verify`] needs the issuer's keys and the time from its caller and always gives a [`Verdict`]: one
//! word, one [`Reason`] from a closed list, and finer [`Evidence`]. There is no way to a verdict around it.
//!
//! What it will not do: fetch keys or lists, read a clock, decide whom to trust, read health links.
//!
//! ```
//! use credentials::{Card, CardInput, Draft, IssuerKeys, KeySet, Reason, Standing};
//! use crypto::{Jwks, SigningKey};
//!
//! let (_secret, key) = SigningKey::generate_p256()?;
//! let now: jiff::Timestamp = "2026-05-03T18:04:00Z".parse()?;
//! let bundle = serde_json::json!({"resourceType": "Bundle", "type": "collection", "entry": [
//!     {"fullUrl": "resource:0", "resource": {"resourceType": "Patient", "name": [{"family": "Li"}]}}
//! ]});
//! let jws = Draft::new("https://clinic.example.org", now, &bundle).sign(&key)?;
//!
//! let public = key.public_jwk();
//! let public = public.clone().with_kid(&public.thumbprint());
//! let public = public.with_member("use", "sig".into()).with_member("alg", "ES256".into());
//! let keys = KeySet::new("https://clinic.example.org", &Jwks { keys: vec![public] }, now, Standing::Directory);
//!
//! let read = Card::read(CardInput::Text(&jws))?;
//! let card = read.cards.first().ok_or("no card")?;
//! assert_eq!(card.verify(IssuerKeys::Known(&keys), now, None).reason, Reason::SignedByIssuer);
//! assert_eq!(card.content().name.as_deref(), Some("Li"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod directory;
pub mod operation;
pub mod qr;

mod card;
mod content;
mod crl;
mod file;
mod issue;
mod keys;
mod verdict;
mod verify;

pub use card::{Card, CardInput, Claims, Read, ReadError, Unverified, is_picture, picture_texts};
pub use content::{Content, Kind, Line};
pub use crl::{Crl, CrlError};
pub use file::file_export;
pub use issue::{Draft, IssueError};
pub use keys::{IssuerKeys, KeySet, Standing};
pub use verdict::{Evidence, Reason, Verdict, Word};
pub use verify::SKEW;

/// The type that every SMART Health Card has (SMART Health Cards, "Health Cards are encoded as Compact Serialization").
pub const HEALTH_CARD_TYPE: &str = "https://smarthealth.cards#health-card";
