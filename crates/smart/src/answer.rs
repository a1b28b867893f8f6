use serde_json::{Map, Value};
use thiserror::Error;

/// What an address answered, as the caller brought it.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    /// The media type, when it was said.
    pub content_type: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// Why a body is not the JSON object that was asked for.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotJson {
    /// Nothing at all.
    #[error("the answer is empty")]
    Empty,
    /// A page for people: a portal, a firewall, a sign-in.
    #[error("the answer is a web page")]
    Html,
    /// Something else.
    #[error("the answer is not a JSON object")]
    Other,
}

impl<'a> Answer<'a> {
    /// The answer as other crates of this workspace bring it.
    pub fn new(status: u16, content_type: Option<&'a str>, body: &'a [u8]) -> Self {
        Self { status, content_type, body }
    }

    /// The answer to a request made by this crate.
    pub fn of(response: &'a http::Response<Vec<u8>>) -> Self {
        let content_type = response.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Self { status: response.status().as_u16(), content_type, body: response.body() }
    }

    /// Reads the body as a JSON object. The media type is not believed: servers that send JSON as `text/html` are
    /// many, and so are those that do the opposite.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, NotJson> {
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.body).trim_ascii();
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(object),
            _ if body.is_empty() => Err(NotJson::Empty),
            _ if body.starts_with(b"<") => Err(NotJson::Html),
            _ => Err(NotJson::Other),
        }
    }
}

/// A member that is a text with something in it.
pub(crate) fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// A member that is a list of texts, or one text with spaces; `None` when it is not there.
pub(crate) fn texts(object: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    match object.get(name)? {
        Value::Array(items) => Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        Value::String(one) => Some(one.split_whitespace().map(str::to_owned).collect()),
        _ => None,
    }
}
