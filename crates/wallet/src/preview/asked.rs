//! Everything that a third party could come to see, asked for as they would.

use std::collections::BTreeMap;

use jiff::Timestamp;
use search::{Method, Request};
use serde_json::{Value, json};

use crate::served::Served;

/// Matches asked for at a time: documents may carry their files.
const COUNT: u32 = 200;
/// Files are looked for one by one, and not read.
const FILE: &str = "Binary";

/// What is answered, by type: searched for where that is allowed, else read one by one. What is answered to neither is
/// not seen, and is not in here.
pub(super) fn everything(served: &Served, base: &str, at: Timestamp) -> Vec<Value> {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for held in served.view().held() {
        kinds.entry(&held.resource_type).or_default().push(&held.id);
    }
    let mut found = Vec::with_capacity(served.view().held().len());
    for (kind, ids) in kinds {
        if kind == FILE {
            found.extend(ids.into_iter().filter(|id| is_there(served, id, at)).map(file));
        } else if let Some(all) = searched(served, base, kind, at) {
            found.extend(all);
        } else {
            found.extend(ids.into_iter().filter_map(|id| one(served, &format!("{kind}/{id}"), at)));
        }
    }
    found
}

/// One resource, `Type/id`: read, or found where only that is allowed.
pub(super) fn one(served: &Served, path: &str, at: Timestamp) -> Option<Value> {
    let answer = served.answer(&Request::get(path), at, |_| true);
    if answer.status == 200 {
        return serde_json::from_slice(&answer.body).ok();
    }
    let (kind, id) = path.split_once('/')?;
    let answer = served.answer(&Request::get(&format!("{kind}?_id={id}")), at, |_| true);
    let bundle: Value = (answer.status == 200).then(|| serde_json::from_slice(&answer.body).ok())??;
    matches(bundle).into_iter().next()
}

/// All of one type, page after page. `None` when a page was refused.
fn searched(served: &Served, base: &str, kind: &str, at: Timestamp) -> Option<Vec<Value>> {
    let mut found = Vec::new();
    let mut target = format!("{kind}?_count={COUNT}");
    loop {
        let answer = served.answer(&Request::get(&target), at, |_| true);
        let bundle: Value = (answer.status == 200).then(|| serde_json::from_slice(&answer.body).ok())??;
        let next = next(&bundle, base);
        found.extend(matches(bundle));
        match next {
            Some(next) => target = next,
            None => return Some(found),
        }
    }
}

fn next(bundle: &Value, base: &str) -> Option<String> {
    let links = bundle.get("link")?.as_array()?;
    let next = links.iter().find(|link| link.get("relation").and_then(Value::as_str) == Some("next"))?;
    next.get("url")?.as_str()?.strip_prefix(base)?.strip_prefix('/').map(str::to_owned)
}

fn matches(mut bundle: Value) -> Vec<Value> {
    let entries = bundle.get_mut("entry").map(Value::take);
    let Some(Value::Array(entries)) = entries else { return Vec::new() };
    let is_match = |entry: &Value| entry.pointer("/search/mode").and_then(Value::as_str) == Some("match");
    entries.into_iter().filter(is_match).filter_map(|mut entry| entry.get_mut("resource").map(Value::take)).collect()
}

fn is_there(served: &Served, id: &str, at: Timestamp) -> bool {
    let head = Request { method: Method::Head, ..Request::get(&format!("{FILE}/{id}")) };
    served.answer(&head, at, |_| true).status == 200
}

fn file(id: &str) -> Value {
    json!({ "resourceType": FILE, "id": id })
}
