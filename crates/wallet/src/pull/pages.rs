//! The pages of one search: while one is being stored, the next is read and the one after it is on its way.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::thread;

use fetch::{Accept, Limits};
use fhir::{LocalReference, Page};
use smart::plan::{GiveUp, Pages, Search};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::JoinHandle;
use types::ServerUrl;
use url::Url;
use vault::{PageDraft, PageResult};

use super::files::Wanted as WantedFile;
use super::found::is_beside;
use super::keeper::{Chain, Coming};
use super::source::Asked;
use super::{PullError, Work};
use crate::Wallet;
use crate::draft::{Drafted, draft};
use crate::error::WalletError;
use crate::launch::lock;

/// Pages of one search being kept while another is asked for: some stored together, some read, some waiting.
const AT_ONCE: usize = 8;

/// Room for pages of all searches from being asked for to being stored, in parts: what memory a pull takes.
pub(super) const ROOM: usize = 11 * PARTS;

/// Parts that a page takes until its size is known, and at most.
const PARTS: usize = 8;

/// Bytes of a page that one part is for: many small pages take no more room than a large one.
const PART: usize = 48 << 10;

/// Pages of all searches being read.
pub(super) const READING: usize = 2;

/// More bytes are kept at once only where a page alone has them, so that a system with very large pages does not fill the
/// memory with several.
const LARGE: usize = 4 << 20;

/// Bytes that are read in a fraction of a millisecond.
const SMALL: usize = 16 << 10;

/// Resources that are read before whoever waits for a processor may have it: the writer, or the next answer.
const TURN: usize = 16;

/// Where a search stands among those of its kind, and the cursor of the one after it.
pub(super) struct Place {
    pub(super) number: usize,
    pub(super) after: Option<String>,
}

/// What a page that was kept leads to.
struct Kept {
    result: PageResult,
    failed: u32,
    expected: Option<u32>,
    files: Vec<WantedFile>,
    seen: Vec<String>,
}

/// Pages that are being kept, the oldest first.
#[derive(Default)]
struct Keeping {
    jobs: VecDeque<(usize, JoinHandle<Result<Kept, WalletError>>)>,
    /// Bytes of all of them.
    bytes: usize,
    /// Says when the newest of them waits to be stored.
    newest: Option<oneshot::Receiver<()>>,
    chain: Chain,
}

/// A page's turn to wait for being stored: after the page before it, and never when that one failed.
struct Turn {
    before: Option<oneshot::Receiver<()>>,
    queued: oneshot::Sender<()>,
    chain: Chain,
}

impl Wallet {
    /// Every page of one search.
    pub(super) async fn pull_pages(
        &self,
        work: &Work,
        name: &str,
        search: &Search,
        from: Option<Url>,
        place: Place,
    ) -> Result<(), WalletError> {
        let Some(first) = from.or_else(|| search.url(&work.link.base)) else {
            return Err(PullError::GaveUp(GiveUp::Unsupported).into());
        };
        let pages = Pages::from(&work.link.base, first).map_err(PullError::NextLink)?;
        let mut keeping = Keeping::default();
        let followed = match work.asking.acquire().await {
            Ok(_place) => {
                work.run.begins(name);
                self.follow_pages(work, name, (search, pages, place), &mut keeping).await
            }
            // Another kind has ended the pull.
            Err(_) => Err(WalletError::Interrupted),
        };
        // What came before is kept whatever became of a page.
        let kept = keeping.leave(0, 0, work, name).await;
        followed.and(kept)
    }

