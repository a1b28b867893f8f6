//! The record as a person reads it: rows, labs, items, documents.
use serde::{Deserialize, Serialize};

/// The kinds a person knows, in the order of the filter list.
#[derive(Copy, Eq, Hash, PartialOrd, Ord, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Laboratory observations.
    Lab,
    /// Vital signs.
    Vital,
    /// Medication requests, statements, dispenses, administrations.
    Medication,
    /// Conditions and problems.
    Condition,
    /// Allergies and intolerances.
    Allergy,
    /// Immunizations.
    Immunization,
    /// Procedures.
    Procedure,
    /// Encounters.
    Visit,
    /// Document references, diagnostic reports with a document, compositions.
    Document,
    /// Diagnostic reports.
    Report,
    /// Care plans, goals, care teams.
    CarePlan,
    /// Claims, explanations of benefit, coverage.
    Claim,
    /// Patient, practitioners, organizations, locations, related persons.
    People,
    /// Everything else, provenance included.
    Other,
}

/// One line in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// `itm_…`.
    pub id: String,
    /// What kind it is.
    pub kind: Kind,
    /// FHIR resource type.
    pub resource_type: String,
    /// Plain title; `None` when the source names nothing.
    pub title: Option<String>,
    /// The value with its unit, as the source wrote the digits.
    pub value: Option<Value>,
    /// Clinical date as stated (partial dates stay partial: `2019`, `2019-05`, `2019-05-03`, or an instant).
    pub date: Option<String>,
    /// Status in the source's code, for example `active`.
    pub status: Option<String>,
    /// Name of the source.
    pub source: String,
    /// For a document: content type and size of the first attachment.
    pub attachment: Option<AttachmentView>,
}

/// A measured value or a result in words, with the laboratory's own range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Value {
    /// The digits as sent, for example `6.20`; `None` for a result in words.
    pub number: Option<String>,
    /// `<`, `<=`, `>=`, `>` when sent.
    pub comparator: Option<String>,
    /// Unit as written by the source.
    pub unit: Option<String>,
    /// UCUM code of the unit, when sent: values join one line only when it is the same.
    pub unit_code: Option<String>,
    /// Result in words, when it is not a number.
    pub text: Option<String>,
    /// The laboratory's range.
    pub range: Option<Range>,
    /// Where the value lies.
    pub against: Against,
    /// Components (blood pressure: systolic and diastolic), each with its title.
    pub parts: Vec<Part>,
}

/// One component of a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Its name.
    pub title: Option<String>,
    /// The digits as sent.
    pub number: Option<String>,
    /// Unit as written.
    pub unit: Option<String>,
    /// Result in words.
    pub text: Option<String>,
}

/// The range the laboratory sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Range {
    /// Lower end, digits as sent.
    pub low: Option<String>,
    /// Upper end, digits as sent.
    pub high: Option<String>,
    /// The range in words, when sent.
    pub text: Option<String>,
}

/// A value beside the laboratory's range. Never "normal".
#[derive(Copy, Eq, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Against {
    /// Above the upper end, or the laboratory says so (H, HH).
    Above,
    /// Below the lower end, or the laboratory says so (L, LL).
    Below,
    /// Within.
    Within,
    /// No range and no interpretation were sent.
    RangeNotStated,
    /// The result is in words.
    InWords,
    /// The laboratory marks it out of range without saying to which side (A, AA).
    Outside,
}

/// Which rows are wanted. All members optional; `person` is the current one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct RecordQuery {
    /// Words to search for, over everything.
    #[serde(default)]
    pub words: String,
    /// One kind, or all.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// One source (`con_…`), or all.
    #[serde(default)]
    pub source: Option<String>,
    /// First day, ISO date.
    #[serde(default)]
    pub from: Option<String>,
    /// Last day, ISO date.
    #[serde(default)]
    pub to: Option<String>,
    /// Newest of each test only (labs and vital signs).
    #[serde(default)]
    pub newest_of_each: bool,
    /// Rows to skip.
    #[serde(default)]
    pub offset: u32,
    /// Rows wanted, at most 500.
    pub limit: u32,
}

