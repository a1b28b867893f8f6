//! The trail as the owner reads it.
use serde::{Deserialize, Serialize};

/// One line of activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ActivityEntry {
    /// Sequence number in the chain, from 1.
    pub seq: u32,
    /// RFC 3339.
    pub at: String,
    /// What happened, code of a closed list (`audit::Action`), for example `vaultMade`, `connected`, `pulled`, `cardAdded`, `cardShown`.
    pub action: String,
    /// `per_…` it concerns.
    pub person: Option<String>,
    /// Name of the system, card or key it concerns, taken from the vault.
    pub about: Option<String>,
    /// Numbers that belong to the action: `new`, `changed`, `unchanged`, `failed`.
    pub counts: std::collections::BTreeMap<String, u32>,
    /// Whether it worked.
    pub outcome: ActivityOutcome,
}

/// Whether it worked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum ActivityOutcome {
    /// It did.
    Done,
    /// It was refused.
    Refused,
    /// It failed.
    Failed,
}

/// A page of the trail, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ActivityPage {
    /// Entries of this person in all.
    pub total: u32,
    /// The entries asked for.
    pub entries: Vec<ActivityEntry>,
    /// Whether the chain is whole.
    pub trail: super::TrailState,
}
