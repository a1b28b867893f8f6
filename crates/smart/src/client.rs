use std::fmt;

use crypto::{Algorithm, b64u};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use thiserror::Error;
use types::Secret;
use url::Url;

use crate::code::coded;

/// How long an assertion can be used. SMART App Launch 2.2, "Authenticating to the Token endpoint", allows five
/// minutes; one is left for clocks that differ.
const ASSERTION_LIFE: SignedDuration = SignedDuration::from_mins(4);

/// Who this program is to one authorization server. It never has a client secret: a secret inside a program on
/// everyone's desk is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Client {
    /// Proves nothing; PKCE binds the code to this launch.
    Public {
        /// `client_id`.
        id: String,
    },
    /// Proves itself with a registered key (`private_key_jwt`).
    Keyed {
        /// `client_id`.
        id: String,
        /// `kid` of the key, as registered.
        kid: String,
        /// `ES384` or `RS384`; others where the server takes them.
        algorithm: Algorithm,
    },
}

/// Why a request to an authorization server cannot be made.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientError {
    /// A keyed client needs a signed assertion for each request.
    #[error("the request needs a signed assertion")]
    ProofMissing,
    /// A public client has no key to sign an assertion with.
    #[error("this client has no key")]
    NotKeyed,
    /// The configuration names a token endpoint that its sign-in server was not asked about
    /// ([`Configuration::to_confirm`](crate::Configuration::to_confirm)).
    #[error("the token endpoint is not confirmed")]
    EndpointsApart,
    /// The request does not go into HTTP.
    #[error("the request cannot be written")]
    Unsendable,
}

coded!(ClientError {
    Self::ProofMissing => "client.proofMissing" Us,
    Self::NotKeyed => "client.notKeyed" Us,
    Self::EndpointsApart => "discovery.endpointsApart" Them,
    Self::Unsendable => "client.unsendable" Us,
});

impl Client {
    /// `client_id`.
    pub fn id(&self) -> &str {
        match self {
            Self::Public { id } | Self::Keyed { id, .. } => id,
        }
    }

    /// Writes the assertion for one request to `endpoint` (the token URL is the audience, whatever the request is
    /// for). `jti` is random and used once.
    ///
    /// # Errors
    /// [`ClientError::NotKeyed`] for a public client.
    pub fn assertion(&self, token_endpoint: &Url, jti: [u8; 16], now: Timestamp) -> Result<Assertion, ClientError> {
        let Self::Keyed { id, kid, algorithm } = self else { return Err(ClientError::NotKeyed) };
        let header = json!({"alg": algorithm.as_str(), "kid": kid, "typ": "JWT"});
        let claims = json!({
            "iss": id,
            "sub": id,
            "aud": token_endpoint.as_str(),
            "iat": now.as_second(),
            "exp": now.as_second().saturating_add(ASSERTION_LIFE.as_secs()),
            "jti": b64u::encode(&jti),
        });
        let part = |value: serde_json::Value| b64u::encode(value.to_string().as_bytes());
        Ok(Assertion { signing_input: format!("{}.{}", part(header), part(claims)) })
    }
}

/// A one-time proof that still lacks its signature.
#[derive(Debug)]
pub struct Assertion {
    signing_input: String,
}

impl Assertion {
    /// What the key signs.
    pub fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    /// Adds the signature (JOSE form) that the key store made.
    pub fn signed(self, signature: &[u8]) -> Proof {
        Proof(Some(Secret::new(format!("{}.{}", self.signing_input, b64u::encode(signature)))))
    }

    /// Signs with a closure over the key store.
    ///
    /// # Errors
    /// Whatever the closure says.
    pub fn sign_with<E>(self, sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>) -> Result<Proof, E> {
        let signature = sign(self.signing_input())?;
        Ok(self.signed(&signature))
    }
}

/// What a client shows with one request.
pub struct Proof(Option<Secret<String>>);

impl Proof {
    /// Nothing: a public client.
    pub fn none() -> Self {
        Self(None)
    }

    /// The assertion a client shows, if it must.
    pub(crate) fn for_client(&self, client: &Client) -> Result<Option<&str>, ClientError> {
        match (client, &self.0) {
            (Client::Public { .. }, _) => Ok(None),
            (Client::Keyed { .. }, Some(assertion)) => Ok(Some(assertion.expose())),
            (Client::Keyed { .. }, None) => Err(ClientError::ProofMissing),
        }
    }

    pub(crate) fn assertion(&self) -> Option<&str> {
        self.0.as_ref().map(|assertion| assertion.expose().as_str())
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof")
    }
}

#[cfg(test)]
mod tests {
    use crypto::{Jws, SigningKey};
    use serde_json::Value;

    use super::*;

    /// SMART App Launch 2.2, "client-confidential-asymmetric", requirements 319 to 332.
    #[test]
    fn an_assertion_names_the_client_the_endpoint_and_a_short_life_and_is_signed() {
        let (_, key) = SigningKey::generate_p384().expect("random bytes");
        let client = Client::Keyed { id: "app".into(), kid: "key-1".into(), algorithm: Algorithm::Es384 };
        let endpoint = Url::parse("https://login.example.com/token").expect("a url");
        let now = Timestamp::from_second(1_700_000_000).expect("a time");
        let proof = client
            .assertion(&endpoint, [7; 16], now)
            .expect("a keyed client")
            .sign_with(|input| key.sign(input))
            .expect("a signature");
        let text = proof.for_client(&client).expect("a proof").expect("an assertion").to_owned();
        assert!(!format!("{proof:?}").contains(&text));

        let jws = Jws::parse(&text, 4096).expect("a signed text");
        assert_eq!(jws.header().alg, Algorithm::Es384);
        assert_eq!(jws.header().kid.as_deref(), Some("key-1"));
        assert_eq!(jws.header().typ.as_deref(), Some("JWT"));
        jws.verify(&key.public_jwk().verifying_key(Algorithm::Es384).expect("a key")).expect("a good signature");
        let claims: Value = serde_json::from_slice(jws.payload()).expect("claims");
        assert_eq!(claims["iss"], "app");
        assert_eq!(claims["sub"], "app");
        assert_eq!(claims["aud"], "https://login.example.com/token");
        let life = claims["exp"].as_i64().expect("a number") - now.as_second();
        assert!(life > 0 && life <= 300);
        assert_eq!(claims["jti"].as_str().map(str::len), Some(22));
        let again = client.assertion(&endpoint, [8; 16], now).expect("a keyed client");
        assert!(!text.starts_with(&again.signing_input), "another request is another assertion");
    }

    #[test]
    fn a_keyed_client_shows_its_proof_and_a_public_one_has_none() {
        let public = Client::Public { id: "app".into() };
        let endpoint = Url::parse("https://login.example.com/token").expect("a url");
        assert_eq!(
            public.assertion(&endpoint, [0; 16], Timestamp::UNIX_EPOCH).expect_err("no key"),
            ClientError::NotKeyed
        );
        assert_eq!(Proof::none().for_client(&public), Ok(None));
        let keyed = Client::Keyed { id: "app".into(), kid: "k".into(), algorithm: Algorithm::Es384 };
        assert_eq!(Proof::none().for_client(&keyed), Err(ClientError::ProofMissing));
    }
}
