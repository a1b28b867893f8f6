//! One kind after the other, with its searches.

use fhir::Kind;
use smart::plan::{GiveUp, Search, Wanted, WhyNot, plan};
use url::Url;
use vault::KindChange;

use super::pages::Place;
use super::progress::outcome_code;
use super::{PullError, Work};
use crate::Wallet;
use crate::connections::Link;
use crate::error::WalletError;
use crate::views::{ErrorView, KindOutcome, PullKind, Whose};

/// Name of the step that reads what resources point to.
pub(super) const LINKED: &str = "linked";
/// Name of the step that fetches files.
pub(super) const FILES: &str = PullKind::FILES;

/// One step of a pull.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) what: What,
}

pub(super) enum What {
    Search(Box<Search>),
    Skip(WhyNot),
    /// Not a search; what the searches bring leads to it.
    Later,
    /// The same, and the last pull left a part of it undone that no search may bring up again.
    Again,
}

/// Whether the end of a kind is written down.
enum End {
    /// With its last page.
    Stored,
    /// Its last search brought no page.
    Open,
}

impl Wallet {
    /// Plans a pull: what changed since the last one for kinds that were brought in to their end, everything for the
    /// others.
    pub(super) async fn steps(&self, link: &Link) -> Result<Vec<Step>, WalletError> {
        let granted = smart::Scopes::parse(&link.row.scopes);
        let id = link.row.id.clone();
        let last = self.with(move |open| Ok(open.vault.last_pull(&open.current, &id)?));
        let (capability, last) = futures_util::join!(self.capability(&link.base), last);
        let last = last?;
        // What a mandate shows may become less: it is looked at whole each time.
        let since = last.as_ref().filter(|_| link.details.mandate.is_none()).map(|pull| pull.started);
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
            what: if last.as_ref().is_some_and(|pull| left_undone(pull, name)) { What::Again } else { What::Later },
        });
        Ok(searches.chain(skipped).chain(later).collect())
    }

    /// Ends the kinds that are not asked for, all at once.
    pub(super) async fn skip_kinds(&self, work: &Work, skipped: Vec<(&str, WhyNot)>) -> Result<(), WalletError> {
        if skipped.is_empty() {
            return Ok(());
        }
        let ends = skipped.into_iter().map(|(name, why)| {
            let outcome = match why {
                WhyNot::NotGranted => KindOutcome::Refused,
                WhyNot::NotOffered => KindOutcome::Unsupported,
            };
            (name.to_owned(), outcome, told(why.code()))
        });
        let ends: Vec<(String, KindOutcome, ErrorView)> = ends.collect();
        let changes: Vec<(String, KindChange)> =
            ends.iter().map(|(name, outcome, error)| (name.clone(), change(outcome, Some(error)))).collect();
        let (person, pull) = (work.person.clone(), work.run.id());
        self.with(move |open| Ok(open.vault.change_kinds(&person, &pull, &changes)?)).await?;
        for (name, outcome, error) in ends {
            work.run.ends_kind(&name, outcome, Some(error));
        }
        Ok(())
    }

    /// Brings in one kind, from where an earlier run stood. What is wrong with this kind alone does not end the pull.
    pub(super) async fn pull_kind(
        &self,
        work: &Work,
        name: &str,
        search: &Search,
        cursor: Option<String>,
    ) -> Result<(), WalletError> {
        match self.pull_searches(work, name, search, cursor).await {
            // Its last page was stored as the last.
            Ok(End::Stored) => {
                work.run.ends_kind(name, KindOutcome::Done, None);
                Ok(())
            }
            Ok(End::Open) => self.end_kind(work, name, KindOutcome::Done, None).await,
            Err(WalletError::Pull(PullError::GaveUp(why))) if !why.ends_the_pull() => {
                let outcome = match why {
                    GiveUp::Refused => KindOutcome::Refused,
                    GiveUp::Unsupported | GiveUp::Gone => KindOutcome::Unsupported,
                    _ => KindOutcome::Failed,
                };
                self.end_kind(work, name, outcome, Some(WalletError::from(PullError::GaveUp(why)).view())).await
            }
            Err(
                error @ WalletError::Pull(
                    PullError::Page(_) | PullError::NextLink(_) | PullError::NotTheResource | PullError::Alone(_),
                ),
            ) => self.end_kind(work, name, KindOutcome::Failed, Some(error.view())).await,
            Err(error) => Err(error),
        }
    }

    /// The search of a kind, or the narrower ones where the system does not take it. The cursor names which: `0|url`
    /// for the search itself, `n|url` for the n-th of the narrower ones; an empty url is its first page.
    async fn pull_searches(
        &self,
        work: &Work,
        name: &str,
        search: &Search,
        cursor: Option<String>,
    ) -> Result<End, WalletError> {
        let narrower = search.instead();
        let (mut at, mut from) = read_cursor(cursor.as_deref());
        if at == 0 {
            match self.pull_pages(work, name, search, from, Place { number: 0, after: None }).await {
                Err(WalletError::Pull(PullError::GaveUp(GiveUp::Unsupported))) if !narrower.is_empty() => {
                    (at, from) = (1, None);
                }
                other => return other.map(|()| End::Stored),
            }
        }
        let (mut answered, mut end) = (false, End::Open);
        for (search, n) in narrower.iter().zip(1..).skip(at.saturating_sub(1)) {
            let after = (n < narrower.len()).then(|| format!("{}|", n + 1));
            match self.pull_pages(work, name, search, from.take(), Place { number: n, after }).await {
                // One category that a system does not know is no reason to miss the others.
                Err(WalletError::Pull(PullError::GaveUp(GiveUp::Unsupported))) => {}
                other => {
                    other?;
                    answered = true;
                    if n == narrower.len() {
                        end = End::Stored;
                    }
                }
            }
        }
        if answered { Ok(end) } else { Err(PullError::GaveUp(GiveUp::Unsupported).into()) }
    }

    pub(super) async fn end_kind(
        &self,
        work: &Work,
        name: &str,
        outcome: KindOutcome,
        error: Option<ErrorView>,
    ) -> Result<(), WalletError> {
        let change = change(&outcome, error.as_ref());
        let (person, pull, kind) = (work.person.clone(), work.run.id(), name.to_owned());
        self.with(move |open| Ok(open.vault.change_kind(&person, &pull, &kind, &change)?)).await?;
        work.run.ends_kind(name, outcome, error);
        Ok(())
    }
}

