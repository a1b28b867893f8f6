//! The CapabilityStatement: what the engine says of itself, and how this server is secured.

use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use search::{Engine, Request, Settings};
use serde_json::{Value, json};
use types::Secret;

use crate::house::{Asked, Ends, House};
use crate::owner::Owner;
use crate::refusal::Refusal;
use crate::{fhir, reply};

/// The addresses of the extension `oauth-uris`, and what RFC 8414 calls them.
const URIS: [(&str, &str); 5] = [
    ("token", "token_endpoint"),
    ("authorize", "authorization_endpoint"),
    ("register", "registration_endpoint"),
    ("introspect", "introspection_endpoint"),
    ("revoke", "revocation_endpoint"),
];

/// What the statement is made of, and the statement itself once somebody asked for it.
#[derive(Debug)]
pub(crate) struct Statement {
    /// One that holds nothing: it says the same to everybody, whoever asks.
    engine: Engine,
    /// With what the authorization server said of itself when it was made.
    made: Mutex<Option<(Value, Bytes)>>,
}

impl Statement {
    pub(crate) fn new(base: &str) -> Self {
        let (base, key) = (format!("{base}/fhir"), Secret::new([0; 32]));
        let settings = Settings { base, patients: Vec::new(), zone: TimeZone::UTC, key };
        Self { engine: Engine::new(settings), made: Mutex::default() }
    }

    /// The statement without further wishes.
    fn plain(&self, stated: &[u8], metadata: Value) -> Result<Bytes, Refusal> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bytes)) = made.as_ref().filter(|(of, _)| *of == metadata) {
            return Ok(bytes.clone());
        }
        let bytes = written(stated, &metadata)?;
        *made = Some((metadata, bytes.clone()));
        Ok(bytes)
    }
}

pub(super) async fn answer<O: Owner>(house: &House<O>, asked: &Asked) -> Result<Response, Ends> {
    let request =
        Request { query: asked.query.clone(), headers: fhir::heard(&asked.headers), ..Request::get("metadata") };
    let answer = house.statement.engine.answer(&request, Timestamp::UNIX_EPOCH);
    if answer.status != 200 {
        return Ok(fhir::http(answer));
    }
    let metadata = house.owner.step(|step| step.setting.oauth_metadata()).await.map_err(Refusal::from)?;
    let bytes = if asked.query.is_empty() {
        house.statement.plain(&answer.body, metadata)?
    } else {
        written(&answer.body, &metadata)?
    };
    Ok(reply::bytes(StatusCode::OK, reply::FHIR_JSON, bytes))
}

fn written(stated: &[u8], metadata: &Value) -> Result<Bytes, Refusal> {
    let statement = serde_json::from_slice(stated).map_err(|_| Refusal::Failed)?;
    Ok(Bytes::from(secured(statement, metadata).to_string()))
}

/// Adds the security service of SMART App Launch, with the addresses in an extension for clients that read them there,
/// the three `$export`s, and creation, which ends in the owner's inbox.
fn secured(mut statement: Value, metadata: &Value) -> Value {
    let addresses = URIS.iter().filter_map(|(name, member)| {
        let address = metadata.get(member)?;
        Some(json!({ "url": name, "valueUri": address }))
    });
    let security = json!({
        "cors": true,
        "service": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
            "code": "SMART-on-FHIR",
        }], "text": "OAuth 2 by SMART App Launch, and UMA 2.0" }],
        "extension": [{
            "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            "extension": addresses.collect::<Vec<_>>(),
        }],
    });
    let create = json!({
        "code": "create",
        "documentation": "202: kept for the owner to look at; it is no part of the record until they accept it",
    });
    let export = |of: &str| {
        let definition = format!("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/{of}");
        json!({ "name": "export", "definition": definition })
    };
    if let Some(rest) = statement.pointer_mut("/rest/0").and_then(Value::as_object_mut) {
        rest.insert("security".to_owned(), security);
        rest.insert("operation".to_owned(), json!([export("export")]));
        let resources = rest.get_mut("resource").and_then(Value::as_array_mut).into_iter().flatten();
        for resource in resources.filter_map(Value::as_object_mut) {
            if let Some(interactions) = resource.get_mut("interaction").and_then(Value::as_array_mut) {
                interactions.push(create.clone());
            }
            let of = match resource.get("type").and_then(Value::as_str) {
                Some("Patient") => "patient-export",
                Some("Group") => "group-export",
                _ => continue,
            };
            let operations = resource.entry("operation").or_insert_with(|| json!([]));
            if let Some(operations) = operations.as_array_mut() {
                operations.push(export(of));
            }
        }
    }
    statement
}
