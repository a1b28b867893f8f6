use serde_json::{Value, json};

use super::body::Body;
use super::chart::Chart;
use super::element::{Code, LOINC, code, concept, put, quantity, rounded, term};
use super::moment::{Moment, age};
use super::place::FAMILY_DOCTOR;

const SYSTOLIC: Code = code("8480-6", "Systolic blood pressure");
const DIASTOLIC: Code = code("8462-4", "Diastolic blood pressure");

/// One measurement: what, digits, unit, US Core profile.
#[derive(Debug, Clone)]
pub(crate) struct Sign {
    pub(crate) code: Code,
    pub(crate) digits: String,
    pub(crate) unit: &'static str,
    pub(crate) ucum: &'static str,
    pub(crate) profile: &'static str,
}

/// Writes what is measured at a visit.
pub(crate) fn write(chart: &mut Chart, body: &mut Body<'_>, at: Moment, encounter: &str, sick: bool) {
    let on = at.date;
    let years = age(body.birth(), on);
    let (height, weight) = (body.height(on), body.weight(on));
    let meters = height / 100.0;
    let sign = |code, digits, unit, ucum, profile| Sign { code, digits, unit, ucum, profile };
    let mut measured = vec![
        sign(code("8302-2", "Body height"), rounded(height, 1), "cm", "cm", "body-height"),
        sign(code("29463-7", "Body weight"), rounded(weight, 1), "kg", "kg", "body-weight"),
        sign(code("8867-4", "Heart rate"), rounded(body.pulse(on), 0), "beats/min", "/min", "heart-rate"),
    ];
    if years >= 2 {
        measured.push(sign(
            code("39156-5", "Body mass index"),
            rounded(weight / (meters * meters), 1),
            "kg/m2",
            "kg/m2",
            "bmi",
        ));
    }
    if sick || years < 18 {
        measured.push(sign(
            code("8310-5", "Body temperature"),
            rounded(body.temperature(sick), 1),
            "Cel",
            "Cel",
            "body-temperature",
        ));
    }
    if sick {
        measured.push(sign(
            code("9279-1", "Respiratory rate"),
            rounded(body.breaths(on), 0),
            "breaths/min",
            "/min",
            "respiratory-rate",
        ));
        measured.push(sign(
            code("59408-5", "Oxygen saturation"),
            rounded(body.saturation(), 0),
            "%",
            "%",
            "pulse-oximetry",
        ));
    }
    for sign in measured {
        single(chart, &sign, at, Some(encounter));
    }
    if years >= 3 {
        let (systolic, diastolic) = (body.systolic(on), body.diastolic(on));
        pressure(chart, (systolic, diastolic), at, Some(encounter));
    }
}

/// One observation of one number.
pub(crate) fn single(chart: &mut Chart, sign: &Sign, at: Moment, encounter: Option<&str>) {
    let mut observation = frame(chart, sign.code, at, encounter);
    put(&mut observation, "valueQuantity", Some(quantity(&sign.digits, sign.unit, sign.ucum)));
    chart.add("Observation", Some(sign.profile), at, observation);
}

/// Blood pressure: one observation with two components.
pub(crate) fn pressure(chart: &mut Chart, (systolic, diastolic): (f64, f64), at: Moment, encounter: Option<&str>) {
    let mut observation = frame(chart, code("85354-9", "Blood pressure"), at, encounter);
    let component = |code, value| json!({"code": concept(LOINC, code), "valueQuantity": quantity(&rounded(value, 0), "mmHg", "mm[Hg]")});
    put(&mut observation, "component", Some(json!([component(SYSTOLIC, systolic), component(DIASTOLIC, diastolic)])));
    chart.add("Observation", Some("blood-pressure"), at, observation);
}

fn frame(chart: &Chart, code: Code, at: Moment, encounter: Option<&str>) -> Value {
    let mut observation = json!({
        "status": "final",
        "category": [term("observation-category", "vital-signs")],
        "code": concept(LOINC, code),
        "subject": chart.subject(),
        "effectiveDateTime": at.to_string(),
    });
    let performer =
        if encounter.is_some() { chart.system.clinician(FAMILY_DOCTOR).reference() } else { chart.subject() };
    put(&mut observation, "performer", Some(json!([performer])));
    put(&mut observation, "encounter", Chart::encounter(encounter));
    observation
}
