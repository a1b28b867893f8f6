use clap::ValueEnum;
use clap::builder::PossibleValue;
use jiff::civil::Date;
use wallet::views::Kind;

use crate::words::kind_key;

/// A kind of the record, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KindChoice(pub(crate) Kind);

const KINDS: [KindChoice; 14] = [
    KindChoice(Kind::Lab),
    KindChoice(Kind::Vital),
    KindChoice(Kind::Medication),
    KindChoice(Kind::Condition),
    KindChoice(Kind::Allergy),
    KindChoice(Kind::Immunization),
    KindChoice(Kind::Procedure),
    KindChoice(Kind::Visit),
    KindChoice(Kind::Document),
    KindChoice(Kind::Report),
    KindChoice(Kind::CarePlan),
    KindChoice(Kind::Claim),
    KindChoice(Kind::People),
    KindChoice(Kind::Other),
];

impl ValueEnum for KindChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &KINDS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(kind_name(self.0)).aliases([kind_key(self.0), plural(self.0)]))
    }
}

/// A kind, as it is typed.
pub(crate) fn kind_name(kind: Kind) -> &'static str {
    if kind == Kind::CarePlan { "care-plan" } else { kind_key(kind) }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Lab => "labs",
        Kind::Vital => "vitals",
        Kind::Medication => "medications",
        Kind::Condition => "conditions",
        Kind::Allergy => "allergies",
        Kind::Immunization => "immunizations",
        Kind::Procedure => "procedures",
        Kind::Visit => "visits",
        Kind::Document => "documents",
        Kind::Report => "reports",
        Kind::CarePlan => "care-plans",
        Kind::Claim => "claims",
        Kind::People => "person",
        Kind::Other => "others",
    }
}

/// A day of the calendar, written as 2027-05-03.
pub(crate) fn day(text: &str) -> Result<String, jiff::Error> {
    text.parse::<Date>().map(|date| date.to_string())
}

/// An instant: RFC 3339, or a day, which stands for its beginning in UTC.
pub(crate) fn moment(text: &str) -> Result<jiff::Timestamp, jiff::Error> {
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => Ok(at),
        Err(error) => match text.parse::<Date>() {
            Ok(date) => Ok(date.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp()),
            Err(_) => Err(error),
        },
    }
}

/// The address of a server, with `https://` put before it where no scheme is typed.
pub(crate) fn server(text: &str) -> String {
    if text.contains("://") { text.trim().to_owned() } else { format!("https://{}", text.trim()) }
}
