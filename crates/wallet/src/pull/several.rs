//! Several questions at once: most of the time of a pull is waiting for answers.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::Semaphore;

use crate::error::WalletError;

/// How many questions a system is asked at once: what a browser asks.
pub(super) const AT_ONCE: usize = 6;

/// Does all jobs, each when it has a place among those who ask, and gives what they bring in the order they end. After one
/// failed no other of them is begun, and those at work come to their own end; the first failure is the answer.
pub(super) async fn in_turn<T: Send>(
    asking: &Semaphore,
    jobs: Vec<BoxFuture<'_, Result<T, WalletError>>>,
) -> Result<Vec<T>, WalletError> {
    let failed = &AtomicBool::new(false);
    let placed = jobs.into_iter().map(|job| {
        async move {
            let place = asking.acquire().await;
            if place.is_err() || failed.load(Ordering::Relaxed) {
                return Err(WalletError::Interrupted);
            }
            let ended = job.await;
            failed.fetch_or(ended.is_err(), Ordering::Relaxed);
            ended
        }
        .boxed()
    });
    all(placed.collect()).await
}

/// The same, and all are begun at once: for jobs that see themselves to how many ask.
pub(super) async fn all<T>(jobs: Vec<BoxFuture<'_, Result<T, WalletError>>>) -> Result<Vec<T>, WalletError> {
    let mut running: FuturesUnordered<_> = jobs.into_iter().collect();
    let mut answer = Ok(Vec::with_capacity(running.len()));
    while let Some(ended) = running.next().await {
        match (&mut answer, ended) {
            (Ok(brought), Ok(one)) => brought.push(one),
            (Ok(_), Err(error)) => answer = Err(error),
            (Err(_), _) => {}
        }
    }
    answer
}

/// Why two that ran side by side did not both come to their end: where one was only interrupted, what the other says.
pub(super) fn both(one: Result<(), WalletError>, other: Result<(), WalletError>) -> Result<(), WalletError> {
    match one {
        Err(WalletError::Interrupted) => other.and(one),
        _ => one.and(other),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::*;
    use crate::pull::PullError;

    #[tokio::test]
    async fn after_a_failure_nothing_begins_and_what_runs_comes_to_its_end() {
        let told = Mutex::new(Vec::new());
        let job = |number: usize, millis: u64, fails: Option<PullError>| {
            let told = &told;
            async move {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                told.lock().unwrap().push(number);
                fails.map_or(Ok(()), |error| Err(error.into()))
            }
            .boxed()
        };
        let jobs = vec![
            job(0, 60, None),
            job(1, 20, Some(PullError::SignIn)),
            job(2, 40, Some(PullError::Stopped)),
            job(3, 0, None),
        ];
        let asking = Semaphore::new(3);
        let answer = in_turn(&asking, jobs).await;
        assert!(matches!(answer, Err(WalletError::Pull(PullError::SignIn))));
        assert_eq!(*told.lock().unwrap(), [1, 2, 0]);
        assert!(in_turn(&asking, vec![job(4, 0, None)]).await.is_ok(), "others go on");
        asking.close();
        let late = in_turn(&asking, vec![job(5, 0, None)]).await;
        assert!(matches!(late, Err(WalletError::Interrupted)), "until the whole pull ends");
        let cause = |one, other| both(Err(one), Err(other)).unwrap_err().code();
        assert_eq!(cause(WalletError::Interrupted, WalletError::Locked), WalletError::Locked.code());
        assert_eq!(cause(WalletError::Locked, WalletError::Interrupted), WalletError::Locked.code());
    }
}
