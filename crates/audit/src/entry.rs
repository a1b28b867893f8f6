use std::collections::BTreeMap;

use jiff::Timestamp;
use types::PersonId;

use crate::{Access, Action, Outcome};

/// Of entries without an [`Access`], which were all there was at first.
const ENTRY_LABEL: &[u8] = b"satchel trail entry v1";
/// Of entries with one.
const ACCESS_LABEL: &[u8] = b"satchel trail entry v2";
const HEAD_LABEL: &[u8] = b"satchel trail head v1";

/// What is to be written down. Ids and counts only, and what a third party asked for: nothing of what a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What happened.
    pub action: Action,
    /// Whose record it concerns.
    pub person: Option<PersonId>,
    /// Id of the connection, card, key, document or setting it concerns.
    pub subject: Option<String>,
    /// Numbers that belong to it.
    pub counts: BTreeMap<String, u32>,
    /// Whether it worked.
    pub outcome: Outcome,
    /// Who had or was refused what, when the entry is about that.
    pub access: Option<Box<Access>>,
}

impl Draft {
    /// An action that worked, about the vault as a whole.
    pub fn done(action: Action) -> Self {
        Self { action, person: None, subject: None, counts: BTreeMap::new(), outcome: Outcome::Done, access: None }
    }
}

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// When, in whole microseconds.
    pub at: Timestamp,
    /// What happened.
    pub action: Action,
    /// Whose record it concerns.
    pub person: Option<PersonId>,
    /// Id of what it concerns.
    pub subject: Option<String>,
    /// Numbers that belong to it.
    pub counts: BTreeMap<String, u32>,
    /// Whether it worked.
    pub outcome: Outcome,
    /// Who had or was refused what. With it the entry is of version 2.
    pub access: Option<Box<Access>>,
    /// Hash of the entry before it; zeros before the first.
    pub previous: [u8; 32],
    /// Hash over all of the above.
    pub hash: [u8; 32],
}

/// The newest entry, by number and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 before the first entry.
    pub seq: u64,
    /// Its hash; zeros before the first entry.
    pub hash: [u8; 32],
}

/// A head and its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHead {
    /// The head.
    pub head: Head,
    /// Ed25519 signature over [`Head::message`].
    pub signature: Vec<u8>,
}

impl Head {
    /// The head of a trail without entries.
    pub fn start() -> Self {
        Self { seq: 0, hash: [0; 32] }
    }

    /// The bytes to sign.
    pub fn message(&self) -> Vec<u8> {
        let mut message = HEAD_LABEL.to_vec();
        message.extend_from_slice(&self.seq.to_be_bytes());
        message.extend_from_slice(&self.hash);
        message
    }
}

impl Entry {
    /// This entry as the newest.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }

    /// The hash this entry should carry. Each text goes in with its length before it, so that no two entries share
    /// one row of bytes.
    pub fn computed_hash(&self) -> [u8; 32] {
        let mut bytes = if self.access.is_some() { ACCESS_LABEL } else { ENTRY_LABEL }.to_vec();
        bytes.extend_from_slice(&self.previous);
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.at.as_microsecond().to_be_bytes());
        put(&mut bytes, Some(self.action.as_str()));
        put(&mut bytes, self.person.as_ref().map(PersonId::as_str));
        put(&mut bytes, self.subject.as_deref());
        put(&mut bytes, Some(self.outcome.as_str()));
        bytes.extend_from_slice(&(self.counts.len() as u64).to_be_bytes());
        for (name, count) in &self.counts {
            put(&mut bytes, Some(name));
            bytes.extend_from_slice(&count.to_be_bytes());
        }
        if let Some(access) = &self.access {
            access.put(&mut bytes);
        }
        crypto::sha256(&bytes)
    }
}

/// A text with its length before it, or that there is none.
pub(crate) fn put(bytes: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => {
            bytes.push(1);
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        None => bytes.push(0),
    }
}

/// The entry that follows `head`. What is finer than a microsecond in `now` is dropped.
pub fn append(head: &Head, draft: Draft, now: Timestamp) -> Entry {
    let Draft { action, person, subject, counts, outcome, access } = draft;
    let at = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
    let seq = head.seq.saturating_add(1);
    let (previous, hash) = (head.hash, [0; 32]);
    let mut entry = Entry { seq, at, action, person, subject, counts, outcome, access, previous, hash };
    entry.hash = entry.computed_hash();
    entry
}
