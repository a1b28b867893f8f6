//! Programs that registered with the owner's authorization server.

use authz::{ClientKeys, ClientKind, Step, WhyEnded};
use types::{ClientId, GrantId};

use crate::Wallet;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::views::ClientView;

impl Wallet {
    /// All of them, newest first.
    pub async fn clients(&self) -> Result<Vec<ClientView>, WalletError> {
        self.with(Open::clients).await
    }

    /// One of them.
    pub async fn client(&self, id: &str) -> Result<ClientView, WalletError> {
        let id: ClientId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            let found =
                open.look(|step| step.ledger.clients.find(id.as_str()).map(|row| client_view(step, &row.id)))?;
            Ok(found.ok_or(InputError::UnknownId)?)
        })
        .await
    }

    /// The owner does not want to hear of it again: what it asks is refused unseen, and its grants end.
    pub async fn block_client(&self, id: &str) -> Result<Vec<ClientView>, WalletError> {
        let id: ClientId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            wallet.with_now(|open| {
                open.decide(|doing| Ok(doing.step.block_client(&id).map_err(|_| InputError::UnknownId)?))
            })?;
            wallet.end_all_of(&id)?;
            wallet.with_now(Open::clients)
        })
        .await
    }

    /// Forgets it; its grants end. It may register again.
    pub async fn remove_client(&self, id: &str) -> Result<Vec<ClientView>, WalletError> {
        let id: ClientId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            wallet.end_all_of(&id)?;
            wallet.with_now(|open| {
                open.decide(|doing| {
                    doing.step.ledger.clients.find(id.as_str()).ok_or(InputError::UnknownId)?;
                    // Also what came meanwhile, and resources it put here.
                    doing.step.forget_client(&id, WhyEnded::Owner);
                    Ok(())
                })?;
                open.clients()
            })
        })
        .await
    }

    fn end_all_of(&self, client: &ClientId) -> Result<(), WalletError> {
        let grants = self.with_now(|open| open.look(|step| held_by(step, client)))?;
        grants.iter().try_for_each(|grant| self.end_now(grant))
    }
}

impl Open {
    fn clients(&mut self) -> Result<Vec<ClientView>, WalletError> {
        self.look(|step| {
            let mut all: Vec<_> = step.ledger.clients.iter().collect();
            all.sort_by_key(|client| std::cmp::Reverse(client.registered));
            all.into_iter().map(|client| client_view(step, &client.id)).collect()
        })
    }
}

/// Grants of a client that have not ended.
fn held_by(step: &Step<'_>, client: &ClientId) -> Vec<GrantId> {
    let its = step.ledger.grants.iter().filter(|row| row.client.as_ref() == Some(client) && row.ended.is_none());
    its.map(|row| row.grant.id.clone()).collect()
}

/// A client as the owner sees it; also one that is gone.
pub(crate) fn client_view(step: &Step<'_>, id: &ClientId) -> ClientView {
    let found = step.ledger.clients.find(id.as_str());
    let kind = found.map_or("gone", |client| match client.kind {
        ClientKind::App => "app",
        ClientKind::Backend => "backend",
        ClientKind::ResourceServer => "resourceServer",
    });
    let keys = found.and_then(|client| client.keys.as_ref());
    ClientView {
        id: id.to_string(),
        name: found.map_or_else(|| id.to_string(), |client| client.name.clone()),
        kind: kind.to_owned(),
        proves_itself: matches!(keys, Some(ClientKeys::Inline(_) | ClientKeys::At(_) | ClientKeys::Secret(_))),
        registered: found.map(|client| client.registered.to_string()).unwrap_or_default(),
        blocked: found.is_some_and(|client| client.blocked.is_some()),
    }
}
