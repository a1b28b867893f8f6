//! Everything that a third party could come to see, asked for as they would.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use search::{Method, Request, Response};
use serde_json::{Value, json};

use crate::error::WalletError;
use crate::served::Served;

/// Matches asked for at a time: documents may carry their files.
const COUNT: u32 = 200;
/// Files are looked for one by one, and not read.
const FILE: &str = "Binary";

/// What is answered, by type: what a search finds where that is allowed, and what can be read one by one. What is
/// answered to neither is not seen, and is not in here.
///
/// # Errors
/// [`WalletError::Answer`]: an answer of our own that does not read is no absence.
pub(super) fn everything(served: &Served, base: &str, at: Timestamp) -> Result<Vec<Value>, WalletError> {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for held in served.view().held() {
        kinds.entry(&held.resource_type).or_default().push(&held.id);
    }
    let mut found = Vec::with_capacity(served.view().held().len());
    for (kind, ids) in kinds {
        if kind == FILE {
            found.extend(ids.into_iter().filter(|id| is_there(served, id, at)).map(file));
            continue;
        }
        let all = searched(served, base, kind, at)?.unwrap_or_default();
        let known: BTreeSet<&str> = all.iter().filter_map(|tree| tree.get("id")?.as_str()).collect();
        let rest: Vec<&str> = ids.into_iter().filter(|id| !known.contains(id)).collect();
        let rest =
            rest.into_iter().map(|id| read(served, &format!("{kind}/{id}"), at)).collect::<Result<Vec<_>, _>>()?;
        found.extend(all);
        found.extend(rest.into_iter().flatten());
    }
    Ok(found)
}

/// One resource, `Type/id`: read, or found where only that is allowed.
///
/// # Errors
/// [`WalletError::Answer`].
pub(super) fn one(served: &Served, path: &str, at: Timestamp) -> Result<Option<Value>, WalletError> {
    if let Some(read) = read(served, path, at)? {
        return Ok(Some(read));
    }
    let Some((kind, id)) = path.split_once('/') else { return Ok(None) };
    let answer = served.answer(&Request::get(&format!("{kind}?_id={id}")), at, |_| true);
    Ok(told(&answer)?.and_then(|bundle| matches(bundle).into_iter().next()))
}

fn read(served: &Served, path: &str, at: Timestamp) -> Result<Option<Value>, WalletError> {
    told(&served.answer(&Request::get(path), at, |_| true))
}

/// All of one type, page after page. `None` when a page was refused.
fn searched(served: &Served, base: &str, kind: &str, at: Timestamp) -> Result<Option<Vec<Value>>, WalletError> {
    let mut found = Vec::new();
    let mut target = format!("{kind}?_count={COUNT}");
    loop {
        let answer = served.answer(&Request::get(&target), at, |_| true);
        let Some(bundle) = told(&answer)? else { return Ok(None) };
        let next = next(&bundle, base);
        found.extend(matches(bundle));
        match next {
            Some(next) => target = next,
            None => return Ok(Some(found)),
        }
    }
}

/// What an answer says; `None` when it is none.
fn told(answer: &Response) -> Result<Option<Value>, WalletError> {
    if answer.status != 200 {
        return Ok(None);
    }
    serde_json::from_slice(&answer.body).map(Some).map_err(WalletError::Answer)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_does_not_read_is_not_taken_for_absence() {
        let answer = |status: u16, body: &str| Response {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            resources: Vec::new(),
        };
        assert_eq!(told(&answer(200, "{}")).unwrap(), Some(json!({})));
        assert_eq!(told(&answer(404, "{")).unwrap(), None);
        assert!(told(&answer(200, "{")).is_err());
    }
}
