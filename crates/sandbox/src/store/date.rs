use std::ops::Range;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Reads a FHIR `date`, `dateTime` or `instant`, however partial, from its first instant to the one after its last: a
/// whole day for a date, a year for a year. Days without a zone are UTC's.
pub(crate) fn instant_range(text: &str) -> Option<Range<Timestamp>> {
    let (start, end) = match text.len() {
        4 => {
            let first = Date::new(text.parse().ok()?, 1, 1).ok()?;
            (first, first.checked_add(1.year()).ok()?)
        }
        7 => {
            let first: Date = format!("{text}-01").parse().ok()?;
            (first, first.checked_add(1.month()).ok()?)
        }
        10 => {
            let first: Date = text.parse().ok()?;
            (first, first.checked_add(1.day()).ok()?)
        }
        _ => return moment(text),
    };
    Some(midnight(start)?..midnight(end)?)
}

fn midnight(date: Date) -> Option<Timestamp> {
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn moment(text: &str) -> Option<Range<Timestamp>> {
    // A `+` in a query that was not escaped arrives as a blank.
    let text = text.replace(' ', "+");
    let start = text.parse::<Timestamp>().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Offset::UTC.to_timestamp(local).ok()
    })?;
    let length = if text.contains('.') { SignedDuration::from_millis(1) } else { SignedDuration::from_secs(1) };
    Some(start..start.checked_add(length).ok()?)
}

/// Whether a range meets a search value with its prefix (FHIR R4 search, "date").
pub(crate) fn matches(range: &Range<Timestamp>, value: &str) -> Option<bool> {
    let (prefix, rest) = match value.get(..2) {
        Some(prefix @ ("eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb")) => (prefix, value.get(2..)?),
        _ => ("eq", value),
    };
    let asked = instant_range(rest)?;
    Some(match prefix {
        "ne" => !(asked.start <= range.start && range.end <= asked.end),
        "gt" => range.end > asked.end,
        "lt" => range.start < asked.start,
        "ge" => range.end > asked.start,
        "le" => range.start < asked.end,
        "sa" => range.start >= asked.end,
        "eb" => range.end <= asked.start,
        _ => asked.start <= range.start && range.end <= asked.end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_dates_are_whole_periods() {
        let day = instant_range("2024-03-09").unwrap();
        assert_eq!(matches(&day, "2024"), Some(true));
        assert_eq!(matches(&day, "ge2024-03-09"), Some(true));
        assert_eq!(matches(&day, "gt2024-03-09"), Some(false));
        assert_eq!(matches(&day, "lt2024-04"), Some(true));
        assert_eq!(matches(&day, "sa2024-03-08"), Some(true));
        assert_eq!(matches(&day, "yesterday"), None);
    }

    #[test]
    fn moments_carry_their_zone() {
        let moment = instant_range("2024-03-09T23:30:00-07:00").unwrap();
        assert_eq!(matches(&moment, "2024-03-10"), Some(true));
        assert_eq!(matches(&moment, "ge2024-03-10T06:30:00Z"), Some(true));
        assert_eq!(matches(&moment, "lt2024-03-10T06:30:00 00:00"), Some(false));
    }
}
