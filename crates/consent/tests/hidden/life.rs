//! Random records, full of tricks, and grants to look at them with.

use consent::{Actions, Context, DateRange, Grant, Item, Mode, Permit, Record, Selector};
use jiff::civil::date;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::make::{self, Made};

const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const DRUGS: [&str; 4] = ["warfarin", "sertraline", "lithium", "metformin"];
const TYPES: [&str; 14] = [
    "Observation",
    "Condition",
    "Encounter",
    "MedicationRequest",
    "DiagnosticReport",
    "CarePlan",
    "List",
    "Provenance",
    "Practitioner",
    "Organization",
    "Medication",
    "DocumentReference",
    "Binary",
    "Specimen",
];

/// One resource in the making: numbers that templates read.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    of: &'static str,
    id: u8,
    to: Vec<(usize, u8, u8)>,
    tricks: Vec<u8>,
    versions: u8,
}

#[derive(Debug, Clone)]
pub(crate) struct Life(Vec<Seed>);

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Remove(usize),
    Put(Life),
}

fn seed() -> impl Strategy<Value = Seed> {
    (
        select(TYPES.to_vec()),
        0_u8..4,
        vec((0..TYPES.len(), 0_u8..5, any::<u8>()), 5),
        vec(any::<u8>(), 12),
        prop_oneof![4 => Just(1_u8), 1 => 2_u8..4],
    )
        .prop_map(|(of, id, to, tricks, versions)| Seed { of, id, to, tricks, versions })
}

pub(crate) fn life() -> impl Strategy<Value = Life> {
    vec(seed(), 1..24).prop_map(Life)
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![(0_usize..64).prop_map(Step::Remove), vec(seed(), 1..3).prop_map(|all| Step::Put(Life(all)))]
}

pub(crate) fn grant() -> impl Strategy<Value = Grant> {
    let permits = select(vec![
        vec![permit(Selector::default())],
        vec![permit(types(&["Observation", "DiagnosticReport"]))],
        vec![permit(types(&["Condition"])), permit(types(&["Encounter", "List"]))],
        vec![permit(types(&["DocumentReference", "Practitioner", "Provenance", "CarePlan"]))],
        vec![permit(Selector {
            topics: vec!["labs".into()],
            dates: Some(DateRange { from: Some(date(2026, 1, 1)), to: None }),
            ..types(&["Observation"])
        })],
        vec![permit(Selector { topics: vec!["labs".into()], ..types(&["DiagnosticReport", "Observation"]) })],
        vec![permit(Selector {
            dates: Some(DateRange { from: Some(date(2026, 1, 1)), to: None }),
            ..Selector::default()
        })],
        vec![permit(Selector {
            resources: vec!["DocumentReference/0".into(), "Condition/1".into()],
            ..Selector::default()
        })],
        vec![permit(Selector {
            elements: vec!["Condition.code".into(), "note".into()],
            ..types(&["Condition", "Encounter"])
        })],
        vec![permit(Selector { query: Some("status=final".into()), ..types(&["Observation"]) })],
    ]);
    let exclusions = select(vec![
        vec![],
        vec![make::excluding(&["medications"])],
        vec![make::excluding(&["medications", "psychotherapy-notes", "mental-health"])],
        vec![types(&["Encounter"])],
        vec![types(&["Specimen"]), Selector { topics: vec!["labs".into()], ..types(&["DiagnosticReport"]) }],
        vec![Selector { dates: Some(DateRange { from: Some(date(2026, 2, 1)), to: None }), ..Selector::default() }],
        vec![Selector { resources: vec!["Observation/1".into(), "Practitioner/0".into()], ..Selector::default() }],
        vec![Selector { elements: vec!["note".into(), "name".into()], ..Selector::default() }],
        vec![Selector { labels: vec!["PSY".into(), "HIV".into()], ..Selector::default() }],
    ]);
    (permits, exclusions, select(vec![Mode::Usual, Mode::Strict, Mode::Loose]))
        .prop_map(|(permits, exclusions, mode)| Grant { mode, ..make::grant(permits, exclusions) })
}

pub(crate) fn except_medications() -> Grant {
    make::grant(vec![permit(Selector::default())], vec![make::excluding(&["medications"])])
}

fn types(all: &[&str]) -> Selector {
    Selector { types: all.iter().map(|of| Box::from(*of)).collect(), ..Selector::default() }
}

fn permit(select: Selector) -> Permit {
    Permit { context: Context::User, actions: Actions { read: true, search: true, ..Actions::default() }, select }
}

impl Life {
    pub(crate) fn record(&self) -> Record {
        let mut items: Vec<Item> = Vec::new();
        for seed in &self.0 {
            let item = seed.item();
            items.retain(|other| (&other.resource_type, &other.id) != (&item.resource_type, &item.id));
            items.push(item);
        }
        let patient = json!({"resourceType": "Patient", "id": "p", "name": [{"text": "Ana"}]});
        let mut record = Made::new().with(patient).record();
        record.items.extend(items);
        record
    }
}

