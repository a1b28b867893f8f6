use serde_json::json;

use super::Found::{Hidden, Hinted, Nothing};
use super::*;

#[test]
fn medications_are_found_in_every_disguise() {
    all(
        "medications",
        &[
            (
                "statement of words only",
                Hidden,
                worded("MedicationStatement", "medicationCodeableConcept", "little white pill"),
            ),
            ("a drug in a procedure", Hidden, coded("Procedure", "usedCode", "rx 6851")),
            ("NDC with hyphens", Hidden, coded("Device", "type", "ndc 0591-3797-01")),
            ("ATC", Hidden, coded("Observation", "valueCodeableConcept", "atc B01AA03")),
            ("RxNorm as an OID", Hidden, coded("Basic", "code", "urn:oid:2.16.840.1.113883.6.88 11289")),
            ("long-term use", Hidden, condition("icd Z79.01")),
            ("adverse effect", Hidden, condition("icd T45.515A")),
            ("poisoning by a gas", Nothing, condition("icd T58.01XA")),
            ("J code", Hidden, coded("Procedure", "code", "hcpcs J2315")),
            ("drug outside J", Hidden, coded("ServiceRequest", "code", "hcpcs S0109")),
            ("office visit", Nothing, coded("Procedure", "code", "hcpcs G0463")),
            (
                "medication list",
                Hidden,
                coded("List", "code", "http://terminology.hl7.org/CodeSystem/list-example-use-codes medications"),
            ),
            (
                "problem list",
                Nothing,
                coded("List", "code", "http://terminology.hl7.org/CodeSystem/list-example-use-codes problems"),
            ),
            (
                "pharmacy bill",
                Hidden,
                coded("Claim", "type", "http://terminology.hl7.org/CodeSystem/claim-type pharmacy"),
            ),
            (
                "bill with a prescription",
                Hidden,
                json!({"resourceType": "Claim", "prescription": {"reference": "urn:uuid:1"}}),
            ),
            ("lithium level", Hidden, observation("loinc 14334-7")),
            ("drug screen", Nothing, observation("loinc 65750-2")),
            (
                "drug that bled",
                Hidden,
                json!({"resourceType": "AdverseEvent",
                "suspectEntity": [{"instance": {"reference": "MedicationRequest/13"}}]}),
            ),
            (
                "device that failed",
                Nothing,
                json!({"resourceType": "AdverseEvent",
                "suspectEntity": [{"instance": {"reference": "Device/13"}}]}),
            ),
            (
                "risk from a blood pressure",
                Nothing,
                json!({"resourceType": "RiskAssessment",
                "basis": [{"reference": "Observation/1"}]}),
            ),
            ("reconciliation", Hinted, coded("Procedure", "code", "sct 430193006")),
            (
                "allergy to a drug",
                Hinted,
                json!({"resourceType": "AllergyIntolerance", "category": ["medication"],
                "code": concept("rx 11289")}),
            ),
            ("food allergy", Nothing, json!({"resourceType": "AllergyIntolerance", "category": ["food"]})),
            ("vaccine", Hinted, coded("Immunization", "vaccineCode", "ndc 49281-0421-50")),
            (
                "recommended vaccine",
                Hinted,
                json!({"resourceType": "ImmunizationRecommendation",
                "recommendation": [{"vaccineCode": [concept("ndc 49281-0421-50")]}]}),
            ),
            ("blood sugar", Nothing, observation("loinc 4548-4")),
        ],
    );
}

#[test]
fn bills_documents_and_images_are_found() {
    all(
        "billing",
        &[
            ("claim", Hidden, json!({"resourceType": "Claim"})),
            ("coverage", Hidden, json!({"resourceType": "Coverage"})),
            (
                "account of a visit",
                Hinted,
                json!({"resourceType": "Encounter", "account": [{"reference": "Account/1"}]}),
            ),
            ("visit", Nothing, json!({"resourceType": "Encounter"})),
        ],
    );
    all(
        "documents",
        &[
            ("document", Hidden, json!({"resourceType": "DocumentReference"})),
            ("document as a bundle", Hidden, json!({"resourceType": "Bundle", "type": "document"})),
            ("page of a search", Nothing, json!({"resourceType": "Bundle", "type": "searchset"})),
            (
                "report with a PDF",
                Hidden,
                json!({"resourceType": "DiagnosticReport", "presentedForm": [{"contentType": "application/pdf"}]}),
            ),
            (
                "answer that is a file",
                Hidden,
                json!({"resourceType": "QuestionnaireResponse",
                "item": [{"item": [{"answer": [{"valueAttachment": {"title": "x"}}]}]}]}),
            ),
            ("narrative", Hinted, json!({"resourceType": "Observation", "text": {"div": "<div>x</div>"}})),
            ("result", Nothing, observation("loinc 4548-4")),
        ],
    );
    all(
        "images",
        &[
            ("study", Hidden, json!({"resourceType": "ImagingStudy"})),
            ("portrait", Hidden, json!({"resourceType": "Patient", "photo": [{"contentType": "image/png"}]})),
            (
                "JPEG in a document",
                Hidden,
                json!({"resourceType": "DocumentReference",
                "content": [{"attachment": {"contentType": "image/jpeg"}}]}),
            ),
            (
                "DICOM with a parameter",
                Hidden,
                json!({"resourceType": "Binary", "contentType": "application/dicom; v=1"}),
            ),
            ("PDF", Nothing, json!({"resourceType": "Binary", "contentType": "application/pdf"})),
            ("radiology", Hidden, coded("DiagnosticReport", "category", "v2-0074 RAD")),
            ("laboratory", Nothing, coded("DiagnosticReport", "category", "v2-0074 LAB")),
        ],
    );
}

#[test]
fn people_and_places_are_found() {
    all(
        "care-team-contacts",
        &[
            ("practitioner", Hidden, json!({"resourceType": "Practitioner"})),
            ("address", Hidden, json!({"resourceType": "Patient", "address": [{"city": "Mesa"}]})),
            ("name only", Nothing, json!({"resourceType": "Patient", "name": [{"family": "Calder"}]})),
            (
                "who did it",
                Hinted,
                json!({"resourceType": "Observation", "performer": [{"reference": "Practitioner/1"}]}),
            ),
        ],
    );
    all(
        "identity",
        &[
            ("name", Hidden, json!({"resourceType": "Patient", "name": [{"family": "Calder"}]})),
            ("death", Hidden, json!({"resourceType": "Patient", "deceasedDateTime": "2020"})),
            (
                "race",
                Hidden,
                json!({"resourceType": "Patient", "extension": [
                {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"}]}),
            ),
            (
                "another extension",
                Nothing,
                json!({"resourceType": "Patient", "extension": [{"url": "http://example.org/us-core-raceway"}]}),
            ),
            ("name elsewhere", Hidden, json!({"resourceType": "Observation", "subject": {"display": "Ines Calder"}})),
            ("member number", Hidden, json!({"resourceType": "Coverage", "subscriberId": "1"})),
            ("member number of nothing", Nothing, json!({"resourceType": "Observation", "subscriberId": "1"})),
            ("number of a bill", Hidden, json!({"resourceType": "Claim", "identifier": [{"value": "1"}]})),
            ("number of a clinic", Nothing, json!({"resourceType": "Organization", "identifier": [{"value": "1"}]})),
            ("bare reference", Nothing, json!({"resourceType": "Observation", "subject": {"reference": "Patient/1"}})),
            ("active", Nothing, json!({"resourceType": "Patient", "active": true})),
        ],
    );
}
