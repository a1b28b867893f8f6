//! Files that documents point to, fetched once and kept beside their document.

use std::collections::HashSet;
use std::sync::Mutex;

use fetch::{Accept, Limits, Response};
use futures_util::FutureExt;
use tokio::sync::mpsc::UnboundedReceiver;
use types::ItemId;
use url::Url;
use vault::{Attachment, FileDraft, KindChange, PageResult};

use super::found::ROUND;
use super::kinds::FILES;
use super::progress::outcome_code;
use super::source::Asked;
use super::{PullError, Work, several};
use crate::documents::decode;
use crate::draft::FileAt;
use crate::error::WalletError;
use crate::launch::lock;
use crate::views::KindOutcome;
use crate::{Wallet, now};

/// Files that came wait for others, so that many share one write to the disk: at most so many, and so many bytes. One
/// that was not written when the program ends is fetched again.
const SHELF: (usize, usize) = (32, 8 << 20);

/// A file of a document, to be fetched.
pub(super) struct Wanted {
    /// `Type/id` of the document.
    pub(super) reference: String,
    pub(super) file: FileAt,
}

/// A file that is not here, with its document and where it is fetched.
struct Lacking {
    item: ItemId,
    file: FileAt,
    url: Url,
}

/// Files that came and are not written yet.
#[derive(Default)]
struct Shelf {
    files: Vec<FileDraft>,
    bytes: usize,
    failed: u32,
}

impl Wallet {
    /// Fetches every file of this system that is not here yet.
    pub(super) async fn pull_files(
        &self,
        work: &Work,
        mut found: UnboundedReceiver<Wanted>,
    ) -> Result<(), WalletError> {
        let shelf = Mutex::default();
        let fetched = self.fetch_files(work, &mut found, &shelf).await;
        // What came is kept whatever became of the others.
        let done = fetched.is_ok().then_some(KindOutcome::Done);
        let left = std::mem::take(&mut *lock(&shelf));
        let kept = self.keep_files(work, left, done).await;
        fetched?;
        kept
    }

    async fn fetch_files(
        &self,
        work: &Work,
        found: &mut UnboundedReceiver<Wanted>,
        shelf: &Mutex<Shelf>,
    ) -> Result<(), WalletError> {
        let (mut wanted, mut known) = (Vec::new(), HashSet::new());
        while found.recv_many(&mut wanted, ROUND).await > 0 {
            work.run.begins(FILES);
            wanted.retain(|one| known.insert((one.reference.clone(), one.file.index)));
            let lacking = self.lacking_files(work, std::mem::take(&mut wanted)).await?;
            let jobs = lacking.into_iter().map(|one| self.pull_file(work, one, shelf).boxed()).collect();
            several::in_turn(&work.asking, jobs).await?;
        }
        Ok(())
    }

    /// Those of them that are not here and lie where this system's token may be shown.
    async fn lacking_files(&self, work: &Work, wanted: Vec<Wanted>) -> Result<Vec<Lacking>, WalletError> {
        let (person, source, base) = (work.person.clone(), work.link.row.id.clone(), work.link.base.clone());
        self.with(move |open| {
            let mut lacking = Vec::new();
            for Wanted { reference, file } in wanted {
                let Some(url) = smart::plan::attachment(&base, &file.url) else { continue };
                let Some(row) = open.vault.item_by_reference(&person, &source, &reference)? else { continue };
                let here = open.vault.attachments(&person, &row.id)?;
                if !here.iter().any(|known| known.index == file.index) {
                    lacking.push(Lacking { item: row.id, file, url });
                }
            }
            Ok(lacking)
        })
        .await
    }

    async fn pull_file(&self, work: &Work, wanted: Lacking, shelf: &Mutex<Shelf>) -> Result<(), WalletError> {
        let Lacking { item, file: FileAt { index, content_type, .. }, url } = wanted;
        let fetched = match self.ask(work, &url, Accept::Anything, Limits::attachment()).await {
            Ok(Asked::Answer(answer)) => Some(bytes_of(answer)),
            Ok(Asked::GaveUp(why)) if why.ends_the_pull() => return Err(PullError::GaveUp(why).into()),
            Ok(Asked::GaveUp(_)) => None,
            Err(WalletError::Pull(PullError::Alone(_))) => None,
            Err(error) => return Err(error),
        };
        let failed = u32::from(fetched.is_none());
        work.run.page(FILES, PageResult { new: 1 - failed, changed: 0, unchanged: 0 }, failed, None);
        let full = {
            let mut shelf = lock(shelf);
            match fetched {
                Some(bytes) => {
                    shelf.bytes += bytes.len();
                    shelf.files.push(FileDraft { item, index, file: Attachment { content_type, bytes } });
                }
                None => shelf.failed += failed,
            }
            (shelf.files.len() >= SHELF.0 || shelf.bytes >= SHELF.1).then(|| std::mem::take(&mut *shelf))
        };
        match full {
            Some(full) => self.keep_files(work, full, None).await,
            None => Ok(()),
        }
    }

    async fn keep_files(&self, work: &Work, shelf: Shelf, ended: Option<KindOutcome>) -> Result<(), WalletError> {
        let Shelf { files, failed, .. } = shelf;
        if files.is_empty() && failed == 0 && ended.is_none() {
            return Ok(());
        }
        let new = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let outcome = ended.as_ref().map(|outcome| outcome_code(outcome).to_owned());
        let change = KindChange { outcome, new, failed, ..KindChange::default() };
        let (person, pull) = (work.person.clone(), work.run.id());
        self.with(move |open| Ok(open.vault.store_files(&person, &pull, (FILES, &change), &files, now())?)).await?;
        if let Some(outcome) = ended {
            work.run.ends_kind(FILES, outcome, None);
        }
        Ok(())
    }
}

/// The file itself: some systems answer with a FHIR `Binary` that carries it, whatever was asked for.
fn bytes_of(answer: Response) -> Vec<u8> {
    let is_fhir = answer.content_type.as_deref().is_some_and(|t| t.contains("json"));
    let inside = is_fhir
        .then(|| serde_json::from_slice::<serde_json::Value>(&answer.body).ok())
        .flatten()
        .filter(|v| v.get("resourceType").and_then(|t| t.as_str()) == Some("Binary"))
        .and_then(|v| decode(v.get("data")?.as_str()?));
    inside.unwrap_or(answer.body)
}
