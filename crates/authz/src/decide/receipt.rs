use consent::{Details, Scopes};
use crypto::Algorithm;
use serde_json::{Map, Value, json};
use types::{GrantId, ServerUrl};

use super::DecideError;
use crate::{Approved, Step, Where};

/// `typ` of the signed form.
const TYPE: &str = "satchel-receipt+jwt";

/// What the other side is told of a decision: what was approved, and nothing of what was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The members.
    pub said: Value,
    /// The same as a JWS, signed with the server's Ed25519 key.
    pub signed: String,
}

impl Step<'_> {
    /// The receipt of a grant: to whom (`aud`), from when until when, what. It reads the same whatever was excluded, and
    /// holds nothing that the owner calls anybody. An ended grant says when it ended and not why.
    ///
    /// # Errors
    /// [`DecideError::NoGrant`], [`DecideError::Signature`].
    pub fn receipt(&self, grant: &GrantId) -> Result<Receipt, DecideError> {
        let found = self.ledger.grants.find(grant.as_str()).ok_or(DecideError::NoGrant)?;
        let said = self.receipt_of(found)?;
        let (key, kid) = self.setting.keys.of(Algorithm::EdDsa).ok_or(DecideError::Signature)?;
        let header = json!({ "typ": TYPE, "kid": kid });
        let signed = key.jws_compact(&header, said.to_string().as_bytes()).map_err(|_| DecideError::Signature)?;
        Ok(Receipt { said, signed })
    }

    fn receipt_of(&self, found: &Approved) -> Result<Value, DecideError> {
        let base = ServerUrl::parse(&self.setting.fhir()).map_err(|_| DecideError::Grant)?;
        let term = &found.grant.term;
        let mut said = Map::from_iter([
            ("iss".to_owned(), json!(self.setting.issuer)),
            ("jti".to_owned(), json!(found.grant.id)),
            ("iat".to_owned(), json!(found.approved.as_second())),
            ("scope".to_owned(), json!(spoken_scope(found))),
        ]);
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                said.insert(name.to_owned(), value);
            }
        };
        add("aud", found.client.as_ref().map(|client| json!(client)));
        add("nbf", term.start.map(|start| json!(start.as_second())));
        add("exp", term.end.map(|end| json!(end.as_second())));
        add("uses", term.uses.map(|uses| json!(uses)));
        add("ended", found.ended.map(|ended| json!(ended.at.as_second())));
        add("request", found.request.as_ref().map(|request| json!(request)));
        if !found.grant.what.permits.is_empty() {
            let details = Details::shown(&found.grant, &base, found.patient.as_deref());
            add("authorization_details", Some(details.to_value()));
        }
        let elsewhere = found.permissions.iter().filter_map(|permission| match &permission.at {
            Where::At(server) => Some(json!({
                "server": server, "resource_id": permission.resource, "resource_scopes": permission.scopes,
            })),
            Where::Here => None,
        });
        let elsewhere: Vec<Value> = elsewhere.collect();
        add("permissions", (!elsewhere.is_empty()).then_some(Value::Array(elsewhere)));
        Ok(Value::Object(said))
    }
}

/// The scopes of a grant: those for resources as far as a scope can say them, and the others as approved.
fn spoken_scope(found: &Approved) -> String {
    let clinical = Scopes::of(&found.grant.what).to_string();
    [clinical, found.scope.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
