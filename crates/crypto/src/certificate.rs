use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P256_SHA512_ASN1, ECDSA_P384_SHA256_ASN1,
    ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA512_ASN1, ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, EcdsaVerificationAlgorithm, UnparsedPublicKey,
};
use thiserror::Error;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, DecodePem, Encode};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use crate::{BadSignature, Jwk, KeyKind, b64u};

const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");

/// An X.509 certificate with an elliptic key, as issuers of health cards use them. Reading it trusts nothing.
#[derive(Clone)]
pub struct Certificate(x509_cert::Certificate);

/// The bytes are not a certificate.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the bytes are not a certificate")]
pub struct CertificateError;

impl Certificate {
    /// Reads DER.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        x509_cert::Certificate::from_der(der).map(Self).map_err(|_| CertificateError)
    }

    /// Reads PEM.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_pem(pem: &[u8]) -> Result<Self, CertificateError> {
        x509_cert::Certificate::from_pem(pem).map(Self).map_err(|_| CertificateError)
    }

    /// Reads one text of `x5c`: standard base64 of DER.
    pub(crate) fn from_base64(text: &str) -> Result<Self, CertificateError> {
        Self::from_der(&b64u::decode_standard(text).map_err(|_| CertificateError)?)
    }

    /// First and last second of its validity, in seconds since 1970.
    pub fn validity(&self) -> (u64, u64) {
        let validity = self.0.tbs_certificate().validity();
        (validity.not_before.to_unix_duration().as_secs(), validity.not_after.to_unix_duration().as_secs())
    }

    /// The addresses in the subject's alternative name.
    pub fn addresses(&self) -> Vec<String> {
        let Ok(Some((_, names))) = self.0.tbs_certificate().get_extension::<SubjectAltName>() else {
            return Vec::new();
        };
        let address = |name: &GeneralName| match name {
            GeneralName::UniformResourceIdentifier(text) => Some(text.as_str().to_owned()),
            _ => None,
        };
        names.0.iter().filter_map(address).collect()
    }

    /// Whether the certificate is for this key.
    pub fn is_for(&self, jwk: &Jwk) -> bool {
        match jwk.kind() {
            KeyKind::Ec(_, point) => self.point() == point.as_slice(),
            _ => false,
        }
    }

    /// Whether the issuer's key signed this certificate.
    ///
    /// # Errors
    /// [`BadSignature`], also for algorithms other than ECDSA with SHA-2.
    pub fn signed_by(&self, issuer: &Self) -> Result<(), BadSignature> {
        let signed = self.0.tbs_certificate().to_der().map_err(|_| BadSignature)?;
        issuer.verify_with(self.0.signature_algorithm().oid, &signed, self.0.signature().raw_bytes())
    }

    /// Verifies an ECDSA signature in DER by the certificate's key, with the hash that matches its curve
    /// (P-256 with SHA-256, P-384 with SHA-384, P-521 with SHA-512).
    ///
    /// # Errors
    /// [`BadSignature`], also when the key is of another kind.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let algorithm = match self.curve() {
            Some(P256) => ECDSA_SHA256,
            Some(P384) => ECDSA_SHA384,
            Some(P521) => ECDSA_SHA512,
            _ => return Err(BadSignature),
        };
        self.verify_with(algorithm, message, signature)
    }

    fn verify_with(&self, algorithm: ObjectIdentifier, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let curve = self.curve().ok_or(BadSignature)?;
        let algorithm: &'static EcdsaVerificationAlgorithm = match (curve, algorithm) {
            (P256, ECDSA_SHA256) => &ECDSA_P256_SHA256_ASN1,
            (P256, ECDSA_SHA384) => &ECDSA_P256_SHA384_ASN1,
            (P256, ECDSA_SHA512) => &ECDSA_P256_SHA512_ASN1,
            (P384, ECDSA_SHA256) => &ECDSA_P384_SHA256_ASN1,
            (P384, ECDSA_SHA384) => &ECDSA_P384_SHA384_ASN1,
            (P384, ECDSA_SHA512) => &ECDSA_P384_SHA512_ASN1,
            (P521, ECDSA_SHA256) => &ECDSA_P521_SHA256_ASN1,
            (P521, ECDSA_SHA384) => &ECDSA_P521_SHA384_ASN1,
            (P521, ECDSA_SHA512) => &ECDSA_P521_SHA512_ASN1,
            _ => return Err(BadSignature),
        };
        UnparsedPublicKey::new(algorithm, self.point()).verify(message, signature).map_err(|_| BadSignature)
    }

    fn curve(&self) -> Option<ObjectIdentifier> {
        let parameters = self.0.tbs_certificate().subject_public_key_info().algorithm.parameters.as_ref()?;
        parameters.decode_as().ok()
    }

    fn point(&self) -> &[u8] {
        self.0.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes()
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(…)")
    }
}
