use types::Secret;
use url::Url;

use super::{ASSERTION_TYPE, form_request};
use crate::{Client, ClientError, Proof};

/// Which token is taken back (RFC 7009, section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The access token.
    Access,
    /// The refresh token; with it, a server ends the access tokens made from it.
    Refresh,
}

/// Writes the request that takes a token back. Send it for the refresh token first, then for the access token.
///
/// # Errors
/// [`ClientError`].
pub fn revoke(
    revocation_endpoint: &Url,
    client: &Client,
    token: &Secret<String>,
    kind: TokenKind,
    proof: &Proof,
) -> Result<http::Request<Vec<u8>>, ClientError> {
    let hint = match kind {
        TokenKind::Access => "access_token",
        TokenKind::Refresh => "refresh_token",
    };
    let mut form = vec![("token", token.expose().as_str()), ("token_type_hint", hint)];
    match proof.for_client(client)? {
        Some(assertion) => {
            form.push(("client_assertion_type", ASSERTION_TYPE));
            form.push(("client_assertion", assertion));
        }
        None => form.push(("client_id", client.id())),
    }
    form_request(revocation_endpoint, form)
}

/// Whether the server confirmed that the token is dead (RFC 7009, section 2.2: status 200, whatever the body).
pub fn revoked(status: u16) -> bool {
    matches!(status, 200 | 204)
}
