//! Files that documents point to, fetched once and kept beside their document.

use fetch::{Accept, Limits, Response};
use futures_util::FutureExt;
use types::ItemId;
use vault::{Attachment, PageResult};

use super::kinds::FILES;
use super::source::Asked;
use super::{PullError, Work, several};
use crate::documents::decode;
use crate::draft::FileAt;
use crate::error::WalletError;
use crate::launch::lock;
use crate::views::KindOutcome;
use crate::{Wallet, now};

/// A file of a document, to be fetched.
pub(super) struct Wanted {
    /// `Type/id` of the document.
    pub(super) reference: String,
    pub(super) file: FileAt,
}

impl Wallet {
    /// Fetches every file of this system that is not here yet.
    pub(super) async fn pull_files(&self, work: &Work) -> Result<(), WalletError> {
        work.run.begins(FILES);
        let files = std::mem::take(&mut lock(&work.found).files);
        several::at_once(files.into_iter().map(|wanted| self.pull_file(work, wanted).boxed()).collect()).await?;
        self.end_kind(work, FILES, KindOutcome::Done, None).await
    }

    async fn pull_file(&self, work: &Work, wanted: Wanted) -> Result<(), WalletError> {
        let Some(url) = smart::plan::attachment(&work.link.base, &wanted.file.url) else { return Ok(()) };
        let Some(item) = self.lacking(work, &wanted).await? else { return Ok(()) };
        let fetched = match self.ask(work, &url, Accept::Anything, Limits::attachment()).await {
            Ok(Asked::Answer(answer)) => Some(bytes_of(answer)),
            Ok(Asked::GaveUp(why)) if why.ends_the_pull() => return Err(PullError::GaveUp(why).into()),
            Ok(Asked::GaveUp(_)) | Err(WalletError::Fetch(fetch::FetchError::TooLarge { .. })) => None,
            Err(error) => return Err(error),
        };
        let failed = u32::from(fetched.is_none());
        let (person, pull) = (work.person.clone(), work.run.id());
        let content_type = wanted.file.content_type;
        self.with(move |open| {
            if let Some(bytes) = fetched {
                let file = Attachment { content_type, bytes };
                open.vault.put_attachment(&person, &item, wanted.file.index, &file, now())?;
            }
            let change = vault::KindChange { new: 1 - failed, failed, ..vault::KindChange::default() };
            Ok(open.vault.change_kind(&person, &pull, FILES, &change)?)
        })
        .await?;
        let kept = PageResult { new: 1 - failed, changed: 0, unchanged: 0 };
        work.run.page(FILES, kept, failed, None);
        Ok(())
    }

    /// The document, when this file of it is not here.
    async fn lacking(&self, work: &Work, wanted: &Wanted) -> Result<Option<ItemId>, WalletError> {
        let (person, source) = (work.person.clone(), work.link.row.id.clone());
        let (reference, index) = (wanted.reference.clone(), wanted.file.index);
        self.with(move |open| {
            let Some(row) = open.vault.item_by_reference(&person, &source, &reference)? else { return Ok(None) };
            let here = open.vault.attachments(&person, &row.id)?;
            Ok((!here.iter().any(|file| file.index == index)).then_some(row.id))
        })
        .await
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