    async fn follow_pages(
        &self,
        work: &Work,
        name: &str,
        (search, mut pages, place): (&Search, Pages, Place),
        keeping: &mut Keeping,
    ) -> Result<(), WalletError> {
        let number = place.number;
        loop {
            // Never closed while a pull is at work.
            let room = Arc::clone(&work.room).acquire_many_owned(PARTS as u32).await;
            let Ok(mut room) = room else { return Err(WalletError::Interrupted) };
            let coming = work.keeper.expect();
            let url = pages.at().clone();
            let response = match self.ask(work, &url, Accept::FhirJson, Limits::page()).await? {
                Asked::Answer(response) => response,
                Asked::GaveUp(why) => return Err(PullError::GaveUp(why).into()),
            };
            let size = response.body.len();
            drop(room.split(PARTS.saturating_sub(size / PART + 1)));
            let read_one = search.is_read();
            let page = self.read(size, move || read_page(response.body, read_one)).await?;
            let next = page.next.as_deref().map(|link| pages.follow(link).cloned().map_err(PullError::NextLink));
            let cursor = match &next {
                Some(Ok(next)) => Some(format!("{number}|{next}")),
                // The good page is kept; the kind stays open, because what follows it did not come.
                Some(Err(_)) => Some(format!("{number}|{url}")),
                None => place.after.clone(),
            };
            keeping.add(size, |turn| self.clone().keep_page(work, (name, size), (page, cursor), (coming, room), turn));
            keeping.leave(AT_ONCE, LARGE, work, name).await?;
            match next {
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(()),
            }
        }
    }

    /// Reads an answer of so many bytes, where it came if they are few: another thread would take longer to begin.
    async fn read<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce() -> Result<T, WalletError> + Send + 'static,
    ) -> Result<T, WalletError> {
        if bytes <= SMALL { work() } else { self.aside(work).await }
    }

    /// Keeps a page: reads each resource, then stores all of them with the address of the next page.
    fn keep_page(
        self,
        work: &Work,
        (name, size): (&str, usize),
        (page, cursor): (Page, Option<String>),
        (coming, room): (Coming, OwnedSemaphorePermit),
        mut turn: Turn,
    ) -> impl Future<Output = Result<Kept, WalletError>> + Send + use<> {
        let (pull, base) = (work.run.id(), work.link.base.clone());
        let patient = work.link.details.patient.clone();
        let (keeper, reading, lends) = (Arc::clone(&work.keeper), Arc::clone(&work.reading), work.lends());
        let finders = work.finders();
        let expected = page.total.and_then(|t| u32::try_from(t).ok());
        // Every page says the total; it is written down where it is news.
        let news = expected.filter(|total| work.run.expects(name) != Some(*total));
        let name = name.to_owned();
        async move {
            // Never closed.
            let Ok(place) = reading.acquire_owned().await else { return Err(WalletError::Interrupted) };
            let mut kept = self.read(size, move || Ok(read_all(&page, &base, &patient))).await?;
            drop(place);
            if let Some(finders) = finders {
                finders.links(kept.links);
            }
            let items = std::mem::take(&mut kept.rows);
            let failed = kept.failed;
            let name_of = |item: &vault::ItemDraft| format!("{}/{}", item.resource_type, item.source_id);
            let seen = if lends { items.iter().map(name_of).collect() } else { Vec::new() };
            turn.comes().await?;
            let page = PageDraft { kind: name, items, failed, expected: news, next: cursor };
            let queued = keeper.queue(page, &turn.chain);
            // Nobody waits for the last one.
            let _ = turn.queued.send(());
            drop(coming);
            let result = self.store_queued(pull, queued).await?;
            drop(room);
            Ok(Kept { result, failed, expected, files: kept.files, seen })
        }
    }
}

impl Keeping {
    fn add<F>(&mut self, bytes: usize, keep: impl FnOnce(Turn) -> F)
    where
        F: Future<Output = Result<Kept, WalletError>> + Send + 'static,
    {
        let (queued, newest) = oneshot::channel();
        let turn = Turn { before: self.newest.replace(newest), queued, chain: self.chain.clone() };
        self.bytes += bytes;
        self.jobs.push_back((bytes, tokio::spawn(keep(turn))));
    }

    /// Waits until at most so many pages of at most so many bytes are being kept.
    async fn leave(&mut self, pages: usize, bytes: usize, work: &Work, name: &str) -> Result<(), WalletError> {
        while self.jobs.len() > pages || self.bytes > bytes {
            let Some((size, oldest)) = self.jobs.pop_front() else { break };
            self.bytes -= size;
            work.took(name, oldest.await.map_err(|_| WalletError::Interrupted)??);
        }
        Ok(())
    }
}

