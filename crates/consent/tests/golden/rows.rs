//! The resources of the golden record, and what must become of each.

use std::collections::BTreeMap;

use consent::{Deidentifier, Grant, Person, Record, View};
use fhir::Held;
use serde_json::{Map, Value};
use types::Secret;

use crate::grants::Letter;
use crate::make::{self, Made};

/// One resource.
pub(crate) struct Row {
    /// As the table numbers it.
    pub(crate) number: String,
    /// `Type/label`.
    pub(crate) key: String,
    source: String,
    versions: Vec<Value>,
    cells: Value,
}

/// What must become of it.
pub(crate) enum Cell {
    Out,
    Is(Value),
    Like { gone: Vec<String>, has: Map<String, Value> },
}

/// How resources are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    /// By words that tell, as in the table.
    Labels,
    /// By ids that were drawn.
    Drawn,
}

pub(crate) fn all() -> Vec<Row> {
    let rows: Vec<Value> = serde_json::from_str(include_str!("record.json")).unwrap();
    let mut cells: BTreeMap<String, Value> = serde_json::from_str(include_str!("cells.json")).unwrap();
    let row = |row: &Value| {
        let versions = row["versions"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let number = text(&row["row"]);
        Row {
            key: format!("{}/{}", text(&versions[0]["resourceType"]), text(&versions[0]["id"])),
            source: text(&row["source"]),
            cells: cells.remove(&number).unwrap_or_else(|| panic!("no cells for {number}")),
            versions,
            number,
        }
    };
    rows.iter().map(row).collect()
}

pub(crate) fn record(rows: &[Row], ids: Ids) -> Record {
    let patients = ["p", "p-old"].map(|id| match ids {
        Ids::Labels => id.to_owned(),
        Ids::Drawn => drawn(&format!("Patient/{id}")).split_once('/').unwrap().1.to_owned(),
    });
    let mut made = Made::of(&patients.each_ref().map(String::as_str));
    for row in rows {
        let mut versions = row.versions.clone();
        if ids == Ids::Drawn {
            versions.iter_mut().for_each(redraw);
        }
        made = made.versions_from(&row.source, &versions);
    }
    made.record()
}

/// A resource with drawn ids, its own and those it refers to.
fn redraw(resource: &mut Value) {
    let key = format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
    resource["id"] = drawn(&key).split_once('/').unwrap().1.into();
    references(resource);
}

fn references(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "reference" || name == "url" => {
                        if is_key(text) {
                            *text = drawn(text);
                        }
                    }
                    _ => references(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(references),
        _ => {}
    }
}

fn is_key(text: &str) -> bool {
    text.split_once('/').is_some_and(|(of, id)| {
        of.starts_with(|first: char| first.is_ascii_uppercase()) && !id.contains('/') && !of.contains(':')
    })
}

/// `Type/` and an id that says nothing.
pub(crate) fn drawn(key: &str) -> String {
    let (of, id) = key.split_once('/').unwrap();
    let sum = id.bytes().fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{of}/{sum:08x}")
}

pub(crate) fn drawn_grant(grant: &Grant, _rows: &[Row]) -> Grant {
    let mut grant = grant.clone();
    for key in grant.what.permits.iter_mut().flat_map(|permit| &mut permit.select.resources) {
        *key = drawn(key).into();
    }
    grant
}

pub(crate) fn number<'r>(rows: &'r [Row], key: &str) -> &'r str {
    rows.iter().find(|row| row.key == key).map_or("?", |row| &row.number)
}

impl Row {
    pub(crate) fn cell(&self, letter: Letter) -> Cell {
        let cell = &self.cells[letter.name()];
        let cell = cell.get("is").unwrap_or(cell);
        match cell.as_str() {
            Some("O") => Cell::Out,
            Some("K") => Cell::Is(self.versions.last().unwrap().clone()),
            Some(other) => panic!("{other}"),
            None if cell.get("patch").is_some() => {
                let mut wanted = self.versions.last().unwrap().clone();
                patch(&mut wanted, &cell["patch"]);
                Cell::Is(wanted)
            }
            None => {
                let gone = cell["gone"].as_array().unwrap();
                let gone = gone.iter().map(|place| place.as_str().unwrap().to_owned()).collect();
                Cell::Like { gone, has: cell["has"].as_object().unwrap().clone() }
            }
        }
    }

    /// The resource in a view, by its label or its new id.
    pub(crate) fn held<'v>(&self, view: &'v View, letter: Letter) -> Option<&'v Held> {
        let (of, label) = self.key.split_once('/').unwrap();
        let id = match letter {
            Letter::D => {
                let today = jiff::civil::date(2026, 11, 20);
                let by = Deidentifier::new(Secret::new([7; 32]), consent::Dates::Year, Person::of([]), today);
                by.id_of(&make::item("con", &self.versions).seed, of)
            }
            _ => label.to_owned(),
        };
        view.held().iter().find(|held| &*held.resource_type == of && *held.id == *id)
    }
}

/// RFC 7386.
fn patch(target: &mut Value, with: &Value) {
    let Value::Object(with) = with else {
        *target = with.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let members = target.as_object_mut().unwrap();
    for (name, value) in with {
        if value.is_null() {
            members.remove(name);
        } else {
            patch(members.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}
