//! Windows: the Credential Manager. It is open whenever the person is signed in, and never asks.

use std::collections::HashMap;
use std::error::Error as StdError;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use windows_native_keyring_store::Store;

use super::State;
use crate::KeychainError;

pub(super) fn probe() -> Result<(), KeychainError> {
    Store::new().map(drop).map_err(|_| KeychainError::Missing)
}

pub(super) fn look(_service: &str, _name: &str) -> Result<State, KeychainError> {
    Ok(State::Unseen)
}

pub(super) fn can_prompt() -> bool {
    false
}

pub(super) fn entry(service: &str, name: &str) -> Result<Entry, Error> {
    // Without this the entry would roam to the person's other computers.
    Store::new()?.build(service, name, Some(&HashMap::from([("persistence", "Local")])))
}

pub(super) fn failure(_cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    KeychainError::Refused
}

/// No logon session, so no store: a service account, or a remote shell.
pub(super) fn no_access(_cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    KeychainError::Missing
}
