use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::people::System;
use crate::reply;

use super::Server;

/// Search parameters by kind: name and type. The server does what stands here, no less.
fn parameters(kind: &str) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![("_id", "token"), ("_lastUpdated", "date")];
    match kind {
        "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "Medication" | "Endpoint" | "Binary"
        | "Patient" => {}
        "Provenance" => all.push(("target", "reference")),
        _ => all.extend([
            ("patient", "reference"),
            ("category", "token"),
            ("code", "token"),
            ("date", "date"),
            ("status", "token"),
            ("type", "token"),
            ("encounter", "reference"),
        ]),
    }
    all
}

/// The CapabilityStatement, with the addresses of the authorization server in the older place too (`oauth-uris`).
pub(super) async fn statement(State(server): State<Server>) -> Response<Body> {
    if server.strikes("no-metadata").is_some() {
        return reply::outcome(StatusCode::NOT_FOUND, "not-found", "there is nothing at this address");
    }
    let mut kinds = server.world.store(server.system).kinds();
    if server.system == System::Larkspur {
        let legacy = server.world.legacy.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        kinds = legacy.kinds();
    }
    let resources: Vec<Value> = kinds.iter().map(|kind| resource(&server, kind)).collect();
    let authority = &server.world.addresses.authority;
    let uri = |name: &str, path: &str| json!({"url": name, "valueUri": format!("{authority}/{path}")});
    let date = server.world.clock.now().strftime("%Y-%m-%d").to_string();
    let body = json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": date,
        "kind": "instance",
        "software": {"name": "Satchel demo ecosystem", "version": env!("CARGO_PKG_VERSION")},
        "implementation": {"description": server.system.name(), "url": server.base()},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "instantiates": ["http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server"],
        "rest": [{
            "mode": "server",
            "security": {
                "service": [{"coding": [{
                    "system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR",
                }]}],
                "extension": [{
                    "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                    "extension": [
                        uri("authorize", "authorize"),
                        uri("token", "token"),
                        uri("revoke", "revoke"),
                        uri("introspect", "introspect"),
                        uri("register", "register"),
                    ],
                }],
            },
            "resource": resources,
        }],
    });
    reply::fhir(StatusCode::OK, &body)
}

fn resource(server: &Server, kind: &str) -> Value {
    let named = |(name, kind): (&str, &str)| json!({"name": name, "type": kind});
    let interactions =
        if kind == "Binary" { json!([{"code": "read"}]) } else { json!([{"code": "read"}, {"code": "search-type"}]) };
    let mut body = json!({
        "type": kind,
        "interaction": interactions,
        "versioning": "versioned",
        "searchParam": parameters(kind).into_iter().map(named).collect::<Vec<_>>(),
        "searchRevInclude": ["Provenance:target"],
    });
    if let Some(map) = body.as_object_mut() {
        if kind == "MedicationRequest" {
            map.insert("searchInclude".to_owned(), json!(["MedicationRequest:medication"]));
        }
        if kind == "Patient" && server.system == System::Valley {
            let definition = "https://smarthealth.cards/OperationDefinition/health-cards-issue";
            map.insert("operation".to_owned(), json!([{"name": "health-cards-issue", "definition": definition}]));
        }
        if kind == "DocumentReference" {
            let definition = "http://hl7.org/fhir/us/core/OperationDefinition/docref";
            map.insert("operation".to_owned(), json!([{"name": "docref", "definition": definition}]));
        }
    }
    body
}
