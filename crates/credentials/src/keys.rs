use std::collections::HashMap;

use crypto::{Algorithm, Curve, Jwk, Jwks, KeyKind, VerifyingKey};
use jiff::Timestamp;
use url::Url;

use crate::Evidence;

/// The keys of the issuer that a card names, as far as the caller has them.
#[derive(Debug, Clone, Copy)]
pub enum IssuerKeys<'a> {
    /// They are here.
    Known(&'a KeySet),
    /// They could not be fetched, and none are stored.
    Unavailable,
}

/// Where an issuer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In a directory that the person uses: it has a name.
    Directory,
    /// Nowhere: only its address is known.
    Address,
}

/// One issuer's published keys, checked once and used for many cards.
///
/// Keys belong to their issuer: the same `kid` under another issuer is another key.
#[derive(Debug, Clone)]
pub struct KeySet {
    issuer: String,
    standing: Standing,
    fetched: Timestamp,
    pub(crate) address_fault: Option<Evidence>,
    keys: HashMap<String, Result<IssuerKey, Evidence>>,
}

/// A key that cards of its issuer may be signed with.
#[derive(Debug, Clone)]
pub(crate) struct IssuerKey {
    pub(crate) verifying: VerifyingKey,
    /// `crlVersion`: the issuer keeps a list of withdrawn cards for this key, and this is its count.
    pub(crate) crl_version: Option<u64>,
    /// Validity of the certificate chain, where there is one: from, to, in seconds since 1970.
    pub(crate) validity: Option<(u64, u64)>,
    /// What is wrong with the certificate whatever the time.
    pub(crate) certificate_fault: Option<Evidence>,
}

impl KeySet {
    /// Checks every key of the set: P-256, for ES256 signatures, `kid` equal to its thumbprint (SMART Health Cards,
    /// "Determining keys associated with an issuer"). Keys that fail are remembered with the finding.
    ///
    /// `issuer` is the exact `iss` that the set was fetched for.
    pub fn new(issuer: &str, keys: &Jwks, fetched: Timestamp, standing: Standing) -> Self {
        let mut checked: HashMap<String, Result<IssuerKey, Evidence>> = HashMap::new();
        for jwk in &keys.keys {
            let Some(kid) = jwk.kid() else { continue };
            let key = check(jwk, kid, issuer);
            // The same key may stand several times, once for each certificate; a good one is not displaced.
            if key.is_ok() || !checked.contains_key(kid) {
                checked.insert(kid.to_owned(), key);
            }
        }
        Self { issuer: issuer.to_owned(), standing, fetched, address_fault: address_fault(issuer), keys: checked }
    }

    /// The `iss` that the keys are of.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// When the keys were fetched.
    pub fn fetched(&self) -> Timestamp {
        self.fetched
    }

    /// Where the issuer stands.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether a key with this `kid` was published, good or not.
    pub fn has(&self, kid: &str) -> bool {
        self.keys.contains_key(kid)
    }

    /// The `kid`s of keys for which the issuer keeps a list of withdrawn cards, with its count.
    pub fn lists(&self) -> impl Iterator<Item = (&str, u64)> {
        self.keys.iter().filter_map(|(kid, key)| Some((kid.as_str(), key.as_ref().ok()?.crl_version?)))
    }

    pub(crate) fn key(&self, kid: &str) -> Result<&IssuerKey, Evidence> {
        self.keys.get(kid).map_or(Err(Evidence::KidUnknown), |key| key.as_ref().map_err(|fault| *fault))
    }
}

fn check(jwk: &Jwk, kid: &str, issuer: &str) -> Result<IssuerKey, Evidence> {
    if !matches!(jwk.kind(), KeyKind::Ec(Curve::P256, _)) {
        return Err(Evidence::KeyNotP256);
    }
    if jwk.alg() != Some("ES256") || jwk.member("use").is_none_or(|use_| use_ != "sig") {
        return Err(Evidence::KeyNotForSigning);
    }
    if jwk.thumbprint() != kid {
        return Err(Evidence::KidNotThumbprint);
    }
    let verifying = jwk.verifying_key(Algorithm::Es256).map_err(|_| Evidence::KeyNotForSigning)?;
    let crl_version = jwk.member("crlVersion").and_then(crate::crl::count);
    let (validity, certificate_fault) = certificate(jwk, issuer);
    Ok(IssuerKey { verifying, crl_version, validity, certificate_fault })
}

/// What the certificate says, if there is one. It changes no verdict: no root is trusted here.
fn certificate(jwk: &Jwk, issuer: &str) -> (Option<(u64, u64)>, Option<Evidence>) {
    let Ok(chain) = jwk.certificates() else { return (None, Some(Evidence::CertificateChainBroken)) };
    let Some(leaf) = chain.first() else { return (None, None) };
    let from = chain.iter().map(|one| one.validity().0).max().unwrap_or_default();
    let to = chain.iter().map(|one| one.validity().1).min().unwrap_or_default();
    let whole = chain.windows(2).all(|pair| matches!(pair, [below, above] if below.signed_by(above).is_ok()));
    let fault = if !leaf.is_for(jwk) {
        Some(Evidence::CertificateForOtherKey)
    } else if !leaf.addresses().iter().any(|address| address == issuer) {
        Some(Evidence::CertificateForOtherIssuer)
    } else if !whole {
        Some(Evidence::CertificateChainBroken)
    } else {
        None
    };
    (Some((from, to)), fault)
}

/// What is wrong with an issuer's address: it is https (on this computer also http, for demonstrations) and has no
/// slash at its end.
pub(crate) fn address_fault(issuer: &str) -> Option<Evidence> {
    let Ok(url) = Url::parse(issuer) else { return Some(Evidence::IssuerNotAnAddress) };
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Some(Evidence::IssuerNotAnAddress),
    };
    if !(url.scheme() == "https" || url.scheme() == "http" && loopback) {
        return Some(Evidence::IssuerNotHttps);
    }
    if issuer.ends_with('/') {
        return Some(Evidence::IssuerTrailingSlash);
    }
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && issuer == issuer.trim();
    if plain { None } else { Some(Evidence::IssuerNotAnAddress) }
}
