use crate::criteria::error::CriterionError;
use crate::criteria::prefix::Prefix;
use crate::criteria::split::{split, unescape};
use crate::criteria::wanted::{Unit, Wanted, WantedNumber};
use crate::date::Span;
use crate::parameters::{Bounds, Decimal, Setting, UCUM, canonical, canonical_of};

pub(super) fn date(text: &str, setting: &Setting) -> Result<Wanted, CriterionError> {
    let text = unescape(text)?;
    let (prefix, written) = Prefix::take(&text).ok_or(CriterionError::UnknownPrefix)?;
    let span = Span::parse(written, &setting.zone).ok_or(CriterionError::BadDate)?;
    let span = if prefix == Prefix::About { about(span, setting) } else { span };
    Ok(Wanted::Date { prefix, span, written: written.into() })
}

/// A tenth of the time between now and the date, on both sides.
fn about(span: Span, setting: &Setting) -> Span {
    let now = setting.now.as_microsecond();
    let gap = now.saturating_sub(span.start).saturating_abs() / 10;
    Span { start: span.start.saturating_sub(gap), end: span.end.saturating_add(gap) }
}

/// Reads a number; which range it stands for depends on the prefix.
pub(super) fn number(text: &str) -> Result<WantedNumber, CriterionError> {
    let (prefix, written) = Prefix::take(text).ok_or(CriterionError::UnknownPrefix)?;
    let range = bounds(prefix, written).ok_or(CriterionError::BadNumber)?.interval();
    Ok(WantedNumber { prefix, range, written: written.into() })
}

fn bounds(prefix: Prefix, written: &str) -> Option<Bounds> {
    match prefix {
        Prefix::Equal | Prefix::NotEqual => Bounds::around(Decimal::parse(written)?),
        Prefix::About => Bounds::about(Decimal::parse(written)?),
        // Taken as exact (FHIR R4, "number").
        _ => Decimal::parse(written).map(Bounds::exactly),
    }
}

/// `number`, `number|system|code`, `number||code`
pub(super) fn quantity(text: &str) -> Result<Wanted, CriterionError> {
    let (text, system, code) = match split(text, '|').as_slice() {
        [number] => (unescape(number)?, None, None),
        [number, "", ""] => (unescape(number)?, None, None),
        [_, _, ""] => return Err(CriterionError::BadQuantity),
        [number, "", code] => (unescape(number)?, None, Some(unescape(code)?)),
        [number, system, code] => (unescape(number)?, Some(unescape(system)?), Some(unescape(code)?)),
        _ => return Err(CriterionError::BadQuantity),
    };
    let number = number(&text)?;
    let unit = match (system, code) {
        (Some(system), Some(code)) => {
            let bounds = bounds(number.prefix, &number.written).filter(|_| &*system == UCUM);
            let canonical = bounds.and_then(|bounds| canonical_of(bounds, &code));
            Unit::Coded { system, code, canonical }
        }
        (_, Some(code)) => Unit::Called(code),
        _ => Unit::Any,
    };
    Ok(Wanted::Quantity { number, unit })
}

/// How near is near when no distance is said, in metres.
const NEAR: f64 = 10_000.0;

/// `latitude|longitude[|distance[|unit]]`, kilometres when no unit is said (FHIR R4, `Location.near`).
pub(super) fn near(text: &str) -> Result<Wanted, CriterionError> {
    let parts: Vec<Box<str>> = split(text, '|').into_iter().map(unescape).collect::<Result<_, _>>()?;
    let degrees = |text: &str, most: f64| {
        let number = Decimal::parse(text).map(Decimal::to_f64);
        number.filter(|number| number.abs() <= most).ok_or(CriterionError::BadPosition)
    };
    let (latitude, longitude, metres) = match parts.as_slice() {
        [latitude, longitude] => (latitude, longitude, NEAR),
        [latitude, longitude, distance] => (latitude, longitude, length(distance, "km")?),
        [latitude, longitude, distance, unit] => (latitude, longitude, length(distance, unit)?),
        _ => return Err(CriterionError::BadPosition),
    };
    let (latitude, longitude) = (degrees(latitude, 90.0)?, degrees(longitude, 180.0)?);
    Ok(Wanted::Near { latitude, longitude, metres, written: text.into() })
}

fn length(number: &str, unit: &str) -> Result<f64, CriterionError> {
    let (metre, length) = (canonical("1", "m"), canonical(number, unit));
    let length = length.filter(|length| metre.is_some_and(|metre| metre.dimension == length.dimension));
    length.map(|length| length.interval.low).filter(|metres| *metres >= 0.0).ok_or(CriterionError::BadPosition)
}