/// What the end of a kind changes about it.
fn change(outcome: &KindOutcome, error: Option<&ErrorView>) -> KindChange {
    KindChange {
        outcome: Some(outcome_code(outcome).to_owned()),
        error: error.and_then(|e| serde_json::to_string(e).ok()),
        ..KindChange::default()
    }
}

/// Whether a pull left something undone of what the searches led to. Of one that did not come to its end that may be so
/// whatever the step says: it may have ended in one run, and another run of the same pull was cut off.
fn left_undone(pull: &vault::Pull, name: &str) -> bool {
    let failed = || pull.kinds.iter().any(|kind| kind.name == name && kind.failed > 0);
    pull.stage != "done" || (name == FILES && failed())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn pull(stage: &str, failed: u32) -> vault::Pull {
        let step = |name: &str| vault::PullKind {
            name: name.to_owned(),
            kind: Kind::Document.as_str().to_owned(),
            outcome: "done".to_owned(),
            cursor: None,
            expected: None,
            seen: failed,
            new: 0,
            changed: 0,
            unchanged: 0,
            failed,
            error: None,
        };
        vault::Pull {
            id: types::PullId::from_random([1; 16]),
            connection: types::ConnectionId::from_random([1; 16]),
            stage: stage.to_owned(),
            started: crate::now(),
            ended: None,
            error: None,
            kinds: [LINKED, FILES].map(step).into(),
        }
    }

    #[test]
    fn what_a_pull_led_to_is_looked_for_again_unless_it_came_to_its_end() {
        for stage in ["running", "paused", "stopped"] {
            assert!([LINKED, FILES].iter().all(|name| left_undone(&pull(stage, 0), name)), "{stage}");
        }
        assert!(![LINKED, FILES].iter().any(|name| left_undone(&pull("done", 0), name)));
        assert!(left_undone(&pull("done", 1), FILES), "a file that could not be fetched");
        assert!(!left_undone(&pull("done", 1), LINKED), "what is pointed to and is not there");
    }
}
