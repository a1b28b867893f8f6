//! The kinds as the record names them and as the window does: one list, two crates.

use super::Kind;

impl From<fhir::Kind> for Kind {
    fn from(kind: fhir::Kind) -> Self {
        match kind {
            fhir::Kind::Lab => Self::Lab,
            fhir::Kind::Vital => Self::Vital,
            fhir::Kind::Medication => Self::Medication,
            fhir::Kind::Condition => Self::Condition,
            fhir::Kind::Allergy => Self::Allergy,
            fhir::Kind::Immunization => Self::Immunization,
            fhir::Kind::Procedure => Self::Procedure,
            fhir::Kind::Visit => Self::Visit,
            fhir::Kind::Document => Self::Document,
            fhir::Kind::Report => Self::Report,
            fhir::Kind::CarePlan => Self::CarePlan,
            fhir::Kind::Claim => Self::Claim,
            fhir::Kind::People => Self::People,
            fhir::Kind::Other => Self::Other,
        }
    }
}

impl From<Kind> for fhir::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Lab => Self::Lab,
            Kind::Vital => Self::Vital,
            Kind::Medication => Self::Medication,
            Kind::Condition => Self::Condition,
            Kind::Allergy => Self::Allergy,
            Kind::Immunization => Self::Immunization,
            Kind::Procedure => Self::Procedure,
            Kind::Visit => Self::Visit,
            Kind::Document => Self::Document,
            Kind::Report => Self::Report,
            Kind::CarePlan => Self::CarePlan,
            Kind::Claim => Self::Claim,
            Kind::People => Self::People,
            Kind::Other => Self::Other,
        }
    }
}

impl Kind {
    /// The kind a stored name means; an unknown name is [`Kind::Other`].
    pub(crate) fn of_name(name: &str) -> Self {
        fhir::Kind::parse(name).unwrap_or(fhir::Kind::Other).into()
    }
}
