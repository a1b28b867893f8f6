use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crypto::{Algorithm, Curve, Jwk, KeyKind};
use did_jwk::DIDJWK;
use did_method_key::DIDKey;
use ssi_dids_core::resolution::{DIDMethodResolver as _, Options, Parameters};
use thiserror::Error;

use crate::web::{self, DocumentError};
use crate::{Did, DidDocument};

/// Why a DID does not resolve without a network.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResolveError {
    /// The method needs a network, or is not known here.
    #[error("the did does not resolve offline")]
    Method,
    /// What follows the method is not a key as the method writes them.
    #[error("the did holds no key")]
    Id,
    /// The key is of a kind that is not used here.
    #[error("the did holds a key of a kind that is not used")]
    Key,
}

/// Resolves `did:key` (Ed25519, P-256) and `did:jwk` (any key that [`Jwk`] reads).
///
/// # Errors
/// [`ResolveError`].
pub fn resolve_offline(did: &Did) -> Result<DidDocument, ResolveError> {
    let id = did.method_specific_id();
    let parameters = Parameters { public_key_format: Some("JsonWebKey2020".to_owned()), ..Parameters::default() };
    let options = Options { parameters, ..Options::default() };
    let resolved = match did.method() {
        // The method allows base58btc only; the decoder would take any base.
        "key" if id.starts_with('z') => at_once(DIDKey.resolve_method_representation(id, options)),
        // One way of writing per key: strict base64url, which the decoder does not insist on.
        "jwk" if crypto::b64u::decode(id).is_ok() => at_once(DIDJWK.resolve_method_representation(id, options)),
        "key" | "jwk" => return Err(ResolveError::Id),
        _ => return Err(ResolveError::Method),
    };
    let resolved = resolved.ok_or(ResolveError::Method)?.map_err(|_| ResolveError::Id)?;
    let document = web::document(did, &resolved.document).map_err(|error| match error {
        DocumentError::NoKeys => ResolveError::Key,
        _ => ResolveError::Id,
    })?;
    Ok(document)
}

/// Runs a future that never waits: both methods compute their answer.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Whether the key is one that can verify something here: on its curve, of a fair size.
pub(crate) fn usable(jwk: &Jwk) -> bool {
    let algorithm = match jwk.kind() {
        KeyKind::Ed25519(_) => Algorithm::EdDsa,
        KeyKind::Ec(Curve::P256, _) => Algorithm::Es256,
        KeyKind::Ec(Curve::P384, _) => Algorithm::Es384,
        _ => Algorithm::Rs256,
    };
    jwk.verifying_key(algorithm).is_ok()
}
