//! FHIR data types as JSON, built one way everywhere.

use std::str::FromStr;

use serde_json::{Map, Number, Value, json};

pub(crate) const LOINC: &str = "http://loinc.org";
pub(crate) const SNOMED: &str = "http://snomed.info/sct";
pub(crate) const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub(crate) const CVX: &str = "http://hl7.org/fhir/sid/cvx";
pub(crate) const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";

/// A code with the words it is shown by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
}

pub(crate) const fn code(code: &'static str, words: &'static str) -> Code {
    Code { code, words }
}

/// A code system of HL7 terminology, by its last part.
pub(crate) fn hl7(name: &str) -> String {
    format!("http://terminology.hl7.org/CodeSystem/{name}")
}

pub(crate) fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({"system": system, "code": code, "display": display})
}

/// A CodeableConcept with one coding; `text` repeats the words.
pub(crate) fn concept(system: &str, code: Code) -> Value {
    json!({"coding": [coding(system, code.code, code.words)], "text": code.words})
}

/// A CodeableConcept of an HL7 system, without text.
pub(crate) fn term(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": hl7(system), "code": code}]})
}

/// A decimal with exactly the digits given: "6.20" stays 6.20.
pub(crate) fn decimal(digits: &str) -> Value {
    Number::from_str(digits).map_or(Value::Null, Value::Number)
}

/// A measured number, rounded to `places`, with its digits kept.
pub(crate) fn rounded(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

pub(crate) fn quantity(digits: &str, unit: &str, ucum: &str) -> Value {
    json!({"value": decimal(digits), "unit": unit, "system": UCUM, "code": ucum})
}

pub(crate) fn reference(kind: &str, id: &str) -> Value {
    json!({"reference": format!("{kind}/{id}")})
}

pub(crate) fn named_reference(kind: &str, id: &str, display: &str) -> Value {
    json!({"reference": format!("{kind}/{id}"), "display": display})
}

/// Adds a member when there is a value for it.
pub(crate) fn put(into: &mut Value, name: &str, value: Option<Value>) {
    if let (Value::Object(map), Some(value)) = (into, value) {
        map.insert(name.to_owned(), value);
    }
}

/// The members of an object, or none.
pub(crate) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_its_digits() {
        assert_eq!(quantity("6.20", "%", "%").to_string().matches("6.20").count(), 1);
        assert_eq!(rounded(6.2, 2), "6.20");
        assert_eq!(rounded(-0.001, 1), "0.0");
    }
}
