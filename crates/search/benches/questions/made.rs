//! A made record of any size: three people of one family, their encounters, and what was found and done.

use fhir::{Held, HeldVersion};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const CODES: [&str; 12] = [
    "2345-7", "2951-2", "2823-3", "2075-0", "2160-0", "3094-0", "17861-6", "4548-4", "13457-7", "2085-9", "2571-8",
    "3016-3",
];
pub(crate) const TYPES: [&str; 10] = [
    "162673000",
    "185345009",
    "185349003",
    "50849002",
    "390906007",
    "308335008",
    "270427003",
    "424441002",
    "394701000",
    "698314001",
];
const PRACTITIONERS: usize = 20;
const ENCOUNTERS: usize = 10;

/// Resources at the beginning that everything refers to: people, practitioners, an organization.
const HEAD: usize = 3 + PRACTITIONERS + 1;

pub(crate) fn year(n: usize) -> usize {
    2000 + n % 24
}

/// The id of the nth resource; ids come in no order.
pub(crate) fn id(n: usize) -> String {
    match n {
        0..3 => format!("p{n}"),
        _ => format!("{:08x}-5d6f-4a6b-9c1e-{:012x}", n.wrapping_mul(0x9e37_79b1) as u32, n),
    }
}

pub(crate) fn kind(n: usize) -> &'static str {
    match n {
        0..3 => "Patient",
        23 => "Organization",
        3..23 => "Practitioner",
        // One in ten, so that an encounter is known by its place.
        _ if n.is_multiple_of(ENCOUNTERS) => "Encounter",
        _ => match n % 100 {
            1..=6 => "Condition",
            11..=16 => "MedicationRequest",
            21..=24 => "Procedure",
            31..=32 => "Immunization",
            41..=42 => "DocumentReference",
            _ => "Observation",
        },
    }
}

/// The encounter that the nth resource belongs to.
fn encounter(n: usize) -> String {
    let near = (n / ENCOUNTERS * ENCOUNTERS).max(HEAD.next_multiple_of(ENCOUNTERS));
    format!("Encounter/{}", id(near))
}

pub(crate) fn resources(items: usize) -> Vec<Value> {
    (0..items).map(resource).collect()
}

fn resource(n: usize) -> Value {
    let day = n.wrapping_mul(2_654_435_761) % 8_700;
    let date = format!("{}-{:02}-{:02}T08:30:00-06:00", 2000 + day / 365, day / 31 % 12 + 1, day % 28 + 1);
    // Nine of ten are of one person.
    let person = json!({"reference": format!("Patient/p{}", if n / 10 % 10 == 9 { n / 100 % 2 + 1 } else { 0 })});
    let doctor = json!({"reference": format!("Practitioner/{}", id(3 + n % PRACTITIONERS)), "display": "Dr. Lee"});
    let organization = json!({"reference": format!("Organization/{}", id(23))});
    let snomed = |code: &str, display: &str| json!({"coding": [{"system": "http://snomed.info/sct", "code": code, "display": display}], "text": display});
    let kind = kind(n);
    let mut one = json!({"resourceType": kind, "id": id(n),
        "meta": {"profile": [format!("http://hl7.org/fhir/us/core/StructureDefinition/us-core-{}", kind.to_lowercase())]}});
    let more = match kind {
        "Patient" => {
            json!({"name": [{"family": "Portillo", "given": [format!("Person{n}")]}], "gender": "female", "birthDate": "1970-01-01"})
        }
        "Practitioner" => {
            json!({"name": [{"family": format!("Lee{n}")}], "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": format!("{n:010}")}]})
        }
        "Organization" => json!({"name": "Lakeside Clinic"}),
        "Encounter" => {
            json!({"status": "finished", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "type": [snomed(TYPES[n / 10 % TYPES.len()], "Encounter for problem")], "subject": person,
            "participant": [{"individual": doctor}], "serviceProvider": organization, "period": {"start": date, "end": date}})
        }
        "Condition" => {
            json!({"clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
            "code": snomed(&format!("{}", 73_211_009 + n % 60), "Disorder"), "subject": person,
            "encounter": {"reference": encounter(n)}, "onsetDateTime": date, "recordedDate": date})
        }
        "MedicationRequest" => {
            json!({"status": "active", "intent": "order", "subject": person, "encounter": {"reference": encounter(n)},
            "medicationCodeableConcept": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": format!("{}", 860_975 + n % 80), "display": "Metformin 500 MG"}]},
            "authoredOn": date, "requester": doctor, "dosageInstruction": [{"text": "one tablet twice a day"}]})
        }
        "Procedure" => {
            json!({"status": "completed", "code": snomed(&format!("{}", 430_193_006 + n % 40), "Procedure"), "subject": person,
            "encounter": {"reference": encounter(n)}, "performedPeriod": {"start": date, "end": date}})
        }
        "Immunization" => {
            json!({"status": "completed", "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "140"}]},
            "patient": person, "encounter": {"reference": encounter(n)}, "occurrenceDateTime": date})
        }
        "DocumentReference" => {
            json!({"status": "current", "type": {"text": "Progress note"}, "subject": person, "date": date,
            "content": [{"attachment": {"contentType": "text/plain", "data": "c2Vlbg=="}}], "context": {"encounter": [{"reference": encounter(n)}]}})
        }
        _ => json!({"status": "final",
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory", "display": "Laboratory"}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": CODES[n / 3 % CODES.len()], "display": "Test [Mass/volume] in Serum or Plasma"}], "text": "Test"},
            "subject": person, "encounter": {"reference": encounter(n)}, "effectiveDateTime": date, "issued": date, "performer": [organization],
            "valueQuantity": {"value": n % 300, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
            "referenceRange": [{"low": {"value": 70, "unit": "mg/dL"}, "high": {"value": 99, "unit": "mg/dL"}}],
            "identifier": [{"system": "https://ehr.example.org/orders", "value": format!("{n:08}")}],
            "interpretation": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "N"}]}]}),
    };
    one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    one
}

pub(crate) fn held(resource: &Value, text: &str) -> Held {
    let last_updated = Timestamp::from_second(1_700_000_000).unwrap();
    Held {
        resource_type: resource["resourceType"].as_str().unwrap().into(),
        id: resource["id"].as_str().unwrap().into(),
        versions: vec![HeldVersion { number: 1, last_updated, json: text.into() }],
    }
}
