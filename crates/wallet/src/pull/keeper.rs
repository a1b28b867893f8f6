//! Where pages wait to be stored. A transaction waits for the disk and writes the ends of every index, so that many
//! resources cost little more than few: pages are stored together, whatever they are of, once there are enough of them, or
//! nothing more is coming, or a moment has passed. While they are stored more come, so that of a long pull many are.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;
use types::PullId;
use vault::{PageDraft, PageResult, Vault};

use crate::error::WalletError;
use crate::launch::lock;
use crate::{Wallet, now};

/// Resources of one transaction, unless a page alone has more. What the owner asks for meanwhile waits as long.
const TOGETHER: usize = 1_000;

/// Resources that are worth a transaction when there is nothing else to do: meanwhile more come.
const ENOUGH: usize = 100;

/// How long a page waits for others.
const PATIENCE: Duration = Duration::from_millis(50);

/// Pages that came and are not stored yet, in the order they are stored in.
pub(super) struct Keeper {
    queue: Mutex<Queue>,
    /// Something about the queue changed.
    news: Notify,
    patience: Duration,
}

impl Default for Keeper {
    fn default() -> Self {
        Self { queue: Mutex::default(), news: Notify::new(), patience: PATIENCE }
    }
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// Number of the first that waits.
    first: u64,
    /// Resources of all that wait.
    items: usize,
    /// Pages that are asked for or read, and will wait here soon.
    coming: usize,
    /// A thread stores what waits.
    storing: bool,
}

impl Queue {
    /// Whether what waits need not wait for others.
    fn is_full(&self) -> bool {
        self.items >= ENOUGH || self.coming == 0
    }
}

/// Pages of one search: after one that could not be stored none is, because the next pull goes on where the last one
/// that is stored says.
#[derive(Clone, Default)]
pub(super) struct Chain {
    broken: Arc<AtomicBool>,
}

impl Chain {
    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }
}

struct Waiting {
    page: PageDraft,
    chain: Chain,
    stored: oneshot::Sender<Result<PageResult, WalletError>>,
}

/// A page in the queue.
pub(super) struct Queued {
    keeper: Arc<Keeper>,
    number: u64,
    since: Instant,
    result: oneshot::Receiver<Result<PageResult, WalletError>>,
}

/// As long as somebody has it, a page is coming.
pub(super) struct Coming(Arc<Keeper>);

impl Drop for Coming {
    fn drop(&mut self) {
        lock(&self.0.queue).coming -= 1;
        self.0.news.notify_waiters();
    }
}

impl Keeper {
    /// Says that a page is coming.
    pub(super) fn expect(self: &Arc<Self>) -> Coming {
        lock(&self.queue).coming += 1;
        Coming(Arc::clone(self))
    }

    /// Puts a page behind those that wait. It is stored when [`Wallet::store_queued`] is waited for.
    pub(super) fn queue(self: &Arc<Self>, page: PageDraft, chain: &Chain) -> Queued {
        let (stored, result) = oneshot::channel();
        let mut queue = lock(&self.queue);
        let number = queue.first + queue.waiting.len() as u64;
        queue.items += page.items.len();
        queue.waiting.push_back(Waiting { page, chain: chain.clone(), stored });
        drop(queue);
        self.news.notify_waiters();
        Queued { keeper: Arc::clone(self), number, since: Instant::now(), result }
    }

    /// The pages that are stored next.
    fn next(&self) -> Vec<Waiting> {
        let mut queue = lock(&self.queue);
        let mut taken = Vec::new();
        let mut items = 0;
        while let Some(page) = queue.waiting.front()
            && (taken.is_empty() || items + page.page.items.len() <= TOGETHER)
        {
            items += page.page.items.len();
            taken.extend(queue.waiting.pop_front());
        }
        queue.first += taken.len() as u64;
        queue.items -= items;
        drop(queue);
        self.news.notify_waiters();
        taken
    }

    /// Those that wait are not stored: the vault is closed, or failed in a way that nobody expected.
    fn give_up(&self) {
        let mut queue = lock(&self.queue);
        queue.first += queue.waiting.len() as u64;
        queue.items = 0;
        queue.waiting.clear();
        drop(queue);
        self.news.notify_waiters();
    }

