//! The resources of the golden record that column (d) says something of, with the tricks that concern it.

use serde_json::{Value, json};

const SCT: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const HCPCS: &str = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";

fn coded(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": system, "code": code, "display": "Rosie's own"}], "text": "as Rosie Okafor says"})
}

fn hl7(system: &str, code: &str) -> Value {
    coded(&format!("http://terminology.hl7.org/CodeSystem/{system}"), code)
}

fn to(reference: &str) -> Value {
    json!({"reference": reference, "display": "Rosie Okafor-Núñez"})
}

fn years(value: u16) -> Value {
    json!({"value": value, "unit": "years", "system": "http://unitsofmeasure.org", "code": "a"})
}

fn note(text: &str) -> Value {
    json!([{"text": text, "authorString": "Dr Psych", "time": "2026-03-02T08:00:00Z"}])
}

/// What every resource of a source has: an id that tells, a narrative, a source, a vendor's extension.
fn of(kind: &str, id: &str, more: Value) -> Value {
    let mut whole = json!({"resourceType": kind, "id": id, "identifier": [{"system": "https://a.example.org", "value": "0045-7781"}],
        "meta": {"source": "https://a.example.org/fhir", "versionId": "7", "lastUpdated": "2026-04-05T06:07:08Z"},
        "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Rosalind Okafor-Núñez, Elm Street</div>"},
        "extension": [{"url": "https://a.example.org/x", "valueString": "Rosie"}]});
    whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    whole
}

