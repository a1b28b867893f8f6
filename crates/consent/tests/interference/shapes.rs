//! What random resources are made of: per type its elements, and what may stand in each.

/// What an element holds.
#[derive(Clone, Copy)]
pub enum Part {
    /// A required or optional `code`, one of these.
    Word(&'static [&'static str]),
    /// A CodeableConcept.
    Concept,
    /// A drug: hidden ones give their names to the search of free text.
    Drug,
    /// Several.
    Concepts,
    /// A category: one CodeableConcept in an array.
    Category,
    /// A Reference to one of these types.
    Ref(&'static [&'static str]),
    /// Several.
    Refs(&'static [&'static str]),
    /// dateTime, sometimes partial, sometimes with a zone.
    When,
    /// Period.
    Span,
    /// Quantity.
    Amount,
    /// Plain text.
    Text,
    /// Identifiers.
    Ids,
    /// Annotations.
    Notes,
    /// One attachment.
    File,
    /// HumanNames.
    Names,
    /// Backbone elements: each an object of these.
    Many(&'static [(&'static str, Part)]),
    /// One backbone element.
    One(&'static [(&'static str, Part)]),
}

use Part::*;

const SUBJECT: Part = Ref(&["Patient"]);
const CLINICIANS: &[&str] = &["Practitioner", "Organization"];
/// Whatever the record holds.
pub const ANY: &[&str] = &[];

pub const SHAPES: &[(&str, &[(&str, Part)])] = &[
    (
        "Observation",
        &[
            ("status", Word(&["final", "amended", "entered-in-error"])),
            ("category", Category),
            ("code", Concept),
            ("subject", SUBJECT),
            ("encounter", Ref(&["Encounter"])),
            ("effectiveDateTime", When),
            ("valueQuantity", Amount),
            ("performer", Refs(CLINICIANS)),
            ("identifier", Ids),
            ("note", Notes),
            ("hasMember", Refs(&["Observation"])),
            ("derivedFrom", Refs(&["Observation", "QuestionnaireResponse", "DocumentReference"])),
            ("specimen", Ref(&["Specimen"])),
            ("component", Many(&[("code", Concept), ("valueQuantity", Amount)])),
        ],
    ),
    (
        "Condition",
        &[
            ("code", Concept),
            ("category", Category),
            ("subject", SUBJECT),
            ("encounter", Ref(&["Encounter"])),
            ("onsetDateTime", When),
            ("recordedDate", When),
            ("recorder", Ref(&["Practitioner"])),
            ("evidence", Many(&[("detail", Refs(ANY))])),
            ("note", Notes),
            ("identifier", Ids),
        ],
    ),
    (
        "MedicationRequest",
        &[
            ("status", Word(&["active", "stopped"])),
            ("intent", Word(&["order"])),
            ("medicationReference", Ref(&["Medication"])),
            ("subject", SUBJECT),
            ("authoredOn", When),
            ("requester", Ref(CLINICIANS)),
            ("reasonReference", Refs(&["Condition", "Observation"])),
            ("identifier", Ids),
        ],
    ),
    (
        "MedicationStatement",
        &[
            ("status", Word(&["active"])),
            ("medicationCodeableConcept", Drug),
            ("subject", SUBJECT),
            ("effectiveDateTime", When),
            ("note", Notes),
        ],
    ),
    ("Medication", &[("code", Drug), ("manufacturer", Ref(&["Organization"]))]),
    (
        "Encounter",
        &[
            ("status", Word(&["finished"])),
            ("type", Concepts),
            ("subject", SUBJECT),
            ("period", Span),
            ("serviceProvider", Ref(&["Organization"])),
            ("participant", Many(&[("individual", Ref(&["Practitioner"]))])),
            ("location", Many(&[("location", Ref(&["Location"]))])),
            ("diagnosis", Many(&[("condition", Ref(&["Condition"]))])),
            ("reasonReference", Refs(&["Condition", "Observation"])),
            ("partOf", Ref(&["Encounter"])),
            ("identifier", Ids),
        ],
    ),
    ("Practitioner", &[("name", Names), ("identifier", Ids)]),
    ("Organization", &[("name", Text), ("identifier", Ids), ("partOf", Ref(&["Organization"]))]),
    ("Location", &[("name", Text), ("managingOrganization", Ref(&["Organization"]))]),
    (
        "DiagnosticReport",
        &[
            ("status", Word(&["final"])),
            ("category", Category),
            ("code", Concept),
            ("subject", SUBJECT),
            ("effectiveDateTime", When),
            ("result", Refs(&["Observation"])),
            ("performer", Refs(CLINICIANS)),
            ("conclusion", Text),
            ("presentedForm", Many(&[("contentType", Word(&["text/plain"])), ("title", Text)])),
            ("identifier", Ids),
        ],
    ),
    (
        "DocumentReference",
        &[
            ("status", Word(&["current"])),
            ("type", Concept),
            ("category", Category),
            ("subject", SUBJECT),
            ("date", When),
            ("author", Refs(CLINICIANS)),
            ("content", Many(&[("attachment", File)])),
            ("context", One(&[("encounter", Refs(&["Encounter"])), ("related", Refs(ANY))])),
            ("relatesTo", Many(&[("code", Word(&["appends"])), ("target", Ref(&["DocumentReference"]))])),
            ("identifier", Ids),
        ],
    ),
    ("Binary", &[("contentType", Word(&["text/plain"])), ("securityContext", Ref(&["DocumentReference"]))]),
    (
        "Provenance",
        &[
            ("target", Refs(ANY)),
            ("recorded", When),
            ("agent", Many(&[("who", Ref(CLINICIANS))])),
            ("entity", Many(&[("role", Word(&["source"])), ("what", Ref(ANY))])),
        ],
    ),
    (
        "List",
        &[
            ("status", Word(&["current"])),
            ("mode", Word(&["snapshot"])),
            ("title", Text),
            ("code", Concept),
            ("subject", SUBJECT),
            ("date", When),
            ("entry", Many(&[("item", Ref(ANY))])),
        ],
    ),
    (
        "CarePlan",
        &[
            ("status", Word(&["active"])),
            ("intent", Word(&["plan"])),
            ("subject", SUBJECT),
            ("addresses", Refs(&["Condition"])),
            ("activity", Many(&[("reference", Ref(ANY))])),
            ("period", Span),
            ("note", Notes),
        ],
    ),
    (
        "Procedure",
        &[
            ("status", Word(&["completed"])),
            ("code", Concept),
            ("subject", SUBJECT),
            ("performedDateTime", When),
            ("reasonReference", Refs(&["Condition"])),
            ("report", Refs(&["DiagnosticReport"])),
            ("note", Notes),
        ],
    ),
    (
        "Immunization",
        &[
            ("status", Word(&["completed"])),
            ("vaccineCode", Concept),
            ("patient", SUBJECT),
            ("occurrenceDateTime", When),
            ("lotNumber", Text),
        ],
    ),
    ("AllergyIntolerance", &[("code", Concept), ("patient", SUBJECT), ("recordedDate", When), ("note", Notes)]),
    ("Specimen", &[("type", Concept), ("subject", SUBJECT), ("receivedTime", When)]),
    (
        "QuestionnaireResponse",
        &[
            ("status", Word(&["completed"])),
            ("subject", SUBJECT),
            ("authored", When),
            (
                "item",
                Many(&[
                    ("linkId", Word(&["1", "2"])),
                    ("text", Text),
                    ("answer", Many(&[("valueReference", Ref(ANY))])),
                ]),
            ),
        ],
    ),
    (
        "Coverage",
        &[
            ("status", Word(&["active"])),
            ("beneficiary", SUBJECT),
            ("subscriberId", Text),
            ("payor", Refs(&["Organization"])),
        ],
    ),
    (
        "Goal",
        &[
            ("lifecycleStatus", Word(&["active"])),
            ("description", Concept),
            ("subject", SUBJECT),
            ("addresses", Refs(&["Condition", "Observation"])),
        ],
    ),
    ("Flag", &[("status", Word(&["active"])), ("code", Concept), ("subject", SUBJECT)]),
    (
        "Task",
        &[
            ("status", Word(&["requested"])),
            ("intent", Word(&["order"])),
            ("focus", Ref(ANY)),
            ("for", SUBJECT),
            ("description", Text),
        ],
    ),
    ("Basic", &[("code", Concept), ("subject", SUBJECT), ("author", Ref(CLINICIANS))]),
];

