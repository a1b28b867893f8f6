//! Clients and tokens: who this wallet is to a system, and leave to ask it.

use crypto::{Algorithm, Jwk};
use fetch::Limits;
use jiff::SignedDuration;
use keychain::KeyKind;
use smart::token::{NextRefresh, Refresh, Refreshed, TokenKind, revoke, revoked};
use smart::{Client, Proof, Redirect, Registration, Scopes, Tokens};
use types::{ConnectionId, Secret};
use url::Url;

use crate::connections::Link;
use crate::error::WalletError;
use crate::launch::{Discovered, LaunchError, answer_of};
use crate::pull::PullError;
use crate::views::Revoked;
use crate::{Wallet, now};

/// The name this wallet goes by where nobody gave it another.
const CLIENT_ID: &str = "satchel";
/// The name people read at a system.
const NAME: &str = "Satchel";
/// A token that ends sooner than this is renewed before it is used.
const NEARLY_OVER: SignedDuration = SignedDuration::from_secs(60);

/// A client, and its key in the key store: entry and `kid`.
pub(crate) struct ClientOf {
    pub(crate) client: Client,
    pub(crate) key: Option<(String, String)>,
}

impl ClientOf {
    pub(crate) fn of(link: &Link) -> Self {
        let id = link.details.client_id.clone();
        match &link.details.client_key {
            None => Self { client: Client::Public { id }, key: None },
            Some(key) => Self {
                client: Client::Keyed { id, kid: key.kid.clone(), algorithm: Algorithm::Es384 },
                key: Some((key.entry.clone(), key.kid.clone())),
            },
        }
    }
}

impl Wallet {
    /// Who this wallet is to a system: the `client_id` the owner was given, or one it registers for itself.
    pub(crate) async fn client_for(
        &self,
        found: &Discovered,
        given: Option<&str>,
        redirect: &Redirect,
    ) -> Result<ClientOf, WalletError> {
        if let (None, Some(endpoint)) = (given, &found.configuration.registration)
            && let Some(registered) = self.register(found, endpoint, redirect).await?
        {
            return Ok(registered);
        }
        Ok(ClientOf { client: Client::Public { id: given.unwrap_or(CLIENT_ID).to_owned() }, key: None })
    }

    /// Registers a client with a key of its own where the system takes one, else a public one. `None` when the system
    /// does not register it: the common name is tried then.
    async fn register(
        &self,
        found: &Discovered,
        endpoint: &Url,
        redirect: &Redirect,
    ) -> Result<Option<ClientOf>, WalletError> {
        let scopes = Scopes::for_launch(&found.configuration);
        let keyed = found.configuration.can("client-confidential-asymmetric");
        let key = if keyed { Some(self.make_client_key().await?) } else { None };
        let registration = match &key {
            Some((_, jwk)) => Registration::keyed(NAME, redirect.clone(), &scopes, jwk, Algorithm::Es384),
            None => Registration::public(NAME, redirect.clone(), &scopes),
        };
        let sent = self.fetch().post_json(endpoint, registration.body(), None, Limits::token()).await;
        let answer = sent
            .map_err(WalletError::from)
            .and_then(|response| Ok(registration.answer(&answer_of(&response)).map_err(LaunchError::Registration)?));
        match answer {
            Ok(client) => {
                let kid = match &client {
                    Client::Keyed { kid, .. } => kid.clone(),
                    Client::Public { .. } => String::new(),
                };
                Ok(Some(ClientOf { key: key.map(|(entry, _)| (entry, kid)), client }))
            }
            Err(error) => {
                tracing::info!(code = error.code(), "the system did not register a client");
                if let Some((entry, _)) = key {
                    self.with(move |open| open.forget_key(&entry)).await?;
                }
                Ok(None)
            }
        }
    }

    async fn make_client_key(&self) -> Result<(String, Jwk), WalletError> {
        self.with(|open| {
            let id = ConnectionId::from_random(crypto::random()?);
            let entry = format!("client-{id}");
            let jwk = open.keys.make_key(&entry, KeyKind::P384)?;
            Ok((entry, jwk))
        })
        .await
    }

    /// What a client shows with one request: nothing, or an assertion signed in the key store.
    pub(crate) async fn proof(&self, client: &ClientOf, token_endpoint: &Url) -> Result<Proof, WalletError> {
        let Some((entry, _)) = client.key.clone() else { return Ok(Proof::none()) };
        let assertion = client.client.assertion(token_endpoint, crypto::random()?, now());
        let assertion = assertion.map_err(LaunchError::Client)?;
        self.with(move |open| Ok(assertion.sign_with(|input| open.keys.sign(&entry, Algorithm::Es384, input))?)).await
    }

