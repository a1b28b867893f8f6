//! A Bundle that is a resource of the record, such as a document: its entries are judged like any other resource.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::walk::{Fate, Walk};

/// Entries that go may take others with them; after so many rounds the Bundle goes as a whole.
const MOST_ROUNDS: usize = 12;

impl Walk<'_> {
    pub(super) fn bundle(&mut self, members: &mut Map<String, Value>) -> Fate {
        let Some(Value::Array(entries)) = members.remove("entry") else { return self.members(members) };
        let is_document = members.get("type").and_then(Value::as_str) == Some("document");
        let outer = std::mem::take(&mut self.entries);
        let (changes, withheld) = (self.changes.len(), self.withheld.len());
        let mut stand = vec![true; entries.len()];
        let mut left = Vec::new();
        for round in 0.. {
            if round == MOST_ROUNDS {
                self.entries = outer;
                return Fate::Gone;
            }
            self.changes.truncate(changes);
            self.withheld.truncate(withheld);
            self.entries = addresses(&entries, &stand);
            let now = self.round(&entries, &mut left);
            if now == stand {
                break;
            }
            stand = now;
        }
        let entries_changed = self.changes.len() > changes;
        let fate = self.members(members);
        self.entries = outer;
        // A document begins with its Composition (FHIR R4, bdl-11).
        if fate == Fate::Gone || is_document && stand.first() == Some(&false) {
            return Fate::Gone;
        }
        if entries_changed {
            // No longer true: it was signed as it was, and counted as it was.
            members.remove("signature");
            members.remove("total");
            members.remove("link");
        }
        if !left.is_empty() {
            members.insert("entry".to_owned(), Value::Array(left));
        }
        Fate::Stays
    }

    /// What each entry becomes while the entries that are known to stand do; and which stand now.
    fn round(&mut self, entries: &[Value], left: &mut Vec<Value>) -> Vec<bool> {
        left.clear();
        let mut now = Vec::with_capacity(entries.len());
        let mut all = Value::Array(entries.to_vec());
        let stands = |walk: &mut Self, name: &str, value: &mut Value| {
            let Value::Array(items) = value else { return };
            for (at, item) in items.iter_mut().enumerate() {
                now.push(walk.item(name, at, item) == Fate::Stays);
            }
        };
        self.step("entry", &mut all, stands);
        let Value::Array(items) = all else { return now };
        left.extend(items.into_iter().zip(&now).filter(|(_, stands)| **stands).map(|(item, _)| item));
        now
    }
}

/// What entries are called: by `fullUrl`, and as `Type/id`.
fn addresses(entries: &[Value], stand: &[bool]) -> HashMap<String, bool> {
    let mut all = HashMap::new();
    for (entry, stands) in entries.iter().zip(stand) {
        let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str);
        let full = text("/fullUrl").map(str::to_owned);
        let key = text("/resource/resourceType").zip(text("/resource/id")).map(|(of, id)| format!("{of}/{id}"));
        for address in full.into_iter().chain(key) {
            let known = all.entry(address).or_insert(false);
            *known |= *stands;
        }
    }
    all
}
