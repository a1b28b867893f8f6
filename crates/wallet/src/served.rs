//! A view that is answered from, held in memory while the vault is open: built when it is first asked, brought up to
//! date when the record has changed, gone when the vault is closed.

use std::collections::HashMap;

use consent::{Delta, Grant, Item, Record, Rights, View, ViewKey};
use jiff::Timestamp;
use search::{Engine, Request, Response, Settings};
use types::PersonId;

use crate::error::WalletError;
use crate::fhir_server::{BASE, may};
use crate::grants::rules;
use crate::open::Open;

/// One grant's view of one person's record, with its engine.
pub(crate) struct Served {
    person: PersonId,
    grant: Grant,
    key: ViewKey,
    rights: Rights,
    /// What the record was when the view was made or last followed it.
    stamp: u64,
    record: Record,
    view: View,
    engine: Engine,
}

impl Served {
    /// Applies a grant to the record of the person shown.
    pub(crate) fn new(open: &Open, grant: Grant, at: Timestamp) -> Result<Self, WalletError> {
        let stamp = open.vault.record_stamp()?;
        let record = open.record_of(&open.current)?.record;
        let key = open.view_key(&grant);
        let mut view = View::build(&record, &grant, rules()?, at, &key);
        let grant = match hearing(&view, &grant)? {
            Some(grown) => {
                view.update(&[], &record, &grown, rules()?, at, &key);
                grown
            }
            None => grant,
        };
        // Under de-identification the ids are new, and nobody else's Patient is there.
        let own = |held: &&fhir::Held| {
            &*held.resource_type == "Patient" && (grant.deidentified.is_some() || record.patients.contains(&held.id))
        };
        let mut engine = Engine::new(Settings {
            base: BASE.to_owned(),
            patients: view.held().iter().filter(own).map(|held| held.id.clone()).collect(),
            zone: record.zone.clone(),
            key: open.vault.key_for(&format!("pages/{}", grant.id)),
        });
        for held in view.held() {
            put(&mut engine, Delta::Put(held.clone()));
        }
        let (person, rights) = (open.current.clone(), Rights::of(&grant.what));
        Ok(Self { person, grant, key, rights, stamp, record, view, engine })
    }

    /// Brings it up to date. `None` when it is of no use any more: another person is shown, or the patient is another
    /// one, which the engine knows from its making.
    pub(crate) fn followed(mut self, open: &Open, at: Timestamp) -> Result<Option<Self>, WalletError> {
        let stamp = open.vault.record_stamp()?;
        if self.person != open.current {
            return Ok(None);
        }
        if self.stamp == stamp {
            return Ok(Some(self));
        }
        let record = open.record_of(&open.current)?.record;
        if record.patients != self.record.patients {
            return Ok(None);
        }
        let changed = differing(&self.record, &record);
        let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
        for delta in self.view.update(&changed, &record, &self.grant, rules()?, at, &self.key) {
            put(&mut self.engine, delta);
        }
        if let Some(grown) = hearing(&self.view, &self.grant)? {
            for delta in self.view.update(&[], &record, &grown, rules()?, at, &self.key) {
                put(&mut self.engine, delta);
            }
            self.grant = grown;
        }
        (self.record, self.stamp) = (record, stamp);
        Ok(Some(self))
    }

    /// Answers as far as the grant allows it.
    pub(crate) fn answer(&self, request: &Request, at: Timestamp) -> Response {
        self.engine.answer_where(request, at, |request| may(&self.rights, request))
    }
}

/// The grant with the names of the drugs that are hidden by now, where there are new ones: a view is answered from only
/// after its texts were searched for them.
pub(crate) fn hearing(view: &View, grant: &Grant) -> Result<Option<Grant>, WalletError> {
    if view.unheard().next().is_none() {
        return Ok(None);
    }
    Ok(Some(grant.clone().with_words(view.words())?))
}

fn put(engine: &mut Engine, delta: Delta) {
    match delta {
        Delta::Put(held) => {
            if let Err(error) = engine.put(held) {
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
