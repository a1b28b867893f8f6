//! `meta`: versions and instants are those of the view, and no label tells what was there.

use serde_json::{Map, Value};

/// Codes of security labels that do not leave with a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Labels {
    /// Labels of topics that are excluded.
    pub(in super::super) excluded: Vec<Box<str>>,
}

/// Labels that say that something was hidden, or was worth hiding.
const TELLING: &[&str] = &["MASK", "PROCESSINLINELABEL", "R", "REDACT", "REDACTED", "V"];

/// Members that change with what the view does not show: when a source wrote the version, and which.
const OF_THE_SOURCE: &[&str] = &["lastUpdated", "source", "versionId"];

/// Sets `meta` right in a resource and in those it holds. Says whether anything changed.
pub(super) fn tidy(value: &mut Value, labels: &Labels, hidden: bool) -> bool {
    match value {
        Value::Object(members) => {
            let mut changed = false;
            if members.contains_key("resourceType")
                && let Some(Value::Object(meta)) = members.get_mut("meta")
            {
                changed = clean(meta, labels, hidden);
                if meta.is_empty() {
                    members.remove("meta");
                    changed = true;
                }
            }
            members.values_mut().fold(changed, |any, member| tidy(member, labels, hidden) | any)
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| tidy(item, labels, hidden) | any),
        _ => false,
    }
}

/// Whether [`clean`] could find anything in a `meta`, from its bytes. No name in it is written with escapes.
pub(in super::super) fn may_be_unclean(meta: &str) -> bool {
    OF_THE_SOURCE.iter().chain(&["security"]).any(|name| meta.contains(name))
}

/// Sets one `meta` right. Says whether anything changed.
pub(in super::super) fn clean(meta: &mut Map<String, Value>, labels: &Labels, hidden: bool) -> bool {
    let before = meta.len();
    for name in OF_THE_SOURCE {
        meta.remove(*name);
        meta.remove(&format!("_{name}"));
    }
    let mut changed = meta.len() < before;
    if let Some(Value::Array(security)) = meta.get_mut("security") {
        let before = security.len();
        security.retain(|label| {
            let code = label.get("code").and_then(Value::as_str).unwrap_or_default();
            let tells = hidden && TELLING.contains(&code);
            !tells && !labels.excluded.iter().any(|known| **known == *code)
        });
        changed |= security.len() < before;
        if security.is_empty() {
            meta.remove("security");
        }
    }
    changed
}
