/// A resource type that belongs to a patient's record.
pub(crate) struct RecordType {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether it is asked for even of servers that do not list it (US Core, or common beside it).
    pub(crate) core: bool,
    /// Narrower searches for servers that want more than the patient: label, parameter, value.
    pub(crate) narrower: &'static [(&'static str, &'static str, &'static str)],
}

const fn core(name: &'static str) -> RecordType {
    RecordType { name, core: true, narrower: &[] }
}

const fn more(name: &'static str) -> RecordType {
    RecordType { name, core: false, narrower: &[] }
}

/// In the order a person would want them: who, what is wrong, what is taken, what was measured, what was written, what
/// was paid.
static RECORD: &[RecordType] = &[
    core("Patient"),
    core("AllergyIntolerance"),
    core("Condition"),
    // US Core, "MedicationRequest": the combination every server supports is patient and intent.
    RecordType {
        name: "MedicationRequest",
        core: true,
        narrower: &[(
            "intent",
            "intent",
            "proposal,plan,order,original-order,reflex-order,filler-order,instance-order,option",
        )],
    },
    core("MedicationStatement"),
    core("MedicationDispense"),
    core("MedicationAdministration"),
    core("Immunization"),
    // US Core, "Observation": the combination every server supports is patient and category.
    RecordType {
        name: "Observation",
        core: true,
        narrower: &[
            ("laboratory", "category", "laboratory"),
            ("vital-signs", "category", "vital-signs"),
            ("social-history", "category", "social-history"),
            ("survey", "category", "survey"),
            ("exam", "category", "exam"),
            ("imaging", "category", "imaging"),
            ("procedure", "category", "procedure"),
            ("therapy", "category", "therapy"),
            ("activity", "category", "activity"),
            ("sdoh", "category", "sdoh"),
            ("functional-status", "category", "functional-status"),
            ("disability-status", "category", "disability-status"),
            ("cognitive-status", "category", "cognitive-status"),
            ("treatment-intervention-preference", "category", "treatment-intervention-preference"),
            ("care-experience-preference", "category", "care-experience-preference"),
        ],
    },
    RecordType {
        name: "DiagnosticReport",
        core: true,
        narrower: &[
            ("LAB", "category", "LAB"),
            ("imaging", "category", "http://loinc.org|LP29684-5"),
            ("cardiology", "category", "http://loinc.org|LP29708-2"),
            ("pathology", "category", "http://loinc.org|LP7839-6"),
        ],
    },
    RecordType { name: "DocumentReference", core: true, narrower: &[("clinical-note", "category", "clinical-note")] },
    core("Procedure"),
    core("Encounter"),
    // US Core, "CarePlan": patient and category.
    RecordType { name: "CarePlan", core: true, narrower: &[("assess-plan", "category", "assess-plan")] },
    // US Core, "CareTeam": patient and status.
    RecordType { name: "CareTeam", core: true, narrower: &[("active", "status", "active")] },
    core("Goal"),
    core("ServiceRequest"),
    core("QuestionnaireResponse"),
    core("Device"),
    core("Specimen"),
    core("RelatedPerson"),
    core("Coverage"),
    core("ExplanationOfBenefit"),
    core("Claim"),
    core("Provenance"),
    more("FamilyMemberHistory"),
    more("ImmunizationRecommendation"),
    more("ImagingStudy"),
    more("Media"),
    more("ClinicalImpression"),
    more("RiskAssessment"),
    more("NutritionOrder"),
    more("DeviceUseStatement"),
    more("DeviceRequest"),
    more("Appointment"),
    more("Communication"),
    more("Composition"),
    more("List"),
    more("Consent"),
];

/// Types that are only read where something refers to them.
static READ: &[RecordType] = &[
    core("Practitioner"),
    core("PractitionerRole"),
    core("Organization"),
    core("Location"),
    core("Medication"),
    more("HealthcareService"),
    core("Binary"),
];

/// Types of a patient's record, in the order they are pulled.
pub(crate) fn record_types() -> impl Iterator<Item = &'static RecordType> {
    RECORD.iter()
}

/// Types that are read where something refers to them.
pub(crate) fn read_types() -> impl Iterator<Item = &'static RecordType> {
    READ.iter()
}
