use thiserror::Error;
use types::ServerUrl;
use url::Url;

/// Why an endpoint that a server names is not used.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndpointError {
    /// It does not read, or carries a user name.
    #[error("this is not an address")]
    NotAnAddress,
    /// It is not https.
    #[error("the address is not https")]
    Insecure,
    /// The server is elsewhere, and what it names is here.
    #[error("the address points into this computer")]
    IntoThisComputer,
}

/// Reads an endpoint named by the server at `base`. Another origin is allowed: authorization servers often stand
/// apart. A relative address is taken below the base (SMART App Launch 2.2, "Using .well-known").
pub(crate) fn read(address: &str, base: &ServerUrl) -> Result<Url, EndpointError> {
    let mut below = base.as_url().clone();
    if !below.path().ends_with('/') {
        below.set_path(&format!("{}/", below.path()));
    }
    let mut url = below.join(address.trim()).map_err(|_| EndpointError::NotAnAddress)?;
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err(EndpointError::NotAnAddress);
    }
    // RFC 6749, section 3.1: endpoints have no fragment.
    url.set_fragment(None);
    let here = types::is_loopback(&url);
    if here && !types::is_loopback(base.as_url()) {
        return Err(EndpointError::IntoThisComputer);
    }
    if url.scheme() == "https" || url.scheme() == "http" && here { Ok(url) } else { Err(EndpointError::Insecure) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_https_and_never_turns_a_server_elsewhere_against_this_computer() {
        let base = ServerUrl::parse("https://ehr.example.org/fhir/r4").expect("an address");
        let ok = |text: &str| read(text, &base).map(|url| url.to_string());
        assert_eq!(ok("https://login.example.com/token#x"), Ok("https://login.example.com/token".into()));
        assert_eq!(ok("auth/token"), Ok("https://ehr.example.org/fhir/r4/auth/token".into()));
        assert_eq!(ok("/auth/token"), Ok("https://ehr.example.org/auth/token".into()));
        assert_eq!(ok("http://login.example.com/token"), Err(EndpointError::Insecure));
        assert_eq!(ok("https://127.0.0.1/token"), Err(EndpointError::IntoThisComputer));
        assert_eq!(ok("http://localhost:8080/admin"), Err(EndpointError::IntoThisComputer));
        assert_eq!(ok("https://user:pass@login.example.com/"), Err(EndpointError::NotAnAddress));
        assert_eq!(ok("javascript:alert(1)"), Err(EndpointError::NotAnAddress));
        assert_eq!(ok("ftp://login.example.com/"), Err(EndpointError::Insecure));
        let here = ServerUrl::parse("http://127.0.0.1:8080/fhir").expect("an address");
        assert!(read("http://127.0.0.1:9090/token", &here).is_ok());
    }
}
