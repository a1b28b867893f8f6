use axum::response::Response;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN, VARY,
};
use http::{HeaderMap, StatusCode};

use crate::door::Hosts;
use crate::endpoint::Pages;
use crate::refusal::Refusal;
use crate::reply;

/// Which page asks, by what the browser says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asking {
    /// No page, or one of our own.
    NoPage,
    /// A page of any origin, where all may ask.
    AnyPage,
    /// A page of this origin, if a client registered it.
    PageOf(HeaderValue),
}

/// Headers a page may send. `Cookie` is not among them, and credentials are never allowed: nothing here knows a browser
/// by anything but what it sends on purpose.
const MAY_SEND: &str = "authorization, content-type, accept, dpop, prefer, if-none-match, if-modified-since";

/// Headers of answers that a page may read.
const MAY_READ: &str =
    "www-authenticate, etag, last-modified, location, content-location, dpop-nonce, retry-after, x-progress";

/// Which page asks; a page whose origin is hidden (`null`) is nobody's.
pub(crate) fn asking(pages: Pages, hosts: &Hosts, headers: &HeaderMap) -> Result<Asking, Refusal> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(Asking::NoPage) };
    let text = origin.to_str().map_err(|_| Refusal::Header)?;
    match pages {
        Pages::All => Ok(Asking::AnyPage),
        Pages::Browser => Ok(Asking::NoPage),
        Pages::Registered if hosts.is_own(text) => Ok(Asking::NoPage),
        Pages::Registered if text == "null" => Err(Refusal::Origin),
        Pages::Registered => Ok(Asking::PageOf(origin.clone())),
    }
}

/// The answer to a preflight of a page that may ask.
pub(crate) fn answer_preflight(headers: &HeaderMap, methods: &'static str) -> Result<Response, Refusal> {
    if !headers.contains_key(ORIGIN) || !headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return Err(Refusal::Method(methods));
    }
    let mut response = reply::empty(StatusCode::NO_CONTENT);
    let allowed = response.headers_mut();
    allowed.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
    allowed.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(MAY_SEND));
    allowed.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    Ok(response)
}

/// Lets the page read the answer.
pub(crate) fn let_read(asking: &Asking, response: &mut Response) {
    let headers = response.headers_mut();
    match asking {
        Asking::NoPage => return,
        Asking::AnyPage => headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        Asking::PageOf(origin) => {
            headers.append(VARY, HeaderValue::from_static("origin"));
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone())
        }
    };
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(MAY_READ));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pages: Pages, origin: &'static str) -> Result<Asking, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, HeaderValue::from_static(origin));
        asking(pages, &Hosts::new(["127.0.0.1:80".to_owned()]), &headers)
    }

    #[test]
    fn a_page_that_hides_its_origin_is_nobodys() {
        assert_eq!(of(Pages::Registered, "null"), Err(Refusal::Origin));
        assert_eq!(of(Pages::Registered, "http://127.0.0.1:80"), Ok(Asking::NoPage));
        assert!(matches!(of(Pages::Registered, "https://evil.example"), Ok(Asking::PageOf(_))));
        assert_eq!(of(Pages::All, "https://evil.example"), Ok(Asking::AnyPage));
    }

    #[test]
    fn credentials_are_never_allowed() {
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, HeaderValue::from_static("https://app.example"));
        headers.insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"));
        let mut response = answer_preflight(&headers, "POST").unwrap();
        let_read(&Asking::PageOf(HeaderValue::from_static("https://app.example")), &mut response);
        assert!(!response.headers().contains_key("access-control-allow-credentials"));
        assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example");
    }
}
