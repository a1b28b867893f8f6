use crypto::{Curve, Jwk, KeyKind};
use did_jwk::DIDJWK;
use did_method_key::DIDKey;
use serde_json::Value;
use ssi_jwk::JWK;
use thiserror::Error;

use crate::Did;

/// Why no DID was made.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MakeError {
    /// The key is of another kind than the DID is to hold.
    #[error("the key is of another kind")]
    Kind,
    /// The method does not take the key.
    #[error("the method does not take the key")]
    Method,
}

/// The `did:key` of an Ed25519 key.
///
/// # Errors
/// [`MakeError`].
pub fn key_from_ed25519(jwk: &Jwk) -> Result<Did, MakeError> {
    match jwk.kind() {
        KeyKind::Ed25519(_) => key(jwk),
        _ => Err(MakeError::Kind),
    }
}

/// The `did:key` of a P-256 key.
///
/// # Errors
/// [`MakeError`].
pub fn key_from_p256(jwk: &Jwk) -> Result<Did, MakeError> {
    match jwk.kind() {
        KeyKind::Ec(Curve::P256, _) => key(jwk),
        _ => Err(MakeError::Kind),
    }
}

/// The `did:jwk` of a P-256 key. Only the key itself goes in: no `kid`, no use.
///
/// # Errors
/// [`MakeError`].
pub fn jwk_from_p256(jwk: &Jwk) -> Result<Did, MakeError> {
    match jwk.kind() {
        KeyKind::Ec(Curve::P256, _) => DIDJWK::generate(&bare(jwk)?).as_str().parse().map_err(|_| MakeError::Method),
        _ => Err(MakeError::Kind),
    }
}

fn key(jwk: &Jwk) -> Result<Did, MakeError> {
    let did = DIDKey::generate(&bare(jwk)?).map_err(|_| MakeError::Method)?;
    did.as_str().parse().map_err(|_| MakeError::Method)
}

/// The members that make the key, as `ssi` reads them.
fn bare(jwk: &Jwk) -> Result<JWK, MakeError> {
    let mut value = Value::from(jwk.clone());
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| matches!(name.as_str(), "kty" | "crv" | "x" | "y"));
    }
    serde_json::from_value(value).map_err(|_| MakeError::Method)
}
