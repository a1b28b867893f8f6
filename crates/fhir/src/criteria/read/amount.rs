use crate::criteria::error::CriterionError;
use crate::criteria::prefix::Prefix;
use crate::criteria::split::{split, unescape};
use crate::criteria::wanted::{Unit, Wanted, WantedNumber};
use crate::date::Span;
use crate::parameters::{Bounds, Decimal, Setting, UCUM, canonical_of};

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
