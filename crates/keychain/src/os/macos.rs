//! macOS: the login keychain.

use std::error::Error as StdError;

use apple_native_keyring_store::keychain::Store;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};

use super::State;
use crate::KeychainError;

/// `errSecNotAvailable`, `errSecNoSuchKeychain`, `errSecInvalidKeychain`, `errSecNoDefaultKeychain`.
const NO_KEYCHAIN: [i32; 4] = [-25291, -25294, -25295, -25307];
/// `errSecInteractionNotAllowed`: locked, and the system may not ask.
const NO_INTERACTION: i32 = -25308;

/// The keychain is part of the system.
pub(super) fn probe() -> Result<(), KeychainError> {
    Store::new().map(drop).map_err(|_| KeychainError::Missing)
}

/// Not known before the call: the system asks by itself, and a call that may not ask says so.
pub(super) fn look(_service: &str, _name: &str) -> Result<State, KeychainError> {
    Ok(State::Unseen)
}

pub(super) fn can_prompt() -> bool {
    true
}

pub(super) fn entry(service: &str, name: &str) -> Result<Entry, Error> {
    Store::new()?.build(service, name, None)
}

pub(super) fn failure(cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    match code(cause) {
        Some(NO_INTERACTION) => KeychainError::Locked,
        Some(code) if NO_KEYCHAIN.contains(&code) => KeychainError::Missing,
        _ => KeychainError::Refused,
    }
}

pub(super) fn no_access(cause: &(dyn StdError + Send + Sync + 'static)) -> KeychainError {
    failure(cause)
}

fn code(cause: &(dyn StdError + Send + Sync + 'static)) -> Option<i32> {
    cause.downcast_ref::<security_framework::base::Error>().map(security_framework::base::Error::code)
}
