use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use consent::Survey;
use jiff::Timestamp;
use types::{GrantId, PersonId};

use super::{Ground, Served};
use crate::error::WalletError;
use crate::grants::rules;
use crate::preview::Preview;

/// The views that third parties are answered from, one for each grant in use, and the records they are made of. It goes
/// with the open vault: whoever still answers from a view when the vault is locked holds the last of it.
///
/// Locks are taken in one order: slot, record, vault. Who holds the vault takes none of the others.
#[derive(Default)]
pub(crate) struct Shown {
    slots: Mutex<HashMap<GrantId, Slot>>,
    records: Mutex<HashMap<PersonId, Arc<Mutex<Option<Ground>>>>>,
    /// What the owner looks at as somebody else would see it: one at a time.
    preview: Mutex<Option<Arc<Preview>>>,
    /// The record that grants are tried on: one at a time.
    survey: Mutex<Option<Tried>>,
}

/// A record of a person, read for grants to be tried on.
struct Tried {
    person: PersonId,
    stamp: u64,
    survey: Survey<'static>,
}

/// The place of one grant's view. Answers read it; whoever builds it, brings it up to date or ends the grant is alone.
#[derive(Clone, Default)]
pub(crate) struct Slot(Arc<RwLock<Option<Served>>>);

impl Shown {
    /// The place of this grant's view.
    pub(crate) fn slot(&self, grant: &GrantId) -> Slot {
        lock(&self.slots).entry(grant.clone()).or_default().clone()
    }

    /// Forgets a view; whoever answers from it at this moment is waited for.
    pub(crate) fn drop_view(&self, grant: &GrantId) {
        let slot = lock(&self.slots).remove(grant);
        if let Some(slot) = slot {
            *slot.write() = None;
        }
    }

    /// Forgets the views of grants that do not hold any more.
    pub(crate) fn keep_only(&self, holds: impl Fn(&GrantId) -> bool) {
        let over: Vec<GrantId> = lock(&self.slots).keys().filter(|grant| !holds(grant)).cloned().collect();
        for grant in over {
            self.drop_view(&grant);
        }
    }

    /// Forgets all views, when they are answered below another address.
    pub(crate) fn drop_all(&self) {
        let slots: Vec<Slot> = lock(&self.slots).drain().map(|(_, slot)| slot).collect();
        for slot in slots {
            *slot.write() = None;
        }
    }

    /// What the owner looks at now as somebody else would see it.
    pub(crate) fn preview(&self) -> Option<Arc<Preview>> {
        lock(&self.preview).clone()
    }

    /// Puts another in its place.
    pub(crate) fn look_at(&self, preview: Option<Arc<Preview>>) {
        *lock(&self.preview) = preview;
    }

    /// Tries a grant on the record of a person, which is read once for all grants until it changes.
    pub(crate) fn tried<T>(
        &self,
        person: &PersonId,
        ground: &Ground,
        now: Timestamp,
        with: impl FnOnce(&mut Survey<'static>) -> T,
    ) -> Result<T, WalletError> {
        let mut kept = lock(&self.survey);
        let known = kept.take().filter(|tried| tried.person == *person && tried.stamp == ground.stamp);
        let mut tried = match known {
            Some(known) => known,
            None => {
                let survey = Survey::new(&ground.record, rules()?, now);
                Tried { person: person.clone(), stamp: ground.stamp, survey }
            }
        };
        let found = with(&mut tried.survey);
        *kept = Some(tried);
        Ok(found)
    }

    /// Forgets what grants were tried on, when one was decided on.
    pub(crate) fn tried_enough(&self) {
        *lock(&self.survey) = None;
    }

    /// The record of a person, not older than this stamp; `read` reads it, once for all who wait.
    pub(crate) fn record(
        &self,
        person: &PersonId,
        stamp: u64,
        read: impl FnOnce() -> Result<Ground, WalletError>,
    ) -> Result<Ground, WalletError> {
        let place = Arc::clone(lock(&self.records).entry(person.clone()).or_default());
        let mut kept = lock(&place);
        if let Some(ground) = kept.as_ref().filter(|ground| ground.stamp >= stamp) {
            return Ok(ground.clone());
        }
        let ground = read()?;
        *kept = Some(ground.clone());
        Ok(ground)
    }
}

impl Slot {
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Option<Served>> {
        // A view is put in whole or not at all.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Option<Served>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
