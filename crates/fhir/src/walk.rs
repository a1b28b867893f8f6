//! Small steps through JSON. A step that leads nowhere is `None`.

use crate::json::{Json, Seen};

/// The values at a dotted path; arrays on the way are entered.
pub(crate) fn all<'a, J: Json>(value: &'a J, path: &str) -> Vec<&'a J> {
    let mut found = Vec::new();
    gather(value, path, &mut found);
    found
}

fn gather<'a, J: Json>(value: &'a J, path: &str, found: &mut Vec<&'a J>) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let Some(here) = value.member(step) else { return };
    let mut go = |value: &'a J| match rest {
        Some(rest) => gather(value, rest, found),
        None => found.push(value),
    };
    match here.seen() {
        Seen::List(items) => items.iter().for_each(go),
        _ => go(here),
    }
}

/// The first value at a dotted path.
pub(crate) fn first<'a, J: Json>(value: &'a J, path: &str) -> Option<&'a J> {
    let mut here = value;
    for step in path.split('.') {
        here = here.member(step)?;
        while let Seen::List(items) = here.seen() {
            here = items.first()?;
        }
    }
    Some(here)
}

/// The first text at a dotted path; empty text is no text.
pub(crate) fn text<'a, J: Json>(value: &'a J, path: &str) -> Option<&'a str> {
    first(value, path)?.text().map(str::trim).filter(|text| !text.is_empty())
}

/// The digits of the first number at a dotted path, as written.
pub(crate) fn digits<J: Json>(value: &J, path: &str) -> Option<String> {
    match first(value, path)?.seen() {
        Seen::Number(digits) => Some(digits.to_owned()),
        _ => None,
    }
}
