use crate::date::PartialDate;
use crate::json::{Json, Seen};
use crate::kind::Kind;
use crate::measured::{self, Measured};
use crate::render;
use crate::walk;

/// What lists, filters and the search index need of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What a person calls it.
    pub kind: Kind,
    /// Plain title; `None` when the source names nothing.
    pub title: Option<String>,
    /// Clinical date.
    pub date: Option<PartialDate>,
    /// Status code.
    pub status: Option<String>,
    /// Value of an observation.
    pub value: Option<Measured>,
    /// What makes two observations the same test: `system|code`, or the folded title.
    pub test_key: Option<String>,
    /// First file of a document.
    pub attachment: Option<Attachment>,
    /// Words for the full-text index: titles, displays, notes, values, codes.
    pub words: String,
}

/// A file that a resource carries or points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Title, when stated.
    pub title: Option<String>,
    /// Content type as stated.
    pub content_type: Option<String>,
    /// Address, when it is elsewhere.
    pub url: Option<String>,
    /// Base64, when it is inline.
    pub data: Option<String>,
    /// Size in bytes as stated by the source, or counted when inline.
    pub size: Option<u64>,
}

/// A coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Code system URL.
    pub system: Option<String>,
    /// Code.
    pub code: Option<String>,
    /// Display text sent with it.
    pub display: Option<String>,
}

/// Reads the summary of a resource. Total: whatever the resource looks like, there is a summary.
pub fn summarize(resource: &impl Json) -> Summary {
    let kind = Kind::of(resource);
    let resource_type = walk::text(resource, "resourceType").unwrap_or_default();
    let title = title(resource, resource_type);
    let value = if resource_type == "Observation" { measured::of_observation(resource) } else { None };
    Summary {
        kind,
        date: date(resource, resource_type),
        status: status(resource),
        test_key: (resource_type == "Observation").then(|| test_key(resource, title.as_deref())).flatten(),
        attachment: attachments(resource).into_iter().next(),
        words: words(resource),
        value,
        title,
    }
}

fn title(resource: &impl Json, resource_type: &str) -> Option<String> {
    let paths: &[&str] = match resource_type {
        "Patient" | "Practitioner" | "RelatedPerson" => &["name"],
        "MedicationRequest" | "MedicationStatement" | "MedicationDispense" | "MedicationAdministration" => {
            &["medicationCodeableConcept", "medicationReference.display"]
        }
        "Immunization" => &["vaccineCode"],
        "Encounter" => &["type", "serviceType", "reasonCode", "class"],
        "DocumentReference" => &["description", "content.attachment.title", "type", "category"],
        "Media" => &["content.title", "type", "modality"],
        "CarePlan" => &["title", "description", "category"],
        "CareTeam" => &["name", "category"],
        "Goal" => &["description"],
        "Claim" | "ExplanationOfBenefit" => &["item.productOrService", "type"],
        "Coverage" => &["class.name", "type", "payor.display"],
        "Device" => &["deviceName.name", "type"],
        "Provenance" => &["activity", "agent.who.display"],
        "PractitionerRole" => &["practitioner.display", "code"],
        "ImagingStudy" => &["description", "procedureCode", "series.modality"],
        _ => &["code", "title", "name", "description", "type", "serviceType", "category"],
    };
    let found = paths.iter().find_map(|path| walk::first(resource, path).and_then(render::plain));
    found.or_else(|| contained_medication(resource))
}

/// A medication that is named only in a contained resource.
fn contained_medication(resource: &impl Json) -> Option<String> {
    let wanted = walk::text(resource, "medicationReference.reference")?.strip_prefix('#')?;
    let contained = walk::all(resource, "contained");
    let medication = contained.into_iter().find(|c| walk::text(*c, "id") == Some(wanted))?;
    medication.member("code").and_then(render::plain)
}

