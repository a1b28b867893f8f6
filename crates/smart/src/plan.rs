//! The plan of a pull: what to ask a server for, what to make of its answers, where its next links may lead.

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;
use types::ServerUrl;
use url::Url;

use crate::code::coded;
use crate::{Capability, Scopes};

mod follow;
mod kinds;
mod pages;
mod retry;

pub use follow::{FollowUp, FollowUps, attachment};
pub use pages::{MAX_PAGES, NextLinkError, Pages, next_link};
pub use retry::{After, Attempt, GiveUp, after, after_failure};

pub(crate) use kinds::{RecordType, read_types, record_types};

/// Resources on a page. Servers that give fewer say so in their next link (FHIR R4, "Search", `_count`). Each page is a
/// journey there and back and a transaction here, so it holds many; the limit on its bytes is far away.
const COUNT: &str = "500";

/// How far an incremental pull looks back before the last one: clocks differ, and a resource may be stored a little
/// after the instant it carries. What comes twice is stored once.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

/// What a plan is made for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The patient's id at the server.
    pub patient: &'a str,
    /// What was granted.
    pub granted: &'a Scopes,
    /// What the server says it can do, when it says it.
    pub capability: Option<&'a Capability>,
    /// The start of the last pull that came to its end; `None` for all there is.
    pub since: Option<Timestamp>,
}

/// What to ask for, in this order, and what not to.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Requests.
    pub searches: Vec<Search>,
    /// Kinds that are not asked for.
    pub skipped: Vec<Skipped>,
}

/// One kind to ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The resource type, with the category where it is one of several: `Observation laboratory`.
    pub name: String,
    /// The resource type.
    pub resource_type: &'static str,
    /// Whether only what changed since the last pull is asked for.
    pub incremental: bool,
    path: String,
    query: Vec<(String, String)>,
    instead: Vec<Search>,
}

/// A kind that is not asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// As in [`Search::name`].
    pub name: String,
    /// Why.
    pub why: WhyNot,
}

/// Why a kind is not asked for.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// The granted scopes do not cover it.
    #[error("the kind was not granted")]
    NotGranted,
    /// The server does not say that it has it.
    #[error("the kind is not offered")]
    NotOffered,
}

coded!(WhyNot {
    Self::NotGranted => "pull.notGranted" Them,
    Self::NotOffered => "pull.notOffered" Them,
});

impl Search {
    /// The address of the first page, or of the one resource.
    pub fn url(&self, base: &ServerUrl) -> Option<Url> {
        let mut url = base.join(&self.path).ok()?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Some(url)
    }

    /// Whether one resource comes back, not a bundle.
    pub fn is_read(&self) -> bool {
        self.query.is_empty()
    }

    /// What to ask for where the server does not take this search ([`GiveUp::Unsupported`], [`GiveUp::Refused`]): the
    /// same, in the narrower questions every US Core server answers. Empty where there is no other way.
    pub fn instead(&self) -> &[Search] {
        &self.instead
    }
}

/// Plans a pull of one patient's record: the kinds of US Core and some beside, restricted to what was granted and what
/// the server says it can do. What it does not say is tried where every server should have it.
pub fn plan(wanted: &Wanted<'_>) -> Plan {
    let mut plan = Plan { searches: Vec::new(), skipped: Vec::new() };
    for kind in record_types() {
        match why_not(wanted, kind) {
            None if kind.name == "Patient" => plan.searches.push(read_patient(wanted.patient)),
            None => plan.searches.push(search(wanted, kind)),
            // Nobody misses what neither side ever named.
            Some(_) if !kind.core => {}
            Some(why) => plan.skipped.push(Skipped { name: kind.name.to_owned(), why }),
        }
    }
    plan
}

fn why_not(wanted: &Wanted<'_>, kind: &RecordType) -> Option<WhyNot> {
    let granted = if kind.name == "Patient" { Scopes::read } else { Scopes::search };
    if !granted(wanted.granted, kind.name) {
        return Some(WhyNot::NotGranted);
    }
    let offered = match wanted.capability {
        // Every server that signs a patient in can read the patient.
        _ if kind.name == "Patient" => true,
        Some(capability) if kind.name == "Provenance" => capability.has_search("Provenance", "patient"),
        Some(capability) if !capability.resources.is_empty() => {
            capability.resources.contains_key(kind.name) && capability.searches(kind.name)
        }
        _ => kind.core && kind.name != "Provenance",
    };
    (!offered).then_some(WhyNot::NotOffered)
}

fn read_patient(id: &str) -> Search {
    Search {
        name: "Patient".to_owned(),
        resource_type: "Patient",
        incremental: false,
        path: format!("Patient/{id}"),
        query: Vec::new(),
        instead: Vec::new(),
    }
}

fn search(wanted: &Wanted<'_>, kind: &RecordType) -> Search {
    let mut query = vec![("patient".to_owned(), wanted.patient.to_owned()), ("_count".to_owned(), COUNT.to_owned())];
    let since = wanted.since.filter(|_| wanted.capability.is_some_and(|it| it.has_search(kind.name, "_lastUpdated")));
    if let Some(since) = since {
        let since = since.saturating_sub(OVERLAP).unwrap_or(Timestamp::MIN);
        query.push(("_lastUpdated".to_owned(), format!("gt{}", since.strftime("%Y-%m-%dT%H:%M:%SZ"))));
    }
    if let Some(offered) = wanted.capability.and_then(|it| it.resources.get(kind.name)) {
        if kind.name == "MedicationRequest" && offered.includes.contains("MedicationRequest:medication") {
            query.push(("_include".to_owned(), "MedicationRequest:medication".to_owned()));
        }
        // Also where Provenance has a search of its own: `patient` finds only what is about the Patient resource itself
        // (FHIR R4, "Provenance", search parameters).
        let provenance = offered.reverse_includes.contains("Provenance:target");
        if provenance && wanted.granted.read("Provenance") {
            query.push(("_revinclude".to_owned(), "Provenance:target".to_owned()));
        }
    }
    let narrower = kind.narrower.iter().map(|(label, parameter, value)| {
        let mut query = query.clone();
        query.push(((*parameter).to_owned(), (*value).to_owned()));
        Search {
            name: format!("{} {label}", kind.name),
            resource_type: kind.name,
            incremental: since.is_some(),
            path: kind.name.to_owned(),
            query,
            instead: Vec::new(),
        }
    });
    Search {
        name: kind.name.to_owned(),
        resource_type: kind.name,
        incremental: since.is_some(),
        path: kind.name.to_owned(),
        instead: narrower.collect(),
        query,
    }
}

#[cfg(test)]
mod tests;
