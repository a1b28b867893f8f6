//! What is where: a registry as a FHIR Bundle, and the brands of both systems (SMART App Launch 2.2, "User-access Brands
//! and Endpoints").

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, header};
use axum::routing::get;
use serde_json::{Value, json};

use crate::people::System;
use crate::reply;
use crate::world::World;

pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new().route("/registry", get(registry)).route("/brands.json", get(brands)).with_state(world)
}

fn bundle(world: &World, resources: Vec<Value>) -> Response<Body> {
    let own = &world.addresses.directory;
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|resource| {
            let part = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
            let url = format!("{own}/{}/{}", part("resourceType"), part("id"));
            json!({"fullUrl": url, "resource": resource})
        })
        .collect();
    let body = json!({"resourceType": "Bundle", "type": "collection", "timestamp": world.clock.now().to_string(), "entry": entries});
    reply::with(reply::fhir(StatusCode::OK, &body), header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

fn endpoint(world: &World, system: System) -> Value {
    json!({
        "resourceType": "Endpoint",
        "id": format!("{}-r4", system.key()),
        "extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version",
            "valueCode": "4.0.1",
        }],
        "status": "active",
        "connectionType": {"system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type", "code": "hl7-fhir-rest"},
        "name": format!("{} FHIR R4", system.name()),
        "contact": [{"system": "url", "value": format!("https://{}.example/developers", system.key())}],
        "payloadType": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/endpoint-payload-type", "code": "none"}]}],
        "payloadMimeType": ["application/fhir+json"],
        "address": world.addresses.fhir(system),
    })
}

fn brand(system: System) -> Value {
    let (alias, city, postal) = match system {
        System::Valley => ("Fenwick Valley Hospital", "Fenwick", "86301"),
        System::Larkspur => ("Larkspur Urgent Care", "Larkspur", "86305"),
    };
    let home = format!("https://{}.example", system.key());
    json!({
        "resourceType": "Organization",
        "id": system.key(),
        "extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/organization-portal",
            "extension": [
                {"url": "portalName", "valueString": format!("My {}", system.name())},
                {"url": "portalDescription", "valueMarkdown": "Where patients see their record and connect programs of their choice."},
                {"url": "portalUrl", "valueUrl": format!("{home}/portal")},
                {"url": "portalEndpoint", "valueReference": {"reference": format!("Endpoint/{}-r4", system.key())}},
            ],
        }],
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": home}],
        "active": true,
        "type": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/organization-type", "code": "prov"}]}],
        "name": system.name(),
        "alias": [alias],
        "telecom": [{"system": "url", "value": home}],
        "address": [{"city": city, "state": "AZ", "postalCode": postal, "country": "US"}],
        "endpoint": [{"reference": format!("Endpoint/{}-r4", system.key())}],
    })
}

async fn brands(State(world): State<Arc<World>>) -> Response<Body> {
    let mut all: Vec<Value> = System::ALL.into_iter().map(brand).collect();
    all.extend(System::ALL.into_iter().map(|system| endpoint(&world, system)));
    bundle(&world, all)
}

async fn registry(State(world): State<Arc<World>>) -> Response<Body> {
    let mut all: Vec<Value> = System::ALL.into_iter().map(|system| endpoint(&world, system)).collect();
    for system in System::ALL {
        for (name, set) in [("conditions", "us-core-condition-code"), ("vaccines", "us-core-vaccines-cvx")] {
            all.push(value_set(system, name, set));
        }
        for kind in ["patient", "observation-lab", "medicationrequest", "immunization", "documentreference"] {
            all.push(profile(system, kind));
        }
    }
    bundle(&world, all)
}

/// A local profile that adds nothing to the US Core one it names.
fn profile(system: System, name: &str) -> Value {
    let kind = match name {
        "observation-lab" => "Observation",
        "medicationrequest" => "MedicationRequest",
        "immunization" => "Immunization",
        "documentreference" => "DocumentReference",
        _ => "Patient",
    };
    json!({
        "resourceType": "StructureDefinition",
        "id": format!("{}-{name}", system.key()),
        "url": format!("https://{}.example/StructureDefinition/{name}", system.key()),
        "name": format!("{}_{}", system.key(), name.replace('-', "_")),
        "title": format!("{kind} at {}", system.name()),
        "status": "active",
        "fhirVersion": "4.0.1",
        "kind": "resource",
        "abstract": false,
        "type": kind,
        "baseDefinition": format!("http://hl7.org/fhir/us/core/StructureDefinition/us-core-{name}"),
        "derivation": "constraint",
        "differential": {"element": [{"id": kind, "path": kind}]},
    })
}

fn value_set(system: System, name: &str, base: &str) -> Value {
    json!({
        "resourceType": "ValueSet",
        "id": format!("{}-{name}", system.key()),
        "url": format!("https://{}.example/ValueSet/{name}", system.key()),
        "name": format!("{}_{name}", system.key()),
        "title": format!("Codes for {name} at {}", system.name()),
        "status": "active",
        "compose": {"include": [{"valueSet": [format!("http://hl7.org/fhir/us/core/ValueSet/{base}")]}]},
    })
}
