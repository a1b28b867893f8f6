//! The connections of a person: listed, named, ended.

use audit::Action;
use serde::{Deserialize, Serialize};
use types::{ConnectionId, MandateId, PersonId, ServerUrl};
use url::Url;
use vault::Connected;

use crate::Wallet;
use crate::error::{InputError, WalletError};
use crate::mandates::MandateError;
use crate::open::Open;
use crate::people::checked_name;
use crate::views::{ConnectionState, ConnectionView, DisconnectView};

/// What is kept of a connection's protocol besides its tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Details {
    /// The patient's id there.
    pub(crate) patient: String,
    /// `client_id` there.
    pub(crate) client_id: String,
    /// The client's key, for a client that has one.
    pub(crate) client_key: Option<ClientKey>,
    /// Where tokens are renewed, as the system said at the launch.
    pub(crate) token_endpoint: Url,
    /// Where tokens are taken back, when the system says so.
    pub(crate) revocation_endpoint: Option<Url>,
    /// Whether the system says that it issues health cards.
    pub(crate) issues_cards: bool,
    /// The mandate under which it is brought in; `None` for a health system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mandate: Option<MandateId>,
}

/// The key of a registered client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ClientKey {
    /// Name in the key store.
    pub(crate) entry: String,
    /// `kid` as registered.
    pub(crate) kid: String,
}

/// A connection with its parts read.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) row: Connected,
    pub(crate) base: ServerUrl,
    pub(crate) details: Details,
}

impl Wallet {
    /// The connections of the person shown, oldest first.
    pub async fn connections(&self) -> Result<Vec<ConnectionView>, WalletError> {
        self.with(|open| open.connection_views()).await
    }

    /// Gives a connection another name.
    pub async fn rename_connection(&self, id: &str, name: String) -> Result<Vec<ConnectionView>, WalletError> {
        let id = connection_id(id)?;
        let name = checked_name(&name)?;
        self.with(move |open| {
            let row = open.vault.connection(&open.current, &id)?;
            open.vault.update_connection(&open.current, &Connected { name, ..row })?;
            open.connection_views()
        })
        .await
    }

    /// Disconnects: the provider is asked to take the tokens back, then they are wiped here whatever it says. What was
    /// brought in stays.
    pub async fn disconnect(&self, connection: &str) -> Result<DisconnectView, WalletError> {
        let id = connection_id(connection)?;
        self.stop_pulls_of(&id);
        let link = self.link(&id).await?;
        if link.details.mandate.is_some() {
            return Err(MandateError::Holds.into());
        }
        let revoked = self.revoke(&link).await?;
        self.with(move |open| {
            open.vault.set_tokens(&open.current, &id, None)?;
            if let Some(key) = &link.details.client_key {
                open.forget_key(&key.entry)?;
            }
            let row = Connected { state: state_code(&ConnectionState::Disconnected).to_owned(), ..link.row };
            open.vault.update_connection(&open.current, &row)?;
            open.record_about(Action::Disconnected, Some(id.as_str()))?;
            let items = open.sources()?.into_iter().find(|s| s.id == id.as_str()).map_or(0, |s| s.count);
            Ok(DisconnectView { revoked, items })
        })
        .await
    }

    /// A connection of the person shown, read.
    pub(crate) async fn link(&self, id: &ConnectionId) -> Result<Link, WalletError> {
        let id = id.clone();
        let link = self.with(move |open| open.link(&open.current, &id)).await?;
        // The owner typed this host, or picked it: it may be on their own network.
        self.fetch().allow_host(link.base.host());
        Ok(link)
    }
}

impl Open {
    pub(crate) fn link(&self, person: &PersonId, id: &ConnectionId) -> Result<Link, WalletError> {
        let row = self.vault.connection(person, id)?;
        let details = serde_json::from_str(&row.details).map_err(|_| WalletError::Open(vault::OpenError::Damaged))?;
        let base = ServerUrl::parse(&row.address).map_err(|_| WalletError::Open(vault::OpenError::Damaged))?;
        Ok(Link { row, base, details })
    }

    pub(crate) fn connection_views(&self) -> Result<Vec<ConnectionView>, WalletError> {
        let counts = self.sources()?;
        let mut out = Vec::new();
        for row in self.vault.connections(&self.current)? {
            let details: Option<Details> = serde_json::from_str(&row.details).ok();
            let tokens = self.vault.tokens(&self.current, &row.id)?;
            out.push(ConnectionView {
                items: counts.iter().find(|c| c.id == row.id.as_str()).map_or(0, |c| c.count),
                refreshable: tokens.is_some_and(|t| t.refresh.is_some()),
                issues_cards: details.as_ref().is_some_and(|d| d.issues_cards),
                mandate: details.and_then(|d| d.mandate).map(String::from),
                id: row.id.into(),
                name: row.name,
                address: row.address,
                state: state_of(&row.state),
                since: row.created.to_string(),
                last_pull: row.last_pull.map(|at| at.to_string()),
                scopes: row.scopes,
            });
        }
        Ok(out)
    }

    /// Marks a connection as needing its owner to sign in again.
    pub(crate) fn needs_sign_in(&mut self, id: &ConnectionId) -> Result<(), WalletError> {
        let row = self.vault.connection(&self.current, id)?;
        let state = state_code(&ConnectionState::NeedsSignIn).to_owned();
        self.vault.set_tokens(&self.current, id, None)?;
        Ok(self.vault.update_connection(&self.current, &Connected { state, ..row })?)
    }

    pub(crate) fn forget_key(&self, entry: &str) -> Result<(), WalletError> {
        match self.keys.delete(entry) {
            Ok(()) | Err(keychain::KeychainError::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

pub(crate) fn connection_id(text: &str) -> Result<ConnectionId, InputError> {
    text.parse().map_err(|_| InputError::UnknownId)
}

pub(crate) fn state_code(state: &ConnectionState) -> &'static str {
    match state {
        ConnectionState::Ready => "ready",
        ConnectionState::NeedsSignIn => "needsSignIn",
        ConnectionState::Disconnected => "disconnected",
    }
}

fn state_of(code: &str) -> ConnectionState {
    match code {
        "ready" => ConnectionState::Ready,
        "disconnected" => ConnectionState::Disconnected,
        _ => ConnectionState::NeedsSignIn,
    }
}
