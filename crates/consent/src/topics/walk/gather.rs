//! What lies at the steps of a path below the root of a resource.

use serde_json::{Map, Value};

use super::super::path::Step;
use crate::place::Part;

/// Every value that these steps lead to, through lists.
pub(super) fn gather<'v>(
    steps: &[Step],
    members: &'v Map<String, Value>,
    at: &mut Vec<Part<'v>>,
    found: &mut Vec<(Vec<Part<'v>>, &'v Value)>,
) {
    let Some((step, rest)) = steps.split_first() else { return };
    let direct = match step {
        Step::Named(name) => members.get_key_value(&**name).into_iter().collect::<Vec<_>>(),
        Step::Choice(_) => members.iter().filter(|(name, _)| step.is(name)).collect(),
    };
    for (name, value) in direct {
        at.push(Part::Name(name));
        let items = match value {
            Value::Array(items) => items.iter().enumerate().map(|(i, item)| (Some(i), item)).collect(),
            _ => vec![(None, value)],
        };
        for (i, item) in items {
            at.extend(i.map(Part::At));
            match item {
                _ if rest.is_empty() => found.push((at.clone(), item)),
                Value::Object(below) => {
                    gather(rest, below, at, found);
                    within(step, steps, below, at, found);
                }
                _ => {}
            }
            if i.is_some() {
                at.pop();
            }
        }
        at.pop();
    }
}

/// Sections within sections, items within items and within their answers.
fn within<'v>(
    step: &Step,
    steps: &[Step],
    below: &'v Map<String, Value>,
    at: &mut Vec<Part<'v>>,
    found: &mut Vec<(Vec<Part<'v>>, &'v Value)>,
) {
    if at.len() > super::DEEPEST || !(step.is("item") || step.is("section")) {
        return;
    }
    gather(steps, below, at, found);
    let Some((name, Value::Array(answers))) = below.get_key_value("answer").filter(|_| step.is("item")) else { return };
    for (index, answer) in answers.iter().enumerate() {
        let length = at.len();
        at.extend([Part::Name(name), Part::At(index)]);
        if let Some(members) = answer.as_object() {
            gather(steps, members, at, found);
        }
        at.truncate(length);
    }
}

pub(super) fn each_reference<'v>(
    value: &'v Value,
    at: &mut Vec<Part<'v>>,
    found: &mut impl FnMut(&[Part<'v>], &'v str),
) {
    if at.len() > super::DEEPEST {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "reference" => found(at, text),
                    _ => {
                        at.push(Part::Name(name));
                        each_reference(member, at, found);
                        at.pop();
                    }
                }
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                at.push(Part::At(i));
                each_reference(item, at, found);
                at.pop();
            }
        }
        _ => {}
    }
}

pub(super) fn refers(steps: &[Step], there: &Map<String, Value>, me: &str) -> bool {
    let mut found = Vec::new();
    gather(steps, there, &mut Vec::new(), &mut found);
    found.into_iter().any(|(_, value)| {
        let text = value.get("reference").and_then(Value::as_str).unwrap_or_default();
        text == me || text.strip_prefix(me).is_some_and(|rest| rest.starts_with("/_history/"))
    })
}
