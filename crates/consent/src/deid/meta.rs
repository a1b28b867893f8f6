//! `meta`: labels and known profiles stay; version and instant are those of the view; the tags say what was done (rule 8).

use serde_json::{Value, json};

use super::codes::Public;
use super::table::VERSION;
use super::{Deidentifier, Tally};
use crate::Dates;

/// Code system of the tag that names the mode and the version of the tables.
pub const OWN_SYSTEM: &str = "urn:satchel:deidentification";
/// HL7 v3 ObservationValue: ids are stable within the grant, so what is left is pseudonymed, not anonymous.
pub const PSEUDONYMED: &str = "PSEUDED";

const VALUES: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
/// Where labels come from. Codes that say how data was changed are put in by us only.
const LABELS: [&str; 4] = [
    "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    VALUES,
];
/// Codes for what was done to data: of a source, they would be taken for ours.
const DONE: [&str; 8] = ["PSEUDED", "ANONYED", "MASKED", "REDACTED", "SUBSETTED", "ABSTRED", "AGGRED", "PSEUD"];
/// Labels that say who the person is: famous, of note, an employee, a student.
const WHO: [&str; 5] = ["CEL", "VIP", "EMP", "EMPL", "STUD"];
/// Profiles of the base specification and of US Core that what is left can meet.
const PROFILES: &str = include_str!("profiles.txt");

impl Deidentifier {
    /// The `meta` of a resource, from that of the source.
    pub(super) fn meta(&self, source: Option<&Value>, taken: &mut Tally) -> Value {
        let list = |name: &str| {
            source.and_then(|meta| meta.get(name)).and_then(Value::as_array).map_or(&[][..], Vec::as_slice)
        };
        let label = |coding: &Value| {
            let public = Public::read(coding)?;
            let ours = [&DONE[..], &WHO[..]].concat().contains(&public.code.as_str());
            (LABELS.contains(&public.system) && !ours).then_some(public)
        };
        let mut security: Vec<Value> = list("security").iter().filter_map(label).map(Public::json).collect();
        count(taken, "Meta.security", "code-system", list("security").len() - security.len());
        security.push(json!({"system": VALUES, "code": PSEUDONYMED, "display": "pseudonymized"}));
        let known = |profile: &Value| {
            let address = profile.as_str()?.split('|').next()?;
            PROFILES.lines().find(|known| *known == address)
        };
        let profiles: Vec<&str> = list("profile").iter().filter_map(known).collect();
        count(taken, "Meta.profile", "address", list("profile").len() - profiles.len());
        for name in ["Meta.source", "Meta.tag", "Meta.extension", "Meta.versionId", "Meta.lastUpdated"] {
            let there = name.split('.').nth(1).and_then(|name| source?.get(name)).is_some();
            count(taken, name, "meta", usize::from(there));
        }
        let mut meta = json!({
            "versionId": "1",
            "lastUpdated": format!("{}T00:00:00Z", self.calendar.today),
            "security": security,
            "tag": [self.tag()],
        });
        if !profiles.is_empty()
            && let Some(meta) = meta.as_object_mut()
        {
            meta.insert("profile".to_owned(), json!(profiles));
        }
        meta
    }

    /// Our tag: what was done, by which tables.
    fn tag(&self) -> Value {
        let (code, display) = match self.calendar.dates() {
            Dates::Year => ("safe-harbor", "De-identified by HIPAA Safe Harbor; dates cut to the year"),
            Dates::Shifted => (
                "dates-shifted",
                "Not Safe Harbor: dates moved by a secret number of days; for an expert determination or a limited data set",
            ),
        };
        json!({"system": OWN_SYSTEM, "version": VERSION, "code": code, "display": display})
    }
}

fn count(taken: &mut Tally, element: &'static str, rule: &'static str, times: usize) {
    (0..times).for_each(|_| taken.count(element, rule));
}
