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

/// Sets `meta` right in a resource and in those it holds.
pub(super) fn tidy(value: &mut Value, labels: &Labels, hidden: bool) {
    match value {
        Value::Object(members) => {
            if members.contains_key("resourceType")
                && let Some(Value::Object(mut meta)) = members.remove("meta")
            {
                clean(&mut meta, labels, hidden);
                if !meta.is_empty() {
                    members.insert("meta".to_owned(), Value::Object(meta));
                }
            }
            members.values_mut().for_each(|member| tidy(member, labels, hidden));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| tidy(item, labels, hidden)),
        _ => {}
    }
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
