use std::collections::HashSet;

use serde_json::Value;

use super::chart::Chart;
use super::dice::Dice;
use super::element::{code, rounded};
use super::moment::{Moment, add_days};
use super::vital::{self, Sign};

/// Brings a chart to exactly `count` resources: older ones that nothing refers to go, or readings taken at home are
/// added, several a day, going back from yesterday.
pub(crate) fn scale(chart: &mut Chart, dice: &Dice, count: usize) {
    if chart.resources.len() > count {
        thin(chart, count);
    }
    let mut dice = dice.fork("monitor");
    let mut days = 0;
    while chart.resources.len() < count {
        days += 1;
        for hour in [7, 9, 12, 15, 18, 21] {
            if chart.resources.len() < count {
                // Past the person's birth the readings would be absurd, so each day then holds more of them.
                let lived = i64::from(chart.today.year() - chart.since.year()).max(1) * 360;
                let at = Moment::at(add_days(chart.today, -1 - days % lived), hour, 0);
                reading(chart, &mut dice, at.plus(u16::try_from(days / lived % 55).unwrap_or(0)));
            }
        }
    }
}

fn reading(chart: &mut Chart, dice: &mut Dice, at: Moment) {
    let sign = |code, digits, unit, ucum, profile| Sign { code, digits, unit, ucum, profile };
    let value = |dice: &mut Dice, middle: f64, spread: f64, places| rounded(middle + dice.normal() * spread, places);
    match dice.between(0, 4) {
        0 => {
            let upper = (124.0 + dice.normal() * 8.0).round();
            let lower = (78.0 + dice.normal() * 5.0).round();
            vital::pressure(chart, (upper, lower), at, None);
        }
        1 => {
            let digits = value(dice, 71.0, 6.0, 0);
            vital::single(
                chart,
                &sign(code("8867-4", "Heart rate"), digits, "beats/min", "/min", "heart-rate"),
                at,
                None,
            );
        }
        2 => {
            let digits = value(dice, 74.2, 0.9, 1);
            vital::single(chart, &sign(code("29463-7", "Body weight"), digits, "kg", "kg", "body-weight"), at, None);
        }
        3 => {
            let digits = rounded((97.4 + dice.normal() * 0.8).min(100.0), 0);
            vital::single(
                chart,
                &sign(code("59408-5", "Oxygen saturation"), digits, "%", "%", "pulse-oximetry"),
                at,
                None,
            );
        }
        _ => {
            let digits = value(dice, 36.6, 0.2, 1);
            vital::single(
                chart,
                &sign(code("8310-5", "Body temperature"), digits, "Cel", "Cel", "body-temperature"),
                at,
                None,
            );
        }
    }
}

/// Takes out resources, latest written first, until `count` are left or only what others refer to.
fn thin(chart: &mut Chart, count: usize) {
    while chart.resources.len() > count {
        let mut named = HashSet::new();
        for resource in &chart.resources {
            references(&resource.json, &mut named);
        }
        let before = chart.resources.len();
        let mut over = before - count;
        let mut kept = Vec::with_capacity(before);
        for resource in chart.resources.drain(..).rev() {
            let free = resource.kind != "Patient" && !named.contains(&format!("{}/{}", resource.kind, resource.id));
            if over > 0 && free {
                over -= 1;
            } else {
                kept.push(resource);
            }
        }
        kept.reverse();
        chart.resources = kept;
        if chart.resources.len() == before {
            return;
        }
    }
}

/// Every `reference` and every attachment address inside a resource.
pub(crate) fn references(json: &Value, into: &mut HashSet<String>) {
    match json {
        Value::Object(map) => {
            for (name, value) in map {
                match value {
                    Value::String(text) if name == "reference" || text.starts_with("Binary/") => {
                        into.insert(text.clone());
                    }
                    other => references(other, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}
