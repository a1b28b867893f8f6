//! SMART standalone launch: PAR, authorization request, code, refresh.
//!
//! The browser that brings an authorization request gets nothing but a place to wait: consent is given in the wallet's
//! own window. The code is made when that browser comes back after the owner approved.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use types::{ClientId, RequestId, Secret};
use url::{Url, form_urlencoded};

use crate::{
    Answered, Ask, Client, Door, ErrorCode, Form, OAuthError, Pushed, Request, RequestState, Step, Stop, fingerprint,
};

mod code;
mod id_token;
mod parameters;
mod redirect;
mod refresh;
#[cfg(test)]
mod tests;
mod waiting;

use parameters::Parameters;
use redirect::Redirect;
pub use waiting::WaitState;

/// How a `request_uri` of ours begins (RFC 9126 §2.2).
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";
/// How long a pushed request can be used.
const PUSHED_LIFE: SignedDuration = SignedDuration::from_secs(90);
/// Pushed requests of one client that may lie here at once.
const MAX_PUSHED_OF_CLIENT: usize = 5;
/// Most bytes of one.
const MAX_PUSHED_BYTES: usize = 128 << 10;
/// Pushed requests that may lie here at once.
const MAX_PUSHED: usize = 50;

/// A browser waits for the owner.
#[derive(Debug)]
pub struct Wait {
    /// What names this browser's wait. It buys the answer: for that browser and nowhere else.
    pub handle: Secret<String>,
    /// What the page and the owner's window both show.
    pub compare: String,
    /// What the owner is to be shown.
    pub request: RequestId,
    /// Until when.
    pub until: Timestamp,
}

/// Why an authorization request is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum AuthorizeStop {
    /// Nobody knows where to send the browser (RFC 6749 §4.1.2.1), or nobody but a stranger says so: it is told on a page
    /// of ours.
    Page(OAuthError),
    /// The browser goes back to a client that the owner approved something for, with `error`, `state` and `iss`.
    Back(Url),
}

