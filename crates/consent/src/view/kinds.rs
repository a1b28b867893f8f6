//! What the types of resources are to a view.

/// In a view only if something in it refers to them, or a permit names their type or themselves.
const REFERRED: &[&str] = &[
    "Binary",
    "Endpoint",
    "HealthcareService",
    "Location",
    "Medication",
    "Organization",
    "OrganizationAffiliation",
    "Practitioner",
    "PractitionerRole",
    "Substance",
];

/// How a type comes into a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By a permit.
    Permit,
    /// By a permit that names the type, or because something in the view refers to it.
    Referred,
    /// By a permit, or because something in the view refers to it: what a result was made from belongs to the result.
    Both,
    /// Because something in the view points to it, and in no other way.
    Attached,
    /// By a permit, or because it is about something in the view.
    About,
    /// By a permit that names it: what the owner agreed with others is nobody else's business.
    Named,
}

pub(super) fn way(resource_type: &str) -> Way {
    match resource_type {
        "Binary" => Way::Attached,
        "Specimen" => Way::Both,
        "Provenance" => Way::About,
        "Consent" => Way::Named,
        _ if REFERRED.binary_search(&resource_type).is_ok() => Way::Referred,
        _ => Way::Permit,
    }
}

/// Whether a view takes such resources in because something in it points to them, without a permit that names them.
pub(crate) fn comes_along(resource_type: &str) -> bool {
    !matches!(way(resource_type), Way::Permit | Way::Named)
}

/// Whether a permit for everything does not mean a type by itself: one that names it gives more.
pub fn needs_its_name(resource_type: &str) -> bool {
    matches!(way(resource_type), Way::Referred | Way::Named | Way::Attached)
}

/// Whether it goes when nothing but its frame is left. The person does not, nor do places and people, which are there
/// because others refer to them.
pub(super) fn can_be_a_shell(resource_type: &str) -> bool {
    resource_type != "Patient" && way(resource_type) != Way::Referred
}

/// Claims and their answers: totals, pointers and sequence numbers show a gap, so one hit takes the whole.
pub(super) fn is_bill(resource_type: &str) -> bool {
    matches!(resource_type, "Claim" | "ClaimResponse" | "ExplanationOfBenefit")
}

/// Members of a bill in which a gap shows.
pub(super) fn shows_a_gap(member: &str) -> bool {
    matches!(
        member,
        "item" | "addItem" | "diagnosis" | "procedure" | "supportingInfo" | "prescription" | "originalPrescription"
    )
}

/// Notes of a visit: they go with a visit that a topic hides.
pub(super) fn is_note(resource_type: &str) -> bool {
    matches!(resource_type, "ClinicalImpression" | "Composition" | "DocumentReference")
}

/// What such a resource is about. Where all of it is gone, so is the resource.
pub(super) fn about(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "AuditEvent" => &["entity"],
        "Communication" | "CommunicationRequest" => &["about", "payload"],
        "DetectedIssue" => &["implicated"],
        "Flag" => &["extension"],
        "List" => &["entry"],
        "Provenance" => &["target"],
        "Task" => &["focus"],
        _ => &[],
    }
}

/// Lists of references out of which one goes, in place of standing there as masked.
pub(super) fn leaves_the_list(resource_type: &str, path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    match last {
        "about" | "derivedFrom" | "hasMember" | "implicated" | "result" | "target" => true,
        "entry" => resource_type == "Composition",
        _ => false,
    }
}

/// Members that a display elsewhere may repeat.
pub(super) fn is_name(member: &str) -> bool {
    matches!(
        member,
        "alias"
            | "category"
            | "code"
            | "description"
            | "deviceName"
            | "name"
            | "title"
            | "type"
            | "vaccineCode"
            | "udiCarrier"
    )
}

/// Members that say no more than that something is there.
pub(super) fn is_frame(member: &str) -> bool {
    matches!(
        member,
        "resourceType"
            | "id"
            | "meta"
            | "identifier"
            | "implicitRules"
            | "language"
            | "text"
            | "contained"
            | "status"
            | "statusReason"
            | "intent"
            | "priority"
            | "lifecycleStatus"
            | "mode"
            | "confidentiality"
            | "docStatus"
            | "clinicalStatus"
            | "verificationStatus"
            | "subject"
            | "patient"
            | "beneficiary"
            | "for"
            | "encounter"
            | "context"
            | "asserter"
            | "author"
            | "custodian"
            | "owner"
            | "performer"
            | "recorder"
            | "requester"
            | "recipient"
            | "sender"
            | "source"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_types_can_be_searched() {
        assert!(REFERRED.is_sorted());
        assert_eq!(way("PractitionerRole"), Way::Referred);
        assert_eq!(way("Observation"), Way::Permit);
    }
}
