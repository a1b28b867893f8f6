use std::sync::OnceLock;

use fhir::Held;
use fhir::parameters::Setting;
use jiff::Timestamp;

use crate::index::Index;
use crate::settings::Settings;
use crate::store::{PutError, Reach, Store};

/// The resources of one view, and an index of them.
#[derive(Debug)]
pub struct Engine {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) index: Index,
    pub(crate) setting: Setting,
    /// The CapabilityStatement, once it was asked for.
    pub(crate) statement: OnceLock<Vec<u8>>,
    /// Rows of the index that belong to nothing any more.
    stale: usize,
}

/// What an engine holds, and what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Resources.
    pub resources: usize,
    /// Bytes of their texts, all versions; whoever made the engine may hold the same bytes.
    pub text_bytes: usize,
    /// Bytes of everything else, estimated.
    pub index_bytes: usize,
}

/// So many stale resources are borne before the index is made anew, if they are more than the live ones.
const STALE: usize = 1_024;

impl Engine {
    /// An engine without resources.
    pub fn new(mut settings: Settings) -> Self {
        settings.base.truncate(settings.base.trim_end_matches('/').len());
        let base = Some(settings.base.as_str().into());
        let setting = Setting { zone: settings.zone.clone(), now: Timestamp::UNIX_EPOCH, base };
        Self {
            settings,
            setting,
            statement: OnceLock::new(),
            store: Store::default(),
            index: Index::default(),
            stale: 0,
        }
    }

    /// Takes a resource in, or puts it in the place of the one with the same type and id.
    ///
    /// # Errors
    /// [`PutError`] for what is no resource; then nothing has changed.
    pub fn put(&mut self, held: Held) -> Result<(), PutError> {
        self.put_within(held, Reach::All)
    }

    /// The same of one that not all questions reach.
    ///
    /// # Errors
    /// [`PutError`] for what is no resource; then nothing has changed.
    pub fn put_within(&mut self, held: Held, reach: Reach) -> Result<(), PutError> {
        let (kind, id) = (held.resource_type.clone(), held.id.clone());
        let placed = self.store.put(held, reach)?;
        if let Some(old) = placed.replaced {
            self.index.remove(old);
            self.stale += 1;
        }
        self.index.put(placed.number, &kind, &id, &placed.value, &self.setting);
        self.tidy();
        Ok(())
    }

    /// Takes a resource out. Nothing of it stays that an answer could depend on.
    pub fn remove(&mut self, resource_type: &str, id: &str) {
        if let Some(number) = self.store.remove(resource_type, id) {
            self.index.remove(number);
            self.stale += 1;
            self.tidy();
        }
    }

    /// What it holds and takes.
    pub fn size(&self) -> Size {
        Size {
            resources: self.store.count(),
            text_bytes: self.store.text_bytes(),
            index_bytes: self.store.bytes() + self.index.bytes(),
        }
    }

    fn tidy(&mut self) {
        if self.stale <= STALE.max(self.store.count()) {
            return;
        }
        self.index = Index::default();
        self.stale = 0;
        for (held, reach) in self.store.drain() {
            let (kind, id) = (held.resource_type.clone(), held.id.clone());
            // It was taken in before, and is again.
            if let Ok(placed) = self.store.put(held, reach) {
                self.index.put(placed.number, &kind, &id, &placed.value, &self.setting);
            }
        }
    }

    /// How the texts of a question are read.
    pub(crate) fn setting(&self, now: Timestamp) -> Setting {
        Setting { now, ..self.setting.clone() }
    }
}
