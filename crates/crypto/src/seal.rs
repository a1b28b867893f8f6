use aws_lc_rs::aead::{AES_256_GCM, AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use thiserror::Error;
use types::Secret;

use crate::random;

/// Length of the tag that AES-GCM puts at the end.
const TAG_LEN: usize = 16;

/// Why nothing was sealed.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the bytes could not be sealed")]
pub struct SealError;

/// The bytes do not open: wrong key, wrong associated data, or changed bytes. Which one cannot be known.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the sealed bytes do not open with this key")]
pub struct OpenError;

/// Seals bytes with AES-256-GCM under a fresh random nonce: 12 bytes of nonce, the ciphertext, 16 bytes of tag.
/// `aad` is authenticated and not included.
///
/// # Errors
/// [`SealError`] when the system gives no random bytes or the plaintext is beyond what GCM may carry.
pub fn seal(key: &Secret<[u8; 32]>, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce = random::<NONCE_LEN>().map_err(|_| SealError)?;
    let mut body = plain.to_vec();
    let tag = cipher(key)
        .ok_or(SealError)?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .map_err(|_| SealError)?;
    Ok([&nonce, body.as_slice(), tag.as_ref()].concat())
}

/// Opens what [`seal`] made.
///
/// # Errors
/// [`OpenError`] for a wrong key, wrong `aad`, or any changed or missing byte.
pub fn open(key: &Secret<[u8; 32]>, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(OpenError)?;
    let mut body = body.to_vec();
    let plain = cipher(key)
        .ok_or(OpenError)?
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut body)
        .map_err(|_| OpenError)?
        .len();
    debug_assert_eq!(plain + TAG_LEN, body.len());
    body.truncate(plain);
    Ok(body)
}

/// Seals bytes so that the same bytes under the same key and `aad` give the same result: AES-256-GCM-SIV (RFC 8452) with
/// a nonce of zeros. Whoever sees two results learns whether the bytes were equal, and nothing else. The key is for this
/// use alone.
///
/// # Errors
/// [`SealError`] when the plaintext is beyond what the cipher may carry.
pub fn seal_alike(key: &Secret<[u8; 32]>, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let key = UnboundKey::new(&AES_256_GCM_SIV, key.expose()).map(LessSafeKey::new).map_err(|_| SealError)?;
    let mut body = plain.to_vec();
    let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
    key.seal_in_place_append_tag(nonce, Aad::from(aad), &mut body).map_err(|_| SealError)?;
    Ok(body)
}

/// Opens what [`seal_alike`] made.
///
/// # Errors
/// [`OpenError`] for a wrong key, wrong `aad`, or any changed or missing byte.
pub fn open_alike(key: &Secret<[u8; 32]>, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let key = UnboundKey::new(&AES_256_GCM_SIV, key.expose()).map(LessSafeKey::new).map_err(|_| OpenError)?;
    let mut body = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
    let plain = key.open_in_place(nonce, Aad::from(aad), &mut body).map_err(|_| OpenError)?.len();
    body.truncate(plain);
    Ok(body)
}

fn cipher(key: &Secret<[u8; 32]>) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key.expose()).ok().map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_and_no_two_seals_are_alike() {
        let key = Secret::new([3; 32]);
        let one = seal(&key, b"v1", b"canary").unwrap();
        let two = seal(&key, b"v1", b"canary").unwrap();
        assert_ne!(one, two);
        assert_eq!(one.len(), NONCE_LEN + 6 + TAG_LEN);
        assert_eq!(open(&key, b"v1", &one).unwrap(), b"canary");
    }

    #[test]
    fn the_same_bytes_sealed_alike_are_alike_and_open_with_nothing_but_key_and_context() {
        let key = Secret::new([3; 32]);
        let sealed = seal_alike(&key, b"v1", b"canary").unwrap();
        assert_eq!(sealed, seal_alike(&key, b"v1", b"canary").unwrap());
        assert_ne!(sealed, seal_alike(&key, b"v2", b"canary").unwrap());
        assert_eq!(open_alike(&key, b"v1", &sealed).unwrap(), b"canary");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open_alike(&key, b"v1", &changed), Err(OpenError));
            assert_eq!(open_alike(&key, b"v1", &sealed[..at]), Err(OpenError));
        }
        assert_eq!(open_alike(&key, b"v2", &sealed), Err(OpenError));
        assert_eq!(open_alike(&Secret::new([4; 32]), b"v1", &sealed), Err(OpenError));
    }

    #[test]
    fn any_changed_byte_any_cut_and_any_other_key_or_context_does_not_open() {
        let key = Secret::new([3; 32]);
        let sealed = seal(&key, b"v1", b"canary").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&key, b"v1", &changed), Err(OpenError));
            assert_eq!(open(&key, b"v1", &sealed[..at]), Err(OpenError));
        }
        assert_eq!(open(&key, b"v2", &sealed), Err(OpenError));
        assert_eq!(open(&Secret::new([4; 32]), b"v1", &sealed), Err(OpenError));
    }
}
