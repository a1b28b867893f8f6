//! What was asked, as the trail says it.

use search::{Method, Request};
use serde_json::Value;

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

#[cfg(test)]
mod tests {
    use super::*;

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
