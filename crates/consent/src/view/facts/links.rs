//! Where a resource leads.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::super::names::Name;
use super::super::reference::Points;
use super::super::shape::LINKS;

/// Where one version of a resource leads, and what else must be looked at when it is shaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Links {
    /// Resources of the record, or what would be; sorted, each once, the person apart.
    pub(in super::super) to: Vec<Name>,
    /// The person, where more is said than a bare reference.
    pub(in super::super) person: Vec<Name>,
    /// Has references that cannot be followed, or holds other resources.
    pub(in super::super) loose: bool,
    /// Has attachments.
    pub(in super::super) attachments: bool,
    /// The visit it belongs to.
    pub(in super::super) visit: Option<Name>,
    /// What it is a panel of.
    pub(in super::super) members: Vec<Name>,
    /// What it is about, if it is Provenance.
    pub(in super::super) about: Vec<Name>,
}

impl Links {
    /// Reads them; `number` numbers `Type/id`.
    pub(in super::super) fn of(
        value: &Value,
        own: &HashSet<Box<str>>,
        mut names: impl FnMut(&str) -> Option<Name>,
    ) -> Self {
        let names: &mut dyn FnMut(&str) -> Option<Name> = &mut names;
        let mut links = Self::default();
        links.value("", value, own, names, 0);
        links.to.sort_unstable();
        links.to.dedup();
        links.person.sort_unstable();
        links.person.dedup();
        let context = value.get("context");
        let listed = context.and_then(|context| context.get("encounter")?.get(0));
        let mut visits = value.get("encounter").into_iter().chain(listed).chain(context);
        links.visit = visits.find_map(|element| number(element.get("reference")?, names));
        let all = |member: &str, names: &mut dyn FnMut(&str) -> Option<Name>| -> Vec<Name> {
            let items = value.get(member).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(|item| number(item.get("reference")?, names)).collect()
        };
        match value.get("resourceType").and_then(Value::as_str) {
            Some("Observation") => links.members = all("hasMember", names),
            Some("DiagnosticReport") => links.members = all("result", names),
            Some("Provenance") => links.about = all("target", names),
            _ => {}
        }
        links
    }

    /// Goes by these numbers from now on: `by` the numbers that it goes by.
    pub(in super::super) fn renumber(&mut self, by: &[Name]) {
        let Self { to, person, visit, members, about, loose: _, attachments: _ } = self;
        for name in to.iter_mut().chain(&mut *person).chain(visit).chain(members).chain(about) {
            *name = by.get(name.at()).copied().unwrap_or(*name);
        }
        to.sort_unstable();
        person.sort_unstable();
    }

    fn value(
        &mut self,
        name: &str,
        value: &Value,
        own: &HashSet<Box<str>>,
        names: &mut dyn FnMut(&str) -> Option<Name>,
        depth: u8,
    ) {
        if depth > 120 {
            self.loose = true;
            return;
        }
        match value {
            Value::Object(members) => {
                let (mut led, mut identified) = (false, false);
                for (inner, member) in members {
                    match (inner.as_str(), member) {
                        ("resourceType", _) => self.loose |= depth > 0,
                        ("contentType" | "data", _) => self.attachments = true,
                        // An attachment may be nothing but an address; an extension has one for its name.
                        ("url", _) if depth > 0 && !name.ends_with("xtension") => self.attachments = true,
                        ("identifier", Value::Object(_)) => identified = true,
                        ("reference", Value::String(text)) => {
                            led = true;
                            self.reference(text, members, own, names);
                        }
                        _ => {}
                    }
                    if !matches!(member, Value::Null | Value::Bool(_) | Value::Number(_)) {
                        self.value(inner, member, own, names, depth + 1);
                    }
                }
                self.loose |= identified && !led && name != "item";
            }
            Value::Array(items) => items.iter().for_each(|item| self.value(name, item, own, names, depth + 1)),
            Value::String(text) if LINKS.contains(&name) => {
                if let Points::Record { key, .. } = Points::of(text)
                    && !own.contains(key)
                {
                    self.to.extend(names(key));
                }
            }
            _ => {}
        }
    }

    fn reference(
        &mut self,
        text: &str,
        members: &Map<String, Value>,
        own: &HashSet<Box<str>>,
        names: &mut dyn FnMut(&str) -> Option<Name>,
    ) {
        match Points::of(text) {
            Points::Record { key, version } => {
                self.loose |= version;
                if own.contains(key) {
                    let says_more =
                        ["display", "_display", "identifier"].iter().any(|name| members.contains_key(*name));
                    self.person.extend(names(key).filter(|_| says_more));
                } else {
                    self.to.extend(names(key));
                }
            }
            Points::Contained(_) | Points::Elsewhere => self.loose = true,
        }
    }
}

fn number(text: &Value, names: &mut dyn FnMut(&str) -> Option<Name>) -> Option<Name> {
    match Points::of(text.as_str()?) {
        Points::Record { key, .. } => names(key),
        Points::Contained(_) | Points::Elsewhere => None,
    }
}