/// A page of rows, with true counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct RecordPage {
    /// What of this record somebody else lends: whose it is, and that it is a part.
    pub lent: Vec<super::LentView>,
    /// Rows that match, in all.
    pub total: u32,
    /// The rows asked for.
    pub rows: Vec<Row>,
    /// Items of the whole record by kind.
    pub kinds: Vec<KindCount>,
    /// Sources of the whole record.
    pub sources: Vec<SourceCount>,
    /// Items of the whole record.
    pub everything: u32,
    /// A spelling that would find something, when nothing matched.
    pub did_you_mean: Option<String>,
}

/// How many of a kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct KindCount {
    /// The kind.
    pub kind: Kind,
    /// How many items.
    pub count: u32,
}

/// How many from a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SourceCount {
    /// `con_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many items.
    pub count: u32,
}

/// A lab result or vital sign with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LabView {
    /// The newest, or the one asked for.
    pub row: Row,
    /// Codes it goes by, for experts.
    pub codes: Vec<CodeView>,
    /// Every value of the same test, oldest first.
    pub history: Vec<LabPoint>,
    /// Whether all values share one unit, so that they may stand on one line.
    pub one_unit: bool,
    /// Facts in order: what was measured, specimen, method, who ordered, performer, status, notes of the source.
    pub facts: Vec<Fact>,
    /// Where it comes from.
    pub origin: Origin,
}

/// One value of a test over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LabPoint {
    /// `itm_…`.
    pub id: String,
    /// Clinical date as stated.
    pub date: Option<String>,
    /// Value, unit, range.
    pub value: Value,
    /// Name of the source.
    pub source: String,
}

/// A coding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CodeView {
    /// Code system URL.
    pub system: Option<String>,
    /// Code.
    pub code: Option<String>,
    /// Display text sent with it.
    pub display: Option<String>,
}

/// Any item in plain words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ItemView {
    /// The line it has in lists.
    pub row: Row,
    /// Its facts, in reading order.
    pub facts: Vec<Fact>,
    /// Items it points to that are here too.
    pub links: Vec<ItemLink>,
    /// Where it comes from.
    pub origin: Origin,
    /// The resource as it was received, pretty-printed, for experts.
    pub json: String,
}

/// One fact: a label from the message files and what the source says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// Key of the label, for example `status`, `dose`, `performer`, `note`; closed list in `fhir::FactLabel`.
    pub label: String,
    /// The text as the source sent it, plain text always.
    pub text: String,
}

/// A reference to another item here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ItemLink {
    /// Key of the label, as in [`Fact`].
    pub label: String,
    /// `itm_…`.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
}

/// Where an item comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// Name of the source.
    pub source: String,
    /// Its FHIR address.
    pub address: String,
    /// When it was received here, RFC 3339.
    pub received: String,
    /// `meta.lastUpdated` of the source.
    pub last_updated: Option<String>,
    /// `Type/id` at the source.
    pub reference: String,
    /// `meta.versionId` of the source.
    pub version: Option<String>,
    /// The source here, `con_…`: what of the record others lend names it too.
    pub connection: String,
    /// Since when whoever lent it shows it no longer, RFC 3339; `None`: it is shown, or was never lent.
    pub lapsed: Option<String>,
}

/// One file of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AttachmentView {
    /// Its place in the document, from 0.
    pub index: u32,
    /// Title, when stated.
    pub title: Option<String>,
    /// Content type as stated by the source.
    pub content_type: Option<String>,
    /// Size in bytes, when it is here.
    pub size: Option<u32>,
    /// Whether its bytes are here.
    pub here: bool,
}

/// A document and its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DocumentView {
    /// The item it is.
    pub item: ItemView,
    /// Its files.
    pub attachments: Vec<AttachmentView>,
}

/// The bytes of one file, typed by looking at them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DocumentContent {
    /// How it can be shown, by its first bytes against a closed list.
    pub shown_as: ShownAs,
    /// Content type found by looking.
    pub content_type: String,
    /// Text, when `shown_as` is `Text`; never markup to be rendered.
    pub text: Option<String>,
    /// Base64 of the bytes, when `shown_as` is `Pdf` or `Image`.
    pub base64: Option<String>,
    /// Size in bytes.
    pub size: u32,
}

/// How a file can be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum ShownAs {
    /// PNG, JPEG, GIF, WebP.
    Image,
    /// PDF.
    Pdf,
    /// Plain text; HTML, RTF and XML are reduced to their text.
    Text,
    /// Save only.
    SaveOnly,
}
