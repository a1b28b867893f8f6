//! What FHIR R4 says of the elements of resources: which are in the summary, which are mandatory or modify meaning.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

/// The elements of one resource type.
#[derive(Debug, Default)]
pub(crate) struct Elements {
    summary: Vec<&'static str>,
    mandatory: Vec<&'static str>,
    /// Paths below an element of the summary that are not in it themselves.
    apart: Vec<Vec<&'static str>>,
}

/// Members that every resource may have and that stay in each subset: what it is, and what modifies its meaning.
const ALWAYS: &[&str] = &["resourceType", "id", "meta", "implicitRules", "modifierExtension"];

fn all() -> &'static BTreeMap<&'static str, Elements> {
    static ALL: OnceLock<BTreeMap<&'static str, Elements>> = OnceLock::new();
    ALL.get_or_init(|| {
        let lines = include_str!("../data/elements.txt").lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| line.split_once(' ').or(Some((line, ""))))
            .map(|(name, rest)| (name, read(rest)))
            .collect()
    })
}

fn read(line: &'static str) -> Elements {
    let mut elements = Elements::default();
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        if let Some(path) = word.strip_prefix('-') {
            elements.apart.push(path.split('.').collect());
        } else if let Some((name, flags)) = word.split_once('/') {
            if flags.contains('s') {
                elements.summary.push(name);
            }
            if flags.contains('m') {
                elements.mandatory.push(name);
            }
        }
    }
    elements
}

/// Is there such a resource type in R4?
pub(crate) fn is_type(name: &str) -> bool {
    all().contains_key(name)
}

/// Which part of a resource is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// `_summary=true`.
    Summary,
    /// `_summary=text`: narrative, id, meta, and mandatory elements at the top.
    Text,
    /// `_summary=data`: all but the narrative.
    Data,
    /// `_elements`: these, by type where one is named.
    Named(Vec<(Option<Box<str>>, Box<str>)>),
}

impl Part {
    /// Cuts a resource down to this part and tags it as a subset (FHIR R4 search, "Summary", "Elements").
    pub(crate) fn cut(&self, resource: Value) -> Value {
        let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
        if matches!(self, Self::Named(wanted) if !wanted.iter().any(|(of, _)| meant(of, &kind))) {
            return resource;
        }
        let Value::Object(mut members) = resource else { return resource };
        let none = Elements::default();
        let elements = all().get(kind.as_str()).unwrap_or(&none);
        members.retain(|name, _| {
            // `_status` goes with `status`.
            let name = name.strip_prefix('_').unwrap_or(name);
            ALWAYS.contains(&name) || self.wants(name, &kind, elements)
        });
        if *self == Self::Summary {
            for path in &elements.apart {
                drop_below(&mut members, path);
            }
        }
        tag(&mut members);
        Value::Object(members)
    }

    fn wants(&self, name: &str, kind: &str, elements: &Elements) -> bool {
        match self {
            Self::Summary => named(&elements.summary, name) || named(&elements.mandatory, name),
            Self::Text => name == "text" || named(&elements.mandatory, name),
            Self::Data => name != "text",
            Self::Named(wanted) => {
                let asked = |element: &str| element == name || choice(element, name);
                named(&elements.mandatory, name) || wanted.iter().any(|(of, element)| meant(of, kind) && asked(element))
            }
        }
    }
}

fn meant(of: &Option<Box<str>>, kind: &str) -> bool {
    of.as_deref().is_none_or(|of| of == kind)
}

fn named(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| *known == name || known.strip_suffix("[x]").is_some_and(|stem| choice(stem, name)))
}

/// `effective` asks for `effectiveDateTime`, too; `effective[x]` is the same.
fn choice(stem: &str, name: &str) -> bool {
    let stem = stem.strip_suffix("[x]").unwrap_or(stem);
    let rest = name.strip_prefix(stem).unwrap_or_default();
    rest.starts_with(|sign: char| sign.is_ascii_uppercase()) && CHOICES.contains(&rest)
}

