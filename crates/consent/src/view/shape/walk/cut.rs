//! References that lead to nothing of the view.

use fhir::definitions::value_type;
use serde_json::{Map, Value, json};

use super::super::super::kinds;
use super::super::super::reference::Points;
use super::super::Target;
use super::{Fate, Walk};

impl Walk<'_> {
    /// access.md §1.3: `reference`, `identifier` and `display` go, `data-absent-reason` = `masked` stays; what must be
    /// there takes its parent with it.
    pub(super) fn cut_reference(&mut self, members: &mut Map<String, Value>) -> Fate {
        self.cut("reference");
        let (path, of) = (self.path(), self.root.of.as_str());
        let member = path.split('.').next().unwrap_or_default();
        let gap = kinds::is_bill(of) && kinds::shows_a_gap(member) && !path.ends_with(".encounter");
        let result = of == "DiagnosticReport" && path == "result";
        let goes = self.in_extension() || self.is_required() || kinds::leaves_the_list(of, path);
        self.root.gap |= gap;
        self.root.lost_result |= result;
        if goes {
            return Fate::Gone;
        }
        *members = masked();
        Fate::Stays
    }

    pub(super) fn link_stands(&self, text: &str) -> bool {
        match Points::of(text) {
            Points::Record { key, .. } => {
                self.entries.get(text).is_some_and(|stands| *stands) || (self.order.target)(key) != Target::Out
            }
            Points::Contained(_) | Points::Elsewhere => true,
        }
    }

    /// Whether there is a reference in it to anything but the person.
    pub(super) fn leads_anywhere(&self, value: Option<&Value>) -> bool {
        match value {
            Some(Value::Array(items)) => items.iter().any(|item| self.leads_anywhere(Some(item))),
            Some(Value::Object(members)) => {
                let leads = |text: &str| match Points::of(text) {
                    Points::Record { key, .. } => !matches!((self.order.target)(key), Target::Own | Target::OwnBare),
                    Points::Contained(_) | Points::Elsewhere => true,
                };
                members.get("reference").and_then(Value::as_str).is_some_and(leads)
                    || members.values().any(|member| self.leads_anywhere(Some(member)))
            }
            _ => false,
        }
    }

    /// Only id, status, subject, dates and who: nothing that anybody could want to know.
    pub(super) fn is_shell(&self, members: &Map<String, Value>) -> bool {
        let is_date = |name: &str| {
            let dated = |of| matches!(of, "date" | "dateTime" | "instant" | "time" | "Period" | "Timing");
            value_type(&self.root.of, name).is_some_and(|(_, of)| dated(of))
        };
        members.iter().all(|(name, value)| {
            let name = name.strip_prefix('_').unwrap_or(name);
            kinds::is_frame(name) || all_masked(value) || is_date(name)
        })
    }
}

/// What says that something is not shown: address of the extension, and its code.
pub(in super::super::super) const MASKED: (&str, &str) =
    ("http://hl7.org/fhir/StructureDefinition/data-absent-reason", "masked");

/// What stands in place of a reference that was cut.
pub(in super::super) fn masked() -> Map<String, Value> {
    let reason = json!([{ "url": MASKED.0, "valueCode": MASKED.1 }]);
    Map::from_iter([("extension".to_owned(), reason)])
}

/// Whether there is nothing but what stands in place of references.
pub(in super::super) fn all_masked(value: &Value) -> bool {
    match value {
        Value::Object(members) => *members == masked(),
        Value::Array(items) => items.iter().all(all_masked),
        _ => false,
    }
}
