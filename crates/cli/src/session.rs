use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use types::Secret;
use wallet::views::{Protection, VaultState};
use wallet::{Setup, Wallet, WalletError};

use crate::args::Global;
use crate::browser;
use crate::failure::Failure;
use crate::passphrase::Source;
use crate::shown::Shown;
use crate::words::Words;

/// One run of the program: the wallet over its folder, and how answers are wanted.
pub(crate) struct Session {
    pub(crate) wallet: Wallet,
    pub(crate) words: Words,
    pub(crate) source: Source,
    json: bool,
    browser: Arc<Browser>,
}

/// Whether and how the browser is used.
#[derive(Default)]
struct Browser {
    unwanted: AtomicBool,
    failed: AtomicBool,
}

impl Session {
    /// Sets up; opens nothing.
    pub(crate) fn new(global: &Global, words: Words) -> Result<Self, Failure> {
        let browser = Arc::new(Browser::default());
        let opener = Arc::clone(&browser);
        let setup = Setup {
            folder: wallet::folder().map_err(WalletError::Disk)?,
            // A browser that does not open ends no launch here: the address is said, and can be opened by hand.
            open_browser: Box::new(move |address| {
                if !opener.unwanted.load(Ordering::Relaxed) && browser::open_address(address).is_err() {
                    opener.failed.store(true, Ordering::Relaxed);
                }
                Ok(())
            }),
        };
        let source = match (&global.passphrase_file, global.passphrase_fd) {
            (Some(path), _) => Source::File(path.clone()),
            (None, Some(number)) => Source::Descriptor(number),
            (None, None) => Source::Keyboard,
        };
        Ok(Self { wallet: Wallet::new(setup), words, source, json: global.json, browser })
    }

    /// Opens the vault for this verb: silently by the key store, or with the passphrase. Not when the owner locked it.
    pub(crate) async fn open(&self) -> Result<(), Failure> {
        if self.wallet.is_locked_everywhere() {
            return Err(WalletError::Locked.into());
        }
        self.unlock().await
    }

    /// Opens the vault, also when the owner locked it.
    pub(crate) async fn unlock(&self) -> Result<(), Failure> {
        let status = self.wallet.status().await;
        let passphrase = match (status.state, status.protection) {
            (VaultState::Absent, _) => return Err(WalletError::Absent.into()),
            (VaultState::Open, _) => return Ok(()),
            (_, Some(Protection::Passphrase)) => Some(self.passphrase().await?),
            (_, Some(Protection::Keychain) | None) => None,
        };
        self.wallet.unlock(passphrase).await?;
        Ok(())
    }

    async fn passphrase(&self) -> Result<Secret<String>, Failure> {
        let (source, words) = (self.source.clone(), self.words);
        aside(move || Ok(source.passphrase(words)?)).await
    }

    /// The passphrase of a new wallet.
    pub(crate) async fn new_passphrase(&self) -> Result<Secret<String>, Failure> {
        let (source, words) = (self.source.clone(), self.words);
        aside(move || Ok(source.new_passphrase(words)?)).await
    }

    /// A view as the answer: itself as JSON, or the text made of it.
    pub(crate) fn show<T: Serialize>(
        &self,
        view: &T,
        text: impl FnOnce(Words, &T) -> String,
    ) -> Result<Shown, Failure> {
        if self.json { Shown::json(view) } else { Ok(Shown::text(text(self.words, view))) }
    }

    /// Whether JSON is wanted.
    pub(crate) fn wants_json(&self) -> bool {
        self.json
    }

    /// No browser is opened from here on; addresses are only said.
    pub(crate) fn do_without_browser(&self) {
        self.browser.unwanted.store(true, Ordering::Relaxed);
    }

    /// Whether the browser did not open, or was not to.
    pub(crate) fn browser_is_away(&self) -> bool {
        self.browser.unwanted.load(Ordering::Relaxed) || self.browser.failed.load(Ordering::Relaxed)
    }
}

/// Runs what blocks (files, the keyboard) aside from the async threads.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| WalletError::Interrupted)?
}
