use serde_json::Value;

/// One line of a bench: `{"bench": name, "figure": number, "reference": number, "ratio": number, "unit": word,
/// "against": what the reference is, "aim": {"atLeast": number} or {"atMost": number}}`. The reference is a bare library
/// or an empty program doing the same work in the same run; the aim is of the ratio, and may be missing.
pub(super) struct Figure(Value);

impl Figure {
    pub(super) fn read(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        value.get("bench").is_some().then_some(Self(value))
    }

    pub(super) fn into_value(self) -> Value {
        self.0
    }

    fn word(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }

    /// The aim as it is said, and whether the ratio meets it.
    fn aim(&self) -> Option<(String, bool)> {
        let ratio = self.number("ratio")?;
        let bound = |name: &str| self.0.pointer(&format!("/aim/{name}")).and_then(Value::as_f64);
        match (bound("atLeast"), bound("atMost")) {
            (Some(least), _) => Some((format!("≥ {}", rounded(least)), ratio >= least)),
            (None, Some(most)) => Some((format!("≤ {}", rounded(most)), ratio <= most)),
            (None, None) => None,
        }
    }
}

pub(super) fn table(figures: &[Figure]) {
    let wide = figures.iter().map(|figure| figure.word("bench").chars().count()).max().unwrap_or(0);
    println!("\n  {:wide$} {:>10} {:>10} {:>7} {:>8}         unit, against", "", "figure", "reference", "ratio", "aim");
    for figure in figures {
        let number = |name| figure.number(name).map(rounded).unwrap_or_default();
        let (aim, met) = match figure.aim() {
            Some((aim, true)) => (aim, "met"),
            Some((aim, false)) => (aim, "NOT met"),
            None => (String::new(), ""),
        };
        println!(
            "  {:wide$} {:>10} {:>10} {:>7} {aim:>8} {met:7} {}, {}",
            figure.word("bench"),
            number("figure"),
            number("reference"),
            number("ratio"),
            figure.word("unit"),
            figure.word("against"),
        );
    }
}

/// A figure with as many digits as it deserves.
fn rounded(number: f64) -> String {
    if number.abs() >= 100.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_met_on_its_own_side_only() {
        let met = |line: &str| Figure::read(line).unwrap().aim().map(|(_, met)| met);
        assert_eq!(met(r#"{"bench":"a","ratio":0.5,"aim":{"atLeast":0.4}}"#), Some(true));
        assert_eq!(met(r#"{"bench":"a","ratio":0.3,"aim":{"atLeast":0.4}}"#), Some(false));
        assert_eq!(met(r#"{"bench":"a","ratio":1.2,"aim":{"atMost":1.3}}"#), Some(true));
        assert_eq!(met(r#"{"bench":"a","ratio":1.4,"aim":{"atMost":1.3}}"#), Some(false));
        assert_eq!(met(r#"{"bench":"a","ratio":1.4}"#), None);
    }

    #[test]
    fn a_line_for_reading_is_no_figure() {
        assert!(Figure::read("  pull 20000/s").is_none());
        assert!(Figure::read(r#"{"measure":"open","ms":1}"#).is_none());
    }
}
