use serde_json::Value;

use crate::parameters::datatype::DataType;
use crate::parameters::decimal::Decimal;
use crate::parameters::interval::{Bounds, End, Interval};
use crate::parameters::units::{UCUM, canonical_of};
use crate::parameters::value::Quantity;

/// System of the codes of currencies.
const CURRENCIES: &str = "urn:iso:std:iso:4217";
/// Points of sampled data that are read.
const MAX_POINTS: usize = 100_000;

fn decimal(element: &Value, name: &str) -> Option<Decimal> {
    of(element.get(name)?)
}

fn of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Decimal::parse(&number.to_string()),
        _ => None,
    }
}

fn text<'a>(element: &'a Value, name: &str) -> Option<&'a str> {
    element.get(name)?.as_str().filter(|text| !text.is_empty())
}

pub(super) fn number(data_type: DataType, element: &Value) -> Option<Interval> {
    match data_type {
        DataType::Number => of(element).map(|number| Bounds::exactly(number).interval()),
        DataType::Range => range(element).map(Bounds::interval),
        _ => None,
    }
}

/// From the low to the high side; `None` when neither has a number.
fn range(element: &Value) -> Option<Bounds> {
    let side = |name: &str| element.get(name).and_then(|side| decimal(side, "value")).map_or(End::Open, End::At);
    let bounds = Bounds { low: side("low"), high: side("high") };
    (bounds.low != End::Open || bounds.high != End::Open).then_some(bounds)
}

pub(super) fn quantity(data_type: DataType, element: &Value) -> Option<Quantity<'_>> {
    match data_type {
        DataType::Quantity => Some(with_unit(element, compared(element)?)),
        DataType::Money => {
            let code = text(element, "currency");
            let interval = Bounds::exactly(decimal(element, "value")?).interval();
            Some(Quantity { interval, system: code.map(|_| CURRENCIES), code, unit: code, canonical: None })
        }
        DataType::Range => {
            let unit = element.get("low").or(element.get("high"))?;
            range(element).map(|bounds| with_unit(unit, bounds))
        }
        DataType::SampledData => {
            let (low, high) = sampled(element)?;
            Some(with_unit(element.get("origin")?, Bounds { low: End::At(low), high: End::At(high) }))
        }
        _ => None,
    }
}

/// What a value with a comparator may be: `<5` is anything below five.
fn compared(element: &Value) -> Option<Bounds> {
    let value = decimal(element, "value")?;
    Some(match text(element, "comparator") {
        Some("<") => Bounds { low: End::Open, high: End::Beside(value) },
        Some("<=") => Bounds { low: End::Open, high: End::At(value) },
        Some(">") => Bounds { low: End::Beside(value), high: End::Open },
        Some(">=") => Bounds { low: End::At(value), high: End::Open },
        _ => Bounds::exactly(value),
    })
}

fn with_unit(element: &Value, bounds: Bounds) -> Quantity<'_> {
    let (system, code, unit) = (text(element, "system"), text(element, "code"), text(element, "unit"));
    let canonical = code.filter(|_| system == Some(UCUM)).and_then(|code| canonical_of(bounds, code));
    Quantity { interval: bounds.interval(), system, code, unit, canonical }
}

/// Latitude and longitude of `Location.position`, the only parameter of a special kind in R4.
pub(super) fn position(element: &Value) -> Option<(f64, f64)> {
    let degrees = |name: &str, most: f64| decimal(element, name).map(Decimal::to_f64).filter(|d| d.abs() <= most);
    Some((degrees("latitude", 90.0)?, degrees("longitude", 180.0)?))
}

/// Lowest and highest of the points, as they are meant: times the factor, plus the origin.
fn sampled(element: &Value) -> Option<(Decimal, Decimal)> {
    let origin = decimal(element.get("origin")?, "value")?;
    let factor = decimal(element, "factor");
    let meant = |point: Decimal| factor.map_or(Some(point), |factor| point.times(factor))?.plus(origin);
    let points = text(element, "data")?.split(' ').take(MAX_POINTS).filter_map(Decimal::parse).filter_map(meant);
    points.fold(None, |found, point| {
        let (low, high) = found.unwrap_or((point, point));
        let lower = if point.to_f64() < low.to_f64() { point } else { low };
        let higher = if point.to_f64() > high.to_f64() { point } else { high };
        Some((lower, higher))
    })
}
