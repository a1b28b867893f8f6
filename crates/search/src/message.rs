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
}
