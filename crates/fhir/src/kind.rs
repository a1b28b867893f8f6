use crate::json::Json;
use crate::walk;

/// What a person calls it, in the order of the filter list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Laboratory observations.
    Lab,
    /// Vital signs.
    Vital,
    /// Medication requests, statements, dispenses, administrations.
    Medication,
    /// Conditions.
    Condition,
    /// Allergies and intolerances.
    Allergy,
    /// Immunizations.
    Immunization,
    /// Procedures.
    Procedure,
    /// Encounters.
    Visit,
    /// Documents.
    Document,
    /// Diagnostic reports and imaging studies.
    Report,
    /// Care plans, goals, care teams.
    CarePlan,
    /// Claims, explanations of benefit, coverage.
    Claim,
    /// Patient, practitioners, organizations, locations, related persons.
    People,
    /// Everything else.
    Other,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 14] = [
        Self::Lab,
        Self::Vital,
        Self::Medication,
        Self::Condition,
        Self::Allergy,
        Self::Immunization,
        Self::Procedure,
        Self::Visit,
        Self::Document,
        Self::Report,
        Self::CarePlan,
        Self::Claim,
        Self::People,
        Self::Other,
    ];

    /// The kind of a resource, by its type and, for an observation, its category.
    pub fn of(resource: &impl Json) -> Self {
        match walk::text(resource, "resourceType").unwrap_or_default() {
            "Observation" => Self::of_observation(resource),
            other => Self::of_type(other),
        }
    }

    /// The kind of a resource type; an observation whose category is not known is [`Kind::Other`].
    pub fn of_type(resource_type: &str) -> Self {
        match resource_type {
            "MedicationRequest" | "MedicationStatement" | "MedicationDispense" | "MedicationAdministration" => {
                Self::Medication
            }
            "Condition" => Self::Condition,
            "AllergyIntolerance" => Self::Allergy,
            "Immunization" => Self::Immunization,
            "Procedure" => Self::Procedure,
            "Encounter" => Self::Visit,
            "DocumentReference" | "Composition" | "Media" => Self::Document,
            "DiagnosticReport" | "ImagingStudy" => Self::Report,
            "CarePlan" | "Goal" | "CareTeam" => Self::CarePlan,
            "Claim" | "ClaimResponse" | "ExplanationOfBenefit" | "Coverage" => Self::Claim,
            "Patient" | "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "RelatedPerson" => {
                Self::People
            }
            _ => Self::Other,
        }
    }

    fn of_observation(resource: &impl Json) -> Self {
        let categories = walk::all(resource, "category.coding.code");
        let has = |code: &str| categories.iter().any(|c| c.text() == Some(code));
        if has("laboratory") {
            Self::Lab
        } else if has("vital-signs") {
            Self::Vital
        } else if categories.is_empty() && resource.member("referenceRange").is_some() {
            // A result with a laboratory's range and no category at all is a laboratory result in practice.
            Self::Lab
        } else {
            Self::Other
        }
    }

    /// The name used in the store, the messages and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Vital => "vital",
            Self::Medication => "medication",
            Self::Condition => "condition",
            Self::Allergy => "allergy",
            Self::Immunization => "immunization",
            Self::Procedure => "procedure",
            Self::Visit => "visit",
            Self::Document => "document",
            Self::Report => "report",
            Self::CarePlan => "carePlan",
            Self::Claim => "claim",
            Self::People => "people",
            Self::Other => "other",
        }
    }

    /// The kind with this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
