//! Tokens: redeeming a code, renewing, taking back.

use std::cell::RefCell;

use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthorizationCode, ClientId, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    TokenUrl,
};
use types::Secret;
use url::{Url, form_urlencoded};

use crate::launch::Redirect;
use crate::{Client, ClientError, Proof};

mod answer;
mod redeem;
mod refresh;
mod revoke;

pub use answer::{TokenError, Tokens};
pub use redeem::{Granted, Redeeming};
pub use refresh::{NextRefresh, Refresh, RefreshError, Refreshed, Refreshing};
pub use revoke::{TokenKind, revoke, revoked};

/// RFC 7523, section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The request that redeems a code (SMART App Launch 2.2, "Obtain access token").
pub(crate) fn code_request(
    endpoint: &Url,
    client: &Client,
    redirect: &Redirect,
    code: Secret<String>,
    verifier: &str,
    proof: &Proof,
) -> Result<HttpRequest, ClientError> {
    let back = RedirectUrl::new(redirect.as_str().to_owned()).map_err(|_| ClientError::Unsendable)?;
    let server = BasicClient::new(ClientId::new(client.id().to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(endpoint.clone()))
        .set_redirect_uri(back);
    let mut request = server
        .exchange_code(AuthorizationCode::new(code.expose().clone()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
    let assertion = proof.for_client(client)?;
    if let Some(assertion) = assertion {
        request = request.add_extra_param("client_assertion_type", ASSERTION_TYPE);
        request = request.add_extra_param("client_assertion", assertion.to_owned());
    }
    let request = written(|send| drop(request.request(&send)))?;
    Ok(if assertion.is_some() { without_client_id(request) } else { request })
}

/// The request that renews an access token.
fn refresh_request(
    endpoint: &Url,
    client: &Client,
    refresh: &Secret<String>,
    proof: &Proof,
) -> Result<HttpRequest, ClientError> {
    let server = BasicClient::new(ClientId::new(client.id().to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(endpoint.clone()));
    let token = RefreshToken::new(refresh.expose().clone());
    let mut request = server.exchange_refresh_token(&token);
    let assertion = proof.for_client(client)?;
    if let Some(assertion) = assertion {
        request = request.add_extra_param("client_assertion_type", ASSERTION_TYPE);
        request = request.add_extra_param("client_assertion", assertion.to_owned());
    }
    let request = written(|send| drop(request.request(&send)))?;
    Ok(if assertion.is_some() { without_client_id(request) } else { request })
}

/// A form to an endpoint `oauth2` has no request for.
fn form_request<'a>(
    endpoint: &Url,
    form: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<HttpRequest, ClientError> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    http::Request::post(endpoint.as_str())
        .header(http::header::ACCEPT, "application/json")
        .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into_bytes())
        .map_err(|_| ClientError::Unsendable)
}

/// The request was written down instead of sent.
#[derive(Debug, thiserror::Error)]
#[error("the request was kept")]
struct Kept;

/// `oauth2` writes a request only in order to send it: this lets it send into a variable, so that the caller of this
/// crate does the sending.
fn written(
    act: impl FnOnce(Box<dyn Fn(HttpRequest) -> Result<HttpResponse, Kept> + '_>),
) -> Result<HttpRequest, ClientError> {
    let kept = RefCell::new(None);
    act(Box::new(|request| {
        kept.replace(Some(request));
        Err(Kept)
    }));
    kept.into_inner().ok_or(ClientError::Unsendable)
}

/// SMART App Launch 2.2, "Obtain access token": `client_id` is omitted for confidential apps; the assertion says it.
fn without_client_id(mut request: HttpRequest) -> HttpRequest {
    let kept = form_urlencoded::parse(request.body()).filter(|(name, _)| name != "client_id");
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    *request.body_mut() = body.into_bytes();
    request
}

#[cfg(test)]
mod tests;
