use axum::response::Response;
use http::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY, TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, Uri};

use crate::refusal::Refusal;

/// Headers that say one thing and must not say two.
const SINGLE: [HeaderName; 6] = [HOST, CONTENT_TYPE, CONTENT_LENGTH, ORIGIN, TRANSFER_ENCODING, ACCEPT];

/// Most values of `Authorization`: a token and an app password.
const AUTHORIZATIONS: usize = 2;

/// Whether the head is written plainly: no header doubled, a path that reads one way only.
pub(crate) fn single(uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
    let doubled = |name: &HeaderName| headers.get_all(name).iter().nth(1).is_some();
    if SINGLE.iter().any(doubled) || doubled(&HeaderName::from_static("dpop")) {
        return Err(Refusal::Header);
    }
    if headers.get_all(AUTHORIZATION).iter().count() > AUTHORIZATIONS {
        return Err(Refusal::Header);
    }
    if headers.contains_key(CONTENT_ENCODING) {
        return Err(Refusal::Encoding);
    }
    if plain(uri.path()) { Ok(()) } else { Err(Refusal::Target) }
}

/// A path without second readings: no empty or dotted segment, no backslash, nothing encoded that would end a segment
/// or make one of these.
fn plain(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let hidden = ["%2e", "%2f", "%5c", "%00", "%25", "\\", "//", ";"];
    path.starts_with('/')
        && path.is_ascii()
        && !hidden.iter().any(|part| lower.contains(part))
        && !path.split('/').any(|segment| segment == "." || segment == "..")
}

/// What every answer says to a browser: keep nothing, guess nothing, load nothing, stand in no frame, tell nobody.
pub(crate) fn closed(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    );
    let own = HeaderValue::from_static("same-origin");
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), own.clone());
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), own);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_second_reading_is_refused() {
        for path in
            ["//token", "/fhir//Patient", "/a/../token", "/./token", "/%2e%2e/token", "/%2E/x", "/fhir/Patient%2F1"]
        {
            assert!(!plain(path), "{path}");
        }
        for path in ["/a%5cb", "/a\\b", "/a%00", "/a;b", "/%252e", "", "*", "token"] {
            assert!(!plain(path), "{path}");
        }
        for path in ["/token", "/fhir/Patient/1/$everything", "/fhir/Patient/a.b-c/_history/1", "/fhir/%24export"] {
            assert!(plain(path), "{path}");
        }
    }

    #[test]
    fn a_header_that_stands_twice_is_refused() {
        let uri: Uri = "/token".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        headers.append(AUTHORIZATION, HeaderValue::from_static("Basic b"));
        assert_eq!(single(&uri, &headers), Ok(()));
        headers.append(AUTHORIZATION, HeaderValue::from_static("Basic c"));
        assert_eq!(single(&uri, &headers), Err(Refusal::Header));
        for name in ["content-type", "origin", "dpop", "host"] {
            let mut headers = HeaderMap::new();
            headers.append(HeaderName::from_static(name), HeaderValue::from_static("a"));
            assert_eq!(single(&uri, &headers), Ok(()), "{name}");
            headers.append(HeaderName::from_static(name), HeaderValue::from_static("a"));
            assert_eq!(single(&uri, &headers), Err(Refusal::Header), "{name}");
        }
    }
}
