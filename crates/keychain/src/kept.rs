//! A key as an entry keeps it: its kind and its secret as text, `1:ed25519:…` in base64url.

use crypto::{SigningKey, b64u};
use types::Secret;
use zeroize::Zeroizing;

use crate::KeychainError;

/// Kinds of signing keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519, signs `EdDSA`.
    Ed25519,
    /// P-256, signs `ES256`.
    P256,
    /// P-384, signs `ES384`.
    P384,
}

/// A key with its kind.
pub(crate) enum Kept {
    /// 32 bytes that are handed out.
    Raw(Secret<[u8; 32]>),
    /// A signing key of 32 bytes.
    Short(KeyKind, Secret<[u8; 32]>),
    /// P-384.
    Long(Secret<[u8; 48]>),
}

impl Kept {
    /// A new signing key.
    pub(crate) fn generate(kind: KeyKind) -> Result<Self, KeychainError> {
        Ok(match kind {
            KeyKind::Ed25519 => Self::Short(kind, SigningKey::generate_ed25519()?.0),
            KeyKind::P256 => Self::Short(kind, SigningKey::generate_p256()?.0),
            KeyKind::P384 => Self::Long(SigningKey::generate_p384()?.0),
        })
    }

    /// The key ready to sign.
    pub(crate) fn signing_key(&self) -> Result<SigningKey, KeychainError> {
        match self {
            Self::Raw(_) => Err(KeychainError::WrongKind),
            Self::Short(KeyKind::Ed25519, secret) => Ok(SigningKey::ed25519(secret)),
            Self::Short(_, secret) => Ok(SigningKey::p256(secret)?),
            Self::Long(secret) => Ok(SigningKey::p384(secret)?),
        }
    }

    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let (kind, secret): (_, &[u8]) = match self {
            Self::Raw(secret) => ("raw", secret.expose()),
            Self::Short(KeyKind::Ed25519, secret) => ("ed25519", secret.expose()),
            Self::Short(_, secret) => ("p256", secret.expose()),
            Self::Long(secret) => ("p384", secret.expose()),
        };
        let encoded = Zeroizing::new(b64u::encode(secret));
        // Room for all of it at once: growing would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(96));
        for part in ["1:", kind, ":", &encoded] {
            text.push_str(part);
        }
        text
    }

    pub(crate) fn from_text(text: &str) -> Result<Self, KeychainError> {
        let rest = text.strip_prefix("1:").ok_or(KeychainError::Damaged)?;
        let (kind, encoded) = rest.split_once(':').ok_or(KeychainError::Damaged)?;
        let bytes = Zeroizing::new(b64u::decode(encoded).map_err(|_| KeychainError::Damaged)?);
        match kind {
            "raw" => Ok(Self::Raw(sized(&bytes)?)),
            "ed25519" => Ok(Self::Short(KeyKind::Ed25519, sized(&bytes)?)),
            "p256" => Ok(Self::Short(KeyKind::P256, sized(&bytes)?)),
            "p384" => Ok(Self::Long(sized(&bytes)?)),
            _ => Err(KeychainError::Damaged),
        }
    }
}

fn sized<const N: usize>(bytes: &[u8]) -> Result<Secret<[u8; N]>, KeychainError>
where
    [u8; N]: zeroize::Zeroize,
{
    let array: &[u8; N] = bytes.try_into().map_err(|_| KeychainError::Damaged)?;
    Ok(Secret::new(*array))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_key_reads_back_as_the_same_key() {
        for kind in [KeyKind::Ed25519, KeyKind::P256, KeyKind::P384] {
            let kept = Kept::generate(kind).unwrap();
            let again = Kept::from_text(&kept.to_text()).unwrap();
            let (a, b) = (kept.signing_key().unwrap(), again.signing_key().unwrap());
            assert_eq!(a.public_jwk().thumbprint(), b.public_jwk().thumbprint());
            assert!(kept.to_text().len() < 100);
        }
    }

    #[test]
    fn what_is_not_a_kept_key_is_damaged() {
        for text in ["", "1:", "1:raw:", "1:raw:AAAA", "2:raw:AAAA", "1:hmac:AAAA", "1:p256:=", "x"] {
            assert!(matches!(Kept::from_text(text), Err(KeychainError::Damaged)), "{text}");
        }
    }
}
