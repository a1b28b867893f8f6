use crypto::{SignError, SigningKey};
use jiff::Timestamp;
use miniz_oxide::deflate::compress_to_vec;
use serde_json::{Value, json};
use thiserror::Error;

use crate::HEALTH_CARD_TYPE;

/// A card to be signed, as an issuer makes it.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    issuer: &'a str,
    not_before: Timestamp,
    bundle: &'a Value,
    expires: Option<Timestamp>,
    rid: Option<&'a str>,
    types: Vec<&'a str>,
}

/// Why no card was made.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssueError {
    /// The key does not sign with ES256.
    #[error("cards are signed with a p-256 key")]
    Key,
    /// Signing failed.
    #[error("the card could not be signed")]
    Sign(#[source] SignError),
}

/// The best compression there is; a card is made once and shown often.
const LEVEL: u8 = 10;

impl<'a> Draft<'a> {
    /// A card by this issuer (`iss`), valid from then on, with this FHIR bundle (a collection with `resource:N`
    /// addresses, without ids, narratives and displays where it is to fit a QR code).
    pub fn new(issuer: &'a str, not_before: Timestamp, bundle: &'a Value) -> Self {
        Self { issuer, not_before, bundle, expires: None, rid: None, types: Vec::new() }
    }

    /// Valid until then (`exp`).
    #[must_use]
    pub fn expires(mut self, at: Option<Timestamp>) -> Self {
        self.expires = at;
        self
    }

    /// Can be withdrawn by this identifier (`vc.rid`).
    #[must_use]
    pub fn rid(mut self, rid: &'a str) -> Self {
        self.rid = Some(rid);
        self
    }

    /// A further type, for example `https://smarthealth.cards#immunization`.
    #[must_use]
    pub fn also(mut self, type_: &'a str) -> Self {
        self.types.push(type_);
        self
    }

    /// Minifies, deflates and signs. `kid` is the key's thumbprint.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn sign(&self, key: &SigningKey) -> Result<String, IssueError> {
        if key.algorithm() != crypto::Algorithm::Es256 {
            return Err(IssueError::Key);
        }
        let mut types = vec![HEALTH_CARD_TYPE];
        types.extend(&self.types);
        let mut payload = json!({
            "iss": self.issuer,
            "nbf": self.not_before.as_second(),
            "vc": {
                "type": types,
                "credentialSubject": { "fhirVersion": "4.0.1", "fhirBundle": self.bundle },
            },
        });
        if let (Some(expires), Some(members)) = (self.expires, payload.as_object_mut()) {
            members.insert("exp".to_owned(), expires.as_second().into());
        }
        if let (Some(rid), Some(credential)) = (self.rid, payload.get_mut("vc").and_then(Value::as_object_mut)) {
            credential.insert("rid".to_owned(), rid.into());
        }
        let packed = compress_to_vec(payload.to_string().as_bytes(), LEVEL);
        let header = json!({ "zip": "DEF", "kid": key.public_jwk().thumbprint() });
        key.jws_compact(&header, &packed).map_err(IssueError::Sign)
    }
}
