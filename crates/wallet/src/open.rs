//! First run, lock and unlock: the vault with its keys.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use audit::{Action, Draft};
use keychain::{KeyStore, KeychainError, SealedStore};
use serde::{Deserialize, Serialize};
use types::{PersonId, Secret};
use vault::{Person, Vault};

use crate::answers::Exports;
use crate::authority::Authority;
use crate::error::{InputError, WalletError};
use crate::folder::{Files, make_private, write_whole};
use crate::people::{CURRENT, checked_date, checked_name, relation_code};
use crate::served::{Served, Shown};
use crate::trail::Pen;
use crate::views::{DidMethod, LockReason, Locked, Protection, Relation, Status, VaultState};
use crate::{Wallet, look, now};

mod entries;

pub(crate) use entries::Keys;

/// Name of the vault's key in the key store.
const VAULT_KEY: &str = "vault";
/// Fewest characters of a passphrase.
const MIN_PASSPHRASE: usize = 12;
/// Wrong passphrases that cost no wait.
const FREE_TRIES: u32 = 3;
/// Longest wait after a wrong passphrase.
const MAX_WAIT_SECONDS: i64 = 300;

/// How the key of a new vault is to be kept.
#[derive(Debug)]
pub enum NewProtection {
    /// In the operating system's key store.
    Keychain,
    /// Sealed under this passphrase.
    Passphrase(Secret<String>),
}

/// Whether the vault is open in this process.
pub(crate) enum State {
    Closed(Closed),
    Open(Box<Open>),
}

pub(crate) struct Closed {
    locked: Locked,
    wrong_tries: u32,
    /// Second before which no passphrase is tried.
    not_before: i64,
    /// The fault of the key store at the last try.
    fault: Option<crate::views::KeychainFault>,
}

/// The open vault and its keys. Dropping it closes the file and wipes the keys.
pub(crate) struct Open {
    pub(crate) vault: Vault,
    pub(crate) keys: Keys,
    pub(crate) current: PersonId,
    /// The owner's own view of the person shown, once it was asked.
    pub(crate) own: Option<Served>,
    /// What signs the trail.
    pub(crate) pen: Pen,
    /// The authorization server, once it was needed.
    pub(crate) authority: Authority,
    /// The views that third parties are answered from.
    pub(crate) shown: Arc<Shown>,
    /// Exports that can be fetched from.
    pub(crate) exports: Exports,
}

impl Open {
    fn new(vault: Vault, keys: Keys, current: PersonId) -> Self {
        let (pen, authority, shown, exports) =
            (Pen::default(), Authority::default(), Arc::default(), Exports::default());
        Self { vault, keys, current, own: None, pen, authority, shown, exports }
    }
}

/// Names the vault without opening it. Holds nothing secret.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VaultCard {
    /// Version of this file.
    version: u32,
    /// Names the vault's entries in the key store.
    id: String,
    /// How its key is kept.
    protection: Protection,
}

impl State {
    pub(crate) fn closed() -> Self {
        Self::because(None, LockReason::Started)
    }

    fn because(at: Option<String>, reason: LockReason) -> Self {
        Self::Closed(Closed { locked: Locked { at, reason }, wrong_tries: 0, not_before: 0, fault: None })
    }
}

impl Wallet {
    /// Where the wallet stands.
    pub async fn status(&self) -> Status {
        let wallet = self.clone();
        let status = self.aside(move || Ok(wallet.status_now())).await;
        status.unwrap_or_else(|_| self.blank(VaultState::Locked))
    }

    /// First run: makes the vault, its key, the trail's key, the owner and their first DID (Ed25519, did:key).
    /// Interrupted, it leaves no vault.
    pub async fn make(
        &self,
        name: String,
        birth_date: Option<String>,
        protection: NewProtection,
    ) -> Result<Status, WalletError> {
        let name = checked_name(&name)?;
        let birth_date = checked_date(birth_date)?;
        let wallet = self.clone();
        self.aside(move || {
            let mut state = wallet.state();
            let folder = wallet.files().vault();
            if folder.exists() {
                return Err(WalletError::AlreadyMade);
            }
            let growing = wallet.files().root.join(format!("making-{}", hex(crypto::random::<8>()?)));
            make_private(&growing).map_err(WalletError::Disk)?;
            let made = grow(&growing, name, birth_date, protection)
                .and_then(|()| std::fs::rename(&growing, &folder).map_err(WalletError::Disk));
            if made.is_err() {
                // The failure is what is told; what is left of the try holds nothing of anybody.
                let _ = std::fs::remove_dir_all(&growing);
            }
            made?;
            *state = State::because(None, LockReason::Started);
            Ok(())
        })
        .await?;
        Ok(self.status().await)
    }

