//! Security labels: those that the source sent, and those that rules compute.
//!
//! A label of the source is believed when it asks for more protection, never when it asks for less: `N` or `U` opens
//! nothing. Labels on elements (HL7 DS4P, `extension-inline-sec-label`) speak of the element, whether or not the
//! resource says `PROCESSINLINELABEL`.

use serde_json::{Map, Value};

use crate::place::{Part, pointer};
use crate::topics::{Hit, Reach, Rules, is_confidentiality, is_sensitivity};

/// A security label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Code system, as written.
    pub system: Box<str>,
    /// Code.
    pub code: Box<str>,
    /// What it speaks of.
    pub reach: Reach,
    /// Who says so.
    pub by: LabelledBy,
}

/// Who gave a [`Label`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelledBy {
    /// The source.
    Source,
    /// A rule of this wallet, by its id.
    Rule(Box<str>),
}

/// What the source restricts without saying why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restriction {
    /// Confidentiality R and no topic's label beside it: for the owner to look at, “marked restricted by the source”.
    Restricted(Reach),
    /// Confidentiality V: not shared unless the grant names it.
    VeryRestricted(Reach),
}

/// The system of the labels that rules give.
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// No deeper element bears a label.
const DEEPEST: usize = 160;

/// Every label that the source put on a resource, on resources within it, and on elements.
pub fn labels_of(resource: &Value) -> Vec<Label> {
    let mut found = Vec::new();
    collect(resource, &mut Vec::new(), &Reach::Resource, &mut found);
    found
}

/// The labels that follow from what rules found: that of the topic, and the closer ones that the rule names.
pub fn computed(rules: &Rules, hits: &[Hit<'_>]) -> Vec<Label> {
    let mut found: Vec<Label> = Vec::new();
    for hit in hits {
        let Some(topic) = rules.topic(hit.topic) else { continue };
        let named = rules.rule(hit.rule).into_iter().flat_map(|rule| rule.sensitivity(topic));
        for code in topic.sensitivity.first().into_iter().chain(named) {
            let label = Label {
                system: ACT_CODE.into(),
                code: code.clone(),
                reach: hit.reach.clone(),
                by: LabelledBy::Rule(hit.rule.into()),
            };
            if !found.contains(&label) {
                found.push(label);
            }
        }
    }
    found
}

/// What these labels restrict without a topic that would say why.
pub fn restrictions(rules: &Rules, labels: &[Label]) -> Vec<Restriction> {
    let told = |reach: &Reach| {
        let says = |label: &&Label| is_sensitivity(&label.system, &label.code, rules);
        labels.iter().filter(says).any(|label| label.reach == *reach || label.reach == Reach::Resource)
    };
    let mut found = Vec::new();
    for label in labels.iter().filter(|label| is_confidentiality(&label.system)) {
        let restriction = match &*label.code {
            "V" => Restriction::VeryRestricted(label.reach.clone()),
            "R" if !told(&label.reach) => Restriction::Restricted(label.reach.clone()),
            _ => continue,
        };
        if !found.contains(&restriction) {
            found.push(restriction);
        }
    }
    found
}

fn collect<'v>(value: &'v Value, at: &mut Vec<Part<'v>>, within: &Reach, found: &mut Vec<Label>) {
    if at.len() > DEEPEST {
        return;
    }
    match value {
        Value::Object(members) => {
            // The labels of a resource within speak of that resource, and of the entry that it is.
            let own = members.contains_key("resourceType").then(|| match at.as_slice() {
                [] => Reach::Resource,
                [entry @ .., Part::Name("resource")] => Reach::Element(pointer(entry)),
                all => Reach::Element(pointer(all)),
            });
            let security =
                members.get("meta").filter(|_| own.is_some()).and_then(|meta| meta.get("security")?.as_array());
            let within = own.as_ref().unwrap_or(within);
            for coding in security.into_iter().flatten() {
                push(coding, within, found);
            }
            for extension in members.get("extension").and_then(Value::as_array).into_iter().flatten() {
                if is_inline(extension)
                    && let Some(members) = extension.as_object()
                {
                    let reach =
                        if at.is_empty() { Reach::Resource } else { Reach::Element(pointer(at).replace("/_", "/")) };
                    values(members, &reach, found);
                }
            }
            for (name, member) in members {
                if member.is_object() || member.is_array() {
                    at.push(Part::Name(name));
                    collect(member, at, within, found);
                    at.pop();
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(Part::At(index));
                collect(item, at, within, found);
                at.pop();
            }
        }
        _ => {}
    }
}

fn is_inline(extension: &Value) -> bool {
    extension.get("url").and_then(Value::as_str).is_some_and(|url| url.ends_with("inline-sec-label"))
}

fn values(extension: &Map<String, Value>, reach: &Reach, found: &mut Vec<Label>) {
    if let Some(coding) = extension.get("valueCoding") {
        push(coding, reach, found);
    }
    for coding in extension.get("valueCodeableConcept").and_then(|c| c.get("coding")?.as_array()).into_iter().flatten()
    {
        push(coding, reach, found);
    }
}

/// A label, and the law that it names as its basis.
fn push(coding: &Value, reach: &Reach, found: &mut Vec<Label>) {
    if let (Some(system), Some(code)) =
        (coding.get("system").and_then(Value::as_str), coding.get("code").and_then(Value::as_str))
    {
        let label = Label { system: system.into(), code: code.into(), reach: reach.clone(), by: LabelledBy::Source };
        if !found.contains(&label) {
            found.push(label);
        }
    }
    for extension in coding.get("extension").and_then(Value::as_array).into_iter().flatten() {
        let basis = extension.get("url").and_then(Value::as_str).is_some_and(|url| url.ends_with("sec-label-basis"));
        if let Some(law) = extension.get("valueCoding").filter(|_| basis) {
            push(law, reach, found);
        }
    }
}

#[cfg(test)]
mod tests;
