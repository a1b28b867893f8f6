use crate::json::Json;
use crate::render;
use crate::walk;

/// A measured value or a result in words, with the range the laboratory sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measured {
    /// Digits as sent.
    pub number: Option<String>,
    /// `<`, `<=`, `>=`, `>`.
    pub comparator: Option<String>,
    /// Unit as written.
    pub unit: Option<String>,
    /// UCUM code of the unit.
    pub unit_code: Option<String>,
    /// Result in words.
    pub text: Option<String>,
    /// The laboratory's range.
    pub range: Option<Range>,
    /// Components.
    pub parts: Vec<Part>,
    /// Where it lies.
    pub against: Against,
}

/// One component of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub title: Option<String>,
    /// Digits as sent.
    pub number: Option<String>,
    /// Unit as written.
    pub unit: Option<String>,
    /// Result in words.
    pub text: Option<String>,
}

/// The range the laboratory sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Lower end, digits as sent.
    pub low: Option<String>,
    /// Upper end, digits as sent.
    pub high: Option<String>,
    /// The range in words.
    pub text: Option<String>,
}

/// A value beside the laboratory's range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Against {
    /// Above the upper end, or marked so by the laboratory.
    Above,
    /// Below the lower end, or marked so by the laboratory.
    Below,
    /// Within.
    Within,
    /// No range and no mark.
    #[default]
    RangeNotStated,
    /// The result is in words.
    InWords,
    /// Marked out of range, to which side is not said.
    Outside,
}

impl Against {
    /// The name used in the store and in views.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
            Self::Within => "within",
            Self::RangeNotStated => "rangeNotStated",
            Self::InWords => "inWords",
            Self::Outside => "outside",
        }
    }
}

/// The value of an `Observation`, or `None` when it states none.
pub(crate) fn of_observation(resource: &impl Json) -> Option<Measured> {
    let mut measured = quantity_of(resource, "valueQuantity");
    if measured.number.is_none() {
        measured.text = words_of(resource);
    }
    measured.parts = walk::all(resource, "component").into_iter().map(part).collect();
    if measured.number.is_none() && measured.text.is_none() && measured.parts.is_empty() {
        return None;
    }
    measured.range = range(resource);
    measured.against = against(resource, &measured);
    Some(measured)
}

fn quantity_of(value: &impl Json, member: &str) -> Measured {
    let Some(quantity) = value.member(member) else { return Measured::default() };
    let ucum = walk::text(quantity, "system") == Some("http://unitsofmeasure.org");
    let code = walk::text(quantity, "code");
    Measured {
        number: walk::digits(quantity, "value"),
        comparator: walk::text(quantity, "comparator").map(str::to_owned),
        unit: walk::text(quantity, "unit").or(code).map(str::to_owned),
        unit_code: code.filter(|_| ucum).map(str::to_owned),
        ..Measured::default()
    }
}

const WORDS: [&str; 9] = [
    "valueCodeableConcept",
    "valueString",
    "valueBoolean",
    "valueInteger",
    "valueRange",
    "valueRatio",
    "valueTime",
    "valueDateTime",
    "valuePeriod",
];

fn words_of(value: &impl Json) -> Option<String> {
    WORDS.iter().find_map(|member| value.member(member)).and_then(render::plain)
}

fn part(component: &impl Json) -> Part {
    let quantity = quantity_of(component, "valueQuantity");
    let text = if quantity.number.is_none() { words_of(component) } else { None };
    Part { title: component.member("code").and_then(render::plain), number: quantity.number, unit: quantity.unit, text }
}

/// The first range that is a plain one: FHIR allows several (for an age, for a target); only `normal` or untyped ones
/// are the laboratory's range.
fn range(resource: &impl Json) -> Option<Range> {
    let ranges = walk::all(resource, "referenceRange");
    let found = ranges.into_iter().find(|r| {
        let types = walk::all(*r, "type.coding.code");
        types.is_empty() || types.iter().any(|t| t.text() == Some("normal"))
    })?;
    let range = Range {
        low: walk::digits(found, "low.value"),
        high: walk::digits(found, "high.value"),
        text: walk::text(found, "text").map(str::to_owned),
    };
    (range.low.is_some() || range.high.is_some() || range.text.is_some()).then_some(range)
}

