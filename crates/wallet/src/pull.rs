//! Bringing a record in: every kind the system releases, page by page, each page with its counts and the address of
//! the next in one transaction. Stopped at any moment, it goes on where it stood.

mod error;
mod files;
mod found;
mod keeper;
mod kinds;
mod linked;
mod pages;
mod progress;
mod several;
mod source;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use audit::Action;
use futures_util::FutureExt;
use smart::plan::Search;
use tokio::sync::oneshot;
use types::{ConnectionId, PersonId, PullId, Secret};

pub use error::PullError;
use kinds::What;
pub(crate) use progress::Run;

use crate::connections::{Link, connection_id};
use crate::error::{InputError, WalletError};
use crate::launch::lock;
use crate::mandates::MandateError;
use crate::views::{ConnectionState, KindOutcome, PullKind, PullStage, PullView};
use crate::{Wallet, now};

/// Pulls of this process.
#[derive(Default)]
pub(crate) struct Pulls {
    runs: Mutex<HashMap<PullId, Arc<Run>>>,
}

/// One pull at work.
pub(super) struct Work {
    person: PersonId,
    link: Link,
    run: Arc<Run>,
    /// What the resources that came lead to, until the searches are over.
    found: Mutex<Option<found::Finders>>,
    /// Everything that came from a source that lends, `Type/id`.
    seen: Mutex<BTreeSet<String>>,
    /// Where pages wait to be stored.
    keeper: Arc<keeper::Keeper>,
    /// Kinds whose pages are asked for; those that only wait for being stored make room for others.
    asking: tokio::sync::Semaphore,
    /// How many pages of all kinds are asked for, read or waiting at once.
    room: Arc<tokio::sync::Semaphore>,
    /// How many pages are read at once. More would take the processors from the next answer, which all wait for.
    reading: Arc<tokio::sync::Semaphore>,
    /// Questions given up without an answer since the last answer.
    silences: AtomicU32,
    /// The access token in use; who renews it holds the others up.
    token: tokio::sync::Mutex<Option<Arc<Secret<String>>>>,
    /// Whether an earlier run of this pull brought a part.
    resumed: bool,
}

/// Before items get their places while files are fetched.
const HEAD_START: Duration = Duration::from_millis(1);

impl Wallet {
    /// Begins a pull, or goes on with one that did not end. One pull of a connection runs at a time.
    pub async fn pull_start(&self, connection: &str) -> Result<PullView, WalletError> {
        let id = connection_id(connection)?;
        if let Some(run) = self.running(&id) {
            return Ok(run.view());
        }
        let link = self.link(&id).await?;
        if let Some(mandate) = &link.details.mandate
            && self.follow_mandate(mandate).await?.ended.is_some()
        {
            return Err(MandateError::Ended.into());
        }
        if link.row.state != crate::connections::state_code(&ConnectionState::Ready) {
            return Err(PullError::SignIn.into());
        }
        let steps = self.steps(&link).await?;
        let names: Vec<(String, String)> = steps.iter().map(|s| (s.name.clone(), s.kind.as_str().to_owned())).collect();
        let wanted = link.row.id.clone();
        let (person, stored, resumed) = self
            .with(move |open| {
                let person = open.current.clone();
                if let Some(pull) = open.vault.resume_pull(&person, &wanted, now())? {
                    return Ok((person, pull, true));
                }
                let id = PullId::from_random(crypto::random()?);
                let pull = open.vault.begin_pull(&person, &wanted, &id, &names, now())?;
                Ok((person, pull, false))
            })
            .await?;
        let run = Arc::new(Run::of(&stored, &link.row.name));
        lock(&self.shared.pulls.runs).insert(stored.id.clone(), Arc::clone(&run));
        let work = Work {
            person,
            link,
            run: Arc::clone(&run),
            found: Mutex::default(),
            seen: Mutex::default(),
            keeper: Arc::default(),
            asking: tokio::sync::Semaphore::new(several::AT_ONCE),
            room: Arc::new(tokio::sync::Semaphore::new(pages::ROOM)),
            reading: Arc::new(tokio::sync::Semaphore::new(pages::READING)),
            silences: AtomicU32::default(),
            token: tokio::sync::Mutex::default(),
            resumed,
        };
        let wallet = self.clone();
        tokio::spawn(async move { wallet.run_pull(work, stored, steps).await });
        Ok(run.view())
    }

