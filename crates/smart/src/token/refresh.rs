use jiff::Timestamp;
use thiserror::Error;
use types::{Secret, Whose};
use url::Url;

use super::answer::TokenAnswer;
use super::{TokenError, form_request, refresh_request};
use crate::answer::Answer;
use crate::refusal::{Refusal, RefusalKind};
use crate::{Client, ClientError, Proof, Scopes};

/// RFC 7523, section 2.1.
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Renews an access token without the person.
#[derive(Debug)]
pub struct Refresh;

/// A renewal on its way.
#[derive(Debug)]
pub struct Refreshing {
    had: Scopes,
    patient: String,
}

/// What a renewal brought.
#[derive(Debug)]
#[must_use]
pub struct Refreshed {
    /// The new access token.
    pub access: Secret<String>,
    /// When it ends, when the server said so.
    pub expires: Option<Timestamp>,
    /// What is granted now; never more than before counts.
    pub scopes: Scopes,
    /// What to do about the refresh token.
    pub refresh: NextRefresh,
}

/// What becomes of the refresh token.
#[derive(Debug)]
#[must_use]
pub enum NextRefresh {
    /// It stays as it is.
    Keep,
    /// It is replaced. Store this one before the old one is forgotten: a server that rotates refuses the old one from
    /// now on, and whoever loses the new one must sign in again (SMART App Launch 2.2, "Refresh access token").
    Replace(Secret<String>),
}

/// Why a renewal failed.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshError {
    /// `invalid_grant`: leave to come back has ended, or was taken back. The person signs in again.
    #[error("the leave to come back has ended")]
    Ended(Refusal),
    /// The new token is for another patient than the connection.
    #[error("the new token is for another patient")]
    OtherPatient,
    /// The answer is no token.
    #[error("no new token came back")]
    Token(#[source] TokenError),
}

impl RefreshError {
    #[cfg(test)]
    pub(crate) const OWN: &'static [&'static str] = &["refresh.ended", "refresh.otherPatient"];

    /// The code the message files know.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ended(_) => "refresh.ended",
            Self::OtherPatient => "refresh.otherPatient",
            Self::Token(error) => error.code(),
        }
    }

    /// Who erred.
    pub fn whose(&self) -> Whose {
        match self {
            Self::Ended(_) | Self::OtherPatient => Whose::Them,
            Self::Token(error) => error.whose(),
        }
    }

    /// Whether the same request may succeed a little later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Token(error) if error.is_passing())
    }
}

impl Refresh {
    /// Writes the request. `had` and `patient` are what the connection was granted; no scope is asked for, so that it
    /// stays.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn begin(
        token_endpoint: &Url,
        client: &Client,
        refresh: &Secret<String>,
        had: Scopes,
        patient: &str,
        proof: &Proof,
    ) -> Result<(http::Request<Vec<u8>>, Refreshing), ClientError> {
        let request = refresh_request(token_endpoint, client, refresh, proof)?;
        Ok((request, Refreshing { had, patient: patient.to_owned() }))
    }

    /// The other way to come back, for servers that give a public client no refresh token: a client that registered
    /// its key with the first access token shows an assertion as the grant (RFC 7523, section 2.1).
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn by_assertion(
        token_endpoint: &Url,
        client: &Client,
        had: Scopes,
        patient: &str,
        proof: &Proof,
    ) -> Result<(http::Request<Vec<u8>>, Refreshing), ClientError> {
        let assertion = proof.assertion().ok_or(ClientError::ProofMissing)?;
        let form = [("grant_type", JWT_BEARER), ("assertion", assertion), ("client_id", client.id())];
        let request = form_request(token_endpoint, form)?;
        Ok((request, Refreshing { had, patient: patient.to_owned() }))
    }
}

impl Refreshing {
    /// Reads the answer.
    ///
    /// # Errors
    /// [`RefreshError`]; after [`RefreshError::Ended`] the old token is of no more use.
    pub fn answer(self, response: &http::Response<Vec<u8>>, now: Timestamp) -> Result<Refreshed, RefreshError> {
        let read = TokenAnswer::read(&Answer::of(response)).map_err(|error| match error {
            TokenError::Refused(refusal) if refusal.kind == RefusalKind::InvalidGrant => RefreshError::Ended(refusal),
            other => RefreshError::Token(other),
        })?;
        match read.patient().map_err(RefreshError::Token)? {
            Some(patient) if patient != self.patient => return Err(RefreshError::OtherPatient),
            _ => {}
        }
        Ok(Refreshed {
            access: read.access(),
            expires: read.expires(now),
            scopes: read.scopes(&self.had),
            refresh: read.refresh().map_or(NextRefresh::Keep, NextRefresh::Replace),
        })
    }
}
