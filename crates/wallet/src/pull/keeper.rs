//! Where pages wait to be stored. Pages of several kinds come side by side, and each transaction waits for the disk:
//! whoever may write next writes everything that waits, so that small kinds share a transaction.

use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use types::PullId;
use vault::{PageDraft, PageResult, Vault, VaultError};

use crate::error::WalletError;
use crate::launch::lock;
use crate::{Wallet, now};

/// Pages that came and are not stored yet. At most one of each kind: the next waits until the one before it is stored.
#[derive(Default)]
pub(super) struct Keeper {
    waiting: Mutex<Vec<Waiting>>,
}

struct Waiting {
    page: PageDraft,
    stored: oneshot::Sender<Result<PageResult, VaultError>>,
}

impl Wallet {
    /// Stores a page, with those that wait beside it.
    pub(super) async fn store_beside(
        &self,
        keeper: &Arc<Keeper>,
        pull: PullId,
        page: PageDraft,
    ) -> Result<PageResult, WalletError> {
        let (stored, result) = oneshot::channel();
        lock(&keeper.waiting).push(Waiting { page, stored });
        let keeper = Arc::clone(keeper);
        self.with(move |open| {
            let waiting = std::mem::take(&mut *lock(&keeper.waiting));
            store(&mut open.vault, &pull, waiting);
            Ok(())
        })
        .await?;
        Ok(result.await.map_err(|_| WalletError::Interrupted)??)
    }
}

/// Stores all together; when that fails, each by itself, so that one that cannot be stored takes no other with it.
fn store(vault: &mut Vault, pull: &PullId, waiting: Vec<Waiting>) {
    if waiting.is_empty() {
        return;
    }
    let (pages, answers): (Vec<_>, Vec<_>) = waiting.into_iter().map(|one| (one.page, one.stored)).unzip();
    let results = match vault.store_pages(pull, &pages, now()) {
        Ok(results) => results.into_iter().map(Ok).collect(),
        Err(error) if pages.len() == 1 => vec![Err(error)],
        Err(_) => pages.iter().map(|page| one(vault, pull, page)).collect::<Vec<_>>(),
    };
    for (answer, result) in answers.into_iter().zip(results) {
        // Whoever no longer waits was stopped; its page is stored all the same, and the next pull goes on after it.
        let _ = answer.send(result);
    }
}

fn one(vault: &mut Vault, pull: &PullId, page: &PageDraft) -> Result<PageResult, VaultError> {
    let results = vault.store_pages(pull, std::slice::from_ref(page), now())?;
    Ok(results.into_iter().next().unwrap_or_default())
}
