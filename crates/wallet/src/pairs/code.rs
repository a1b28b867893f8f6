//! The code that two owners compare.

use crypto::{PassphraseCost, argon2id};
use types::Secret;

use crate::error::WalletError;
use crate::keys::code_of_hash;

/// A code to compare that follows from both keys, whichever side looks. It is short, so that whoever sits between the
/// two could try keys until two codes agree: each try costs a good part of a second and 64 MiB.
pub(super) fn of(one: &str, other: &str) -> Result<String, WalletError> {
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    let both = Secret::new(format!("{first}\n{second}"));
    let salt = crypto::sha256(b"satchel: code to compare");
    let slow = argon2id(&both, &salt, PassphraseCost::default()).map_err(|_| WalletError::Interrupted)?;
    Ok(code_of_hash(slow.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_see_one_code_and_another_key_gives_another() {
        let code = of("did:key:a", "did:key:b").unwrap();
        assert_eq!(code, of("did:key:b", "did:key:a").unwrap());
        assert_ne!(code, of("did:key:a", "did:key:c").unwrap());
        assert_eq!((code.len(), code.find('-')), (7, Some(3)), "{code}");
    }
}
