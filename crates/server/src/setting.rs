use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use types::Secret;

/// Where the door is and how wide it opens.
#[derive(Debug)]
pub struct DoorSetting {
    /// Where to listen.
    pub listen: Listen,
    /// The public base URL without a path and without a slash at the end, when a reverse proxy stands before the door:
    /// `https://my.example`. `None`: the address it listens at. It is the issuer of the authorization server.
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
    /// Bytes of a request line with all headers; at least 8,192.
    pub head_bytes: usize,
    /// Headers of a request.
    pub headers: usize,
    /// Bytes of a body.
    pub body_bytes: usize,
    /// KiB of all bodies that are held at once.
    pub bodies_kib: usize,
    /// How deep JSON may be nested.
    pub json_depth: usize,
    /// How long a head may take, and an idle connection stay.
    pub head_time: Duration,
    /// How long a body may take.
    pub body_time: Duration,
    /// How long an answer may wait for its reader to take any of it.
    pub write_time: Duration,
    /// How long a request may take once it is read.
    pub request_time: Duration,
    /// How long a connection may stay in all.
    pub connection_time: Duration,
    /// Connections at once. One more closes the one that has been idle the longest.
    pub connections: usize,
    /// Requests being handled at once.
    pub requests: usize,
    /// Requests a minute of one peer.
    pub peer_per_minute: u32,
    /// Requests a minute that leave something behind (registering, pushing, asking, tickets), of one peer.
    pub asking_per_minute: u32,
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
            headers: 64,
            body_bytes: 1_048_576,
            bodies_kib: 65_536,
            json_depth: 64,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(15),
            write_time: Duration::from_secs(20),
            request_time: Duration::from_secs(60),
            connection_time: Duration::from_secs(600),
            connections: 1_000,
            requests: 64,
            peer_per_minute: 6_000,
            asking_per_minute: 120,
            client_per_minute: 3_000,
        }
    }
}
