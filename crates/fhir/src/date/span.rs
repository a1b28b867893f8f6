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
