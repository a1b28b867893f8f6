//! A share on the pages of the person shown: looked at, narrowed, ended. Shares of the others are not there.

use std::sync::Arc;

use consent::{Grant, Record};
use jiff::Timestamp;
use types::GrantId;

use crate::Wallet;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::views::{Considered, Narrowing, ShareDetail, ShareView, SinceView};

impl Wallet {
    /// One share of the person shown, in full, with its view as it is now.
    pub async fn share(&self, id: &str) -> Result<ShareDetail, WalletError> {
        self.own_share(id).await?;
        self.grant(id).await
    }

    /// Ends a share of the person shown, for ever.
    pub async fn end_share(&self, id: &str) -> Result<ShareDetail, WalletError> {
        self.own_share(id).await?;
        self.end_grant(id).await?;
        self.grant(id).await
    }

    /// The same, and asks the other side to erase what left under it; also of one that has ended.
    pub async fn end_share_and_ask_to_erase(&self, id: &str) -> Result<ShareDetail, WalletError> {
        self.own_share(id).await?;
        self.end_grant_and_ask_to_erase(id).await?;
        self.grant(id).await
    }

    /// What a share of the person shown would still let out, narrowed. It only ever gives less.
    pub async fn share_consider(&self, id: &str, narrowing: Narrowing) -> Result<Considered, WalletError> {
        let id = self.own_share(id).await?;
        if !narrowing.decisions.is_empty() {
            return Err(InputError::NotOffered.into());
        }
        let wallet = self.clone();
        self.aside(move || {
            let (grant, person) = wallet.with_now(|open| {
                let row = open.look(|step| step.ledger.grants.find(id.as_str()).cloned())?;
                let row = row.ok_or(InputError::UnknownId)?;
                if !row.holds(crate::now()) {
                    return Err(authz::DecideError::Ended.into());
                }
                Ok((Grant { id: GrantId::from_random(crypto::random()?), ..row.grant }, row.person))
            })?;
            wallet.narrower(grant, &person, &narrowing)
        })
        .await
    }

    /// Puts the narrower share that was considered in the place of one of the person shown.
    pub async fn share_narrow(&self, id: &str, grant: Vec<u8>) -> Result<ShareView, WalletError> {
        self.own_share(id).await?;
        self.narrow_grant(id, grant).await
    }

    /// The id of a share, if it is of the person shown.
    async fn own_share(&self, id: &str) -> Result<GrantId, WalletError> {
        let id: GrantId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| open.is_own(&id).map(|()| id)).await
    }
}

impl Open {
    fn is_own(&mut self, id: &GrantId) -> Result<(), WalletError> {
        let person = self.look(|step| step.ledger.grants.find(id.as_str()).map(|row| row.person.clone()))?;
        if person.as_ref() == Some(&self.current) { Ok(()) } else { Err(InputError::UnknownId.into()) }
    }
}

/// What came into a view since it was approved. Under new ids and days nothing tells which items these are.
pub(crate) fn since(
    grant: &Grant,
    record: &Arc<Record>,
    shown: &[fhir::Held],
    approved: Timestamp,
) -> Option<SinceView> {
    if grant.deidentified.is_some() {
        return None;
    }
    let seen: std::collections::HashSet<(&str, &str)> =
        shown.iter().map(|held| (&*held.resource_type, &*held.id)).collect();
    let mut since = SinceView { came: 0, changed: 0 };
    for item in record.items.iter().filter(|item| seen.contains(&(&*item.resource_type, &*item.id))) {
        let later = |version: Option<&consent::Version>| version.is_some_and(|version| version.received > approved);
        if later(item.versions.first()) {
            since.came = since.came.saturating_add(1);
        } else if later(item.versions.last()) {
            since.changed = since.changed.saturating_add(1);
        }
    }
    Some(since)
}

#[cfg(test)]
mod tests;