    /// Waits until the page with this number is the first and waits no longer for others. It then has to have them stored.
    async fn ripe(&self, number: u64, since: Instant) {
        loop {
            let mut news = std::pin::pin!(self.news.notified());
            // From here on no news is missed.
            news.as_mut().enable();
            let first = {
                let mut queue = lock(&self.queue);
                let first = queue.first >= number && !queue.storing;
                if first && (queue.is_full() || since.elapsed() >= self.patience) {
                    queue.storing = true;
                    return;
                }
                first
            };
            if first {
                tokio::select! { () = news => {}, () = tokio::time::sleep_until(since + self.patience) => {} }
            } else {
                news.await;
            }
        }
    }

    /// Ends storing; what waits has somebody else see to it.
    fn stored(&self) {
        lock(&self.queue).storing = false;
        self.news.notify_waiters();
    }

    /// Whether there is more to store at once.
    fn is_full(&self) -> bool {
        let queue = lock(&self.queue);
        !queue.waiting.is_empty() && queue.is_full()
    }
}

impl Wallet {
    /// Waits until a page is stored. The first of those that wait has it done for all.
    pub(super) async fn store_queued(&self, pull: PullId, queued: Queued) -> Result<PageResult, WalletError> {
        let Queued { keeper, number, since, mut result } = queued;
        let given_up = |_| if self.is_open() { WalletError::Interrupted } else { WalletError::Locked };
        tokio::select! {
            biased;
            stored = &mut result => return stored.map_err(given_up)?,
            () = keeper.ripe(number, since) => {}
        }
        // Its own page is stored long before the last, and should not wait for that.
        tokio::spawn(self.clone().store_waiting(pull, keeper));
        result.await.map_err(given_up)?
    }

    /// Stores what waits, and what comes to wait meanwhile: handing over to another thread takes as long as a page, while
    /// both processors work.
    async fn store_waiting(self, pull: PullId, keeper: Arc<Keeper>) {
        let (wallet, shared) = (self.clone(), Arc::clone(&keeper));
        let at_work = move || {
            loop {
                wallet.with_now(|open| {
                    store(&mut open.vault, &pull, shared.next());
                    Ok(())
                })?;
                // The owner's own question comes first.
                if wallet.is_awaited() || !shared.is_full() {
                    return Ok(());
                }
            }
        };
        if self.aside(at_work).await.is_err() {
            keeper.give_up();
        }
        keeper.stored();
    }
}

/// Stores all together; when that fails, each by itself, so that one that cannot be stored takes no other with it but
/// those of its search.
fn store(vault: &mut Vault, pull: &PullId, mut waiting: Vec<Waiting>) {
    for gone in waiting.extract_if(.., |one| one.chain.is_broken()) {
        let _ = gone.stored.send(Err(WalletError::Interrupted));
    }
    if waiting.is_empty() {
        return;
    }
    let (pages, rest): (Vec<_>, Vec<_>) = waiting.into_iter().map(|one| (one.page, (one.chain, one.stored))).unzip();
    let results = match vault.store_pages(pull, &pages, now()) {
        Ok(results) => results.into_iter().map(Ok).collect(),
        Err(error) if pages.len() == 1 => vec![Err(error.into())],
        Err(_) => pages.iter().zip(&rest).map(|(page, (chain, _))| one(vault, pull, page, chain)).collect::<Vec<_>>(),
    };
    for ((chain, answer), result) in rest.into_iter().zip(results) {
        if result.is_err() {
            chain.broken.store(true, Ordering::SeqCst);
        }
        // Whoever no longer waits was stopped; its page is stored all the same, and the next pull goes on after it.
        let _ = answer.send(result);
    }
}

