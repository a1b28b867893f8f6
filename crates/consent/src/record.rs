use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The FHIR R4 resources that are held for one person, from all sources, as one server would hold them.
///
/// Whoever assembles it gives each resource a logical id that is unique within its type and rewrites the references
/// between resources of one source to those ids; a source's own id may name a drug, so ids are drawn, not taken over.
#[derive(Debug, Clone)]
pub struct Record {
    /// Ids of the `Patient` resources that are this person.
    pub patients: Vec<Box<str>>,
    /// Where the owner lives: whole days of date ranges are days there.
    pub zone: TimeZone,
    /// Every resource.
    pub items: Vec<Item>,
}

/// One resource of the record, with its versions.
#[derive(Debug, Clone)]
pub struct Item {
    /// Resource type.
    pub resource_type: Box<str>,
    /// Logical id, unique within the type.
    pub id: Box<str>,
    /// Which source brought it, in the wallet's id of the connection.
    pub source: Arc<str>,
    /// Random bytes drawn when it came in; what its pseudonyms are made from.
    pub seed: [u8; 16],
    /// Oldest first; the last one is current.
    pub versions: Vec<Version>,
}

/// One version of an [`Item`].
#[derive(Debug, Clone)]
pub struct Version {
    /// When it came in.
    pub received: Timestamp,
    /// The resource; `id` and references are those of the record.
    pub json: Arc<str>,
}
