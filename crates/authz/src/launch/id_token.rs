use crypto::Algorithm;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::code::has;
use crate::{Approved, Client, ErrorCode, OAuthError, Step};

/// How long an `id_token` holds.
const LIFE: SignedDuration = SignedDuration::from_mins(5);

impl Step<'_> {
    /// The `id_token` of a launch (OpenID Connect Core §2; SMART App Launch 2.2, "Scopes for requesting identity data"):
    /// signed with ES256, for one client. `sub` is another for each client, so that two cannot compare whom they know.
    pub(super) fn sign_id_token(
        &self,
        client: &Client,
        approved: &Approved,
        nonce: Option<&str>,
    ) -> Result<String, OAuthError> {
        let until = self.now.checked_add(LIFE).unwrap_or(self.now);
        let mut claims = Map::from_iter([
            ("iss".to_owned(), json!(self.setting.issuer)),
            ("sub".to_owned(), json!(self.setting.subject(approved, client.id.as_str()))),
            ("aud".to_owned(), json!(client.id)),
            ("iat".to_owned(), json!(self.now.as_second())),
            ("exp".to_owned(), json!(until.as_second())),
            // The owner was there when they approved.
            ("auth_time".to_owned(), json!(approved.approved.as_second())),
        ]);
        if let Some(nonce) = nonce {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        if let Some(patient) = &approved.patient {
            let user = format!("{}/Patient/{patient}", self.setting.fhir());
            for word in ["fhirUser", "profile"] {
                if has(approved, word) {
                    claims.insert(word.to_owned(), json!(user));
                }
            }
        }
        let unsigned = || OAuthError::new(ErrorCode::TemporarilyUnavailable, "nothing can be signed now");
        let (key, kid) = self.setting.keys.of(Algorithm::Es256).ok_or_else(unsigned)?;
        let header = json!({ "typ": "JWT", "kid": kid });
        key.jws_compact(&header, Value::Object(claims).to_string().as_bytes()).map_err(|_| unsigned())
    }
}
