use std::io;

use thiserror::Error;

/// Why the key store did not do what it was asked for.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeychainError {
    /// There is no key store on this computer, or nothing answers for it; or there is no sealed file.
    #[error("there is no key store")]
    Missing,
    /// It is locked, and nobody was asked or able to unlock it.
    #[error("the key store is locked")]
    Locked,
    /// The person or the system refused.
    #[error("the key store was refused")]
    Refused,
    /// It answers, and holds no key of this name.
    #[error("the key store has no such key")]
    NoEntry,
    /// It did not answer in time.
    #[error("the key store did not answer in time")]
    Timeout,
    /// The passphrase does not open the sealed file.
    #[error("the passphrase is not the right one")]
    PassphraseWrong,
    /// What is stored does not read back: cut short, changed, or not ours.
    #[error("what the key store holds is damaged")]
    Damaged,
    /// The sealed file is an older copy than one that was seen before.
    #[error("the sealed file is an older copy")]
    RolledBack,
    /// The sealed file was written by a newer program.
    #[error("the sealed file was written by a newer version of this program")]
    Newer,
    /// A key of this name, or a sealed file at this place, exists already and is left as it is.
    #[error("there is such a key already")]
    Exists,
    /// The key is of another kind: it does not sign so, or it signs and is not handed out.
    #[error("the key is not of the kind asked for")]
    WrongKind,
    /// The primitives failed: no random bytes, no signature.
    #[error("the key could not be made or used")]
    Crypto,
    /// The disk or the folder refuses.
    #[error("the sealed file cannot be read or written")]
    Disk(#[source] io::Error),
}

impl From<io::Error> for KeychainError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Disk(error),
        }
    }
}

impl From<crypto::RandomError> for KeychainError {
    fn from(_: crypto::RandomError) -> Self {
        Self::Crypto
    }
}

impl From<crypto::SigningKeyError> for KeychainError {
    fn from(_: crypto::SigningKeyError) -> Self {
        Self::Damaged
    }
}
