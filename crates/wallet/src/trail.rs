//! Writing and checking the trail. Its head is signed with a key of its own, and remembered in the key store, so that
//! an old copy of the vault is noticed.

use audit::{Draft, Head, SignedHead};
use crypto::Algorithm;
use types::Secret;

use crate::error::WalletError;
use crate::now;
use crate::open::Open;
use crate::views::TrailState;

/// Name of the trail's signing key in the key store.
const TRAIL_KEY: &str = "trail";
/// Name under which the newest hash is remembered.
const TRAIL_HEAD: &str = "trail-head";
/// Setting with the trail's public key.
const TRAIL_PUBLIC: &str = "trail.public";
/// Tries when another process writes at the same time.
const TRIES: u8 = 5;

impl Open {
    /// Makes the trail's key.
    pub(crate) fn make_trail(&mut self) -> Result<(), WalletError> {
        let public = self.keys.make_key(TRAIL_KEY, keychain::KeyKind::Ed25519)?;
        let text = serde_json::to_string(&public).map_err(|e| WalletError::Disk(e.into()))?;
        Ok(self.vault.set_setting(TRAIL_PUBLIC, &text)?)
    }

    /// Writes an entry. What it records is done only when this succeeded.
    pub(crate) fn record(&mut self, draft: Draft) -> Result<(), WalletError> {
        for _ in 0..TRIES {
            let last = self.vault.audit_head()?.map_or_else(Head::start, |signed| signed.head);
            let entry = audit::append(&last, draft.clone(), now());
            let head = entry.head();
            let signature = self.keys.sign(TRAIL_KEY, Algorithm::EdDsa, &head.message())?;
            let signed = SignedHead { head, signature };
            match self.vault.append_audit(&entry, &signed) {
                Err(vault::VaultError::Conflict) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => {
                    self.keys.put(TRAIL_HEAD, &Secret::new(signed.head.hash))?;
                    return Ok(());
                }
            }
        }
        Err(WalletError::Vault(vault::VaultError::InUse))
    }

    /// The same, about the person shown.
    pub(crate) fn record_about(&mut self, action: audit::Action, subject: Option<&str>) -> Result<(), WalletError> {
        let draft =
            Draft { person: Some(self.current.clone()), subject: subject.map(str::to_owned), ..Draft::done(action) };
        self.record(draft)
    }

    /// Reads the whole trail and looks whether it is unbroken.
    pub(crate) fn trail_state(&self) -> Result<TrailState, WalletError> {
        let entries = self.vault.audit_entries()?;
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let signed = self.vault.audit_head()?;
        let broken = |at: u64| TrailState { entries: count, broken_at: Some(u32::try_from(at).unwrap_or(u32::MAX)) };
        let Some(key) = self.trail_key()? else { return Ok(broken(1)) };
        let remembered = match self.keys.get(TRAIL_HEAD) {
            Ok(hash) => Some(*hash.expose()),
            Err(keychain::KeychainError::NoEntry) => None,
            Err(error) => return Err(error.into()),
        };
        // The remembered hash must be that of an entry: else the trail is older than what was seen, or another one.
        let remembered_at = |hash: [u8; 32]| entries.iter().find(|e| e.hash == hash).map(|e| e.head());
        let head = match remembered {
            Some(hash) => match remembered_at(hash) {
                Some(head) => Some(head),
                None => return Ok(broken(u64::from(count) + 1)),
            },
            None => None,
        };
        Ok(match audit::verify(entries, signed.as_ref(), &key, head.as_ref()) {
            Ok(_) => TrailState { entries: count, broken_at: None },
            Err(found) => broken(found.at_seq),
        })
    }

    fn trail_key(&self) -> Result<Option<crypto::VerifyingKey>, WalletError> {
        let Some(text) = self.vault.setting(TRAIL_PUBLIC)? else { return Ok(None) };
        let jwk = serde_json::from_str(&text).ok().and_then(|value| crypto::Jwk::parse(&value).ok());
        Ok(jwk.and_then(|jwk| jwk.verifying_key(Algorithm::EdDsa).ok()))
    }
}
