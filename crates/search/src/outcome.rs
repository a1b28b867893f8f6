use serde_json::{Value, json};

use crate::error::Refusal;
use crate::message::Response;

/// How grave an issue is (FHIR R4, IssueSeverity).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Severity {
    Error,
    Warning,
}

/// The OperationOutcome of refusals.
pub(crate) fn outcome(severity: Severity, refusals: &[Refusal]) -> Value {
    let issues: Vec<Value> = refusals.iter().map(|refusal| issue(severity, refusal)).collect();
    json!({"resourceType": "OperationOutcome", "issue": issues})
}

fn issue(severity: Severity, refusal: &Refusal) -> Value {
    let severity = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut issue = json!({
        "severity": severity, "code": refusal.error.code(), "details": {"text": refusal.error.to_string()},
    });
    if let (Some(at), Some(issue)) = (&refusal.at, issue.as_object_mut()) {
        // FHIR R4, OperationOutcome.issue.expression: for search parameters, "http." and the name.
        issue.insert("expression".to_owned(), json!([format!("http.{at}")]));
    }
    issue
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let status = refusal.error.status();
        Self::json(status, outcome(Severity::Error, &[refusal]).to_string().into_bytes())
    }
}
