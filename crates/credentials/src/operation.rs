//! `$health-cards-issue`: asking a health system for cards (SMART Health Cards, "via FHIR `$health-cards-issue`").

use jiff::Timestamp;
use serde_json::{Value, json};
use thiserror::Error;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueRequest {
    /// Kinds of resources or types of cards: `Immunization`, `Observation`, `https://smarthealth.cards#covid19`. At
    /// least one; a card must match all.
    pub types: Vec<String>,
    /// Value sets that the coded content must be in.
    pub value_sets: Vec<String>,
    /// Parts of the Patient to include, for example `Patient.birthDate`; `None` leaves the choice to the issuer.
    pub identity_claims: Option<Vec<String>>,
    /// Only what is newer than this.
    pub since: Option<Timestamp>,
}

/// The answer is not one.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the answer is not a list of cards")]
pub struct IssueResponseError;

/// What the health system gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueResponse {
    /// Signed texts, unread.
    pub cards: Vec<String>,
    /// Which resource of a card is which resource on the server.
    pub links: Vec<ResourceLink>,
}

/// A resource inside a card and the same resource on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLink {
    /// Which card, from 0; `None` for all.
    pub card: Option<usize>,
    /// `fullUrl` within the card.
    pub bundled: String,
    /// Address on the server.
    pub hosted: String,
}

impl IssueRequest {
    /// The body to post to `Patient/{id}/$health-cards-issue`: a FHIR `Parameters`.
    pub fn parameters(&self) -> Value {
        let mut list: Vec<Value> = Vec::new();
        list.extend(self.types.iter().map(|one| json!({"name": "credentialType", "valueUri": one})));
        list.extend(self.value_sets.iter().map(|one| json!({"name": "credentialValueSet", "valueUri": one})));
        for claim in self.identity_claims.iter().flatten() {
            list.push(json!({"name": "includeIdentityClaim", "valueString": claim}));
        }
        if let Some(since) = self.since {
            list.push(json!({"name": "_since", "valueDateTime": since.to_string()}));
        }
        json!({"resourceType": "Parameters", "parameter": list})
    }
}

impl IssueResponse {
    /// Reads the answer. No card at all is an answer, too.
    ///
    /// # Errors
    /// [`IssueResponseError`] when it is not a FHIR `Parameters`.
    pub fn parse(bytes: &[u8]) -> Result<Self, IssueResponseError> {
        let body: Value = serde_json::from_slice(bytes).map_err(|_| IssueResponseError)?;
        if text(&body, "resourceType") != Some("Parameters") {
            return Err(IssueResponseError);
        }
        let mut response = Self::default();
        for one in list(&body, "parameter") {
            match text(one, "name") {
                Some("verifiableCredential") => {
                    response.cards.push(text(one, "valueString").ok_or(IssueResponseError)?.to_owned());
                }
                Some("resourceLink") => response.links.extend(link(one)),
                _ => {}
            }
        }
        Ok(response)
    }
}

fn link(value: &Value) -> Option<ResourceLink> {
    let part = |name: &str| list(value, "part").find(|part| text(part, "name") == Some(name));
    let address = |name: &str| part(name).and_then(|part| text(part, "valueUri")).map(str::to_owned);
    let card = part("vcIndex").and_then(|part| part.get("valueInteger")?.as_u64());
    Some(ResourceLink {
        card: card.and_then(|card| usize::try_from(card).ok()),
        bundled: address("bundledResource")?,
        hosted: address("hostedResource")?,
    })
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_what_is_wanted_and_nothing_else() {
        let request = IssueRequest { types: vec!["Immunization".to_owned()], ..IssueRequest::default() };
        let expected = json!({"resourceType": "Parameters", "parameter": [
            {"name": "credentialType", "valueUri": "Immunization"}
        ]});
        assert_eq!(request.parameters(), expected);
        let request = IssueRequest {
            value_sets: vec!["https://example.org/set".to_owned()],
            identity_claims: Some(vec!["Patient.name".to_owned()]),
            since: Some(Timestamp::UNIX_EPOCH),
            ..request
        };
        let names: Vec<_> =
            list(&request.parameters(), "parameter").filter_map(|one| text(one, "name")).map(str::to_owned).collect();
        assert_eq!(names, ["credentialType", "credentialValueSet", "includeIdentityClaim", "_since"]);
    }

    #[test]
    fn an_answer_gives_its_cards_and_links() {
        let body = json!({"resourceType": "Parameters", "parameter": [
            {"name": "verifiableCredential", "valueString": "a.b.c"},
            {"name": "unknown", "valueString": "x"},
            {"name": "resourceLink", "part": [
                {"name": "vcIndex", "valueInteger": 0},
                {"name": "bundledResource", "valueUri": "resource:2"},
                {"name": "hostedResource", "valueUri": "https://fhir.example.org/Immunization/123"}
            ]}
        ]});
        let response = IssueResponse::parse(body.to_string().as_bytes()).unwrap();
        assert_eq!(response.cards, ["a.b.c"]);
        assert_eq!(
            response.links.first().map(|link| (link.card, link.bundled.as_str())),
            Some((Some(0), "resource:2"))
        );
        assert_eq!(IssueResponse::parse(br#"{"resourceType":"Parameters"}"#).unwrap(), IssueResponse::default());
    }

    #[test]
    fn another_answer_is_not_taken_for_an_empty_one() {
        for body in ["", "[]", r#"{"resourceType":"OperationOutcome"}"#, "<html>"] {
            assert_eq!(IssueResponse::parse(body.as_bytes()), Err(IssueResponseError), "{body}");
        }
        let odd = br#"{"resourceType":"Parameters","parameter":[{"name":"verifiableCredential","valueUri":"x"}]}"#;
        assert_eq!(IssueResponse::parse(odd), Err(IssueResponseError));
    }
}