impl Step<'_> {
    /// Takes an authorization request ahead of the browser (RFC 9126): `request_uri` and `expires_in`.
    ///
    /// # Errors
    /// Everything that an authorization request is refused for, as it stands in [`Step::authorize`]; `slow_down` when
    /// too many lie here.
    pub fn push(&mut self, client: &Client, form: &Form) -> Result<Value, Stop> {
        self.setting.through(Door::Launch)?;
        if form.find("request_uri").is_some() {
            let no = "a pushed request has no request_uri";
            return Err(OAuthError::new(ErrorCode::InvalidRequest, no).into());
        }
        if form.find("client_id").is_some_and(|id| id != client.id.as_str()) {
            return Err(OAuthError::new(ErrorCode::InvalidRequest, "client_id is that of another client").into());
        }
        Redirect::of(client, form)?;
        Parameters::of(self.setting, client, form)?;
        let lying = |pushed: &&Pushed| self.now < pushed.until;
        let of_client = self.ledger.pushed.iter().filter(lying).filter(|pushed| pushed.client == client.id).count();
        if of_client >= MAX_PUSHED_OF_CLIENT || self.ledger.pushed.iter().filter(lying).count() >= MAX_PUSHED {
            return Err(OAuthError::new(ErrorCode::SlowDown, "too many pushed requests are not used").into());
        }
        let kept = parameters::kept(form);
        if kept.len() > MAX_PUSHED_BYTES {
            return Err(OAuthError::new(ErrorCode::InvalidRequest, "the pushed request is too long").into());
        }
        let request_uri = Secret::new(format!("{REQUEST_URI}{}", self.draw.text().expose()));
        self.ledger.pushed.put(Pushed {
            hash: fingerprint(request_uri.expose()),
            client: client.id.clone(),
            form: kept,
            until: self.now.checked_add(PUSHED_LIFE).unwrap_or(self.now),
        });
        Ok(json!({ "request_uri": request_uri.expose(), "expires_in": PUSHED_LIFE.as_secs() }))
    }

    /// An authorization request, as the browser brings it, or pushed ahead: code flow with PKCE (S256 and no other),
    /// `aud` or `resource` naming the FHIR server here (SMART App Launch 2.2, "Obtain authorization code").
    ///
    /// # Errors
    /// [`AuthorizeStop`]: until client and redirect address are known a page, then back to the client.
    pub fn authorize(&mut self, query: &Form) -> Result<Wait, AuthorizeStop> {
        self.setting.through(Door::Launch).map_err(AuthorizeStop::Page)?;
        let unknown = || AuthorizeStop::Page(OAuthError::new(ErrorCode::InvalidRequest, "the client is not known"));
        let client = query.find("client_id").and_then(|id| self.ledger.clients.find(id)).ok_or_else(unknown)?.clone();
        // Of a pushed request nothing can be said again in the browser (RFC 9126 §4, RFC 9101 §6.3).
        let pushed = match query.find("request_uri") {
            Some(uri) => Some(self.take_pushed(&client, uri).map_err(AuthorizeStop::Page)?),
            None => None,
        };
        let form = pushed.as_ref().unwrap_or(query);
        let redirect = Redirect::of(&client, form).map_err(AuthorizeStop::Page)?;
        let parameters = Parameters::of(self.setting, &client, form);
        let wait = parameters.and_then(|parameters| self.wait_for(&client, &redirect, parameters));
        wait.map_err(|why| {
            // Anybody registers any address: a browser is sent there only when the owner knows the client (RFC 9700
            // §4.11.2).
            if self.was_approved(&client.id) {
                AuthorizeStop::Back(redirect.refused(&self.setting.issuer, &why))
            } else {
                AuthorizeStop::Page(why)
            }
        })
    }

    /// Whether the owner ever approved something for a client.
    pub(crate) fn was_approved(&self, client: &ClientId) -> bool {
        let approved = |row: &Request| row.client == *client && matches!(row.state, RequestState::Approved { .. });
        self.ledger.grants.iter().any(|row| row.client.as_ref() == Some(client))
            || self.ledger.requests.iter().any(approved)
    }

    fn wait_for(&mut self, client: &Client, redirect: &Redirect, parameters: Parameters) -> Result<Wait, OAuthError> {
        let handle = self.draw.text();
        let answered = Answered::Redirect {
            redirect_uri: redirect.text().to_owned(),
            state: redirect.state().map(str::to_owned),
            challenge: parameters.challenge,
            nonce: parameters.nonce,
            jkt: parameters.jkt,
            wait: fingerprint(handle.expose()),
        };
        let ask = Ask { door: Door::Launch, claims: Vec::new(), asked: parameters.asked, answered };
        let request = self.ask(client, ask)?;
        let made = self.ledger.requests.find(request.as_str());
        let (compare, until) = made.map(|made| (made.compare.clone(), made.until)).unwrap_or_default();
        Ok(Wait { handle, compare, request, until })
    }

    /// A pushed request is used once, by the client that pushed it.
    fn take_pushed(&mut self, client: &Client, uri: &str) -> Result<Form, OAuthError> {
        let refused = || OAuthError::new(ErrorCode::InvalidRequest, "the request_uri is not good");
        let hash = uri.strip_prefix(REQUEST_URI).map(|_| fingerprint(uri)).ok_or_else(refused)?;
        let found = self.ledger.pushed.find(&hash).filter(|pushed| pushed.client == client.id).is_some();
        let pushed = found.then(|| self.ledger.pushed.remove(&hash)).flatten();
        let pushed = pushed.filter(|pushed| self.now < pushed.until).ok_or_else(refused)?;
        Form::parse(&pushed.form)
    }
}

/// Parameters in `application/x-www-form-urlencoded`.
fn encoded<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
