mod totals;

use serde_json::Value;

use crate::plain;
use crate::render;
use crate::walk;

/// One fact of a detail page: what is stated, in the source's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub label: FactLabel,
    /// Plain text.
    pub text: String,
}

macro_rules! labels {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// What a fact is about; a closed list, each with a word in every message file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the name is the key of the word on screen")]
        pub enum FactLabel { $($name),+ }

        impl FactLabel {
            /// Every label.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The key in the message files.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

labels! {
    Status = "status", Verification = "verification", Category = "category", Type = "type", Severity = "severity",
    Criticality = "criticality", Reaction = "reaction", BodySite = "bodySite", Method = "method", Specimen = "specimen",
    Device = "device", Onset = "onset", Ended = "ended", Recorded = "recorded", Issued = "issued", Period = "period",
    Given = "given", Ordered = "ordered", Dose = "dose", Route = "route", Site = "site", Quantity = "quantity",
    Refills = "refills", Substitution = "substitution", Supply = "supply", Lot = "lot", Expires = "expires",
    Manufacturer = "manufacturer", Series = "series", Reason = "reason", Intent = "intent", Priority = "priority",
    Performer = "performer", Orderer = "orderer", Author = "author", Participant = "participant", Place = "place",
    Organization = "organization", Outcome = "outcome", Complication = "complication", FollowUp = "followUp",
    Conclusion = "conclusion", Description = "description", Target = "target", Activity = "activity", Goal = "goal",
    Total = "total", Billed = "billed", Allowed = "allowed", PaidByInsurer = "paidByInsurer", Copay = "copay",
    Deductible = "deductible", Tax = "tax", OwnShare = "ownShare", Insurer = "insurer", Insurance = "insurance",
    Subscriber = "subscriber", Diagnosis = "diagnosis", Item = "item", BirthDate = "birthDate", Gender = "gender", Address = "address", Telecom = "telecom",
    Identifier = "identifier", Language = "language", Deceased = "deceased", Relationship = "relationship",
    Specialty = "specialty", Qualification = "qualification", Question = "question", AbsentReason = "absentReason",
    Range = "range", Note = "note", Format = "format", Custodian = "custodian", Narrative = "narrative",
}

use FactLabel as L;

/// Label and the paths it is read from; the first path that says something wins.
struct Line(FactLabel, &'static [&'static str]);

const OBSERVATION: &[Line] = &[
    Line(L::Status, &["status"]),
    Line(L::Category, &["category"]),
    Line(L::AbsentReason, &["dataAbsentReason"]),
    Line(L::Specimen, &["specimen.display"]),
    Line(L::Method, &["method"]),
    Line(L::BodySite, &["bodySite"]),
    Line(L::Device, &["device.display"]),
    Line(L::Performer, &["performer"]),
    Line(L::Issued, &["issued"]),
];
const MEDICATION: &[Line] = &[
    Line(L::Status, &["status"]),
    Line(L::Intent, &["intent"]),
    Line(L::Dose, &["dosageInstruction", "dosage"]),
    Line(L::Route, &["dosageInstruction.route", "dosage.route"]),
    Line(L::Reason, &["reasonCode", "statusReason"]),
    Line(L::Ordered, &["authoredOn"]),
    Line(L::Given, &["effectiveDateTime", "effectivePeriod", "whenHandedOver"]),
    Line(L::Quantity, &["dispenseRequest.quantity", "quantity"]),
    Line(L::Refills, &["dispenseRequest.numberOfRepeatsAllowed"]),
    Line(L::Supply, &["dispenseRequest.expectedSupplyDuration", "daysSupply"]),
    Line(L::Substitution, &["substitution.allowedBoolean", "substitution.allowedCodeableConcept"]),
    Line(L::Orderer, &["requester", "informationSource"]),
    Line(L::Performer, &["performer.actor", "performer"]),
];
const CONDITION: &[Line] = &[
    Line(L::Status, &["clinicalStatus"]),
    Line(L::Verification, &["verificationStatus"]),
    Line(L::Category, &["category"]),
    Line(L::Severity, &["severity"]),
    Line(L::BodySite, &["bodySite"]),
    Line(L::Onset, &["onsetDateTime", "onsetPeriod", "onsetString", "onsetAge"]),
    Line(L::Ended, &["abatementDateTime", "abatementPeriod", "abatementString", "abatementAge"]),
    Line(L::Recorded, &["recordedDate"]),
    Line(L::Author, &["recorder", "asserter"]),
];
const ALLERGY: &[Line] = &[
    Line(L::Status, &["clinicalStatus"]),
    Line(L::Verification, &["verificationStatus"]),
    Line(L::Type, &["type"]),
    Line(L::Category, &["category"]),
    Line(L::Criticality, &["criticality"]),
    Line(L::Reaction, &["reaction.manifestation"]),
    Line(L::Severity, &["reaction.severity"]),
    Line(L::Onset, &["onsetDateTime", "onsetString"]),
    Line(L::Recorded, &["recordedDate"]),
    Line(L::Author, &["recorder", "asserter"]),
];
const IMMUNIZATION: &[Line] = &[
    Line(L::Status, &["status"]),
    Line(L::Reason, &["statusReason", "reasonCode"]),
    Line(L::Given, &["occurrenceDateTime", "occurrenceString"]),
    Line(L::Dose, &["protocolApplied.doseNumberPositiveInt", "protocolApplied.doseNumberString", "doseQuantity"]),
    Line(L::Series, &["protocolApplied.series"]),
    Line(L::Lot, &["lotNumber"]),
    Line(L::Expires, &["expirationDate"]),
    Line(L::Manufacturer, &["manufacturer"]),
    Line(L::Route, &["route"]),
    Line(L::Site, &["site"]),
    Line(L::Performer, &["performer.actor"]),
    Line(L::Place, &["location"]),
];
const PROCEDURE: &[Line] = &[
    Line(L::Status, &["status"]),
    Line(L::Category, &["category"]),
    Line(L::Given, &["performedDateTime", "performedPeriod", "performedString"]),
    Line(L::Reason, &["reasonCode", "reasonReference"]),
    Line(L::BodySite, &["bodySite"]),
    Line(L::Performer, &["performer.actor"]),
    Line(L::Place, &["location"]),
    Line(L::Outcome, &["outcome"]),
    Line(L::Complication, &["complication"]),
    Line(L::FollowUp, &["followUp"]),
];
const ENCOUNTER: &[Line] = &[
    Line(L::Status, &["status"]),
    Line(L::Type, &["class"]),
    Line(L::Period, &["period"]),
    Line(L::Reason, &["reasonCode", "reasonReference"]),
    Line(L::Participant, &["participant.individual"]),
    Line(L::Place, &["location.location"]),
    Line(L::Organization, &["serviceProvider"]),
    Line(L::Outcome, &["hospitalization.dischargeDisposition"]),
];
const DOCUMENT: &[Line] = &[
    Line(L::Status, &["docStatus", "status"]),
    Line(L::Type, &["type"]),
    Line(L::Category, &["category"]),
    Line(L::Author, &["author"]),
    Line(L::Custodian, &["custodian"]),
    Line(L::Period, &["context.period"]),
    Line(L::Format, &["content.format"]),
    Line(L::Description, &["description"]),
];
const REPORT: &[Line] = &[
    Line(L::Status, &["status"]),
    Line(L::Category, &["category", "modality"]),
    Line(L::Conclusion, &["conclusion"]),
    Line(L::Diagnosis, &["conclusionCode"]),
    Line(L::Item, &["result"]),
    Line(L::Specimen, &["specimen"]),
    Line(L::Performer, &["performer", "resultsInterpreter"]),
    Line(L::Issued, &["issued"]),
];
const PLAN: &[Line] = &[
    Line(L::Status, &["status", "lifecycleStatus"]),
    Line(L::Intent, &["intent"]),
    Line(L::Category, &["category"]),
    Line(L::Description, &["description"]),
    Line(L::Outcome, &["achievementStatus"]),
    Line(L::Target, &["target.measure", "target.detailString"]),
    Line(L::Period, &["period"]),
    Line(L::Activity, &["activity.detail.code", "activity.detail.description", "activity.reference"]),
    Line(L::Goal, &["goal"]),
    Line(L::Participant, &["participant.member"]),
    Line(L::Author, &["author", "expressedBy"]),
    Line(L::Reason, &["addresses", "reasonCode"]),
];
const CLAIM: &[Line] = &[
    Line(L::Status, &["status"]),
    Line(L::Type, &["type"]),
    Line(L::Period, &["billablePeriod", "period"]),
    Line(L::Outcome, &["outcome"]),
    Line(L::Total, &["total"]),
    Line(L::Item, &["item.productOrService"]),
    Line(L::Diagnosis, &["diagnosis.diagnosisCodeableConcept", "diagnosis.diagnosisReference"]),
    Line(L::Insurer, &["insurer", "payor"]),
    Line(L::Insurance, &["insurance.coverage"]),
    Line(L::Subscriber, &["subscriberId"]),
    Line(L::Relationship, &["relationship"]),
    Line(L::Performer, &["provider"]),
];
const PEOPLE: &[Line] = &[
    Line(L::BirthDate, &["birthDate"]),
    Line(L::Gender, &["gender"]),
    Line(L::Deceased, &["deceasedDateTime", "deceasedBoolean"]),
    Line(L::Address, &["address"]),
    Line(L::Telecom, &["telecom"]),
    Line(L::Identifier, &["identifier"]),
    Line(L::Language, &["communication.language"]),
    Line(L::Relationship, &["relationship"]),
    Line(L::Specialty, &["specialty"]),
    Line(L::Qualification, &["qualification.code"]),
    Line(L::Organization, &["organization", "managingOrganization"]),
    Line(L::Type, &["type"]),
];
const ANY: &[Line] = &[
    Line(L::Status, &["status"]),
    Line(L::Intent, &["intent"]),
    Line(L::Priority, &["priority"]),
    Line(L::Category, &["category"]),
    Line(L::Type, &["type"]),
    Line(L::Reason, &["reasonCode", "reasonReference"]),
    Line(L::Period, &["period", "occurrencePeriod"]),
    Line(L::Ordered, &["authoredOn", "authored"]),
    Line(L::Orderer, &["requester"]),
    Line(L::Performer, &["performer"]),
    Line(L::Author, &["author", "agent.who"]),
    Line(L::Manufacturer, &["manufacturer"]),
    Line(L::Lot, &["lotNumber"]),
    Line(L::Expires, &["expirationDate"]),
    Line(L::Item, &["suppliedItem.itemCodeableConcept", "entry.item"]),
    Line(L::Recorded, &["recorded", "date", "created"]),
    Line(L::Description, &["description"]),
];

/// The facts a resource states, in reading order. What it does not state is not in the list.
pub fn facts(resource: &Value) -> Vec<Fact> {
    let lines = match walk::text(resource, "resourceType").unwrap_or_default() {
        "Observation" => OBSERVATION,
        "MedicationRequest" | "MedicationStatement" | "MedicationDispense" | "MedicationAdministration" => MEDICATION,
        "Condition" => CONDITION,
        "AllergyIntolerance" => ALLERGY,
        "Immunization" => IMMUNIZATION,
        "Procedure" => PROCEDURE,
        "Encounter" => ENCOUNTER,
        "DocumentReference" | "Composition" | "Media" => DOCUMENT,
        "DiagnosticReport" | "ImagingStudy" => REPORT,
        "CarePlan" | "CareTeam" | "Goal" => PLAN,
        "Claim" | "ClaimResponse" | "ExplanationOfBenefit" | "Coverage" => CLAIM,
        "Patient" | "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "RelatedPerson" => PEOPLE,
        _ => ANY,
    };
    let mut out = Vec::new();
    for Line(label, paths) in lines {
        match label {
            L::Total => out.extend(totals::totals(resource)),
            label => out.extend(fact(resource, *label, paths)),
        }
    }
    out.extend(answers(resource));
    for note in walk::all(resource, "note") {
        if let Some(text) = render::plain(note) {
            out.push(Fact { label: L::Note, text });
        }
    }
    if let Some(div) = walk::text(resource, "text.div") {
        let text = plain::markup_to_text(div);
        if !text.is_empty() {
            out.push(Fact { label: L::Narrative, text });
        }
    }
    out
}

fn fact(resource: &Value, label: FactLabel, paths: &[&str]) -> Option<Fact> {
    paths.iter().find_map(|path| {
        let mut texts: Vec<String> = Vec::new();
        for found in walk::all(resource, path) {
            if let Some(text) = render::plain(found).filter(|t| !texts.contains(t)) {
                texts.push(text);
            }
        }
        (!texts.is_empty()).then(|| Fact { label, text: texts.join("; ") })
    })
}

/// Questions and answers of a `QuestionnaireResponse`.
fn answers(resource: &Value) -> Vec<Fact> {
    if walk::text(resource, "resourceType") != Some("QuestionnaireResponse") {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut open = walk::all(resource, "item");
    open.reverse();
    while let Some(item) = open.pop() {
        let question = walk::text(item, "text").or_else(|| walk::text(item, "linkId"));
        let given: Vec<String> = walk::all(item, "answer")
            .into_iter()
            .filter_map(|a| a.as_object()?.iter().find(|(name, _)| name.starts_with("value")).map(|(_, v)| v))
            .filter_map(render::plain)
            .collect();
        if let (Some(question), false) = (question, given.is_empty()) {
            out.push(Fact { label: L::Question, text: format!("{question}: {}", given.join("; ")) });
        }
        let mut below = walk::all(item, "item");
        below.reverse();
        open.extend(below);
        if out.len() > 500 {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_medication_reads_in_order() {
        let found = facts(&json!({"resourceType":"MedicationRequest","status":"active","intent":"order",
            "dosageInstruction":[{"text":"One tablet twice a day"}],"note":[{"text":"with food"}],
            "text":{"div":"<div>Metformin <b>500</b></div>"}}));
        let read: Vec<(&str, &str)> = found.iter().map(|f| (f.label.as_str(), f.text.as_str())).collect();
        assert_eq!(
            read,
            [
                ("status", "active"),
                ("intent", "order"),
                ("dose", "One tablet twice a day"),
                ("note", "with food"),
                ("narrative", "Metformin 500")
            ]
        );
    }

    #[test]
    fn answers_stand_with_their_questions() {
        let found = facts(&json!({"resourceType":"QuestionnaireResponse","item":[{"text":"Sleep","item":[
            {"text":"Hours","answer":[{"valueDecimal":6.25}]}]}]}));
        assert_eq!(found[0].text, "Hours: 6.25");
    }
}
