//! Asking a system for one thing, with the patience and the manners it may expect.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fetch::{Accept, FetchError, Limits, Response};
use jiff::SignedDuration;
use smart::plan::{After, Attempt, GiveUp, after, after_failure};
use types::Secret;
use url::Url;

use super::{PullError, Work};
use crate::error::WalletError;
use crate::{Wallet, now};

/// How often a wait looks whether the owner stopped the pull.
const BLINK: Duration = Duration::from_millis(250);

/// So many questions in a row that nobody answers, after all patience, and nobody is taken to be there.
const SILENCES: u32 = 3;

/// What came of asking.
pub(super) enum Asked {
    Answer(Response),
    GaveUp(GiveUp),
}

impl Wallet {
    /// Asks until there is an answer to read or nothing more to hope for. The token is renewed once when it is refused.
    pub(super) async fn ask(
        &self,
        work: &Work,
        url: &Url,
        accept: Accept,
        limits: Limits,
    ) -> Result<Asked, WalletError> {
        let mut attempt = Attempt::default();
        loop {
            if work.run.is_stopped() {
                return Err(PullError::Stopped.into());
            }
            if !self.is_open() {
                return Err(WalletError::Locked);
            }
            let token = self.token_of(work, None).await?;
            let wait = match self.fetch().get(url, accept, Some(&token), limits).await {
                Ok(response) => {
                    work.silences.store(0, Ordering::Relaxed);
                    match after(response.status, response.retry_after.as_deref(), attempt, now()) {
                        After::Take => return Ok(Asked::Answer(response)),
                        After::GiveUp(why) => return Ok(Asked::GaveUp(why)),
                        After::Refresh => {
                            attempt.refreshed = true;
                            self.token_of(work, Some(&token)).await?;
                            continue;
                        }
                        After::Retry { wait } => wait,
                    }
                }
                Err(error) => match after_failure(attempt).filter(|_| error.is_passing()) {
                    Some(wait) => wait,
                    None => return Err(unanswered(error, &work.silences)),
                },
            };
            attempt.before += 1;
            self.wait(work, wait).await?;
        }
    }

    /// The pull's token; a new one where it was refused, unless another question has renewed it meanwhile.
    async fn token_of(
        &self,
        work: &Work,
        refused: Option<&Arc<Secret<String>>>,
    ) -> Result<Arc<Secret<String>>, WalletError> {
        let mut token = work.token.lock().await;
        match (&*token, refused) {
            (Some(current), None) => Ok(Arc::clone(current)),
            (Some(current), Some(refused)) if !Arc::ptr_eq(current, refused) => Ok(Arc::clone(current)),
            _ => {
                let new = Arc::new(self.access_token(&work.link.row.id, refused.map(Arc::as_ref)).await?);
                *token = Some(Arc::clone(&new));
                Ok(new)
            }
        }
    }

    /// Waits, and says so on the screen; stopped or locked, the wait ends.
    async fn wait(&self, work: &Work, wait: Duration) -> Result<(), WalletError> {
        let until = SignedDuration::try_from(wait).ok().and_then(|wait| now().checked_add(wait).ok());
        work.run.waits(until);
        let end = tokio::time::Instant::now() + wait;
        while tokio::time::Instant::now() < end && !work.run.is_stopped() && self.is_open() {
            tokio::time::sleep(BLINK.min(wait)).await;
        }
        work.run.waits(None);
        Ok(())
    }
}

/// What an answer that does not arrive says: something about this question, or that the pull cannot go on.
fn unanswered(error: FetchError, silences: &AtomicU32) -> WalletError {
    let alone = match error {
        FetchError::TooLarge { .. } | FetchError::Redirected { .. } | FetchError::TooManyRedirects => true,
        // One that a system is not done with in time, while it answers others.
        FetchError::Timeout | FetchError::Broken(_) => silences.fetch_add(1, Ordering::Relaxed) + 1 < SILENCES,
        _ => false,
    };
    if alone { PullError::Alone(error).into() } else { error.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_without_an_answer_stands_alone_until_nobody_answers_any_more() {
        let silences = AtomicU32::new(0);
        let alone = |error| matches!(unanswered(error, &silences), WalletError::Pull(PullError::Alone(_)));
        let first: Vec<bool> = (0..4).map(|_| alone(FetchError::Timeout)).collect();
        assert_eq!(first, [true, true, false, false]);
        silences.store(0, Ordering::Relaxed);
        assert!(alone(FetchError::Timeout), "after an answer");
        assert!(alone(FetchError::TooManyRedirects) && alone(FetchError::TooManyRedirects), "an answer, too");
        assert!(!alone(FetchError::Address));
    }
}
