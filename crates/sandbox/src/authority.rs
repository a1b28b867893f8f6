//! The authorization server of both health systems: SMART App Launch 2.2 (standalone, patients), OpenID Connect, RFC
//! 6749, 7009, 7591, 7636, 7662, 8252, 8414, 9207.

mod authorize;
mod client;
mod flow;
mod id_token;
mod ledger;
mod metadata;
mod oversight;
mod pages;
mod proof;
mod register;
mod token;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use crypto::{Jwk, RandomError, SigningKey, b64u};
use types::Secret;

pub(crate) use metadata::smart_configuration;

use crate::world::World;

/// What the authorization server keeps.
#[derive(Debug)]
pub(crate) struct Authority {
    key: SigningKey,
    /// Access tokens live so many seconds.
    access_seconds: i64,
    /// What a resource server shows when it asks about a token.
    resource_secret: String,
    ledger: Mutex<ledger::Ledger>,
    clients: Mutex<client::Clients>,
    flows: Mutex<flow::Flows>,
}

impl Authority {
    pub(crate) fn new(seed: u64, access_seconds: i64) -> Result<Self, RandomError> {
        Ok(Self {
            key: demo_key(seed, "authority")?,
            access_seconds,
            resource_secret: secret()?,
            ledger: Mutex::default(),
            clients: Mutex::new(client::Clients::standing()),
            flows: Mutex::default(),
        })
    }

    pub(crate) fn resource_secret(&self) -> &str {
        &self.resource_secret
    }

    /// The public key with its id, as published.
    fn public(&self) -> Jwk {
        let jwk = self.key.public_jwk();
        let kid = jwk.thumbprint();
        jwk.with_kid(&kid).with_member("alg", "ES256".into()).with_member("use", "sig".into())
    }

    fn ledger(&self) -> MutexGuard<'_, ledger::Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clients(&self) -> MutexGuard<'_, client::Clients> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flows(&self) -> MutexGuard<'_, flow::Flows> {
        self.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key that is the same at every start with the same seed, so that what was issued yesterday still verifies. It guards
/// invented data only.
pub(crate) fn demo_key(seed: u64, purpose: &str) -> Result<SigningKey, RandomError> {
    let bytes = crypto::sha256(format!("sandbox {purpose} {seed}").as_bytes());
    match SigningKey::p256(&Secret::new(bytes)) {
        Ok(key) => Ok(key),
        Err(_) => SigningKey::generate_p256().map(|(_, key)| key),
    }
}

/// 256 random bits as text.
fn secret() -> Result<String, RandomError> {
    Ok(b64u::encode(&crypto::random::<32>()?))
}

/// All its pages and endpoints.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::openid))
        .route("/.well-known/oauth-authorization-server", get(metadata::openid))
        .route("/jwks", get(metadata::jwks))
        .route("/authorize", get(authorize::begin).post(authorize::begin_by_post))
        .route("/signin", post(authorize::sign_in))
        .route("/choose", post(authorize::choose))
        .route("/approve", post(authorize::approve))
        .route("/token", post(token::token))
        .route("/introspect", post(oversight::introspect))
        .route("/revoke", post(oversight::revoke))
        .route("/register", post(register::register))
        .with_state(world)
}
