//! What was asked and what left, as the trail says it.

use std::collections::HashSet;

use search::{Method, Request};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Method and target of a request. A search by form is told with its form, a batch with what its entries ask for.
pub(super) fn asked(request: &Request) -> (&'static str, String) {
    let method = match request.method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
    };
    let mut target = request.path.clone();
    let mut more: Vec<&str> = vec![&request.query];
    let body = std::str::from_utf8(&request.body).unwrap_or_default();
    if request.path.ends_with("_search") {
        more.push(body);
    }
    let more: Vec<&str> = more.into_iter().filter(|part| !part.is_empty()).collect();
    if !more.is_empty() {
        target.push('?');
        target.push_str(&more.join("&"));
    }
    if request.path.is_empty() {
        let batch: Value = serde_json::from_str(body).unwrap_or_default();
        let entries = batch.get("entry").and_then(Value::as_array).into_iter().flatten();
        let urls: Vec<&str> = entries.filter_map(|entry| entry.pointer("/request/url")?.as_str()).collect();
        if !urls.is_empty() {
            target.push_str(&format!("[{}]", urls.join(" ")));
        }
    }
    (method, target)
}

/// A resource as far as its version can be told. What health systems wrote into it may have any shape, and reads.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Left<'a> {
    #[serde(borrow)]
    resource_type: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LeftMeta {
    version_id: Option<String>,
}

#[derive(Deserialize)]
struct LeftEntry<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

/// Versions of the resources in an answer, each once; `None` when it does not read.
pub(super) fn released(body: &[u8]) -> Option<Vec<String>> {
    let mut found = Vec::new();
    if !body.is_empty() {
        let text = std::str::from_utf8(body).ok()?;
        match serde_json::from_str::<Left<'_>>(text) {
            Ok(left) => add(&left, &mut found)?,
            // NDJSON: a resource a line.
            Err(_) => {
                for line in text.lines().filter(|line| !line.is_empty()) {
                    add(&read(line)?, &mut found)?;
                }
            }
        }
    }
    let mut seen = HashSet::new();
    found.retain(|one| seen.insert(one.clone()));
    Some(found)
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    let Ok(read) = serde_json::from_str(text) else { return None };
    Some(read)
}

fn add(left: &Left<'_>, found: &mut Vec<String>) -> Option<()> {
    let kind: String = read(left.resource_type?.get())?;
    match left.id {
        _ if matches!(kind.as_str(), "OperationOutcome" | "CapabilityStatement") => {}
        Some(id) => {
            let id: String = read(id.get())?;
            let version = left.meta.and_then(|meta| read::<LeftMeta>(meta.get())?.version_id);
            found.push(
                version.map_or_else(|| format!("{kind}/{id}"), |version| format!("{kind}/{id}/_history/{version}")),
            );
        }
        // A Bundle of the server has no id of its own; one of the record is one resource, whatever it holds.
        None if kind == "Bundle" => {
            let entries: Vec<LeftEntry<'_>> = left.entry.map_or(Some(Vec::new()), |all| read(all.get()))?;
            for resource in entries.iter().filter_map(|entry| entry.resource) {
                add(&read(resource.get())?, found)?;
            }
        }
        None => {}
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_of_the_server_is_what_is_in_it_and_one_of_the_record_is_itself() {
        let body = br#"{"resourceType":"Bundle","type":"batch-response","entry":[
            {"resource":{"resourceType":"Bundle","type":"searchset","entry":[
                {"resource":{"resourceType":"Goal","id":"a","meta":{"versionId":"2"}}},
                {"resource":{"resourceType":"Goal","id":"a","meta":{"versionId":"2"}}}]}},
            {"resource":{"resourceType":"OperationOutcome","id":"x"}},
            {"resource":{"resourceType":"Bundle","id":"doc","type":"document","meta":{"versionId":"1"},
                "entry":[{"resource":{"resourceType":"Composition","id":"c"}}]}}]}"#;
        assert_eq!(released(body).unwrap(), ["Goal/a/_history/2", "Bundle/doc/_history/1"]);
        assert_eq!(
            released(b"{\"resourceType\":\"Goal\",\"id\":\"a\"}\n{\"resourceType\":\"Goal\",\"id\":\"b\"}\n").unwrap(),
            ["Goal/a", "Goal/b"]
        );
        assert_eq!(released(b"").unwrap(), [""; 0]);
        assert_eq!(released(b"what is this"), None);
    }

    #[test]
    fn what_a_hostile_source_wrote_hides_nothing_from_the_trail() {
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        for odd in ["\"entry\":\"x\"", "\"entry\":[1]", "\"meta\":7", &format!("\"note\":{deep}")] {
            let goal = format!("{{\"resourceType\":\"Goal\",\"id\":\"a\",{odd}}}");
            let found =
                released(format!("{{\"resourceType\":\"Bundle\",\"entry\":[{{\"resource\":{goal}}}]}}").as_bytes());
            assert_eq!(found.unwrap(), ["Goal/a"], "{odd}");
        }
    }

    #[test]
    fn a_search_by_form_and_a_batch_are_told_with_what_they_ask() {
        let post = |path: &str, body: &str| Request {
            method: Method::Post,
            body: body.as_bytes().to_vec(),
            ..Request::get(path)
        };
        assert_eq!(
            asked(&post("Goal/_search?_count=2", "status=a")),
            ("POST", "Goal/_search?_count=2&status=a".into())
        );
        let batch = r#"{"entry":[{"request":{"method":"GET","url":"Goal/1"}},{"request":{"url":"Patient"}}]}"#;
        assert_eq!(asked(&post("", batch)), ("POST", "[Goal/1 Patient]".into()));
        assert_eq!(asked(&Request::get("Goal?status=a")), ("GET", "Goal?status=a".into()));
    }
}
