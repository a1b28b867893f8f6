//! Where private keys lie: the operating system's key store, or a file sealed under a passphrase.
//!
//! Signing keys never leave: the caller names a key and gets a signature, or a [`SigningKey`](crypto::SigningKey) that
//! gives signatures and nothing else, to be held while the vault is open. The one kind that is handed out is the raw
//! key of the vault, which SQLCipher needs. Each key is one entry of under a hundred bytes of ASCII, because some
//! stores take only text and some only little of it.
//!
//! Calls block, into the minutes when the system asks the person; the caller runs them where blocking is allowed.
//! Calls to the system end after a time limit, whatever the other side does.
//!
//! **"No entry" is not "new here".** A key store that was never unlocked answers [`KeychainError::NoEntry`] too.
//! Only the absence of the vault file means that there is no vault.
//!
//! ```
//! use crypto::Algorithm;
//! use keychain::{KeyKind, KeyStore, SealedStore};
//! use types::Secret;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("keys.sealed");
//! let passphrase = Secret::new("correct horse battery staple".to_owned());
//! let keys = KeyStore::Sealed(SealedStore::create(&path, &passphrase)?);
//! let public = keys.make_key("trail", KeyKind::Ed25519)?;
//! let signature = keys.sign("trail", Algorithm::EdDsa, b"head")?;
//! public.verify(Algorithm::EdDsa, b"head", &signature)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod kept;
mod key_store;
mod os;
mod sealed;

pub use error::KeychainError;
pub use kept::KeyKind;
pub use key_store::KeyStore;
pub use os::{OsStore, Prompt};
pub use sealed::SealedStore;
