//! Following compiled moves through a resource, without building anything on the way.

use serde_json::Value;

use super::compile::{Course, Move, Program, Way};
use super::datatype::DataType;

static TRUE: Value = Value::Bool(true);
static FALSE: Value = Value::Bool(false);

/// Gives every element that the expression leads to, seen from `here`, with its type.
pub(crate) fn each<'a>(
    program: &Program,
    resource: &'a Value,
    here: &'a Value,
    take: &mut impl FnMut(DataType, &'a Value),
) {
    for course in &program.any {
        match course {
            Course::Way(way) => along(way, resource, here, take),
            Course::Holds(claims) => {
                let holds = claims.iter().all(|(way, unlike)| {
                    let (mut some, mut same) = (false, false);
                    along(way, resource, here, &mut |_, value| {
                        some = true;
                        same |= unlike.is_some_and(|unlike| value.as_bool() == Some(unlike));
                    });
                    some && !same
                });
                take(DataType::Boolean, if holds { &TRUE } else { &FALSE });
            }
        }
    }
}

fn along<'a>(way: &Way, resource: &'a Value, here: &'a Value, take: &mut impl FnMut(DataType, &'a Value)) {
    go(&way.moves, way.end, resource, if way.from_resource { resource } else { here }, take);
}

fn go<'a>(
    moves: &[Move],
    end: DataType,
    resource: &'a Value,
    at: &'a Value,
    take: &mut impl FnMut(DataType, &'a Value),
) {
    let Some((next, rest)) = moves.split_first() else { return take(end, at) };
    match next {
        Move::Member(name) => {
            for value in members(at, name) {
                go(rest, end, resource, value, take);
            }
        }
        Move::Nth(name, nth) => {
            if let Some(value) = members(at, name).get(*nth) {
                go(rest, end, resource, value, take);
            }
        }
        Move::Choice(names) => {
            for (name, data_type) in names {
                for value in members(at, name) {
                    go(rest, *data_type, resource, value, take);
                }
            }
        }
        Move::ResolvesTo(name) => {
            if leads_to(at, resource) == Some(name) {
                go(rest, end, resource, at, take);
            }
        }
        Move::Where(name, wanted) => {
            if at.get(&**name).and_then(Value::as_str) == Some(wanted) {
                go(rest, end, resource, at, take);
            }
        }
        Move::Extension(url) => {
            for value in members(at, "extension") {
                if value.get("url").and_then(Value::as_str) == Some(url) {
                    go(rest, end, resource, value, take);
                }
            }
        }
    }
}

/// A member's elements: those of its array, or itself.
pub(crate) fn members<'a>(at: &'a Value, name: &str) -> &'a [Value] {
    match at.get(name) {
        None => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The type of resource that a reference leads to, as far as can be told without following it: what its address says,
/// what a contained resource is, what `Reference.type` states.
pub(crate) fn leads_to<'a>(reference: &'a Value, resource: &'a Value) -> Option<&'a str> {
    let stated = || reference.get("type").and_then(Value::as_str);
    let Some(address) = reference.get("reference").and_then(Value::as_str) else { return stated() };
    if let Some(id) = address.strip_prefix('#') {
        if id.is_empty() {
            return resource.get("resourceType").and_then(Value::as_str);
        }
        let contained = members(resource, "contained");
        let found = contained.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(id));
        return found.and_then(|one| one.get("resourceType")).and_then(Value::as_str).or_else(stated);
    }
    type_in(address).or_else(stated)
}

/// The type in `[base/]Type/id[/_history/version]`.
pub(crate) fn type_in(address: &str) -> Option<&str> {
    let whole = address.split_once("/_history/").map_or(address, |(before, _)| before);
    let (before, id) = whole.rsplit_once('/')?;
    let name = before.rsplit_once('/').map_or(before, |(_, name)| name);
    (crate::resource::is_id(id) && super::is_resource_type(name)).then_some(name)
}
