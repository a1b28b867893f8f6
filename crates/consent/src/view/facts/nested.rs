//! Resources within a resource, and elements by their FHIR path.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

use super::super::kinds::{self, Way};
use super::super::select::Subject;
use super::super::shape::Cut;
use super::account::{Said, Tree};
use super::glance::Glance;
use super::{Facts, Judge};
use crate::Selector;
use crate::place::{Part, pointer};

impl Judge<'_> {
    /// access.md §1.5: contained resources and entries are judged like any other. Topics have been; here is the rest.
    pub(super) fn nested(&self, subject: &Subject<'_, '_>, matched: &[&Selector], facts: &mut Facts) {
        for Inner { place, at, of, id } in subject.said.inner(subject.tree) {
            let of = &**of;
            let key = super::super::names::key(of, id);
            let (tree, said) = (Tree::within(subject.tree, at), Said::with(Glance::ANYTHING));
            let inside = Subject { key: &key, of, tree: &tree, said: &said, hits: &[], labels: &[], ..*subject };
            let permits = |select: &&Selector| {
                select.types.is_empty() || !select.resources.is_empty() || select.types.iter().any(|one| **one == *of)
            };
            let permitted = match kinds::way(of) {
                // Which of them means what is around it may depend on the rest of the view: all must mean it then.
                Way::Permit if !facts.supports.is_empty() => matched.iter().all(permits),
                Way::Permit => matched.iter().any(permits),
                Way::Named => false,
                Way::Referred | Way::Both | Way::Attached | Way::About => true,
            };
            // Hits and labels of the whole resource bear their places; what is left are types, codes, dates, queries.
            let plain =
                |select: &&Selector| select.topics.is_empty() && select.labels.is_empty() && inside.excluded_by(select);
            let excluded = || self.grant.what.exclusions.iter().filter(plain);
            if !permitted {
                facts.cuts.push(Cut { place: place.clone(), rule: "not-permitted".into() });
            } else if excluded().any(|select| select.elements.is_empty()) {
                facts.cuts.push(Cut { place: place.clone(), rule: "excluded".into() });
            } else {
                let root = if value_is_entry(place) { format!("{place}/resource") } else { place.to_string() };
                for exclusion in excluded() {
                    cut_elements(inside.tree.value(), of, &root, &exclusion.elements, &mut facts.cuts);
                }
            }
        }
    }
}

/// A resource within another.
#[derive(Debug)]
pub(super) struct Inner {
    /// The place of what holds it.
    place: Box<str>,
    /// Its own place.
    at: Box<str>,
    of: Box<str>,
    id: Box<str>,
}

/// Every resource within this one.
pub(super) fn inner_of(value: &Value) -> Vec<Inner> {
    let mut found = Vec::new();
    inner(value, &mut Vec::new(), &mut found);
    let one = |(place, at, value): (String, String, &Value)| {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().into();
        Inner { place: place.into(), at: at.into(), of: text("resourceType"), id: text("id") }
    };
    found.into_iter().map(one).collect()
}

fn value_is_entry(place: &str) -> bool {
    place.rsplit('/').nth(1).is_some_and(|name| matches!(name, "entry" | "parameter" | "part"))
}

/// Resources within one, each with the place of what holds it and its own.
fn inner<'v>(value: &'v Value, at: &mut Vec<Part<'v>>, found: &mut Vec<(String, String, &'v Value)>) {
    if at.len() > 120 {
        return;
    }
    let is_resource = |value: &Value| value.get("resourceType").is_some_and(Value::is_string);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if !matches!(member, Value::Object(_) | Value::Array(_)) {
                    continue;
                }
                if name == "resource" && is_resource(member) {
                    let place = pointer(at);
                    let own = format!("{place}/resource");
                    found.push((place, own, member));
                }
                at.push(Part::Name(name));
                inner(member, at, found);
                at.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(Part::At(index));
                if is_resource(item) {
                    found.push((pointer(at), pointer(at), item));
                }
                inner(item, at, found);
                at.pop();
            }
        }
        _ => {}
    }
}

