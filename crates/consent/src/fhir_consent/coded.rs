//! Codes and references of a `Consent`, read strictly.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value};

use super::{ConsentError, MAX_PROVISIONS};

/// The values of a list; absent is none.
pub(super) fn list<'a>(of: &'a Map<String, Value>, member: &str) -> Result<&'a [Value], ConsentError> {
    match of.get(member) {
        None => Ok(&[]),
        Some(Value::Array(values)) if values.len() <= MAX_PROVISIONS => Ok(values),
        Some(Value::Array(_)) => Err(ConsentError::TooDeep),
        Some(_) => Err(ConsentError::Form),
    }
}

pub(super) fn object(value: &Value) -> Result<&Map<String, Value>, ConsentError> {
    value.as_object().ok_or(ConsentError::Form)
}

/// System and code of a `Coding`.
pub(super) fn coding(value: &Value) -> Result<(&str, &str), ConsentError> {
    let part = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    part("system").zip(part("code")).ok_or(ConsentError::Code)
}

/// The codings of a `CodeableConcept`; at least one.
pub(super) fn concept(value: &Value) -> Result<Vec<(&str, &str)>, ConsentError> {
    let codings = list(object(value)?, "coding")?;
    if codings.is_empty() {
        return Err(ConsentError::Code);
    }
    codings.iter().map(coding).collect()
}

/// The code of a `CodeableConcept` in this system.
pub(super) fn code_in<'a>(value: &'a Value, system: &str) -> Result<Option<&'a str>, ConsentError> {
    Ok(concept(value)?.into_iter().find(|(of, _)| *of == system).map(|(_, code)| code))
}

/// What a `Reference` refers to.
pub(super) fn reference(value: &Value) -> Result<&str, ConsentError> {
    value.get("reference").and_then(Value::as_str).ok_or(ConsentError::Form)
}

/// From the first instant of a `dateTime` to the first one after it. A day without zone is the day in UTC.
pub(super) fn instants(text: &str) -> Result<(Timestamp, Timestamp), ConsentError> {
    let bad = |_| ConsentError::Period;
    if text.contains('T') {
        let at: Timestamp = text.parse().map_err(bad)?;
        return Ok((at, at));
    }
    let (first, after) = days(text)?;
    let start = |day: Date| day.to_zoned(TimeZone::UTC).map(|at| at.timestamp()).map_err(bad);
    Ok((start(first)?, start(after)?))
}

/// The first day that a partial date may mean, and the first day after it.
fn days(text: &str) -> Result<(Date, Date), ConsentError> {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let first = crate::grant::whole_day(&whole).ok_or(ConsentError::Period)?;
    let span = match text.len() {
        4 => 1.year(),
        7 => 1.month(),
        _ => 1.day(),
    };
    Ok((first, first.checked_add(span).map_err(|_| ConsentError::Period)?))
}

/// A whole day, as ranges of data have it.
pub(super) fn day(text: &str) -> Result<Date, ConsentError> {
    crate::grant::whole_day(text).ok_or(ConsentError::Period)
}

/// `start` and `end` of a `Period`.
pub(super) fn period(value: &Value) -> Result<(Option<&str>, Option<&str>), ConsentError> {
    let of = object(value)?;
    let end = |name: &str| match of.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(ConsentError::Form),
    };
    Ok((end("start")?, end("end")?))
}
