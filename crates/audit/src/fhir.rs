//! Entries as FHIR R4 `AuditEvent`s.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::{Access, Action, Entry, Outcome};

const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const RESTFUL: &str = "http://hl7.org/fhir/restful-interaction";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ENTITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
/// Codes of [`Action`].
const OWN_SYSTEM: &str = "urn:satchel:trail-action";

/// An entry as an `AuditEvent` of FHIR R4. Ids of the wallet stand as identifiers; released resources as references to
/// their versions in the grant's view.
pub fn audit_event(entry: &Entry) -> Value {
    let mut event = json!({
        "resourceType": "AuditEvent",
        "id": format!("trail-{}", entry.seq),
        "type": coding(kind_of(entry.action)),
        "subtype": subtypes(entry),
        "action": letter(entry),
        "recorded": entry.at.to_string(),
        "outcome": match entry.outcome {
            Outcome::Done => "0",
            Outcome::Refused => "4",
            Outcome::Failed => "8",
        },
        "agent": agents(entry),
        "source": { "observer": { "display": "Satchel" } },
    });
    let entities = entities(entry);
    if let (Value::Object(members), false) = (&mut event, entities.is_empty()) {
        members.insert("entity".to_owned(), Value::Array(entities));
    }
    event
}

/// System, code and display.
struct Code(&'static str, &'static str, &'static str);

fn coding(Code(system, code, display): Code) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

fn kind_of(action: Action) -> Code {
    use Action as A;
    match action {
        A::Answered | A::Denied | A::Offered => Code(EVENT_TYPE, "rest", "RESTful Operation"),
        A::Unlocked | A::Locked => Code(DICOM, "110114", "User Authentication"),
        A::Pulled | A::PullStopped | A::CardAdded | A::DirectoryImported | A::OfferAccepted => {
            Code(DICOM, "110107", "Import")
        }
        A::CardShown | A::CardExported | A::CardPrinted | A::DocumentSaved | A::TrailExported | A::GrantExported => {
            Code(DICOM, "110106", "Export")
        }
        A::ServerStarted | A::ServerStopped | A::VaultMade => Code(DICOM, "110100", "Application Activity"),
        _ => Code(DICOM, "110113", "Security Alert"),
    }
}

fn subtypes(entry: &Entry) -> Vec<Value> {
    let own = json!({ "system": OWN_SYSTEM, "code": entry.action.as_str() });
    let interaction = entry.access.as_deref().and_then(interaction);
    let interaction = interaction.map(|code| json!({ "system": RESTFUL, "code": code }));
    interaction.into_iter().chain([own]).collect()
}

/// The RESTful interaction of an HTTP request behind the base.
fn interaction(access: &Access) -> Option<&'static str> {
    let (method, target) = (access.method.as_deref()?, access.target.as_deref()?);
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    Some(match (method, parts.as_slice()) {
        ("GET" | "HEAD" | "POST", [.., operation]) if operation.starts_with('$') => "operation",
        ("GET" | "HEAD", ["metadata"]) => "capabilities",
        ("GET" | "HEAD", ["_history"]) => "history-system",
        ("GET" | "HEAD", [_, "_history"]) => "history-type",
        ("GET" | "HEAD", [_, _, "_history"]) => "history-instance",
        ("GET" | "HEAD", [_, _, "_history", _]) => "vread",
        ("GET" | "HEAD", []) => "search-system",
        ("GET" | "HEAD", [kind, _]) if kind.starts_with(char::is_uppercase) => "read",
        ("GET" | "HEAD", [kind]) if kind.starts_with(char::is_uppercase) => "search-type",
        ("POST", ["_search"]) => "search-system",
        ("POST", [.., "_search"]) => "search-type",
        ("POST", []) => "batch",
        ("POST", [kind]) if kind.starts_with(char::is_uppercase) => "create",
        _ => return None,
    })
}

/// `AuditEvent.action`: create, read, update, delete, execute.
fn letter(entry: &Entry) -> &'static str {
    match (entry.action, entry.access.as_deref().and_then(interaction)) {
        (_, Some("create")) | (Action::Offered, _) => "C",
        (_, Some("read" | "vread" | "history-instance" | "history-type" | "history-system" | "capabilities")) => "R",
        _ => "E",
    }
}

fn agents(entry: &Entry) -> Vec<Value> {
    let wallet = |requestor: bool| json!({ "name": "Satchel", "requestor": requestor });
    let who = entry.access.as_deref().and_then(|access| access.who.as_ref());
    match who {
        Some(who) => {
            let agent = json!({
                "who": { "identifier": { "system": "urn:satchel:party", "value": who.as_str() } },
                "requestor": true,
            });
            vec![agent, wallet(false)]
        }
        None => vec![wallet(true)],
    }
}

fn entities(entry: &Entry) -> Vec<Value> {
    let mut all = Vec::new();
    let mut named = |system: &str, value: &str, kind: &str, role: Option<&str>| {
        let mut entity = Map::new();
        entity.insert("what".to_owned(), json!({ "identifier": { "system": system, "value": value } }));
        entity.insert("type".to_owned(), json!({ "system": ENTITY_TYPE, "code": kind }));
        if let Some(role) = role {
            entity.insert("role".to_owned(), json!({ "system": ENTITY_ROLE, "code": role }));
        }
        all.push(Value::Object(entity));
    };
    if let Some(person) = &entry.person {
        named("urn:satchel:person", person.as_str(), "1", Some("1"));
    }
    if let Some(subject) = &entry.subject {
        named("urn:satchel:subject", subject, "4", None);
    }
    let Some(access) = entry.access.as_deref() else { return all };
    if let Some(grant) = &access.grant {
        named("urn:satchel:grant", grant.as_str(), "4", None);
    }
    if let Some(request) = &access.request {
        named("urn:satchel:request", request.as_str(), "4", None);
    }
    if let (Some(method), Some(target)) = (&access.method, &access.target) {
        let status = access.status.map(|status| json!({ "type": "status", "valueString": status.to_string() }));
        let method = json!({ "type": "method", "valueString": method });
        let detail: Vec<Value> = [method].into_iter().chain(status).collect();
        all.push(json!({
            "type": { "system": ENTITY_TYPE, "code": "2" },
            "role": { "system": ENTITY_ROLE, "code": "24" },
            "query": STANDARD.encode(target),
            "detail": detail,
        }));
    }
    all.extend(access.released.iter().map(|version| {
        json!({
            "what": { "reference": version },
            "type": { "system": ENTITY_TYPE, "code": "2" },
            "role": { "system": ENTITY_ROLE, "code": "4" },
        })
    }));
    all
}

#[cfg(test)]
mod tests;
