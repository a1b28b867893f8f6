//! The holder’s keys.
use serde::{Deserialize, Serialize};

/// A DID of the holder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DidView {
    /// `did_…`.
    pub id: String,
    /// Name the person gave it.
    pub name: String,
    /// The DID itself.
    pub did: String,
    /// `did:key` or `did:jwk`.
    pub method: DidMethod,
    /// RFC 3339.
    pub created: String,
    /// When it was retired or replaced, RFC 3339.
    pub retired: Option<String>,
    /// The one that replaced it.
    pub replaced_by: Option<String>,
    /// Code to compare: three consonants, hyphen, three digits.
    pub code: String,
}

/// Which method.
#[derive(Copy, Eq, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum DidMethod {
    /// Ed25519, did:key.
    Key,
    /// P-256, did:jwk.
    Jwk,
}