pub const LOINC: &str = "http://loinc.org";
pub const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub const SNOMED: &str = "http://snomed.info/sct";

/// Ordinary codes, and sensitive ones, with their words.
pub const CODES: &[(&str, &str, &str)] = &[
    (LOINC, "4548-4", "Hemoglobin A1c"),
    (LOINC, "8302-2", "Body height"),
    (LOINC, "2106-3", "Choriogonadotropin"),
    (LOINC, "14334-7", "Lithium"),
    (LOINC, "55277-8", "HIV status"),
    (LOINC, "34866-4", "Psychology counselling note"),
    (LOINC, "18842-5", "Discharge summary"),
    (ICD, "E11.9", "Type 2 diabetes"),
    (ICD, "I10", "Hypertension"),
    (ICD, "F33.1", "Recurrent depression"),
    (ICD, "F10.20", "Alcohol dependence"),
    (ICD, "B20", "HIV disease"),
    (ICD, "Z79.01", "Long term anticoagulants"),
    (RXNORM, "855332", "warfarin sodium 5 MG Oral Tablet"),
    (RXNORM, "312940", "sertraline 25 MG Oral Tablet"),
    (SNOMED, "38341003", "Hypertensive disorder"),
    (SNOMED, "35489007", "Depressive disorder"),
    ("https://hospital.example/codes", "X1", "House code"),
];

/// Codes of drugs.
pub const DRUGS: &[(&str, &str, &str)] = &[
    (RXNORM, "855332", "warfarin sodium 5 MG Oral Tablet"),
    (RXNORM, "312940", "sertraline 25 MG Oral Tablet"),
    (RXNORM, "861007", "metformin hydrochloride 500 MG Oral Tablet"),
];

/// Plain words that stand in texts.
pub const WORDS: &[&str] = &["well", "knee", "Adán", "follow up", "morning", "left arm", "as before", "Núñez"];
