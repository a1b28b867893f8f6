use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::FetchError;

/// What kind of place an IP address is (IANA special-purpose address registries).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the public internet.
    Public,
    /// Someone's own network: reached only where the owner named the host.
    Private,
    /// This computer: reached only where the address itself says so.
    Loopback,
    /// No place to speak HTTP to: unspecified, multicast, broadcast, documentation, reserved.
    Nowhere,
}

impl Place {
    /// Sorts an address.
    pub(crate) fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => Self::of_v4(ip),
            IpAddr::V6(ip) => Self::of_v6(ip),
        }
    }

    fn of_v4(ip: Ipv4Addr) -> Self {
        match ip.octets() {
            [127, ..] => Self::Loopback,
            [10, ..]
            | [172, 16..=31, ..]
            | [192, 168, ..]
            | [169, 254, ..]
            | [100, 64..=127, ..]
            // Benchmarking space; local proxies hand it out for every name, so an owner may well need it.
            | [198, 18..=19, ..] => Self::Private,
            [0, ..]
            | [192, 0, 0, _]
            | [192, 0, 2, _]
            | [192, 88, 99, _]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..] => Self::Nowhere,
            _ => Self::Public,
        }
    }

    fn of_v6(ip: Ipv6Addr) -> Self {
        if ip == Ipv6Addr::LOCALHOST {
            return Self::Loopback;
        }
        match ip.segments() {
            // An IPv4 address in IPv6 clothes is what it wears inside: mapped, NAT64, 6to4.
            [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
                match Self::of_v4(embedded(high, low)) {
                    // No loopback hides behind a translated form that a person would type.
                    Self::Loopback => Self::Nowhere,
                    place => place,
                }
            }
            [0xfc00..=0xfdff, ..] | [0xfe80..=0xfeff, ..] => Self::Private,
            // Global unicast, less documentation and the protocol assignments (Teredo, ORCHID).
            [0x2001, second, ..] if second < 0x0200 || second == 0x0db8 => Self::Nowhere,
            [0x3fff, second, ..] if second < 0x1000 => Self::Nowhere,
            [0x2000..=0x3fff, ..] => Self::Public,
            _ => Self::Nowhere,
        }
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    Ipv4Addr::new(a, b, c, d)
}

/// Checks all of an address that can be checked before its name is resolved. `owner_named` says whether a host may be
/// private.
pub(crate) fn check(url: &Url, owner_named: impl Fn(&str) -> bool) -> Result<(), FetchError> {
    let host = url.host().ok_or(FetchError::Address)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::Address);
    }
    match url.scheme() {
        "https" => {}
        "http" if types::is_loopback(url) => {}
        "http" => return Err(FetchError::NotHttps { host: host.to_string() }),
        _ => return Err(FetchError::Address),
    }
    let ip = match host {
        Host::Domain(_) => return Ok(()),
        Host::Ipv4(ip) => IpAddr::V4(ip),
        Host::Ipv6(ip) => IpAddr::V6(ip),
    };
    match Place::of(ip) {
        Place::Public | Place::Loopback => Ok(()),
        Place::Private if owner_named(url.host_str().unwrap_or_default()) => Ok(()),
        Place::Private | Place::Nowhere => Err(FetchError::PrivateAddress { host: host.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_range_is_known_for_what_it_is() {
        let place = |text: &str| Place::of(text.parse().expect("an address"));
        for public in ["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2001:4860::8"]
        {
            assert_eq!(place(public), Place::Public, "{public}");
        }
        for private in [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "198.18.0.5",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "::ffff:10.0.0.1",
            "64:ff9b::192.168.0.1",
            "2002:c0a8:0101::1",
        ] {
            assert_eq!(place(private), Place::Private, "{private}");
        }
        for loopback in ["127.0.0.1", "127.9.9.9", "::1"] {
            assert_eq!(place(loopback), Place::Loopback, "{loopback}");
        }
        for nowhere in [
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "192.0.2.1",
            "203.0.113.9",
            "::",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "::ffff:127.0.0.1",
            "100::1",
            "::127.0.0.1",
        ] {
            assert_eq!(place(nowhere), Place::Nowhere, "{nowhere}");
        }
    }

    #[test]
    fn an_address_is_refused_before_anything_is_sent() {
        let refused = |text: &str| check(&Url::parse(text).expect("a url"), |_| false).expect_err(text).code();
        assert_eq!(refused("http://ehr.example.org/"), "fetch.notHttps");
        assert_eq!(refused("ftp://ehr.example.org/"), "fetch.address");
        assert_eq!(refused("file:///etc/passwd"), "fetch.address");
        assert_eq!(refused("https://user@ehr.example.org/"), "fetch.address");
        assert_eq!(refused("https://10.1.2.3/"), "fetch.privateAddress");
        assert_eq!(refused("https://0x0a010203/"), "fetch.privateAddress");
        assert_eq!(refused("https://[fd00::1]/"), "fetch.privateAddress");
        assert_eq!(refused("https://0.0.0.0/"), "fetch.privateAddress");
        assert_eq!(refused("https://[::ffff:127.0.0.1]/"), "fetch.privateAddress");
        assert!(check(&Url::parse("http://127.0.0.1:9/").expect("a url"), |_| false).is_ok());
        assert!(check(&Url::parse("https://10.1.2.3/").expect("a url"), |host| host == "10.1.2.3").is_ok());
        assert!(check(&Url::parse("https://0.0.0.0/").expect("a url"), |_| true).is_err());
    }
}
