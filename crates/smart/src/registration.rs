use serde_json::{Value, json};
use thiserror::Error;

use crate::answer::{Answer, NotJson, text, texts};
use crate::code::coded;
use crate::launch::Redirect;
use crate::refusal::Refusal;
use crate::{Client, Scopes};
use crypto::{Algorithm, Jwk};

/// A client that introduces itself (RFC 7591), where the configuration has a `registration` endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    redirect: Option<Redirect>,
    key: Option<(Jwk, Algorithm)>,
    body: Value,
}

/// Why the registration failed.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistrationError {
    /// A web page.
    #[error("the answer is a web page")]
    Html,
    /// Something else.
    #[error("the answer is not a JSON object")]
    NotJson,
    /// Another status, without an error in the words of OAuth.
    #[error("the server did not register the client")]
    Status(u16),
    /// No `client_id` in it.
    #[error("the answer names no client")]
    NoClientId,
    /// The server registered a client that must keep a secret, which this program cannot.
    #[error("the server registered a client with a secret")]
    WantsSecret,
    /// The server registered other redirects than were asked for.
    #[error("the server registered another redirect")]
    OtherRedirect,
    /// `invalid_redirect_uri`: the server does not take loopback redirects.
    #[error("the server does not take the redirect")]
    InvalidRedirectUri(Refusal),
    /// `invalid_client_metadata`.
    #[error("the server does not take the client's description")]
    InvalidClientMetadata(Refusal),
    /// `invalid_software_statement`, `unapproved_software_statement`.
    #[error("the server asks for a signed description of the software")]
    SoftwareStatement(Refusal),
    /// Another refusal.
    #[error("the server refused the registration")]
    Refused(Refusal),
}

coded!(RegistrationError {
    Self::Html => "registration.html" Them,
    Self::NotJson => "registration.notJson" Them,
    Self::Status(_) => "registration.status" Them,
    Self::NoClientId => "registration.noClientId" Them,
    Self::WantsSecret => "registration.wantsSecret" Them,
    Self::OtherRedirect => "registration.otherRedirect" Them,
    Self::InvalidRedirectUri(_) => "registration.invalidRedirectUri" Them,
    Self::InvalidClientMetadata(_) => "registration.invalidClientMetadata" Them,
    Self::SoftwareStatement(_) => "registration.softwareStatement" Them,
    Self::Refused(_) => "registration.refused" Them,
});

impl Registration {
    /// A public client, native, that proves itself by PKCE alone.
    pub fn public(name: &str, redirect: Redirect, scopes: &Scopes) -> Self {
        let body = json!({
            "client_name": name,
            "application_type": "native",
            "redirect_uris": [redirect.as_str()],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "scope": scopes.to_string(),
        });
        Self { redirect: Some(redirect), key: None, body }
    }

    /// A client that proves itself with a key of its own; the public key goes along inline, for many servers cannot
    /// fetch a key set.
    pub fn keyed(name: &str, redirect: Redirect, scopes: &Scopes, key: &Jwk, algorithm: Algorithm) -> Self {
        let body = json!({
            "client_name": name,
            "application_type": "native",
            "redirect_uris": [redirect.as_str()],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": algorithm.as_str(),
            "jwks": {"keys": [published(key, algorithm)]},
            "scope": scopes.to_string(),
        });
        Self { redirect: Some(redirect), key: Some((named(key), algorithm)), body }
    }

    /// Binds a key of this computer to a client that has just been launched, so that it can come back by assertion
    /// ([`Refresh::by_assertion`](crate::token::Refresh::by_assertion)). Sent with the first access token.
    pub fn of_instance(software_id: &str, key: &Jwk, algorithm: Algorithm) -> Self {
        let body = json!({"software_id": software_id, "jwks": {"keys": [published(key, algorithm)]}});
        Self { redirect: None, key: Some((named(key), algorithm)), body }
    }