    /// Opens the vault: with the key from the key store, or with the passphrase.
    pub async fn unlock(&self, passphrase: Option<Secret<String>>) -> Result<Status, WalletError> {
        let wallet = self.clone();
        self.aside(move || {
            let mut state = wallet.state();
            let State::Closed(closed) = &mut *state else { return Ok(()) };
            let wait = closed.not_before.saturating_sub(now().as_second()).min(MAX_WAIT_SECONDS);
            if wait > 0 {
                return Err(WalletError::Wait { seconds: u32::try_from(wait).unwrap_or(0) });
            }
            match open(wallet.files(), passphrase) {
                Ok(open) => {
                    remove(&wallet.files().locked())?;
                    *state = State::Open(Box::new(open));
                    wallet.shared.is_open.store(true, Ordering::SeqCst);
                    drop(state);
                    wallet.touch();
                    wallet.watch();
                    Ok(())
                }
                Err(error) => {
                    closed.fault = error.fault();
                    if matches!(error, WalletError::Keychain(KeychainError::PassphraseWrong)) {
                        closed.wrong_tries += 1;
                        closed.not_before = now().as_second() + wait_after(closed.wrong_tries);
                    }
                    Err(error)
                }
            }
        })
        .await?;
        Ok(self.status().await)
    }

    /// Closes the vault here, and in every other process that has it open.
    pub async fn lock(&self) -> Result<Status, WalletError> {
        let wallet = self.clone();
        self.aside(move || {
            if !wallet.files().vault().exists() {
                return Err(WalletError::Absent);
            }
            write_whole(&wallet.files().locked(), b"{}\n").map_err(WalletError::Disk)?;
            wallet.close_because(LockReason::Asked);
            Ok(())
        })
        .await?;
        Ok(self.status().await)
    }

    /// Whether the owner locked the wallet in every process (`satchel lock`).
    pub fn is_locked_everywhere(&self) -> bool {
        self.files().locked().exists()
    }

    /// Closes the vault because the program ends; the next start opens it as usual.
    pub fn close(&self) {
        self.close_because(LockReason::Started);
    }

    /// Runs what needs the open vault, aside from the async threads, one at a time.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Open) -> Result<T, WalletError> + Send + 'static,
    ) -> Result<T, WalletError> {
        let wallet = self.clone();
        self.aside(move || wallet.with_now(work)).await
    }

    /// The same, on a thread that may block.
    pub(crate) fn with_now<T>(&self, work: impl FnOnce(&mut Open) -> Result<T, WalletError>) -> Result<T, WalletError> {
        let mut state = self.state();
        match &mut *state {
            State::Open(open) => work(open),
            State::Closed(_) if self.files().vault().exists() => Err(WalletError::Locked),
            State::Closed(_) => Err(WalletError::Absent),
        }
    }

    /// Answers at once, also while a pull stores what came.
    pub(crate) fn is_open(&self) -> bool {
        self.shared.is_open.load(Ordering::SeqCst)
    }

    pub(crate) fn close_because(&self, reason: LockReason) {
        let mut state = self.state();
        let at = now().to_string();
        self.shared.is_open.store(false, Ordering::SeqCst);
        if let State::Open(mut open) = std::mem::replace(&mut *state, State::because(Some(at), reason)) {
            let told = open.rest_authority().and_then(|()| open.record(Draft::done(Action::Locked)));
            if let Err(error) = told {
                tracing::warn!(code = error.code(), "the lock was not written to the trail");
            }
            if let Err(error) = open.vault.close() {
                tracing::warn!(%error, "the vault file did not close cleanly");
            }
        }
    }

    /// The state; a thread that panicked while holding it leaves it closed or open, never half.
    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.awaiting.fetch_add(1, Ordering::SeqCst);
        let state = self.shared.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.shared.awaiting.fetch_sub(1, Ordering::SeqCst);
        state
    }

    /// Whether somebody waits for the vault: who works with it again and again lets them go first.
    pub(crate) fn is_awaited(&self) -> bool {
        self.shared.awaiting.load(Ordering::SeqCst) > 0
    }

    fn blank(&self, state: VaultState) -> Status {
        Status {
            state,
            protection: card(&self.files().vault()).ok().map(|c| c.protection),
            fault: None,
            locked: None,
            people: Vec::new(),
            current: None,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            look: look::read(self.files()),
        }
    }

    fn status_now(&self) -> Status {
        let state = self.state();
        match &*state {
            State::Open(open) => Status {
                people: open.people().unwrap_or_default(),
                current: Some(open.current.to_string()),
                ..self.blank(VaultState::Open)
            },
            State::Closed(_) if !self.files().vault().exists() => self.blank(VaultState::Absent),
            State::Closed(closed) => Status {
                fault: closed.fault.clone(),
                locked: Some(closed.locked.clone()),
                ..self.blank(if closed.fault.is_some() { VaultState::KeychainProblem } else { VaultState::Locked })
            },
        }
    }
}

