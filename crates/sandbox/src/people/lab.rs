use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::analyte::{self, Analyte, Panel, Range};
use super::body::Body;
use super::chart::{Chart, identifier};
use super::course::Course;
use super::element::{LOINC, UCUM, concept, decimal, hl7, put, quantity, reference, rounded, term};
use super::moment::{Moment, years_between};
use super::person::Sex;
use super::place::FAMILY_DOCTOR;

/// What the laboratory is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) panel: Panel,
    pub(crate) drawn: Moment,
    pub(crate) encounter: Option<&'a str>,
}

/// Measures a panel and writes its observations and the report that groups them; returns the report's id.
pub(crate) fn write(chart: &mut Chart, body: &mut Body<'_>, course: &Course, order: Order<'_>) -> Option<String> {
    let values = measure(body, course, order);
    let issued = order.drawn.plus(240);
    let mut results = Vec::new();
    for key in order.panel.tests {
        let (Some(analyte), Some(value)) = (analyte::find(key), values.get(key)) else { continue };
        let observation = observation(chart, analyte, course.sex, *value, order);
        let id = chart.add("Observation", Some("observation-lab"), issued, observation);
        results.push(reference("Observation", &id));
    }
    if results.is_empty() {
        return None;
    }
    let clinician = chart.system.clinician(FAMILY_DOCTOR);
    let number = chart.new_id();
    let mut report = json!({
        "identifier": identifier(chart.system, "report", &number),
        "status": "final",
        "category": [term("v2-0074", "LAB")],
        "code": concept(LOINC, order.panel.code),
        "subject": chart.subject(),
        "effectiveDateTime": order.drawn.to_string(),
        "issued": issued.instant(0),
        "performer": [chart.system.organization_reference()],
        "resultsInterpreter": [clinician.reference()],
        "result": results,
    });
    put(&mut report, "encounter", Chart::encounter(order.encounter));
    Some(chart.add("DiagnosticReport", Some("diagnosticreport-lab"), issued, report))
}

/// All values of one sample, those computed from others included.
fn measure(body: &mut Body<'_>, course: &Course, order: Order<'_>) -> BTreeMap<&'static str, f64> {
    let on = order.drawn.date;
    let mut values: BTreeMap<&'static str, f64> = BTreeMap::new();
    for key in order.panel.tests {
        if let Some(value) = body.lab(key, on) {
            values.insert(key, value);
        }
    }
    let value = |key: &str| values.get(key).copied();
    let mut computed = Vec::new();
    if let Some(creatinine) = value("creatinine") {
        computed.push(("egfr", filtration(creatinine, years_between(course.birth, on), course.sex)));
    }
    if let (Some(ldl), Some(hdl), Some(triglycerides)) = (value("ldl"), value("hdl"), value("triglycerides")) {
        computed.push(("cholesterol", ldl + hdl + triglycerides / 5.0));
    }
    if let (Some(hemoglobin), Some(mcv)) = (value("hemoglobin"), value("mcv")) {
        let hematocrit = hemoglobin * 2.97;
        computed.push(("hematocrit", hematocrit));
        computed.push(("erythrocytes", hematocrit * 10.0 / mcv));
    }
    values.extend(computed);
    values
}

/// CKD-EPI 2021, the equation without race.
fn filtration(creatinine: f64, age: f64, sex: Sex) -> f64 {
    let (kappa, alpha, factor) = if sex == Sex::Female { (0.7, -0.241, 1.012) } else { (0.9, -0.302, 1.0) };
    let ratio: f64 = creatinine / kappa;
    (142.0 * ratio.min(1.0).powf(alpha) * ratio.max(1.0).powf(-1.2) * 0.9938_f64.powf(age) * factor).min(130.0)
}

fn observation(chart: &Chart, analyte: &Analyte, sex: Sex, value: f64, order: Order<'_>) -> Value {
    let digits = rounded(value, analyte.places);
    let mut body = json!({
        "status": "final",
        "category": [term("observation-category", "laboratory")],
        "code": concept(LOINC, analyte.code),
        "subject": chart.subject(),
        "effectiveDateTime": order.drawn.to_string(),
        "issued": order.drawn.plus(240).instant(0),
        "performer": [chart.system.organization_reference()],
        "valueQuantity": quantity(&digits, analyte.unit, analyte.ucum),
        "interpretation": [interpretation(&digits, analyte.range(sex))],
        "referenceRange": [range(analyte, sex)],
    });
    put(&mut body, "encounter", Chart::encounter(order.encounter));
    body
}

/// High, low or normal, judged by the digits that are printed, not by those that were rounded away.
fn interpretation(digits: &str, Range(low, high): Range) -> Value {
    let number = |text: &str| text.parse::<f64>().ok();
    let value = number(digits);
    let (code, words) = match (value, number(low), number(high)) {
        (Some(value), Some(low), _) if value < low => ("L", "Low"),
        (Some(value), _, Some(high)) if value > high => ("H", "High"),
        _ => ("N", "Normal"),
    };
    json!({"coding": [{"system": hl7("v3-ObservationInterpretation"), "code": code, "display": words}], "text": words})
}

fn range(analyte: &Analyte, sex: Sex) -> Value {
    let Range(low, high) = analyte.range(sex);
    let end = |digits: &str| {
        let some = (!digits.is_empty()).then_some(digits)?;
        Some(json!({"value": decimal(some), "unit": analyte.unit, "system": UCUM, "code": analyte.ucum}))
    };
    let text = match (low, high) {
        ("", high) => format!("up to {high} {}", analyte.unit),
        (low, "") => format!("{low} {} or more", analyte.unit),
        (low, high) => format!("{low}–{high} {}", analyte.unit),
    };
    let mut body = json!({"text": text});
    put(&mut body, "low", end(low));
    put(&mut body, "high", end(high));
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filtration_agrees_with_a_worked_example() {
        // A woman of 50 with creatinine 1.0 mg/dL is at about 69 by the 2021 equation.
        assert!((filtration(1.0, 50.0, Sex::Female) - 69.0).abs() < 1.5);
    }

    #[test]
    fn an_interpretation_follows_the_printed_digits() {
        let word = |digits| interpretation(digits, Range("4.0", "5.6")).get("text").cloned();
        assert_eq!(word("5.6"), Some("Normal".into()));
        assert_eq!(word("5.7"), Some("High".into()));
        assert_eq!(word("3.9"), Some("Low".into()));
    }
}
