/// A FHIR request, as it came over HTTP or was typed by the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD` or `POST`; nothing else reaches the engine.
    pub method: Method,
    /// Path below the base, without a leading slash: `Observation/_search`, `Patient/1/$everything`.
    pub path: String,
    /// The raw query, without `?`.
    pub query: String,
    /// Header names in lower case, with values as sent.
    pub headers: Vec<(String, String)>,
    /// The body; empty when there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// A `GET` of what stands behind the base: `Observation?code=a`.
    pub fn get(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: Method::Get,
            path: path.trim_start_matches('/').to_owned(),
            query: query.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// HTTP methods that can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `HEAD`.
    Head,
    /// `POST`: `_search`, operations, batch.
    Post,
}

/// The answer, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body, FHIR JSON or NDJSON; empty for `HEAD` and 304.
    pub body: Vec<u8>,
    /// The versions of resources that stand in the body, each once, in its order: `Observation/1/_history/2`.
    pub resources: Vec<String>,
}

impl Response {
    pub(crate) fn json(status: u16, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", "application/fhir+json; charset=utf-8".to_owned())];
        Self { status, headers, body, resources: Vec::new() }
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}
