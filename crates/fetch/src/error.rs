use std::error::Error as StdError;
use std::io;

use thiserror::Error;
use types::Whose;

use crate::resolver::OnlyPrivate;

/// Why nothing came back. The causes carry no address and no header.
#[derive(Debug, Error)]
pub enum FetchError {
    /// Not a web address, or one that carries a user name.
    #[error("the address is not one to fetch")]
    Address,
    /// `http` beyond this computer.
    #[error("the address is not https")]
    NotHttps {
        /// The host.
        host: String,
    },
    /// On a private network, and the owner did not name the host.
    #[error("the address lies on a private network")]
    PrivateAddress {
        /// The host.
        host: String,
    },
    /// The name does not resolve.
    #[error("the name was not found")]
    Dns(#[source] reqwest::Error),
    /// Nobody accepts the connection.
    #[error("no connection could be made")]
    Connect(#[source] reqwest::Error),
    /// The other side could not show who it is.
    #[error("no trusted connection could be made")]
    Tls {
        /// What is wrong with it.
        kind: TlsKind,
        /// The cause.
        source: reqwest::Error,
    },
    /// Too slow: no connection, no answer, a silence in it, or an answer without end.
    #[error("the answer took too long")]
    Timeout,
    /// More than the limit, decompressed.
    #[error("the answer is too large")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It sends us elsewhere, and this request does not follow.
    #[error("the answer leads elsewhere")]
    Redirected {
        /// The host it leads to, when it says one.
        to_host: Option<String>,
    },
    /// More redirects than allowed.
    #[error("the answer leads in circles")]
    TooManyRedirects,
    /// The connection broke, or what came is not HTTP.
    #[error("the answer broke off")]
    Broken(#[source] reqwest::Error),
    /// The request has a part that cannot be sent, such as a token with a line break.
    #[error("the request cannot be sent")]
    Unsendable,
    /// The client cannot be set up: no trust store on this computer, for one.
    #[error("the network client could not be set up")]
    Setup(#[source] reqwest::Error),
}

/// What is wrong with a TLS peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsKind {
    /// The certificate has expired.
    Expired,
    /// The certificate is not yet valid.
    NotYetValid,
    /// No trusted authority signed it.
    UnknownIssuer,
    /// It is for another name.
    WrongName,
    /// It was withdrawn.
    Revoked,
    /// Both sides share no version or cipher, or the other side does not speak TLS.
    Protocol,
    /// Something else about the certificate.
    Other,
}

/// Every code [`FetchError::code`] can give.
pub const CODES: &[&str] = &[
    "fetch.address",
    "fetch.notHttps",
    "fetch.privateAddress",
    "fetch.dns",
    "fetch.connect",
    "fetch.tls",
    "fetch.tlsExpired",
    "fetch.tlsNotYetValid",
    "fetch.tlsUnknownIssuer",
    "fetch.tlsWrongName",
    "fetch.tlsRevoked",
    "fetch.tlsProtocol",
    "fetch.timeout",
    "fetch.tooLarge",
    "fetch.redirected",
    "fetch.tooManyRedirects",
    "fetch.broken",
    "fetch.unsendable",
    "fetch.setup",
];

impl FetchError {
    /// The host it concerns, when it is known: the one refused, or the one the answer leads to.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::NotHttps { host } | Self::PrivateAddress { host } => Some(host),
            Self::Redirected { to_host } => to_host.as_deref(),
            _ => None,
        }
    }

    /// The code the message files know.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address => "fetch.address",
            Self::NotHttps { .. } => "fetch.notHttps",
            Self::PrivateAddress { .. } => "fetch.privateAddress",
            Self::Dns(_) => "fetch.dns",
            Self::Connect(_) => "fetch.connect",
            Self::Tls { kind, .. } => kind.code(),
            Self::Timeout => "fetch.timeout",
            Self::TooLarge { .. } => "fetch.tooLarge",
            Self::Redirected { .. } => "fetch.redirected",
            Self::TooManyRedirects => "fetch.tooManyRedirects",
            Self::Broken(_) => "fetch.broken",
            Self::Unsendable => "fetch.unsendable",
            Self::Setup(_) => "fetch.setup",
        }
    }

    /// Who erred.
    pub fn whose(&self) -> Whose {
        match self {
            Self::Address => Whose::You,
            Self::NotHttps { .. }
            | Self::Timeout
            | Self::TooLarge { .. }
            | Self::Redirected { .. }
            | Self::TooManyRedirects
            | Self::Broken(_) => Whose::Them,
            // An expired or not yet valid certificate may also be a clock that is wrong here.
            Self::Tls { kind: TlsKind::Expired | TlsKind::NotYetValid, .. } => Whose::Unknown,
            Self::Tls { .. } => Whose::Them,
            Self::Dns(_) | Self::Connect(_) | Self::PrivateAddress { .. } => Whose::Unknown,
            Self::Setup(_) => Whose::Computer,
            Self::Unsendable => Whose::Us,
        }
    }

    /// Whether asking again a little later may help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Dns(_) | Self::Connect(_) | Self::Timeout | Self::Broken(_))
    }

    /// Sorts what the client says went wrong.
    pub(crate) fn of(error: reqwest::Error, host: &str) -> Self {
        // The address may carry ids; the cause must not.
        let error = error.without_url();
        if find::<OnlyPrivate>(&error).is_some() {
            return Self::PrivateAddress { host: host.to_owned() };
        }
        if let Some(kind) = find::<rustls::Error>(&error).map(TlsKind::of) {
            return Self::Tls { kind, source: error };
        }
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_dns() {
            Self::Dns(error)
        } else if error.is_connect() {
            Self::Connect(error)
        } else if error.is_builder() {
            Self::Unsendable
        } else {
            Self::Broken(error)
        }
    }
}

impl TlsKind {
    fn code(self) -> &'static str {
        match self {
            Self::Expired => "fetch.tlsExpired",
            Self::NotYetValid => "fetch.tlsNotYetValid",
            Self::UnknownIssuer => "fetch.tlsUnknownIssuer",
            Self::WrongName => "fetch.tlsWrongName",
            Self::Revoked => "fetch.tlsRevoked",
            Self::Protocol => "fetch.tlsProtocol",
            Self::Other => "fetch.tls",
        }
    }

    fn of(error: &rustls::Error) -> Self {
        use rustls::CertificateError as Cert;
        match error {
            rustls::Error::InvalidCertificate(certificate) => match certificate {
                Cert::Expired | Cert::ExpiredContext { .. } => Self::Expired,
                Cert::NotValidYet | Cert::NotValidYetContext { .. } => Self::NotYetValid,
                Cert::UnknownIssuer => Self::UnknownIssuer,
                Cert::NotValidForName | Cert::NotValidForNameContext { .. } => Self::WrongName,
                Cert::Revoked => Self::Revoked,
                _ => Self::Other,
            },
            rustls::Error::PeerIncompatible(_)
            | rustls::Error::PeerMisbehaved(_)
            | rustls::Error::InvalidMessage(_)
            | rustls::Error::InappropriateMessage { .. }
            | rustls::Error::InappropriateHandshakeMessage { .. }
            | rustls::Error::AlertReceived(_) => Self::Protocol,
            _ => Self::Other,
        }
    }
}

/// The first cause of a type. An `io::Error` hides what it wraps from `source`, so it is opened.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        };
    }
    None
}
