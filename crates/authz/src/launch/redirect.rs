use url::Url;

use crate::{Client, ErrorCode, Form, OAuthError};

/// Most bytes of `state`.
const MAX_STATE: usize = 2_048;

/// Where the browser goes back to: an address that the client registered, with what it sent along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Redirect {
    text: String,
    url: Url,
    state: Option<String>,
}

impl Redirect {
    /// Reads it from an authorization request.
    ///
    /// # Errors
    /// `invalid_request` when the client did not register it: then nobody may be sent there.
    pub(super) fn of(client: &Client, form: &Form) -> Result<Self, OAuthError> {
        let refused = |why| OAuthError::new(ErrorCode::InvalidRequest, why);
        let text = form.find("redirect_uri").ok_or_else(|| refused("redirect_uri is missing"))?;
        if !client.redirect_uris.iter().any(|registered| is_same(registered, text)) {
            return Err(refused("redirect_uri is not registered"));
        }
        let state = form.find("state");
        if state.is_some_and(|state| state.len() > MAX_STATE) {
            return Err(refused("state is too long"));
        }
        Self::parse(text, state).ok_or_else(|| refused("redirect_uri is not an address"))
    }

    /// From a stored request.
    pub(super) fn parse(text: &str, state: Option<&str>) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|url| url.fragment().is_none())?;
        Some(Self { text: text.to_owned(), url, state: state.map(str::to_owned) })
    }

    /// As the client wrote it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Back with a refusal (RFC 6749 §4.1.2.1).
    pub(super) fn refused(&self, issuer: &str, why: &OAuthError) -> Url {
        // What a token endpoint says with a status, a browser is told in the words of its own list.
        let code = if why.code == ErrorCode::SlowDown { ErrorCode::TemporarilyUnavailable } else { why.code };
        self.with(issuer, &[("error", code.as_str()), ("error_description", why.description)])
    }

    /// Back with a code (RFC 6749 §4.1.2).
    pub(super) fn with_code(&self, issuer: &str, code: &str) -> Url {
        self.with(issuer, &[("code", code)])
    }

    /// `iss` tells a client of several servers which one answered (RFC 9207).
    fn with(&self, issuer: &str, members: &[(&str, &str)]) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .extend_pairs(members)
            .extend_pairs(self.state.iter().map(|state| ("state", state)))
            .append_pair("iss", issuer);
        url
    }
}

/// To the letter, but for the port of a loopback address (RFC 8252 §7.3, RFC 9700 §2.1).
fn is_same(registered: &str, sent: &str) -> bool {
    let loopback = loopback(registered);
    registered == sent || loopback.is_some() && loopback == self::loopback(sent)
}

/// Host and what follows the port, of a plain http address of this computer. Compared as text: nothing is decoded, so
/// nothing can be read in two ways.
fn loopback(address: &str) -> Option<(&'static str, &str)> {
    let hosts = ["http://127.0.0.1", "http://[::1]"];
    let (host, rest) = hosts.into_iter().find_map(|host| Some((host, address.strip_prefix(host)?)))?;
    let rest = match rest.strip_prefix(':') {
        Some(after) => {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let (port, rest) = after.split_at_checked(digits)?;
            port.parse::<u16>().ok()?;
            rest
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_address_is_compared_to_the_letter() {
        let registered = "https://app.example.org/back";
        assert!(is_same(registered, registered));
        for trick in [
            "https://app.example.org/back/",
            "https://app.example.org/back/more",
            "https://app.example.org/bac",
            "https://app.example.org/back?x=1",
            "https://app.example.org/back#x",
            "https://app.example.org/../back",
            "https://app.example.org.evil.example/back",
            "https://evil.example/?https://app.example.org/back",
            "https://app.example.org@evil.example/back",
            "https://user@app.example.org/back",
            "https://app.example.org:443/back",
            "https://app.example.org:8443/back",
            "http://app.example.org/back",
            "HTTPS://app.example.org/back",
            "https://APP.example.org/back",
            "https://app.example.org/%62ack",
            "https://app.example.org\\@evil.example/back",
            "javascript:alert(1)",
            "//app.example.org/back",
            "",
        ] {
            assert!(!is_same(registered, trick), "{trick}");
        }
    }

    #[test]
    fn the_port_of_a_loopback_address_is_free_and_nothing_else() {
        let registered = "http://127.0.0.1:8000/back";
        for good in ["http://127.0.0.1:8000/back", "http://127.0.0.1:61234/back", "http://127.0.0.1/back"] {
            assert!(is_same(registered, good), "{good}");
        }
        for trick in [
            "http://127.0.0.1:8000/other",
            "http://127.0.0.1:8000@evil.example/back",
            "http://127.0.0.1.evil.example/back",
            "http://127.0.0.1:99999/back",
            "http://127.0.0.1:8000.evil.example/back",
            "http://127.0.0.2:8000/back",
            "http://localhost:8000/back",
            "http://[::1]:8000/back",
            "https://127.0.0.1:8000/back",
        ] {
            assert!(!is_same(registered, trick), "{trick}");
        }
        assert!(is_same("http://[::1]/back", "http://[::1]:4000/back"));
        assert!(!is_same("http://localhost:1/back", "http://localhost:2/back"));
    }
}