    /// Where a pull stands.
    pub async fn pull_state(&self, id: &str) -> Result<PullView, WalletError> {
        let id: PullId = id.parse().map_err(|_| InputError::UnknownId)?;
        if let Some(run) = lock(&self.shared.pulls.runs).get(&id) {
            return Ok(run.view());
        }
        self.with(move |open| {
            let pull = open.vault.pull(&open.current, &id)?;
            let name = open.vault.connection(&open.current, &pull.connection)?.name;
            Ok(Run::of(&pull, &name).view())
        })
        .await
    }

    /// Stops a pull; what came stays, and the next pull goes on from there.
    pub async fn pull_stop(&self, id: &str) -> Result<PullView, WalletError> {
        let id: PullId = id.parse().map_err(|_| InputError::UnknownId)?;
        let run = lock(&self.shared.pulls.runs).get(&id).cloned().ok_or(InputError::UnknownId)?;
        run.stop();
        Ok(run.view())
    }

    /// The last pull of a connection.
    pub async fn last_pull(&self, connection: &str) -> Result<Option<PullView>, WalletError> {
        let id = connection_id(connection)?;
        if let Some(run) = self.running(&id) {
            return Ok(Some(run.view()));
        }
        self.with(move |open| {
            let name = open.vault.connection(&open.current, &id)?.name;
            let pull = open.vault.last_pull(&open.current, &id)?;
            Ok(pull.map(|pull| Run::of(&pull, &name).view()))
        })
        .await
    }

    fn running(&self, connection: &ConnectionId) -> Option<Arc<Run>> {
        let mut runs = lock(&self.shared.pulls.runs);
        runs.retain(|_, run| run.is_running());
        runs.values().find(|run| run.is_of(connection)).cloned()
    }

    pub(crate) fn stop_pulls_of(&self, connection: &ConnectionId) {
        if let Some(run) = self.running(connection) {
            run.stop();
        }
    }

    async fn run_pull(&self, work: Work, stored: vault::Pull, steps: Vec<kinds::Step>) {
        let result = self.pull_all(&work, &stored, &steps).await;
        let ended = match &result {
            Ok(()) => self.end_pull(&work, PullStage::Done, None).await,
            // Locked, stopped, or this computer went off the network: the rest comes with the next pull.
            Err(WalletError::Locked | WalletError::Absent) => {
                work.run.end(PullStage::Paused, None);
                return;
            }
            Err(WalletError::Pull(PullError::Stopped)) => self.pause_pull(&work).await,
            Err(error) => self.end_or_pause(&work, error).await,
        };
        if let Err(error) = ended {
            work.run.end(PullStage::Paused, Some(error.view()));
        }
    }

    /// What may pass by itself keeps the pull open: the next one goes on from here.
    async fn end_or_pause(&self, work: &Work, error: &WalletError) -> Result<(), WalletError> {
        tracing::info!(code = error.code(), "a pull stopped early");
        let (person, id) = (work.person.clone(), work.run.id());
        let draft = audit::Draft {
            person: Some(work.person.clone()),
            subject: Some(work.link.row.id.to_string()),
            outcome: audit::Outcome::Failed,
            counts: work.run.counts(),
            ..audit::Draft::done(Action::PullStopped)
        };
        self.with(move |open| {
            open.vault.set_pull_stage(&person, &id, "paused")?;
            open.record(draft)
        })
        .await?;
        work.run.end(PullStage::Stopped, Some(error.view()));
        Ok(())
    }

    async fn pause_pull(&self, work: &Work) -> Result<(), WalletError> {
        let (person, id) = (work.person.clone(), work.run.id());
        self.with(move |open| Ok(open.vault.set_pull_stage(&person, &id, "paused")?)).await?;
        work.run.end(PullStage::Paused, None);
        Ok(())
    }

