use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::chart::{Chart, identifier};
use super::dice::Dice;
use super::element::{Code, LOINC, code, concept, hl7, put, reference};
use super::moment::Moment;
use super::{pdf, picture};

/// One document: what it is, when, of which visit, and its bytes.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(crate) kind: Code,
    pub(crate) title: String,
    pub(crate) at: Moment,
    pub(crate) encounter: Option<&'a str>,
    pub(crate) clinician: usize,
    /// Media type and bytes of each form, best first.
    pub(crate) forms: Vec<(&'static str, Vec<u8>)>,
}

pub(crate) const PROGRESS: Code = code("11506-3", "Progress note");
pub(crate) const DISCHARGE: Code = code("18842-5", "Discharge summary");
pub(crate) const PSYCHOLOGY: Code = code("11527-9", "Psychiatry note");
pub(crate) const PICTURE: Code = code("18748-4", "Diagnostic imaging study");

/// Writes the DocumentReference and a Binary for each form.
pub(crate) fn write(chart: &mut Chart, document: Document<'_>) {
    let id = chart.new_id();
    let mut content = Vec::new();
    for (media_type, bytes) in document.forms {
        let binary = chart.new_id();
        let size = bytes.len();
        let body = json!({
            "contentType": media_type,
            "securityContext": reference("DocumentReference", &id),
            "data": STANDARD.encode(bytes),
        });
        chart.add_as("Binary", &binary, None, document.at, body);
        content.push(json!({
            "attachment": {
                "contentType": media_type,
                "url": format!("Binary/{binary}"),
                "size": size,
                "title": document.title,
                "creation": document.at.to_string(),
            },
            "format": {"system": "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode", "code": "urn:ihe:iti:xds:2017:mimeTypeSufficient"},
        }));
    }
    let mut body = json!({
        "identifier": identifier(chart.system, "document", &id),
        "status": "current",
        "type": concept(LOINC, document.kind),
        "category": [{"coding": [{
            "system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "code": "clinical-note",
            "display": "Clinical Note",
        }]}],
        "subject": chart.subject(),
        "date": document.at.instant(3),
        "author": [chart.system.clinician(document.clinician).reference()],
        "custodian": chart.system.organization_reference(),
        "description": document.title,
        "content": content,
    });
    if let Some(encounter) = document.encounter {
        let context = json!({
            "encounter": [reference("Encounter", encounter)],
            "period": {"start": document.at.to_string()},
        });
        put(&mut body, "context", Some(context));
    }
    chart.add_as("DocumentReference", &id, Some("documentreference"), document.at, body);
}

/// A note as plain text.
pub(crate) fn text(lines: &[String]) -> (&'static str, Vec<u8>) {
    ("text/plain; charset=utf-8", lines.join("\n").into_bytes())
}

/// The same lines on a printed page.
pub(crate) fn page(title: &str, lines: &[String]) -> (&'static str, Vec<u8>) {
    ("application/pdf", pdf::page(title, lines))
}

/// A picture as it comes from a scanner: grey shapes.
pub(crate) fn scan(dice: &mut Dice) -> (&'static str, Vec<u8>) {
    ("image/png", picture::scan(dice))
}

/// A report of a picture: DiagnosticReport whose result is the picture itself.
pub(crate) fn imaging(chart: &mut Chart, dice: &mut Dice, title: &str, at: Moment, encounter: &str, clinician: usize) {
    let lines = vec![title.to_owned(), "No acute change. Compared with the earlier picture: unchanged.".to_owned()];
    let mut report = json!({
        "status": "final",
        "category": [{"coding": [{"system": hl7("v2-0074"), "code": "RAD", "display": "Radiology"}]}],
        "code": concept(LOINC, PICTURE),
        "subject": chart.subject(),
        "effectiveDateTime": at.to_string(),
        "issued": at.plus(60).instant(0),
        "performer": [chart.system.clinician(clinician).reference()],
        "conclusion": lines.join(" "),
    });
    put(&mut report, "encounter", Chart::encounter(Some(encounter)));
    chart.add("DiagnosticReport", Some("diagnosticreport-note"), at.plus(60), report);
    let forms = vec![scan(dice), page(title, &lines)];
    write(chart, Document { kind: PICTURE, title: title.to_owned(), at, encounter: Some(encounter), clinician, forms });
}
