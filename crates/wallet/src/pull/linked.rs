//! What resources point to and no search brings: who treated, where, what was given.

use std::collections::BTreeSet;

use fetch::{Accept, Limits};
use fhir::{Kind, LocalReference, Resource, WITH_FILES};
use futures_util::FutureExt;
use smart::plan::{FollowUp, FollowUps};
use tokio::sync::mpsc::UnboundedReceiver;
use vault::{ItemDraft, ListQuery, PageDraft};

use super::files::Wanted;
use super::found::ROUND;
use super::keeper;
use super::kinds::LINKED;
use super::source::Asked;
use super::{PullError, Work, several};
use crate::Wallet;
use crate::draft::{Drafted, draft};
use crate::error::WalletError;
use crate::launch::lock;
use crate::views::KindOutcome;

/// Rows that are looked through, and resources that are kept, at a time.
const BATCH: u32 = 200;

impl Wallet {
    /// Looks through what came from this system, for files that an earlier run left undone or could not fetch, and, if it
    /// left that undone, for what resources point to.
    pub(super) async fn look_through(&self, work: &Work, also_links: bool) -> Result<(), WalletError> {
        if also_links {
            return self.look_through_kind(work, None, true).await;
        }
        let kinds: BTreeSet<&str> = WITH_FILES.iter().map(|(name, _)| Kind::of_type(name).as_str()).collect();
        for kind in kinds {
            self.look_through_kind(work, Some(kind.to_owned()), false).await?;
        }
        Ok(())
    }

    async fn look_through_kind(&self, work: &Work, kind: Option<String>, also_links: bool) -> Result<(), WalletError> {
        let mut query =
            ListQuery { kind, source: Some(work.link.row.id.clone()), limit: BATCH, ..ListQuery::default() };
        loop {
            let (person, base, page) = (work.person.clone(), work.link.base.to_string(), query.clone());
            let (rows, found) = self
                .with(move |open| {
                    let rows = open.vault.list(&person, &page)?.rows;
                    let mut found = Vec::new();
                    for row in &rows {
                        let item = open.vault.item(&person, &row.id)?;
                        let text = String::from_utf8_lossy(&item.json);
                        found.extend(Resource::read(&text).map(|resource| draft(resource, &base)));
                    }
                    Ok((rows.len(), found))
                })
                .await?;
            for drafted in found {
                let reference = format!("{}/{}", drafted.item.resource_type, drafted.item.source_id);
                let files = drafted.files.into_iter().map(|file| Wanted { reference: reference.clone(), file });
                if let Some(finders) = work.finders() {
                    if also_links {
                        finders.links(drafted.links);
                    }
                    finders.files(files);
                }
            }
            query.offset += BATCH;
            if rows < BATCH as usize {
                return Ok(());
            }
        }
    }

    /// Reads what is pointed to and not here yet, and what that points to.
    pub(super) async fn pull_linked(
        &self,
        work: &Work,
        mut found: UnboundedReceiver<LocalReference>,
    ) -> Result<(), WalletError> {
        let granted = smart::Scopes::parse(&work.link.row.scopes);
        let mut next = FollowUps::new(&work.link.base, &granted, None);
        let (mut items, mut failed) = (Vec::new(), 0);
        let mut links = Vec::new();
        while !next.is_empty() || found.recv_many(&mut links, ROUND).await > 0 {
            work.run.begins(LINKED);
            links.drain(..).for_each(|link| next.add(&link.path()));
            let wanted = next.by_ref().take(BATCH as usize).collect();
            let jobs = self.lacking_links(work, wanted).await?.into_iter();
            let jobs = jobs.map(|one| self.read_link(work, one).boxed()).collect();
            for read in several::in_turn(&work.asking, jobs).await? {
                match read {
                    Some(drafted) => {
                        drafted.links.iter().for_each(|link| next.add(&link.path()));
                        if work.lends() {
                            let name = format!("{}/{}", drafted.item.resource_type, drafted.item.source_id);
                            lock(&work.seen).insert(name);
                        }
                        items.push(drafted.item);
                    }
                    None => failed += 1,
                }
            }
            if items.len() >= BATCH as usize {
                // An empty cursor: the step is not over before all of it was read.
                let page = (std::mem::take(&mut items), std::mem::take(&mut failed));
                self.keep_linked(work, page, Some(String::new())).await?;
            }
        }
        if items.is_empty() && failed == 0 {
            return self.end_kind(work, LINKED, KindOutcome::Done, None).await;
        }
        self.keep_linked(work, (items, failed), None).await?;
        work.run.ends_kind(LINKED, KindOutcome::Done, None);
        Ok(())
    }

    /// Those of them that are not here. Of a source that lends all are read again: what is shown of them may change.
    async fn lacking_links(&self, work: &Work, wanted: Vec<FollowUp>) -> Result<Vec<FollowUp>, WalletError> {
        if work.lends() {
            return Ok(wanted);
        }
        let (person, source) = (work.person.clone(), work.link.row.id.clone());
        self.with(move |open| {
            let mut lacking = Vec::with_capacity(wanted.len());
            for one in wanted {
                let path = format!("{}/{}", one.resource_type, one.id);
                if open.vault.item_by_reference(&person, &source, &path)?.is_none() {
                    lacking.push(one);
                }
            }
            Ok(lacking)
        })
        .await
    }

    /// `None` when the answer is not what was asked for, or there is none.
    async fn read_link(&self, work: &Work, wanted: FollowUp) -> Result<Option<Drafted>, WalletError> {
        let body = match self.ask(work, &wanted.url, Accept::FhirJson, Limits::document()).await {
            Ok(Asked::Answer(answer)) => answer.body,
            Ok(Asked::GaveUp(why)) if why.ends_the_pull() => return Err(PullError::GaveUp(why).into()),
            Ok(Asked::GaveUp(_)) => return Ok(None),
            Err(WalletError::Pull(PullError::Alone(_))) => return Ok(None),
            Err(error) => return Err(error),
        };
        let resource = std::str::from_utf8(&body).ok().and_then(|text| Resource::read(text).ok());
        let right = resource.filter(|r| r.resource_type == wanted.resource_type && r.id == wanted.id);
        Ok(right.map(|resource| draft(resource, work.link.base.as_str())))
    }

    async fn keep_linked(
        &self,
        work: &Work,
        (items, failed): (Vec<ItemDraft>, u32),
        next: Option<String>,
    ) -> Result<(), WalletError> {
        let page = PageDraft { kind: LINKED.to_owned(), items, failed, expected: None, next };
        let queued = work.keeper.queue(page, &keeper::Chain::default());
        let kept = self.store_queued(work.run.id(), queued).await?;
        work.run.page(LINKED, kept, failed, None);
        Ok(())
    }
}