    /// What is posted, as JSON.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// Reads the answer: the client to launch with.
    ///
    /// # Errors
    /// [`RegistrationError`].
    pub fn answer(self, answer: &Answer<'_>) -> Result<Client, RegistrationError> {
        let said = match answer.object() {
            Ok(said) => said,
            Err(_) if !matches!(answer.status, 200 | 201) => return Err(RegistrationError::Status(answer.status)),
            Err(NotJson::Html) => return Err(RegistrationError::Html),
            Err(_) => return Err(RegistrationError::NotJson),
        };
        if let Some(refusal) = Refusal::of(&said) {
            return Err(match refusal.error.as_str() {
                "invalid_redirect_uri" => RegistrationError::InvalidRedirectUri(refusal),
                "invalid_client_metadata" => RegistrationError::InvalidClientMetadata(refusal),
                "invalid_software_statement" | "unapproved_software_statement" => {
                    RegistrationError::SoftwareStatement(refusal)
                }
                _ => RegistrationError::Refused(refusal),
            });
        }
        if !matches!(answer.status, 200 | 201) {
            return Err(RegistrationError::Status(answer.status));
        }
        let id = text(&said, "client_id").ok_or(RegistrationError::NoClientId)?.to_owned();
        if text(&said, "token_endpoint_auth_method").is_some_and(|method| method.starts_with("client_secret")) {
            return Err(RegistrationError::WantsSecret);
        }
        if let (Some(asked), Some(registered)) = (&self.redirect, texts(&said, "redirect_uris"))
            && !registered.iter().any(|address| address == asked.as_str())
        {
            return Err(RegistrationError::OtherRedirect);
        }
        Ok(match self.key {
            Some((key, algorithm)) => Client::Keyed { id, kid: key.kid().unwrap_or_default().to_owned(), algorithm },
            None => Client::Public { id },
        })
    }
}

/// The key with a `kid`: its thumbprint, where it has none of its own.
fn named(key: &Jwk) -> Jwk {
    match key.kid() {
        Some(_) => key.clone(),
        None => key.clone().with_kid(&key.thumbprint()),
    }
}

fn published(key: &Jwk, algorithm: Algorithm) -> Value {
    let key = named(key).with_member("use", json!("sig")).with_member("alg", json!(algorithm.as_str()));
    json!(key)
}

#[cfg(test)]
mod tests {
    use crypto::SigningKey;

    use super::*;

    fn registration() -> Registration {
        Registration::public("Satchel", Redirect::loopback(4000), &Scopes::parse("launch/patient openid"))
    }

    fn answer(status: u16, body: &str) -> Result<Client, RegistrationError> {
        registration().answer(&Answer::new(status, None, body.as_bytes()))
    }

    #[test]
    fn a_public_client_asks_for_no_secret_and_one_exact_redirect() {
        let body = registration().body;
        assert_eq!(body["token_endpoint_auth_method"], "none");
        assert_eq!(body["redirect_uris"], json!(["http://127.0.0.1:4000/callback"]));
        assert_eq!(body["application_type"], "native");
        assert_eq!(
            answer(201, r#"{"client_id":"abc","redirect_uris":["http://127.0.0.1:4000/callback"]}"#),
            Ok(Client::Public { id: "abc".into() })
        );
    }

    /// SMART App Launch 2.2, "Registering a client (communicating public keys)", requirements 294 and 313.
    #[test]
    fn a_keyed_client_sends_its_public_key_with_a_name_and_nothing_private() {
        let (_, key) = SigningKey::generate_p384().expect("random bytes");
        let jwk = key.public_jwk();
        let kid = jwk.thumbprint();
        let registration =
            Registration::keyed("Satchel", Redirect::loopback(4000), &Scopes::default(), &jwk, Algorithm::Es384);
        let sent = &registration.body["jwks"]["keys"][0];
        assert_eq!(sent["kid"], kid.as_str());
        assert_eq!(sent["kty"], "EC");
        assert_eq!(sent["alg"], "ES384");
        assert!(sent.get("d").is_none());
        let client = registration.answer(&Answer::new(201, None, br#"{"client_id":"abc"}"#));
        assert_eq!(client, Ok(Client::Keyed { id: "abc".into(), kid, algorithm: Algorithm::Es384 }));

        let instance = Registration::of_instance("software", &jwk, Algorithm::Es384);
        assert_eq!(instance.body["software_id"], "software");
        assert!(instance.body["jwks"]["keys"][0]["kid"].is_string());
    }

    #[test]
    fn every_answer_that_is_no_client_has_its_name() {
        for (status, body, code) in [
            (200, "<html>", "registration.html"),
            (200, "[]", "registration.notJson"),
            (404, "not here", "registration.status"),
            (403, "{}", "registration.status"),
            (201, "{}", "registration.noClientId"),
            (
                201,
                r#"{"client_id":"a","client_secret":"s","token_endpoint_auth_method":"client_secret_basic"}"#,
                "registration.wantsSecret",
            ),
            (201, r#"{"client_id":"a","redirect_uris":["https://x.example/"]}"#, "registration.otherRedirect"),
            (400, r#"{"error":"invalid_redirect_uri"}"#, "registration.invalidRedirectUri"),
            (400, r#"{"error":"invalid_client_metadata"}"#, "registration.invalidClientMetadata"),
            (400, r#"{"error":"unapproved_software_statement"}"#, "registration.softwareStatement"),
            (401, r#"{"error":"invalid_token"}"#, "registration.refused"),
        ] {
            assert_eq!(answer(status, body).expect_err(body).code(), code, "{body}");
        }
    }
}
