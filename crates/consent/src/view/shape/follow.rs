//! What goes because something else has gone.

use serde_json::{Map, Value};

use super::walk::Walk;

impl Walk<'_> {
    /// topics.md §2.2: with a result out of a report goes what sums the results up.
    pub(super) fn follow_results(&mut self, members: &mut Map<String, Value>) {
        if !self.root.lost_result {
            return;
        }
        let base = self.place().to_owned();
        self.withheld.retain(|place| !place.starts_with(&format!("{base}/presentedForm")));
        for name in ["conclusion", "_conclusion", "conclusionCode", "presentedForm", "media"] {
            if members.remove(name).is_some() {
                self.note(name, "result");
            }
        }
    }
}

/// access.md §1.4: a narrative may say what the rest no longer does.
pub(super) fn narratives(resource: &mut Value, changes: &mut Vec<(Box<str>, Box<str>)>) {
    if drop_narratives(resource) {
        changes.push(("text".into(), "narrative".into()));
    }
}

fn drop_narratives(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let narrative =
                members.get("text").is_some_and(|text| text.get("div").is_some() || text.get("status").is_some());
            if narrative {
                members.remove("text");
            }
            members.values_mut().fold(narrative, |any, member| drop_narratives(member) | any)
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| drop_narratives(item) | any),
        _ => false,
    }
}

/// FHIR R4, cmp-1: a section has text, entries or sections.
pub(super) fn empty_sections(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(empty_sections);
            let composition = members.get("resourceType").and_then(Value::as_str) == Some("Composition");
            if composition {
                prune(members);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(empty_sections),
        _ => {}
    }
}

fn prune(members: &mut Map<String, Value>) {
    if let Some(Value::Array(sections)) = members.get_mut("section") {
        sections.retain_mut(|section| {
            let Value::Object(section) = section else { return false };
            prune(section);
            ["text", "entry", "section"].iter().any(|name| section.contains_key(*name))
        });
        if sections.is_empty() {
            members.remove("section");
        }
    }
}