fn date(resource: &impl Json, resource_type: &str) -> Option<PartialDate> {
    let paths: &[&str] = match resource_type {
        "Observation" | "DiagnosticReport" => {
            &["effectiveDateTime", "effectivePeriod.start", "effectiveInstant", "issued"]
        }
        "Condition" => &["onsetDateTime", "onsetPeriod.start", "recordedDate"],
        "AllergyIntolerance" => &["onsetDateTime", "recordedDate", "lastOccurrence"],
        "Procedure" => &["performedDateTime", "performedPeriod.start"],
        "Immunization" => &["occurrenceDateTime", "recorded"],
        "MedicationRequest" => &["authoredOn"],
        "MedicationStatement" => &["effectiveDateTime", "effectivePeriod.start", "dateAsserted"],
        "MedicationDispense" => &["whenHandedOver", "whenPrepared"],
        "MedicationAdministration" => &["effectiveDateTime", "effectivePeriod.start"],
        "DocumentReference" => &["date", "context.period.start"],
        "Claim" | "ExplanationOfBenefit" => &["billablePeriod.start", "created"],
        "Patient" | "Practitioner" | "Organization" | "Location" | "RelatedPerson" => &[],
        "Goal" => &["startDate", "statusDate"],
        "ImagingStudy" => &["started"],
        "Specimen" => &["collection.collectedDateTime", "receivedTime"],
        _ => &[
            "authoredOn",
            "authored",
            "occurrenceDateTime",
            "occurrencePeriod.start",
            "period.start",
            "date",
            "created",
            "recorded",
            "createdDateTime",
        ],
    };
    paths.iter().find_map(|path| walk::text(resource, path).and_then(PartialDate::parse))
}

fn status(resource: &impl Json) -> Option<String> {
    ["clinicalStatus.coding.code", "lifecycleStatus", "status"]
        .iter()
        .find_map(|path| walk::text(resource, path))
        .map(str::to_owned)
}

fn test_key<J: Json>(resource: &J, title: Option<&str>) -> Option<String> {
    let codings = walk::all(resource, "code.coding");
    let key = |coding: &J| -> Option<String> {
        Some(format!("{}|{}", walk::text(coding, "system").unwrap_or_default(), walk::text(coding, "code")?))
    };
    let loinc = codings.iter().copied().find(|c| walk::text(*c, "system") == Some("http://loinc.org")).and_then(key);
    loinc.or_else(|| codings.first().copied().and_then(key)).or_else(|| Some(format!("text|{}", title?.to_lowercase())))
}

/// The codings of the resource's `code` (or what stands for it).
pub fn codes(resource: &impl Json) -> Vec<Code> {
    ["code.coding", "vaccineCode.coding", "medicationCodeableConcept.coding", "type.coding"]
        .iter()
        .map(|path| walk::all(resource, path))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
        .into_iter()
        .map(|coding| Code {
            system: walk::text(coding, "system").map(str::to_owned),
            code: walk::text(coding, "code").map(str::to_owned),
            display: walk::text(coding, "display").map(str::to_owned),
        })
        .collect()
}

/// Types of resources that have files, and where these stand.
pub const WITH_FILES: [(&str, &str); 3] =
    [("DocumentReference", "content.attachment"), ("DiagnosticReport", "presentedForm"), ("Media", "content")];

/// The files of a resource, in order.
pub fn attachments(resource: &impl Json) -> Vec<Attachment> {
    let resource_type = walk::text(resource, "resourceType");
    let Some((_, path)) = WITH_FILES.iter().find(|(name, _)| resource_type == Some(*name)) else { return Vec::new() };
    walk::all(resource, path).into_iter().map(attachment).collect()
}

fn attachment(value: &impl Json) -> Attachment {
    let data = walk::text(value, "data");
    let stated = walk::digits(value, "size").and_then(|n| n.parse().ok());
    let counted = data.map(|d| {
        let digits = d.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=').count();
        (digits as u64) * 3 / 4
    });
    Attachment {
        title: walk::text(value, "title").map(str::to_owned),
        content_type: walk::text(value, "contentType").map(str::to_owned),
        url: walk::text(value, "url").map(str::to_owned),
        data: data.map(str::to_owned),
        size: counted.or(stated),
    }
}

/// Most text that one resource puts into the index.
const MAX_WORDS: usize = 8 * 1024;

fn words(resource: &impl Json) -> String {
    let mut out = String::new();
    gather(resource, &mut out, 0);
    out
}

