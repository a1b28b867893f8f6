use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::time::timeout;

/// The connections that are open. When all places are taken, one more takes the place of the one that has had no request
/// under way for the longest: who holds connections open for nothing keeps nobody out.
#[derive(Debug)]
pub(crate) struct Connections {
    open: Mutex<Open>,
    most: usize,
    left: Notify,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    places: HashMap<u64, Arc<Taken>>,
}

#[derive(Debug)]
struct Taken {
    quiet_since: Mutex<Instant>,
    busy: AtomicBool,
    end: Notify,
}

/// The place of one connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    /// Who is at the other end.
    pub(crate) peer: IpAddr,
    number: u64,
    taken: Arc<Taken>,
    connections: Arc<Connections>,
}

/// A request under way on a connection.
#[derive(Debug)]
pub(crate) struct UnderWay(Arc<Taken>);

impl Connections {
    pub(crate) fn new(most: usize) -> Self {
        Self { open: Mutex::default(), most: most.max(1), left: Notify::new() }
    }

    /// A place for a new connection; `None` when all have requests under way.
    pub(crate) fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let mut open = self.open();
        if open.places.len() >= self.most {
            let quiet = open.places.iter().filter(|(_, taken)| !taken.busy.load(Ordering::Acquire));
            let (number, _) = quiet.min_by_key(|(_, taken)| *taken.since())?;
            let number = *number;
            if let Some(taken) = open.places.remove(&number) {
                taken.end.notify_one();
            }
        }
        let number = open.next;
        open.next = number.wrapping_add(1);
        let (quiet_since, busy) = (Mutex::new(Instant::now()), AtomicBool::new(false));
        let taken = Arc::new(Taken { quiet_since, busy, end: Notify::new() });
        open.places.insert(number, Arc::clone(&taken));
        Some(Place { peer, number, taken, connections: Arc::clone(self) })
    }

    /// Waits until all are gone, so long at most.
    pub(crate) async fn emptied(&self, most: Duration) {
        let empty = async {
            loop {
                let left = self.left.notified();
                if self.open().places.is_empty() {
                    return;
                }
                left.await;
            }
        };
        if timeout(most, empty).await.is_err() {
            self.open().places.values().for_each(|taken| taken.end.notify_one());
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn since(&self) -> MutexGuard<'_, Instant> {
        self.quiet_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Marks that a whole request is here and being answered.
    pub(crate) fn under_way(&self) -> UnderWay {
        self.taken.busy.store(true, Ordering::Release);
        UnderWay(Arc::clone(&self.taken))
    }

    /// Waits until the place is needed by somebody else.
    pub(crate) async fn taken(&self) {
        self.taken.end.notified().await;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        *self.0.since() = Instant::now();
        self.0.busy.store(false, Ordering::Release);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.open().places.remove(&self.number);
        self.connections.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[tokio::test]
    async fn one_more_takes_the_place_of_the_one_that_was_quiet_the_longest() {
        let connections = Arc::new(Connections::new(2));
        let (first, second) = (connections.enter(PEER).unwrap(), connections.enter(PEER).unwrap());
        drop(first.under_way());
        let third = connections.enter(PEER).unwrap();
        timeout(Duration::from_secs(1), second.taken()).await.unwrap();
        assert!(timeout(Duration::from_millis(10), first.taken()).await.is_err());
        drop((second, third));
    }

    #[test]
    fn who_has_a_request_under_way_is_not_sent_away() {
        let connections = Arc::new(Connections::new(1));
        let place = connections.enter(PEER).unwrap();
        let request = place.under_way();
        assert!(connections.enter(PEER).is_none());
        drop(request);
        assert!(connections.enter(PEER).is_some());
    }
}
