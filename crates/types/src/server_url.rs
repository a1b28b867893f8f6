use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

/// The address of a server: a FHIR base, an issuer. `https`, or `http` on this computer only; no user, query or
/// fragment; no slash at the end.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl {
    url: Url,
    text: String,
}

/// Why a text is not a server's address.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ServerUrlError {
    /// It does not read as an address at all.
    #[error("this is not a web address")]
    NotAnAddress,
    /// Neither `https` nor `http` on loopback.
    #[error("the address is not https")]
    NotHttps,
    /// A user name, password, query or fragment has no place here.
    #[error("the address carries more than scheme, host, port and path")]
    Extra,
}

impl ServerUrl {
    /// Reads an address as a person or a document gives it. A slash at the end is dropped.
    ///
    /// # Errors
    /// [`ServerUrlError`] when the text is not such an address.
    pub fn parse(text: &str) -> Result<Self, ServerUrlError> {
        let url = Url::parse(text.trim()).map_err(|_| ServerUrlError::NotAnAddress)?;
        if !url.has_host() {
            return Err(ServerUrlError::NotAnAddress);
        }
        if !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url)) {
            return Err(ServerUrlError::NotHttps);
        }
        let plain =
            url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
        if !plain {
            return Err(ServerUrlError::Extra);
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        // With and without the slash it is one address, equal to itself.
        let url = Url::parse(&text).map_err(|_| ServerUrlError::NotAnAddress)?;
        Ok(Self { url, text })
    }

    /// The address without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address as a parsed URL.
    pub fn as_url(&self) -> &Url {
        &self.url
    }

    /// A path below this address: `base.join("metadata")` is `…/metadata`.
    ///
    /// # Errors
    /// [`ServerUrlError::NotAnAddress`] when the result does not read as an address.
    pub fn join(&self, path: &str) -> Result<Url, ServerUrlError> {
        Url::parse(&format!("{}/{path}", self.text)).map_err(|_| ServerUrlError::NotAnAddress)
    }

    /// Whether both live on the same scheme, host and port.
    pub fn same_origin(&self, other: &Url) -> bool {
        self.url.origin() == other.origin()
    }

    /// The host as a person would read it.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

/// Whether an address points at this computer (`localhost`, `127.0.0.0/8`, `[::1]`).
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => false,
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = ServerUrlError;

    fn try_from(text: String) -> Result<Self, ServerUrlError> {
        Self::parse(&text)
    }
}

impl From<ServerUrl> for String {
    fn from(url: ServerUrl) -> String {
        url.text
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_computer_only() {
        assert!(ServerUrl::parse("http://127.0.0.1:4000/fhir").is_ok());
        assert!(ServerUrl::parse("http://localhost:4000").is_ok());
        assert!(ServerUrl::parse("http://[::1]:4000").is_ok());
        assert_eq!(ServerUrl::parse("http://ehr.example.org"), Err(ServerUrlError::NotHttps));
        assert_eq!(ServerUrl::parse("http://localhost.example.org"), Err(ServerUrlError::NotHttps));
        assert_eq!(ServerUrl::parse("file:///etc/passwd"), Err(ServerUrlError::NotAnAddress));
    }

    #[test]
    fn nothing_but_scheme_host_port_and_path_is_taken() {
        for text in ["https://a@b.example", "https://b.example/?q=1", "https://b.example/#x"] {
            assert_eq!(ServerUrl::parse(text), Err(ServerUrlError::Extra), "{text}");
        }
        assert_eq!(ServerUrl::parse("not an address"), Err(ServerUrlError::NotAnAddress));
    }

    #[test]
    fn an_address_with_a_slash_at_its_end_is_the_one_without() {
        for (with, without) in [
            ("https://b.example/fhir/", "https://b.example/fhir"),
            ("https://b.example/", "https://b.example"),
            ("https://b.example/fhir/%2E/", "https://b.example/fhir"),
            ("https://b.example/fhir//", "https://b.example/fhir"),
        ] {
            let (with, without) = (ServerUrl::parse(with).unwrap(), ServerUrl::parse(without).unwrap());
            assert_eq!(with, without);
            assert_eq!(with.as_url(), without.as_url());
            assert_eq!(ServerUrl::parse(with.as_str()), Ok(with));
        }
    }

    #[test]
    fn a_path_is_joined_below_the_base() {
        let base = ServerUrl::parse(" https://b.example/fhir/ ").unwrap();
        assert_eq!(base.join("metadata").unwrap().as_str(), "https://b.example/fhir/metadata");
        assert!(base.same_origin(&"https://b.example/other".parse().unwrap()));
        assert!(!base.same_origin(&"https://b.example:444/other".parse().unwrap()));
    }
}