fn gather(value: &impl Json, out: &mut String, depth: u8) {
    if depth > 12 || out.len() > MAX_WORDS {
        return;
    }
    if let Seen::List(items) = value.seen() {
        for item in items {
            match item.seen() {
                Seen::Text(text) => push(out, text),
                _ => gather(item, out, depth + 1),
            }
        }
    }
    for (name, member) in value.members() {
        match (name, member.seen()) {
            ("div", Seen::Text(_)) | ("data" | "meta" | "extension" | "system" | "reference" | "url", _) => {}
            (_, Seen::Text(text)) if speaks(name) => push(out, text),
            (_, Seen::Object | Seen::List(_)) => gather(member, out, depth + 1),
            _ => {}
        }
    }
}

/// Members whose text a person may search for.
fn speaks(member: &str) -> bool {
    matches!(
        member,
        "text"
            | "display"
            | "title"
            | "description"
            | "comment"
            | "conclusion"
            | "valueString"
            | "family"
            | "name"
            | "city"
            | "code"
            | "lotNumber"
            | "patientInstruction"
            | "answer"
            | "detail"
            | "unit"
    )
}

fn push(out: &mut String, text: &str) {
    let room = MAX_WORDS.saturating_sub(out.len());
    let text = text.trim();
    let mut end = text.len().min(room);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let Some(part) = text.get(..end).filter(|p| !p.is_empty()) else { return };
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(part);
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn a_laboratory_result_is_summed_up() {
        let summary = summarize(&json!({
            "resourceType":"Observation","id":"a","status":"final",
            "category":[{"coding":[{"code":"laboratory"}]}],
            "code":{"coding":[{"system":"urn:local","code":"x"},{"system":"http://loinc.org","code":"4548-4","display":"Hemoglobin A1c"}]},
            "effectiveDateTime":"2026-11-10T08:00:00Z","valueQuantity":{"value":6.2,"unit":"%"},
            "note":[{"text":"fasting"}]}));
        assert_eq!(summary.kind, Kind::Lab);
        assert_eq!(summary.title.as_deref(), Some("Hemoglobin A1c"));
        assert_eq!(summary.test_key.as_deref(), Some("http://loinc.org|4548-4"));
        assert_eq!(summary.status.as_deref(), Some("final"));
        assert!(summary.words.contains("fasting") && summary.words.contains("4548-4"));
    }

    #[test]
    fn a_medication_named_only_inside_is_found() {
        let summary = summarize(&json!({"resourceType":"MedicationRequest","medicationReference":{"reference":"#m"},
            "contained":[{"resourceType":"Medication","id":"m","code":{"text":"Nizatidine 15 mg"}}]}));
        assert_eq!(summary.title.as_deref(), Some("Nizatidine 15 mg"));
        assert_eq!(summary.date, None);
    }

    #[test]
    fn what_is_not_stated_stays_missing() {
        let summary = summarize(&json!({"resourceType":"Condition","onsetDateTime":"not a date"}));
        assert_eq!((summary.title, summary.date, summary.status), (None, None, None));
    }

    pub(crate) fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from)
        ];
        let names = prop::sample::select(vec![
            "resourceType",
            "code",
            "coding",
            "text",
            "display",
            "category",
            "valueQuantity",
            "value",
            "component",
            "referenceRange",
            "low",
            "content",
            "attachment",
            "data",
            "name",
            "given",
            "contained",
            "reference",
            "period",
        ]);
        leaf.prop_recursive(5, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((names.clone(), inner), 0..6)
                    .prop_map(|m| Value::Object(m.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_has_a_summary_and_facts(value in any_json(), kind in prop::sample::select(vec!["Observation", "Patient", "DocumentReference", "Claim", "X"])) {
            let mut value = value;
            if let Value::Object(members) = &mut value {
                members.insert("resourceType".into(), Value::from(kind));
            }
            let summary = summarize(&value);
            prop_assert!(summary.words.len() <= MAX_WORDS + 1);
            crate::facts(&value);
            crate::links(&value);
            codes(&value);
        }
    }
}
