use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::{Draw, Ledger, Once, Setting, Stop, Wanted};

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

impl Step<'_> {
    /// Spends something that may be used once, such as a `jti`; whether this was the first time. `whose` keeps the
    /// values of one side apart from those of another.
    pub(crate) fn spend(&mut self, whose: &str, what: &str, until: Timestamp) -> bool {
        let hash = fingerprint(&format!("{}:{whose}{what}", whose.len()));
        let first = self.ledger.once.find(&hash).is_none_or(|once| once.until <= self.now);
        if first {
            self.ledger.once.put(Once { hash, until });
        }
        first
    }

    /// Whether it was spent already.
    pub(crate) fn was_spent(&self, whose: &str, what: &str) -> bool {
        let hash = fingerprint(&format!("{}:{whose}{what}", whose.len()));
        self.ledger.once.find(&hash).is_some_and(|once| self.now < once.until)
    }

    /// A document from elsewhere, not older than this instant; `None` when it could not be had.
    ///
    /// # Errors
    /// [`Stop::Bring`] when it is not there yet.
    pub(crate) fn brought(&self, url: &Url, since: Timestamp) -> Result<Option<&Value>, Stop> {
        match self.ledger.brought.find(url.as_str()) {
            Some(brought) if self.now < brought.until && since <= brought.at => Ok(brought.document.as_ref()),
            _ => Err(Stop::Bring(Wanted { url: url.clone() })),
        }
    }

    /// Hands a result on. A step that has to be taken again leaves the ledger as it was: the same ticket, code or
    /// assertion is presented again.
    pub(crate) fn settled<T>(&mut self, result: Result<T, Stop>) -> Result<T, Stop> {
        if matches!(result, Err(Stop::Bring(_))) {
            self.ledger.undo_changes();
        }
        result
    }
}

/// What a secret or a single-use value is stored as: SHA-256, hexadecimal.
pub(crate) fn fingerprint(secret: &str) -> String {
    crypto::sha256(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
