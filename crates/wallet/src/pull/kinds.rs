//! One kind after the other: its searches, its pages.

use fetch::{Accept, Limits};
use fhir::{Kind, Page, RawResource};
use smart::plan::{GiveUp, Pages, Search, Wanted, WhyNot, plan};
use tokio::task::JoinHandle;
use types::ServerUrl;
use url::Url;
use vault::{KindChange, PageResult};

use super::files::Wanted as WantedFile;
use super::progress::outcome_code;
use super::source::Asked;
use super::{PullError, Work};
use crate::connections::Link;
use crate::draft::{Drafted, draft};
use crate::error::WalletError;
use crate::views::{ErrorView, KindOutcome, Whose};
use crate::{Wallet, now};

/// Name of the step that reads what resources point to.
pub(super) const LINKED: &str = "linked";
/// Name of the step that fetches files.
pub(super) const FILES: &str = "Binary";

/// One step of a pull.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) kind: Kind,
    what: What,
}

enum What {
    Search(Box<Search>),
    Skip(WhyNot),
    /// Not a search; done after all of them.
    Later,
}

/// Where a search stands among those of its kind, and the cursor of the one after it.
struct Place {
    number: usize,
    after: Option<String>,
}

/// What a page that was kept leads to.
struct Kept {
    result: PageResult,
    failed: u32,
    expected: Option<u32>,
    references: Vec<String>,
    files: Vec<WantedFile>,
}

impl Wallet {
    /// Plans a pull: what changed since the last one for kinds that were brought in to their end, everything for the
    /// others.
    pub(super) async fn steps(&self, link: &Link) -> Result<Vec<Step>, WalletError> {
        let capability = self.capability(&link.base).await;
        let granted = smart::Scopes::parse(&link.row.scopes);
        let id = link.row.id.clone();
        let last = self.with(move |open| Ok(open.vault.last_pull(&open.current, &id)?)).await?;
        let since = last.as_ref().map(|pull| pull.started);
        let patient = link.details.patient.as_str();
        let wanted = Wanted { patient, granted: &granted, capability: capability.as_ref(), since: None };
        let whole = plan(&wanted);
        let changes = plan(&Wanted { since, ..wanted });
        let was_done = |name: &str| {
            last.as_ref()
                .is_some_and(|p| p.kinds.iter().any(|k| k.name == name && k.outcome == "done" && k.failed == 0))
        };
        let searches = whole.searches.into_iter().zip(changes.searches).map(|(all, changed)| {
            let search = if was_done(&all.name) { changed } else { all };
            Step {
                name: search.name.clone(),
                kind: if search.resource_type == "Observation" {
                    Kind::Lab
                } else {
                    Kind::of_type(search.resource_type)
                },
                what: What::Search(Box::new(search)),
            }
        });
        let skipped = whole.skipped.into_iter().map(|s| Step {
            kind: if s.name == "Observation" { Kind::Lab } else { Kind::of_type(&s.name) },
            name: s.name,
            what: What::Skip(s.why),
        });
        let later = [(LINKED, Kind::People), (FILES, Kind::Document)].map(|(name, kind)| Step {
            name: name.to_owned(),
            kind,
            what: What::Later,
        });
        Ok(searches.chain(skipped).chain(later).collect())
    }

    /// Brings in one kind, from where an earlier run stood. What is wrong with this kind alone does not end the pull.
    pub(super) async fn pull_kind(
        &self,
        work: &mut Work,
        step: &Step,
        cursor: Option<String>,
    ) -> Result<(), WalletError> {
        let search = match &step.what {
            What::Later => return Ok(()),
            What::Skip(why) => {
                let outcome = match why {
                    WhyNot::NotGranted => KindOutcome::Refused,
                    WhyNot::NotOffered => KindOutcome::Unsupported,
                };
                return self.end_kind(work, &step.name, outcome, Some(told(why.code()))).await;
            }
            What::Search(search) => search,
        };
        work.run.begins(&step.name);
        let result = self.pull_searches(work, &step.name, search, cursor).await;
        match result {
            Ok(()) => self.end_kind(work, &step.name, KindOutcome::Done, None).await,
            Err(WalletError::Pull(PullError::GaveUp(why))) if !why.ends_the_pull() => {
                let outcome = match why {
                    GiveUp::Refused => KindOutcome::Refused,
                    GiveUp::Unsupported | GiveUp::Gone => KindOutcome::Unsupported,
                    _ => KindOutcome::Failed,
                };
                self.end_kind(work, &step.name, outcome, Some(WalletError::from(PullError::GaveUp(why)).view())).await
            }
            Err(error @ WalletError::Pull(PullError::Page(_) | PullError::NextLink(_) | PullError::NotTheResource))
            | Err(
                error @ WalletError::Fetch(fetch::FetchError::TooLarge { .. } | fetch::FetchError::Redirected { .. }),
            ) => self.end_kind(work, &step.name, KindOutcome::Failed, Some(error.view())).await,
            Err(error) => Err(error),
        }
    }

