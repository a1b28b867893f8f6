use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use crate::address::Place;

/// A name that leads only to addresses no one may be sent to.
#[derive(Debug, Error)]
#[error("the name leads to an address on a private network")]
pub(crate) struct OnlyPrivate;

/// Hosts the owner named, and so may live on a private network.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnerNamed(Arc<RwLock<HashSet<String>>>);

impl OwnerNamed {
    /// Takes a host in.
    pub(crate) fn add(&self, host: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(host.to_ascii_lowercase());
    }

    /// Whether the owner named this host.
    pub(crate) fn has(&self, host: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&host.to_ascii_lowercase())
    }
}

/// How a name becomes addresses.
pub(crate) type Lookup = fn(String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Asks the system's resolver.
pub(crate) fn system(name: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
    Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect()) })
}

/// Stands between a name and the connection: what it lets through is what is connected to.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    lookup: Lookup,
    owner_named: OwnerNamed,
}

impl Guard {
    pub(crate) fn new(lookup: Lookup, owner_named: OwnerNamed) -> Self {
        Self { lookup, owner_named }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        if name.eq_ignore_ascii_case("localhost") {
            // RFC 6761, section 6.3: never asked of anyone.
            let own = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
            return Box::pin(std::future::ready(Ok(addresses(own.into()))));
        }
        let owner_named = self.owner_named.has(&name);
        let found = (self.lookup)(name);
        Box::pin(async move {
            let found = found.await?;
            if found.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            let allowed: Vec<IpAddr> = found
                .into_iter()
                .filter(|ip| match Place::of(*ip) {
                    Place::Public => true,
                    Place::Private => owner_named,
                    Place::Loopback | Place::Nowhere => false,
                })
                .collect();
            if allowed.is_empty() {
                return Err(OnlyPrivate.into());
            }
            Ok(addresses(allowed))
        })
    }
}

fn addresses(ips: Vec<IpAddr>) -> Addrs {
    // Port 0 means: the port of the URL.
    Box::new(ips.into_iter().map(|ip| SocketAddr::new(ip, 0)))
}
