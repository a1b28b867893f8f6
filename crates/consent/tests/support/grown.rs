//! Random resources of every shape that FHIR R4 allows, with canaries wherever text can be, and then some that it does
//! not allow.

use fhir::definitions::{self, Element};
use serde_json::{Map, Value, json};

/// Found in nothing that FHIR or a list of codes says.
pub(crate) const CANARIES: [&str; 5] =
    ["Zcanary", "zcanary-7f3a2b", "Rosie Zcanary of 12 Zcanary Street", "https://zcanary.example.org/p/1", "zcanary|8"];

/// SplitMix64.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.throw(of.len() as u64) as usize]
    }

    fn in_a_hundred(&mut self, chance: u64) -> bool {
        self.throw(100) < chance
    }

    fn canary(&mut self) -> Value {
        json!(*self.one(&CANARIES))
    }
}

/// A resource of a type, with a canary in everything that can bear one. In every hundred values that must be good for
/// the resource to stay, `good` are.
pub(crate) fn resource(of: &str, dice: &mut Dice, good: u64) -> Value {
    let mut map = Map::new();
    map.insert("resourceType".into(), json!(of));
    map.insert("id".into(), dice.canary());
    fill(of, "", &mut map, dice, good, 0);
    for name in ["text", "meta", "contained", "language", "implicitRules"] {
        if dice.in_a_hundred(60) {
            map.insert(name.into(), common(name, dice, good));
        }
    }
    // What FHIR does not know.
    map.insert("zcanary".into(), dice.canary());
    map.insert("triggeredBy".into(), json!([{"reason": dice.canary()}]));
    Value::Object(map)
}

fn common(name: &str, dice: &mut Dice, good: u64) -> Value {
    match name {
        "text" => {
            json!({"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div>", CANARIES[2])})
        }
        "meta" => json!({
            "versionId": dice.canary(), "lastUpdated": "2011-03-04T05:06:07Z", "source": dice.canary(),
            "profile": [dice.canary(), "http://hl7.org/fhir/StructureDefinition/vitalsigns|zcanary"],
            "security": [coding(dice, good), coding(dice, good)], "tag": [coding(dice, good)], "extension": extension(dice),
        }),
        "contained" => {
            let of = *dice.one(&["Medication", "Observation", "Practitioner", "Patient", "Condition", "Device"]);
            let mut one = json!({"resourceType": of, "id": "m", "name": dice.canary()});
            let inside = one.as_object_mut().unwrap();
            fill(of, "", inside, dice, good, 3);
            json!([one, {"resourceType": "Zcanary", "id": dice.canary()}, dice.canary()])
        }
        _ => dice.canary(),
    }
}

/// Elements below a path.
fn fill(of: &str, inside: &str, map: &mut Map<String, Value>, dice: &mut Dice, good: u64, depth: u32) {
    let below = |element: &&Element| {
        let rest = match inside {
            "" => Some(element.path),
            _ => element.path.strip_prefix(inside).and_then(|rest| rest.strip_prefix('.')),
        };
        rest.is_some_and(|rest| !rest.contains('.'))
    };
    let all: Vec<&Element> = definitions::elements(of).iter().filter(below).collect();
    for element in all {
        let chance = match depth {
            0 => 80,
            1 => 50,
            _ => 25,
        };
        if !element.is_required() && !dice.in_a_hundred(chance) {
            continue;
        }
        let name = element.path.rsplit('.').next().unwrap();
        let of_type = if element.types.is_empty() { "" } else { dice.one(&element.types) };
        let key = name.strip_suffix("[x]").map_or_else(|| name.to_owned(), |stem| stem.to_owned() + &upper(of_type));
        let one = value(of, element, of_type, dice, good, depth);
        let one = if element.many && dice.in_a_hundred(20) {
            let more = value(of, element, of_type, dice, good, depth);
            json!([one, more])
        } else if element.many {
            json!([one])
        } else {
            one
        };
        map.insert(key.clone(), one);
        if of_type.starts_with(|first: char| first.is_ascii_lowercase()) && dice.in_a_hundred(40) {
            let mut beside = json!({"id": dice.canary(), "extension": extension(dice)});
            if element.many {
                beside = json!([beside, null]);
            }
            map.insert(format!("_{key}"), beside);
        }
    }
    if dice.in_a_hundred(30) {
        map.insert("extension".into(), extension(dice));
    }
    if dice.in_a_hundred(20) && !inside.is_empty() {
        map.insert("id".into(), dice.canary());
    }
}

fn upper(name: &str) -> String {
    name[..1].to_ascii_uppercase() + &name[1..]
}

