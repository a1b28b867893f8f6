use std::fmt;

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
};
use ed25519_dalek::Signer as _;
use serde_json::Value;
use thiserror::Error;
use types::Secret;
use zeroize::Zeroizing;

use crate::{Algorithm, Curve, Jwk, KeyKind, RandomError, b64u, random};

/// A private key that signs. It is never printed and gives nothing back but signatures and its public key.
pub struct SigningKey {
    key: Pair,
    public: Jwk,
}

enum Pair {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    Ec(Algorithm, Box<EcdsaKeyPair>),
}

/// The bytes are not a private key of that kind: zero, or beyond the order of the curve.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the bytes are not a private key")]
pub struct SigningKeyError;

/// Why nothing was signed.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The primitive failed.
    #[error("the signature could not be made")]
    Primitive,
    /// The header is not a JSON object, or names another algorithm than the key's.
    #[error("the header to sign is not one for this key")]
    Header,
}

impl SigningKey {
    /// The Ed25519 key of this seed (RFC 8032).
    pub fn ed25519(secret: &Secret<[u8; 32]>) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(secret.expose());
        let public = Jwk::ed25519(key.verifying_key().to_bytes());
        Self { key: Pair::Ed25519(Box::new(key)), public }
    }

    /// The P-256 key with this big-endian scalar.
    ///
    /// # Errors
    /// [`SigningKeyError`] for zero or a number beyond the order.
    pub fn p256(secret: &Secret<[u8; 32]>) -> Result<Self, SigningKeyError> {
        Self::ec(secret.expose(), Curve::P256)
    }

    /// The P-384 key with this big-endian scalar.
    ///
    /// # Errors
    /// [`SigningKeyError`] for zero or a number beyond the order.
    pub fn p384(secret: &Secret<[u8; 48]>) -> Result<Self, SigningKeyError> {
        Self::ec(secret.expose(), Curve::P384)
    }

    /// A new Ed25519 key, and the secret to keep it by.
    ///
    /// # Errors
    /// [`RandomError`].
    pub fn generate_ed25519() -> Result<(Secret<[u8; 32]>, Self), RandomError> {
        let secret = Secret::new(random::<32>()?);
        let key = Self::ed25519(&secret);
        Ok((secret, key))
    }

    /// A new P-256 key, and the secret to keep it by.
    ///
    /// # Errors
    /// [`RandomError`].
    pub fn generate_p256() -> Result<(Secret<[u8; 32]>, Self), RandomError> {
        generate(Self::p256)
    }

    /// A new P-384 key, and the secret to keep it by.
    ///
    /// # Errors
    /// [`RandomError`].
    pub fn generate_p384() -> Result<(Secret<[u8; 48]>, Self), RandomError> {
        generate(Self::p384)
    }

    fn ec(secret: &[u8], curve: Curve) -> Result<Self, SigningKeyError> {
        let (algorithm, signing, agreeing): (_, &'static EcdsaSigningAlgorithm, _) = match curve {
            Curve::P256 => (Algorithm::Es256, &ECDSA_P256_SHA256_FIXED_SIGNING, &ECDH_P256),
            Curve::P384 => (Algorithm::Es384, &ECDSA_P384_SHA384_FIXED_SIGNING, &ECDH_P384),
        };
        let private = agreement::PrivateKey::from_private_key(agreeing, secret).map_err(|_| SigningKeyError)?;
        let point = private.compute_public_key().map_err(|_| SigningKeyError)?.as_ref().to_vec();
        let pair =
            EcdsaKeyPair::from_private_key_and_public_key(signing, secret, &point).map_err(|_| SigningKeyError)?;
        Ok(Self { key: Pair::Ec(algorithm, Box::new(pair)), public: Jwk::new(KeyKind::Ec(curve, point)) })
    }

    /// The public half, without `kid`.
    pub fn public_jwk(&self) -> Jwk {
        self.public.clone()
    }

    /// The algorithm this key signs with.
    pub fn algorithm(&self) -> Algorithm {
        match &self.key {
            Pair::Ed25519(_) => Algorithm::EdDsa,
            Pair::Ec(algorithm, _) => *algorithm,
        }
    }

    /// Signs, as JOSE writes signatures (`r ‖ s` for ECDSA).
    ///
    /// # Errors
    /// [`SignError::Primitive`].
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match &self.key {
            Pair::Ed25519(key) => Ok(key.sign(message).to_bytes().to_vec()),
            Pair::Ec(_, pair) => {
                let signature = pair.sign(&SystemRandom::new(), message).map_err(|_| SignError::Primitive)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }

    /// A signed text in compact form. `alg` is put into the header.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn jws_compact(&self, header: &Value, payload: &[u8]) -> Result<String, SignError> {
        let mut header = header.as_object().ok_or(SignError::Header)?.clone();
        let before = header.insert("alg".to_owned(), self.algorithm().as_str().into());
        if before.is_some_and(|alg| alg != self.algorithm().as_str()) {
            return Err(SignError::Header);
        }
        let header = Value::Object(header).to_string();
        let mut text = format!("{}.{}", b64u::encode(header.as_bytes()), b64u::encode(payload));
        let signature = self.sign(text.as_bytes())?;
        text.push('.');
        text.push_str(&b64u::encode(&signature));
        Ok(text)
    }
}

/// Draws until the number is below the order of the curve, which the first draw nearly always is.
fn generate<const N: usize>(
    make: impl Fn(&Secret<[u8; N]>) -> Result<SigningKey, SigningKeyError>,
) -> Result<(Secret<[u8; N]>, SigningKey), RandomError>
where
    [u8; N]: zeroize::Zeroize,
{
    for _ in 0..16 {
        let secret = Secret::new(*Zeroizing::new(random::<N>()?));
        if let Ok(key) = make(&secret) {
            return Ok((secret, key));
        }
    }
    Err(RandomError)
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.algorithm())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_signs_what_its_public_key_verifies() {
        let keys = [
            SigningKey::generate_ed25519().unwrap().1,
            SigningKey::generate_p256().unwrap().1,
            SigningKey::generate_p384().unwrap().1,
        ];
        for key in keys {
            let verifier = key.public_jwk().verifying_key(key.algorithm()).unwrap();
            let signature = key.sign(b"message").unwrap();
            assert_eq!(verifier.verify(b"message", &signature), Ok(()));
            assert!(verifier.verify(b"massage", &signature).is_err());
            assert!(verifier.verify(b"message", &signature[1..]).is_err());
        }
    }

    #[test]
    fn the_secret_makes_the_same_key_again() {
        let (secret, key) = SigningKey::generate_p384().unwrap();
        assert_eq!(SigningKey::p384(&secret).unwrap().public_jwk(), key.public_jwk());
    }

    #[test]
    fn zero_and_numbers_beyond_the_order_are_not_keys() {
        assert!(SigningKey::p256(&Secret::new([0; 32])).is_err());
        assert!(SigningKey::p256(&Secret::new([0xff; 32])).is_err());
    }

    #[test]
    fn a_header_for_another_algorithm_is_not_signed() {
        let (_, key) = SigningKey::generate_ed25519().unwrap();
        assert_eq!(key.jws_compact(&serde_json::json!({"alg": "none"}), b""), Err(SignError::Header));
        assert_eq!(key.jws_compact(&serde_json::json!([]), b""), Err(SignError::Header));
    }

    #[test]
    fn a_key_prints_its_kind_only() {
        let key = SigningKey::ed25519(&Secret::new([7; 32]));
        assert_eq!(format!("{key:?}"), "SigningKey(EdDSA)");
    }
}