/// The types that an element of several types takes in R4, as they stand at the end of its name.
const CHOICES: &[&str] = &[
    "Address",
    "Age",
    "Annotation",
    "Attachment",
    "Base64Binary",
    "Boolean",
    "Canonical",
    "Code",
    "CodeableConcept",
    "Coding",
    "ContactDetail",
    "ContactPoint",
    "Contributor",
    "Count",
    "DataRequirement",
    "Date",
    "DateTime",
    "Decimal",
    "Distance",
    "Dosage",
    "Duration",
    "Expression",
    "HumanName",
    "Id",
    "Identifier",
    "Instant",
    "Integer",
    "Markdown",
    "Meta",
    "Money",
    "Oid",
    "ParameterDefinition",
    "Period",
    "PositiveInt",
    "Quantity",
    "Range",
    "Ratio",
    "Reference",
    "RelatedArtifact",
    "SampledData",
    "Signature",
    "String",
    "Time",
    "Timing",
    "TriggerDefinition",
    "UnsignedInt",
    "Uri",
    "Url",
    "UsageContext",
    "Uuid",
];

fn drop_below(members: &mut Map<String, Value>, path: &[&str]) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        members.retain(|name, _| {
            let name = name.strip_prefix('_').unwrap_or(name);
            name != *first && !(first.ends_with("[x]") && choice(first, name))
        });
        return;
    }
    match members.get_mut(*first) {
        Some(Value::Object(inside)) => drop_below(inside, rest),
        Some(Value::Array(all)) => {
            for inside in all.iter_mut().filter_map(Value::as_object_mut) {
                drop_below(inside, rest);
            }
        }
        _ => {}
    }
}

/// FHIR R4 search: a resource that is not whole says so.
fn tag(members: &mut Map<String, Value>) {
    let Some(meta) = members.entry("meta").or_insert_with(|| json!({})).as_object_mut() else { return };
    let tags = meta.entry("tag").or_insert_with(|| json!([]));
    if let Some(tags) = tags.as_array_mut() {
        tags.push(json!({
            "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED",
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation() -> Value {
        json!({
            "resourceType": "Observation", "id": "a", "text": {"div": "x"}, "status": "final", "_status": {"id": "s"},
            "code": {"text": "c"}, "valueQuantity": {"value": 1}, "note": [{"text": "n"}], "category": [{"text": "lab"}],
            "component": [{"code": {"text": "k"}, "interpretation": [{"text": "high"}]}],
        })
    }

    fn names(part: &Part) -> Vec<String> {
        part.cut(observation()).as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn a_summary_has_what_r4_marks_and_nothing_below_that_is_not_marked() {
        let cut = Part::Summary.cut(observation());
        assert_eq!(cut["component"], json!([{"code": {"text": "k"}}]));
        assert_eq!(cut["meta"]["tag"][0]["code"], "SUBSETTED");
        assert_eq!(
            names(&Part::Summary),
            ["_status", "code", "component", "id", "meta", "resourceType", "status", "valueQuantity"]
        );
    }

    #[test]
    fn text_and_data_are_each_others_rest() {
        assert_eq!(names(&Part::Text), ["_status", "code", "id", "meta", "resourceType", "status", "text"]);
        assert!(!names(&Part::Data).contains(&"text".to_owned()));
        assert_eq!(names(&Part::Data).len(), 10);
    }

    #[test]
    fn named_elements_come_with_the_mandatory_ones() {
        let part = |names: &[(Option<&str>, &str)]| {
            Part::Named(names.iter().map(|(of, name)| (of.map(Box::from), Box::from(*name))).collect())
        };
        assert_eq!(
            names(&part(&[(None, "value")])),
            ["_status", "code", "id", "meta", "resourceType", "status", "valueQuantity"]
        );
        assert_eq!(names(&part(&[(Some("Observation"), "note")])).len(), 7);
        assert_eq!(names(&part(&[(Some("Patient"), "name")])).len(), 10, "other types stay whole");
    }

    #[test]
    fn every_resource_type_of_r4_is_known() {
        assert_eq!(all().len(), 147);
        assert!(fhir::parameters::resource_types().all(is_type));
        assert!(is_type("Patient") && !is_type("patient") && !is_type("Element"));
    }
}
