//! What a person sees of a pull while it runs, and afterwards.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use types::{ConnectionId, PullId};
use vault::PageResult;

use crate::launch::lock;
use crate::now;
use crate::views::{ErrorView, Kind, KindOutcome, PullKind, PullStage, PullView};

/// A pull of this process.
pub(crate) struct Run {
    id: PullId,
    connection: ConnectionId,
    view: Mutex<PullView>,
    waits_until: Mutex<Option<Timestamp>>,
    stopped: AtomicBool,
}

impl Run {
    pub(crate) fn of(stored: &vault::Pull, name: &str) -> Self {
        let kinds: Vec<PullKind> = stored.kinds.iter().map(kind_view).collect();
        let view = PullView {
            id: stored.id.to_string(),
            connection: stored.connection.to_string(),
            name: name.to_owned(),
            stage: match stored.stage.as_str() {
                "done" => PullStage::Done,
                "paused" => PullStage::Paused,
                "running" => PullStage::Running,
                _ => PullStage::Stopped,
            },
            items: kinds.iter().filter(|k| k.counts_items()).map(|k| k.seen).sum(),
            kinds,
            waiting_seconds: None,
            started: stored.started.to_string(),
            ended: stored.ended.map(|at| at.to_string()),
            error: stored.error.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        };
        Self {
            id: stored.id.clone(),
            connection: stored.connection.clone(),
            view: Mutex::new(view),
            waits_until: Mutex::new(None),
            stopped: AtomicBool::new(false),
        }
    }

    pub(crate) fn id(&self) -> PullId {
        self.id.clone()
    }

    pub(crate) fn is_of(&self, connection: &ConnectionId) -> bool {
        self.connection == *connection
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(lock(&self.view).stage, PullStage::Running | PullStage::Slowed)
    }

    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub(crate) fn view(&self) -> PullView {
        let until = *lock(&self.waits_until);
        let waiting = until.map(|at| at.duration_since(now()).as_secs()).filter(|left| *left > 0);
        let mut view = lock(&self.view).clone();
        if let (Some(left), PullStage::Running) = (waiting, &view.stage) {
            view.stage = PullStage::Slowed;
            view.waiting_seconds = u32::try_from(left).ok();
        }
        view
    }

    pub(crate) fn waits(&self, until: Option<Timestamp>) {
        *lock(&self.waits_until) = until;
    }

    pub(crate) fn begins(&self, kind: &str) {
        self.change(kind, |k| {
            k.outcome = KindOutcome::Running;
            k.error = None;
        });
    }

    /// A page was kept: counts as the vault gave them, and what could not be kept.
    pub(crate) fn page(&self, kind: &str, kept: PageResult, failed: u32, expected: Option<u32>) {
        let seen = kept.new + kept.changed + kept.unchanged + failed;
        self.change(kind, |k| {
            k.seen += seen;
            k.new += kept.new;
            k.changed += kept.changed;
            k.unchanged += kept.unchanged;
            k.failed += failed;
            k.expected = expected.or(k.expected);
        });
        if kind != PullKind::FILES {
            lock(&self.view).items += seen;
        }
    }

    /// What the system said last of how many there are of a kind.
    pub(crate) fn expects(&self, kind: &str) -> Option<u32> {
        lock(&self.view).kinds.iter().find(|k| k.name == kind)?.expected
    }

    pub(crate) fn ends_kind(&self, kind: &str, outcome: KindOutcome, error: Option<ErrorView>) {
        self.change(kind, |k| {
            k.outcome = outcome;
            k.error = error;
        });
    }

    pub(crate) fn end(&self, stage: PullStage, error: Option<ErrorView>) {
        let mut view = lock(&self.view);
        view.stage = stage;
        view.error = error;
        view.ended = Some(now().to_string());
    }

    /// Numbers for the trail.
    pub(crate) fn counts(&self) -> BTreeMap<String, u32> {
        let view = lock(&self.view);
        let sum = |of: fn(&PullKind) -> u32| view.kinds.iter().filter(|k| k.counts_items()).map(of).sum();
        let failed = view.kinds.iter().map(|k| k.failed).sum();
        BTreeMap::from([
            ("new".to_owned(), sum(|k| k.new)),
            ("changed".to_owned(), sum(|k| k.changed)),
            ("unchanged".to_owned(), sum(|k| k.unchanged)),
            ("failed".to_owned(), failed),
        ])
    }

    fn change(&self, kind: &str, change: impl FnOnce(&mut PullKind)) {
        if let Some(found) = lock(&self.view).kinds.iter_mut().find(|k| k.name == kind) {
            change(found);
        }
    }
}

fn kind_view(stored: &vault::PullKind) -> PullKind {
    PullKind {
        name: stored.name.clone(),
        kind: Kind::of_name(&stored.kind),
        outcome: match stored.outcome.as_str() {
            "running" => KindOutcome::Running,
            "done" => KindOutcome::Done,
            "refused" => KindOutcome::Refused,
            "unsupported" => KindOutcome::Unsupported,
            "failed" => KindOutcome::Failed,
            _ => KindOutcome::Waiting,
        },
        expected: stored.expected,
        seen: stored.seen,
        new: stored.new,
        changed: stored.changed,
        unchanged: stored.unchanged,
        failed: stored.failed,
        error: stored.error.as_deref().and_then(|text| serde_json::from_str(text).ok()),
    }
}

pub(crate) fn outcome_code(outcome: &KindOutcome) -> &'static str {
    match outcome {
        KindOutcome::Waiting => "waiting",
        KindOutcome::Running => "running",
        KindOutcome::Done => "done",
        KindOutcome::Refused => "refused",
        KindOutcome::Unsupported => "unsupported",
        KindOutcome::Failed => "failed",
    }
}