impl Seed {
    fn item(&self) -> Item {
        let versions: Vec<Value> = (0..self.versions).map(|version| self.json(version)).collect();
        make::item("con_a", &versions)
    }

    /// A number of the trick at this place.
    fn trick(&self, at: usize, version: u8, of: u8) -> u8 {
        self.tricks[at % self.tricks.len()].wrapping_add(version.wrapping_mul(37)) % of
    }

    /// A reference, in one of the ways in which references come.
    fn to(&self, at: usize, only: &[&str]) -> Value {
        let (of, id, kind) = self.to[at % self.to.len()];
        let of = if only.is_empty() { TYPES[of] } else { only[of % only.len()] };
        let key = format!("{of}/{id}");
        match kind % 12 {
            0 => json!({"reference": key, "display": DRUGS[usize::from(kind) % 4]}),
            1 => json!({"reference": format!("{key}/_history/2")}),
            2 => json!({"reference": format!("https://other.example/fhir/{key}")}),
            3 => json!({"identifier": {"system": "urn:x", "value": key}, "display": "known by number"}),
            4 if of == "Medication" => json!({"display": DRUGS[usize::from(kind) % 4]}),
            4 => json!({"display": "somebody"}),
            5 => json!({"reference": "urn:uuid:7e0c7a3e-0000-4000-8000-000000000000"}),
            6 => json!({"reference": key, "identifier": {"value": "7"}, "type": of}),
            _ => json!({"reference": key, "display": format!("the {of}")}),
        }
    }

    fn concept(&self, at: usize, version: u8) -> Value {
        let coded = |system: &str, code: &str, display: &str| json!({"coding": [{"system": system, "code": code, "display": display}]});
        match self.trick(at, version, 7) {
            0 => coded(RXNORM, "855332", "warfarin sodium 5 MG Oral Tablet"),
            1 => coded("http://hl7.org/fhir/sid/icd-10-cm", "F33.1", "Depression"),
            2 => coded("http://loinc.org", "4548-4", "Hemoglobin A1c"),
            3 => json!({"text": "taking lithium"}),
            4 => coded("http://loinc.org", "34866-4", "Psychology note"),
            5 => coded("http://snomed.info/sct", "38341003", "Hypertension"),
            _ => json!({"text": "plain"}),
        }
    }

