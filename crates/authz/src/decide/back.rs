//! The owner asks back: a sentence that the other side reads when it asks the next time how its request stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use types::RequestId;

use super::DecideError;
use crate::{OAuthError, Request, Step};

/// The member that carries it in an answer. None of the standards has one; who does not know it goes on waiting.
const MEMBER: &str = "owner_message";
/// Characters of it at most.
pub const MAX_MESSAGE: usize = 300;

/// What the owner asked back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedBack {
    /// One line of plain text.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

impl Step<'_> {
    /// Asks back. The request goes on waiting, nothing is decided by it; a later question takes the place of an earlier
    /// one.
    ///
    /// # Errors
    /// [`DecideError`]: the request does not wait any more; or [`DecideError::Message`] for what is empty, too long, of
    /// several lines, or no plain text.
    pub fn ask_back(&mut self, request: &RequestId, message: &str) -> Result<(), DecideError> {
        let message = message.trim();
        if message.is_empty() || message.chars().count() > MAX_MESSAGE || !message.chars().all(is_plain) {
            return Err(DecideError::Message);
        }
        let id = self.undecided(request)?.id.clone();
        let back = AskedBack { message: message.to_owned(), at: self.now };
        self.ledger.requests.change(id.as_str(), |request| request.back = Some(back));
        Ok(())
    }
}

impl Request {
    /// What the owner asked back, as long as they can be answered.
    pub(crate) fn message(&self, now: Timestamp) -> Option<&str> {
        self.back.as_ref().filter(|_| self.is_open(now)).map(|back| back.message.as_str())
    }
}

impl OAuthError {
    /// With what the owner asked back, when they did.
    #[must_use]
    pub(crate) fn with_message(self, message: Option<&str>) -> Self {
        match message {
            Some(message) => self.with(MEMBER, message.into()),
            None => self,
        }
    }
}

/// What a page may show as it stands: no markup, no line ends, nothing that turns the direction of what follows.
fn is_plain(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !(c.is_control() || turns || matches!(c, '<' | '>' | '\u{2028}' | '\u{2029}'))
}
