//! Brings the write-ahead log into the file while more is written. SQLite lets both go on at once, but by itself it has
//! the writer do it; a long pull would spend a third of its time there.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use types::Secret;

use crate::open::connect;

/// After so many bytes of resources, squeezed, the log is brought into the file. What goes with them is several times as
/// much, and the writer would do it itself when the log has 4,000 pages.
const EACH: usize = 2 << 20;

/// Who brings the log into the file. Does nothing, and opens nothing, until much is written; where it fails, the writer
/// does it, as SQLite has it.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    path: PathBuf,
    key: Secret<[u8; 32]>,
    written: usize,
    at_work: Arc<Mutex<()>>,
    worker: Option<Worker>,
}

#[derive(Debug)]
struct Worker {
    wake: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Checkpoints {
    pub(crate) fn of(path: PathBuf, key: &Secret<[u8; 32]>) -> Self {
        let key = Secret::new(*key.expose());
        Self { path, key, written: 0, at_work: Arc::default(), worker: None }
    }

    /// So many bytes were written.
    pub(crate) fn wrote(&mut self, bytes: usize) {
        self.written += bytes;
        if self.written < EACH {
            return;
        }
        self.written = 0;
        if self.worker.is_none() {
            self.worker = self.hire();
        }
        if let Some(worker) = &self.worker {
            // Who is at work still will find what was written meanwhile the next time.
            let _ = worker.wake.try_send(());
        }
    }

    fn hire(&self) -> Option<Worker> {
        let (path, key, at_work) = (self.path.clone(), Secret::new(*self.key.expose()), Arc::clone(&self.at_work));
        let (wake, woken) = sync_channel(1);
        let work = move || {
            let opened = connect(&path, &key);
            drop(key);
            if let Ok(connection) = opened {
                keep_on(&connection, &woken, &at_work);
            }
        };
        let thread = thread::Builder::new().name("checkpoints".into()).spawn(work).ok()?;
        Some(Worker { wake, thread })
    }

    /// While the guard is held nobody else brings the log into the file.
    pub(crate) fn hold(&self) -> MutexGuard<'_, ()> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep_on(connection: &Connection, woken: &Receiver<()>, at_work: &Mutex<()>) {
    while woken.recv().is_ok() {
        let _at_work = at_work.lock().unwrap_or_else(PoisonError::into_inner);
        // Busy or failed: it is done by whoever comes next.
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        let Some(Worker { wake, thread }) = self.worker.take() else { return };
        drop(wake);
        // It closes its connection before the vault closes the last one.
        let _ = thread.join();
    }
}