    async fn end_pull(&self, work: &Work, stage: PullStage, error: Option<&WalletError>) -> Result<(), WalletError> {
        let (person, id) = (work.person.clone(), work.run.id());
        let draft = audit::Draft {
            person: Some(person.clone()),
            subject: Some(work.link.row.id.to_string()),
            counts: work.run.counts(),
            ..audit::Draft::done(Action::Pulled)
        };
        let view = error.map(WalletError::view);
        let text = view.as_ref().and_then(|v| serde_json::to_string(v).ok());
        self.with(move |open| {
            open.record_with(draft, |writing| Ok(writing.end_pull(&person, &id, "done", text.as_deref(), now())?))
        })
        .await?;
        work.run.end(stage, view);
        Ok(())
    }

    async fn pull_all(&self, work: &Work, stored: &vault::Pull, steps: &[kinds::Step]) -> Result<(), WalletError> {
        let mut kinds = Vec::new();
        let mut skipped = Vec::new();
        for step in steps {
            let before = stored.kinds.iter().find(|k| k.name == step.name);
            let ended = before.is_some_and(|k| matches!(k.outcome.as_str(), "done" | "refused" | "unsupported"));
            if before.is_some() && !ended {
                let from = before.and_then(|k| k.cursor.clone());
                match &step.what {
                    What::Search(search) => kinds.push(self.one_of_many(work, &step.name, search, from).boxed()),
                    What::Skip(why) => skipped.push((step.name.as_str(), *why)),
                    What::Later | What::Again => {}
                }
            }
        }
        let (finders, links, files) = found::finders();
        *lock(&work.found) = Some(finders);
        // What came earlier leads further, too.
        let again = |name: &str| steps.iter().any(|step| step.name == name && matches!(step.what, What::Again));
        if again(kinds::LINKED) || again(kinds::FILES) {
            self.look_through(work, again(kinds::LINKED)).await?;
        }
        let (done, rest_is_done) = oneshot::channel::<()>();
        let searched = async {
            // The first question waits for its token only, not for what is written about others.
            let (searched, skipped) = futures_util::join!(several::all(kinds), self.skip_kinds(work, skipped));
            work.searched();
            skipped.and(searched)?;
            // The searches brought nearly all: their items get their places while what they point to is on its way. What
            // has to be known for asking comes first.
            if tokio::time::timeout(HEAD_START, rest_is_done).await.is_err() {
                while self.with(|open| Ok(open.vault.file_some()?)).await? {}
            }
            Ok(())
        };
        let rest = async {
            let (linked, files) = futures_util::join!(self.pull_linked(work, links), self.pull_files(work, files));
            drop(done);
            several::both(linked, files)
        };
        let (searched, rest) = futures_util::join!(searched, rest);
        several::both(searched, rest)?;
        self.mark_lapsed(work).await
    }

    /// One kind; where it ends the pull, no other begins to ask.
    async fn one_of_many(
        &self,
        work: &Work,
        name: &str,
        search: &Search,
        from: Option<String>,
    ) -> Result<(), WalletError> {
        let ended = self.pull_kind(work, name, search, from).await;
        if ended.is_err() {
            work.asking.close();
        }
        ended
    }

    /// Marks what a source that lends showed once and did not show in this pull. Only a pull that came through whole can
    /// tell: where a kind failed, or an earlier run brought a part, nothing is marked.
    async fn mark_lapsed(&self, work: &Work) -> Result<(), WalletError> {
        let whole = |kind: &PullKind| kind.failed == 0 && kind.outcome != KindOutcome::Failed;
        if !work.lends() || work.resumed || !work.run.view().kinds.iter().all(whole) {
            return Ok(());
        }
        let seen = std::mem::take(&mut *lock(&work.seen));
        let (person, source) = (work.person.clone(), work.link.row.id.clone());
        self.with(move |open| Ok(open.vault.mark_lapsed(&person, &source, &seen, now()).map(drop)?)).await
    }
}

impl Work {
    /// Whether this source is somebody else's record, of which it shows a part that may change.
    pub(super) fn lends(&self) -> bool {
        self.link.details.mandate.is_some()
    }
}
