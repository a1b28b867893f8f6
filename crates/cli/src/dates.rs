//! Dates and times as a person reads them: 3 May 2027, 18:04. Partial dates stay partial.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::words::Words;

/// The day of a clinical date, as the source stated it; an instant keeps the day it has where it was written.
pub(crate) fn day(words: Words, stated: &str) -> String {
    let date = stated.split('T').next().unwrap_or(stated);
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next().unwrap_or(date), parts.next(), parts.next());
    let name = month.and_then(|month| month_name(words, month));
    match (name, day.and_then(|day| day.parse::<u8>().ok())) {
        (Some(name), Some(day)) => format!("{day} {name} {year}"),
        (Some(name), None) => format!("{name} {year}"),
        (None, _) => date.to_owned(),
    }
}

/// The day of a clinical date, or "not stated".
pub(crate) fn day_or_not_stated(words: Words, stated: Option<&str>) -> String {
    stated.map_or_else(|| words.text("notStated").to_owned(), |stated| day(words, stated))
}

/// Day and time of an instant of ours, on this computer's clock. What does not read is shown as it came.
pub(crate) fn instant(words: Words, rfc3339: &str) -> String {
    let Ok(at) = rfc3339.parse::<Timestamp>() else { return day(words, rfc3339) };
    let here = at.to_zoned(TimeZone::system());
    format!("{}, {:02}:{:02}", day(words, &here.date().to_string()), here.hour(), here.minute())
}

fn month_name(words: Words, month: &str) -> Option<&'static str> {
    words.language().month(month.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use wallet::words::Language;

    use super::*;

    #[test]
    fn a_partial_date_stays_partial_and_a_missing_one_is_said() {
        let (en, es) = (Words::of(Language::English), Words::of(Language::Spanish));
        assert_eq!(day(en, "2027-05-03"), "3 May 2027");
        assert_eq!(day(es, "2027-05-03"), "3 may 2027");
        assert_eq!(day(en, "2027-05"), "May 2027");
        assert_eq!(day(en, "2027"), "2027");
        assert_eq!(day(en, "2027-12-31T23:30:00-05:00"), "31 Dec 2027");
        assert_eq!(day(en, "sometime"), "sometime");
        assert_eq!(day_or_not_stated(en, None), "not stated");
    }
}
