use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

/// A minute of a day in the valley, where clocks stand at UTC−07:00 all year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) date: Date,
    minute: u16,
}

impl Moment {
    pub(crate) fn at(date: Date, hour: u16, minute: u16) -> Self {
        Self { date, minute: (hour * 60 + minute).min(1439) }
    }

    /// Later on the same day; stops at the day's last minute.
    pub(crate) fn plus(self, minutes: u16) -> Self {
        Self { date: self.date, minute: self.minute.saturating_add(minutes).min(1439) }
    }

    pub(crate) fn days_later(self, days: i64) -> Self {
        Self { date: add_days(self.date, days), minute: self.minute }
    }

    /// As a FHIR `instant`, with seconds that differ by `salt`.
    pub(crate) fn instant(self, salt: u64) -> String {
        format!(
            "{}T{:02}:{:02}:{:02}.{:03}-07:00",
            self.date,
            self.minute / 60,
            self.minute % 60,
            salt % 60,
            salt % 997
        )
    }
}

impl fmt::Display for Moment {
    /// As a FHIR `dateTime`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}:00-07:00", self.date, self.minute / 60, self.minute % 60)
    }
}

/// Stops at the ends of the calendar.
pub(crate) fn add_days(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

pub(crate) fn add_months(date: Date, months: i64) -> Date {
    date.saturating_add(months.months())
}

/// Negative when `to` is before `from`.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Whole years lived on a day.
pub(crate) fn age(birth: Date, on: Date) -> i64 {
    let years = i64::from(on.year()) - i64::from(birth.year());
    if (on.month(), on.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
}

/// Years as a number, for curves.
pub(crate) fn years_between(from: Date, to: Date) -> f64 {
    let days = i32::try_from(days_between(from, to)).unwrap_or(0);
    f64::from(days) / 365.25
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_age_counts_birthdays() {
        assert_eq!(age(date(1984, 2, 29), date(2026, 2, 28)), 41);
        assert_eq!(age(date(1984, 2, 29), date(2026, 3, 1)), 42);
    }

    #[test]
    fn a_moment_prints_with_its_offset() {
        let moment = Moment::at(date(2024, 3, 9), 9, 5);
        assert_eq!(moment.to_string(), "2024-03-09T09:05:00-07:00");
        assert_eq!(moment.plus(2000).to_string(), "2024-03-09T23:59:00-07:00");
        assert_eq!(days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
    }
}
