use std::sync::Arc;

use jiff::Timestamp;

/// A resource as one view holds it: what may be answered, and nothing else.
///
/// Versions and instants are those of the view: a change of the record that the view does not show makes none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Resource type.
    pub resource_type: Box<str>,
    /// Logical id in the view; no two resources of a type share one.
    pub id: Box<str>,
    /// Oldest first, never empty; the last one is current.
    pub versions: Vec<HeldVersion>,
}

/// One version of a [`Held`] resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldVersion {
    /// 1 for the oldest in the view, counted up by one.
    pub number: u32,
    /// Since when it stands in the view.
    pub last_updated: Timestamp,
    /// The whole resource. `id` is that of the view; `meta.versionId` and `meta.lastUpdated` are put in when it is
    /// answered, and are not in here unless the source wrote them.
    pub json: Arc<str>,
}

impl Held {
    /// The version that is current.
    pub fn current(&self) -> Option<&HeldVersion> {
        self.versions.last()
    }
}
