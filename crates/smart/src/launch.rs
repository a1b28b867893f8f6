use std::borrow::Cow;

use crypto::b64u;
use jiff::{SignedDuration, Timestamp};
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope as OauthScope,
    basic::BasicClient,
};
use types::Secret;
use url::Url;

use crate::token::{self, Redeeming};
use crate::{Client, ClientError, Configuration, Proof, Scopes};

mod callback;

pub use callback::{CallbackError, Code};

/// How long the browser may be away. A person may have to find a password, a second factor and a form.
pub const LAUNCH_LIFE: SignedDuration = SignedDuration::from_mins(15);

/// The exact address the browser comes back to: `http://127.0.0.1:{port}/callback` (RFC 8252, section 7.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect(String);

impl Redirect {
    /// The redirect to a port this program listens on.
    pub fn loopback(port: u16) -> Self {
        Self(format!("http://127.0.0.1:{port}/callback"))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Starts a standalone launch (SMART App Launch 2.2, "Launch App: Standalone Launch").
#[derive(Debug)]
pub struct Launch;

/// A launch whose browser is away.
#[derive(Debug)]
pub struct Waiting {
    configuration: Configuration,
    client: Client,
    redirect: Redirect,
    asked: Scopes,
    state: Secret<String>,
    nonce: Secret<String>,
    verifier: Secret<String>,
    began: Timestamp,
}

impl Launch {
    /// Writes the address for the system's browser and what to remember until it comes back.
    ///
    /// `random` becomes `state`, `nonce` and the PKCE verifier, 256 bits each.
    ///
    /// # Errors
    /// [`ClientError::EndpointsApart`] when the configuration must be confirmed first; [`ClientError::Unsendable`] when
    /// the redirect does not read as an address.
    pub fn begin(
        configuration: &Configuration,
        client: Client,
        redirect: Redirect,
        scopes: Scopes,
        random: &Secret<[u8; 96]>,
        now: Timestamp,
    ) -> Result<(Url, Waiting), ClientError> {
        if configuration.to_confirm().is_some() {
            return Err(ClientError::EndpointsApart);
        }
        let mut parts = random.expose().chunks_exact(32).map(|part| Secret::new(b64u::encode(part)));
        let mut part = || parts.next().ok_or(ClientError::Unsendable);
        let (state, nonce, verifier) = (part()?, part()?, part()?);

        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.expose().clone()));
        let back = RedirectUrl::new(redirect.0.clone()).map_err(|_| ClientError::Unsendable)?;
        let server = BasicClient::new(ClientId::new(client.id().to_owned()))
            .set_auth_uri(AuthUrl::from_url(configuration.authorize.clone()));
        let mut request = server
            .authorize_url(|| CsrfToken::new(state.expose().clone()))
            .set_redirect_uri(Cow::Owned(back))
            .set_pkce_challenge(challenge)
            .add_scopes(scopes.iter().map(|scope| OauthScope::new(scope.as_str().to_owned())))
            .add_extra_param("aud", configuration.base.as_str());
        if scopes.has("openid") {
            request = request.add_extra_param("nonce", nonce.expose().clone());
        }
        let (address, _) = request.url();
        let waiting = Waiting {
            configuration: configuration.clone(),
            client,
            redirect,
            asked: scopes,
            state,
            nonce,
            verifier,
            began: now,
        };
        Ok((address, waiting))
    }
}

impl Waiting {
    /// When the launch is given up.
    pub fn ends(&self) -> Timestamp {
        self.began.saturating_add(LAUNCH_LIFE).unwrap_or(Timestamp::MAX)
    }

    /// Where the code will be redeemed, for a keyed client's assertion.
    pub fn token_endpoint(&self) -> &Url {
        &self.configuration.token
    }

    /// The client that launches.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Reads what the browser came back with: the query of the redirect, without `?`. The launch stays waiting, so
    /// that a stranger's request to the port ends nothing; see [`CallbackError::is_foreign`].
    ///
    /// # Errors
    /// [`CallbackError`].
    pub fn callback(&self, query: &str, now: Timestamp) -> Result<Code, CallbackError> {
        callback::read(self, query, now)
    }

    /// Writes the request that redeems the code. A keyed client shows its proof; a public one [`Proof::none`].
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn redeem(self, code: Code, proof: &Proof) -> Result<(http::Request<Vec<u8>>, Redeeming), ClientError> {
        let request = token::code_request(
            &self.configuration.token,
            &self.client,
            &self.redirect,
            code.into_secret(),
            self.verifier.expose(),
            proof,
        )?;
        Ok((request, Redeeming::new(self.configuration, self.client, self.asked, self.nonce)))
    }

    fn is_state(&self, given: &str) -> bool {
        crypto::constant_time_eq(self.state.expose().as_bytes(), given.as_bytes())
    }
}

#[cfg(test)]
mod tests;
