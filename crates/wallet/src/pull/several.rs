//! Several questions at once: most of the time of a pull is waiting for answers.

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;

use crate::error::WalletError;

/// How many questions a system is asked at once: what a browser asks, and less than would be a burden.
pub(super) const AT_ONCE: usize = 3;

/// Does all jobs, some at once, and gives what they bring in the order they end. After one failed no other is begun, and
/// those at work come to their own end; the first failure is the answer.
pub(super) async fn at_once<T>(jobs: Vec<BoxFuture<'_, Result<T, WalletError>>>) -> Result<Vec<T>, WalletError> {
    so_many(AT_ONCE, jobs).await
}

/// The same, and all are begun at once: for jobs that see themselves to how many ask.
pub(super) async fn all<T>(jobs: Vec<BoxFuture<'_, Result<T, WalletError>>>) -> Result<Vec<T>, WalletError> {
    so_many(jobs.len(), jobs).await
}

async fn so_many<T>(at_once: usize, jobs: Vec<BoxFuture<'_, Result<T, WalletError>>>) -> Result<Vec<T>, WalletError> {
    let mut waiting = jobs.into_iter();
    let mut running: FuturesUnordered<_> = waiting.by_ref().take(at_once).collect();
    let mut answer = Ok(Vec::with_capacity(waiting.len() + running.len()));
    while let Some(ended) = running.next().await {
        match (&mut answer, ended) {
            (Ok(brought), Ok(one)) => brought.push(one),
            (Ok(_), Err(error)) => answer = Err(error),
            (Err(_), _) => {}
        }
        if answer.is_ok() {
            running.extend(waiting.next());
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use futures_util::FutureExt;

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
        let answer = at_once(jobs).await;
        assert!(matches!(answer, Err(WalletError::Pull(PullError::SignIn))));
        assert_eq!(*told.lock().unwrap(), [1, 2, 0]);
    }
}
