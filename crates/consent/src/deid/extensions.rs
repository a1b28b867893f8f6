//! The few extensions that are known and safe.

use serde_json::{Map, Value, json};

use super::codes::Public;
use super::dates::Left;
use super::walk::Walk;

pub(super) const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
/// Stands where the birth date of a person over 89 was.
const AGE_GROUP: &str = "urn:satchel:age-group";
const RACE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
const ETHNICITY: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";
const BIRTH_SEX: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex";
const SEX: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex";
const ASSERTED: &str = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate";
const ADHERENCE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-medication-adherence";
const REASONS: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
const NULLS: &str = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";

/// In place of what cannot be said.
pub(super) fn masked() -> Value {
    json!([{"url": ABSENT, "valueCode": "masked"}])
}

/// In place of the birth date of a person over 89.
pub(super) fn over_89() -> Value {
    json!({"extension": [
        {"url": ABSENT, "valueCode": "masked"},
        {"url": AGE_GROUP, "valueString": "90 or older"},
    ]})
}

/// The reason that a source gives for a value that is not there.
pub(super) fn absent(holder: &Value) -> Option<Value> {
    let list = holder.get("extension")?.as_array()?;
    list.iter().find_map(absent_reason)
}

fn absent_reason(extension: &Value) -> Option<Value> {
    let text = |name: &str| extension.get(name).and_then(Value::as_str);
    if text("url") != Some(ABSENT) {
        return None;
    }
    let reason = Public::of(REASONS, text("valueCode")?)?;
    Some(json!({"url": ABSENT, "valueCode": reason.code}))
}

impl Walk<'_> {
    /// What is left of the extensions of an object; `of` is the resource type where it is the resource itself.
    pub(super) fn extensions(&mut self, of: Option<&str>, list: &Value, place: &'static str) -> Vec<Value> {
        let Some(list) = list.as_array() else {
            self.taken.count(place, "extension");
            return Vec::new();
        };
        let mut left = Vec::new();
        for extension in list {
            match self.extension(of, extension) {
                Some(known) => left.push(known),
                None => self.taken.count(place, "extension"),
            }
        }
        left
    }

    fn extension(&mut self, of: Option<&str>, extension: &Value) -> Option<Value> {
        let url = extension.get("url")?.as_str()?;
        match (of, url) {
            (_, ABSENT) => absent_reason(extension),
            (Some("Patient"), RACE | ETHNICITY) => categories(extension, url),
            (Some("Patient"), BIRTH_SEX) => {
                let code = ["F", "M", "UNK", "OTH"].into_iter().find(|known| extension["valueCode"] == **known)?;
                Some(json!({"url": BIRTH_SEX, "valueCode": code}))
            }
            (Some("Patient"), SEX) => {
                let known = ["248152002", "248153007", "F", "M", "asked-declined", "asked-unknown", "unknown", "other"];
                let code = known.into_iter().find(|known| extension["valueCode"] == **known)?;
                Some(json!({"url": SEX, "valueCode": code}))
            }
            (Some("Condition"), ASSERTED) => {
                let Left::Text(date, rule) = self.by.calendar.date(extension.get("valueDateTime")?.as_str()?) else {
                    return None;
                };
                self.taken.count("Condition.extension", rule);
                Some(json!({"url": ASSERTED, "valueDateTime": date}))
            }
            (Some("MedicationRequest" | "MedicationStatement"), ADHERENCE) => {
                let inner = extension.get("extension")?.as_array()?;
                let said = inner.iter().find(|part| part["url"] == "medicationAdherence")?;
                let codings = said.pointer("/valueCodeableConcept/coding")?.as_array()?;
                let codings: Vec<Value> =
                    codings.iter().filter_map(|coding| self.coding(coding, "MedicationRequest.extension")).collect();
                let concept = json!({"coding": codings});
                (!codings.is_empty()).then(|| {
                    json!({"url": ADHERENCE, "extension": [{"url": "medicationAdherence", "valueCodeableConcept": concept}]})
                })
            }
            _ => None,
        }
    }
}

/// The categories of the Office of Management and Budget. `detailed` and `text` go.
fn categories(extension: &Value, url: &str) -> Option<Value> {
    let inner = extension.get("extension")?.as_array()?;
    let category = |part: &Value| {
        let public = Public::read(part.get("valueCoding")?)?;
        let known = public.system == NULLS && ["UNK", "ASKU"].contains(&public.code.as_str());
        let good = part["url"] == "ombCategory" && (public.system == "urn:oid:2.16.840.1.113883.6.238" || known);
        good.then(|| json!({"url": "ombCategory", "valueCoding": public.json()}))
    };
    let left: Vec<Value> = inner.iter().filter_map(category).collect();
    let mut whole = Map::new();
    whole.insert("url".to_owned(), Value::String(url.to_owned()));
    let some = !left.is_empty();
    whole.insert("extension".to_owned(), Value::Array(left));
    some.then_some(Value::Object(whole))
}
