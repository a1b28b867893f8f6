//! A view that is answered from, held in memory while the vault is open: built when it is first asked, brought up to
//! date when the record has changed, gone when the grant ends or the vault is closed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use authz::Permission;
use consent::{Delta, Grant, Item, Record, Rights, View, ViewKey};
use jiff::Timestamp;
use search::{Engine, Request, Response, Settings};
use types::{PersonId, Secret};

use crate::error::WalletError;
use crate::fhir_server::may;
use crate::grants::rules;
use crate::open::Open;
use crate::record::{Assembled, Found, Known};

mod reaches;
mod shown;

use reaches::Reaches;
pub(crate) use shown::{Shown, Slot};

/// One grant's view of one person's record, with its engine.
pub(crate) struct Served {
    person: PersonId,
    grant: Grant,
    key: ViewKey,
    rights: Rights,
    /// What the record was when the view was made or last followed it.
    stamp: u64,
    record: Arc<Record>,
    items: Arc<HashMap<Box<str>, Known>>,
    view: View,
    reaches: Reaches,
    engine: Engine,
    /// The same for tokens that open less than their grant, by what they open.
    limited: Mutex<Vec<(Vec<Permission>, Arc<Served>)>>,
}

/// Most of those that are held for one grant.
const MAX_LIMITED: usize = 8;

/// What a view is made by, taken from the open vault.
pub(crate) struct Terms {
    person: PersonId,
    grant: Grant,
    key: ViewKey,
    /// What the positions in links to further pages are sealed with.
    pages: Secret<[u8; 32]>,
    base: String,
}

/// What a view is made of: a record as it was at a stamp.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) stamp: u64,
    pub(crate) record: Arc<Record>,
    /// What its owner knows each resource by, by `Type/id`.
    pub(crate) items: Arc<HashMap<Box<str>, Known>>,
}

impl Terms {
    /// For this grant of this person's record, answered below this base.
    pub(crate) fn of(open: &Open, person: PersonId, grant: Grant, base: &str) -> Self {
        let key = open.view_key(&grant);
        let pages = open.vault.key_for(&format!("pages/{}", grant.id));
        Self { person, grant, key, pages, base: base.to_owned() }
    }

    /// The base that it is answered below.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }
}

impl Ground {
    /// The record as it is now.
    pub(crate) fn of(open: &Open, person: &PersonId) -> Result<Self, WalletError> {
        Self::assembled(open.found(person)?)
    }

    /// The record that was found.
    pub(crate) fn assembled(found: Found) -> Result<Self, WalletError> {
        let stamp = found.stamp;
        let Assembled { record, items } = found.assembled()?;
        Ok(Self { stamp, record: Arc::new(record), items: Arc::new(items) })
    }
}

impl Served {
    /// Applies a grant to a record.
    pub(crate) fn new(terms: Terms, ground: Ground, at: Timestamp) -> Result<Self, WalletError> {
        let Terms { person, grant, key, pages, base } = terms;
        let Ground { stamp, record, items } = ground;
        let (view, grant) = heard(&record, grant, at, &key)?;
        let reaches = Reaches::of(&record, &grant, at, &key)?;
        let patients = patients(&view, &grant, &record);
        let mut engine = Engine::new(Settings { base, patients, zone: record.zone.clone(), key: pages });
        for held in view.held() {
            put(&mut engine, Delta::Put(held.clone()), &reaches);
        }
        let rights = Rights::of(&grant.what);
        let limited = Mutex::default();
        Ok(Self { person, grant, key, rights, stamp, record, items, view, reaches, engine, limited })
    }

    /// What the record was when it last followed it.
    pub(crate) fn stamp(&self) -> u64 {
        self.stamp
    }

    /// Whether it shows this person's record.
    pub(crate) fn is_of(&self, person: &PersonId) -> bool {
        self.person == *person
    }

    /// The grant, with the words that its texts were searched for.
    pub(crate) fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The view itself.
    pub(crate) fn view(&self) -> &View {
        &self.view
    }

    /// The record it was made of.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// What the grant allows.
    pub(crate) fn rights(&self) -> &Rights {
        &self.rights
    }

