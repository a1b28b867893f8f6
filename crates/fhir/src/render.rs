//! Any FHIR datatype as one line of plain text, in the source's own words.

use crate::json::{Json, Seen};
use crate::walk;

/// The text of a value, or `None` when it says nothing. Never markup, never invented.
pub(crate) fn plain(value: &impl Json) -> Option<String> {
    match value.seen() {
        Seen::Text(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Seen::Number(digits) => Some(digits.to_owned()),
        Seen::Bool(yes) => Some(yes.to_string()),
        Seen::List(items) => joined(items.iter().filter_map(plain), "; "),
        Seen::Object => object(value),
        Seen::Null => None,
    }
}

fn object(value: &impl Json) -> Option<String> {
    let has = |member: &str| value.member(member).is_some();
    if has("coding") {
        return concept(value);
    }
    if has("family") || has("given") {
        return name(value);
    }
    if has("numerator") {
        return pair(value, "numerator", "denominator", " / ");
    }
    if has("low") || has("high") {
        return pair(value, "low", "high", "–");
    }
    if has("start") || has("end") {
        return pair(value, "start", "end", " – ");
    }
    if has("value") && (has("unit") || has("code") || has("comparator")) {
        return quantity(value);
    }
    if has("line") || has("city") || has("postalCode") {
        return address(value);
    }
    if has("value") {
        // Identifier, ContactPoint, Money.
        let amount = walk::first(value, "value").and_then(plain);
        return joined(amount.into_iter().chain(walk::text(value, "currency").map(str::to_owned)), " ");
    }
    // Reference, Coding, Annotation, Attachment, Dosage, and anything that names itself.
    ["text", "display", "title", "description", "name"]
        .iter()
        .find_map(|member| walk::text(value, member).map(str::to_owned))
        .or_else(|| dosage(value))
        .or_else(|| repeat(value))
        .or_else(|| walk::text(value, "code").map(str::to_owned))
}

fn concept(value: &impl Json) -> Option<String> {
    walk::text(value, "text")
        .or_else(|| walk::all(value, "coding.display").into_iter().find_map(Json::text))
        .or_else(|| walk::text(value, "coding.code"))
        .map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty())
}

/// A HumanName: `text`, or its parts in the order given, family.
pub(crate) fn name(value: &impl Json) -> Option<String> {
    if let Some(text) = walk::text(value, "text") {
        return Some(text.to_owned());
    }
    let parts = ["prefix", "given", "family", "suffix"]
        .into_iter()
        .flat_map(|member| walk::all(value, member))
        .filter_map(Json::text)
        .map(str::to_owned);
    joined(parts, " ")
}

fn quantity(value: &impl Json) -> Option<String> {
    let number = walk::digits(value, "value")?;
    let comparator = walk::text(value, "comparator").unwrap_or_default();
    let unit = walk::text(value, "unit").or_else(|| walk::text(value, "code"));
    Some(match unit {
        Some(unit) => format!("{comparator}{number} {unit}"),
        None => format!("{comparator}{number}"),
    })
}

fn pair(value: &impl Json, left: &str, right: &str, between: &str) -> Option<String> {
    let side = |member: &str| value.member(member).and_then(plain);
    match (side(left), side(right)) {
        (None, None) => None,
        (left, right) => Some(format!("{}{between}{}", left.unwrap_or_default(), right.unwrap_or_default())),
    }
    .map(|t| t.trim().to_owned())
}

fn address(value: &impl Json) -> Option<String> {
    if let Some(text) = walk::text(value, "text") {
        return Some(text.to_owned());
    }
    let parts = ["line", "city", "state", "postalCode", "country"]
        .into_iter()
        .flat_map(|member| walk::all(value, member))
        .filter_map(Json::text)
        .map(str::to_owned);
    joined(parts, ", ")
}

fn dosage(value: &impl Json) -> Option<String> {
    let amount = walk::first(value, "doseAndRate.doseQuantity").and_then(plain);
    let rest = ["patientInstruction", "timing.code", "timing.repeat", "route", "asNeededCodeableConcept"];
    let parts = amount.into_iter().chain(rest.into_iter().filter_map(|path| walk::first(value, path).and_then(plain)));
    joined(parts, ", ")
}

/// A timing's repeat: `2 × per 1 d`, digits and UCUM units as sent.
fn repeat(value: &impl Json) -> Option<String> {
    let period = walk::digits(value, "period")?;
    let unit = walk::text(value, "periodUnit")?;
    let frequency = walk::digits(value, "frequency").unwrap_or_else(|| "1".to_owned());
    Some(format!("{frequency} × / {period} {unit}"))
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> Option<String> {
    let mut seen: Vec<String> = Vec::new();
    for part in parts {
        if !part.is_empty() && !seen.contains(&part) {
            seen.push(part);
        }
    }
    (!seen.is_empty()).then(|| seen.join(between))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn datatypes_read_as_a_person_writes_them() {
        let cases = [
            (json!({"coding":[{"code":"4548-4","display":"Hemoglobin A1c"}]}), "Hemoglobin A1c"),
            (json!({"text":"Sugar","coding":[{"display":"Glucose"}]}), "Sugar"),
            (json!({"value":6.2,"unit":"%"}), "6.2 %"),
            (json!({"comparator":"<","value":5,"code":"mg"}), "<5 mg"),
            (json!({"given":["Adán"],"family":"Portillo"}), "Adán Portillo"),
            (json!({"start":"2019","end":"2020-01"}), "2019 – 2020-01"),
            (json!({"low":{"value":1,"unit":"mg"},"high":{"value":2,"unit":"mg"}}), "1 mg–2 mg"),
            (json!({"line":["1 Elm St"],"city":"Boston"}), "1 Elm St, Boston"),
            (json!({"reference":"Practitioner/1","display":"Dr Lee"}), "Dr Lee"),
            (json!({"value":12.5,"currency":"USD"}), "12.5 USD"),
            (json!({"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}), "2 × / 1 d"),
        ];
        for (value, text) in cases {
            assert_eq!(plain(&value).as_deref(), Some(text), "{value}");
        }
        assert_eq!(plain(&json!({"reference":"Practitioner/1"})), None);
    }
}
