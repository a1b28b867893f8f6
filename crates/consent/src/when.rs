//! When what a resource tells of was: from which day to which, in the owner's zone, and whether that is certain.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Map, Value};

use crate::{Around, DateRange};

/// The days that a resource tells of, first and last; an end that is not stated is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day it may mean.
    pub first: Option<Date>,
    /// Last day it may mean.
    pub last: Option<Date>,
    /// The element that says so, such as `effective`, `specimen`, `issued`.
    pub told_by: &'static str,
}

/// How days lie to a range of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Every day it may mean is inside.
    Inside,
    /// Some may be inside and some outside: doubt denies, and the owner is told.
    Straddles,
    /// No day it may mean is inside.
    Outside,
    /// No date is stated, or none that can be read.
    Undated,
}

/// Elements that date a resource, best first. `specimen` is followed. The first that is there counts, readable or not.
const DATED_BY: &[(&str, &[&str])] = &[
    ("AdverseEvent", &["date", "detected", "recordedDate"]),
    ("AllergyIntolerance", &["recordedDate", "onset"]),
    ("Appointment", &["start", "end", "created"]),
    ("AuditEvent", &["period", "recorded"]),
    ("Bundle", &["timestamp"]),
    ("CarePlan", &["period", "created"]),
    ("CareTeam", &["period"]),
    ("Claim", &["billablePeriod", "created"]),
    ("ClaimResponse", &["created"]),
    ("ClinicalImpression", &["effective", "date"]),
    ("Communication", &["sent", "received"]),
    ("CommunicationRequest", &["occurrence", "authoredOn"]),
    ("Composition", &["date"]),
    ("Condition", &["onset", "recordedDate"]),
    ("Consent", &["dateTime"]),
    ("Coverage", &["period"]),
    ("DetectedIssue", &["identified"]),
    ("DeviceRequest", &["occurrence", "authoredOn"]),
    ("DeviceUseStatement", &["timing", "recordedOn"]),
    ("DiagnosticReport", &["effective", "specimen", "issued"]),
    ("DocumentManifest", &["created"]),
    ("DocumentReference", &["context.period", "date"]),
    ("Encounter", &["period"]),
    ("EpisodeOfCare", &["period"]),
    ("ExplanationOfBenefit", &["billablePeriod", "created"]),
    ("FamilyMemberHistory", &["date"]),
    ("Flag", &["period"]),
    ("Goal", &["start", "statusDate"]),
    ("ImagingStudy", &["started"]),
    ("Immunization", &["occurrence", "recorded"]),
    ("ImmunizationRecommendation", &["date"]),
    ("List", &["date"]),
    ("Media", &["created", "issued"]),
    ("MedicationAdministration", &["effective"]),
    ("MedicationDispense", &["whenHandedOver", "whenPrepared"]),
    ("MedicationRequest", &["authoredOn"]),
    ("MedicationStatement", &["effective", "dateAsserted"]),
    ("NutritionOrder", &["dateTime"]),
    ("Observation", &["effective", "specimen", "issued"]),
    ("Procedure", &["performed"]),
    ("Provenance", &["occurred", "recorded"]),
    ("QuestionnaireResponse", &["authored"]),
    ("RequestGroup", &["authoredOn"]),
    ("RiskAssessment", &["occurrence"]),
    ("ServiceRequest", &["occurrence", "authoredOn"]),
    ("Specimen", &["collection.collected", "receivedTime"]),
    ("SupplyDelivery", &["occurrence"]),
    ("SupplyRequest", &["occurrence", "authoredOn"]),
    ("Task", &["executionPeriod", "authoredOn"]),
    ("VisionPrescription", &["dateWritten", "created"]),
];

/// The days that a resource tells of. `None`: no date is stated, or the one that counts cannot be read.
///
/// A result is dated by `effective[x]`, else by the collection of its specimen, else by `issued`.
pub fn span_of(resource: &Value, around: &Around<'_>, zone: &TimeZone) -> Option<Span> {
    let kind = resource.get("resourceType")?.as_str()?;
    let (_, elements) = DATED_BY.iter().find(|(of, _)| *of == kind)?;
    let members = resource.as_object()?;
    for element in *elements {
        let found =
            if *element == "specimen" { specimen(members, around, zone) } else { element_at(members, element, zone) };
        if let Some(days) = found {
            let Days { first, last } = days?;
            return Some(Span { first, last, told_by: element });
        }
    }
    None
}

impl Span {
    /// How these days lie to `range`; both its ends are whole days inside.
    pub fn within(&self, range: DateRange) -> Within {
        let after_start = |day: Option<Date>| range.from.is_none_or(|from| day.is_some_and(|day| day >= from));
        let before_end = |day: Option<Date>| range.to.is_none_or(|to| day.is_some_and(|day| day <= to));
        if after_start(self.first) && before_end(self.last) {
            return Within::Inside;
        }
        let gone = |last: Date| range.from.is_some_and(|from| last < from);
        let to_come = |first: Date| range.to.is_some_and(|to| first > to);
        if self.last.is_some_and(gone) || self.first.is_some_and(to_come) { Within::Outside } else { Within::Straddles }
    }
}

