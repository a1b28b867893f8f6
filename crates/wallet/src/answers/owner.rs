//! The wallet as the server sees it.

use authz::{Brought, News, Presented, Step, Wanted};
use fetch::{Accept, Limits};
use jiff::SignedDuration;
use search::{Request, Response};
use server::{AnswerError, Export, Exported, Offer, Owner, OwnerError};
use types::Secret;

use crate::Wallet;
use crate::authority::Care;
use crate::error::WalletError;

/// Largest document that a step needs.
const DOCUMENT: Limits = Limits { bytes: 256 << 10, ..Limits::token() };
/// How long one is kept that was had, and one that was not.
const KEPT: SignedDuration = SignedDuration::from_mins(10);
const MISSED: SignedDuration = SignedDuration::from_secs(30);

impl Owner for Wallet {
    async fn step<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Step<'_>) -> T + Send + 'static,
    ) -> Result<T, OwnerError> {
        let wallet = self.clone();
        let done = self.aside(move || {
            wallet.with_now(|open| {
                let seed = Secret::new(crypto::random()?);
                open.decide_with(Care::Step, seed, |doing| Ok(work(&mut doing.step)))
            })
        });
        done.await.map_err(owner_error)
    }

    async fn bring(&self, wanted: Wanted) -> Result<(), OwnerError> {
        // Somebody else named the address: nothing that the owner allowed for their own systems holds for it.
        let answer = self.foreign().get(&wanted.url, Accept::Json, None, DOCUMENT).await;
        let document = match answer {
            Ok(answer) if answer.status == 200 => serde_json::from_slice(&answer.body).ok(),
            Ok(_) => None,
            Err(error) => {
                tracing::debug!(code = error.code(), "a document that a step needs was not had");
                None
            }
        };
        self.step(move |step| {
            let (at, kept) = (step.now, if document.is_some() { KEPT } else { MISSED });
            let until = at.checked_add(kept).unwrap_or(at);
            step.ledger.brought.put(Brought { url: wanted.url.into(), document, at, until });
        })
        .await
    }

    async fn answer(&self, presented: Presented, request: Request) -> Result<Response, AnswerError> {
        let wallet = self.clone();
        let answered = self.aside(move || wallet.answer_now(&presented, &request)).await.map_err(owner_error)?;
        Ok(answered?)
    }

    async fn offered(&self, presented: Presented, offer: Offer) -> Result<(), AnswerError> {
        let wallet = self.clone();
        let Offer { resource_type, json } = offer;
        let done = self.aside(move || wallet.offered_now(&presented, resource_type, json)).await;
        Ok(done.map_err(owner_error)??)
    }

    async fn export(&self, presented: Presented, export: Export) -> Result<Exported, AnswerError> {
        let wallet = self.clone();
        let done = self.aside(move || wallet.export_now(&presented, export)).await;
        Ok(done.map_err(owner_error)??)
    }

    async fn vouch(&self, news: News) -> Result<Option<String>, OwnerError> {
        self.with(move |open| open.vouch(&news)).await.map_err(owner_error)
    }
}

fn owner_error(error: WalletError) -> OwnerError {
    match error {
        WalletError::Locked | WalletError::Absent => OwnerError::Locked,
        WalletError::Vault(vault::VaultError::InUse) => OwnerError::Busy,
        other => OwnerError::Failed(Box::new(other)),
    }
}
