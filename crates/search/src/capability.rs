//! The CapabilityStatement, made from what is really there: the types and parameters of the table, the modifiers that
//! are answered, the routes.

use fhir::parameters::{Kind, Parameter, parameters, resource_types};
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::message::Response;

/// When what the statement says was last changed.
const DATE: &str = "2026-11-21";

/// What can be asked of one resource or type.
const OF_TYPE: &[&str] = &["read", "vread", "history-instance", "history-type", "search-type"];

/// What can be asked of all.
const OF_ALL: &[&str] = &["batch", "transaction", "history-system", "search-system"];

impl Engine {
    pub(crate) fn capabilities(&self) -> Response {
        let body = self.statement.get_or_init(|| self.statement().to_string().into_bytes());
        Response::json(200, body.clone())
    }

    fn statement(&self) -> Value {
        let resources: Vec<Value> = resource_types().map(resource).collect();
        json!({
            "resourceType": "CapabilityStatement", "status": "active", "date": DATE, "kind": "instance",
            "software": {"name": "Satchel", "version": env!("CARGO_PKG_VERSION")},
            "implementation": {"description": "A person's own health record", "url": self.settings.base},
            "fhirVersion": "4.0.1", "format": ["application/fhir+json", "json"],
            "rest": [{"mode": "server", "resource": resources, "interaction": codes(OF_ALL)}],
        })
    }
}

fn codes(all: &[&str]) -> Vec<Value> {
    all.iter().map(|code| json!({"code": code})).collect()
}

fn resource(kind: &'static str) -> Value {
    let answered: Vec<&Parameter> =
        parameters(kind).iter().copied().filter(|parameter| is_answered(parameter)).collect();
    let searched: Vec<Value> = answered.iter().map(|parameter| search_parameter(parameter)).collect();
    let references = answered.iter().filter(|parameter| parameter.kind() == Kind::Reference);
    let mut includes: Vec<String> = references.map(|parameter| format!("{kind}:{}", parameter.code())).collect();
    includes.insert(0, "*".to_owned());
    let mut resource = json!({
        "type": kind, "interaction": codes(OF_TYPE), "versioning": "versioned", "readHistory": true,
        "updateCreate": false, "conditionalCreate": false, "conditionalRead": "full-support",
        "conditionalUpdate": false, "conditionalDelete": "not-supported",
        "searchInclude": includes, "searchRevInclude": ["*"], "searchParam": searched,
    });
    if let Some(members) = resource.as_object_mut().filter(|_| kind == "Patient") {
        let definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything";
        members.insert("operation".to_owned(), json!([{"name": "everything", "definition": definition}]));
    }
    resource
}

/// FHIR defines some parameters by words alone; of those full text and `_filter` are answered.
pub(crate) fn is_answered(parameter: &Parameter) -> bool {
    matches!(parameter.code(), "_content" | "_text" | "_filter") || !parameter.expression().is_empty()
}

fn search_parameter(parameter: &Parameter) -> Value {
    let mut stated = json!({
        "name": parameter.code(), "definition": parameter.definition(), "type": parameter.kind().as_str(),
    });
    let modifiers = modifiers(parameter);
    if let Some(members) = stated.as_object_mut().filter(|_| !modifiers.is_empty()) {
        members.insert("documentation".to_owned(), json!(format!("Modifiers: {}", modifiers.join(", "))));
    }
    stated
}

/// The modifiers that are answered for a kind of parameter.
fn modifiers(parameter: &Parameter) -> &'static [&'static str] {
    match (parameter.code(), parameter.kind()) {
        ("_content" | "_text" | "_id" | "_filter", _) => &[],
        (_, Kind::Token) => &["missing", "text", "not", "of-type"],
        (_, Kind::String) => &["missing", "exact", "contains"],
        (_, Kind::Reference) => &["missing", "identifier", "text", "[type]"],
        (_, Kind::Uri) => &["missing", "above", "below"],
        _ => &["missing"],
    }
}
