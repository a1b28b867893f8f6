use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};

use crate::cards::Wanted;
use crate::people::System;
use crate::reply;

use super::{Server, door};

/// `$health-cards-issue` (SMART Health Cards, "Issuing via FHIR API"): one card or two for each kind that is asked for.
pub(super) async fn issue_cards(
    State(server): State<Server>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let access = match door::enter(&server, &headers).await {
        Ok(access) => access,
        Err(response) => return *response,
    };
    if server.system != System::Valley {
        return reply::outcome(StatusCode::NOT_FOUND, "not-supported", "this system issues no cards");
    }
    if access.patient != id {
        return reply::outcome(StatusCode::FORBIDDEN, "forbidden", "the token is for another patient");
    }
    let invalid = |words| reply::outcome(StatusCode::BAD_REQUEST, "invalid", words);
    let Ok(asked) = serde_json::from_slice::<Value>(&body) else { return invalid("the body is not JSON") };
    let parameters = asked.get("parameter").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let kinds: Vec<&str> = values(parameters, "credentialType").map(card_kind).collect();
    if kinds.is_empty() {
        return invalid("credentialType is required");
    }
    let since = values(parameters, "_since").next();
    let mut cards = Vec::new();
    for kind in ["immunization", "laboratory"] {
        let wanted = kinds.contains(&kind)
            || kinds.contains(&"health-card")
            || (kind == "laboratory" && kinds.contains(&"covid19"));
        let may = access.scopes.reads(if kind == "immunization" { "Immunization" } else { "Observation" });
        if wanted && may {
            let wanted = Wanted { kind, patient: &id, since };
            cards.extend(server.world.issuer.issue(&server.world, &wanted));
        }
    }
    if cards.is_empty() {
        return reply::fhir(StatusCode::OK, &json!({"resourceType": "Parameters"}));
    }
    let parameters: Vec<Value> =
        cards.iter().map(|card| json!({"name": "verifiableCredential", "valueString": card})).collect();
    reply::fhir(StatusCode::OK, &json!({"resourceType": "Parameters", "parameter": parameters}))
}

/// The kind of card a `credentialType` asks for: a FHIR resource type, or a type of card as the first release had it.
fn card_kind(asked: &str) -> &str {
    match asked {
        "Immunization" => "immunization",
        "Observation" => "laboratory",
        other => other.rsplit('#').next().unwrap_or(other),
    }
}

/// The values of all parameters with a name.
fn values<'a>(parameters: &'a [Value], name: &'a str) -> impl Iterator<Item = &'a str> {
    let named = parameters.iter().filter(move |one| one.get("name").and_then(Value::as_str) == Some(name));
    named.filter_map(|one| ["valueUri", "valueString", "valueDateTime"].iter().find_map(|key| one.get(*key)?.as_str()))
}

#[cfg(test)]
mod tests {
    use super::card_kind;

    #[test]
    fn cards_are_asked_for_by_resource_type_or_by_type_of_card() {
        assert_eq!(card_kind("Immunization"), "immunization");
        assert_eq!(card_kind("Observation"), "laboratory");
        assert_eq!(card_kind("https://smarthealth.cards#immunization"), "immunization");
        assert_eq!(card_kind("#laboratory"), "laboratory");
    }
}
