mod span;

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

pub use span::Span;

/// A FHIR `date`, `dateTime` or `instant`, as precise as it was written (FHIR R4, "Date/Time").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialDate {
    text: String,
    sort: i64,
}

impl PartialDate {
    /// Reads `2019`, `2019-05`, `2019-05-03` or a date with time. `None` for anything else: a date that cannot be
    /// read is treated as not stated, and the resource keeps what was written.
    pub fn parse(text: &str) -> Option<Self> {
        let sort = match text.len() {
            4 => day(text, "1", "1")?,
            7 => day(text.get(..4)?, text.get(5..)?, "1").filter(|_| text.get(4..5) == Some("-"))?,
            10 => seconds(text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight())),
            _ if text.get(4..5) == Some("-") => instant(text)?,
            _ => return None,
        };
        Some(Self { text: text.to_owned(), sort })
    }

    /// The date as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Seconds since 1970 of the first moment it can mean, for sorting only.
    pub fn sort_key(&self) -> i64 {
        self.sort
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn day(year: &str, month: &str, day: &str) -> Option<i64> {
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(seconds(date.to_datetime(jiff::civil::Time::midnight())))
}

fn instant(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().map(Timestamp::as_second).ok().or_else(|| text.parse::<DateTime>().ok().map(seconds))
}

fn seconds(at: DateTime) -> i64 {
    at.to_zoned(TimeZone::UTC).map_or(i64::MIN, |z| z.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_date_stays_partial_and_sorts_by_its_first_moment() {
        let order = ["2018-12-31", "2019", "2019-01-02", "2019-05", "2019-05-03", "2019-05-03T10:00:00+02:00"];
        let keys: Vec<i64> = order.iter().map(|t| PartialDate::parse(t).unwrap().sort_key()).collect();
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(PartialDate::parse("2019-05").unwrap().as_str(), "2019-05");
    }

    #[test]
    fn what_is_no_date_is_not_stated() {
        for text in ["", "yesterday", "2019-13", "2019-02-30", "20190503", "2019/05", "0", "２０１９"] {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
    }
}
