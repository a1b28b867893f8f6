//! The text of a resource, with the view's version and instant put in and not a byte else changed.

use std::sync::Arc;

use fhir::{HeldVersion, members};
use serde_json::Value;

/// Where in the text of a resource its `meta` stands, or has to be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// No `meta` there: a new member goes here, after another one.
    After(u32),
    /// From the opening brace of `meta` to behind its closing one.
    Over(u32, u32),
}

/// A text and the place of its `meta`. The text is what was held, unless its members were written so that they cannot
/// be told by their bytes (escaped or repeated names): then it is printed anew.
pub(crate) fn placed(json: &Arc<str>) -> Option<(Arc<str>, Place)> {
    if let Some(place) = place(json) {
        return Some((Arc::clone(json), place));
    }
    let value: Value = serde_json::from_str(json).ok()?;
    let text: Arc<str> = Arc::from(serde_json::to_string(value.as_object()?).ok()?);
    let place = place(&text)?;
    Some((text, place))
}

/// Writes a version as it is answered.
pub(crate) fn write(out: &mut Vec<u8>, text: &str, place: Place, version: &HeldVersion) {
    let cut = |from: usize, to: usize| text.get(from..to).unwrap_or_default().as_bytes();
    let stamp = format!(r#""versionId":"{}","lastUpdated":"{}""#, version.number, version.last_updated);
    match place {
        Place::After(at) => {
            out.extend_from_slice(cut(0, at as usize));
            out.extend_from_slice(b",\"meta\":{");
            out.extend_from_slice(stamp.as_bytes());
            out.push(b'}');
            out.extend_from_slice(cut(at as usize, text.len()));
        }
        Place::Over(from, to) => {
            out.extend_from_slice(cut(0, from as usize));
            out.push(b'{');
            out.extend_from_slice(stamp.as_bytes());
            let meta = text.get(from as usize..to as usize).unwrap_or_default();
            for member in members(meta).unwrap_or_default() {
                if !matches!(member.name, "versionId" | "lastUpdated" | "_versionId" | "_lastUpdated") {
                    out.extend_from_slice(b",\"");
                    out.extend_from_slice(member.name.as_bytes());
                    out.extend_from_slice(b"\":");
                    out.extend_from_slice(meta.get(member.from..member.to).unwrap_or_default().as_bytes());
                }
            }
            out.push(b'}');
            out.extend_from_slice(cut(to as usize, text.len()));
        }
    }
}

/// A version as it is answered, parsed.
pub(crate) fn value(text: &str, place: Place, version: &HeldVersion) -> Option<Value> {
    let mut out = Vec::with_capacity(text.len() + 80);
    write(&mut out, text, place, version);
    serde_json::from_slice(&out).ok()
}

fn place(json: &str) -> Option<Place> {
    let all = members(json)?;
    let mut after = None;
    let mut over = None;
    for (at, member) in all.iter().enumerate() {
        if member.name.contains('\\') || all.iter().take(at).any(|other| other.name == member.name) {
            return None;
        }
        match member.name {
            "meta" => over = Some(member),
            "resourceType" if after.is_none() => after = Some(member.to),
            "id" => after = Some(member.to),
            _ => {}
        }
    }
    match over {
        Some(meta) => {
            let inside = members(json.get(meta.from..meta.to)?)?;
            let odd = inside.iter().any(|member| member.name.contains('\\'));
            (!odd).then_some(Place::Over(u32::try_from(meta.from).ok()?, u32::try_from(meta.to).ok()?))
        }
        None => Some(Place::After(u32::try_from(after?).ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn answered(json: &str) -> String {
        let held = HeldVersion { number: 3, last_updated: "2026-05-01T10:00:00Z".parse().unwrap(), json: json.into() };
        let (text, place) = placed(&held.json).unwrap();
        let mut out = Vec::new();
        write(&mut out, &text, place, &held);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn version_and_instant_are_put_in_and_every_other_byte_stays() {
        assert_eq!(
            answered(r#"{"resourceType":"Observation","id":"a", "valueQuantity" : {"value": 1.10 , "unit":"}\"{"} }"#),
            r#"{"resourceType":"Observation","id":"a","meta":{"versionId":"3","lastUpdated":"2026-05-01T10:00:00Z"}, "valueQuantity" : {"value": 1.10 , "unit":"}\"{"} }"#
        );
    }

    #[test]
    fn what_the_source_said_of_version_and_instant_goes_and_its_tags_stay() {
        assert_eq!(
            answered(
                r#"{"meta" : {"versionId":"99","tag":[{"code":"a"}],"lastUpdated":"1999-01-01T00:00:00Z"},"resourceType":"Patient","id":"a"}"#
            ),
            r#"{"meta" : {"versionId":"3","lastUpdated":"2026-05-01T10:00:00Z","tag":[{"code":"a"}]},"resourceType":"Patient","id":"a"}"#
        );
        assert_eq!(
            answered(r#"{"resourceType":"Patient","id":"a","meta":{}}"#),
            r#"{"resourceType":"Patient","id":"a","meta":{"versionId":"3","lastUpdated":"2026-05-01T10:00:00Z"}}"#
        );
    }

    #[test]
    fn a_hidden_or_repeated_meta_does_not_get_through() {
        for text in [
            r#"{"resourceType":"Patient","id":"a","m\u0065ta":{"versionId":"99"}}"#,
            r#"{"resourceType":"Patient","id":"a","meta":{"v\u0065rsionId":"99"}}"#,
            r#"{"resourceType":"Patient","id":"a","meta":{"versionId":"98"},"meta":{"versionId":"99"}}"#,
        ] {
            let value: Value = serde_json::from_str(&answered(text)).unwrap();
            assert_eq!(value["meta"], json!({"versionId": "3", "lastUpdated": "2026-05-01T10:00:00Z"}), "{text}");
            assert!(!answered(text).contains("99"));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fall_over(text in "[{}\\[\\]\",:\\\\a ]{0,40}") {
            _ = placed(&Arc::from(text.as_str()));
        }
    }
}
