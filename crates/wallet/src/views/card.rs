//! Cards: held, shown, checked.
use serde::{Deserialize, Serialize};

/// Which of the three.
#[derive(Copy, Eq, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum VerdictWord {
    /// The issuer signed it and it holds.
    Verified,
    /// It does not hold.
    NotVerified,
    /// We cannot know.
    CannotTell,
}

/// Verdict with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct VerdictView {
    /// Which of the three.
    pub word: VerdictWord,
    /// Code of the reason, from the closed list (`credentials::Reason`), for example `signedByIssuer`, `changed`, `expired`.
    pub reason: String,
    /// Date or web address that the reason names: RFC 3339 instant or host.
    pub detail: Option<String>,
    /// Finer evidence, for experts, from a closed list of codes.
    pub evidence: String,
    /// When the issuer's keys that were used were fetched, RFC 3339.
    pub keys_date: Option<String>,
}

/// What a card says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CardView {
    /// `crd_…`; `None` for a card that is only being checked.
    pub id: Option<String>,
    /// What it proves.
    pub kind: CardKind,
    /// The person it names, as written on it.
    pub name: Option<String>,
    /// Birth date as written on it.
    pub birth_date: Option<String>,
    /// Lines: vaccines with dates, results with values.
    pub lines: Vec<CardLine>,
    /// Issuer as named in a directory, else its web address.
    pub issuer: String,
    /// Issuer address (`iss`).
    pub issuer_address: String,
    /// `nbf`, RFC 3339.
    pub issued: Option<String>,
    /// `exp`, RFC 3339.
    pub expires: Option<String>,
    /// Whether and why it holds.
    pub verdict: VerdictView,
    /// When it was taken in here, RFC 3339.
    pub added: Option<String>,
    /// Set for a card in "Removed".
    pub removed: Option<String>,
    /// Everything in it, pretty-printed, for experts.
    pub payload: String,
}

/// What a card proves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum CardKind {
    /// Immunizations.
    Immunization,
    /// Laboratory results.
    Laboratory,
    /// Anything else.
    Other,
}

/// One line of a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CardLine {
    /// What: vaccine, test.
    pub what: Option<String>,
    /// Value, lot, dose.
    pub value: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Who performed it.
    pub by: Option<String>,
}

/// A QR code to draw: dark modules as rows of `0` and `1`, without quiet zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct QrView {
    /// Part number from 1, and how many.
    pub part: u32,
    /// How many parts there are.
    pub parts: u32,
    /// QR version, 1 to 40.
    pub version: u32,
    /// Error correction: `L`, `M`, `Q`, `H`.
    pub level: String,
    /// One text of `0` and `1` for each row.
    pub rows: Vec<String>,
    /// The text it carries.
    pub text: String,
}

/// What came of taking cards in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CardsAdded {
    /// Taken in.
    pub added: Vec<CardView>,
    /// Held already.
    pub already: Vec<CardView>,
    /// Could not be read: one error for each.
    pub unreadable: Vec<super::ErrorView>,
    /// Chunked QR: which parts of how many are still missing.
    pub missing_parts: Vec<u32>,
}
