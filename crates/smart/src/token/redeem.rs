use jiff::Timestamp;
use types::Secret;

use super::answer::TokenAnswer;
use super::{TokenError, Tokens};
use crate::answer::Answer;
use crate::id_token::UncheckedIdentity;
use crate::{Client, Configuration, Scopes};

/// A code on its way to the token endpoint.
#[derive(Debug)]
pub struct Redeeming {
    configuration: Configuration,
    client: Client,
    asked: Scopes,
    nonce: Secret<String>,
}

/// What the token endpoint gave. Where there is an identity, it is checked before anything is kept.
#[derive(Debug)]
#[must_use]
pub struct Granted {
    /// The tokens.
    pub tokens: Tokens,
    /// Who signed in, said but not yet proven; `None` when the server gave no `id_token`.
    pub identity: Option<UncheckedIdentity>,
}

impl Redeeming {
    pub(crate) fn new(configuration: Configuration, client: Client, asked: Scopes, nonce: Secret<String>) -> Self {
        Self { configuration, client, asked, nonce }
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`TokenError`]. The code is spent either way: a new launch is needed.
    pub fn answer(self, response: &http::Response<Vec<u8>>, now: Timestamp) -> Result<Granted, TokenError> {
        let read = TokenAnswer::read(&Answer::of(response))?;
        let tokens = Tokens {
            access: read.access(),
            expires: read.expires(now),
            refresh: read.refresh(),
            scopes: read.scopes(&self.asked),
            patient: read.patient()?.ok_or(TokenError::NoPatient)?,
        };
        // An identity nobody asked for is not looked at: no nonce binds it to this launch.
        let asked = self.asked.has("openid");
        let identity = read.id_token().filter(|_| asked);
        let identity =
            identity.map(|text| UncheckedIdentity::new(text, &self.configuration, self.client.id(), self.nonce));
        Ok(Granted { tokens, identity })
    }
}
