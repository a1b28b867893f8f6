use std::sync::Arc;

use authz::{ErrorCode, OAuthError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use types::Secret;
use url::form_urlencoded;

/// A client's id and secret by HTTP Basic (RFC 6749 §2.3.1): both form-encoded, then joined.
#[derive(Debug, Clone)]
pub(super) struct Basic {
    id: String,
    secret: Arc<Secret<String>>,
}

impl Basic {
    /// What stands in `Authorization`; nothing when there is none.
    pub(super) fn of(headers: &HeaderMap) -> Result<Option<Self>, OAuthError> {
        match one(headers)? {
            None => Ok(None),
            Some(sent) => read(sent).map(Some).ok_or_else(unreadable),
        }
    }

    pub(super) fn pair(&self) -> (&str, &str) {
        (&self.id, self.secret.expose())
    }
}

/// A bearer token, which must be there.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Arc<Secret<String>>, OAuthError> {
    let token = one(headers)?.and_then(|sent| scheme(sent, "bearer"));
    let token = token.ok_or_else(|| OAuthError::new(ErrorCode::InvalidToken, "a token is needed"))?;
    Ok(Arc::new(Secret::new(token.to_owned())))
}

/// Whether a token is shown, and no id with a secret.
pub(super) fn is_token(headers: &HeaderMap) -> bool {
    let sent = headers.get(AUTHORIZATION).and_then(|sent| sent.to_str().ok());
    sent.is_some_and(|sent| scheme(sent, "bearer").or_else(|| scheme(sent, "dpop")).is_some())
}

/// Here a request shows one thing.
fn one(headers: &HeaderMap) -> Result<Option<&str>, OAuthError> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(sent), None) => sent.to_str().map(Some).map_err(|_| unreadable()),
        _ => Err(OAuthError::new(ErrorCode::InvalidRequest, "the client proves itself in two ways")),
    }
}

fn read(sent: &str) -> Option<Basic> {
    let decoded = Secret::new(STANDARD.decode(scheme(sent, "basic")?).ok()?);
    let text = std::str::from_utf8(decoded.expose()).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some(Basic { id: form_decoded(id)?, secret: Arc::new(Secret::new(form_decoded(secret)?)) })
}

fn scheme<'a>(sent: &'a str, scheme: &str) -> Option<&'a str> {
    let (named, value) = sent.split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then_some(value.trim())
}

fn form_decoded(text: &str) -> Option<String> {
    if text.contains(['&', '=']) {
        return None;
    }
    form_urlencoded::parse(text.as_bytes()).next().map_or(Some(String::new()), |(name, _)| Some(name.into_owned()))
}

fn unreadable() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClient, "the authorization header does not read")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(sent: &[&str]) -> Result<Option<Basic>, OAuthError> {
        let mut headers = HeaderMap::new();
        for sent in sent {
            headers.append(AUTHORIZATION, HeaderValue::from_str(sent).unwrap());
        }
        Basic::of(&headers)
    }

    #[test]
    fn id_and_secret_are_form_encoded() {
        let sent = format!("basic {}", STANDARD.encode("cli%5F1:a%3Ab+c"));
        assert_eq!(of(&[&sent]).unwrap().unwrap().pair(), ("cli_1", "a:b c"));
        assert!(of(&[]).unwrap().is_none());
    }

    #[test]
    fn what_does_not_read_is_no_client() {
        for sent in ["Basic", "Basic !", "Bearer a", "Basic YQ"] {
            assert_eq!(of(&[sent]).unwrap_err().code, ErrorCode::InvalidClient, "{sent}");
        }
        assert_eq!(of(&["Basic YTpi", "Basic YTpi"]).unwrap_err().code, ErrorCode::InvalidRequest);
    }
}
