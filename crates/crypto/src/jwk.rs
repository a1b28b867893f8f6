use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::{Algorithm, BadSignature, Certificate, CertificateError, VerifyingKey, b64u, sha256};

/// A public key as JOSE writes it (RFC 7517). Never holds private parts.
///
/// Members that are not part of the key (`kid`, `alg`, `use`, `key_ops`, `x5c` and any others) are kept.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Jwk {
    key: KeyKind,
    /// The members that make the key, as written: what the thumbprint is of.
    written: Map<String, Value>,
    rest: Map<String, Value>,
}

/// The key itself.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// Ed25519 (`OKP`): the 32 bytes of RFC 8032.
    Ed25519([u8; 32]),
    /// A point on a curve (`EC`): uncompressed, `04 ‖ x ‖ y`.
    Ec(Curve, Vec<u8>),
    /// RSA: big-endian modulus and exponent without leading zeros.
    Rsa(Vec<u8>, Vec<u8>),
}

/// A curve that is accepted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
}

/// Why a JSON value is not a public key that can be used here.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JwkError {
    /// Not an object, or a member is missing or of the wrong type.
    #[error("the key is not a JSON Web Key")]
    Malformed,
    /// The key carries its private parts; whoever published it gave it away.
    #[error("the public key carries private parts")]
    Private,
    /// A key type or curve that is not used here.
    #[error("the kind of key is not supported")]
    Unsupported,
    /// The coordinates are not a point on the curve, or the RSA key is unusable.
    #[error("the key is not a valid key of its kind")]
    NotAKey,
    /// `use`, `key_ops` or `alg` say that the key is for something else.
    #[error("the key is not meant for this use")]
    WrongUse,
}

impl Curve {
    /// The name as JOSE writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// Bytes of one coordinate.
    pub(crate) const fn coordinate(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

impl Jwk {
    /// Reads a public key.
    ///
    /// # Errors
    /// [`JwkError`]; whether a point lies on its curve is checked by [`Jwk::verifying_key`].
    pub fn parse(value: &Value) -> Result<Self, JwkError> {
        let members = value.as_object().ok_or(JwkError::Malformed)?;
        if ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|name| members.contains_key(*name)) {
            return Err(JwkError::Private);
        }
        let (key, own) = read_key(members)?;
        let (written, rest) = members.clone().into_iter().partition(|(name, _)| own.contains(&name.as_str()));
        let jwk = Self { key, written, rest };
        for name in ["kid", "alg", "use"] {
            if jwk.rest.get(name).is_some_and(|member| !member.is_string()) {
                return Err(JwkError::Malformed);
            }
        }
        Ok(jwk)
    }

    /// A bare key.
    pub(crate) fn new(key: KeyKind) -> Self {
        let written = write_key(&key);
        Self { key, written, rest: Map::new() }
    }

    /// The public key of Ed25519.
    pub fn ed25519(public: [u8; 32]) -> Self {
        Self::new(KeyKind::Ed25519(public))
    }

    /// The key itself.
    pub fn kind(&self) -> &KeyKind {
        &self.key
    }

    /// `kid` as the publisher wrote it.
    pub fn kid(&self) -> Option<&str> {
        self.text("kid")
    }

    /// `alg` as the publisher wrote it.
    pub fn alg(&self) -> Option<&str> {
        self.text("alg")
    }

    /// The same key under this `kid`.
    #[must_use]
    pub fn with_kid(mut self, kid: &str) -> Self {
        self.rest.insert("kid".to_owned(), kid.into());
        self
    }

    /// The same key with this further member, for example `use`.
    #[must_use]
    pub fn with_member(mut self, name: &str, value: Value) -> Self {
        self.rest.insert(name.to_owned(), value);
        self
    }

    /// A member that is not part of the key itself, for example `crlVersion`.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.rest.get(name)
    }

    /// The certificates in `x5c`, the key's own first; empty where there are none.
    ///
    /// # Errors
    /// [`CertificateError`] when one does not read.
    pub fn certificates(&self) -> Result<Vec<Certificate>, CertificateError> {
        let Some(chain) = self.rest.get("x5c") else { return Ok(Vec::new()) };
        let chain = chain.as_array().ok_or(CertificateError)?;
        chain.iter().map(|text| Certificate::from_base64(text.as_str().ok_or(CertificateError)?)).collect()
    }

    /// RFC 7638 thumbprint with SHA-256, base64url.
    pub fn thumbprint(&self) -> String {
        // Section 3.2 asks for the members in the order of their names.
        let members: std::collections::BTreeMap<&String, &Value> = self.written.iter().collect();
        let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        b64u::encode(&sha256(format!("{{{}}}", members.join(",")).as_bytes()))
    }

