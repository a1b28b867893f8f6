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
                    // Where what is remembered is not in the trail, this is not the trail that was seen last. It stays
                    // remembered: else the first entry after an old copy was put back would make it look whole.
                    if self.is_of_this_trail(self.remembered()?, last.hash)? {
                        self.keys.put(TRAIL_HEAD, &Secret::new(signed.head.hash))?;
                    }
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
        let remembered = self.remembered()?;
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

    /// The hash of the newest entry that was ever written here, as the key store has it.
    fn remembered(&self) -> Result<Option<[u8; 32]>, WalletError> {
        match self.keys.get(TRAIL_HEAD) {
            Ok(hash) => Ok(Some(*hash.expose())),
            Err(keychain::KeychainError::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Another process may have remembered an entry that is not the last: any entry will do.
    fn is_of_this_trail(&self, remembered: Option<[u8; 32]>, last: [u8; 32]) -> Result<bool, WalletError> {
        let Some(hash) = remembered.filter(|hash| *hash != last) else { return Ok(true) };
        Ok(self.vault.audit_entries()?.iter().any(|entry| entry.hash == hash))
    }

    fn trail_key(&self) -> Result<Option<crypto::VerifyingKey>, WalletError> {
        let Some(text) = self.vault.setting(TRAIL_PUBLIC)? else { return Ok(None) };
        let jwk = serde_json::from_str(&text).ok().and_then(|value| crypto::Jwk::parse(&value).ok());
        Ok(jwk.and_then(|jwk| jwk.verifying_key(Algorithm::EdDsa).ok()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{NewProtection, Setup, Wallet};
    use types::Secret;

    #[tokio::test]
    async fn an_old_copy_put_back_stays_noticed_whatever_is_written_after_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("satchel");
        let wallet = Wallet::new(Setup { folder: folder.clone(), open_browser: Box::new(|_| Ok(())) });
        let words = || Secret::new("four unusual quiet words".to_owned());
        wallet.make("Ana".into(), None, NewProtection::Passphrase(words())).await.unwrap();
        let file = folder.join("vault/satchel.db");
        let copy = home.path().join("copy");
        std::fs::copy(&file, &copy).unwrap();
        wallet.unlock(Some(words())).await.unwrap();
        assert_eq!(wallet.verify_trail().await.unwrap().broken_at, None);
        wallet.close();
        wallet.unlock(Some(words())).await.unwrap();
        assert_eq!(wallet.verify_trail().await.unwrap().broken_at, None, "a trail that goes on is whole");
        wallet.close();
        std::fs::copy(&copy, &file).unwrap();
        wallet.unlock(Some(words())).await.unwrap();
        assert!(wallet.verify_trail().await.unwrap().broken_at.is_some());
        wallet.add_person("Ben".into(), crate::views::Relation::Child, None).await.unwrap();
        assert!(wallet.verify_trail().await.unwrap().broken_at.is_some());
    }
}
