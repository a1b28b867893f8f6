//! Dates: the year, or moved by the secret number of days of the grant (Safe Harbor, identifier C).

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Person;
use crate::Dates;

/// Years outside this reach of today are no dates of a life.
const PAST: i16 = 150;
const FUTURE: i16 = 30;
/// From this age on, ages and years that show them are grouped.
pub(super) const GROUPED: i16 = 90;

/// What may be said of dates in the views of one grant.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    dates: Dates,
    shift: i32,
    pub(super) today: Date,
    /// The person is 90 or older, was when they died, or it cannot be told.
    pub(super) aged: bool,
    /// It is known that they are.
    pub(super) known_aged: bool,
}

/// What is left of a date.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// As text of FHIR, and the rule.
    Text(String, &'static str),
    /// Nothing, by this rule.
    Nothing(&'static str),
}

impl Calendar {
    pub(super) fn new(dates: Dates, draw: &[u8; 32], person: &Person, today: Date) -> Self {
        let [a, b, c, d, ..] = *draw;
        // Back in time only, by 1 to 365 days: a date after today would show the direction and a bound.
        let days = u32::from_be_bytes([a, b, c, d]) % 365 + 1;
        let age = person.age(today);
        Self {
            dates,
            shift: -i32::try_from(days).unwrap_or(1),
            today,
            aged: age.is_none_or(|age| age >= GROUPED),
            known_aged: age.is_some_and(|age| age >= GROUPED),
        }
    }

    pub(super) fn dates(&self) -> Dates {
        self.dates
    }

    /// What is left of a `date` or `dateTime`.
    pub(super) fn date(&self, text: &str) -> Left {
        let Some(read) = Written::read(text) else { return Left::Nothing("date-unreadable") };
        let year = read.first.year();
        let today = self.today.year();
        if year < today.saturating_sub(PAST) || year > today.saturating_add(FUTURE) {
            return Left::Nothing("date-unreadable");
        }
        if self.aged && year <= today.saturating_sub(GROUPED) {
            return Left::Nothing("year-shows-age");
        }
        match self.dates {
            Dates::Year => Left::Text(format!("{year:04}"), "date-to-year"),
            Dates::Shifted => self.shifted(&read).unwrap_or(Left::Nothing("date-not-shiftable")),
        }
    }

    /// What is left of an `instant`: a year is none.
    pub(super) fn instant(&self, text: &str) -> Left {
        match self.dates {
            Dates::Year => Left::Nothing("instant"),
            Dates::Shifted if text.len() > 10 => self.date(text),
            Dates::Shifted => Left::Nothing("date-unreadable"),
        }
    }

    fn shifted(&self, read: &Written<'_>) -> Option<Left> {
        let first = read.first.checked_add(self.shift.days()).ok()?;
        if read.first == read.last {
            return Some(Left::Text(format!("{first}{}", read.time), "date-shifted"));
        }
        // A month or a year lies on two years after the shift more often than not; then no year is true of it.
        let last = read.last.checked_add(self.shift.days()).ok()?;
        let year = (first.year() == last.year()).then(|| format!("{:04}", first.year()))?;
        Some(Left::Text(year, "date-shifted"))
    }
}

/// A date as a source wrote it.
pub(super) struct Written<'a> {
    /// The first day it may mean.
    pub(super) first: Date,
    /// The last one.
    pub(super) last: Date,
    time: &'a str,
}

impl<'a> Written<'a> {
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let part = |from: usize, to: usize, most: usize| {
            let digits = text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
            digits.parse::<i16>().ok().filter(|_| digits.len() <= most)
        };
        let dash = |at: usize| text.get(at..=at) == Some("-");
        let year = part(0, 4, 4)?;
        if text.len() == 4 {
            return Some(Self { first: Date::new(year, 1, 1).ok()?, last: Date::new(year, 12, 31).ok()?, time: "" });
        }
        let month = part(5, 7, 2).filter(|_| dash(4)).and_then(|month| i8::try_from(month).ok())?;
        if text.len() == 7 {
            let first = Date::new(year, month, 1).ok()?;
            return Some(Self { first, last: first.last_of_month(), time: "" });
        }
        let day = part(8, 10, 2).filter(|_| dash(7)).and_then(|day| i8::try_from(day).ok())?;
        let first = Date::new(year, month, day).ok()?;
        let time = text.get(10..)?;
        // Only what a `dateTime` is made of: no name of a place after it.
        let plain = time.bytes().all(|byte| byte.is_ascii_digit() || b"T:.Z+-".contains(&byte));
        let good = time.is_empty() || plain && time.len() <= 25 && text.parse::<Timestamp>().is_ok();
        good.then_some(Self { first, last: first, time })
    }
}
