use jiff::tz::TimeZone;
use types::Secret;

/// What an engine has to know beside its resources.
#[derive(Debug)]
pub struct Settings {
    /// The FHIR address that answers carry in links, without a slash at the end.
    pub base: String,
    /// Ids of the Patient resources of the view's person, for `Patient/$everything`; empty: all that there are.
    pub patients: Vec<Box<str>>,
    /// Where days are days that are written without a time zone.
    pub zone: TimeZone,
    /// Seals the positions of pages. A key of its own for each grant makes the pages of one useless under another.
    pub key: Secret<[u8; 32]>,
}
