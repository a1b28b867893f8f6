use jiff::Timestamp;

use crate::{Draw, Ledger, Setting};

/// One request being handled. What it may do lies in the modules of the doors, each an `impl Step`.
///
/// A step that is refused may have changed the ledger on purpose (a failed try counts); the caller keeps the changes
/// either way, in one transaction.
#[derive(Debug)]
pub struct Step<'a> {
    /// The server as it stands.
    pub setting: &'a Setting,
    /// What it knows.
    pub ledger: &'a mut Ledger,
    /// The instant, never before any that the ledger has seen ([`Ledger::at`]).
    pub now: Timestamp,
    /// Random values.
    pub draw: Draw,
}
