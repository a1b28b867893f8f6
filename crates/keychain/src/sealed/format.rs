//! The bytes of a sealed file, version 1:
//!
//! ```text
//! "SATCHKEY" 1 | memory passes lanes (u32) | salt (16) | generation (u64) | check (16) | SHA-256 of all before (32)
//! | AES-256-GCM over {"name": "key", …}, bound to all before
//! ```
//!
//! The plain hash tells a damaged header from a wrong passphrase; the check tells a wrong passphrase from a damaged
//! body. Numbers are big-endian.

use crypto::PassphraseCost;
use types::Secret;
use zeroize::Zeroizing;

use super::Entries;
use crate::KeychainError;

/// Largest file that is read: room for thousands of keys.
pub(super) const MOST_BYTES: u64 = 1024 * 1024;

const MAGIC: &[u8; 8] = b"SATCHKEY";
const VERSION: u8 = 1;
const CHECK_LABEL: &[u8] = b"satchel sealed keys check v1";
const HASH_LEN: usize = 32;
/// Least cost that is accepted (OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes).
const LEAST_MEMORY_KIB: u32 = 19 * 1024;
const LEAST_PASSES: u32 = 2;

/// All before the sealed body.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) cost: PassphraseCost,
    pub(super) salt: [u8; 16],
    pub(super) generation: u64,
    check: [u8; 16],
}

impl Header {
    /// A header with a new salt, and the key it stands for.
    pub(super) fn new(passphrase: &Secret<String>, generation: u64) -> Result<(Self, Secret<[u8; 32]>), KeychainError> {
        let mut header = Self { cost: PassphraseCost::default(), salt: crypto::random()?, generation, check: [0; 16] };
        let key = header.stretch(passphrase)?;
        header.check = header.check_of(&key);
        Ok((header, key))
    }

    /// The same salt and key, one generation later.
    pub(super) fn next(&self, key: &Secret<[u8; 32]>) -> Self {
        let mut next = self.clone();
        next.generation = next.generation.saturating_add(1);
        next.check = next.check_of(key);
        next
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, KeychainError> {
        let mut rest = bytes;
        if take::<8>(&mut rest)? != MAGIC {
            return Err(KeychainError::Damaged);
        }
        match take::<1>(&mut rest)? {
            [VERSION] => {}
            [version] if *version > VERSION => return Err(KeychainError::Newer),
            _ => return Err(KeychainError::Damaged),
        }
        let cost = PassphraseCost {
            memory_kib: u32::from_be_bytes(*take(&mut rest)?),
            passes: u32::from_be_bytes(*take(&mut rest)?),
            lanes: u32::from_be_bytes(*take(&mut rest)?),
        };
        let salt = *take(&mut rest)?;
        let generation = u64::from_be_bytes(*take(&mut rest)?);
        let check = *take(&mut rest)?;
        let header = Self { cost, salt, generation, check };
        let hash: &[u8; HASH_LEN] = take(&mut rest)?;
        let weak = cost.memory_kib < LEAST_MEMORY_KIB || cost.passes < LEAST_PASSES;
        if weak || hash != &crypto::sha256(&header.plain()) {
            return Err(KeychainError::Damaged);
        }
        Ok(header)
    }

    /// The key that the passphrase stands for.
    pub(super) fn derive(&self, passphrase: &Secret<String>) -> Result<Secret<[u8; 32]>, KeychainError> {
        let key = self.stretch(passphrase)?;
        let right = crypto::constant_time_eq(&self.check, &self.check_of(&key));
        if right { Ok(key) } else { Err(KeychainError::PassphraseWrong) }
    }

    pub(super) fn seal(&self, key: &Secret<[u8; 32]>, entries: &Entries) -> Result<Vec<u8>, KeychainError> {
        let plain = write_entries(entries)?;
        let mut bytes = self.whole();
        let body = crypto::seal(key, &bytes, &plain).map_err(|_| KeychainError::Crypto)?;
        bytes.extend_from_slice(&body);
        Ok(bytes)
    }

    pub(super) fn open(&self, key: &Secret<[u8; 32]>, bytes: &[u8]) -> Result<Entries, KeychainError> {
        let before = self.whole();
        let body = bytes.get(before.len()..).ok_or(KeychainError::Damaged)?;
        let plain = Zeroizing::new(crypto::open(key, &before, body).map_err(|_| KeychainError::Damaged)?);
        read_entries(&plain)
    }

    fn stretch(&self, passphrase: &Secret<String>) -> Result<Secret<[u8; 32]>, KeychainError> {
        // A cost beyond the bounds was not written here.
        crypto::argon2id(passphrase, &self.salt, self.cost).map_err(|_| KeychainError::Damaged)
    }

    fn check_of(&self, key: &Secret<[u8; 32]>) -> [u8; 16] {
        let mut check = [0; 16];
        check.iter_mut().zip(crypto::hmac_sha256(key.expose(), CHECK_LABEL)).for_each(|(to, from)| *to = from);
        check
    }

    fn plain(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        for number in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.generation.to_be_bytes());
        bytes.extend_from_slice(&self.check);
        bytes
    }

    fn whole(&self) -> Vec<u8> {
        let mut bytes = self.plain();
        let hash = crypto::sha256(&bytes);
        bytes.extend_from_slice(&hash);
        bytes
    }
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Result<&'a [u8; N], KeychainError> {
    let (taken, left) = rest.split_first_chunk::<N>().ok_or(KeychainError::Damaged)?;
    *rest = left;
    Ok(taken)
}

fn write_entries(entries: &Entries) -> Result<Zeroizing<Vec<u8>>, KeychainError> {
    let room = entries.iter().map(|(name, text)| 2 * name.len() + text.len() + 16).sum::<usize>() + 16;
    let mut plain = Zeroizing::new(Vec::with_capacity(room));
    let pairs: std::collections::BTreeMap<&str, &str> =
        entries.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    serde_json::to_writer(&mut *plain, &pairs).map_err(|_| KeychainError::Crypto)?;
    Ok(plain)
}

fn read_entries(plain: &[u8]) -> Result<Entries, KeychainError> {
    let pairs: std::collections::BTreeMap<String, String> =
        serde_json::from_slice(plain).map_err(|_| KeychainError::Damaged)?;
    Ok(pairs.into_iter().map(|(name, text)| (name, Zeroizing::new(text))).collect())
}
