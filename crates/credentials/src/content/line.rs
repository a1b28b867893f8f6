use serde_json::Value;

use super::{Line, codes};

/// The resources of a card, and what they refer to.
pub(super) struct Bundle<'a>(Vec<(&'a str, &'a Value)>);

impl<'a> Bundle<'a> {
    pub(super) fn of(payload: &'a Value) -> Self {
        let entries = payload.pointer("/vc/credentialSubject/fhirBundle").map(|bundle| list(bundle, "entry"));
        let pair = |entry: &'a Value| Some((text(entry, "fullUrl").unwrap_or_default(), entry.get("resource")?));
        Self(entries.into_iter().flatten().filter_map(pair).collect())
    }

    pub(super) fn resources(&self) -> impl Iterator<Item = &'a Value> {
        self.0.iter().map(|(_, resource)| *resource)
    }

    /// What the reference points at, within the card.
    fn at(&self, reference: &Value) -> Option<&'a Value> {
        let address = text(reference, "reference")?;
        self.0.iter().find(|(full_url, _)| *full_url == address).map(|(_, resource)| *resource)
    }

    /// What the reference is called: by itself, or by what it points at.
    fn called(&self, reference: &Value) -> Option<String> {
        if let Some(display) = text(reference, "display") {
            return Some(display.to_owned());
        }
        let target = self.at(reference)?;
        match text(target, "resourceType")? {
            "Practitioner" => super::human_name(target),
            _ => text(target, "name").map(str::to_owned),
        }
    }
}

/// The line for a resource; `None` for those that only serve others.
pub(super) fn line(resource: &Value, bundle: &Bundle<'_>) -> Option<Line> {
    let kind = text(resource, "resourceType")?;
    let concept = |name: &str| resource.get(name).and_then(codes::concept);
    let first = |names: &[&str]| names.iter().find_map(|name| date(resource, name));
    Some(match kind {
        "Patient" | "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "Composition"
        | "Medication" | "RelatedPerson" => return None,
        "Immunization" => Line {
            what: concept("vaccineCode"),
            value: unusual_status(resource, "completed").or_else(|| text(resource, "lotNumber").map(str::to_owned)),
            date: first(&["occurrenceDateTime", "occurrenceString"]),
            by: performer(resource, bundle),
        },
        "Observation" => Line {
            what: concept("code"),
            value: unusual_status(resource, "final").or_else(|| value(resource)),
            date: first(&["effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"]),
            by: performer(resource, bundle),
        },
        "DiagnosticReport" => Line {
            what: concept("code"),
            value: text(resource, "conclusion").map(str::to_owned),
            date: first(&["effectiveDateTime", "effectivePeriod", "issued"]),
            by: performer(resource, bundle),
        },
        "MedicationStatement" | "MedicationRequest" | "MedicationAdministration" | "MedicationDispense" => Line {
            what: concept("medicationCodeableConcept").or_else(|| {
                let reference = resource.get("medicationReference")?;
                bundle.at(reference).and_then(|one| codes::concept(one.get("code")?)).or(bundle.called(reference))
            }),
            value: list(resource, "dosage")
                .chain(list(resource, "dosageInstruction"))
                .find_map(|one| text(one, "text"))
                .map(str::to_owned),
            date: first(&["effectiveDateTime", "effectivePeriod", "authoredOn", "whenHandedOver", "dateAsserted"]),
            by: None,
        },
        "Coverage" => Line {
            what: list(resource, "payor").find_map(|one| bundle.called(one)).or_else(|| concept("type")),
            value: text(resource, "subscriberId").map(str::to_owned),
            date: first(&["period"]),
            by: None,
        },
        _ => Line {
            what: concept("code").or_else(|| Some(kind.to_owned())),
            value: concept("clinicalStatus"),
            date: first(&["onsetDateTime", "performedDateTime", "performedPeriod", "recordedDate", "date", "period"]),
            by: performer(resource, bundle),
        },
    })
}

/// A vaccine that was not given, or a result that is not final, must not look like one that was.
fn unusual_status(resource: &Value, usual: &str) -> Option<String> {
    let status = text(resource, "status")?;
    let amended = usual == "final" && matches!(status, "amended" | "corrected");
    if status == usual || amended { None } else { Some(status.to_owned()) }
}

/// A date as written, or the start of a period.
fn date(resource: &Value, name: &str) -> Option<String> {
    let member = resource.get(name)?;
    member.as_str().or_else(|| text(member, "start")).map(str::to_owned)
}

fn performer(resource: &Value, bundle: &Bundle<'_>) -> Option<String> {
    list(resource, "performer").find_map(|one| bundle.called(one.get("actor").unwrap_or(one)))
}

fn value(resource: &Value) -> Option<String> {
    if let Some(quantity) = resource.get("valueQuantity") {
        // The digits as written: 1.10 is not 1.1.
        let number = quantity.get("value")?.to_string();
        let number = [text(quantity, "comparator").unwrap_or_default(), &number].concat();
        let unit = text(quantity, "unit").or_else(|| text(quantity, "code"));
        return Some(unit.map_or(number.clone(), |unit| format!("{number} {unit}")));
    }
    if let Some(concept) = resource.get("valueCodeableConcept") {
        return codes::concept(concept);
    }
    let plain = ["valueString", "valueDateTime", "valueInteger", "valueBoolean", "valueTime"];
    plain.iter().find_map(|name| match resource.get(*name)? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    })
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

pub(super) fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}