    /// The search of a kind, or the narrower ones where the system does not take it. The cursor names which: `0|url`
    /// for the search itself, `n|url` for the n-th of the narrower ones; an empty url is its first page.
    async fn pull_searches(
        &self,
        work: &mut Work,
        name: &str,
        search: &Search,
        cursor: Option<String>,
    ) -> Result<(), WalletError> {
        let narrower = search.instead();
        let (mut at, mut from) = read_cursor(cursor.as_deref());
        if at == 0 {
            match self.pull_pages(work, name, search, from, Place { number: 0, after: None }).await {
                Err(WalletError::Pull(PullError::GaveUp(GiveUp::Unsupported))) if !narrower.is_empty() => {
                    (at, from) = (1, None);
                }
                other => return other,
            }
        }
        let mut answered = false;
        for (search, n) in narrower.iter().zip(1..).skip(at.saturating_sub(1)) {
            let after = (n < narrower.len()).then(|| format!("{}|", n + 1));
            match self.pull_pages(work, name, search, from.take(), Place { number: n, after }).await {
                // One category that a system does not know is no reason to miss the others.
                Err(WalletError::Pull(PullError::GaveUp(GiveUp::Unsupported))) => {}
                other => {
                    other?;
                    answered = true;
                }
            }
        }
        if answered { Ok(()) } else { Err(PullError::GaveUp(GiveUp::Unsupported).into()) }
    }

    /// Every page of one search. While one page is being kept, the next is on its way.
    async fn pull_pages(
        &self,
        work: &mut Work,
        name: &str,
        search: &Search,
        from: Option<Url>,
        place: Place,
    ) -> Result<(), WalletError> {
        let number = place.number;
        let Some(first) = from.or_else(|| search.url(&work.link.base)) else {
            return Err(PullError::GaveUp(GiveUp::Unsupported).into());
        };
        let mut pages = Pages::from(&work.link.base, first).map_err(PullError::NextLink)?;
        let mut keeping: Option<JoinHandle<Result<Kept, WalletError>>> = None;
        loop {
            let url = pages.at().clone();
            let asked = self.ask(work, &url, Accept::FhirJson, Limits::page()).await;
            // What came before is kept whatever became of this page.
            if let Some(keeping) = keeping.take() {
                work.took(name, keeping.await.map_err(|_| WalletError::Interrupted)??);
            }
            let response = match asked? {
                Asked::Answer(response) => response,
                Asked::GaveUp(why) => return Err(PullError::GaveUp(why).into()),
            };
            let read_one = search.is_read();
            let page = self.aside(move || read_page(&response.body, read_one)).await?;
            let next = page.next.as_deref().map(|link| pages.follow(link).cloned().map_err(PullError::NextLink));
            let follows = matches!(next, Some(Ok(_)));
            let cursor = match &next {
                Some(Ok(next)) => Some(format!("{number}|{next}")),
                // The good page is kept; the kind stays open, because what follows it did not come.
                Some(Err(_)) => Some(format!("{number}|{url}")),
                None => place.after.clone(),
            };
            let job = self.clone().keep_page(work, name.to_owned(), page, cursor);
            keeping = Some(tokio::spawn(job));
            if !follows {
                if let Some(keeping) = keeping.take() {
                    work.took(name, keeping.await.map_err(|_| WalletError::Interrupted)??);
                }
                return match next {
                    Some(Err(error)) => Err(error.into()),
                    _ => Ok(()),
                };
            }
        }
    }

