//! What a person does: open the vault, connect, bring in, read, hold and show cards, look back.
//!
//! One facade for the window and the command line. A call takes what the person said, does it through the crates
//! below, writes the trail, and returns a [`views`] value; texts are not its business. Calls are `async`; what blocks
//! (the vault, the key store) runs aside.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use wallet::{NewProtection, Setup, Wallet};
//! let wallet = Wallet::new(Setup { folder: wallet::folder()?, open_browser: Box::new(|_| Ok(())) });
//! wallet.make("Ines Calder".into(), None, NewProtection::Keychain).await?;
//! wallet.unlock(None).await?;
//! println!("{:?}", wallet.home().await?.everything);
//! # Ok(())
//! # }
//! ```

mod activity;
mod answers;
mod app_passwords;
mod authority;
mod auto_lock;
mod cards;
mod cards_offline;
mod clients;
mod connections;
mod consider;
mod contacts;
mod directory;
mod doctor;
mod documents;
mod draft;
mod error;
mod fhir_server;
mod folder;
#[cfg(fuzzing)]
pub mod foreign;
mod grants;
mod home;
mod inbox;
mod issuers;
mod keys;
mod launch;
mod look;
mod loopback;
mod mandates;
mod news;
mod open;
mod pairs;
mod people;
mod preview;
mod pull;
mod record;
mod records;
mod requests;
mod seen;
mod served;
mod service;
mod share;
mod sharing;
mod tokens;
mod trail;
pub mod views;
pub mod words;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

use url::Url;

pub use activity::TrailFormat;
pub use cards_offline::{OfflineCheck, OfflineKeys, OfflineKeysError};
pub use directory::DirectoryError;
pub use documents::DocumentFile;
pub use error::{CODES, InputError, WalletError};
pub use fhir_server::{FhirAnswer, FhirRequest};
pub use folder::folder;
pub use grants::ConsentFor;
pub use launch::LaunchError;
pub use mandates::{MandateError, MandateFrom};
pub use open::NewProtection;
pub use pairs::{Compared, MeetError, ServerAddress};
pub use pull::PullError;
pub use requests::{Approval, Until};
pub use service::{Beyond, ServiceError, ServiceSetting};

use folder::Files;
use open::State;

/// Opens an address in the system's browser.
pub type OpenBrowser = Box<dyn Fn(&Url) -> std::io::Result<()> + Send + Sync>;

/// What the shell brings.
pub struct Setup {
    /// The wallet's folder.
    pub folder: PathBuf,
    /// How an address is opened in the system's browser.
    pub open_browser: OpenBrowser,
}

/// The wallet. Clones share it.
#[derive(Clone)]
pub struct Wallet {
    shared: Arc<Shared>,
}

struct Shared {
    files: Files,
    open_browser: OpenBrowser,
    fetch: fetch::Fetch,
    /// For addresses that others name.
    foreign: fetch::Fetch,
    state: Mutex<State>,
    /// Whether `state` is open, for those who must not wait while somebody works with it.
    is_open: AtomicBool,
    /// How many wait for `state`.
    awaiting: AtomicUsize,
    clock: auto_lock::IdleClock,
    launches: launch::Launches,
    pulls: pull::Pulls,
    /// Held while a token is renewed.
    renewing: tokio::sync::Mutex<()>,
    /// The door that others come through.
    service: service::Service,
    /// Parts of cards that wait for the others.
    card_parts: Mutex<Vec<String>>,
}

impl Wallet {
    /// Sets the wallet up over its folder; opens nothing.
    pub fn new(setup: Setup) -> Self {
        let policy = fetch::Policy::new(env!("CARGO_PKG_VERSION"));
        Self {
            shared: Arc::new(Shared {
                files: Files { root: setup.folder },
                open_browser: setup.open_browser,
                fetch: fetch::Fetch::new(policy),
                foreign: fetch::Fetch::new(fetch::Policy::new(env!("CARGO_PKG_VERSION"))),
                state: Mutex::new(State::closed()),
                is_open: AtomicBool::new(false),
                awaiting: AtomicUsize::new(0),
                clock: auto_lock::IdleClock::new(),
                launches: launch::Launches::default(),
                pulls: pull::Pulls::default(),
                renewing: tokio::sync::Mutex::new(()),
                service: service::Service::default(),
                card_parts: Mutex::new(Vec::new()),
            }),
        }
    }

    pub(crate) fn files(&self) -> &Files {
        &self.shared.files
    }

    pub(crate) fn fetch(&self) -> &fetch::Fetch {
        &self.shared.fetch
    }

    /// For addresses that others name: it reaches no private address, whatever the owner allowed for their own systems.
    pub(crate) fn foreign(&self) -> &fetch::Fetch {
        &self.shared.foreign
    }

    /// Runs what blocks (disk, key store, key derivation) aside from the async threads.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, WalletError> + Send + 'static,
    ) -> Result<T, WalletError> {
        tokio::task::spawn_blocking(work).await.map_err(|_| WalletError::Interrupted)?
    }
}

/// The moment, read in one place.
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
