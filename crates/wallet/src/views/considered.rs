//! Decisions before they are taken: what they would let out, and what the owner takes away.

use serde::{Deserialize, Serialize};

use super::{ReviewView, Sentence, TypeCount};

/// A decision before it is taken: what it would let out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Considered {
    /// The grant in JSON: this very text is what approving enforces.
    pub grant: String,
    /// What it says, sentence by sentence.
    pub summary: Vec<Sentence>,
    /// Resources by type, on both sides of the seam.
    pub types: Vec<TypeCount>,
    /// Why what stays in stays in: a code with its words under `leftOut`, the type, and how many.
    pub reasons: Vec<ReasonCount>,
    /// The same by source, so that one can be left out.
    pub sources: Vec<SourceSides>,
    /// Texts the owner should look at, at most a hundred; they are treated as their default says until then.
    pub review: Vec<ReviewView>,
    /// Whether it is more than what was asked: then it cannot be approved.
    pub wider: bool,
}

/// How much of one source goes out, and how much stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SourceSides {
    /// `con_…`.
    pub id: String,
    /// What the owner calls it.
    pub name: String,
    /// Resources that go out.
    pub out: u32,
    /// Resources that stay.
    pub stays: u32,
}

/// How many resources of one type stay in for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ReasonCount {
    /// Resource type.
    pub resource_type: String,
    /// Why, as a code with its words under `leftOut`.
    pub why: String,
    /// The topic, when one is the reason.
    pub topic: Option<String>,
    /// How many.
    pub count: u32,
}

/// What the owner takes away from what was asked. Nothing set: as asked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", default)]
pub struct Narrowing {
    /// Topics to leave out.
    pub topics: Vec<String>,
    /// Resource types to leave out.
    pub types: Vec<String>,
    /// Sources to leave out, by connection.
    pub sources: Vec<String>,
    /// Single resources to leave out, `Type/id`.
    pub resources: Vec<String>,
    /// Only from this day on, `2027-05-03`.
    pub from: Option<String>,
    /// Only up to this day.
    pub to: Option<String>,
    /// Until the end of this day.
    pub until: Option<String>,
    /// Decisions about single texts: resource, place and `keep`, `takeOut` or `leaveOut`.
    pub decisions: Vec<TextDecision>,
}

/// A grant that the owner gives to a contact without being asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Mandate {
    /// What it starts from.
    pub start: MandateStart,
    /// The topics that are left out of everything, or that alone are in.
    pub topics: Vec<String>,
    /// Until the end of this day, `2027-05-03`.
    pub until: String,
    /// Code of v3 PurposeOfUse.
    pub purpose: String,
}

/// What a mandate starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum MandateStart {
    /// Everything, except the topics.
    Except,
    /// Nothing, but the topics.
    Only,
}

/// What the owner decided about one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TextDecision {
    /// `Type/id` of the record.
    pub resource: String,
    /// JSON pointer; empty for the whole resource.
    pub place: String,
    /// `keep`, `takeOut`, `leaveOut`.
    pub choice: String,
}
