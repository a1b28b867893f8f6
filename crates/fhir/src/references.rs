use serde_json::Value;

use crate::json::{Json, Seen};
use crate::resource::is_id;

/// A reference that can be followed at the same server: `Type/id`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalReference {
    /// Resource type.
    pub resource_type: String,
    /// Id at the source.
    pub id: String,
}

impl LocalReference {
    /// Reads `Type/id`, `Type/id/_history/v`, or an absolute address below `base`. `None` for `#contained`, `urn:…`,
    /// another server, or anything that is not a plain type and id.
    pub fn parse(reference: &str, base: &str) -> Option<Self> {
        let path = match reference.strip_prefix(base) {
            Some(below) => below.strip_prefix('/')?,
            None => reference,
        };
        let (resource_type, id, _) = local(path)?;
        Some(Self { resource_type: resource_type.to_owned(), id: id.to_owned() })
    }

    /// `Type/id`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.resource_type, self.id)
    }
}

/// Type, id and version of `Type/id` or `Type/id/_history/v`.
pub(crate) fn local(path: &str) -> Option<(&str, &str, Option<&str>)> {
    let mut steps = path.split('/');
    let (resource_type, id) = (steps.next()?, steps.next()?);
    let version = match steps.next() {
        None => None,
        Some("_history") => Some(steps.next()?),
        Some(_) => return None,
    };
    let named = resource_type.starts_with(|c: char| c.is_ascii_uppercase())
        && resource_type.bytes().all(|b| b.is_ascii_alphabetic());
    (steps.next().is_none() && named && is_id(id)).then_some((resource_type, id, version))
}

/// Every `reference` text in a resource, contained ones included, in order of appearance, each once.
pub fn references(resource: &impl Json) -> Vec<&str> {
    let mut found = Vec::new();
    collect(resource, &mut found);
    found
}

fn collect<'a, J: Json>(value: &'a J, found: &mut Vec<&'a str>) {
    if let Seen::List(items) = value.seen() {
        items.iter().for_each(|item| collect(item, found));
    }
    for (name, member) in value.members() {
        match member.seen() {
            Seen::Text(text) if name == "reference" => {
                if !found.contains(&text) {
                    found.push(text);
                }
            }
            _ => collect(member, found),
        }
    }
}

/// A reference with the member it stands under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Top-level member, for example `encounter`, `performer`, `result`.
    pub member: String,
    /// The reference as written.
    pub reference: String,
}

/// References by the top-level member they stand under, the patient's own left out.
pub fn links(resource: &Value) -> Vec<Link> {
    let Value::Object(members) = resource else { return Vec::new() };
    let mut out = Vec::new();
    for (member, value) in members {
        if matches!(member.as_str(), "subject" | "patient" | "beneficiary" | "contained" | "meta") {
            continue;
        }
        let mut found = Vec::new();
        collect(value, &mut found);
        out.extend(found.into_iter().map(|r| Link { member: member.clone(), reference: r.to_owned() }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_reference_to_the_same_server_is_followed() {
        let base = "https://a.example/fhir";
        let read = |text: &str| LocalReference::parse(text, base).map(|r| r.path());
        assert_eq!(read("Practitioner/1").as_deref(), Some("Practitioner/1"));
        assert_eq!(read("https://a.example/fhir/Binary/x.1").as_deref(), Some("Binary/x.1"));
        assert_eq!(read("Observation/1/_history/2").as_deref(), Some("Observation/1"));
        for text in [
            "#med",
            "urn:uuid:0",
            "https://b.example/fhir/Binary/1",
            "https://a.example/fhirevil/Binary/1",
            "Binary/../Patient",
            "Binary/1?x=y",
            "Practitioner?identifier=1",
            "Patient/1/$everything",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
