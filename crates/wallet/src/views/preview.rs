//! The record as somebody else would see it, for its owner to look at before they decide.

use serde::{Deserialize, Serialize};

use super::{AttachmentView, CodeView, Fact, ItemLink, LabPoint, ReasonCount, RecordPage, RecordQuery, Row, TypeCount};

/// What a grant shows of the record, held ready to be looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PreviewView {
    /// What further questions about it are asked with.
    pub id: String,
    /// Through whose eyes: what the owner calls them.
    pub name: String,
    /// Items they would be answered with.
    pub shown: u32,
    /// Items of these that have a part cut.
    pub cut: u32,
    /// Items that stay with the owner.
    pub stays: u32,
    /// Resources by type, on both sides of the seam.
    pub types: Vec<TypeCount>,
    /// Why what stays in stays in.
    pub reasons: Vec<ReasonCount>,
    /// Ids and dates are new ones: an item cannot be told from here to be one of the record.
    pub deidentified: bool,
}

/// What is looked for among what they would see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PreviewQuery {
    /// As in the owner's own lists.
    pub records: RecordQuery,
    /// Only items with a part cut.
    #[serde(default)]
    pub only_cut: bool,
}

/// A page of what they would see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PreviewPage {
    /// Rows and counts of the view; a row goes by `Type/id`.
    pub page: RecordPage,
    /// What is cut of these rows.
    pub cut: Vec<CutView>,
}

/// A part that is cut of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CutView {
    /// `Type/id`.
    pub of: String,
    /// What was done, as a code with its words: `reference`, `narrative`, `textScan`, `owner`, `part`.
    pub how: String,
    /// FHIR path of the element, for experts.
    pub element: String,
    /// The rule, for experts.
    pub rule: String,
}

/// One item as they would see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PreviewItem {
    /// The line it has in lists.
    pub row: Row,
    /// What it says.
    pub facts: Vec<Fact>,
    /// Items it points to that they would see too.
    pub links: Vec<ItemLink>,
    /// Its codes, for experts.
    pub codes: Vec<CodeView>,
    /// Every value of the same test that they would see, oldest first; empty for what is not measured.
    pub history: Vec<LabPoint>,
    /// Whether all values share one unit.
    pub one_unit: bool,
    /// Its files.
    pub attachments: Vec<AttachmentView>,
    /// What is cut of it.
    pub cut: Vec<CutView>,
    /// The very text of the answer.
    pub json: String,
}

/// A page of what stays with the owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct StaysPage {
    /// Items that match, in all.
    pub total: u32,
    /// The items asked for.
    pub rows: Vec<StaysRow>,
}

/// One item that stays with the owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct StaysRow {
    /// The item, by `Type/id` of the record.
    pub row: Row,
    /// Why, as a code with its words under `leftOut`.
    pub why: String,
    /// The topic, when one is the reason.
    pub topic: Option<String>,
}