    /// Keeps a page: reads each resource, then stores all of them with the address of the next page.
    fn keep_page(
        self,
        work: &Work,
        name: String,
        page: Page,
        cursor: Option<String>,
    ) -> impl Future<Output = Result<Kept, WalletError>> + Send + use<> {
        let (pull, base) = (work.run.id(), work.link.base.clone());
        let (patient, person) = (work.link.details.patient.clone(), work.person.clone());
        async move {
            let expected = page.total.and_then(|t| u32::try_from(t).ok());
            let mut kept = self.aside(move || Ok(read_all(page, &base, &patient))).await?;
            let rows = std::mem::take(&mut kept.rows);
            let failed = kept.failed;
            let change = KindChange { failed, expected, ..KindChange::default() };
            let result = self
                .with(move |open| {
                    let result = open.vault.store_page(&pull, &name, &rows, cursor.as_deref(), now())?;
                    if failed > 0 || expected.is_some() {
                        open.vault.change_kind(&person, &pull, &name, &change)?;
                    }
                    Ok(result)
                })
                .await?;
            Ok(Kept { result, failed, expected, references: kept.references, files: kept.files })
        }
    }

    pub(super) async fn end_kind(
        &self,
        work: &Work,
        name: &str,
        outcome: KindOutcome,
        error: Option<ErrorView>,
    ) -> Result<(), WalletError> {
        let change = KindChange {
            outcome: Some(outcome_code(&outcome).to_owned()),
            error: error.as_ref().and_then(|e| serde_json::to_string(e).ok()),
            ..KindChange::default()
        };
        let (person, pull, kind) = (work.person.clone(), work.run.id(), name.to_owned());
        self.with(move |open| Ok(open.vault.change_kind(&person, &pull, &kind, &change)?)).await?;
        work.run.ends_kind(name, outcome, error);
        Ok(())
    }
}

impl Work {
    fn took(&mut self, name: &str, kept: Kept) {
        self.run.page(name, kept.result, kept.failed, kept.expected);
        self.note(kept.references.iter().map(String::as_str));
        self.files.extend(kept.files);
    }
}

/// Rows of a page, and what they lead to.
struct ReadAll {
    rows: Vec<vault::ItemDraft>,
    failed: u32,
    references: Vec<String>,
    files: Vec<WantedFile>,
}

fn read_all(page: Page, base: &ServerUrl, patient: &str) -> ReadAll {
    let mut out =
        ReadAll { rows: Vec::with_capacity(page.entries.len()), failed: 0, references: Vec::new(), files: Vec::new() };
    for entry in page.entries {
        let drafted = entry.and_then(|resource| draft(&resource, base.as_str()));
        match drafted {
            // Somebody else's resource is not kept, whatever the system meant by sending it.
            Ok(Drafted { patient: Some(other), .. }) if other != patient => out.failed += 1,
            Ok(found) if found.item.resource_type == "Patient" && found.item.source_id != patient => out.failed += 1,
            // What a search says about itself is not part of the record.
            Ok(found) if found.item.resource_type == "OperationOutcome" => {}
            Ok(found) => {
                let reference = format!("{}/{}", found.item.resource_type, found.item.source_id);
                out.files.extend(found.files.into_iter().map(|file| WantedFile { reference: reference.clone(), file }));
                out.references.extend(found.references);
                out.rows.push(found.item);
            }
            Err(_) => out.failed += 1,
        }
    }
    out
}

/// The page of a search, or the one resource of a read as a page of its own.
fn read_page(body: &[u8], read_one: bool) -> Result<Page, WalletError> {
    if !read_one {
        return Page::parse(body).map_err(|error| PullError::Page(error).into());
    }
    let text = std::str::from_utf8(body).map_err(|_| PullError::NotTheResource)?;
    let resource = RawResource::parse(text).map_err(|_| PullError::NotTheResource)?;
    Ok(Page { total: Some(1), next: None, entries: vec![Ok(resource)] })
}

fn read_cursor(cursor: Option<&str>) -> (usize, Option<Url>) {
    let Some((number, url)) = cursor.and_then(|text| text.split_once('|')) else { return (0, None) };
    (number.parse().unwrap_or(0), Url::parse(url).ok())
}

fn told(code: &str) -> ErrorView {
    ErrorView {
        code: code.to_owned(),
        whose: Whose::Them,
        details: std::collections::BTreeMap::new(),
        evidence: String::new(),
    }
}
