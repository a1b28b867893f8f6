use std::collections::{HashSet, VecDeque};

use fhir::LocalReference;
use types::ServerUrl;
use url::Url;

use super::kinds::{read_types, record_types};
use crate::{Capability, Scopes};

/// A resource that others refer to and that is read by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Its type.
    pub resource_type: String,
    /// Its id at the server.
    pub id: String,
    /// Where it is read.
    pub url: Url,
}

/// Which referenced resources are still to be read, each once: who treated, where, and what was given.
#[derive(Debug)]
pub struct FollowUps {
    base: ServerUrl,
    granted: Scopes,
    capability: Option<Capability>,
    known: HashSet<(String, String)>,
    next: VecDeque<FollowUp>,
}

impl FollowUps {
    /// For one pull.
    pub fn new(base: &ServerUrl, granted: &Scopes, capability: Option<&Capability>) -> Self {
        Self {
            base: base.clone(),
            granted: granted.clone(),
            capability: capability.cloned(),
            known: HashSet::new(),
            next: VecDeque::new(),
        }
    }

    /// Says that a resource is here: it came with a search, or from an earlier pull.
    pub fn have(&mut self, resource_type: &str, id: &str) {
        self.known.insert((resource_type.to_owned(), id.to_owned()));
    }

    /// Looks at a reference. References to other servers, to contained resources and to kinds that a pull searches for
    /// anyway are left alone, and so is what was not granted.
    pub fn add(&mut self, reference: &str) {
        let Some(found) = LocalReference::parse(reference, self.base.as_str()) else { return };
        if !self.is_followed(&found.resource_type) {
            return;
        }
        let key = (found.resource_type.clone(), found.id.clone());
        if self.known.contains(&key) {
            return;
        }
        if let Ok(url) = self.base.join(&found.path()) {
            self.known.insert(key);
            self.next.push_back(FollowUp { resource_type: found.resource_type, id: found.id, url });
        }
    }

    /// How many are still to be read.
    pub fn len(&self) -> usize {
        self.next.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.next.is_empty()
    }

    fn is_followed(&self, resource_type: &str) -> bool {
        // Binaries are attachments, fetched as such; a search that was refused may still allow reading.
        let mut types = read_types().chain(record_types()).map(|kind| kind.name);
        !matches!(resource_type, "Binary" | "Patient")
            && types.any(|name| name == resource_type)
            && self.granted.read(resource_type)
            && self.capability.as_ref().is_none_or(|it| it.reads(resource_type))
    }
}

impl Iterator for FollowUps {
    type Item = FollowUp;

    /// The next one to read. Reading it may add more: a role names its organization.
    fn next(&mut self) -> Option<FollowUp> {
        self.next.pop_front()
    }
}

/// Where an attachment can be fetched: below the same base, and nowhere else (the token is for there). `None` for
/// inline, foreign or unreadable addresses.
pub fn attachment(base: &ServerUrl, address: &str) -> Option<Url> {
    let below = Url::parse(&format!("{}/", base.as_str())).ok()?;
    let mut url = below.join(address.trim()).ok()?;
    url.set_fragment(None);
    let plain = url.username().is_empty() && url.password().is_none();
    let inside = base.same_origin(&url) && url.path().starts_with(below.path()) && url.path() != below.path();
    (plain && inside).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> ServerUrl {
        ServerUrl::parse("https://ehr.example.org/fhir").expect("an address")
    }

    fn read(follow_ups: FollowUps) -> Vec<String> {
        follow_ups.map(|next| next.url.path().to_owned()).collect()
    }

    #[test]
    fn references_to_the_same_server_are_read_once_and_others_never() {
        let mut follow_ups = FollowUps::new(&base(), &Scopes::parse("patient/*.rs"), None);
        follow_ups.have("Organization", "here");
        for reference in [
            "Practitioner/1",
            "https://ehr.example.org/fhir/Practitioner/1",
            "Practitioner/1/_history/3",
            "Organization/here",
            "Organization/2",
            "https://evil.example/fhir/Practitioner/9",
            "#contained",
            "urn:uuid:1",
            "Patient/2",
            "Binary/3",
            "StructureDefinition/4",
            "Practitioner/../Patient/2",
        ] {
            follow_ups.add(reference);
        }
        assert_eq!(follow_ups.len(), 2);
        assert_eq!(read(follow_ups), ["/fhir/Practitioner/1", "/fhir/Organization/2"]);
    }

    #[test]
    fn what_was_not_granted_or_not_offered_is_not_read() {
        let capability = Capability::parse(
            br#"{"resourceType":"CapabilityStatement","rest":[{"mode":"server","resource":[
                {"type":"Practitioner","interaction":[{"code":"read"}]},
                {"type":"Location","interaction":[{"code":"search-type"}]}]}]}"#,
        )
        .expect("a statement");
        let granted = Scopes::parse("patient/Practitioner.read patient/Location.read patient/Medication.s");
        let mut follow_ups = FollowUps::new(&base(), &granted, Some(&capability));
        for reference in ["Practitioner/1", "Location/1", "Organization/1", "Medication/1"] {
            follow_ups.add(reference);
        }
        assert_eq!(read(follow_ups), ["/fhir/Practitioner/1"]);
    }

    #[test]
    fn an_attachment_is_fetched_below_the_base_only() {
        let at = |address: &str| attachment(&base(), address).map(String::from);
        assert_eq!(at("Binary/1").as_deref(), Some("https://ehr.example.org/fhir/Binary/1"));
        assert_eq!(at("/fhir/Binary/1").as_deref(), Some("https://ehr.example.org/fhir/Binary/1"));
        assert_eq!(
            at("https://ehr.example.org/fhir/Binary/1?x=y#z").as_deref(),
            Some("https://ehr.example.org/fhir/Binary/1?x=y")
        );
        for not in [
            "https://evil.example/fhir/Binary/1",
            "https://ehr.example.org/admin",
            "../admin",
            "Binary/../../admin",
            "//evil.example/fhir/Binary/1",
            "http://ehr.example.org/fhir/Binary/1",
            "https://a@ehr.example.org/fhir/Binary/1",
            "data:text/plain,x",
            "",
        ] {
            assert_eq!(at(not), None, "{not}");
        }
    }
}
