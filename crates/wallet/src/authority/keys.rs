//! The keys of the authorization server, made when they are first needed.

use authz::Keys;
use crypto::SigningKey;
use keychain::{KeyKind, KeychainError};
use types::Secret;
use vault::{Lasting, Vault};

use crate::error::WalletError;
use crate::open;

const ES256: &str = "authority-es256";
const EDDSA: &str = "authority-eddsa";
const SECRET: &str = "authority-secret";

/// The keys and the secret; whichever is missing is made.
pub(super) fn of(vault: &mut Vault, keys: &open::Keys) -> Result<(Keys, Secret<[u8; 32]>), WalletError> {
    // Of two processes that find nothing, the second waits and then finds what the first one made.
    let _turn = vault.write(Lasting::Logged)?;
    let secret = match keys.get(SECRET) {
        Err(KeychainError::NoEntry) => {
            keys.put(SECRET, &Secret::new(crypto::random()?))?;
            keys.get(SECRET)?
        }
        other => other?,
    };
    let made = Keys::new(signer(keys, ES256, KeyKind::P256)?, signer(keys, EDDSA, KeyKind::Ed25519)?);
    Ok((made.map_err(|_| KeychainError::Crypto)?, secret))
}

fn signer(keys: &open::Keys, name: &str, kind: KeyKind) -> Result<SigningKey, WalletError> {
    match keys.signer(name) {
        Err(KeychainError::NoEntry) => {
            keys.make_key(name, kind)?;
            Ok(keys.signer(name)?)
        }
        other => Ok(other?),
    }
}