impl Turn {
    async fn comes(&mut self) -> Result<(), WalletError> {
        match self.before.take() {
            // A page that failed says so itself; this one must not be stored after the gap.
            Some(before) => before.await.map_err(|_| WalletError::Interrupted),
            None => Ok(()),
        }
    }
}

impl Work {
    fn took(&self, name: &str, kept: Kept) {
        self.run.page(name, kept.result, kept.failed, kept.expected);
        lock(&self.seen).extend(kept.seen);
        if let Some(finders) = self.finders() {
            finders.files(kept.files);
        }
    }
}

/// Rows of a page, and what they lead to.
struct ReadAll {
    rows: Vec<vault::ItemDraft>,
    failed: u32,
    links: HashSet<LocalReference>,
    files: Vec<WantedFile>,
}

fn read_all(page: &Page, base: &ServerUrl, patient: &str) -> ReadAll {
    let mut out = ReadAll { rows: Vec::with_capacity(page.len()), failed: 0, links: HashSet::new(), files: Vec::new() };
    for (at, resource) in page.resources().enumerate() {
        if at % TURN == TURN - 1 {
            thread::yield_now();
        }
        match resource.map(|resource| draft(resource, base.as_str())) {
            // Somebody else's resource is not kept, whatever the system meant by sending it.
            Ok(Drafted { patient: Some(other), .. }) if other != patient => out.failed += 1,
            Ok(found) if found.item.resource_type == "Patient" && found.item.source_id != patient => out.failed += 1,
            // What a search says about itself is not part of the record.
            Ok(found) if found.item.resource_type == "OperationOutcome" => {}
            Ok(found) => {
                let reference = || format!("{}/{}", found.item.resource_type, found.item.source_id);
                out.files.extend(found.files.into_iter().map(|file| WantedFile { reference: reference(), file }));
                out.links.extend(found.links.into_iter().filter(|link| is_beside(&link.resource_type)));
                out.rows.push(found.item);
            }
            Err(_) => out.failed += 1,
        }
    }
    // What came along need not be fetched.
    for row in out.rows.iter().filter(|row| is_beside(&row.resource_type)) {
        let (resource_type, id) = (row.resource_type.clone(), row.source_id.clone());
        out.links.remove(&LocalReference { resource_type, id });
    }
    out
}

/// The page of a search, or the one resource of a read as a page of its own.
fn read_page(body: Vec<u8>, read_one: bool) -> Result<Page, WalletError> {
    if read_one {
        return Page::of_one(body).map_err(|_| PullError::NotTheResource.into());
    }
    Page::parse(body).map_err(|error| PullError::Page(error).into())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn kept() -> Kept {
        Kept { result: PageResult::default(), failed: 0, expected: None, files: Vec::new(), seen: Vec::new() }
    }

    #[tokio::test]
    async fn pages_are_queued_in_their_order_and_none_after_one_that_failed() {
        let mut keeping = Keeping::default();
        let stored = Arc::new([(); 3].map(|()| AtomicBool::new(false)));
        for page in 0..3 {
            let stored = Arc::clone(&stored);
            keeping.add(1, |mut turn| async move {
                // The later a page, the sooner it is read.
                tokio::time::sleep(std::time::Duration::from_millis(20 * (3 - page as u64))).await;
                turn.comes().await?;
                if page == 1 {
                    return Err(PullError::Stopped.into());
                }
                assert!(stored[..page].iter().all(|before| before.load(Ordering::SeqCst)));
                stored[page].store(true, Ordering::SeqCst);
                let _ = turn.queued.send(());
                Ok(kept())
            });
        }
        let mut ends = Vec::new();
        for (_, job) in keeping.jobs {
            ends.push(job.await.unwrap().map(drop));
        }
        assert!(matches!(
            ends[..],
            [Ok(()), Err(WalletError::Pull(PullError::Stopped)), Err(WalletError::Interrupted)]
        ));
        assert!(!stored[2].load(Ordering::SeqCst));
    }
}
