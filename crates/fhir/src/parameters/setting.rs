use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What texts are read with: where days without a time zone are days, when "now" is, which absolute addresses are our own.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Where dates without a time zone lie.
    pub zone: TimeZone,
    /// What "approximately" is measured from (FHIR R4, prefix `ap`).
    pub now: Timestamp,
    /// Base address of the engine, without a slash at its end: references below it are local ones.
    pub base: Option<Box<str>>,
}

impl Setting {
    /// Days are days in UTC, "now" is 1970, no absolute address is our own.
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, now: Timestamp::UNIX_EPOCH, base: None }
    }
}