/// Everything a new vault needs, in a folder of its own.
fn grow(folder: &Path, name: String, birth_date: Option<String>, protection: NewProtection) -> Result<(), WalletError> {
    let id = hex(crypto::random::<16>()?);
    let (kept, store) = match protection {
        NewProtection::Keychain => (Protection::Keychain, KeyStore::os()?),
        NewProtection::Passphrase(passphrase) => {
            if passphrase.expose().chars().count() < MIN_PASSPHRASE {
                return Err(InputError::PassphraseTooShort.into());
            }
            (Protection::Passphrase, KeyStore::Sealed(SealedStore::create(&sealed(folder), &passphrase)?))
        }
    };
    let keys = Keys::new(store, id.clone());
    let key = Secret::new(crypto::random::<32>()?);
    keys.put(VAULT_KEY, &key)?;
    let vault = Vault::create(&database(folder), &key)?;
    let person = PersonId::from_random(crypto::random()?);
    let mut open = Open::new(vault, keys, person.clone());
    open.make_trail()?;
    open.vault.add_person(&Person {
        id: person.clone(),
        name,
        relation: relation_code(&Relation::Me).into(),
        birth_date,
        created: now(),
    })?;
    open.vault.set_setting(CURRENT, person.as_str())?;
    open.record(Draft::done(Action::VaultMade))?;
    // The name of the first key is not a word of any language: the window shows its own for it.
    open.make_did("1", &DidMethod::Key)?;
    open.vault.close()?;
    let card = VaultCard { version: 1, id, protection: kept };
    let text = serde_json::to_vec_pretty(&card).map_err(|e| WalletError::Disk(e.into()))?;
    write_whole(&folder.join("vault.json"), &text).map_err(WalletError::Disk)
}

fn open(files: &Files, passphrase: Option<Secret<String>>) -> Result<Open, WalletError> {
    let folder = files.vault();
    let card = card(&folder)?;
    let store = match (&card.protection, passphrase) {
        (Protection::Keychain, _) => KeyStore::os()?,
        (Protection::Passphrase, Some(passphrase)) => {
            KeyStore::Sealed(SealedStore::open(&sealed(&folder), &passphrase)?)
        }
        (Protection::Passphrase, None) => return Err(InputError::PassphraseMissing.into()),
    };
    let keys = Keys::new(store, card.id.clone());
    let key = keys.get(VAULT_KEY)?;
    let vault = Vault::open(&database(&folder), &key)?;
    let people = vault.people()?;
    let stored = vault.setting(CURRENT)?;
    let current = people
        .iter()
        .find(|p| Some(p.id.as_str()) == stored.as_deref())
        .or(people.first())
        .map(|p| p.id.clone())
        .ok_or(WalletError::Open(vault::OpenError::Damaged))?;
    let mut open = Open::new(vault, keys, current);
    open.record(Draft::done(Action::Unlocked))?;
    Ok(open)
}

fn card(folder: &Path) -> Result<VaultCard, WalletError> {
    if !folder.exists() {
        return Err(WalletError::Absent);
    }
    let bytes = std::fs::read(folder.join("vault.json")).map_err(WalletError::Disk)?;
    serde_json::from_slice(&bytes).map_err(|_| WalletError::Open(vault::OpenError::Damaged))
}

fn database(folder: &Path) -> PathBuf {
    folder.join("satchel.db")
}

fn sealed(folder: &Path) -> PathBuf {
    folder.join("keys.sealed")
}

/// Seconds to wait after so many wrong passphrases: none for the first, then doubling to five minutes.
fn wait_after(wrong_tries: u32) -> i64 {
    match wrong_tries.checked_sub(FREE_TRIES) {
        None | Some(0) => 0,
        Some(more) => 2_i64.saturating_pow(more.min(16)).min(MAX_WAIT_SECONDS),
    }
}

fn remove(path: &Path) -> Result<(), WalletError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(WalletError::Disk(error)),
        _ => Ok(()),
    }
}

fn hex<const N: usize>(bytes: [u8; N]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