    /// The key as a verifier for one algorithm.
    ///
    /// # Errors
    /// [`JwkError::WrongUse`] when the key says that it is not for this; [`JwkError::NotAKey`] for a point off the
    /// curve, an RSA key below 2048 bits or of a make whose factors can be found.
    pub fn verifying_key(&self, algorithm: Algorithm) -> Result<VerifyingKey, JwkError> {
        let operations = self.rest.get("key_ops").and_then(Value::as_array);
        let fits = self.alg().is_none_or(|alg| alg == algorithm.as_str())
            && self.text("use").is_none_or(|use_| use_ == "sig")
            && operations.is_none_or(|all| all.iter().any(|one| one == "verify"));
        if !fits {
            return Err(JwkError::WrongUse);
        }
        VerifyingKey::new(&self.key, algorithm)
    }

    /// Verifies a signature that the key made with this algorithm.
    ///
    /// # Errors
    /// [`BadSignature`] also when the key is not for this algorithm.
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.verifying_key(algorithm).map_err(|_| BadSignature)?.verify(message, signature)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.rest.get(name).and_then(Value::as_str)
    }
}

/// The members that make the key.
fn write_key(key: &KeyKind) -> Map<String, Value> {
    let members = match key {
        KeyKind::Ed25519(x) => json!({"crv": "Ed25519", "kty": "OKP", "x": b64u::encode(x)}),
        KeyKind::Ec(curve, point) => {
            let (x, y) = point.split_at_checked(1 + curve.coordinate()).unwrap_or_default();
            let x = x.strip_prefix(&[4]).unwrap_or_default();
            json!({"crv": curve.as_str(), "kty": "EC", "x": b64u::encode(x), "y": b64u::encode(y)})
        }
        KeyKind::Rsa(n, e) => json!({"e": b64u::encode(e), "kty": "RSA", "n": b64u::encode(n)}),
    };
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// The key and the names of the members it was read from.
fn read_key(members: &Map<String, Value>) -> Result<(KeyKind, &'static [&'static str]), JwkError> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).ok_or(JwkError::Malformed);
    let bytes = |name: &str| text(name).and_then(|text| b64u::decode(text).map_err(|_| JwkError::Malformed));
    match text("kty")? {
        "OKP" => match text("crv")? {
            "Ed25519" => {
                let x = bytes("x")?.try_into().map_err(|_| JwkError::NotAKey)?;
                Ok((KeyKind::Ed25519(x), &["kty", "crv", "x"]))
            }
            _ => Err(JwkError::Unsupported),
        },
        "EC" => {
            let curve = match text("crv")? {
                "P-256" => Curve::P256,
                "P-384" => Curve::P384,
                _ => return Err(JwkError::Unsupported),
            };
            let (x, y) = (coordinate(&bytes("x")?, curve)?, coordinate(&bytes("y")?, curve)?);
            Ok((KeyKind::Ec(curve, [&[4], x.as_slice(), &y].concat()), &["kty", "crv", "x", "y"]))
        }
        "RSA" => {
            let (n, e) = (bytes("n")?, bytes("e")?);
            // RFC 7518, section 6.3.1.1: no leading zero octet.
            if n.first().is_none_or(|first| *first == 0) || e.first().is_none_or(|first| *first == 0) {
                return Err(JwkError::NotAKey);
            }
            Ok((KeyKind::Rsa(n, e), &["kty", "n", "e"]))
        }
        "oct" => Err(JwkError::Private),
        _ => Err(JwkError::Unsupported),
    }
}

/// A coordinate in its full length. RFC 7518, section 6.2.1.2 asks for that; issuers exist whose software drops zeros
/// at the front, which changes no key, so that up to two are put back. The thumbprint stays that of the key as written.
fn coordinate(bytes: &[u8], curve: Curve) -> Result<Vec<u8>, JwkError> {
    let missing = curve.coordinate().checked_sub(bytes.len()).filter(|missing| *missing <= 2);
    let mut full = vec![0; missing.ok_or(JwkError::NotAKey)?];
    full.extend_from_slice(bytes);
    Ok(full)
}

impl TryFrom<Value> for Jwk {
    type Error = JwkError;

    fn try_from(value: Value) -> Result<Self, JwkError> {
        Self::parse(&value)
    }
}

impl From<Jwk> for Value {
    fn from(jwk: Jwk) -> Value {
        let mut members = jwk.written;
        members.extend(jwk.rest);
        Value::Object(members)
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jwk({})", self.thumbprint())
    }
}

#[cfg(test)]
mod tests;
