use argon2::{Algorithm as Variant, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use types::Secret;

/// What one guess at a passphrase costs (Argon2id, RFC 9106). Stored beside what the key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PassphraseCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PassphraseCost {
    /// 64 MiB, three passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

/// Why no key came from the passphrase.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PassphraseError {
    /// The cost is outside 8 MiB to 1 GiB, 1 to 16 passes, 1 to 4 lanes: too weak to use, or made to exhaust us.
    #[error("the stated cost of the passphrase is out of bounds")]
    Cost,
    /// The salt is shorter than 16 or longer than 64 bytes.
    #[error("the salt is not 16 to 64 bytes")]
    Salt,
    /// The memory could not be had.
    #[error("the key could not be derived")]
    Derive,
}

/// The key that the passphrase gives with this salt at this cost.
///
/// # Errors
/// [`PassphraseError`]; the cost and salt come from a file that anyone may have changed.
pub fn argon2id(
    passphrase: &Secret<String>,
    salt: &[u8],
    cost: PassphraseCost,
) -> Result<Secret<[u8; 32]>, PassphraseError> {
    let bounded = (8 * 1024..=1024 * 1024).contains(&cost.memory_kib)
        && (1..=16).contains(&cost.passes)
        && (1..=4).contains(&cost.lanes);
    if !bounded {
        return Err(PassphraseError::Cost);
    }
    if !(16..=64).contains(&salt.len()) {
        return Err(PassphraseError::Salt);
    }
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| PassphraseError::Cost)?;
    let mut key = zeroize::Zeroizing::new([0; 32]);
    Argon2::new(Variant::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), salt, key.as_mut())
        .map_err(|_| PassphraseError::Derive)?;
    Ok(Secret::new(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: PassphraseCost = PassphraseCost { memory_kib: 8 * 1024, passes: 1, lanes: 1 };

    fn key(passphrase: &str, salt: &[u8]) -> [u8; 32] {
        *argon2id(&Secret::new(passphrase.to_owned()), salt, SMALL).unwrap().expose()
    }

    #[test]
    fn the_same_words_and_salt_give_the_same_key_and_others_do_not() {
        assert_eq!(key("open sesame", &[1; 16]), key("open sesame", &[1; 16]));
        assert_ne!(key("open sesame", &[1; 16]), key("open sesame", &[2; 16]));
        assert_ne!(key("open sesame", &[1; 16]), key("Open sesame", &[1; 16]));
    }

    #[test]
    fn a_cost_made_to_weaken_or_to_exhaust_is_refused() {
        let words = Secret::new("words".to_owned());
        for cost in [
            PassphraseCost { memory_kib: 8, ..SMALL },
            PassphraseCost { memory_kib: u32::MAX, ..SMALL },
            PassphraseCost { passes: 0, ..SMALL },
            PassphraseCost { passes: u32::MAX, ..SMALL },
            PassphraseCost { lanes: 0, ..SMALL },
            PassphraseCost { lanes: 200, ..SMALL },
        ] {
            assert_eq!(argon2id(&words, &[0; 16], cost).err(), Some(PassphraseError::Cost));
        }
        assert_eq!(argon2id(&words, &[0; 8], SMALL).err(), Some(PassphraseError::Salt));
    }
}
