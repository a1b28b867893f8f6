//! Small steps through a JSON tree. A step that leads nowhere is `None`.

use serde_json::Value;

/// The values at a dotted path; arrays on the way are entered.
pub(crate) fn all<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut here = vec![value];
    for step in path.split('.') {
        let mut below = Vec::new();
        for value in here {
            match value.get(step) {
                Some(Value::Array(items)) => below.extend(items),
                Some(found) => below.push(found),
                None => {}
            }
        }
        here = below;
    }
    here
}

/// The first value at a dotted path.
pub(crate) fn first<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut here = value;
    for step in path.split('.') {
        here = here.get(step)?;
        while let Value::Array(items) = here {
            here = items.first()?;
        }
    }
    Some(here)
}

/// The first text at a dotted path; empty text is no text.
pub(crate) fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    first(value, path)?.as_str().map(str::trim).filter(|t| !t.is_empty())
}

/// The digits of the first number at a dotted path, as written.
pub(crate) fn digits(value: &Value, path: &str) -> Option<String> {
    match first(value, path)? {
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
