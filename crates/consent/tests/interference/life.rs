//! Random records: every reference, contained, version and attachment trick in few resources.

use std::sync::Arc;

use consent::{Item, Record, Version};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::shapes::{ANY, CODES, DRUGS, Part, SHAPES, WORDS};

pub const PATIENT: &str = "p0";
const SOURCES: &[&str] = &["a", "b"];

/// Names of the resources of a record that is being made: type and id.
pub type Names = Vec<(&'static str, String)>;

/// A record of some twenty to forty resources.
pub fn record(dice: &mut Dice) -> Record {
    let count = 12 + dice.below(24);
    let names = names(dice, count);
    let mut items = vec![patient(dice)];
    items.extend(names.iter().map(|(kind, id)| item(dice, kind, id, &names)));
    Record { patients: vec![PATIENT.into()], zone: TimeZone::fixed(jiff::tz::offset(-7)), items }
}

pub fn names(dice: &mut Dice, count: usize) -> Names {
    (0..count).map(|_| (dice.pick(SHAPES).0, id(dice))).collect()
}

/// An id; now and then one that tells.
fn id(dice: &mut Dice) -> String {
    match dice.below(12) {
        0 => format!("warfarin-{}", dice.hex(4)),
        1 => format!("F33.1-{}", dice.hex(4)),
        _ => dice.hex(8),
    }
}

fn patient(dice: &mut Dice) -> Item {
    let resource = json!({
        "resourceType": "Patient", "id": PATIENT, "gender": "female", "birthDate": "1961-03-09",
        "name": [{ "family": "Núñez", "given": ["Rosa"] }],
        "identifier": [{ "system": "https://hospital.example/mrn", "value": format!("MRN-{}", dice.hex(6)) }],
        "address": [{ "city": "Springfield", "postalCode": "85004", "state": "AZ" }]
    });
    Item {
        resource_type: "Patient".into(),
        id: PATIENT.into(),
        source: SOURCES[0].into(),
        seed: seed(dice),
        versions: vec![version(dice, &resource)],
    }
}

pub fn item(dice: &mut Dice, kind: &str, id: &str, names: &Names) -> Item {
    let count = if dice.once_in(5) { 2 + dice.below(2) } else { 1 };
    let mut versions: Vec<Version> = (0..count)
        .map(|_| {
            let resource = resource(dice, kind, id, names);
            version(dice, &resource)
        })
        .collect();
    versions.sort_by_key(|version| version.received);
    Item {
        resource_type: kind.into(),
        id: id.into(),
        source: Arc::from(*dice.pick(SOURCES)),
        seed: seed(dice),
        versions,
    }
}

fn seed(dice: &mut Dice) -> [u8; 16] {
    let (one, two) = (dice.next().to_le_bytes(), dice.next().to_le_bytes());
    std::array::from_fn(|at| if at < 8 { one[at] } else { two[at - 8] })
}

fn version(dice: &mut Dice, resource: &Value) -> Version {
    let received = 1_700_000_000 + dice.below(50_000_000) as i64;
    Version { received: Timestamp::from_second(received).unwrap(), json: resource.to_string().into() }
}

pub fn resource(dice: &mut Dice, kind: &str, id: &str, names: &Names) -> Value {
    let shape = SHAPES.iter().find(|(name, _)| *name == kind).unwrap().1;
    let mut resource = object(dice, shape, names);
    resource.insert("resourceType".into(), kind.into());
    resource.insert("id".into(), id.into());
    if dice.once_in(3) {
        resource.insert("meta".into(), meta(dice));
    }
    if dice.once_in(3) {
        let words =
            format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{} {}</div>", dice.pick(WORDS), dice.pick(CODES).2);
        resource.insert("text".into(), json!({ "status": "generated", "div": words }));
    }
    if dice.once_in(6) {
        contain(dice, &mut resource, names);
    }
    if dice.once_in(8) {
        let target = reference(dice, ANY, names);
        resource
            .insert("extension".into(), json!([{ "url": "https://hospital.example/about", "valueReference": target }]));
    }
    if kind == "MedicationRequest" && dice.once_in(2) {
        resource.remove("medicationReference");
        resource.insert("medicationCodeableConcept".into(), concept(dice, DRUGS));
    }
    Value::Object(resource)
}

fn object(dice: &mut Dice, shape: &[(&str, Part)], names: &Names) -> Map<String, Value> {
    let mut object = Map::new();
    for (element, part) in shape {
        // Mandatory ones stay; every other is there two times in three.
        let stays =
            matches!(part, Part::Word(_)) || matches!(*element, "code" | "subject" | "patient" | "item" | "target");
        if stays || !dice.once_in(3) {
            object.insert((*element).into(), value(dice, *part, names));
        }
    }
    object
}

fn value(dice: &mut Dice, part: Part, names: &Names) -> Value {
    match part {
        Part::Word(words) => json!(dice.pick(words)),
        Part::Concept => concept(dice, CODES),
        Part::Drug => concept(dice, DRUGS),
        Part::Concepts => json!([concept(dice, CODES)]),
        Part::Category => category(dice),
        Part::Ref(types) => reference(dice, types, names),
        Part::Refs(types) => (0..=dice.below(3)).map(|_| reference(dice, types, names)).collect(),
        Part::When => json!(when(dice)),
        Part::Span => json!({ "start": when(dice), "end": when(dice) }),
        Part::Amount => {
            json!({ "value": dice.below(90), "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL" })
        }
        Part::Text => json!(format!("{} {}", dice.pick(WORDS), dice.pick(WORDS))),
        Part::Ids => json!([{ "system": "https://hospital.example/ids", "value": dice.hex(2) }]),
        Part::Notes => json!([{ "text": format!("{} {}", dice.pick(WORDS), dice.pick(WORDS)) }]),
        Part::File => file(dice, names),
        Part::Names => json!([{ "family": dice.pick(WORDS), "given": [dice.pick(WORDS)] }]),
        Part::Many(shape) => (0..=dice.below(2)).map(|_| Value::Object(object(dice, shape, names))).collect(),
        Part::One(shape) => Value::Object(object(dice, shape, names)),
    }
}

fn concept(dice: &mut Dice, from: &[(&str, &str, &str)]) -> Value {
    let (system, code, display) = dice.pick(from);
    let mut concept = json!({ "coding": [{ "system": system, "code": code }] });
    if dice.once_in(2) {
        concept["coding"][0]["display"] = json!(display);
    }
    if dice.once_in(2) {
        concept["text"] = json!(display);
    }
    concept
}

fn category(dice: &mut Dice) -> Value {
    let code = dice.pick(&["laboratory", "vital-signs", "survey", "problem-list-item"]);
    json!([{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": code }] }])
}

/// A reference to something in the record, or to nothing; plain, with a display, with an identifier, absolute, versioned.
fn reference(dice: &mut Dice, types: &[&str], names: &Names) -> Value {
    if types == ["Patient"] {
        return json!({ "reference": format!("Patient/{PATIENT}") });
    }
    let fitting: Vec<&(&'static str, String)> =
        names.iter().filter(|(kind, _)| types.is_empty() || types.contains(kind)).collect();
    let target = match fitting.is_empty() || dice.once_in(10) {
        true => format!("{}/{}", types.first().copied().unwrap_or("Condition"), dice.hex(8)),
        false => {
            let (kind, id) = dice.pick(&fitting);
            format!("{kind}/{id}")
        }
    };
    let target = if dice.once_in(15) { format!("{target}/_history/1") } else { target };
    let mut reference = json!({ "reference": target });
    if dice.once_in(4) {
        let words = if target.starts_with("Medication") { dice.pick(DRUGS).2 } else { dice.pick(CODES).2 };
        let plain = format!("about {}", dice.pick(WORDS));
        reference["display"] = if dice.once_in(2) { json!(words) } else { json!(plain) };
    }
    if dice.once_in(6) {
        reference["identifier"] = json!({ "system": "https://hospital.example/ids", "value": dice.hex(2) });
    }
    if dice.once_in(10) {
        reference["type"] = json!(target.split('/').next());
    }
    reference
}

fn file(dice: &mut Dice, names: &Names) -> Value {
    if dice.once_in(3) {
        return json!({ "contentType": "application/pdf", "data": dice.hex(8), "title": dice.pick(WORDS) });
    }
    if dice.once_in(2) {
        return json!({ "contentType": "text/plain", "data": "aGVsbG8gd29ybGQ=", "title": dice.pick(WORDS) });
    }
    let target = reference(dice, &["Binary"], names);
    json!({ "contentType": "text/plain", "url": target["reference"], "title": dice.pick(WORDS) })
}

fn when(dice: &mut Dice) -> String {
    let (year, month, day) = (2023 + dice.below(4), 1 + dice.below(12), 1 + dice.below(28));
    match dice.below(6) {
        0 => format!("{year}"),
        1 => format!("{year}-{month:02}"),
        2 | 3 => format!("{year}-{month:02}-{day:02}"),
        4 => format!("{year}-{month:02}-{day:02}T0{}:30:00Z", dice.below(10)),
        _ => format!("{year}-{month:02}-{day:02}T23:5{}:00-07:00", dice.below(10)),
    }
}

fn meta(dice: &mut Dice) -> Value {
    let mut meta = json!({ "versionId": dice.hex(2), "lastUpdated": "2026-01-02T03:04:05Z" });
    if dice.once_in(2) {
        let code = dice.pick(&["N", "R", "HIV", "PSY", "ETH"]);
        let system = match *code {
            "N" | "R" => "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
            _ => "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        };
        meta["security"] = json!([{ "system": system, "code": code }]);
    }
    if dice.once_in(3) {
        meta["tag"] = json!([{ "system": "https://hospital.example/tags", "code": dice.hex(1) }]);
    }
    if dice.once_in(3) {
        meta["profile"] = json!(["http://hl7.org/fhir/us/core/StructureDefinition/us-core-medicationrequest"]);
    }
    meta
}

/// Something inside the resource, referred to or not, with references of its own.
fn contain(dice: &mut Dice, into: &mut Map<String, Value>, names: &Names) {
    let kind = *dice.pick(&["Medication", "Condition", "Observation", "Practitioner", "Organization"]);
    let shape = SHAPES.iter().find(|(name, _)| *name == kind).unwrap().1;
    let mut inside = object(dice, shape, names);
    inside.insert("resourceType".into(), kind.into());
    inside.insert("id".into(), "inside".into());
    into.insert("contained".into(), json!([inside]));
    if dice.once_in(2) {
        into.insert(
            "extension".into(),
            json!([{ "url": "https://hospital.example/see", "valueReference": { "reference": "#inside" } }]),
        );
    }
}