fn lab(id: &str, code: &str, more: Value) -> Value {
    let mut whole = of(
        "Observation",
        id,
        json!({"status": "final", "code": coded(LOINC, code), "subject": to("Patient/p"),
        "valueQuantity": {"value": 5.60, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
        "note": note("on Coumadin, metformin stopped")}),
    );
    whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    whole
}

/// Row 1.
pub(crate) fn patient() -> Value {
    let core = "http://hl7.org/fhir/us/core/StructureDefinition";
    let omb = |url: &str, code: &str| {
        json!({"url": format!("{core}/{url}"), "extension": [
        {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": code, "display": "Rosie"}},
        {"url": "detailed", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2056-0"}},
        {"url": "text", "valueString": "Rosie"}]})
    };
    of(
        "Patient",
        "p",
        json!({"birthDate": "1931-02-14", "gender": "female", "active": true,
        "name": [{"family": "Okafor-Núñez", "given": ["Rosalind", "Rosie"]}],
        "identifier": [{"system": "https://a.example.org/mrn", "value": "0045-7781"}],
        "telecom": [{"system": "phone", "value": "(602) 555-0137"}],
        "extension": [omb("us-core-race", "2054-5"), omb("us-core-ethnicity", "2135-2"),
            {"url": format!("{core}/us-core-birthsex"), "valueCode": "M"},
            {"url": format!("{core}/us-core-genderIdentity"), "valueCodeableConcept": coded(SCT, "446151000124109")},
            {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Ada"},
            {"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": {"city": "Rutland"}},
            {"url": "https://a.example.org/loyalty", "valueString": "Rosie"}],
        "photo": [{"data": "Um9zaWU="}], "contact": [{"name": {"given": ["Ada"]}}],
        "link": [{"other": to("Patient/p-old"), "type": "replaces"}],
        "address": [{"use": "old", "line": ["1 Elm Street"], "city": "Rutland", "state": "VT", "postalCode": "05901"},
            {"state": "AZ", "postalCode": "85004-1234", "country": "US", "extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/geolocation", "extension": [{"url": "latitude", "valueDecimal": 33.45}]}]}]}),
    )
}

/// The record, row by row.
pub(crate) fn rows() -> Vec<Value> {
    let mut rows = vec![patient()];
    rows.extend(never_kept());
    rows.extend(medications());
    rows.extend(labs());
    rows.extend(the_rest());
    rows
}

fn never_kept() -> impl Iterator<Item = Value> {
    let names = [
        "RelatedPerson/daughter",
        "Practitioner/psy",
        "Practitioner/gp",
        "Composition/discharge",
        "Provenance/prov-13",
        "Communication/msg",
        "Task/refill",
        "DocumentReference/doc-discharge",
        "Binary/pdf",
        "Coverage/plan",
        "Flag/anticoag",
        "Basic/vendor",
    ];
    names.into_iter().map(|name| {
        let (kind, id) = name.split_once('/').unwrap();
        of(kind, id, json!({"status": "active", "code": coded(RXNORM, "11289"), "subject": to("Patient/p")}))
    })
}

fn medications() -> Vec<Value> {
    let common = json!({"status": "active", "intent": "order", "subject": to("Patient/p")});
    let with = |kind: &str, id: &str, more: Value| {
        let mut whole = of(kind, id, common.clone());
        if kind != "MedicationRequest" {
            whole.as_object_mut().unwrap().remove("intent");
        }
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        whole
    };
    vec![
        of("Medication", "shared-warfarin", json!({"code": coded(RXNORM, "11289"), "batch": {"lotNumber": "LOT-7"}})),
        of(
            "Device",
            "pump",
            json!({"type": coded(SCT, "69805005"), "udiCarrier": [{"carrierHRF": "SN-1"}], "serialNumber": "SN-1",
            "lotNumber": "LOT-1", "deviceName": [{"name": "Rosie's pump", "type": "user-friendly-name"}],
            "note": note("metformin stopped"), "patient": to("Patient/p")}),
        ),
        with(
            "MedicationRequest",
            "warfarin",
            json!({"medicationReference": to("Medication/shared-warfarin"),
            "reasonReference": [to("Condition/afib")], "authoredOn": "2025-12-01", "requester": to("Practitioner/gp"),
            "dosageInstruction": [{"text": "one for Rosie", "patientInstruction": "Rosie", "timing": {"event": [],
                "repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00"],
                    "boundsPeriod": {"start": "2025-12-01"}}}}]}),
        ),
        with(
            "MedicationRequest",
            "contained-sertraline",
            json!({"medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": {"coding": [{"system": RXNORM, "code": "36437"},
                {"system": "urn:oid:1.2.840.114350.1.13", "code": "Zoloft"}], "text": "Zoloft"}}]}),
        ),
        with(
            "MedicationDispense",
            "d1",
            json!({"status": "completed", "medicationCodeableConcept": coded(RXNORM, "11289"),
            "authorizingPrescription": [to("MedicationRequest/warfarin")], "location": to("Location/clinic"),
            "whenHandedOver": "2025-12-02T10:00:00Z"}),
        ),
        with(
            "MedicationAdministration",
            "a1",
            json!({"status": "entered-in-error", "context": to("Encounter/admit"),
            "medicationCodeableConcept": coded(RXNORM, "11289"), "effectiveDateTime": "2026-01-01T10:00:00Z"}),
        ),
        with(
            "MedicationStatement",
            "self",
            json!({"medicationCodeableConcept": {"text": "little white lithium pill"}}),
        ),
        with(
            "MedicationStatement",
            "from-B",
            json!({"medicationCodeableConcept": coded("http://hl7.org/fhir/sid/ndc", "00056-0172-70")}),
        ),
        of(
            "List",
            "meds",
            json!({"status": "current", "mode": "working", "title": "Rosie's pills", "subject": to("Patient/p"),
            "code": hl7("list-example-use-codes", "medications"), "entry": [{"item": to("MedicationRequest/warfarin")},
                {"item": to("MedicationStatement/self")}, {"item": to("MedicationDispense/d1")}]}),
        ),
        with(
            "CarePlan",
            "mood",
            json!({"intent": "plan", "title": "Rosie's plan", "activity": [
            {"detail": {"status": "in-progress", "code": coded(SCT, "75516001")}},
            {"detail": {"status": "in-progress", "kind": "MedicationRequest", "productCodeableConcept": coded(RXNORM, "36437"),
                "description": "Zoloft"}},
            {"reference": to("MedicationRequest/contained-sertraline")}]}),
        ),
        with("CarePlan", "free-text", json!({"intent": "plan", "category": [hl7("goal-category", "dietary")]})),
        of(
            "AdverseEvent",
            "bleed",
            json!({"actuality": "actual", "event": coded(SCT, "131148009"), "subject": to("Patient/p"),
            "date": "2026-01-03", "suspectEntity": [{"instance": to("MedicationRequest/warfarin")}]}),
        ),
        with(
            "DetectedIssue",
            "interaction",
            json!({"status": "final", "patient": to("Patient/p"), "detail": "Zoloft and Coumadin",
            "implicated": [to("MedicationRequest/warfarin"), to("MedicationRequest/contained-sertraline")]}),
        ),
    ]
}