    /// A token that can be used now; renewed when it is nearly over, or when `not` names the one that was refused.
    pub(crate) async fn access_token(
        &self,
        id: &ConnectionId,
        not: Option<&Secret<String>>,
    ) -> Result<Secret<String>, WalletError> {
        // One renewal at a time: a server that rotates refuses the second use of a refresh token.
        let _one = self.shared.renewing.lock().await;
        let wanted = id.clone();
        let stored = self.with(move |open| Ok(open.vault.tokens(&open.current, &wanted)?)).await?;
        let is_good = |stored: &vault::Tokens| {
            let over = stored.expires.is_some_and(|at| at.duration_since(now()) < NEARLY_OVER);
            !over && not.is_none_or(|token| token.expose() != stored.access.expose())
        };
        let stored = match stored {
            Some(stored) if is_good(&stored) => return Ok(stored.access),
            stored => stored,
        };
        let link = self.link(id).await?;
        if let Some(mandate) = &link.details.mandate {
            return self.token_under(&link, mandate).await;
        }
        let Some(stored) = stored else { return Err(PullError::SignIn.into()) };
        let Some(refresh) = stored.refresh else {
            let id = id.clone();
            self.with(move |open| open.needs_sign_in(&id)).await?;
            return Err(PullError::SignIn.into());
        };
        self.renew(&link, refresh).await
    }

    async fn renew(&self, link: &Link, refresh: Secret<String>) -> Result<Secret<String>, WalletError> {
        let client = ClientOf::of(link);
        let endpoint = &link.details.token_endpoint;
        let proof = self.proof(&client, endpoint).await?;
        let had = Scopes::parse(&link.row.scopes);
        let begun = Refresh::begin(endpoint, &client.client, &refresh, had, &link.details.patient, &proof);
        let (request, refreshing) = begun.map_err(LaunchError::Client)?;
        let response = self.fetch().send(request, Limits::token()).await?;
        let refreshed = match refreshing.answer(&response, now()) {
            Ok(refreshed) => refreshed,
            Err(error) => {
                if !error.is_passing() {
                    let id = link.row.id.clone();
                    self.with(move |open| open.needs_sign_in(&id)).await?;
                }
                return Err(PullError::Refresh(error).into());
            }
        };
        let used = Secret::new(refreshed.access.expose().clone());
        let tokens = renewed(refreshed, refresh);
        let id = link.row.id.clone();
        // One row in one transaction: the new refresh token takes the place of the old one, never both lost.
        self.with(move |open| Ok(open.vault.set_tokens(&open.current, &id, Some(&tokens))?)).await?;
        Ok(used)
    }

    /// Asks the provider to take the tokens back: the refresh token first, then the access token.
    pub(crate) async fn revoke(&self, link: &Link) -> Result<Revoked, WalletError> {
        let id = link.row.id.clone();
        let stored = self.with(move |open| Ok(open.vault.tokens(&open.current, &id)?)).await?;
        let Some(endpoint) = &link.details.revocation_endpoint else { return Ok(Revoked::NotOffered) };
        let Some(stored) = stored else { return Ok(Revoked::Confirmed) };
        let client = ClientOf::of(link);
        let mut confirmed = true;
        let both =
            stored.refresh.into_iter().map(|t| (t, TokenKind::Refresh)).chain([(stored.access, TokenKind::Access)]);
        for (token, kind) in both {
            let proof = self.proof(&client, &link.details.token_endpoint).await?;
            let request = revoke(endpoint, &client.client, &token, kind, &proof).map_err(LaunchError::Client)?;
            let answer = self.fetch().send(request, Limits::token()).await;
            confirmed &= answer.is_ok_and(|a| revoked(a.status().as_u16()));
        }
        Ok(if confirmed { Revoked::Confirmed } else { Revoked::NotConfirmed })
    }
}

/// Tokens as the vault keeps them.
pub(crate) fn vault_tokens(tokens: Tokens) -> vault::Tokens {
    vault::Tokens { access: tokens.access, refresh: tokens.refresh, expires: tokens.expires }
}

fn renewed(new: Refreshed, old: Secret<String>) -> vault::Tokens {
    let refresh = match new.refresh {
        NextRefresh::Keep => old,
        NextRefresh::Replace(next) => next,
    };
    vault::Tokens { access: new.access, refresh: Some(refresh), expires: new.expires }
}
