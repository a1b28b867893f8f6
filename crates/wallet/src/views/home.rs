//! The home page, and whether the trail is whole.
use serde::{Deserialize, Serialize};

use super::{ConnectionView, PersonView, Row};

/// The home page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct HomeView {
    /// The person shown.
    pub person: PersonView,
    /// What came with the last pulls, newest first, at most 6.
    pub news: Vec<Row>,
    /// Since when (RFC 3339), for "nothing new since"; `None` before the first pull.
    pub last_pull: Option<String>,
    /// Medications with an active status.
    pub medications_active: u32,
    /// When the newest medication changed.
    pub medications_changed: Option<String>,
    /// Allergies, by title.
    pub allergies: Vec<String>,
    /// Conditions with an active status.
    pub conditions_active: u32,
    /// Conditions in all.
    pub conditions: u32,
    /// Items in all.
    pub everything: u32,
    /// Sources in all.
    pub sources: u32,
    /// Cards held.
    pub cards: u32,
    /// Connections that need signing in again.
    pub need_sign_in: Vec<ConnectionView>,
    /// State of the trail.
    pub trail: TrailState,
}

/// What a person is told of while they do not look: ids, and nothing that could be read over a shoulder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct NewsView {
    /// Requests that wait, `req_…`.
    pub requests: Vec<String>,
    /// What needs an answer: connections to sign in to again, `con_…`, and mandates whose giver asks to erase what came
    /// under them.
    pub answers: Vec<String>,
    /// Shares that end within a week, `grt_…`.
    pub ending: Vec<String>,
}

/// Whether the trail is whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TrailState {
    /// Entries.
    pub entries: u32,
    /// Sequence number of the first entry that does not fit; `None` when unbroken.
    pub broken_at: Option<u32>,
}