fn value(of: &str, element: &Element, of_type: &str, dice: &mut Dice, good: u64, depth: u32) -> Value {
    let sound = dice.in_a_hundred(good);
    match of_type {
        "boolean" => json!(true),
        "decimal" => json!(2.5),
        "integer" | "positiveInt" | "unsignedInt" => json!(3),
        "code" => match element.codes {
            Some(codes) if sound => json!(*dice.one(codes)),
            _ => dice.canary(),
        },
        "date" if sound => json!(*dice.one(&["2019-05-03", "2019-05", "2019"])),
        "dateTime" if sound => json!(*dice.one(&["2019-05-03T10:11:12Z", "2019-05-03", "2019"])),
        "instant" if sound => json!("2019-05-03T10:11:12.345+02:00"),
        "time" if sound => json!("10:11:12"),
        "Coding" => coding(dice, good),
        "CodeableConcept" => json!({"id": dice.canary(), "text": dice.canary(), "extension": extension(dice),
            "coding": [coding(dice, good), coding(dice, good)]}),
        "Quantity" | "Age" | "Duration" | "Count" | "Distance" => quantity(dice, good),
        "Reference" => {
            let target = *dice.one(&["Patient/zcanary", "Observation/zcanary", "#m", "Zcanary", "#zcanary"]);
            json!({"reference": target, "type": dice.canary(), "display": dice.canary(), "extension": extension(dice),
                "identifier": {"system": dice.canary(), "value": dice.canary()}})
        }
        "Extension" => extension(dice)[0].clone(),
        "BackboneElement" | "Element" => {
            let mut map = Map::new();
            fill(of, element.path, &mut map, dice, good, depth + 1);
            Value::Object(map)
        }
        "" => {
            let same = element.same_as.unwrap();
            let mut map = Map::new();
            if depth < 4 {
                fill(of, same, &mut map, dice, good, depth + 1);
            }
            Value::Object(map)
        }
        of_type if of_type.starts_with(|first: char| first.is_ascii_uppercase()) && depth < 4 => {
            let mut map = Map::new();
            fill(of_type, "", &mut map, dice, good, depth + 1);
            Value::Object(map)
        }
        _ => dice.canary(),
    }
}

/// A coding that is good, or good but for one thing.
fn coding(dice: &mut Dice, good: u64) -> Value {
    let known = [
        ("http://snomed.info/sct", "38341003"),
        ("http://loinc.org", "4548-4"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "11289"),
        ("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
        ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB"),
        ("urn:ietf:bcp:47", "en-US"),
        ("http://unitsofmeasure.org", "mg/dL"),
    ];
    let (system, code) = *dice.one(&known);
    let (mut system, mut code) = (json!(system), json!(code));
    if !dice.in_a_hundred(good) {
        match dice.throw(3) {
            0 => system = dice.canary(),
            1 => code = dice.canary(),
            _ => code = json!("{zcanary}"),
        }
    }
    json!({"id": dice.canary(), "system": system, "version": dice.canary(), "code": code, "display": dice.canary(),
        "userSelected": true, "extension": extension(dice)})
}

fn quantity(dice: &mut Dice, good: u64) -> Value {
    let mut left = json!({"id": dice.canary(), "value": 7.20, "unit": "mg/dL", "system": "http://unitsofmeasure.org",
        "code": "mg/dL", "extension": extension(dice)});
    if !dice.in_a_hundred(good) {
        let name = *dice.one(&["unit", "system", "code", "comparator", "value"]);
        left[name] = dice.canary();
    } else if dice.in_a_hundred(30) {
        left["unit"] = dice.canary();
    }
    left
}

/// Extensions that nobody knows, and known ones with something in them that is not.
fn extension(dice: &mut Dice) -> Value {
    let value =
        *dice.one(&["valueString", "valueUri", "valueCode", "valueId", "valueReference", "valueCodeableConcept"]);
    let inner = match value {
        "valueReference" => json!({"reference": CANARIES[1], "display": CANARIES[0]}),
        "valueCodeableConcept" => {
            json!({"coding": [{"system": CANARIES[3], "code": CANARIES[1]}], "text": CANARIES[2]})
        }
        _ => dice.canary(),
    };
    let known = [
        "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "http://hl7.org/fhir/StructureDefinition/condition-assertedDate",
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex",
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-medication-adherence",
        "https://zcanary.example.org/extension",
    ];
    let url = *dice.one(&known);
    if dice.in_a_hundred(60) {
        return json!([{"url": url, value: inner, "id": CANARIES[0]}]);
    }
    let name = *dice.one(&["ombCategory", "text", "detailed", "medicationAdherence", "zcanary"]);
    let part = json!({"url": name, "valueString": CANARIES[0], "valueCoding": {"system": CANARIES[3], "code": CANARIES[1]},
        "valueCodeableConcept": {"text": CANARIES[2]}});
    json!([{"url": url, "extension": [part]}])
}