fn labs() -> Vec<Value> {
    vec![
        lab("lithium-level", "14334-7", json!({"effectiveDateTime": "2026-03-02"})),
        lab("inr", "6301-6", json!({"effectiveDateTime": "2026-03-03"})),
        lab("a1c-in", "4548-4", json!({"effectiveDateTime": "2025-11-20"})),
        lab("a1c-out", "4548-4", json!({"effectiveInstant": "2025-11-20T06:59:59Z", "issued": "2025-11-20T06:59:59Z"})),
        lab("partial-date", "4548-4", json!({"effectiveDateTime": "2025"})),
        lab("no-date", "4548-4", json!({"specimen": to("Specimen/s1")})),
        of(
            "Observation",
            "from-B-a1c",
            json!({"status": "final", "code": {"text": "HbA1c"}, "subject": to("Patient/p")}),
        ),
        of(
            "Specimen",
            "s1",
            json!({"type": hl7("v2-0487", "BLD"), "accessionIdentifier": {"value": "SN-9"}, "subject": to("Patient/p"),
            "collection": {"collector": to("Practitioner/gp"), "collectedDateTime": "2026-05-01T08:00:00Z"}}),
        ),
        of(
            "DiagnosticReport",
            "metabolic",
            json!({"status": "final", "code": coded(LOINC, "51990-0"), "subject": to("Patient/p"),
            "result": [to("Observation/a1c-in"), to("Observation/lithium-level"), to("Observation/from-B-a1c")],
            "conclusion": "lithium toxicity", "presentedForm": [{"contentType": "application/pdf", "data": "Um9zaWU=", "title": "Rosie"}]}),
        ),
        of(
            "QuestionnaireResponse",
            "intake",
            json!({"status": "completed", "subject": to("Patient/p"),
            "questionnaire": "https://a.example.org/q", "item": [
            {"linkId": "Rosie-1", "text": "What do you take?", "answer": [{"valueString": "I take Zoloft"}]},
            {"linkId": "2", "answer": [{"valueCoding": {"system": RXNORM, "code": "36437"}}]},
            {"linkId": "3", "answer": [{"valueReference": to("MedicationRequest/contained-sertraline")}]},
            {"linkId": "/44250-9", "text": "Little interest", "answer": [{"valueCoding": {"system": LOINC, "code": "LA6569-3"}}]}]}),
        ),
        of(
            "ImagingStudy",
            "mri",
            json!({"status": "available", "subject": to("Patient/p"), "started": "2026-02-02T08:00:00Z",
            "description": "s/p lithium toxicity", "endpoint": [to("Endpoint/pacs")], "series": [{"uid": "1.2.840.113619.2.1",
                "modality": {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "MR"}, "description": "lithium toxicity",
                "instance": [{"uid": "1.2.840.113619.2.2", "sopClass": {"system": "urn:ietf:rfc:3986", "code": "urn:oid:1.2.840.10008.5"}}]}]}),
        ),
    ]
}

