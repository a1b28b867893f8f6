//! The holder's DIDs: made, named, rotated, retired. Private keys stay in the key store.

use audit::Action;
use did::Did;
use jiff::Timestamp;
use types::DidId;
use vault::DidRow;

use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::people::checked_name;
use crate::views::{DidMethod, DidView};
use crate::{Wallet, now};

impl Wallet {
    /// The DIDs of the person shown, oldest first, retired ones included.
    pub async fn dids(&self) -> Result<Vec<DidView>, WalletError> {
        self.with(|open| open.did_views()).await
    }

    /// Makes a DID.
    pub async fn did_make(&self, name: String, method: DidMethod) -> Result<Vec<DidView>, WalletError> {
        let name = checked_name(&name)?;
        self.with(move |open| {
            let id = open.make_did(&name, &method)?;
            open.record_about(Action::KeyMade, Some(id.as_str()))?;
            open.did_views()
        })
        .await
    }

    /// Gives a DID another name.
    pub async fn did_rename(&self, id: &str, name: String) -> Result<Vec<DidView>, WalletError> {
        let name = checked_name(&name)?;
        let id = did_id(id)?;
        self.with(move |open| {
            open.vault.rename_did(&open.current, &id, &name)?;
            open.did_views()
        })
        .await
    }

    /// Replaces a DID by a new one of the same method and name; the old key is destroyed.
    pub async fn did_rotate(&self, id: &str) -> Result<Vec<DidView>, WalletError> {
        let id = did_id(id)?;
        self.with(move |open| {
            let old = open.vault.did(&open.current, &id)?;
            if old.retired.is_some() {
                return Err(InputError::UnknownId.into());
            }
            let new = open.make_did(&old.name, &method_of(&old))?;
            open.vault.retire_did(&open.current, &id, Some(&new), now())?;
            open.forget(&old)?;
            open.record_about(Action::KeyRotated, Some(new.as_str()))?;
            open.did_views()
        })
        .await
    }

    /// Retires a DID: its key is destroyed, its name stays in the list.
    pub async fn did_retire(&self, id: &str) -> Result<Vec<DidView>, WalletError> {
        let id = did_id(id)?;
        self.with(move |open| {
            let old = open.vault.did(&open.current, &id)?;
            open.vault.retire_did(&open.current, &id, None, now())?;
            open.forget(&old)?;
            open.record_about(Action::KeyRetired, Some(id.as_str()))?;
            open.did_views()
        })
        .await
    }
}

impl Open {
    /// Makes the key, then the row that names it: a key without a row is noise, a row without a key would be a lie.
    pub(crate) fn make_did(&mut self, name: &str, method: &DidMethod) -> Result<DidId, WalletError> {
        let id = DidId::from_random(crypto::random()?);
        let key_name = format!("did-{id}");
        let (kind, code) = match method {
            DidMethod::Key => (keychain::KeyKind::Ed25519, "key"),
            DidMethod::Jwk => (keychain::KeyKind::P256, "jwk"),
        };
        let public = self.keys.make_key(&key_name, kind)?;
        let did: Did = match method {
            DidMethod::Key => did::key_from_ed25519(&public)?,
            DidMethod::Jwk => did::jwk_from_p256(&public)?,
        };
        let row = DidRow {
            id: id.clone(),
            name: name.to_owned(),
            did: did.to_string(),
            method: code.to_owned(),
            key_name,
            public_jwk: serde_json::to_string(&public).map_err(|e| WalletError::Disk(e.into()))?,
            created: now(),
            retired: None,
            replaced_by: None,
        };
        self.vault.add_did(&self.current, &row)?;
        Ok(id)
    }

    fn forget(&self, old: &DidRow) -> Result<(), WalletError> {
        self.forget_key(&old.key_name)
    }

    fn did_views(&self) -> Result<Vec<DidView>, WalletError> {
        Ok(self.vault.dids(&self.current)?.into_iter().map(view).collect())
    }
}

fn did_id(text: &str) -> Result<DidId, InputError> {
    text.parse().map_err(|_| InputError::UnknownId)
}

fn method_of(row: &DidRow) -> DidMethod {
    if row.method == "jwk" { DidMethod::Jwk } else { DidMethod::Key }
}

fn view(row: DidRow) -> DidView {
    DidView {
        code: compare_code(&row.did),
        method: method_of(&row),
        id: row.id.into(),
        name: row.name,
        did: row.did,
        created: row.created.to_string(),
        retired: row.retired.map(|at: Timestamp| at.to_string()),
        replaced_by: row.replaced_by.map(String::from),
    }
}

/// Consonants that cannot be mistaken for one another, and from which no word arises.
const CONSONANTS: &[u8; 16] = b"BCDFGHJKLMNPRTVX";

/// A code to compare: three consonants, a hyphen, three digits, from the hash of the DID.
fn compare_code(did: &str) -> String {
    code_of_hash(&crypto::sha256(did.as_bytes()))
}

/// The code of a hash.
pub(crate) fn code_of_hash(hash: &[u8; 32]) -> String {
    let mut code = String::with_capacity(7);
    for byte in hash.iter().take(3) {
        code.push(char::from(CONSONANTS.get(usize::from(byte % 16)).copied().unwrap_or(b'B')));
    }
    let number = hash.iter().skip(3).take(4).fold(0_u32, |n, byte| n.wrapping_mul(256).wrapping_add(u32::from(*byte)));
    code.push_str(&format!("-{:03}", number % 1000));
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_to_compare_is_three_consonants_and_three_digits() {
        for did in ["did:key:a", "did:key:b", "did:jwk:c"] {
            let code = compare_code(did);
            let (letters, digits) = code.split_once('-').unwrap();
            assert!(letters.len() == 3 && letters.bytes().all(|b| CONSONANTS.contains(&b)), "{code}");
            assert!(digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()), "{code}");
            assert_eq!(code, compare_code(did));
        }
        assert_ne!(compare_code("did:key:a"), compare_code("did:key:b"));
    }
}
