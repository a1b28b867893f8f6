//! A launch, from the address a person typed to a connection: discovery, browser, code, tokens, identity.

mod connect;
mod discover;
mod error;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;
use types::{ConnectionId, PersonId, ServerUrl};
use url::Url;

pub(crate) use discover::{Discovered, answer_of};
pub use error::LaunchError;

use crate::connections::connection_id;
use crate::error::{InputError, WalletError};
use crate::people::checked_name;
use crate::views::{Kind, LaunchStage, LaunchView};
use crate::{Wallet, now};

/// Launches of this process, by number.
#[derive(Default)]
pub(crate) struct Launches {
    last: AtomicU32,
    runs: Mutex<HashMap<u32, Arc<Run>>>,
}

/// One launch.
struct Run {
    view: Mutex<LaunchView>,
    ends: Mutex<Option<Timestamp>>,
    cancel: Notify,
    browser: Mutex<Option<Url>>,
}

/// What a launch is for.
struct Aim {
    person: PersonId,
    base: ServerUrl,
    name: Option<String>,
    client_id: Option<String>,
    /// The connection that is signed in again.
    again: Option<ConnectionId>,
}

impl Wallet {
    /// Begins a launch and returns at once; follow it with [`Wallet::launch_state`].
    pub async fn launch_start(&self, address: String, name: Option<String>) -> Result<LaunchView, WalletError> {
        self.launch_as(address, name, None).await
    }

    /// The same, for a system that gave its own `client_id`.
    pub async fn launch_as(
        &self,
        address: String,
        name: Option<String>,
        client_id: Option<String>,
    ) -> Result<LaunchView, WalletError> {
        let base = ServerUrl::parse(&address).map_err(InputError::Address)?;
        let name = name.map(|n| checked_name(&n)).transpose()?;
        let person = self.with(|open| Ok(open.current.clone())).await?;
        Ok(self.run_launch(Aim { person, base, name, client_id, again: None }))
    }

    /// Begins a launch for a connection that needs signing in again.
    pub async fn sign_in_again(&self, connection: &str) -> Result<LaunchView, WalletError> {
        let link = self.link(&connection_id(connection)?).await?;
        let person = self.with(|open| Ok(open.current.clone())).await?;
        let client_id = link.details.client_key.is_none().then_some(link.details.client_id);
        let aim = Aim { person, base: link.base, name: Some(link.row.name), client_id, again: Some(link.row.id) };
        Ok(self.run_launch(aim))
    }

    /// Where a launch stands.
    pub async fn launch_state(&self, id: u32) -> Result<LaunchView, WalletError> {
        Ok(self.launch(id)?.now())
    }

    /// Gives a launch up.
    pub async fn launch_cancel(&self, id: u32) -> Result<LaunchView, WalletError> {
        let run = self.launch(id)?;
        run.cancel.notify_one();
        run.change(|view| {
            if matches!(view.stage, LaunchStage::Discovering | LaunchStage::Waiting | LaunchStage::Exchanging) {
                view.stage = LaunchStage::Cancelled;
            }
        });
        Ok(run.now())
    }

    /// Opens the browser again for a launch that waits.
    pub async fn launch_open_again(&self, id: u32) -> Result<LaunchView, WalletError> {
        let run = self.launch(id)?;
        let url = lock(&run.browser).clone();
        if let Some(url) = url {
            (self.shared.open_browser)(&url).map_err(LaunchError::Browser)?;
        }
        Ok(run.now())
    }

    fn launch(&self, id: u32) -> Result<Arc<Run>, InputError> {
        lock(&self.shared.launches.runs).get(&id).cloned().ok_or(InputError::UnknownId)
    }

    fn run_launch(&self, aim: Aim) -> LaunchView {
        let id = self.shared.launches.last.fetch_add(1, Ordering::Relaxed) + 1;
        let run = Arc::new(Run {
            view: Mutex::new(LaunchView {
                id,
                stage: LaunchStage::Discovering,
                name: aim.name.clone().unwrap_or_else(|| aim.base.host().to_owned()),
                address: aim.base.to_string(),
                sign_in_host: None,
                authorize_url: None,
                asks: Vec::new(),
                asks_offline: false,
                seconds_left: 0,
                connection: None,
                error: None,
            }),
            ends: Mutex::new(None),
            cancel: Notify::new(),
            browser: Mutex::new(None),
        });
        {
            let mut runs = lock(&self.shared.launches.runs);
            // A finished launch is asked for at most once more after the next one began.
            runs.retain(|old, _| old.saturating_add(8) > id);
            runs.insert(id, Arc::clone(&run));
        }
        let view = run.now();
        let wallet = self.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = run.cancel.notified() => {}
                result = wallet.connect(&run, &aim) => match result {
                    Ok(connection) => run.change(|view| {
                        view.stage = LaunchStage::Connected;
                        view.connection = Some(connection.to_string());
                    }),
                    Err(error) => {
                        tracing::info!(code = error.code(), "a launch failed");
                        wallet.note_failed_launch(&aim).await;
                        run.change(|view| {
                            view.stage = LaunchStage::Failed;
                            view.error = Some(error.view());
                        });
                    }
                },
            }
        });
        view
    }

    async fn note_failed_launch(&self, aim: &Aim) {
        let draft = audit::Draft {
            person: Some(aim.person.clone()),
            subject: aim.again.as_ref().map(ConnectionId::to_string),
            outcome: audit::Outcome::Failed,
            ..audit::Draft::done(audit::Action::LaunchFailed)
        };
        if let Err(error) = self.with(move |open| open.record(draft)).await {
            tracing::warn!(code = error.code(), "a failed launch was not written to the trail");
        }
    }
}

impl Run {
    fn now(&self) -> LaunchView {
        let ends = *lock(&self.ends);
        let left = ends.map_or(0, |at| at.duration_since(now()).as_secs().max(0));
        LaunchView { seconds_left: u32::try_from(left).unwrap_or(0), ..lock(&self.view).clone() }
    }

    fn change(&self, change: impl FnOnce(&mut LaunchView)) {
        let mut view = lock(&self.view);
        if view.stage != LaunchStage::Cancelled {
            change(&mut view);
        }
    }

    fn waits(&self, url: &Url, ends: Timestamp, asks: Vec<Kind>, asks_offline: bool) {
        *lock(&self.ends) = Some(ends);
        *lock(&self.browser) = Some(url.clone());
        self.change(|view| {
            view.stage = LaunchStage::Waiting;
            view.sign_in_host = url.host_str().map(str::to_owned);
            view.authorize_url = Some(url.to_string());
            view.asks = asks;
            view.asks_offline = asks_offline;
        });
    }
}

/// A lock whose holder cannot leave half a value behind.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