/// The places of these elements: `Patient.address`, `note`, `value[x]`.
pub(super) fn cut_elements(value: &Value, of: &str, root: &str, elements: &[Box<str>], cuts: &mut Vec<Cut>) {
    for element in elements {
        let path = match element.split_once('.') {
            Some((named, rest)) if named.starts_with(|first: char| first.is_ascii_uppercase()) => {
                if named != of {
                    continue;
                }
                rest
            }
            _ => element,
        };
        let steps: Vec<&str> = path.split('.').collect();
        places(value, root, &steps, &mut |place| {
            cuts.push(Cut { place: place.into(), rule: "excluded".into() });
        });
    }
}

fn places(value: &Value, place: &str, steps: &[&str], found: &mut dyn FnMut(&str)) {
    let Some((step, rest)) = steps.split_first() else { return found(place) };
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                places(item, &format!("{place}/{at}"), steps, found);
            }
        }
        Value::Object(members) => {
            let stem = step.strip_suffix("[x]").unwrap_or(step);
            let meant = |name: &str| {
                let name = name.strip_prefix('_').unwrap_or(name);
                let choice = |rest: &str| rest.starts_with(|first: char| first.is_ascii_uppercase());
                name == *step || name.strip_prefix(stem).is_some_and(choice) && choice_of(members, stem)
            };
            for (name, member) in members.iter().filter(|(name, _)| meant(name)) {
                places(member, &format!("{place}/{name}"), rest, found);
            }
        }
        _ => {}
    }
}

/// `onset` means `onsetAge`; `subject` does not mean `subjectStatus` where `subject` is there itself.
fn choice_of(members: &serde_json::Map<String, Value>, stem: &str) -> bool {
    !members.contains_key(stem)
}

/// Nothing but extensions that nobody but their maker knows.
pub(super) fn is_unknown(value: &Value) -> bool {
    let Some(members) = value.as_object() else { return true };
    let is_basic = members.get("resourceType").and_then(Value::as_str) == Some("Basic");
    let known = |extension: &Value| {
        let url = extension.get("url").and_then(Value::as_str).unwrap_or_default();
        url.starts_with("http://hl7.org/fhir/")
    };
    let extensions = members.get("extension").and_then(Value::as_array);
    extensions.is_some_and(|all| !all.iter().any(known))
        && members.keys().all(|name| name == "extension" || kinds::is_frame(name) || name == "code" && is_basic)
        && !super::super::select::is_coded(value)
}

/// What is written at a place, for the owner to read.
pub(super) fn said(value: &Value, place: &str) -> Vec<String> {
    match value.pointer(place) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Object(members)) => ["display", "text", "code"]
            .iter()
            .find_map(|name| members.get(*name)?.as_str())
            .map(str::to_owned)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// The places of all attachments below the top.
pub(super) fn documents(value: &Value) -> Vec<Box<str>> {
    let mut found = Vec::new();
    attachments(value, &mut Vec::new(), &mut found);
    found
}

fn attachments<'v>(value: &'v Value, at: &mut Vec<Part<'v>>, found: &mut Vec<Box<str>>) {
    match value {
        Value::Object(members) => {
            if !at.is_empty() && members.contains_key("contentType") {
                found.push(pointer(at).into());
            }
            for (name, member) in members {
                at.push(Part::Name(name));
                attachments(member, at, found);
                at.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(Part::At(index));
                attachments(item, at, found);
                at.pop();
            }
        }
        _ => {}
    }
}

/// Type, first code and day of a resource that has all three, as one number.
pub(super) fn fact(of: &str, value: &Value) -> Option<u64> {
    let concept = ["code", "medicationCodeableConcept", "vaccineCode"].iter().find_map(|name| value.get(*name))?;
    let coding = concept.get("coding").and_then(|all| all.get(0))?;
    let text = |name: &str| coding.get(name).and_then(Value::as_str);
    const DATES: [&str; 6] =
        ["effectiveDateTime", "performedDateTime", "occurrenceDateTime", "onsetDateTime", "authoredOn", "recordedDate"];
    let date = DATES.iter().find_map(|name| value.get(*name)?.as_str()).and_then(|date| date.get(..10))?;
    let mut hasher = DefaultHasher::new();
    (of, text("system")?, text("code")?, date).hash(&mut hasher);
    Some(hasher.finish())
}
