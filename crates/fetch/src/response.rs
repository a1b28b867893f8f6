use http::HeaderMap;
use http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use jiff::Timestamp;
use tokio::time::timeout;

use crate::{FetchError, Limits};

/// What came back: any status, any type.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The media type, lower case, without parameters: `application/fhir+json`.
    pub content_type: Option<String>,
    /// `Retry-After` as it was sent: seconds or an HTTP date.
    pub retry_after: Option<String>,
    /// `Location` as it was sent.
    pub location: Option<String>,
    /// `WWW-Authenticate` as it was sent, one text for each time it stands there.
    pub challenges: Vec<String>,
    /// The other side's clock (`Date`).
    pub date: Option<Timestamp>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// Reads the body within the limits.
    pub(crate) async fn collect(mut response: reqwest::Response, limits: Limits) -> Result<Self, FetchError> {
        let host = response.url().host_str().unwrap_or_default().to_owned();
        let too_large = || FetchError::TooLarge { limit: limits.bytes };
        let said = response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
        if said > limits.bytes {
            return Err(too_large());
        }
        // What the other side says of the length is believed only so far.
        let mut body = Vec::with_capacity(said.min(1 << 20));
        loop {
            let piece = match timeout(limits.idle, response.chunk()).await {
                Err(_) => return Err(FetchError::Timeout),
                Ok(Err(error)) => return Err(FetchError::of(error, &host)),
                Ok(Ok(None)) => break,
                Ok(Ok(Some(piece))) => piece,
            };
            if body.len().saturating_add(piece.len()) > limits.bytes {
                return Err(too_large());
            }
            body.extend_from_slice(&piece);
        }
        Ok(Self::with_headers(response.status().as_u16(), response.headers(), body))
    }

    fn with_headers(status: u16, headers: &HeaderMap, body: Vec<u8>) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            status,
            content_type: text(CONTENT_TYPE).map(|value| essence(&value)),
            retry_after: text(RETRY_AFTER),
            location: text(LOCATION),
            challenges: (headers.get_all(WWW_AUTHENTICATE).iter())
                .filter_map(|value| value.to_str().ok().map(str::to_owned))
                .collect(),
            date: text(DATE).and_then(|value| http_date(&value)),
            body,
        }
    }
}

fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads an HTTP date (RFC 9110, section 5.6.7) in its one form that is still written.
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_is_compared_without_its_parameters() {
        assert_eq!(essence("Application/FHIR+JSON; charset=utf-8"), "application/fhir+json");
        assert_eq!(essence(""), "");
    }

    #[test]
    fn the_other_clock_is_read() {
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), "1994-11-06T08:49:37Z".parse().ok());
        assert_eq!(http_date("yesterday"), None);
    }
}