fn against(resource: &impl Json, measured: &Measured) -> Against {
    for code in walk::all(resource, "interpretation.coding.code") {
        match code.text().unwrap_or_default() {
            "H" | "HH" | "HU" | "HX" | ">" => return Against::Above,
            "L" | "LL" | "LU" | "LX" | "<" => return Against::Below,
            "N" => return Against::Within,
            "A" | "AA" => return Against::Outside,
            _ => {}
        }
    }
    let Some(number) = measured.number.as_deref().and_then(|n| n.parse::<f64>().ok()) else {
        return if measured.text.is_some() { Against::InWords } else { Against::RangeNotStated };
    };
    let end = |end: &Option<String>| end.as_deref().and_then(|n| n.parse::<f64>().ok());
    let Some(range) = &measured.range else { return Against::RangeNotStated };
    let (low, high) = (end(&range.low), end(&range.high));
    match (measured.comparator.as_deref(), low, high) {
        (_, None, None) => Against::RangeNotStated,
        (Some(">" | ">="), _, Some(high)) if number >= high => Against::Above,
        (Some("<" | "<="), Some(low), _) if number <= low => Against::Below,
        // "<5" beside 3–10 may lie on either side of an end: not stated is the honest word.
        (Some(_), _, _) => Against::RangeNotStated,
        (None, Some(low), _) if number < low => Against::Below,
        (None, _, Some(high)) if number > high => Against::Above,
        (None, _, _) => Against::Within,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn against_of(value: Value) -> Against {
        of_observation(&value).unwrap().against
    }

    #[test]
    fn a_value_is_compared_with_the_laboratorys_range_only() {
        let q =
            |v: f64| json!({"valueQuantity":{"value":v},"referenceRange":[{"low":{"value":3.5},"high":{"value":5.1}}]});
        assert_eq!(against_of(q(3.4)), Against::Below);
        assert_eq!(against_of(q(3.5)), Against::Within);
        assert_eq!(against_of(q(5.2)), Against::Above);
        assert_eq!(against_of(json!({"valueQuantity":{"value":9}})), Against::RangeNotStated);
        assert_eq!(against_of(json!({"valueString":"No growth"})), Against::InWords);
    }

    #[test]
    fn the_laboratorys_own_mark_wins_over_arithmetic() {
        let marked = json!({"valueQuantity":{"value":4},"referenceRange":[{"high":{"value":5}}],
            "interpretation":[{"coding":[{"code":"HH"}]}]});
        assert_eq!(against_of(marked), Against::Above);
    }

    #[test]
    fn a_comparator_that_could_lie_on_either_side_is_not_judged() {
        let q = |c: &str, v: f64| json!({"valueQuantity":{"value":v,"comparator":c},"referenceRange":[{"low":{"value":3},"high":{"value":10}}]});
        assert_eq!(against_of(q("<", 5.0)), Against::RangeNotStated);
        assert_eq!(against_of(q("<", 3.0)), Against::Below);
        assert_eq!(against_of(q(">", 10.0)), Against::Above);
    }

    #[test]
    fn a_blood_pressure_keeps_both_parts() {
        let bp = of_observation(&json!({"component":[
            {"code":{"text":"Systolic"},"valueQuantity":{"value":120,"unit":"mmHg"}},
            {"code":{"text":"Diastolic"},"valueQuantity":{"value":80,"unit":"mmHg"}}]}))
        .unwrap();
        assert_eq!(bp.parts.len(), 2);
        assert_eq!(bp.parts[0].number.as_deref(), Some("120"));
        assert_eq!(bp.against, Against::RangeNotStated);
    }

    #[test]
    fn an_observation_without_a_value_states_none() {
        assert_eq!(of_observation(&json!({"dataAbsentReason":{"text":"unknown"}})), None);
    }
}
