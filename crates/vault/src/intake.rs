//! A page of a pull, taken in whole: items, words, references, counts and cursor in one transaction.

mod body;
mod page;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use types::{ConnectionId, PersonId, PullId};

use crate::row::hit;
use crate::{Vault, VaultError};

pub use body::Body;
use page::Page;
pub(crate) use page::item_key;

/// One resource as it is to be kept. The caller has read it; nothing is parsed here.
#[derive(Debug, Clone, Default)]
pub struct ItemDraft {
    /// Whose it is; `None` stands for the person of the pull.
    pub person: Option<PersonId>,
    /// Where it comes from; `None` stands for the connection of the pull.
    pub connection: Option<ConnectionId>,
    /// FHIR resource type.
    pub resource_type: String,
    /// Id at the source.
    pub source_id: String,
    /// `meta.versionId`.
    pub version_id: Option<String>,
    /// `meta.lastUpdated`, as sent.
    pub last_updated: Option<String>,
    /// What a person calls it, a code of the caller's.
    pub kind: String,
    /// Plain title.
    pub title: Option<String>,
    /// Clinical date as stated, possibly partial.
    pub date: Option<String>,
    /// The same as a number that sorts; `None` sorts last.
    pub date_sort: Option<i64>,
    /// Status in the source's code.
    pub status: Option<String>,
    /// What makes two results results of the same test.
    pub test_key: Option<String>,
    /// Value as the caller's JSON.
    pub value_json: Option<String>,
    /// Files it has, as the caller's JSON.
    pub attachment_json: Option<String>,
    /// Words it is found by.
    pub text: String,
    /// `Type/id` of what it points to at the same source.
    pub references: Vec<String>,
    /// The resource as received.
    pub json: Body,
}

/// A page of a kind as it is to be kept, with what it says about its kind.
#[derive(Debug, Clone, Default)]
pub struct PageDraft {
    /// Name of the kind within the pull.
    pub kind: String,
    /// Its resources.
    pub items: Vec<ItemDraft>,
    /// How many entries could not be read.
    pub failed: u32,
    /// The system's own total of the kind, where the page says another than the one before.
    pub expected: Option<u32>,
    /// Address of the page after it; `None` ends the kind.
    pub next: Option<String>,
}

/// What a page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageResult {
    /// Not here before.
    pub new: u32,
    /// Here in an older version, which is kept.
    pub changed: u32,
    /// Here since an earlier pull. What this very pull has brought already is not counted again.
    pub unchanged: u32,
}

/// What a page belongs to, as numbers.
struct Context {
    person: i64,
    connection: i64,
    pull: i64,
    now: i64,
}

impl Vault {
    /// Takes in a page of `kind` and remembers `next`, the address of the page after it; `None` ends the kind.
    ///
    /// An item is *unchanged* when its bytes are the same, or when the source gives the same version and the same
    /// instant of change; a version alone is not enough, because some sources never count theirs up.
    ///
    /// # Errors
    /// Nothing is kept of a page that fails. [`VaultError::NotPulling`] when the pull has ended or lacks the kind;
    /// [`VaultError::ForeignItem`] when an item names another person or connection.
    pub fn store_page(
        &mut self,
        pull: &PullId,
        kind: &str,
        drafts: &[ItemDraft],
        next: Option<&str>,
        now: Timestamp,
    ) -> Result<PageResult, VaultError> {
        let page = Given { kind, items: drafts, failed: 0, expected: None, next };
        Ok(self.take_in(pull, &[page], now)?.into_iter().next().unwrap_or_default())
    }

    /// Takes in pages that came side by side, each as [`Vault::store_page`] does, all in one transaction: a page each of
    /// several small kinds costs one write to the disk instead of one for each.
    ///
    /// # Errors
    /// As [`Vault::store_page`]; nothing is kept of any page then.
    pub fn store_pages(
        &mut self,
        pull: &PullId,
        pages: &[PageDraft],
        now: Timestamp,
    ) -> Result<Vec<PageResult>, VaultError> {
        self.take_in(pull, &pages.iter().map(Given::of).collect::<Vec<_>>(), now)
    }

