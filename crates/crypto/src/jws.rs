use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use thiserror::Error;

use crate::{Algorithm, BadSignature, VerifyingKey, b64u};

/// A signed text in compact form (RFC 7515), read but not yet verified.
#[derive(Debug, Clone)]
pub struct Jws {
    header: JwsHeader,
    payload: Vec<u8>,
    signing_input: String,
    signature: Vec<u8>,
}

/// The protected header, as far as it is used here.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JwsHeader {
    /// `alg`.
    pub alg: Algorithm,
    /// `kid`.
    pub kid: Option<String>,
    /// `typ`.
    pub typ: Option<String>,
    /// `cty`.
    pub cty: Option<String>,
    /// `zip`; what it means is for the caller.
    pub zip: Option<String>,
    /// `jwk`, as written; whoever uses it decides whether to trust it.
    pub jwk: Option<Value>,
}

/// Why a text is not a signed text that can be considered.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JwsError {
    /// Longer than the caller allows.
    #[error("the signed text is longer than allowed")]
    TooLong,
    /// Not three parts with dots between them.
    #[error("the text is not a compact signed text")]
    NotCompact,
    /// A part is not strict base64url.
    #[error("a part of the signed text is not strict base64url")]
    Base64,
    /// The header is not a JSON object with `alg`, or has a member twice or of the wrong type.
    #[error("the header of the signed text does not read")]
    Header,
    /// `alg` is `none`, an HMAC, or another algorithm that is not accepted.
    #[error("the signature algorithm is not allowed")]
    Algorithm,
    /// `crit` asks for something that is not understood here; RFC 7515, section 4.1.11 says to refuse.
    #[error("the header demands an extension that is not known")]
    Critical,
    /// `b64` of RFC 7797, which is not used here.
    #[error("the payload is not encoded")]
    Unencoded,
}

/// Borrowed first, so that a header costs no allocation but for what is kept. `serde` refuses a member that stands
/// twice, as RFC 7515, section 4 allows.
#[derive(Deserialize)]
struct RawHeader<'a> {
    #[serde(borrow)]
    alg: std::borrow::Cow<'a, str>,
    kid: Option<String>,
    typ: Option<String>,
    cty: Option<String>,
    zip: Option<String>,
    jwk: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "present")]
    b64: bool,
}

impl Jws {
    /// Reads a compact signed text of at most `max_len` characters.
    ///
    /// # Errors
    /// [`JwsError`]. Nothing is verified by reading.
    pub fn parse(text: &str, max_len: usize) -> Result<Self, JwsError> {
        if text.len() > max_len {
            return Err(JwsError::TooLong);
        }
        let (signing_input, signature) = text.rsplit_once('.').ok_or(JwsError::NotCompact)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::NotCompact)?;
        if payload.contains('.') {
            return Err(JwsError::NotCompact);
        }
        let header = b64u::decode(header).map_err(|_| JwsError::Base64)?;
        Ok(Self {
            header: JwsHeader::parse(&header)?,
            payload: b64u::decode(payload).map_err(|_| JwsError::Base64)?,
            signature: b64u::decode(signature).map_err(|_| JwsError::Base64)?,
            signing_input: signing_input.to_owned(),
        })
    }

    /// The protected header.
    pub fn header(&self) -> &JwsHeader {
        &self.header
    }

    /// The payload; not to be believed before [`Jws::verify`].
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The payload by value.
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    /// What was signed: header and payload as written.
    pub fn signing_input(&self) -> &str {
        &self.signing_input
    }

    /// The signature bytes.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Verifies the signature. The key's algorithm must be the header's.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadSignature> {
        if key.algorithm() != self.header.alg {
            return Err(BadSignature);
        }
        key.verify(self.signing_input.as_bytes(), &self.signature)
    }
}

impl JwsHeader {
    fn parse(bytes: &[u8]) -> Result<Self, JwsError> {
        let raw: RawHeader<'_> = serde_json::from_slice(bytes).map_err(|_| JwsError::Header)?;
        let alg = raw.alg.parse().map_err(|_| JwsError::Algorithm)?;
        if raw.crit {
            return Err(JwsError::Critical);
        }
        if raw.b64 {
            return Err(JwsError::Unencoded);
        }
        Ok(Self { alg, kid: raw.kid, typ: raw.typ, cty: raw.cty, zip: raw.zip, jwk: raw.jwk })
    }
}

/// Whether the member is there, whatever it says.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

#[cfg(test)]
mod tests;
