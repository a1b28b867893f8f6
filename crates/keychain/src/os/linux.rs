//! Linux: the Secret Service of the session bus (GNOME Keyring, KWallet, KeePassXC).

use std::collections::HashMap;
use std::env;
use std::error::Error as StdError;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use zbus_secret_service_keyring_store::Store;

use super::State;
use crate::KeychainError;

/// Whether a service answers on the session bus. Starting the session makes the bus start the service.
pub(super) fn probe() -> Result<(), KeychainError> {
    connect().map(drop)
}

/// How the entry stands, or else the place where it would be made.
pub(super) fn look(service: &str, name: &str) -> Result<State, KeychainError> {
    let bus = connect()?;
    let found = bus.search_items(HashMap::from([("service", service), ("username", name)])).map_err(|e| fault(&e))?;
    if !found.locked.is_empty() {
        return Ok(State::Locked);
    }
    if !found.unlocked.is_empty() {
        return Ok(State::Open);
    }
    match bus.get_default_collection() {
        Ok(collection) => match collection.is_locked() {
            Ok(true) => Ok(State::Locked),
            Ok(false) => Ok(State::Unseen),
            Err(error) => Err(fault(&error)),
        },
        // No collection yet: nothing is locked, and reading says that there is no entry.
        Err(secret_service::Error::NoResult) => Ok(State::Unseen),
        Err(error) => Err(fault(&error)),
    }
}

/// Whether the system has a display to ask the person on.
pub(super) fn can_prompt() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

pub(super) fn entry(service: &str, name: &str) -> Result<Entry, Error> {
    Store::new()?.build(service, name, None)
}

pub(super) fn failure(cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    cause.downcast_ref().map_or(KeychainError::Missing, fault)
}

pub(super) fn no_access(cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    cause.downcast_ref().map_or(KeychainError::Refused, fault)
}

fn connect() -> Result<SecretService<'static>, KeychainError> {
    // Only states are asked for here, no secrets: those travel in the session of the entry itself.
    SecretService::connect(EncryptionType::Plain).map_err(|error| fault(&error))
}

fn fault(error: &secret_service::Error) -> KeychainError {
    match error {
        secret_service::Error::Locked => KeychainError::Locked,
        secret_service::Error::Prompt => KeychainError::Refused,
        secret_service::Error::Crypto(_) | secret_service::Error::Zvariant(_) => KeychainError::Damaged,
        _ => KeychainError::Missing,
    }
}
