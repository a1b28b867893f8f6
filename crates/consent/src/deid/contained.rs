//! Contained resources: judged like any other, under new ids; one that nothing in the resource refers to goes.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::walk::{Lost, Walk};
use super::{Deidentifier, DeidentifyError, Tally};

/// A resource with hundreds of contained ones is no record of a visit.
const MOST: usize = 200;
const PLACE: &str = "contained";

impl Walk<'_> {
    /// What is left of the contained resources. After it the walk knows their new ids.
    ///
    /// # Errors
    /// What stops the export.
    pub(super) fn contained(&mut self, map: &Map<String, Value>) -> Result<Vec<Value>, DeidentifyError> {
        let list = map.get("contained").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut wanted: Vec<(usize, &Map<String, Value>)> = Vec::new();
        for (at, one) in list.iter().enumerate() {
            let of = one.get("resourceType").and_then(Value::as_str).unwrap_or_default();
            // A contained Patient may be somebody else: nobody can tell.
            let kept = at < MOST && of != "Patient" && Deidentifier::keeps(of);
            match one.as_object().filter(|_| kept) {
                Some(map) => wanted.push((at, map)),
                None => self.taken.count(PLACE, "type"),
            }
        }
        // One that goes takes its id with it, which another may refer to: again, until none goes.
        loop {
            let named = |(at, map): &(usize, &Map<String, Value>)| {
                let old = map.get("id").and_then(Value::as_str)?;
                Some((old.to_owned(), self.by.pseudonym(&[b"fragment", self.seed, &(*at as u64).to_be_bytes()])))
            };
            self.fragments = wanted.iter().filter_map(named).collect::<HashMap<_, _>>();
            let mut left = Vec::new();
            let mut taken = Tally::default();
            let before = wanted.len();
            let mut stay = Vec::new();
            for (at, map) in &wanted {
                match self.one(*at, map) {
                    Ok((value, of_one)) => {
                        left.push(value);
                        taken.add(&of_one);
                        stay.push((*at, *map));
                    }
                    Err(error) if error.stops_the_export() => return Err(error),
                    Err(error) => self.taken.count(PLACE, error.code()),
                }
            }
            if stay.len() == before {
                self.taken.add(&taken);
                return Ok(left);
            }
            wanted = stay;
        }
    }

    fn one(&self, at: usize, map: &Map<String, Value>) -> Result<(Value, Tally), DeidentifyError> {
        let of = map.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        let old = map.get("id").and_then(Value::as_str).unwrap_or_default();
        let Some(id) = self.fragments.get(old) else { return Err(DeidentifyError::TypeNotKept) };
        let mut inner = self.inside(at);
        let body = inner.resource(of, map).map_err(Lost::into_error)?;
        if let Some(place) = inner.canary {
            return Err(DeidentifyError::Canary(place));
        }
        let mut value = Map::new();
        value.insert("resourceType".to_owned(), Value::String(of.to_owned()));
        value.insert("id".to_owned(), Value::String(id.clone()));
        value.extend(body);
        Ok((Value::Object(value), inner.taken))
    }
}

/// Those that the resource refers to, or that one of those refers to (FHIR R4, dom-3).
pub(super) fn referred(all: Vec<Value>, body: &Map<String, Value>, taken: &mut Tally) -> Vec<Value> {
    if all.is_empty() {
        return all;
    }
    let mut known = HashSet::new();
    body.values().for_each(|value| fragments(value, &mut known));
    loop {
        let before = known.len();
        for one in &all {
            if one.get("id").and_then(Value::as_str).is_some_and(|id| known.contains(id)) {
                fragments(one, &mut known);
            }
        }
        if known.len() == before {
            break;
        }
    }
    let (left, gone): (Vec<Value>, Vec<Value>) =
        all.into_iter().partition(|one| one.get("id").and_then(Value::as_str).is_some_and(|id| known.contains(id)));
    gone.iter().for_each(|_| taken.count(PLACE, "not-referred"));
    left
}

fn fragments(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Object(map) => {
            let reference = map.get("reference").and_then(Value::as_str);
            found.extend(reference.and_then(|text| text.strip_prefix('#')).map(str::to_owned));
            map.values().for_each(|value| fragments(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| fragments(value, found)),
        _ => {}
    }
}
