//! Texts that a wallet signs with a key made for one contact: `did:key`, Ed25519, JWS in compact form with a type of
//! their own, so that none can be taken for another.

use crypto::{Algorithm, Jws, SigningKey};
use did::Did;
use serde_json::{Map, Value, json};

use crate::error::WalletError;

/// A text whose signature holds.
#[derive(Debug)]
pub(crate) struct Signed {
    /// Who signed it.
    pub(crate) did: String,
    /// What it says.
    pub(crate) claims: Map<String, Value>,
}

/// Why a text is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSigned {
    /// Not a signed text, or of another kind.
    Kind,
    /// Its signature does not hold: it was changed.
    Changed,
}

/// Signs claims as a DID.
pub(crate) fn sign(key: &SigningKey, did: &str, typ: &str, claims: &Value) -> Result<String, WalletError> {
    let fragment = did.rsplit(':').next().unwrap_or_default();
    let header = json!({ "typ": typ, "kid": format!("{did}#{fragment}") });
    key.jws_compact(&header, claims.to_string().as_bytes())
        .map_err(|_| WalletError::Keychain(keychain::KeychainError::Crypto))
}

/// Reads a text of this type and checks its signature with the key that it names.
pub(crate) fn read(text: &str, typ: &str, longest: usize) -> Result<Signed, NotSigned> {
    let jws = Jws::parse(text, longest).map_err(|_| NotSigned::Kind)?;
    let header = jws.header();
    if header.typ.as_deref() != Some(typ) || header.alg != Algorithm::EdDsa {
        return Err(NotSigned::Kind);
    }
    let id = header.kid.clone().ok_or(NotSigned::Kind)?;
    let did: Did = id.split('#').next().unwrap_or_default().parse().map_err(|_| NotSigned::Kind)?;
    if did.method() != "key" {
        return Err(NotSigned::Kind);
    }
    let document = did::resolve_offline(&did).map_err(|_| NotSigned::Kind)?;
    let method = document.method(&id).filter(|_| document.assertion.contains(&id)).ok_or(NotSigned::Kind)?;
    let key = method.jwk.verifying_key(Algorithm::EdDsa).map_err(|_| NotSigned::Kind)?;
    jws.verify(&key).map_err(|_| NotSigned::Changed)?;
    let claims = serde_json::from_slice(jws.payload()).map_err(|_| NotSigned::Kind)?;
    Ok(Signed { did: did.to_string(), claims })
}

impl Signed {
    /// A member that is a text, of at most this many characters, without control characters.
    pub(crate) fn text(&self, name: &str, longest: usize) -> Option<&str> {
        plain(self.claims.get(name)?, longest)
    }
}

/// A text that can be shown.
pub(crate) fn plain(value: &Value, longest: usize) -> Option<&str> {
    let text = value.as_str()?;
    let fits = !text.trim().is_empty() && text.chars().count() <= longest;
    (fits && !text.chars().any(char::is_control)).then_some(text)
}

/// What tests of signed texts share.
#[cfg(test)]
pub(crate) mod testing {
    use jiff::Timestamp;
    use types::Secret;

    use super::*;

    /// The instant of the tests.
    pub(crate) fn now() -> Timestamp {
        "2027-05-03T18:04:00Z".parse().unwrap()
    }

    /// Somebody's key, and its DID.
    pub(crate) fn key(seed: u8) -> (SigningKey, String) {
        let key = SigningKey::ed25519(&Secret::new([seed; 32]));
        let did = did::key_from_ed25519(&key.public_jwk()).unwrap().to_string();
        (key, did)
    }

    /// Claims that they signed.
    pub(crate) fn signed_by(seed: u8, typ: &str, claims: &Value) -> String {
        let (key, did) = key(seed);
        sign(&key, &did, typ, claims).unwrap()
    }
}
