use std::time::Duration;

use authz::{ErrorCode, OAuthError};
use axum::response::Response;
use http::header::{ALLOW, CONNECTION, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

use crate::owner::OwnerError;
use crate::reply;

/// Why a request was turned away at the door or on the way. The texts hold no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Host,
    Target,
    Header,
    Origin,
    NotFound,
    Method(&'static str),
    MediaType,
    Encoding,
    TooLarge,
    Slow,
    Broken,
    Json,
    Query,
    Many { retry: Duration },
    Busy,
    Locked,
    Failed,
}

/// In which words a refusal is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// JSON of RFC 6749 §5.2.
    OAuth,
    /// An OperationOutcome.
    Fhir,
    /// A line of text, for a browser.
    Page,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Target | Self::Header | Self::Broken | Self::Json | Self::Query => StatusCode::BAD_REQUEST,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType | Self::Encoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Many { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Locked => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn oauth(self) -> ErrorCode {
        match self {
            Self::Many { .. } => ErrorCode::SlowDown,
            Self::Busy | Self::Locked | Self::Failed => ErrorCode::TemporarilyUnavailable,
            Self::NotFound => ErrorCode::NotFound,
            _ => ErrorCode::InvalidRequest,
        }
    }

    /// FHIR R4, IssueType.
    fn issue(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Host | Self::Origin => "forbidden",
            Self::Method(_) | Self::MediaType | Self::Encoding => "not-supported",
            Self::TooLarge => "too-long",
            Self::Slow => "timeout",
            Self::Many { .. } => "throttled",
            Self::Busy | Self::Locked => "transient",
            Self::Failed => "exception",
            Self::Target | Self::Header | Self::Broken | Self::Json | Self::Query => "invalid",
        }
    }

    pub(crate) fn told(self, voice: Voice) -> Response {
        let mut response = match voice {
            Voice::OAuth => reply::json(self.status(), &OAuthError::new(self.oauth(), self.text()).body()),
            Voice::Fhir => reply::outcome(self.status(), "error", self.issue(), self.text()),
            Voice::Page => reply::text(self.status(), self.text()),
        };
        self.mark(response.headers_mut());
        response
    }

    fn mark(self, headers: &mut HeaderMap) {
        match self {
            Self::Method(allow) => {
                headers.insert(ALLOW, HeaderValue::from_static(allow));
            }
            Self::Many { retry } => {
                headers.insert(RETRY_AFTER, HeaderValue::from(retry.as_secs().max(1)));
            }
            Self::Busy => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
            }
            Self::Locked => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
            }
            // What is left of the body is not read.
            Self::TooLarge | Self::Slow | Self::Broken | Self::Encoding => {
                headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Host => "this host is not served here",
            Self::Target => "the address is not well written",
            Self::Header => "a header stands twice, or is not well written",
            Self::Origin => "pages of this origin may not ask here",
            Self::NotFound => "there is nothing here",
            Self::Method(_) => "the method is not offered here",
            Self::MediaType => "the media type is not read here",
            Self::Encoding => "encoded bodies are not read here",
            Self::TooLarge => "the body is too large",
            Self::Slow => "the body took too long",
            Self::Broken => "the body broke off",
            Self::Json => "the body is not JSON, or nested too deep",
            Self::Query => "parameters belong in the body",
            Self::Many { .. } => "too many requests",
            Self::Busy => "there is too much to do at once",
            Self::Locked => "the wallet is locked",
            Self::Failed => "the server failed",
        }
    }
}

impl From<OwnerError> for Refusal {
    fn from(error: OwnerError) -> Self {
        match error {
            OwnerError::Locked => Self::Locked,
            OwnerError::Busy => Self::Busy,
            OwnerError::Failed(cause) => {
                tracing::error!(%cause, "the wallet failed under a request");
                Self::Failed
            }
        }
    }
}
