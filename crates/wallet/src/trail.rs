//! Writing and checking the trail. Its head is signed with a key of its own, and remembered in the key store, so that
//! an old copy of the vault is noticed.

use std::time::{Duration, Instant};

use audit::{Draft, Head, SignedHead};
use crypto::{Algorithm, SigningKey};
use keychain::KeychainError;
use types::Secret;
use vault::{Lasting, Writing};

use crate::error::WalletError;
use crate::now;
use crate::open::{Keys, Open};
use crate::views::TrailState;

/// Name of the trail's signing key in the key store.
const TRAIL_KEY: &str = "trail";
/// Name under which the newest hash is remembered.
const TRAIL_HEAD: &str = "trail-head";
/// Setting with the trail's public key.
const TRAIL_PUBLIC: &str = "trail.public";
/// Entries of answers are remembered outside the vault at most this late, while the vault is open.
const REMEMBER_EVERY: Duration = Duration::from_secs(4);

/// What signs the trail while the vault is open. Gone, and the key wiped, when it is locked.
#[derive(Default)]
pub(crate) struct Pen {
    key: Option<SigningKey>,
    /// When the head was last remembered outside the vault.
    remembered: Option<Instant>,
    /// Entries were written that are not remembered yet, nor on the disk for certain.
    behind: bool,
}

impl Pen {
    /// Writes an entry behind the newest one.
    pub(crate) fn write(&self, writing: &mut Writing<'_>, draft: Draft) -> Result<(), WalletError> {
        let key = self.key.as_ref().ok_or(WalletError::Keychain(KeychainError::NoEntry))?;
        let last = writing.audit_head()?.map_or_else(Head::start, |signed| signed.head);
        let entry = audit::append(&last, draft, now());
        let head = entry.head();
        let signature = key.sign(&head.message()).map_err(|_| WalletError::Keychain(KeychainError::Crypto))?;
        Ok(writing.append_audit(&entry, &SignedHead { head, signature })?)
    }

    /// Fetches the key when it is first needed.
    pub(crate) fn ready(&mut self, keys: &Keys) -> Result<(), WalletError> {
        if self.key.is_none() {
            self.key = Some(keys.signer(TRAIL_KEY)?);
        }
        Ok(())
    }

    /// Whether it is time to bring what was written onto the disk and remember the head.
    pub(crate) fn is_due(&self) -> bool {
        self.remembered.is_none_or(|at| at.elapsed() >= REMEMBER_EVERY)
    }

    /// Entries were written that are not remembered yet.
    pub(crate) fn wrote(&mut self) {
        self.behind = true;
    }
}

impl Open {
    /// Makes the trail's key.
    pub(crate) fn make_trail(&mut self) -> Result<(), WalletError> {
        let public = self.keys.make_key(TRAIL_KEY, keychain::KeyKind::Ed25519)?;
        let text = serde_json::to_string(&public).map_err(|e| WalletError::Disk(e.into()))?;
        Ok(self.vault.set_setting(TRAIL_PUBLIC, &text)?)
    }

    /// Writes an entry. What it records is done only when this succeeded.
    pub(crate) fn record(&mut self, draft: Draft) -> Result<(), WalletError> {
        self.record_with(draft, |_| Ok(()))
    }

    /// The same together with what it records: both or nothing.
    pub(crate) fn record_with(
        &mut self,
        draft: Draft,
        work: impl FnOnce(&mut Writing<'_>) -> Result<(), WalletError>,
    ) -> Result<(), WalletError> {
        self.pen.ready(&self.keys)?;
        let mut writing = self.vault.write(Lasting::Settled)?;
        work(&mut writing)?;
        self.pen.write(&mut writing, draft)?;
        writing.commit()?;
        self.remember()
    }

    /// The same, about the person shown.
    pub(crate) fn record_about(&mut self, action: audit::Action, subject: Option<&str>) -> Result<(), WalletError> {
        let draft =
            Draft { person: Some(self.current.clone()), subject: subject.map(str::to_owned), ..Draft::done(action) };
        self.record(draft)
    }

    /// Remembers the newest head outside the vault. It must be on the disk already: a head that a power cut takes back
    /// would make the trail look rolled back.
    pub(crate) fn remember(&mut self) -> Result<(), WalletError> {
        if let Some(signed) = self.vault.audit_head()? {
            // Where what is remembered is not in the trail, this is not the trail that was seen last. It stays
            // remembered: else the first entry after an old copy was put back would make it look whole. Another process
            // may have remembered an entry that is not the last: any entry will do.
            let is_of_this_trail = match self.remembered()? {
                Some(hash) => self.vault.has_entry(&hash)?,
                None => true,
            };
            if is_of_this_trail {
                self.keys.put(TRAIL_HEAD, &Secret::new(signed.head.hash))?;
            }
        }
        self.pen.remembered = Some(Instant::now());
        self.pen.behind = false;
        Ok(())
    }

    /// Brings entries that were only logged onto the disk, and remembers the head.
    pub(crate) fn settle_trail(&mut self) -> Result<(), WalletError> {
        if !self.pen.behind {
            return Ok(());
        }
        self.vault.settle()?;
        self.remember()
    }

    /// The same once it is time.
    pub(crate) fn settle_trail_in_time(&mut self) -> Result<(), WalletError> {
        if self.pen.is_due() { self.settle_trail() } else { Ok(()) }
    }

    /// The newest signed head.
    pub(crate) fn trail_head(&self) -> Result<Option<SignedHead>, WalletError> {
        Ok(self.vault.audit_head()?)
    }

    /// The public half of the trail's key.
    pub(crate) fn trail_public(&self) -> Result<Option<crypto::Jwk>, WalletError> {
        let Some(text) = self.vault.setting(TRAIL_PUBLIC)? else { return Ok(None) };
        Ok(serde_json::from_str(&text).ok().and_then(|value| crypto::Jwk::parse(&value).ok()))
    }

    /// Reads the whole trail and looks whether it is unbroken.
    pub(crate) fn trail_state(&self) -> Result<TrailState, WalletError> {
        let entries = self.vault.audit_entries()?;
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let signed = self.vault.audit_head()?;
        let broken = |at: u64| TrailState { entries: count, broken_at: Some(u32::try_from(at).unwrap_or(u32::MAX)) };
        let key = self.trail_public()?.and_then(|jwk| jwk.verifying_key(Algorithm::EdDsa).ok());
        let Some(key) = key else { return Ok(broken(1)) };
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
            Err(KeychainError::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
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