fn the_rest() -> Vec<Value> {
    let person = json!({"subject": to("Patient/p")});
    let condition = |id: &str, system: &str, code: &str, more: Value| {
        let mut whole = of("Condition", id, person.clone());
        whole["code"] = coded(system, code);
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        whole
    };
    let ambulatory = json!({"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"});
    vec![
        condition("long-term", ICD, "Z79.01", json!({})),
        condition("anticoag-poisoning", ICD, "T45.515A", json!({})),
        condition(
            "depression",
            ICD,
            "F33.1",
            json!({"note": note("started sertraline"), "evidence": [{"detail": [to("QuestionnaireResponse/intake")]}]}),
        ),
        condition(
            "no-date",
            ICD,
            "I10",
            json!({"onsetAge": years(91), "verificationStatus": hl7("condition-ver-status", "refuted"),
            "asserter": {"reference": "#dr"}, "contained": [{"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Ada"}]}]}),
        ),
        condition("afib", ICD, "I48.91", json!({"stage": [{"assessment": [to("Observation/lithium-level")]}]})),
        condition(
            "knee",
            ICD,
            "M17.11",
            json!({"abatementDateTime": "1999-06-07", "recorder": to("Practitioner/pharm")}),
        ),
        of(
            "AllergyIntolerance",
            "warfarin-allergy",
            json!({"patient": to("Patient/p"), "code": coded(RXNORM, "11289"),
            "onsetDateTime": "2020-03", "note": note("rash on amoxicillin"),
            "extension": [{"url": "https://a.example.org/ref", "valueReference": to("Medication/shared-warfarin")}]}),
        ),
        of(
            "FamilyMemberHistory",
            "mother",
            json!({"status": "completed", "patient": to("Patient/p"), "name": "Ada", "bornString": "1901",
            "relationship": hl7("v3-RoleCode", "MTH"), "deceasedAge": years(101), "condition": [{"code": coded(ICD, "I10")}]}),
        ),
        of(
            "Encounter",
            "admit",
            json!({"status": "finished", "class": ambulatory, "subject": to("Patient/p"),
            "period": {"start": "2026-01-01T08:00:00Z", "end": "2026-01-04"}, "length": {"value": 3, "code": "d", "system": "http://unitsofmeasure.org"},
            "reasonCode": [{"text": "bleed on Coumadin"}], "reasonReference": [to("Condition/afib")],
            "location": [{"location": to("Location/clinic")}], "serviceProvider": to("Organization/x")}),
        ),
        of(
            "Encounter",
            "recovery-visit",
            json!({"status": "finished", "class": ambulatory, "type": [coded(SCT, "56876005")],
            "subject": to("Patient/p"), "location": [{"location": to("Location/clinic")}]}),
        ),
        of(
            "Encounter",
            "e2",
            json!({"status": "finished", "class": ambulatory, "subject": to("Patient/p"),
            "contained": [{"resourceType": "MedicationRequest", "id": "mr", "status": "active", "intent": "order", "subject": to("Patient/p"),
                "medicationCodeableConcept": coded(RXNORM, "36437")}],
            "extension": [{"url": "https://a.example.org/drug", "valueReference": {"reference": "#mr"}}]}),
        ),
        of(
            "Immunization",
            "flu",
            json!({"status": "completed", "patient": to("Patient/p"), "vaccineCode": coded("http://hl7.org/fhir/sid/cvx", "140"),
            "occurrenceDateTime": "2025-10-10", "lotNumber": "LOT-2", "manufacturer": to("Organization/x"),
            "performer": [{"actor": to("Practitioner/gp")}]}),
        ),
        of(
            "Immunization",
            "1935",
            json!({"status": "completed", "patient": to("Patient/p"), "vaccineCode": coded("http://hl7.org/fhir/sid/cvx", "75"),
            "occurrenceDateTime": "1935-05-02"}),
        ),
        of(
            "ServiceRequest",
            "injection",
            json!({"status": "active", "intent": "order", "subject": to("Patient/p"), "code": coded(HCPCS, "J2315"),
            "reasonCode": [coded(ICD, "F10.21")]}),
        ),
        of(
            "Procedure",
            "injection",
            json!({"status": "completed", "subject": to("Patient/p"), "code": coded(SCT, "236931002"),
            "usedCode": [coded(SCT, "387381009")]}),
        ),
        of(
            "Goal",
            "quit",
            json!({"lifecycleStatus": "active", "description": {"text": "taper lithium"}, "subject": to("Patient/p")}),
        ),
        of("Claim", "mixed", claim(json!({"total": {"value": 99.5, "currency": "USD"}}))),
        of(
            "ExplanationOfBenefit",
            "pharmacy",
            claim(json!({"outcome": "complete", "insurer": to("Organization/payer"),
            "payee": {"party": to("Organization/pharmacy")}, "accident": {"date": "2025-05-05", "locationAddress": {"city": "Rutland"}},
            "total": [{"category": hl7("adjudication", "submitted"), "amount": {"value": 1}}],
            "item": [{"sequence": 1, "productOrService": coded("http://hl7.org/fhir/sid/ndc", "00056017270")}],
            "insurance": [{"focal": true, "coverage": to("Coverage/plan")}]})),
        ),
    ]
}

fn claim(more: Value) -> Value {
    let mut whole = json!({"status": "active", "type": hl7("claim-type", "professional"), "use": "claim", "patient": to("Patient/p"),
        "created": "2025-06-07", "provider": to("Organization/x"), "priority": hl7("processpriority", "normal"),
        "insurance": [{"sequence": 1, "focal": true, "coverage": to("Coverage/plan"), "preAuthRef": ["SN-3"]}],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": coded(ICD, "Z79.01")}],
        "supportingInfo": [{"sequence": 1, "category": hl7("claiminformationcategory", "info"), "valueString": "lithium toxicity"}],
        "item": [{"sequence": 1, "productOrService": coded("http://www.ama-assn.org/go/cpt", "99213"), "servicedDate": "2025-06-01"},
            {"sequence": 2, "productOrService": coded(HCPCS, "S0109")}]});
    whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    whole
}
