use serde_json::json;

use super::chart::{Chart, identifier};
use super::dice::Dice;
use super::element::{SNOMED, concept, decimal, hl7, reference, term};
use super::visit::{Reason, Visit};

/// Writes what the plan paid for a visit: one ExplanationOfBenefit, money with its cents.
pub(crate) fn write(chart: &mut Chart, dice: &mut Dice, visit: &Visit, encounter: &str, diagnosis: Option<&str>) {
    let price = match visit.reason {
        Reason::Stay => dice.between(900_000, 2_400_000),
        Reason::Emergency => dice.between(80_000, 260_000),
        _ => dice.between(9_500, 31_000),
    };
    let own = price / 5;
    let created = chart.past(visit.end().days_later(6));
    let number = chart.new_id();
    let mut body = json!({
        "identifier": identifier(chart.system, "claim", &number),
        "status": "active",
        "type": term("claim-type", if visit.reason == Reason::Stay { "institutional" } else { "professional" }),
        "use": "claim",
        "patient": chart.subject(),
        "billablePeriod": {"start": visit.at.to_string(), "end": visit.end().to_string()},
        "created": created.to_string(),
        "insurer": {"display": "Copper Basin Health Plan"},
        "provider": chart.system.organization_reference(),
        "outcome": "complete",
        "insurance": [{"focal": true, "coverage": {"display": "Copper Basin Health Plan"}}],
        "item": [{
            "sequence": 1,
            "productOrService": concept(SNOMED, visit.kind()),
            "servicedPeriod": {"start": visit.at.to_string(), "end": visit.end().to_string()},
            "encounter": [reference("Encounter", encounter)],
            "net": money(price),
        }],
        "total": [
            {"category": {"coding": [{"system": hl7("adjudication"), "code": "submitted"}]}, "amount": money(price)},
            {"category": {"coding": [{"system": hl7("adjudication"), "code": "benefit"}]}, "amount": money(price - own)},
        ],
        "payment": {"date": created.date.to_string(), "amount": money(price - own)},
    });
    if let (Some(condition), Some(map)) = (diagnosis, body.as_object_mut()) {
        let entry = json!([{"sequence": 1, "diagnosisReference": reference("Condition", condition)}]);
        map.insert("diagnosis".to_owned(), entry);
    }
    chart.add("ExplanationOfBenefit", None, created, body);
}

fn money(cents: i64) -> serde_json::Value {
    json!({"value": decimal(&format!("{}.{:02}", cents / 100, cents % 100)), "currency": "USD"})
}
