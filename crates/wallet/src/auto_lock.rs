//! Locking by itself when nobody uses the wallet.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::views::LockReason;
use crate::{Shared, Wallet, look, now};

/// How often it is looked whether the time has come.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// When the wallet was last used, by this process.
#[derive(Debug)]
pub(crate) struct IdleClock {
    last_used: AtomicI64,
}

impl IdleClock {
    pub(crate) fn new() -> Self {
        Self { last_used: AtomicI64::new(now().as_second()) }
    }

    pub(crate) fn touch(&self) {
        self.last_used.store(now().as_second(), Ordering::Relaxed);
    }

    /// Whether `minutes` have gone by without use. A clock that was set back counts as use, one set forward as time.
    fn is_over(&self, minutes: u32) -> bool {
        let idle = now().as_second().saturating_sub(self.last_used.load(Ordering::Relaxed));
        minutes > 0 && idle >= i64::from(minutes) * 60
    }
}

impl Wallet {
    /// Somebody is using the wallet: the time to automatic locking begins anew.
    pub fn touch(&self) {
        self.shared.clock.touch();
    }

    /// Watches for idleness, and for a lock asked for by another process, as long as the wallet lives.
    pub(crate) fn watch(&self) {
        let shared: Weak<Shared> = Arc::downgrade(&self.shared);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(LOOK_EVERY);
                let Some(shared) = shared.upgrade() else { return };
                let wallet = Wallet { shared };
                if !wallet.is_open() {
                    return;
                }
                if wallet.shared.clock.is_over(look::read(wallet.files()).auto_lock_minutes) {
                    wallet.close_because(LockReason::Idle);
                } else if wallet.files().locked().exists() {
                    wallet.close_because(LockReason::Asked);
                } else {
                    wallet.keep_house();
                }
            }
        });
    }
}