/// How a resource lies to a range of days.
pub fn within(resource: &Value, around: &Around<'_>, zone: &TimeZone, range: DateRange) -> Within {
    span_of(resource, around, zone).map_or(Within::Undated, |span| span.within(range))
}

/// First and last day; an end that is not stated is open.
#[derive(Debug, Clone, Copy)]
struct Days {
    first: Option<Date>,
    last: Option<Date>,
}

/// The days of an element; `None` inside: there, but not to be read.
fn element_at(members: &Map<String, Value>, path: &str, zone: &TimeZone) -> Option<Option<Days>> {
    if let Some((first, rest)) = path.split_once('.') {
        return element_at(members.get(first)?.as_object()?, rest, zone);
    }
    // `effective` stands for `effectiveDateTime`, `effectivePeriod`, and so on.
    let choice = |name: &str| name.strip_prefix(path).is_some_and(|kind| KINDS.contains(&kind));
    let value = members.get(path).or_else(|| members.iter().find(|(name, _)| choice(name)).map(|(_, value)| value))?;
    Some(days(value, zone))
}

const KINDS: &[&str] = &["DateTime", "Period", "Instant", "Timing", "Date", "String", "Age", "Range"];

fn specimen(members: &Map<String, Value>, around: &Around<'_>, zone: &TimeZone) -> Option<Option<Days>> {
    let stated = match members.get("specimen")? {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut whole: Option<Days> = None;
    for one in stated {
        let reference = one.get("reference").and_then(Value::as_str).unwrap_or_default();
        let found = match reference.strip_prefix('#') {
            Some(id) => contained(members, id).cloned(),
            None => (around.resolve)(reference).map(std::borrow::Cow::into_owned),
        };
        let Some(found) = found else { continue };
        let Some(days) = found.as_object().and_then(|members| element_at(members, "collection.collected", zone)) else {
            continue;
        };
        let Some(days) = days else { return Some(None) };
        whole = Some(whole.map_or(days, |before| join(before, days)));
    }
    whole.map(Some)
}

fn contained<'v>(members: &'v Map<String, Value>, id: &str) -> Option<&'v Value> {
    members.get("contained")?.as_array()?.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(id))
}

fn join(a: Days, b: Days) -> Days {
    let first = a.first.zip(b.first).map(|(a, b)| a.min(b));
    let last = a.last.zip(b.last).map(|(a, b)| a.max(b));
    Days { first, last }
}

fn days(value: &Value, zone: &TimeZone) -> Option<Days> {
    match value {
        Value::String(text) => day_range(text, zone).map(|(first, last)| Days { first: Some(first), last: Some(last) }),
        Value::Object(members) if members.contains_key("start") || members.contains_key("end") => {
            let first = member(members, "start", zone)?.map(|(first, _)| first);
            let last = member(members, "end", zone)?.map(|(_, last)| last);
            Some(Days { first, last })
        }
        Value::Object(members) => timing(members, zone),
        _ => None,
    }
}

fn member(members: &Map<String, Value>, name: &str, zone: &TimeZone) -> Option<Option<(Date, Date)>> {
    match members.get(name) {
        None => Some(None),
        Some(value) => value.as_str().and_then(|text| day_range(text, zone)).map(Some),
    }
}

/// A `Timing`: its events, else the bounds of its repetition.
fn timing(members: &Map<String, Value>, zone: &TimeZone) -> Option<Days> {
    match members.get("event").and_then(Value::as_array) {
        Some(events) if !events.is_empty() => {
            events.iter().map(|event| days(event, zone)).reduce(|a, b| a.zip(b).map(|(a, b)| join(a, b))).flatten()
        }
        _ => days(members.get("repeat")?.get("boundsPeriod")?, zone),
    }
}

/// The days that a FHIR `date`, `dateTime` or `instant` may mean in this zone.
fn day_range(text: &str, zone: &TimeZone) -> Option<(Date, Date)> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i16>().ok()).flatten();
    match text.len() {
        4 => {
            let year = number(text)?;
            Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))
        }
        7 => {
            let (year, month) = text.split_once('-')?;
            let first = Date::new(number(year)?, i8::try_from(number(month)?).ok()?, 1).ok()?;
            Some((first, first.checked_add(1.month()).ok()?.checked_sub(1.day()).ok()?))
        }
        10 => text.parse::<Date>().ok().map(|day| (day, day)),
        _ if text.get(4..5) == Some("-") => {
            let day = match text.parse::<Timestamp>() {
                Ok(at) => at.to_zoned(zone.clone()).date(),
                // Without an offset it is the time on the wall there.
                Err(_) => text.parse::<DateTime>().ok()?.date(),
            };
            Some((day, day))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
