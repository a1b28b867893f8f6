use http::header::HOST;
use http::{HeaderMap, Uri};

use crate::refusal::Refusal;

/// Names under which the server is asked. A page that had its own name resolved to this machine asks under that name,
/// and is turned away (DNS rebinding).
#[derive(Debug)]
pub(crate) struct Hosts {
    admitted: Vec<String>,
}

impl Hosts {
    /// Authorities as `Host` has them, such as `127.0.0.1:8731`.
    pub(crate) fn new(authorities: impl IntoIterator<Item = String>) -> Self {
        Self { admitted: authorities.into_iter().collect() }
    }

    /// Whether the request names one of them, once (RFC 9112 §3.2), and its target, when it is absolute, the same.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut named = headers.get_all(HOST).iter();
        let (Some(host), None) = (named.next(), named.next()) else { return Err(Refusal::Header) };
        let host = host.to_str().map_err(|_| Refusal::Header)?;
        if !self.admits(host) {
            return Err(Refusal::Host);
        }
        match uri.authority() {
            Some(authority) if !authority.as_str().eq_ignore_ascii_case(host) => Err(Refusal::Host),
            _ => Ok(()),
        }
    }

    /// Whether this is the origin of a page of our own.
    pub(crate) fn is_own(&self, origin: &str) -> bool {
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        authority.is_some_and(|authority| self.admits(authority))
    }

    fn admits(&self, authority: &str) -> bool {
        self.admitted.iter().any(|admitted| admitted.eq_ignore_ascii_case(authority))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(target: &str, hosts: &[&str]) -> Result<(), Refusal> {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, HeaderValue::from_str(host).unwrap());
        }
        Hosts::new(["127.0.0.1:80".to_owned(), "My.example".to_owned()]).check(&target.parse().unwrap(), &headers)
    }

    #[test]
    fn only_its_own_names_are_admitted_and_only_once() {
        assert_eq!(check("/a", &["127.0.0.1:80"]), Ok(()));
        assert_eq!(check("/a", &["MY.EXAMPLE"]), Ok(()));
        for host in ["evil.example", "127.0.0.1", "127.0.0.1:81", "my.example.", "my.example:80", "", "my.example@x"] {
            assert_eq!(check("/a", &[host]), Err(Refusal::Host), "{host}");
        }
        assert_eq!(check("/a", &[]), Err(Refusal::Header));
        assert_eq!(check("/a", &["my.example", "my.example"]), Err(Refusal::Header));
    }

    #[test]
    fn an_absolute_target_names_the_same_host() {
        assert_eq!(check("http://my.example/a", &["my.example"]), Ok(()));
        assert_eq!(check("http://evil.example/a", &["my.example"]), Err(Refusal::Host));
        assert_eq!(check("http://127.0.0.1:80/a", &["my.example"]), Err(Refusal::Host));
    }
}
