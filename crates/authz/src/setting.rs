use std::collections::BTreeSet;

use crypto::{Algorithm, Jwks, SigningKey};
use jiff::SignedDuration;
use types::Secret;

use crate::{Door, ErrorCode, OAuthError};

/// The server as it stands: where it is reached, what it signs with, how long things hold.
#[derive(Debug)]
pub struct Setting {
    /// `issuer`: the public base URL without a slash at the end, such as `http://127.0.0.1:8731`. Endpoints stand below.
    pub issuer: String,
    /// Signing keys.
    pub keys: Keys,
    /// From which secret pairwise and stateless values (DPoP nonces) are made.
    pub secret: Secret<[u8; 32]>,
    /// How long an access token holds at most. Minutes.
    pub access_life: SignedDuration,
    /// Which doors are open. An endpoint of a door that is not answers as if it did not exist, and no metadata names it.
    pub doors: BTreeSet<Door>,
}

/// What the server signs with. Private halves never leave [`SigningKey`].
#[derive(Debug)]
pub struct Keys {
    /// P-256, for `id_token`s and where a client knows no EdDSA.
    pub es256: SigningKey,
    /// Ed25519, for access tokens and receipts.
    pub eddsa: SigningKey,
}

impl Setting {
    /// The FHIR base URL of the wallet's own resource server.
    pub fn fhir(&self) -> String {
        format!("{}/fhir", self.issuer)
    }

    /// Whether the door is open.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn through(&self, door: Door) -> Result<(), OAuthError> {
        if self.doors.contains(&door) {
            Ok(())
        } else {
            Err(OAuthError::new(ErrorCode::NotFound, "there is nothing here"))
        }
    }

    /// An endpoint below the issuer.
    pub fn endpoint(&self, path: &str) -> String {
        format!("{}/{path}", self.issuer)
    }
}

impl Keys {
    /// The key for an algorithm, with the `kid` it is published under (RFC 7638 thumbprint).
    pub fn of(&self, algorithm: Algorithm) -> Option<(&SigningKey, String)> {
        let key = [&self.es256, &self.eddsa].into_iter().find(|key| key.algorithm() == algorithm)?;
        Some((key, key.public_jwk().thumbprint()))
    }

    /// The public halves, as published at `jwks_uri`.
    pub fn published(&self) -> serde_json::Value {
        let public = [&self.es256, &self.eddsa].map(|key| {
            let jwk = key.public_jwk();
            let kid = jwk.thumbprint();
            jwk.with_kid(&kid).with_member("use", "sig".into()).with_member("alg", key.algorithm().as_str().into())
        });
        serde_json::json!({ "keys": public.map(serde_json::Value::from) })
    }

    /// The same as a set to verify with.
    ///
    /// # Errors
    /// [`crypto::JwksError`] never for keys of our own.
    pub fn to_verify(&self) -> Result<Jwks, crypto::JwksError> {
        Jwks::parse(self.published().to_string().as_bytes())
    }
}
