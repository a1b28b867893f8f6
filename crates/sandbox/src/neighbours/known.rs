//! A wallet as others know it: by its documents, and by the name it registered them under.

use crypto::{Algorithm, SigningKey, b64u};
use serde_json::{Value, json};
use thiserror::Error;
use url::Url;
use url::form_urlencoded::Serializer;

use super::{Neighbours, Program};

const FORM: &str = "application/x-www-form-urlencoded";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Why something did not come about.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    #[error("that is not an address")]
    Address,
    #[error("nothing answers there")]
    NoAnswer(#[source] reqwest::Error),
    #[error("what answers there is not understood: {0} is missing")]
    Missing(&'static str),
    #[error("the wallet says: {0}")]
    Refused(String),
    #[error("the browser came back with something that was not asked for")]
    NotAsked,
    #[error("no key could be made")]
    NoRandomness,
}

/// A wallet, and as whom it knows one program.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Its FHIR base.
    pub(super) fhir: String,
    /// Its authorization server's name.
    pub(super) issuer: String,
    /// `smart-configuration`.
    pub(super) smart: Value,
    /// `client_id`.
    pub(super) client: String,
    /// The key that the program registered; a program in the browser has none.
    pub(super) key: Option<std::sync::Arc<SigningKey>>,
}

/// An answer: status and body, which is `null` when it is not JSON.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    /// `error` of an OAuth answer.
    pub(super) fn error(&self) -> Option<&str> {
        self.body.get("error").and_then(Value::as_str)
    }

    /// A refusal in words: what the body says of itself.
    pub(super) fn refusal(&self) -> String {
        let said = self.body.get("error_description").and_then(Value::as_str);
        let outcome = self.body.pointer("/issue/0/diagnostics").and_then(Value::as_str);
        let words = [self.error(), said, outcome].into_iter().flatten().collect::<Vec<_>>().join(": ");
        if words.is_empty() { self.status.to_string() } else { format!("{} ({words})", self.status) }
    }
}

impl Neighbours {
    /// The wallet at an address; registers the program there the first time.
    pub(super) async fn known(&self, program: Program, address: &str) -> Result<Known, Trouble> {
        let fhir = Url::parse(address.trim()).map_err(|_| Trouble::Address)?;
        let fhir = fhir.as_str().trim_end_matches('/').to_owned();
        if let Some(known) = self.registered().get(&(program, fhir.clone())) {
            return Ok(known.clone());
        }
        let smart = self.document(&format!("{fhir}/.well-known/smart-configuration")).await?;
        let issuer = text(&smart, "issuer")?.to_owned();
        let key = match program {
            Program::Daughter => None,
            _ => Some(SigningKey::generate_p384().map_err(|_| Trouble::NoRandomness)?.1),
        };
        let body = self.registration(program, key.as_ref());
        let answer = self.post_json(text(&smart, "registration_endpoint")?, None, &body).await?;
        let client = match answer.body.get("client_id").and_then(Value::as_str) {
            Some(client) => client.to_owned(),
            None => return Err(Trouble::Refused(answer.refusal())),
        };
        let known = Known { fhir: fhir.clone(), issuer, smart, client, key: key.map(std::sync::Arc::new) };
        self.registered().insert((program, fhir), known.clone());
        Ok(known)
    }

    fn registration(&self, program: Program, key: Option<&SigningKey>) -> Value {
        let jwk = key.map(|key| {
            let jwk = key.public_jwk();
            let kid = jwk.thumbprint();
            json!({"keys": [Value::from(jwk.with_kid(&kid))]})
        });
        let service = |name: &str, scope: &str| {
            json!({
                "client_name": name,
                "token_endpoint_auth_method": "private_key_jwt",
                "grant_types": ["client_credentials"],
                "scope": scope,
                "jwks": jwk,
            })
        };
        match program {
            Program::Daughter => json!({
                "client_name": "Kindred",
                "redirect_uris": [format!("{}/daughter/back", self.own)],
                "token_endpoint_auth_method": "none",
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "scope": super::daughter::SCOPE,
            }),
            Program::Study => service("The Heron study", super::study::SCOPE),
            Program::Hospital => service("St Brigid's", "uma_protection"),
            Program::Gateway => service("The gateway of St Brigid's", "uma_protection"),
        }
    }

    /// A token for the program itself, by a signed assertion (SMART App Launch 2.2, "Backend Services").
    pub(super) async fn own_token(&self, known: &Known, scope: &str) -> Result<Answer, Trouble> {
        let endpoint = text(&known.smart, "token_endpoint")?.to_owned();
        let key = known.key.as_ref().ok_or(Trouble::NoRandomness)?;
        let now = self.world.clock.now().as_second();
        let claims = json!({
            "iss": known.client, "sub": known.client, "aud": endpoint, "iat": now, "exp": now + 240, "jti": super::secret()?,
        });
        let header = json!({"typ": "JWT", "alg": Algorithm::Es384.as_str(), "kid": key.public_jwk().thumbprint()});
        let signed = key.jws_compact(&header, claims.to_string().as_bytes()).map_err(|_| Trouble::NoRandomness)?;
        self.form(
            &endpoint,
            None,
            &[
                ("grant_type", "client_credentials"),
                ("scope", scope),
                ("client_assertion_type", ASSERTION),
                ("client_assertion", &signed),
            ],
        )
        .await
    }

    /// A document that must be there.
    pub(super) async fn document(&self, url: &str) -> Result<Value, Trouble> {
        let answer = self.read(url, None).await?;
        if answer.status == 200 { Ok(answer.body) } else { Err(Trouble::Refused(answer.refusal())) }
    }

    /// A GET.
    pub(super) async fn read(&self, url: &str, token: Option<&str>) -> Result<Answer, Trouble> {
        self.send(self.world.http.get(url).header("accept", "application/fhir+json, application/json"), token).await
    }

    /// A form posted.
    pub(super) async fn form(&self, url: &str, token: Option<&str>, pairs: &[(&str, &str)]) -> Result<Answer, Trouble> {
        let body = Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.send(self.world.http.post(url).header("content-type", FORM).body(body), token).await
    }

    /// JSON posted.
    pub(super) async fn post_json(&self, url: &str, token: Option<&str>, body: &Value) -> Result<Answer, Trouble> {
        let request = self.world.http.post(url).header("content-type", "application/json").body(body.to_string());
        self.send(request, token).await
    }

    async fn send(&self, request: reqwest::RequestBuilder, token: Option<&str>) -> Result<Answer, Trouble> {
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request.send().await.map_err(Trouble::NoAnswer)?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.map_err(Trouble::NoAnswer)?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }
}

/// A member that must be a text.
pub(super) fn text<'a>(document: &'a Value, name: &'static str) -> Result<&'a str, Trouble> {
    document.get(name).and_then(Value::as_str).ok_or(Trouble::Missing(name))
}

/// The challenge of a verifier (RFC 7636 §4.2, S256).
pub(super) fn challenge(verifier: &str) -> String {
    b64u::encode(&crypto::sha256(verifier.as_bytes()))
}
