use crypto::{Algorithm, Jwks, Jws, JwsError, NotSignedBy};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use thiserror::Error;
use types::Secret;
use url::Url;

use crate::Configuration;
use crate::answer::text;
use crate::code::coded;

mod discovery;

pub use discovery::{IdentityError, KeysAt, UncheckedIdentity};

/// By how much two clocks may differ.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// Longest text that is read.
const LONGEST: usize = 32 * 1024;

/// Who signed in, proven.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// `iss`.
    pub issuer: String,
    /// `sub`: together with the issuer, who this is.
    pub subject: String,
    /// `fhirUser`: the resource of the person who signed in, as written; relative or absolute.
    pub fhir_user: Option<String>,
}

/// What an identity token must agree with.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The issuer whose keys are used.
    pub issuer: &'a str,
    /// The client that launched.
    pub client_id: &'a str,
    /// The nonce that was sent.
    pub nonce: &'a str,
}

/// Why an identity token proves nothing (OpenID Connect Core 1.0, section 3.1.3.7).
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdTokenError {
    /// Not a signed text with claims, or a claim of the wrong type.
    #[error("the identity token does not read")]
    Malformed,
    /// `none`, an HMAC, or another algorithm that is not accepted.
    #[error("the identity token is signed in a way that is not accepted")]
    Algorithm,
    /// No published key fits; keys may have been changed since they were read.
    #[error("no published key fits the identity token")]
    NoKey,
    /// The signature is wrong.
    #[error("the signature of the identity token is wrong")]
    BadSignature,
    /// Another issuer.
    #[error("the identity token is of another issuer")]
    WrongIssuer,
    /// For another client.
    #[error("the identity token is for another client")]
    WrongAudience,
    /// Issued to another client (`azp`).
    #[error("the identity token was issued to another client")]
    WrongParty,
    /// Over.
    #[error("the identity token has expired")]
    Expired,
    /// From the future.
    #[error("the identity token is not yet valid")]
    NotYetValid,
    /// Of another launch.
    #[error("the identity token belongs to another launch")]
    NonceMismatch,
    /// It says nothing of who.
    #[error("the identity token names nobody")]
    NoSubject,
}

coded!(IdTokenError {
    Self::Malformed => "idToken.malformed" Them,
    Self::Algorithm => "idToken.algorithm" Them,
    Self::NoKey => "idToken.noKey" Them,
    Self::BadSignature => "idToken.badSignature" Them,
    Self::WrongIssuer => "idToken.wrongIssuer" Them,
    Self::WrongAudience => "idToken.wrongAudience" Them,
    Self::WrongParty => "idToken.wrongParty" Them,
    Self::Expired => "idToken.expired" Unknown,
    Self::NotYetValid => "idToken.notYetValid" Unknown,
    Self::NonceMismatch => "idToken.nonceMismatch" Them,
    Self::NoSubject => "idToken.noSubject" Them,
});

/// An identity token that was read and not yet verified.
#[derive(Debug)]
pub struct IdToken {
    jws: Jws,
    claims: Map<String, Value>,
}

impl IdToken {
    /// Reads the text. Nothing is proven by reading.
    ///
    /// # Errors
    /// [`IdTokenError::Malformed`] or [`IdTokenError::Algorithm`].
    pub fn parse(token: &str) -> Result<Self, IdTokenError> {
        let jws = Jws::parse(token, LONGEST).map_err(|error| match error {
            JwsError::Algorithm => IdTokenError::Algorithm,
            _ => IdTokenError::Malformed,
        })?;
        match serde_json::from_slice(jws.payload()) {
            Ok(Value::Object(claims)) => Ok(Self { jws, claims }),
            _ => Err(IdTokenError::Malformed),
        }
    }

    /// `iss`, unproven: only to find the keys with.
    pub fn issuer(&self) -> Result<&str, IdTokenError> {
        text(&self.claims, "iss").ok_or(IdTokenError::Malformed)
    }

    /// Verifies the signature, then every claim.
    ///
    /// # Errors
    /// [`IdTokenError`]; on [`IdTokenError::NoKey`], keys read afresh may help.
    pub fn verify(&self, keys: &Jwks, expected: &Expected<'_>, now: Timestamp) -> Result<Identity, IdTokenError> {
        keys.verify(&self.jws).map_err(|error| match error {
            NotSignedBy::NoKey => IdTokenError::NoKey,
            NotSignedBy::Signature => IdTokenError::BadSignature,
        })?;
        let issuer = self.issuer()?;
        if issuer != expected.issuer {
            return Err(IdTokenError::WrongIssuer);
        }
        self.check_audience(expected.client_id)?;
        let ends = self.time("exp")?.ok_or(IdTokenError::Malformed)?;
        if ends.saturating_add(LEEWAY).unwrap_or(Timestamp::MAX) <= now {
            return Err(IdTokenError::Expired);
        }
        for begins in [self.time("iat")?.ok_or(IdTokenError::Malformed)?, self.time("nbf")?.unwrap_or(Timestamp::MIN)] {
            if begins.saturating_sub(LEEWAY).unwrap_or(Timestamp::MIN) > now {
                return Err(IdTokenError::NotYetValid);
            }
        }
        let nonce = text(&self.claims, "nonce").unwrap_or_default();
        if !crypto::constant_time_eq(nonce.as_bytes(), expected.nonce.as_bytes()) {
            return Err(IdTokenError::NonceMismatch);
        }
        let subject = text(&self.claims, "sub").ok_or(IdTokenError::NoSubject)?;
        Ok(Identity {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            fhir_user: text(&self.claims, "fhirUser").map(str::to_owned),
        })
    }

    fn check_audience(&self, client_id: &str) -> Result<(), IdTokenError> {
        let named = match self.claims.get("aud") {
            Some(Value::String(one)) => one == client_id,
            Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(client_id)),
            _ => return Err(IdTokenError::Malformed),
        };
        if !named {
            return Err(IdTokenError::WrongAudience);
        }
        match self.claims.get("azp").and_then(Value::as_str) {
            Some(party) if party != client_id => Err(IdTokenError::WrongParty),
            _ => Ok(()),
        }
    }

    /// A time claim in seconds, as a whole or a broken number.
    fn time(&self, claim: &str) -> Result<Option<Timestamp>, IdTokenError> {
        let Some(value) = self.claims.get(claim) else { return Ok(None) };
        let Value::Number(number) = value else { return Err(IdTokenError::Malformed) };
        let whole = number.to_string();
        let whole = whole.split('.').next().unwrap_or_default();
        let seconds = whole.parse().map_err(|_| IdTokenError::Malformed)?;
        Timestamp::from_second(seconds).map(Some).map_err(|_| IdTokenError::Malformed)
    }
}

/// Algorithms an identity token may be signed with; named for servers that ask at registration.
pub const ID_TOKEN_ALGORITHMS: [Algorithm; 5] =
    [Algorithm::Rs256, Algorithm::Es256, Algorithm::Rs384, Algorithm::Es384, Algorithm::EdDsa];

#[cfg(test)]
mod tests;