fn one(vault: &mut Vault, pull: &PullId, page: &PageDraft, chain: &Chain) -> Result<PageResult, WalletError> {
    if chain.is_broken() {
        return Err(WalletError::Interrupted);
    }
    let stored = vault.store_pages(pull, std::slice::from_ref(page), now());
    chain.broken.store(stored.is_err(), Ordering::SeqCst);
    Ok(stored?.into_iter().next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use vault::VaultError;

    use super::*;

    fn page(items: usize) -> PageDraft {
        PageDraft { items: vec![vault::ItemDraft::default(); items], ..PageDraft::default() }
    }

    #[test]
    fn much_of_what_waits_is_stored_together() {
        let keeper = Arc::new(Keeper::default());
        let pages = [250, 250, 450, 100, 5_000, 1];
        let queued = pages.map(|items| keeper.queue(page(items), &Chain::default()));
        assert_eq!(queued.map(|one| one.number), [0, 1, 2, 3, 4, 5]);
        let sizes = |taken: Vec<Waiting>| taken.iter().map(|one| one.page.items.len()).collect::<Vec<_>>();
        let taken: Vec<_> = pages.map(|_| sizes(keeper.next())).into();
        assert_eq!(taken, [vec![250, 250, 450], vec![100], vec![5_000], vec![1], vec![], vec![]]);
        assert_eq!(lock(&keeper.queue).items, 0);
    }

    /// Whether a page is stored now rather than later.
    async fn is_ripe(keeper: &Keeper, queued: &Queued) -> bool {
        let ripe =
            tokio::time::timeout(Duration::from_millis(1), keeper.ripe(queued.number, queued.since)).await.is_ok();
        if ripe {
            keeper.stored();
        }
        ripe
    }

    #[tokio::test]
    async fn the_first_waits_until_there_are_many_or_no_more_come_or_a_moment_has_passed() {
        let with = |patience| Arc::new(Keeper { patience, ..Keeper::default() });
        let keeper = with(Duration::from_secs(3_600));
        let coming = keeper.expect();
        let first = keeper.queue(page(10), &Chain::default());
        assert!(!is_ripe(&keeper, &first).await, "another is coming");
        drop(coming);
        assert!(is_ripe(&keeper, &first).await, "no other is");
        let coming = keeper.expect();
        let second = keeper.queue(page(TOGETHER), &Chain::default());
        assert!(is_ripe(&keeper, &first).await, "they are many");
        assert!(!is_ripe(&keeper, &second).await, "the first has it done");
        keeper.next();
        assert!(is_ripe(&keeper, &second).await, "now it is the first, and many alone");
        keeper.give_up();
        let third = keeper.queue(page(1), &Chain::default());
        assert!(!is_ripe(&keeper, &third).await, "nothing is left of those that were given up");
        drop(coming);

        let keeper = with(Duration::ZERO);
        let _coming = keeper.expect();
        let late = keeper.queue(page(1), &Chain::default());
        assert!(is_ripe(&keeper, &late).await, "a moment has passed");
        keeper.ripe(late.number, late.since).await;
        assert!(!is_ripe(&keeper, &late).await, "somebody stores already");
        keeper.stored();
        assert!(is_ripe(&keeper, &late).await, "and is done");
    }

    #[test]
    fn nothing_is_stored_after_a_page_of_its_search_that_failed() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = Vault::create(&folder.path().join("vault"), &types::Secret::new([1; 32])).unwrap();
        let (person, connection) = (types::PersonId::from_random([1; 16]), types::ConnectionId::from_random([1; 16]));
        let pull = PullId::from_random([1; 16]);
        let me = vault::Person {
            id: person.clone(),
            name: "Ana".into(),
            relation: "me".into(),
            birth_date: None,
            created: now(),
        };
        vault.add_person(&me).unwrap();
        let source = vault::Connected {
            id: connection.clone(),
            name: "Valley".into(),
            address: "https://a.example".into(),
            state: "ready".into(),
            scopes: String::new(),
            details: "{}".into(),
            created: now(),
            last_pull: None,
        };
        vault.add_connection(&person, &source).unwrap();
        let kinds = ["Condition", "Observation"].map(|kind| (kind.to_owned(), "other".to_owned()));
        vault.begin_pull(&person, &connection, &pull, &kinds, now()).unwrap();

        let keeper = Arc::new(Keeper::default());
        let (bad, good) = (Chain::default(), Chain::default());
        let named = |kind: &str| PageDraft { kind: kind.into(), next: Some("more".into()), ..page(0) };
        let mut queued = [
            // No pull of this kind was begun: the vault refuses it.
            keeper.queue(named("Device"), &bad),
            keeper.queue(named("Condition"), &bad),
            keeper.queue(named("Observation"), &good),
        ];
        store(&mut vault, &pull, keeper.next());
        let mut late = keeper.queue(named("Condition"), &bad);
        store(&mut vault, &pull, keeper.next());
        let mut answer = |at: usize| queued[at].result.try_recv().unwrap();
        assert!(matches!(answer(0), Err(WalletError::Vault(VaultError::NotPulling))));
        assert!(matches!(answer(1), Err(WalletError::Interrupted)));
        assert!(answer(2).is_ok());
        assert!(matches!(late.result.try_recv().unwrap(), Err(WalletError::Interrupted)));
        let pull = vault.pull(&person, &pull).unwrap();
        let at: Vec<_> = pull.kinds.iter().map(|kind| kind.cursor.as_deref()).collect();
        assert_eq!(at, [None, Some("more")], "of the broken search no page is kept");
    }
}
