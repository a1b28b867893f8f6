use crypto::{Algorithm, Jwk, SigningKey};
use keychain::{KeyKind, KeyStore, KeychainError};
use types::Secret;

/// The key store with the names of this vault's entries.
pub(crate) struct Keys {
    store: KeyStore,
    vault: String,
}

impl Keys {
    /// The entries of this vault in a key store.
    pub(crate) fn new(store: KeyStore, vault: String) -> Self {
        Self { store, vault }
    }

    fn name(&self, entry: &str) -> String {
        format!("{}/{entry}", self.vault)
    }

    pub(crate) fn put(&self, entry: &str, secret: &Secret<[u8; 32]>) -> Result<(), KeychainError> {
        self.store.put(&self.name(entry), secret)
    }

    pub(crate) fn get(&self, entry: &str) -> Result<Secret<[u8; 32]>, KeychainError> {
        self.store.get(&self.name(entry))
    }

    pub(crate) fn delete(&self, entry: &str) -> Result<(), KeychainError> {
        self.store.delete(&self.name(entry))
    }

    pub(crate) fn make_key(&self, entry: &str, kind: KeyKind) -> Result<Jwk, KeychainError> {
        self.store.make_key(&self.name(entry), kind)
    }

    pub(crate) fn sign(&self, entry: &str, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeychainError> {
        self.store.sign(&self.name(entry), algorithm, message)
    }

    pub(crate) fn signer(&self, entry: &str) -> Result<SigningKey, KeychainError> {
        self.store.signer(&self.name(entry))
    }
}
