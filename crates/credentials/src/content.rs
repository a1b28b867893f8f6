//! What a card says, as a person reads it.

mod codes;
mod line;

use jiff::Timestamp;
use serde_json::Value;

use crate::Unverified;
use line::{Bundle, list, text};

/// What a card says. Believed only as far as its verdict goes; what is not stated stays `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// The person it names.
    pub name: Option<String>,
    /// Birth date as written: a FHIR date.
    pub birth_date: Option<String>,
    /// What it proves.
    pub kind: Kind,
    /// One line for each vaccine, result or other statement.
    pub lines: Vec<Line>,
    /// The issuer's address.
    pub issuer: String,
    /// When it was issued.
    pub not_before: Timestamp,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// Everything in it, pretty-printed JSON.
    pub payload: String,
}

/// What a card proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Immunizations.
    Immunization,
    /// Laboratory results.
    Laboratory,
    /// Anything else.
    Other,
}

/// One statement of a card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// What: vaccine, test, condition. Names of common codes are known here; others are shown as the code.
    pub what: Option<String>,
    /// Value with unit; the lot of a vaccine; the status where it is not the usual one.
    pub value: Option<String>,
    /// When, as written: a FHIR date.
    pub date: Option<String>,
    /// Who performed it.
    pub by: Option<String>,
}

impl Unverified {
    /// What the card says.
    pub fn content(&self) -> Content {
        let claims = self.claims();
        // The payload was read as JSON before, so this cannot fail; nothing is shown if it did.
        let payload: Value = serde_json::from_str(self.payload()).unwrap_or_default();
        let bundle = Bundle::of(&payload);
        let patient = bundle.resources().find(|one| text(one, "resourceType") == Some("Patient"));
        let kind = match &claims.resources {
            all if all.iter().any(|one| one == "Immunization") => Kind::Immunization,
            all if all.iter().any(|one| one == "Observation" || one == "DiagnosticReport") => Kind::Laboratory,
            _ => Kind::Other,
        };
        Content {
            name: patient.and_then(human_name),
            birth_date: patient.and_then(|one| text(one, "birthDate")).map(str::to_owned),
            kind,
            lines: bundle.resources().filter_map(|resource| line::line(resource, &bundle)).collect(),
            issuer: claims.issuer.clone(),
            not_before: claims.not_before,
            expires: claims.expires,
            payload: format!("{payload:#}"),
        }
    }
}

/// The official name, else the first: its text, else given names and family name.
fn human_name(patient: &Value) -> Option<String> {
    let mut names = list(patient, "name");
    let first = names.next()?;
    let official = |name: &&Value| text(name, "use") == Some("official");
    let name = std::iter::once(first).chain(names).find(official).unwrap_or(first);
    if let Some(text) = text(name, "text") {
        return Some(text.to_owned());
    }
    let mut words: Vec<&str> = list(name, "given").filter_map(Value::as_str).collect();
    words.extend(text(name, "family"));
    words.extend(list(name, "suffix").filter_map(Value::as_str));
    if words.is_empty() { None } else { Some(words.join(" ")) }
}
