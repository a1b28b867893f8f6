//! Claims of signed texts (RFC 7519) that more than one door reads.

use jiff::Timestamp;
use serde_json::{Map, Value};

/// The claims of a payload; `None` when it is not a JSON object.
pub(crate) fn claims(payload: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(payload).ok()
}

/// A claim that is a text.
pub(crate) fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

/// A claim that is an instant (`NumericDate`, RFC 7519 §2). Parts of a second are cut.
pub(crate) fn instant(claims: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    let seconds = claims.get(name)?;
    // A cast of a float saturates, and what is out of range is no instant.
    let seconds = seconds.as_i64().or_else(|| seconds.as_f64().map(|seconds| seconds.floor() as i64))?;
    Timestamp::from_second(seconds).ok()
}

/// Whether `aud` is one of these and nothing else. A text that is meant for others too could be used here by them.
pub(crate) fn is_only_for(claims: &Map<String, Value>, names: &[String]) -> bool {
    let audience = match claims.get("aud") {
        Some(Value::String(one)) => one,
        Some(Value::Array(all)) => match all.as_slice() {
            [Value::String(one)] => one,
            _ => return false,
        },
        _ => return false,
    };
    names.contains(audience)
}

/// Whether the header says that the text is of this type; `application/` may stand before it (RFC 7515 §4.1.9).
pub(crate) fn is_typed(typ: Option<&str>, name: &str) -> bool {
    typ.is_some_and(|typ| typ.strip_prefix("application/").unwrap_or(typ).eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Map<String, Value> {
        claims(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn instants_are_numbers_of_seconds() {
        let claims = read(json!({"a": 1_700_000_000, "b": 1_700_000_000.9, "c": "1700000000", "d": 1e300}));
        assert_eq!(instant(&claims, "a"), instant(&claims, "b"));
        for name in ["c", "d", "e"] {
            assert_eq!(instant(&claims, name), None, "{name}");
        }
    }

    #[test]
    fn a_text_that_is_for_others_too_is_not_for_us() {
        let ours = ["us".to_owned()];
        for (aud, is) in [
            (json!("us"), true),
            (json!(["us"]), true),
            (json!(["us", "them"]), false),
            (json!("them"), false),
            (json!([]), false),
            (json!(null), false),
        ] {
            assert_eq!(is_only_for(&read(json!({"aud": aud})), &ours), is, "{aud}");
        }
    }
}
