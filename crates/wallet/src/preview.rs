//! "Look at my record as …": the record through the eyes of somebody else, before the owner decides or while a share
//! holds. The view and the engine are those that would answer them; each item on these pages has come out of an answer
//! to a request that they could send, with the rights that they would have. Nothing of it is told or counted as a use:
//! nothing leaves.

use std::sync::Arc;

use consent::Grant;
use types::GrantId;

use crate::documents::content;
use crate::error::{InputError, WalletError};
use crate::records::list_query;
use crate::views::{DocumentContent, PreviewItem, PreviewPage, PreviewQuery, PreviewView, StaysPage};
use crate::{Wallet, now};

mod asked;
mod kept;
mod shown;

pub(crate) use kept::Preview;

/// Rows of one page at most.
const MOST_ROWS: u32 = 500;

impl Wallet {
    /// Holds ready what a grant, given as its JSON, shows of the record of the person shown. What was held before goes,
    /// unless it is the same.
    pub async fn preview(&self, grant: &[u8]) -> Result<PreviewView, WalletError> {
        let grant = Grant::parse(grant)?;
        let wallet = self.clone();
        self.aside(move || {
            let (person, shown, stamp) = wallet
                .with_now(|open| Ok((open.current.clone(), Arc::clone(&open.shown), open.vault.record_stamp()?)))?;
            if let Some(kept) = shown.preview().filter(|kept| kept.is(&grant, &person, stamp)) {
                return Ok(kept.view());
            }
            // The old one goes first: two would not fit beside each other where the record is large.
            shown.look_at(None);
            let ground = wallet.ground(&shown, &person)?;
            let (terms, names) =
                wallet.with_now(|open| Ok((open.terms_of(person.clone(), grant.clone())?, open.source_names()?)))?;
            let at = grant.term.start.map_or(now(), |start| start.max(now()));
            let preview = Preview::new(grant, terms, ground, &names, at)?;
            let view = preview.view();
            shown.look_at(Some(Arc::new(preview)));
            Ok(view)
        })
        .await
    }

    /// A page of what they would see, newest first, with true counts.
    pub async fn preview_records(&self, id: &str, query: PreviewQuery) -> Result<PreviewPage, WalletError> {
        let wanted = list_query(&query.records)?;
        self.of_preview(id, move |preview| Ok(preview.page(&wanted, query.only_cut))).await
    }

    /// One item, `Type/id`, as they would be answered.
    pub async fn preview_item(&self, id: &str, of: &str) -> Result<PreviewItem, WalletError> {
        let of = of.to_owned();
        self.of_preview(id, move |preview| preview.item(&of)).await
    }

    /// The bytes of one file of an item, typed by looking at them.
    pub async fn preview_content(&self, id: &str, of: &str, index: u32) -> Result<DocumentContent, WalletError> {
        let of = of.to_owned();
        self.of_preview(id, move |preview| Ok(content(&preview.file(&of, index)?))).await
    }

    /// A page of what stays with the owner: of one type, or of all.
    pub async fn preview_stays(
        &self,
        id: &str,
        resource_type: Option<String>,
        offset: u32,
        limit: u32,
    ) -> Result<StaysPage, WalletError> {
        let limit = limit.clamp(1, MOST_ROWS);
        self.of_preview(id, move |preview| Ok(preview.stays(resource_type.as_deref(), offset, limit))).await
    }

    /// Asks what is held ready under this id, for the person shown.
    async fn of_preview<T: Send + 'static>(
        &self,
        id: &str,
        work: impl FnOnce(&Preview) -> Result<T, WalletError> + Send + 'static,
    ) -> Result<T, WalletError> {
        let id: GrantId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            let (person, shown) = wallet.with_now(|open| Ok((open.current.clone(), Arc::clone(&open.shown))))?;
            let kept = shown.preview().filter(|kept| kept.answers_to(&id, &person));
            work(&*kept.ok_or(InputError::UnknownId)?)
        })
        .await
    }
}

#[cfg(test)]
mod tests;
