use thiserror::Error;
use types::ServerUrl;

use super::{Configuration, Expected, IdToken, IdTokenError, Identity, Jwks, Secret, Timestamp, Url, text};
use crate::answer::Answer;
use crate::code::coded;
use crate::endpoint;

/// An identity that was said at the token endpoint and must still be proven (SMART App Launch 2.2, "Steps for using
/// an ID token").
#[derive(Debug)]
#[must_use]
pub struct UncheckedIdentity {
    token: Secret<String>,
    base: ServerUrl,
    issuer: Option<String>,
    keys: Option<Url>,
    near: Vec<Url>,
    client_id: String,
    nonce: Secret<String>,
}

/// What the caller brings next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeysAt {
    /// The issuer's OpenID configuration; hand it to [`UncheckedIdentity::discovered`].
    Discovery(Url),
    /// The keys; hand them to [`UncheckedIdentity::verify`].
    Keys(Url),
}

/// Why the keys of an issuer are not found.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityError {
    /// The token names an issuer that has nothing to do with the server.
    #[error("the identity token names a foreign issuer")]
    ForeignIssuer,
    /// The OpenID configuration or the keys did not come with status 200.
    #[error("the issuer did not give its keys")]
    Status(u16),
    /// They are not what they should be.
    #[error("the issuer's answer does not read")]
    NotJson,
    /// The OpenID configuration is of another issuer (OpenID Connect Discovery 1.0, section 4.3).
    #[error("the configuration is of another issuer")]
    OtherIssuer,
    /// The OpenID configuration names no keys, or none that can be fetched.
    #[error("the issuer names no keys")]
    NoKeys,
    /// The token itself.
    #[error("the identity token proves nothing")]
    Token(#[from] IdTokenError),
}

coded!(IdentityError {
    Self::ForeignIssuer => "identity.foreignIssuer" Them,
    Self::Status(_) => "identity.status" Them,
    Self::NotJson => "identity.notJson" Them,
    Self::OtherIssuer => "identity.otherIssuer" Them,
    Self::NoKeys => "identity.noKeys" Them,
    Self::Token(IdTokenError::Malformed) => "idToken.malformed" Them,
    Self::Token(IdTokenError::Algorithm) => "idToken.algorithm" Them,
    Self::Token(IdTokenError::NoKey) => "idToken.noKey" Them,
    Self::Token(IdTokenError::BadSignature) => "idToken.badSignature" Them,
    Self::Token(IdTokenError::WrongIssuer) => "idToken.wrongIssuer" Them,
    Self::Token(IdTokenError::WrongAudience) => "idToken.wrongAudience" Them,
    Self::Token(IdTokenError::WrongParty) => "idToken.wrongParty" Them,
    Self::Token(IdTokenError::Expired) => "idToken.expired" Unknown,
    Self::Token(IdTokenError::NotYetValid) => "idToken.notYetValid" Unknown,
    Self::Token(IdTokenError::NonceMismatch) => "idToken.nonceMismatch" Them,
    Self::Token(IdTokenError::NoSubject) => "idToken.noSubject" Them,
});

impl UncheckedIdentity {
    pub(crate) fn new(token: String, configuration: &Configuration, client_id: &str, nonce: Secret<String>) -> Self {
        let near = [configuration.base.as_url(), &configuration.authorize, &configuration.token];
        Self {
            token: Secret::new(token),
            base: configuration.base.clone(),
            issuer: configuration.issuer.clone(),
            // Keys beside the issuer's name, in one document: no second one is needed.
            keys: configuration.jwks.clone().filter(|_| configuration.issuer.is_some()),
            near: near.into_iter().cloned().collect(),
            client_id: client_id.to_owned(),
            nonce,
        }
    }

    /// What to bring next.
    ///
    /// # Errors
    /// [`IdentityError`] when the token names an issuer that is not the server's.
    pub fn keys_at(&self) -> Result<KeysAt, IdentityError> {
        let issuer = self.trusted_issuer()?;
        if let Some(keys) = &self.keys {
            return Ok(KeysAt::Keys(keys.clone()));
        }
        let below = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        endpoint::read(&below, &self.base).map(KeysAt::Discovery).map_err(|_| IdentityError::ForeignIssuer)
    }

    /// Reads the issuer's OpenID configuration.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn discovered(mut self, answer: &Answer<'_>) -> Result<Self, IdentityError> {
        if answer.status != 200 {
            return Err(IdentityError::Status(answer.status));
        }
        let document = answer.object().map_err(|_| IdentityError::NotJson)?;
        if text(&document, "issuer") != Some(self.trusted_issuer()?.as_str()) {
            return Err(IdentityError::OtherIssuer);
        }
        let keys = text(&document, "jwks_uri").ok_or(IdentityError::NoKeys)?;
        self.keys = Some(endpoint::read(keys, &self.base).map_err(|_| IdentityError::NoKeys)?);
        Ok(self)
    }

    /// Verifies the identity with the issuer's keys.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn verify(&self, keys: &Answer<'_>, now: Timestamp) -> Result<Identity, IdentityError> {
        if keys.status != 200 {
            return Err(IdentityError::Status(keys.status));
        }
        let keys = Jwks::parse(keys.body).map_err(|_| IdentityError::NotJson)?;
        let issuer = self.trusted_issuer()?;
        let expected = Expected { issuer: &issuer, client_id: &self.client_id, nonce: self.nonce.expose() };
        Ok(IdToken::parse(self.token.expose())?.verify(&keys, &expected, now)?)
    }

    /// The issuer the server's configuration names; where it names none, the token's, if it lives where the server
    /// does.
    fn trusted_issuer(&self) -> Result<String, IdentityError> {
        if let Some(issuer) = &self.issuer {
            return Ok(issuer.clone());
        }
        let token = IdToken::parse(self.token.expose())?;
        let issuer = token.issuer()?;
        let url = Url::parse(issuer).map_err(|_| IdentityError::ForeignIssuer)?;
        let near = self.near.iter().any(|near| near.origin() == url.origin());
        if near { Ok(issuer.to_owned()) } else { Err(IdentityError::ForeignIssuer) }
    }
}
