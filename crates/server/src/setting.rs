use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use types::Secret;

/// Where the door is and how wide it opens.
#[derive(Debug)]
pub struct DoorSetting {
    /// Where to listen.
    pub listen: Listen,
    /// The public base URL without a slash at the end, when a reverse proxy stands before the door: `https://my.example`.
    /// `None`: the address it listens at. Always the same as the issuer of the authorization server.
    pub public: Option<String>,
    /// Limits.
    pub limits: Limits,
}

/// Where to listen. Another program of the same machine reaches loopback; the network is reached by choice only.
#[derive(Debug)]
pub enum Listen {
    /// `127.0.0.1`, without TLS. Port 0: any that is free.
    Loopback {
        /// The port.
        port: u16,
    },
    /// An address that others reach, with TLS: the owner's explicit choice.
    Network {
        /// The address.
        address: SocketAddr,
        /// What it shows.
        tls: Tls,
    },
}

/// A certificate and its key.
#[derive(Debug)]
pub struct Tls {
    /// The chain, PEM, the server's own first.
    pub certificate_pem: String,
    /// Its private key, PEM (PKCS#8, PKCS#1 or SEC1).
    pub key_pem: Secret<String>,
}

/// How much one side, and all together, may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request line with all headers.
    pub head_bytes: usize,
    /// Bytes of a body.
    pub body_bytes: usize,
    /// How deep JSON may be nested.
    pub json_depth: usize,
    /// How long a head may take, and an idle connection stay.
    pub head_time: Duration,
    /// How long a body may take.
    pub body_time: Duration,
    /// How long a request may take in all.
    pub request_time: Duration,
    /// Connections at once, in all.
    pub connections: usize,
    /// Connections at once of one peer.
    pub connections_of_peer: usize,
    /// Requests being handled at once.
    pub requests: usize,
    /// Requests a minute of one peer.
    pub peer_per_minute: u32,
    /// Requests a minute of one client or token.
    pub client_per_minute: u32,
}

impl DoorSetting {
    /// On loopback, at this port, with the usual limits.
    pub fn loopback(port: u16) -> Self {
        Self { listen: Listen::Loopback { port }, public: None, limits: Limits::default() }
    }
}

impl Listen {
    #[allow(dead_code)]
    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Self::Loopback { port } => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), *port),
            Self::Network { address, .. } => *address,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: 16_384,
            body_bytes: 1_048_576,
            json_depth: 64,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(15),
            request_time: Duration::from_secs(60),
            connections: 1_000,
            connections_of_peer: 1_000,
            requests: 64,
            peer_per_minute: 3_000,
            client_per_minute: 1_200,
        }
    }
}
