use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use types::{ClientId, ContactId, GrantId, RequestId};

use crate::entry::put;

/// Longest target that is kept whole, in bytes.
pub const MAX_TARGET: usize = 2_048;

/// Who had or was refused what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Who it was, as far as that is known.
    pub who: Option<Who>,
    /// Under which grant.
    pub grant: Option<GrantId>,
    /// By which request of theirs.
    pub request: Option<RequestId>,
    /// HTTP method, or the door they came through.
    pub method: Option<String>,
    /// What they asked for: the target of an HTTP request behind the base, or scopes.
    pub target: Option<String>,
    /// Versions of the resources that left, as `Type/id/_history/version` of the grant's view; each once, in the order
    /// of the answer.
    pub released: Vec<String>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
}

/// Who somebody is in the trail.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Who {
    /// The owner, or a tool of theirs.
    Owner,
    /// A registered client.
    Client(ClientId),
    /// Somebody the owner knows.
    Contact(ContactId),
}

/// The text names nobody.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the text names nobody of the trail")]
pub struct WhoError;

impl Access {
    /// What was asked, cut at [`MAX_TARGET`] bytes with `…` behind.
    #[must_use]
    pub fn asked(self, method: &str, target: &str) -> Self {
        let whole = target.len() <= MAX_TARGET;
        let end = (0..=MAX_TARGET.min(target.len())).rev().find(|end| target.is_char_boundary(*end)).unwrap_or(0);
        let cut = target.get(..end).unwrap_or_default();
        let target = if whole { target.to_owned() } else { format!("{cut}…") };
        Self { method: Some(method.to_owned()), target: Some(target), ..self }
    }

    /// Adds what an entry's hash covers of it.
    pub(crate) fn put(&self, bytes: &mut Vec<u8>) {
        put(bytes, self.who.as_ref().map(Who::as_str));
        put(bytes, self.grant.as_ref().map(GrantId::as_str));
        put(bytes, self.request.as_ref().map(RequestId::as_str));
        put(bytes, self.method.as_deref());
        put(bytes, self.target.as_deref());
        bytes.extend_from_slice(&(self.released.len() as u64).to_be_bytes());
        for released in &self.released {
            put(bytes, Some(released));
        }
        put(bytes, self.status.map(|status| status.to_string()).as_deref());
    }
}

impl Who {
    /// `owner`, or the id.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Owner => "owner",
            Self::Client(id) => id.as_str(),
            Self::Contact(id) => id.as_str(),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Who {
    type Err = WhoError;

    fn from_str(text: &str) -> Result<Self, WhoError> {
        if text == "owner" {
            return Ok(Self::Owner);
        }
        let client = || text.parse().map(Self::Client);
        client().or_else(|_| text.parse().map(Self::Contact)).map_err(|_| WhoError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_named_reads_back() {
        let all =
            [Who::Owner, Who::Client(ClientId::from_random([1; 16])), Who::Contact(ContactId::from_random([2; 16]))];
        for who in all {
            assert_eq!(who.as_str().parse(), Ok(who.clone()));
        }
        assert_eq!("somebody".parse::<Who>(), Err(WhoError));
    }

    #[test]
    fn a_long_target_is_cut_between_two_letters() {
        let short = Access::default().asked("GET", "Patient/1");
        assert_eq!((short.method.as_deref(), short.target.as_deref()), (Some("GET"), Some("Patient/1")));
        let long = Access::default().asked("GET", &"ñ".repeat(MAX_TARGET)).target.unwrap();
        assert_eq!(long.chars().count(), MAX_TARGET / 2 + 1);
        assert!(long.ends_with("ñ…"));
    }
}
