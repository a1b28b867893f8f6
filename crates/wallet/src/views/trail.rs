//! What leaves the wallet about sharing, what comes in, and the trail of it entry by entry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A grant as it is saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct GrantExport {
    /// FHIR R4 `Consent`, as JSON text: as the owner may have it, or as the other side may.
    pub consent: String,
    /// What the other side is told was approved, as JSON text.
    pub receipt: String,
    /// The receipt, signed (compact JWS).
    pub signed: String,
}

/// An issuer of identities that the owner trusts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TrustedIssuerView {
    /// `iss`.
    pub issuer: String,
    /// What the owner calls it.
    pub name: String,
    /// Since when, RFC 3339.
    pub since: String,
}

/// A password of one of the owner's own tools; the password itself is shown once and not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AppPasswordView {
    /// `apw_…`: the user name.
    pub id: String,
    /// What the owner calls the tool.
    pub name: String,
    /// What it opens, `grt_…`.
    pub share: String,
    /// Since when, RFC 3339.
    pub made: String,
}

/// A resource that somebody wants to have in the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OfferView {
    /// `ofr_…`.
    pub id: String,
    /// FHIR resource type.
    pub resource_type: String,
    /// What kind it is.
    pub kind: super::Kind,
    /// Plain title, as far as it has one.
    pub title: Option<String>,
    /// Its facts, in reading order.
    pub facts: Vec<super::Fact>,
    /// Under which grant it came, `grt_…`.
    pub share: String,
    /// What the owner calls who sent it.
    pub from: String,
    /// When, RFC 3339.
    pub received: String,
    /// The resource, as JSON text.
    pub json: String,
}

/// An entry of the trail, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TrailEntryView {
    /// Its number.
    pub seq: u32,
    /// RFC 3339.
    pub at: String,
    /// What happened, as a code with its words under `actions`.
    pub action: String,
    /// `done`, `refused`, `failed`.
    pub outcome: String,
    /// Who: `owner`, `cli_…`, `cnt_…`.
    pub who: Option<String>,
    /// What the owner, or the client itself, calls them.
    pub name: Option<String>,
    /// Under which grant, `grt_…`.
    pub share: Option<String>,
    /// By which request, `req_…`.
    pub request: Option<String>,
    /// HTTP method, or the door.
    pub method: Option<String>,
    /// What was asked for.
    pub target: Option<String>,
    /// `Type/id/_history/version` of what left.
    pub released: Vec<String>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Numbers that belong to it.
    pub counts: BTreeMap<String, u32>,
}

/// A page of the trail, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TrailPageView {
    /// Entries in all.
    pub total: u32,
    /// The entries asked for.
    pub entries: Vec<TrailEntryView>,
}
