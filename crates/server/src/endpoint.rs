//! What stands at which address: methods, media type, who may ask from a page. One table for the door, the documents
//! and the tests.

use authz::Door;
use http::Method;

use crate::refusal::Voice;

/// An address of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// RFC 8414, and the same for OpenID Connect.
    ServerMetadata,
    /// `uma2-configuration`.
    UmaMetadata,
    /// SMART App Launch 2.2, ".well-known/smart-configuration".
    SmartConfiguration,
    Jwks,
    /// RFC 7591.
    Register,
    /// RFC 7592, with the client's id.
    Registration(String),
    /// RFC 9126.
    Push,
    Authorize,
    Token,
    /// RFC 7662.
    Introspect,
    /// RFC 7009.
    Revoke,
    /// UMA 2.0 Federated Authorization §4.
    Permission,
    /// UMA 2.0 Federated Authorization §3, all resources.
    Resources,
    /// One of them.
    Resource(String),
    /// UMA 2.0 Grant §3.3.2.
    Claims,
    /// What holders of mandates say and hear.
    Mandates,
    /// The page that waits, with the handle that names the wait.
    Wait(String),
    Style,
    /// The CapabilityStatement.
    Statement,
    /// An export or a file of it, as written behind `$export/`.
    Export(String),
    /// Below the FHIR base, as written.
    Fhir(String),
}

/// Which media type a body must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// No body is read.
    None,
    /// `application/x-www-form-urlencoded`, and the parameters nowhere else.
    Form,
    /// A form for an address that a browser goes to; GET has them in the query.
    FormOrQuery,
    /// `application/json`.
    Json,
    /// FHIR JSON, JSON, or a form for `_search`.
    Fhir,
}

/// Pages of which origins may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pages {
    /// Any: what is published.
    All,
    /// Of the origins that clients registered.
    Registered,
    /// None: a browser goes there by itself. Nothing here knows who sits before it, so that a form posted from elsewhere
    /// is a request like any other.
    Browser,
}

impl Endpoint {
    /// By its path, as sent.
    pub(crate) fn at(path: &str) -> Option<Self> {
        Some(match path {
            "/.well-known/oauth-authorization-server" | "/.well-known/openid-configuration" => Self::ServerMetadata,
            "/.well-known/uma2-configuration" => Self::UmaMetadata,
            "/fhir/.well-known/smart-configuration" => Self::SmartConfiguration,
            "/jwks" => Self::Jwks,
            "/register" => Self::Register,
            "/par" => Self::Push,
            "/authorize" => Self::Authorize,
            "/token" => Self::Token,
            "/introspect" => Self::Introspect,
            "/revoke" => Self::Revoke,
            "/perm" => Self::Permission,
            "/rsrc" => Self::Resources,
            "/claims" => Self::Claims,
            "/mandates" => Self::Mandates,
            "/style.css" => Self::Style,
            "/fhir" | "/fhir/" => Self::Fhir(String::new()),
            "/fhir/metadata" => Self::Statement,
            _ => return Self::below(path),
        })
    }

    fn below(path: &str) -> Option<Self> {
        if let Some(rest) = path.strip_prefix("/fhir/$export/") {
            return Some(Self::Export(rest.to_owned()));
        }
        if let Some(rest) = path.strip_prefix("/fhir/") {
            return Some(Self::Fhir(rest.to_owned()));
        }
        let (kind, name) = path.strip_prefix('/')?.split_once('/')?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if name.is_empty() || name.len() > 128 || !name.bytes().all(plain) {
            return None;
        }
        match kind {
            "register" => Some(Self::Registration(name.to_owned())),
            "rsrc" => Some(Self::Resource(name.to_owned())),
            "wait" => Some(Self::Wait(name.to_owned())),
            _ => None,
        }
    }

    /// `Allow`.
    pub(crate) fn methods(&self) -> &'static str {
        match self {
            Self::ServerMetadata | Self::UmaMetadata | Self::SmartConfiguration | Self::Jwks | Self::Statement => {
                "GET, HEAD, OPTIONS"
            }
            // A wait is told its end once: `HEAD` would use it up.
            Self::Wait(_) | Self::Claims => "GET",
            Self::Style => "GET, HEAD",
            Self::Authorize => "GET, POST",
            Self::Register
            | Self::Push
            | Self::Token
            | Self::Introspect
            | Self::Revoke
            | Self::Permission
            | Self::Mandates => "POST, OPTIONS",
            Self::Registration(_) | Self::Export(_) => "GET, DELETE, OPTIONS",
            Self::Resources => "GET, POST, OPTIONS",
            Self::Resource(_) => "GET, PUT, DELETE, OPTIONS",
            Self::Fhir(_) => "GET, HEAD, POST, OPTIONS",
        }
    }

    pub(crate) fn offers(&self, method: &Method) -> bool {
        self.methods().split(", ").any(|offered| offered == method.as_str())
    }

    pub(crate) fn media(&self) -> Media {
        match self {
            Self::Push | Self::Token | Self::Introspect | Self::Revoke | Self::Mandates => Media::Form,
            Self::Authorize => Media::FormOrQuery,
            Self::Register | Self::Permission | Self::Resources | Self::Resource(_) => Media::Json,
            Self::Fhir(_) => Media::Fhir,
            _ => Media::None,
        }
    }

    pub(crate) fn pages(&self) -> Pages {
        match self {
            Self::ServerMetadata | Self::UmaMetadata | Self::SmartConfiguration | Self::Jwks | Self::Statement => {
                Pages::All
            }
            Self::Authorize | Self::Claims | Self::Wait(_) | Self::Style => Pages::Browser,
            _ => Pages::Registered,
        }
    }

    pub(crate) fn voice(&self) -> Voice {
        match self {
            Self::Statement | Self::Export(_) | Self::Fhir(_) => Voice::Fhir,
            Self::Authorize | Self::Claims | Self::Wait(_) | Self::Style => Voice::Page,
            _ => Voice::OAuth,
        }
    }

    /// Which door it belongs to; `None`: the server has it whatever is open.
    pub(crate) fn door(&self) -> Option<Door> {
        match self {
            Self::Claims | Self::Mandates => Some(Door::Uma),
            Self::Permission | Self::Resources | Self::Resource(_) => Some(Door::Federation),
            Self::Authorize | Self::Push => Some(Door::Launch),
            _ => None,
        }
    }

    /// Whether a request leaves something behind in the ledger before anybody has proven who they are.
    pub(crate) fn leaves_behind(&self) -> bool {
        matches!(self, Self::Register | Self::Push | Self::Authorize | Self::Claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_it_is_written() {
        assert_eq!(Endpoint::at("/token"), Some(Endpoint::Token));
        assert_eq!(Endpoint::at("/fhir/Patient/1"), Some(Endpoint::Fhir("Patient/1".to_owned())));
        assert_eq!(Endpoint::at("/wait/abc_-9"), Some(Endpoint::Wait("abc_-9".to_owned())));
        for path in ["/", "", "token", "/token/", "/Token", "/wait/", "/wait/a/b", "/wait/a%41", "/links/x", "/fhirx"] {
            assert_eq!(Endpoint::at(path), None, "{path}");
        }
    }

    #[test]
    fn what_changes_something_is_never_open_to_all_pages() {
        for path in [
            "/token",
            "/register",
            "/par",
            "/introspect",
            "/revoke",
            "/perm",
            "/rsrc",
            "/rsrc/a",
            "/mandates",
            "/fhir",
            "/fhir/$export/a",
        ] {
            assert_eq!(Endpoint::at(path).unwrap().pages(), Pages::Registered, "{path}");
        }
    }
}