    fn json(&self, version: u8) -> Value {
        let mut json = self.body(version);
        let me = json!({"reference": "Patient/p", "display": "Ana"});
        json["resourceType"] = self.of.into();
        json["id"] = self.id.to_string().into();
        if !matches!(self.of, "Practitioner" | "Organization" | "Medication" | "Binary" | "Provenance") {
            json["subject"] = me;
        }
        let narrative = json!({"status": "generated", "div": "<div>words, warfarin perhaps</div>"});
        match self.trick(8, version, 6) {
            0 => json["text"] = narrative,
            1 => {
                json["meta"] = json!({"versionId": version.to_string(), "lastUpdated": "2026-01-01T00:00:00Z",
                "source": format!("urn:x#{version}")})
            }
            2 => {
                json["meta"] = json!({"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "code": "PSY"}]})
            }
            3 => json["extension"] = json!([{"url": "https://a.example/x", "valueReference": self.to(4, &[])}]),
            _ => {}
        }
        if self.trick(9, version, 4) == 0 && self.of != "Binary" {
            let inner = ["Procedure", "Practitioner", "Observation"][usize::from(self.trick(10, version, 3))];
            json["contained"] = json!([{"resourceType": inner, "id": "c", "status": "active", "code": self.concept(2, version),
                "note": [{"text": "see lithium"}], "focus": [self.to(3, &[])]}]);
            json["extension"] = json!([{"url": "https://a.example/c", "valueReference": {"reference": "#c"}}]);
        }
        json
    }

    /// Some say themselves that they are of the laboratory, and of which day; of others only a report or a specimen does.
    fn observation(&self, version: u8, mut json: Value, day: &str) -> Value {
        let category = ["laboratory", "vital-signs", "survey"][usize::from(self.trick(5, version, 3))];
        let system = "http://terminology.hl7.org/CodeSystem/observation-category";
        json["category"] = json!([{"coding": [{"system": system, "code": category}]}]);
        if self.trick(6, version, 3) > 0 {
            json["effectiveDateTime"] = day.into();
        }
        if self.trick(7, version, 3) > 0 {
            json["specimen"] = self.to(3, &["Specimen"]);
        }
        json
    }

    fn body(&self, version: u8) -> Value {
        let status = ["final", "preliminary", "active"][usize::from(self.trick(0, version, 3))];
        let day = ["2026-03-01", "2025", "2024-01-01T00:00:00Z", "2026-01-01T03:00:00Z"]
            [usize::from(self.trick(1, version, 4))];
        let note = ["fine", "started sertraline", "on Warfarin"][usize::from(self.trick(2, version, 3))];
        let code = self.concept(3, version);
        match self.of {
            "Observation" => self.observation(
                version,
                json!({"status": status, "code": code, "note": [{"text": note}],
                "encounter": self.to(0, &["Encounter"]), "performer": [self.to(1, &["Practitioner", "Organization"])],
                "derivedFrom": [self.to(2, &["Observation", "DocumentReference"])]}),
                day,
            ),
            "Condition" => json!({"code": code, "note": [{"text": note}], "recordedDate": day,
                "asserter": self.to(0, &["Practitioner"]), "evidence": [{"detail": [self.to(1, &[])]}]}),
            "Encounter" => json!({"status": "finished", "class": {"code": "AMB"}, "reasonCode": [{"text": note}],
                "type": [code], "location": [{"location": self.to(0, &["Location"])}],
                "diagnosis": [{"condition": self.to(1, &["Condition"])}], "serviceProvider": self.to(2, &["Organization"])}),
            "MedicationRequest" => json!({"status": "active", "intent": "order", "note": [{"text": note}],
                "medicationReference": self.to(0, &["Medication"]), "requester": self.to(1, &["Practitioner"])}),
            "DiagnosticReport" => json!({"status": status, "code": code, "effectiveDateTime": day, "conclusion": note,
                "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}],
                "presentedForm": [{"contentType": "application/pdf", "url": "Binary/1"}],
                "result": [self.to(0, &["Observation"])]}),
            "CarePlan" => json!({"status": "active", "intent": "plan", "title": note, "activity": [
                {"detail": {"status": "scheduled", "productCodeableConcept": code}},
                {"reference": self.to(0, &[])}, {"detail": {"status": "scheduled", "description": note}}]}),
            "List" => json!({"status": "current", "mode": "working", "code": code, "title": note,
                "entry": [{"item": self.to(0, &[])}, {"item": self.to(1, &[])}]}),
            "Provenance" => {
                json!({"recorded": "2026-01-01T00:00:00Z", "agent": [{"who": self.to(0, &["Practitioner", "Organization"])}],
                "target": [self.to(1, &[]), self.to(2, &[])], "entity": [{"role": "source", "what": self.to(3, &[])}]})
            }
            "Practitioner" => json!({"name": [{"text": "Dr Lee"}]}),
            "Organization" => {
                json!({"name": (["North Clinic", "Lithium Clinic"][usize::from(self.trick(2, version, 2))]),
                "partOf": self.to(0, &["Organization"])})
            }
            "Medication" => {
                json!({"code": {"text": DRUGS[usize::from(self.trick(3, version, 4))]}, "manufacturer": self.to(0, &["Organization"])})
            }
            "DocumentReference" => json!({"status": "current", "type": code, "author": [self.to(0, &["Practitioner"])],
                "relatesTo": [{"code": "appends", "target": self.to(1, &["DocumentReference"])}],
                "content": [{"attachment": {"contentType": "application/pdf", "url": format!("Binary/{}", self.trick(4, version, 4))}}]}),
            "Binary" => json!({"contentType": "application/pdf", "data": "YQ==", "securityContext": self.to(0, &[])}),
            _ => {
                json!({"type": code, "collection": {"collectedDateTime": day, "collector": self.to(0, &["Practitioner"])}})
            }
        }
    }
}

/// Another number.
pub(crate) fn renumber(item: &mut Item, salt: u32) {
    for version in &mut item.versions {
        let mut json: Value = serde_json::from_str(&version.json).unwrap();
        json["identifier"] = json!([{"system": "urn:new", "value": salt.to_string()}]);
        version.json = json.to_string().into();
    }
}

/// Other words in a resource, the same codes and references.
pub(crate) fn retell(item: &mut Item, salt: u32) {
    for version in &mut item.versions {
        let mut json: Value = serde_json::from_str(&version.json).unwrap();
        for (name, value) in json.as_object_mut().unwrap() {
            if matches!(name.as_str(), "note" | "title" | "conclusion" | "text" | "reasonCode") {
                reword(value, salt);
            }
        }
        version.json = json.to_string().into();
    }
}

fn reword(value: &mut Value, salt: u32) {
    match value {
        Value::String(text) if !text.starts_with("generated") => *text = format!("<div>other {salt}</div>"),
        Value::Object(members) => members.values_mut().for_each(|member| reword(member, salt)),
        Value::Array(items) => items.iter_mut().for_each(|item| reword(item, salt)),
        _ => {}
    }
}

/// A drug that nothing else names.
pub(crate) fn drug(n: u32, salt: u32) -> Item {
    let code =
        json!({"coding": [{"system": RXNORM, "code": "1", "display": format!("zyxoprin{salt} 5 MG Oral Tablet")}]});
    let json = json!({"resourceType": "MedicationRequest", "id": format!("new{n}"), "status": "active", "intent": "order",
        "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": code,
        "reasonReference": [{"reference": format!("Condition/{}", n % 4)}],
        "requester": {"reference": format!("Practitioner/{}", n % 4)}});
    make::item("con_b", &[json])
}