    fn take_in(&mut self, pull: &PullId, pages: &[Given<'_>], now: Timestamp) -> Result<Vec<PageResult>, VaultError> {
        let taken = self.take_in_together(pull, pages, now);
        if taken.is_err() {
            self.unfiled.get_mut().forget();
        }
        taken
    }

    fn take_in_together(
        &mut self,
        pull: &PullId,
        pages: &[Given<'_>],
        now: Timestamp,
    ) -> Result<Vec<PageResult>, VaultError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let context = context(&transaction, pull, pages.iter().flat_map(|page| page.items), now)?;
        let mut results = Vec::with_capacity(pages.len());
        {
            let mut all = Page::prepare(&transaction, self.unfiled.get_mut(), context.person)?;
            for page in pages {
                let mut result = PageResult::default();
                for draft in page.items {
                    all.take(&context, draft, &mut result)?;
                }
                record(&transaction, &context, page, &result)?;
                results.push(result);
            }
            all.finish(&context)?;
        }
        transaction.commit()?;
        self.checkpoints.wrote(pages.iter().flat_map(|page| page.items).map(|item| item.json.kept().len()).sum());
        Ok(results)
    }
}

/// A page, wherever it lies.
struct Given<'a> {
    kind: &'a str,
    items: &'a [ItemDraft],
    failed: u32,
    expected: Option<u32>,
    next: Option<&'a str>,
}

impl<'a> Given<'a> {
    fn of(page: &'a PageDraft) -> Self {
        let PageDraft { kind, items, failed, expected, next } = page;
        Self { kind, items, failed: *failed, expected: *expected, next: next.as_deref() }
    }
}

fn context<'a>(
    transaction: &Transaction<'_>,
    pull: &PullId,
    drafts: impl Iterator<Item = &'a ItemDraft>,
    now: Timestamp,
) -> Result<Context, VaultError> {
    let found: Option<(i64, i64, i64, String, String)> = transaction
        .prepare_cached(
            "SELECT c.person, c.n, p.n, o.id, c.id
             FROM pulls p JOIN connections c ON c.n = p.connection JOIN people o ON o.n = c.person
             WHERE p.id = ?1 AND p.ended IS NULL",
        )?
        .query_row([pull.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .optional()?;
    let (person, connection, pull, person_id, connection_id) = found.ok_or(VaultError::NotPulling)?;
    for draft in drafts {
        let foreign = draft.person.as_ref().is_some_and(|id| id.as_str() != person_id)
            || draft.connection.as_ref().is_some_and(|id| id.as_str() != connection_id);
        if foreign {
            return Err(VaultError::ForeignItem);
        }
    }
    Ok(Context { person, connection, pull, now: now.as_microsecond() })
}

fn record(
    transaction: &Transaction<'_>,
    context: &Context,
    page: &Given<'_>,
    result: &PageResult,
) -> Result<(), VaultError> {
    let outcome = if page.next.is_some() { "running" } else { "done" };
    let seen = result.new + result.changed + result.unchanged + page.failed;
    let changed = transaction
        .prepare_cached(
            "UPDATE pull_kinds SET cursor = ?3, outcome = ?4, seen = seen + ?5, new = new + ?6,
                 changed = changed + ?7, unchanged = unchanged + ?8, failed = failed + ?9,
                 expected = coalesce(?10, expected), error = NULL
             WHERE pull = ?1 AND name = ?2",
        )?
        .execute((
            context.pull,
            page.kind,
            page.next,
            outcome,
            seen,
            result.new,
            result.changed,
            result.unchanged,
            page.failed,
            page.expected,
        ))?;
    hit(changed).map_err(|_| VaultError::NotPulling)
}

#[cfg(test)]
mod tests;