    /// What it is answered from.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Brings it up to date. `None` when it is of no use any more: the patient is another one, which the engine knows
    /// from its making.
    pub(crate) fn followed(mut self, ground: Ground, at: Timestamp) -> Result<Option<Self>, WalletError> {
        let Ground { stamp, record, items } = ground;
        if record.patients != self.record.patients {
            return Ok(None);
        }
        let changed = differing(&self.record, &record);
        let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
        let mut deltas = self.view.update(&changed, &record, &self.grant, rules()?, at, &self.key);
        if let Some(grown) = hearing(&self.view, &self.grant)? {
            deltas.extend(self.view.update(&[], &record, &grown, rules()?, at, &self.key));
            self.grant = grown;
        }
        deltas.extend(self.reaches.follow(&changed, &record, &self.grant, at, &self.key, &self.view)?);
        for delta in deltas {
            put(&mut self.engine, delta, &self.reaches);
        }
        (self.record, self.items, self.stamp, self.limited) = (record, items, stamp, Mutex::default());
        Ok(Some(self))
    }

    /// What a token is answered from that opens `only` this of the grant: a view of its own, in which an include, a chain
    /// or a count reaches no further. `make` makes it, of the same record.
    pub(crate) fn limited(
        &self,
        only: &[Permission],
        make: impl FnOnce(Ground) -> Result<Self, WalletError>,
    ) -> Result<Arc<Self>, WalletError> {
        let mut known = self.limited.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, served)) = known.iter().find(|(of, _)| of == only) {
            return Ok(Arc::clone(served));
        }
        let (record, items) = (Arc::clone(&self.record), Arc::clone(&self.items));
        let made = Arc::new(make(Ground { stamp: self.stamp, record, items })?);
        if known.len() >= MAX_LIMITED {
            known.remove(0);
        }
        known.push((only.to_vec(), Arc::clone(&made)));
        Ok(made)
    }

    /// Answers as far as the grant and `only` allow it.
    pub(crate) fn answer(&self, request: &Request, at: Timestamp, only: impl Fn(&Request) -> bool) -> Response {
        self.engine.answer_where(request, at, |request| may(&self.rights, request) && only(request))
    }
}

/// The view of a grant, its texts searched for all drugs that are hidden in it by now; and the grant with their names.
pub(crate) fn heard(record: &Record, grant: Grant, at: Timestamp, key: &ViewKey) -> Result<(View, Grant), WalletError> {
    let mut view = View::build(record, &grant, rules()?, at, key);
    let grant = match hearing(&view, &grant)? {
        Some(grown) => {
            view.update(&[], record, &grown, rules()?, at, key);
            grown
        }
        None => grant,
    };
    Ok((view, grant))
}

/// The grant with the names of the drugs that are hidden by now, where there are new ones: a view is answered from only
/// after its texts were searched for them.
fn hearing(view: &View, grant: &Grant) -> Result<Option<Grant>, WalletError> {
    if view.unheard().next().is_none() {
        return Ok(None);
    }
    Ok(Some(grant.clone().with_words(view.words())?))
}

/// Ids of the person's own Patients in a view. Under de-identification ids are new, and nobody else's Patient is there.
pub(crate) fn patients(view: &View, grant: &Grant, record: &Record) -> Vec<Box<str>> {
    let own = |held: &&fhir::Held| {
        &*held.resource_type == "Patient" && (grant.deidentified.is_some() || record.patients.contains(&held.id))
    };
    view.held().iter().filter(own).map(|held| held.id.clone()).collect()
}

fn put(engine: &mut Engine, delta: Delta, reaches: &Reaches) {
    match delta {
        Delta::Put(held) => {
            let Some(reach) = reaches.of_one(&held) else { return engine.remove(&held.resource_type, &held.id) };
            if let Err(error) = engine.put_within(held, reach) {
                tracing::warn!(%error, "a resource of the view was not taken in");
            }
        }
        Delta::Removed { resource_type, id } => engine.remove(&resource_type, &id),
    }
}

/// `Type/id` of what is new, gone, or not the same.
fn differing(before: &Record, after: &Record) -> Vec<String> {
    let path = |item: &Item| format!("{}/{}", item.resource_type, item.id);
    let texts = |item: &Item| item.versions.iter().map(|version| version.json.clone()).collect::<Vec<_>>();
    let mut old: HashMap<String, &Item> = before.items.iter().map(|item| (path(item), item)).collect();
    let mut found: Vec<String> = Vec::new();
    for item in &after.items {
        let path = path(item);
        if old.remove(&path).is_none_or(|old| texts(old) != texts(item)) {
            found.push(path);
        }
    }
    found.extend(old.into_keys());
    found
}

#[cfg(test)]
mod tests;
