use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// Moments from `start` up to and without `end`, in microseconds since 1970; [`Span::EARLIEST`] and [`Span::LATEST`] where
/// there is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First moment.
    pub start: i64,
    /// First moment after it.
    pub end: i64,
}

impl Span {
    /// Before any moment.
    pub const EARLIEST: i64 = i64::MIN;
    /// After any moment.
    pub const LATEST: i64 = i64::MAX;

    /// All moments that a partial date may mean: the year, the month, the day (in `zone`), the minute, the second, or the
    /// fraction that is written. `None` for what is no date.
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        let year = digits(text, 0, 4)?;
        let rest = text.get(4..)?;
        let whole = |first: Date, after: Option<Date>| {
            let start = midnight(first, zone)?;
            Some(Self { start, end: after.and_then(|day| midnight(day, zone)).unwrap_or(Self::LATEST) })
        };
        let day_of = |year: i64, month: i64, day: i64| {
            Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        };
        if rest.is_empty() {
            return whole(day_of(year, 1, 1)?, day_of(year + 1, 1, 1));
        }
        let month = digits(rest.strip_prefix('-')?, 0, 2)?;
        let rest = rest.get(3..)?;
        if rest.is_empty() {
            let after = if month == 12 { day_of(year + 1, 1, 1) } else { day_of(year, month + 1, 1) };
            return whole(day_of(year, month, 1)?, after);
        }
        let date = day_of(year, month, digits(rest.strip_prefix('-')?, 0, 2)?)?;
        match rest.get(3..)? {
            "" => whole(date, date.tomorrow().ok()),
            rest => moment(date, rest.strip_prefix('T')?, zone),
        }
    }

    /// Whether all of `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether some moment lies in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// From the start of the earlier to the end of the later.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// `hh:mm[:ss[.fraction]][zone]`
fn moment(date: Date, text: &str, zone: &TimeZone) -> Option<Span> {
    let (hour, minute) = (digits(text, 0, 2)?, digits(text.get(2..)?.strip_prefix(':')?, 0, 2)?);
    let mut rest = text.get(5..)?;
    let (mut second, mut micros, mut wide) = (0, 0, 60_000_000);
    if let Some(after) = rest.strip_prefix(':') {
        second = digits(after, 0, 2)?;
        wide = 1_000_000;
        rest = after.get(2..)?;
        if let Some(after) = rest.strip_prefix('.') {
            let length = after.bytes().take_while(u8::is_ascii_digit).count();
            if length == 0 {
                return None;
            }
            for place in 0..6 {
                micros =
                    micros * 10 + after.get(place..=place).filter(|_| place < length).map_or(Some(0), one_digit)?;
            }
            wide = 10_i64.pow(6 - length.min(6) as u32);
            rest = after.get(length..)?;
        }
    }
    // A leap second has no moment of its own.
    let second = if second == 60 { 59 } else { second };
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()?;
    let at = date.to_datetime(time);
    let start = match rest {
        "" => in_zone(at, zone)?,
        "Z" => at_offset(at, Offset::UTC)?,
        _ => at_offset(at, offset(rest)?)?,
    };
    let start = start.checked_add(micros)?;
    Some(Span { start, end: start.checked_add(wide)? })
}

/// `+hh:mm` or `-hh:mm`. A blank is what becomes of `+` in a query that was not encoded.
fn offset(text: &str) -> Option<Offset> {
    let sign = match text.get(..1)? {
        "+" | " " => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = (digits(text, 1, 3)?, digits(text.get(3..)?.strip_prefix(':')?, 0, 2)?);
    (text.len() == 6 && hours <= 14 && minutes < 60)
        .then(|| Offset::from_seconds((sign * (hours * 3600 + minutes * 60)) as i32).ok())
        .flatten()
}

fn digits(text: &str, from: usize, to: usize) -> Option<i64> {
    let part = text.get(from..to)?;
    part.bytes().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
}

fn one_digit(text: &str) -> Option<i64> {
    digits(text, 0, 1)
}

fn midnight(date: Date, zone: &TimeZone) -> Option<i64> {
    in_zone(date.to_datetime(Time::midnight()), zone)
}

fn in_zone(at: DateTime, zone: &TimeZone) -> Option<i64> {
    zone.to_timestamp(at).map(Timestamp::as_microsecond).ok()
}

fn at_offset(at: DateTime, offset: Offset) -> Option<i64> {
    offset.to_timestamp(at).map(Timestamp::as_microsecond).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(text: &str) -> Span {
        Span::parse(text, &TimeZone::UTC).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn a_date_holds_every_finer_date_in_it_and_no_other() {
        let from_coarse = [
            "2020",
            "2020-02",
            "2020-02-29",
            "2020-02-29T23:59Z",
            "2020-02-29T23:59:59Z",
            "2020-02-29T23:59:59.5Z",
            "2020-02-29T23:59:59.500001Z",
        ];
        for pair in from_coarse.windows(2) {
            assert!(span(pair[0]).contains(span(pair[1])), "{pair:?}");
            assert!(!span(pair[1]).contains(span(pair[0])), "{pair:?}");
        }
        assert_eq!(span("2020-12").end, span("2021").start);
        assert_eq!(span("2020-12-31").end, span("2021-01-01").start);
        assert!(!span("2020").overlaps(span("2021")));
        assert_eq!(span("2020-01-01T00:00:00.1234567Z").end, span("2020-01-01T00:00:00.123457Z").start);
        assert_eq!(span("9999").end, Span::LATEST);
    }

    #[test]
    fn a_time_with_an_offset_is_the_same_moment_elsewhere() {
        assert_eq!(span("2020-06-01T02:00:00+02:00"), span("2020-06-01T00:00:00Z"));
        assert_eq!(span("2020-06-01T02:00:00 02:00"), span("2020-06-01T00:00:00Z"));
        assert_eq!(span("2020-05-31T18:30-05:30"), span("2020-06-01T00:00Z"));
        // A leap second is the last of its minute.
        assert_eq!(span("2016-12-31T23:59:60Z"), span("2016-12-31T23:59:59Z"));
    }

    #[test]
    fn a_day_without_a_zone_is_a_day_of_the_zone_given() {
        let zone = TimeZone::fixed(jiff::tz::offset(-6));
        let day = Span::parse("2020-06-01", &zone).unwrap();
        assert_eq!(day, Span { start: span("2020-06-01T06:00Z").start, end: span("2020-06-02T06:00Z").start });
        assert_eq!(Span::parse("2020-06-01T00:00", &zone).unwrap().start, day.start);
        assert_eq!(Span::parse("2020-06-01T00:00Z", &zone), Some(span("2020-06-01T00:00Z")));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "20",
            "20200101",
            "2020-",
            "2020-1",
            "2020-13",
            "2020-02-30",
            "2020-02-29T",
            "2020-02-29T10",
            "2020-02-29T10:",
            "2020-02-29T24:00Z",
            "2020-02-29T10:60Z",
            "2020-02-29T10:00:61Z",
            "2020-02-29T10:00:00.Z",
            "2020-02-29T10:00z",
            "2020-02-29T10:00+2:00",
            "2020-02-29T10:00+15:00",
            "2020-02-29 10:00",
            "-2020",
            "２０２０",
            "2020-02-29T10:00:00Zx",
        ] {
            assert_eq!(Span::parse(text, &TimeZone::UTC), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "([0-9]{4}|\\PC{0,4})([-T:. +Z0-9]|\\PC){0,26}") {
            if let Some(span) = Span::parse(&text, &TimeZone::UTC) {
                prop_assert!(span.start < span.end);
            }
        }
    }
}
