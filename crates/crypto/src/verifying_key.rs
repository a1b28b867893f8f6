use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RsaPublicKeyComponents,
};
use thiserror::Error;

use crate::{Algorithm, Curve, JwkError, KeyKind, roca};

/// A public key bound to the one algorithm it verifies; parsed once, used often.
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    key: Parsed,
}

#[derive(Clone)]
enum Parsed {
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    Other(ParsedPublicKey),
}

/// The signature is not that key's over that message.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the signature does not verify")]
pub struct BadSignature;

impl VerifyingKey {
    pub(crate) fn new(key: &KeyKind, algorithm: Algorithm) -> Result<Self, JwkError> {
        let key = match (algorithm, key) {
            (Algorithm::EdDsa, KeyKind::Ed25519(x)) => {
                let key = ed25519_dalek::VerifyingKey::from_bytes(x).map_err(|_| JwkError::NotAKey)?;
                Parsed::Ed25519(Box::new(key))
            }
            (Algorithm::Es256, KeyKind::Ec(Curve::P256, point)) => {
                Parsed::Other(ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| JwkError::NotAKey)?)
            }
            (Algorithm::Es384, KeyKind::Ec(Curve::P384, point)) => {
                Parsed::Other(ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).map_err(|_| JwkError::NotAKey)?)
            }
            (Algorithm::Rs256 | Algorithm::Rs384, KeyKind::Rsa(n, e)) => {
                // NIST SP 800-131A: nothing below 2048 bits; above 8192 only costs time.
                if !(256..=1024).contains(&n.len()) || n.first().is_none_or(|first| n.len() == 256 && *first < 0x80) {
                    return Err(JwkError::NotAKey);
                }
                if roca::is_marked(n) {
                    return Err(JwkError::NotAKey);
                }
                let params = match algorithm {
                    Algorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
                    _ => &RSA_PKCS1_2048_8192_SHA256,
                };
                let parts = RsaPublicKeyComponents { n, e };
                Parsed::Other(parts.to_parsed_public_key(params).map_err(|_| JwkError::NotAKey)?)
            }
            _ => return Err(JwkError::WrongUse),
        };
        Ok(Self { algorithm, key })
    }

    /// The algorithm that this key verifies.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Verifies a signature as JOSE writes it (`r ‖ s` for ECDSA). Ed25519 is strict: no small-order points.
    ///
    /// # Errors
    /// [`BadSignature`], whatever the cause.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        match &self.key {
            Parsed::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| BadSignature)?;
                key.verify_strict(message, &signature).map_err(|_| BadSignature)
            }
            Parsed::Other(key) => key.verify_sig(message, signature).map_err(|_| BadSignature),
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.algorithm)
    }
}
