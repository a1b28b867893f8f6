use wallet::views::{Against, Range, Value};

use crate::words::Words;

/// A value with its unit, as the source wrote it; words where the result is in words.
pub(crate) fn measured(words: Words, value: &Value) -> String {
    if let Some(number) = &value.number {
        return joined([value.comparator.as_deref(), Some(number), value.unit.as_deref()]);
    }
    if let Some(text) = &value.text {
        return text.clone();
    }
    let parts: Vec<String> = value
        .parts
        .iter()
        .map(|part| {
            let what = part.number.as_deref().or(part.text.as_deref()).unwrap_or_else(|| words.text("notStated"));
            joined([part.title.as_deref(), Some(what), part.unit.as_deref()])
        })
        .collect();
    if parts.is_empty() { words.text("value.notStated").to_owned() } else { parts.join("; ") }
}

/// Where the value lies beside the laboratory's range, with that range; `None` where there is nothing to compare.
pub(crate) fn compared(words: Words, value: &Value) -> Option<String> {
    let says = match value.against {
        Against::Above => words.text("against.above"),
        Against::Below => words.text("against.below"),
        Against::Within => words.text("against.within"),
        Against::Outside => words.text("against.outside"),
        Against::RangeNotStated => words.text("against.rangeNotStated"),
        Against::InWords => return None,
    };
    let range = value.range.as_ref().and_then(|range| range_text(words, range));
    Some(
        range
            .map_or_else(|| says.to_owned(), |range| words.fill("against.range", &[("says", says), ("range", &range)])),
    )
}

fn range_text(words: Words, range: &Range) -> Option<String> {
    match (&range.low, &range.high, &range.text) {
        (Some(low), Some(high), _) => Some(format!("{low}–{high}")),
        (Some(low), None, _) => Some(words.fill("range.atLeast", &[("low", low)])),
        (None, Some(high), _) => Some(words.fill("range.upTo", &[("high", high)])),
        (None, None, text) => text.clone(),
    }
}

fn joined<const N: usize>(parts: [Option<&str>; N]) -> String {
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use wallet::views::Part;
    use wallet::words::Language;

    use super::*;

    fn value() -> Value {
        Value {
            number: Some("6.20".into()),
            comparator: Some("<".into()),
            unit: Some("%".into()),
            unit_code: None,
            text: None,
            range: Some(Range { low: Some("4.0".into()), high: Some("5.6".into()), text: None }),
            against: Against::Above,
            parts: Vec::new(),
        }
    }

    #[test]
    fn a_value_keeps_its_digits_and_stands_beside_the_laboratorys_range() {
        let words = Words::of(Language::English);
        assert_eq!(measured(words, &value()), "< 6.20 %");
        assert_eq!(compared(words, &value()).as_deref(), Some("above range (4.0–5.6)"));
        let bare = Value { range: None, against: Against::RangeNotStated, ..value() };
        assert_eq!(compared(words, &bare).as_deref(), Some("range not stated"));
    }

    #[test]
    fn a_value_of_parts_names_each_and_an_empty_one_says_so() {
        let words = Words::of(Language::English);
        let part = |title: &str, number: &str| Part {
            title: Some(title.into()),
            number: Some(number.into()),
            unit: Some("mmHg".into()),
            text: None,
        };
        let pressure = Value { number: None, parts: vec![part("Systolic", "120"), part("Diastolic", "80")], ..value() };
        assert_eq!(measured(words, &pressure), "Systolic 120 mmHg; Diastolic 80 mmHg");
        assert_eq!(measured(words, &Value { number: None, ..value() }), "value not stated");
    }
}
