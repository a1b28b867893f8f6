//! The operating system's key store: Secret Service, Keychain, Credential Manager.

#[cfg_attr(target_os = "linux", path = "os/linux.rs")]
#[cfg_attr(target_os = "macos", path = "os/macos.rs")]
#[cfg_attr(target_os = "windows", path = "os/windows.rs")]
mod system;

use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use crate::KeychainError;

/// Service name of every entry.
const SERVICE: &str = "app.satchel.desktop";

/// How often a call is tried, and how long it waits in between.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(60);

/// A refusal that comes faster was no person's.
const REACTION: Duration = Duration::from_millis(250);

/// One call at a time: a key store that several threads ask at once takes itself for locked.
static TURN: Mutex<()> = Mutex::new(());

/// What can be seen of an entry without unlocking anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It is there, and open.
    Open,
    /// It is locked, or would be made where all is locked.
    Locked,
    /// It is not there and could be made, or the system does not tell.
    Unseen,
}

/// Whether the system may ask the person to unlock its key store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// It may, and the call waits for the answer.
    Allowed,
    /// It may not: a locked store is [`KeychainError::Locked`] at once.
    Never,
}

/// The operating system's key store. Holds no connection and no state: each call stands alone and may be repeated.
#[derive(Debug, Clone)]
pub struct OsStore {
    /// How long a call may take while nobody is asked.
    pub limit: Duration,
    /// How long the person may take to answer.
    pub prompt_limit: Duration,
    /// Whether the person may be asked.
    pub prompt: Prompt,
}

impl Default for OsStore {
    fn default() -> Self {
        Self { limit: Duration::from_secs(30), prompt_limit: Duration::from_secs(180), prompt: Prompt::Allowed }
    }
}

impl OsStore {
    /// Looks whether a key store answers, without unlocking anything.
    ///
    /// # Errors
    /// [`KeychainError::Missing`] or [`KeychainError::Timeout`].
    pub fn probe(&self) -> Result<(), KeychainError> {
        within(self.limit, system::probe)
    }

    pub(crate) fn read(&self, name: &str) -> Result<Zeroizing<String>, KeychainError> {
        let secret = self.entry(name, |entry| entry.get_secret().map(Zeroizing::new))?;
        let text = std::str::from_utf8(&secret).map_err(|_| KeychainError::Damaged)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), KeychainError> {
        let text = Zeroizing::new(text.to_owned());
        self.entry(name, move |entry| entry.set_secret(text.as_bytes()))
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), KeychainError> {
        self.entry(name, Entry::delete_credential)
    }

    /// A key store that reads its file anew is away, or locked, for a moment. Who answered a moment ago, or has a
    /// moment to come back, is asked again; a person who refuses, and a store that is silent, is not.
    fn entry<T: Send + 'static>(
        &self,
        name: &str,
        act: impl Fn(&Entry) -> Result<T, Error> + Clone + Send + 'static,
    ) -> Result<T, KeychainError> {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = TRIES;
        loop {
            left -= 1;
            let state = self.look(name, left)?;
            let begun = Instant::now();
            let error = match self.act(name, state, act.clone()) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let passing = match error {
                KeychainError::Missing | KeychainError::Damaged | KeychainError::Locked => true,
                KeychainError::NoEntry => state == State::Open,
                // Where all was open nobody expected to be asked.
                KeychainError::Refused => state != State::Locked || begun.elapsed() < REACTION,
                _ => false,
            };
            if left == 0 || !passing {
                return Err(error);
            }
            thread::sleep(PAUSE);
        }
    }

    /// How the entry stands. What is locked is looked at again before a person is asked to unlock it, and a store that
    /// does not answer is given a moment, `times` times.
    fn look(&self, name: &str, mut times: u32) -> Result<State, KeychainError> {
        loop {
            let asked = name.to_owned();
            let seen = within(self.limit, move || system::look(SERVICE, &asked));
            let passing = matches!(seen, Ok(State::Locked) | Err(KeychainError::Missing | KeychainError::Damaged));
            if !passing || times == 0 {
                return seen;
            }
            times -= 1;
            thread::sleep(PAUSE);
        }
    }

    fn act<T: Send + 'static>(
        &self,
        name: &str,
        state: State,
        act: impl Fn(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let locked = state == State::Locked;
        if locked && (self.prompt == Prompt::Never || !system::can_prompt()) {
            return Err(KeychainError::Locked);
        }
        let limit = if locked { self.prompt_limit } else { self.limit };
        let name = name.to_owned();
        within(limit, move || {
            let entry = system::entry(SERVICE, &name).map_err(read_error)?;
            act(&entry).map_err(read_error)
        })
    }
}

/// Runs a call of the system on a thread of its own, and leaves it there when it does not come back in time. A thread
/// of its own also keeps the bus connection out of any runtime the caller has.
fn within<T: Send + 'static>(
    limit: Duration,
    call: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let spawned = thread::Builder::new().name("keychain".into()).spawn(move || {
        // Nobody listens any more after the limit.
        let _ = sender.send(call());
    });
    spawned.map_err(KeychainError::Disk)?;
    match receiver.recv_timeout(limit) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(KeychainError::Timeout),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(KeychainError::Missing),
    }
}

fn read_error(error: Error) -> KeychainError {
    match error {
        Error::NoEntry => KeychainError::NoEntry,
        Error::PlatformFailure(cause) => system::failure(cause.as_ref()),
        Error::NoStorageAccess(cause) => system::no_access(cause.as_ref()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) | Error::Ambiguous(_) => {
            KeychainError::Damaged
        }
        _ => KeychainError::Refused,
    }
}
