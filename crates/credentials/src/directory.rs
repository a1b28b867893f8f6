//! Directories of issuers as the VCI publishes them: who stands behind an address, and by which keys.

use std::collections::HashMap;

use crypto::{Certificate, Jwk, Jwks};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::{KeySet, Standing};

/// A directory of issuers. Keys are found by issuer and `kid`, never by `kid` alone.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    taken: Option<Timestamp>,
    issuers: HashMap<String, Issuer>,
}

/// One issuer.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// `iss` of its cards.
    pub address: String,
    /// Its name.
    pub name: String,
    /// Its web site, for people.
    pub website: Option<String>,
    /// The address under which it is listed first, where it has several.
    pub canonical: Option<String>,
    /// Its keys at the time of the snapshot; empty in a plain list.
    pub keys: Jwks,
    /// Its lists of withdrawn cards at the time of the snapshot, each as JSON.
    pub lists: Vec<Value>,
    /// When its keys were fetched.
    pub fetched: Option<Timestamp>,
}

/// Why a file is not a directory that is used.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DirectoryError {
    /// More bytes than a directory has.
    #[error("the directory is larger than accepted")]
    TooLarge,
    /// Neither a list of issuers nor a snapshot.
    #[error("the file is not a directory of issuers")]
    Malformed,
    /// The certificate does not read.
    #[error("the certificate of the directory does not read")]
    Certificate,
    /// The signature is not the certificate's over these bytes.
    #[error("the directory was changed after it was signed")]
    Signature,
}

/// The published snapshot has one megabyte.
const MAX_BYTES: usize = 32 * 1024 * 1024;

#[derive(Deserialize)]
struct List {
    participating_issuers: Vec<Listed>,
}

#[derive(Deserialize)]
struct Snapshot {
    time: Timestamp,
    #[serde(rename = "issuerInfo")]
    issuers: Vec<Info>,
}

#[derive(Deserialize)]
struct Listed {
    iss: String,
    name: String,
    website: Option<String>,
    canonical_iss: Option<String>,
}

#[derive(Deserialize)]
struct Info {
    issuer: Listed,
    #[serde(default)]
    keys: Vec<Value>,
    #[serde(default)]
    crls: Vec<Value>,
    #[serde(rename = "lastRetrieved")]
    fetched: Option<Timestamp>,
}

impl Directory {
    /// Reads `vci-issuers.json` (names and addresses) or `vci_snapshot.json` (with keys), whichever it is.
    ///
    /// # Errors
    /// [`DirectoryError::TooLarge`], [`DirectoryError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DirectoryError> {
        if bytes.len() > MAX_BYTES {
            return Err(DirectoryError::TooLarge);
        }
        if let Ok(snapshot) = serde_json::from_slice::<Snapshot>(bytes) {
            let time = snapshot.time;
            let issuers = snapshot.issuers.into_iter().map(|info| info.issuer(time));
            return Ok(Self { taken: Some(time), issuers: issuers.map(|one| (one.address.clone(), one)).collect() });
        }
        let list: List = serde_json::from_slice(bytes).map_err(|_| DirectoryError::Malformed)?;
        let issuers = list.participating_issuers.into_iter().map(|one| one.issuer(Jwks::default()));
        Ok(Self { taken: None, issuers: issuers.map(|one| (one.address.clone(), one)).collect() })
    }

    /// Reads a snapshot that is signed (ECDSA, as `vci_snapshot.sig` is: P-521 with SHA-512, in DER).
    ///
    /// Whether the certificate (PEM) is the publisher's is for the caller to know.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn parse_signed(bytes: &[u8], signature: &[u8], certificate: &[u8]) -> Result<Self, DirectoryError> {
        if bytes.len() > MAX_BYTES {
            return Err(DirectoryError::TooLarge);
        }
        let certificate = Certificate::from_pem(certificate).map_err(|_| DirectoryError::Certificate)?;
        certificate.verify(bytes, signature).map_err(|_| DirectoryError::Signature)?;
        Self::parse(bytes)
    }

    /// When the snapshot was taken; `None` for a plain list.
    pub fn taken(&self) -> Option<Timestamp> {
        self.taken
    }

    /// How many issuers there are.
    pub fn len(&self) -> usize {
        self.issuers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.issuers.is_empty()
    }

    /// Every issuer, in no order.
    pub fn issuers(&self) -> impl Iterator<Item = &Issuer> {
        self.issuers.values()
    }

    /// The issuer at this exact address.
    pub fn issuer(&self, iss: &str) -> Option<&Issuer> {
        self.issuers.get(iss)
    }

    /// The key that this issuer has under this `kid`.
    pub fn key(&self, iss: &str, kid: &str) -> Option<&Jwk> {
        self.issuer(iss)?.keys.keys.iter().find(|key| key.kid() == Some(kid))
    }

    /// The issuer's keys, checked and ready to verify with; `None` where the directory has none of it.
    pub fn key_set(&self, iss: &str) -> Option<KeySet> {
        let issuer = self.issuer(iss)?;
        if issuer.keys.keys.is_empty() {
            return None;
        }
        Some(KeySet::new(iss, &issuer.keys, issuer.fetched.or(self.taken)?, Standing::Directory))
    }
}

impl Info {
    fn issuer(self, taken: Timestamp) -> Issuer {
        let keys = Jwks { keys: self.keys.iter().filter_map(|key| Jwk::parse(key).ok()).collect() };
        Issuer { lists: self.crls, fetched: Some(self.fetched.unwrap_or(taken)), ..self.issuer.issuer(keys) }
    }
}

impl Listed {
    fn issuer(self, keys: Jwks) -> Issuer {
        Issuer {
            address: self.iss,
            name: self.name,
            website: self.website,
            canonical: self.canonical_iss,
            keys,
            lists: Vec::new(),
            fetched: None,
        }
    }
}
