use fhir::Held;

use crate::Report;

/// A grant applied to a record. Whoever holds it can answer from it, and can learn nothing else.
#[derive(Debug, Clone, Default)]
pub struct View {
    held: Vec<Held>,
    report: Report,
}

/// How a view differs from what it was before a change of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delta {
    /// New, or changed.
    Put(Held),
    /// No longer in the view.
    Removed {
        /// Resource type.
        resource_type: Box<str>,
        /// Id in the view.
        id: Box<str>,
    },
}

impl View {
    /// What is in it, by type and id.
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// What became of the record, for the owner.
    pub fn report(&self) -> &Report {
        &self.report
    }
}
