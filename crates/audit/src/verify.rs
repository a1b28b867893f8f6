use crypto::VerifyingKey;
use thiserror::Error;

use crate::{Entry, Head, SignedHead};

/// The trail is unbroken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// How many entries it has.
    pub entries: u64,
}

/// The trail is broken: `at_seq` is the first entry that does not fit or is not there.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the trail is broken")]
pub struct Broken {
    /// Number of that entry, from 1.
    pub at_seq: u64,
    /// What is wrong there.
    #[source]
    pub why: Why,
}

/// What is wrong with a trail.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The entry is not there.
    #[error("an entry is missing")]
    Missing,
    /// The entry stands where another one belongs.
    #[error("an entry is out of order")]
    OutOfOrder,
    /// The entry is not what its hash says.
    #[error("an entry was changed")]
    Changed,
    /// The entry follows an entry other than the one before it.
    #[error("an entry does not follow the one before it")]
    Unlinked,
    /// The entry lies behind the signed head.
    #[error("an entry is not covered by the signed head")]
    Unsigned,
    /// The signed head is for another entry with this number.
    #[error("the signed head is of another trail")]
    OtherHead,
    /// There is no signed head, or its signature does not hold.
    #[error("the head is not signed by this wallet")]
    BadSignature,
    /// The whole trail is an old copy: a later head is remembered.
    #[error("the trail is older than what is remembered")]
    RolledBack,
}

/// Looks whether the trail is whole: entries in order, head signed, and not older than `remembered`, the last head the
/// caller saw outside the vault.
///
/// # Errors
/// [`Broken`] with the first entry that does not fit.
pub fn verify(
    entries: impl IntoIterator<Item = Entry>,
    signed: Option<&SignedHead>,
    key: &VerifyingKey,
    remembered: Option<&Head>,
) -> Result<Whole, Broken> {
    let mut last = Head::start();
    for entry in entries {
        last = follow(&last, &entry)?;
        if remembered.is_some_and(|head| head.seq == last.seq && head.hash != last.hash) {
            return Err(Broken { at_seq: last.seq, why: Why::RolledBack });
        }
        if signed.is_some_and(|signed| last.seq > signed.head.seq) {
            return Err(Broken { at_seq: last.seq, why: Why::Unsigned });
        }
    }
    check_head(&last, signed, key)?;
    match remembered {
        Some(head) if head.seq > last.seq => Err(Broken { at_seq: last.seq + 1, why: Why::RolledBack }),
        _ => Ok(Whole { entries: last.seq }),
    }
}

fn follow(last: &Head, entry: &Entry) -> Result<Head, Broken> {
    let expected = last.seq + 1;
    let why = if entry.seq > expected {
        Why::Missing
    } else if entry.seq < expected {
        Why::OutOfOrder
    } else if entry.hash != entry.computed_hash() {
        Why::Changed
    } else if entry.previous != last.hash {
        Why::Unlinked
    } else {
        return Ok(entry.head());
    };
    Err(Broken { at_seq: expected, why })
}

fn check_head(last: &Head, signed: Option<&SignedHead>, key: &VerifyingKey) -> Result<(), Broken> {
    let Some(SignedHead { head, signature }) = signed else {
        let nothing_yet = last.seq == 0;
        return if nothing_yet { Ok(()) } else { Err(Broken { at_seq: last.seq, why: Why::BadSignature }) };
    };
    if key.verify(&head.message(), signature).is_err() {
        return Err(Broken { at_seq: head.seq.max(1), why: Why::BadSignature });
    }
    if head.seq > last.seq {
        return Err(Broken { at_seq: last.seq + 1, why: Why::Missing });
    }
    if head.hash != last.hash {
        return Err(Broken { at_seq: head.seq, why: Why::OtherHead });
    }
    Ok(())
}
