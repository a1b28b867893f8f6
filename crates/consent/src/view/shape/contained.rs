//! Contained resources: judged like any other, and gone when nothing refers to them any more.

use serde_json::{Map, Value};

use super::walk::{Fate, Walk};

/// Contained resources that go may take others with them; after so many rounds they all go.
const MOST_ROUNDS: usize = 12;

impl Walk<'_> {
    /// Goes through the contained resources until those that stand refer only to such that stand.
    pub(super) fn contained(&mut self, members: &mut Map<String, Value>) -> Fate {
        let Some(Value::Array(all)) = members.remove("contained") else { return Fate::Stays };
        let (changes, withheld) = (self.changes.len(), self.withheld.len());
        let mut stand = vec![true; all.len()];
        let mut left = Vec::new();
        for round in 0..=MOST_ROUNDS {
            if round == MOST_ROUNDS {
                self.cut("reference");
                left.clear();
                stand.fill(false);
            }
            let ids = all.iter().zip(&stand).filter(|(_, stands)| **stands).filter_map(|(one, _)| id(one));
            self.root.contained = ids.map(str::to_owned).collect();
            if round == MOST_ROUNDS {
                break;
            }
            self.changes.truncate(changes);
            self.withheld.truncate(withheld);
            let now = self.contained_round(&all, &mut left);
            if now == stand {
                break;
            }
            stand = now;
        }
        if !left.is_empty() {
            members.insert("contained".to_owned(), Value::Array(left));
        }
        Fate::Stays
    }

    fn contained_round(&mut self, all: &[Value], left: &mut Vec<Value>) -> Vec<bool> {
        left.clear();
        let mut now = Vec::with_capacity(all.len());
        let mut copy = Value::Array(all.to_vec());
        let known = self.root.contained.clone();
        self.step("contained", &mut copy, |walk, name, value| {
            let Value::Array(items) = value else { return };
            for (at, item) in items.iter_mut().enumerate() {
                walk.around.clone_from(&known);
                now.push(walk.item(name, at, item) == Fate::Stays);
            }
        });
        self.around.clear();
        let Value::Array(items) = copy else { return now };
        left.extend(items.into_iter().zip(&now).filter(|(_, stands)| **stands).map(|(item, _)| item));
        now
    }

    /// A contained resource that only what is gone referred to would tell of it.
    pub(super) fn drop_unreferred(&mut self, members: &mut Map<String, Value>) {
        if !self.root.lost || !members.contains_key("contained") {
            return;
        }
        let Some(Value::Array(mut contained)) = members.remove("contained") else { return };
        let mut reached: Vec<String> = Vec::new();
        members.values().for_each(|value| fragments(value, &mut reached));
        let mut next = 0;
        while let Some(id_wanted) = reached.get(next).cloned() {
            next += 1;
            let found = contained.iter().find(|one| id(one) == Some(&id_wanted));
            if let Some(found) = found {
                fragments(found, &mut reached);
            }
        }
        // One that refers to what holds it is part of it without being referred to.
        contained.retain(|one| {
            let mut back = Vec::new();
            fragments(one, &mut back);
            back.iter().any(String::is_empty) || id(one).is_some_and(|id| reached.iter().any(|known| known == id))
        });
        if !contained.is_empty() {
            members.insert("contained".to_owned(), Value::Array(contained));
        }
    }
}

fn id(resource: &Value) -> Option<&str> {
    resource.get("id").and_then(Value::as_str)
}

/// Ids that `#id` references in it name, each once.
fn fragments(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let id = members.get("reference").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
            if let Some(id) = id.filter(|id| !found.iter().any(|known| known == id)) {
                found.push(id.to_owned());
            }
            members.values().for_each(|member| fragments(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| fragments(item, found)),
        _ => {}
    }
}
