use crypto::{Algorithm, Jwk, SigningKey};
use types::Secret;
use zeroize::Zeroizing;

use crate::kept::Kept;
use crate::{KeyKind, KeychainError, OsStore, SealedStore};

/// The place where keys lie. Names are the caller's, ASCII, and carry the id of the vault they belong to.
#[derive(Debug)]
pub enum KeyStore {
    /// The operating system's key store.
    Os(OsStore),
    /// A file sealed under a passphrase.
    Sealed(SealedStore),
}

impl KeyStore {
    /// The operating system's key store, when one answers on this computer. Asks for nothing and unlocks nothing.
    ///
    /// # Errors
    /// [`KeychainError::Missing`] or [`KeychainError::Timeout`].
    pub fn os() -> Result<Self, KeychainError> {
        let store = OsStore::default();
        store.probe()?;
        Ok(Self::Os(store))
    }

    /// Keeps 32 raw bytes under `name`, in place of older ones.
    ///
    /// # Errors
    /// [`KeychainError::WrongKind`] when a signing key has this name; else what the store said.
    pub fn put(&self, name: &str, secret: &Secret<[u8; 32]>) -> Result<(), KeychainError> {
        match self.load(name) {
            Ok(Kept::Raw(_)) | Err(KeychainError::NoEntry) => {}
            Ok(_) => return Err(KeychainError::WrongKind),
            Err(error) => return Err(error),
        }
        self.write(name, &Kept::Raw(Secret::new(*secret.expose())).to_text())
    }

    /// The raw bytes under `name`.
    ///
    /// # Errors
    /// [`KeychainError::NoEntry`]; [`KeychainError::WrongKind`] for a signing key, which is never handed out.
    pub fn get(&self, name: &str) -> Result<Secret<[u8; 32]>, KeychainError> {
        match self.load(name)? {
            Kept::Raw(secret) => Ok(secret),
            _ => Err(KeychainError::WrongKind),
        }
    }

    /// Takes away the key under `name`, of whatever kind.
    ///
    /// # Errors
    /// [`KeychainError::NoEntry`] when there is none; else what the store said.
    pub fn delete(&self, name: &str) -> Result<(), KeychainError> {
        match self {
            Self::Os(store) => store.delete(name),
            Self::Sealed(store) => store.delete(name),
        }
    }

    /// Makes a signing key under `name` and gives its public half.
    ///
    /// # Errors
    /// [`KeychainError::Exists`] when the name is taken; the key there is left as it is.
    pub fn make_key(&self, name: &str, kind: KeyKind) -> Result<Jwk, KeychainError> {
        match self.read(name) {
            Err(KeychainError::NoEntry) => {}
            Ok(_) => return Err(KeychainError::Exists),
            Err(error) => return Err(error),
        }
        let kept = Kept::generate(kind)?;
        self.write(name, &kept.to_text())?;
        Ok(kept.signing_key()?.public_jwk())
    }

    /// The public half of the signing key under `name`.
    ///
    /// # Errors
    /// [`KeychainError::NoEntry`]; [`KeychainError::WrongKind`] for raw bytes.
    pub fn public(&self, name: &str) -> Result<Jwk, KeychainError> {
        Ok(self.load(name)?.signing_key()?.public_jwk())
    }

    /// Signs with the key under `name`, as JOSE writes signatures.
    ///
    /// # Errors
    /// [`KeychainError::WrongKind`] when the key does not sign with this algorithm.
    pub fn sign(&self, name: &str, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeychainError> {
        let key = self.load(name)?.signing_key()?;
        if key.algorithm() != algorithm {
            return Err(KeychainError::WrongKind);
        }
        key.sign(message).map_err(|_| KeychainError::Crypto)
    }

    /// The key under `name`, ready to sign often and fast. It gives nothing back but signatures; whoever holds it drops
    /// it when the vault is locked, which wipes it.
    ///
    /// # Errors
    /// [`KeychainError::NoEntry`]; [`KeychainError::WrongKind`] for raw bytes.
    pub fn signer(&self, name: &str) -> Result<SigningKey, KeychainError> {
        self.load(name)?.signing_key()
    }

    /// Copies the keys under these names into another store, for when the owner changes how they are kept. Nothing
    /// is taken away here; the caller deletes when all is done.
    ///
    /// # Errors
    /// The first one that happens; what was copied before it stays copied.
    pub fn copy_to(&self, names: &[&str], other: &Self) -> Result<(), KeychainError> {
        for name in names {
            let text = self.read(name)?;
            Kept::from_text(&text)?;
            other.write(name, &text)?;
        }
        Ok(())
    }

    fn load(&self, name: &str) -> Result<Kept, KeychainError> {
        Kept::from_text(&self.read(name)?)
    }

    fn read(&self, name: &str) -> Result<Zeroizing<String>, KeychainError> {
        match self {
            Self::Os(store) => store.read(name),
            Self::Sealed(store) => store.read(name),
        }
    }

    fn write(&self, name: &str, text: &str) -> Result<(), KeychainError> {
        match self {
            Self::Os(store) => store.write(name, text),
            Self::Sealed(store) => store.write(name, text),
        }
    }
}
