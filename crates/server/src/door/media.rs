use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};

use crate::endpoint::Media;
use crate::refusal::Refusal;

const FORM: &str = "application/x-www-form-urlencoded";

/// Whether the body is of a kind that is read there. FHIR's engine judges its own kinds once more.
pub(crate) fn media_fits(media: Media, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    if method != Method::POST && method != Method::PUT {
        return Ok(());
    }
    let sent = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("unreadable"));
    let essence = sent.map(|value| value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase());
    let one_of = |taken: &[&str]| essence.as_deref().is_some_and(|essence| taken.contains(&essence));
    let fits = match media {
        Media::None => essence.is_none(),
        Media::Form | Media::FormOrQuery => one_of(&[FORM]),
        Media::Json => one_of(&["application/json"]),
        // An operation may be called by POST without a body.
        Media::Fhir => essence.is_none() || one_of(&[FORM, "application/fhir+json", "application/json"]),
    };
    if fits { Ok(()) } else { Err(Refusal::MediaType) }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_body_of_another_kind_is_refused() {
        let fits = |media, sent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(sent).unwrap());
            media_fits(media, &Method::POST, &headers)
        };
        assert_eq!(fits(Media::Form, "application/x-www-form-urlencoded; charset=UTF-8"), Ok(()));
        assert_eq!(fits(Media::Fhir, "application/fhir+json"), Ok(()));
        for (media, sent) in [
            (Media::Form, "application/json"),
            (Media::Form, "text/plain"),
            (Media::Form, "application/x-www-form-urlencodedx"),
            (Media::Json, FORM),
            (Media::Json, "text/json"),
            (Media::Fhir, "application/fhir+xml"),
            (Media::Fhir, "multipart/form-data"),
            (Media::None, "text/plain"),
        ] {
            assert_eq!(fits(media, sent), Err(Refusal::MediaType), "{sent}");
        }
        assert_eq!(media_fits(Media::Form, &Method::POST, &HeaderMap::new()), Err(Refusal::MediaType));
    }
}
