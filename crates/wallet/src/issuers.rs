//! Keys of card issuers: from a directory the owner brought in, or fetched from the issuer's address; kept with their
//! date, and used offline.

use credentials::directory::Directory;
use credentials::{Crl, KeySet, Standing, Unverified, Verdict};
use crypto::Jwks;
use fetch::{Accept, Limits};
use jiff::{SignedDuration, Timestamp};
use types::ServerUrl;
use url::Url;
use vault::{IssuerKeys, IssuerList};

use crate::error::WalletError;
use crate::{Wallet, now};

/// Keys younger than this are not fetched anew unless the card's key is not among them.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// Whether the network may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Only what is stored.
    Nobody,
    /// The issuer, where what is stored is old or lacks the key.
    IfNeeded,
    /// The issuer, in any case.
    Anew,
}

/// What an issuer published, as stored.
pub(crate) struct Known {
    pub(crate) keys: Option<KeySet>,
    pub(crate) name: Option<String>,
    list: Option<Crl>,
    fetched: Option<Timestamp>,
}

impl Known {
    /// The verdict on a card of this issuer.
    pub(crate) fn verdict(&self, card: &Unverified, at: Timestamp) -> Verdict {
        let keys = self.keys.as_ref().map_or(credentials::IssuerKeys::Unavailable, credentials::IssuerKeys::Known);
        card.verify(keys, at, self.list.as_ref())
    }
}

impl Wallet {
    /// Takes in a directory of issuers (names, and keys where it has them), as the VCI publishes it; says how many.
    pub(crate) async fn take_issuers(&self, directory: Directory) -> Result<u32, WalletError> {
        self.with(move |open| {
            let mut all = Vec::new();
            for issuer in directory.issuers() {
                let stored = open.vault.issuer_keys(&issuer.address)?;
                // A list without keys gives the name; the keys that are here stay, or are fetched when needed.
                let (jwks, fetched) = match stored {
                    Some(stored) if issuer.keys.keys.is_empty() => (stored.jwks, stored.fetched),
                    _ => {
                        (serde_json::json!({"keys": issuer.keys.keys}).to_string(), issuer.fetched.unwrap_or_default())
                    }
                };
                all.push(IssuerKeys {
                    issuer: issuer.address.clone(),
                    name: Some(issuer.name.clone()),
                    jwks,
                    origin: "directory".to_owned(),
                    fetched,
                });
            }
            open.vault.put_issuer_keys(&all)?;
            Ok(u32::try_from(all.len()).unwrap_or(u32::MAX))
        })
        .await
    }

    /// The verdict on a card, and the issuer's name where a directory gives one.
    pub(crate) async fn judge(&self, card: &Unverified, ask: Ask) -> Result<(Verdict, Option<String>), WalletError> {
        let issuer = card.claims().issuer.clone();
        let kid = card.claims().kid.clone().unwrap_or_default();
        let mut known = self.known(&issuer, &kid).await?;
        if self.should_ask(&known, &kid, ask) && self.fetch_keys(&issuer).await? {
            known = self.known(&issuer, &kid).await?;
        }
        let announced = known.keys.as_ref().and_then(|k| k.lists().find(|(id, _)| *id == kid).map(|(_, count)| count));
        if announced.is_some() && ask != Ask::Nobody && self.fetch_list(&issuer, &kid).await? {
            known = self.known(&issuer, &kid).await?;
        }
        Ok((known.verdict(card, now()), known.name))
    }

    fn should_ask(&self, known: &Known, kid: &str, ask: Ask) -> bool {
        let old = known.fetched.is_none_or(|at| now().duration_since(at) > FRESH);
        let lacking = known.keys.as_ref().is_none_or(|keys| !keys.has(kid));
        match ask {
            Ask::Nobody => false,
            Ask::IfNeeded => old || lacking,
            Ask::Anew => true,
        }
    }

    async fn known(&self, issuer: &str, kid: &str) -> Result<Known, WalletError> {
        let (issuer, kid) = (issuer.to_owned(), kid.to_owned());
        self.with(move |open| open.known(&issuer, &kid)).await
    }

    /// Fetches `iss/.well-known/jwks.json` and keeps it. `false` when it could not be had: what is stored stays.
    async fn fetch_keys(&self, issuer: &str) -> Result<bool, WalletError> {
        let Some(url) = below(issuer, ".well-known/jwks.json") else { return Ok(false) };
        let answer = match self.fetch().get(&url, Accept::Json, None, Limits::document()).await {
            Ok(answer) if answer.status == 200 => answer,
            Ok(answer) => {
                tracing::info!(status = answer.status, "the issuer's keys could not be had");
                return Ok(false);
            }
            Err(error) => {
                tracing::info!(code = error.code(), "the issuer's keys could not be had");
                return Ok(false);
            }
        };
        let Some(text) = String::from_utf8(answer.body).ok().filter(|t| parse(t).is_some()) else { return Ok(false) };
        let keys = IssuerKeys {
            issuer: issuer.to_owned(),
            name: None,
            jwks: text,
            origin: "fetched".to_owned(),
            fetched: now(),
        };
        self.with(move |open| Ok(open.vault.put_issuer_keys(&[keys])?)).await?;
        Ok(true)
    }

    /// Fetches the issuer's list of withdrawn cards for a key and keeps it.
    async fn fetch_list(&self, issuer: &str, kid: &str) -> Result<bool, WalletError> {
        let plain = kid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let Some(url) = below(issuer, &format!(".well-known/crl/{kid}.json")).filter(|_| plain) else {
            return Ok(false);
        };
        let answer = self.fetch().get(&url, Accept::Json, None, Limits::document()).await;
        let Some(body) = answer.ok().filter(|a| a.status == 200).map(|a| a.body) else { return Ok(false) };
        let Some(text) = String::from_utf8(body).ok().filter(|t| Crl::parse(t.as_bytes(), now()).is_ok()) else {
            return Ok(false);
        };
        let list = IssuerList { issuer: issuer.to_owned(), kid: kid.to_owned(), list: text, fetched: now() };
        self.with(move |open| Ok(open.vault.put_issuer_list(&list)?)).await?;
        Ok(true)
    }
}

impl crate::open::Open {
    /// What is stored of an issuer.
    pub(crate) fn known(&self, issuer: &str, kid: &str) -> Result<Known, WalletError> {
        let stored = self.vault.issuer_keys(issuer)?;
        let list = self.vault.issuer_list(issuer, kid)?;
        let list = list.and_then(|l| Crl::parse(l.list.as_bytes(), l.fetched).ok());
        let Some(stored) = stored else { return Ok(Known { keys: None, name: None, list, fetched: None }) };
        let standing = if stored.name.is_some() { Standing::Directory } else { Standing::Address };
        let keys = parse(&stored.jwks).map(|jwks| KeySet::new(issuer, &jwks, stored.fetched, standing));
        Ok(Known { keys, name: stored.name, list, fetched: Some(stored.fetched) })
    }
}

fn parse(text: &str) -> Option<Jwks> {
    Jwks::parse(text.as_bytes()).ok()
}

/// An address below an issuer's, when the issuer's is one that may be asked.
fn below(issuer: &str, path: &str) -> Option<Url> {
    ServerUrl::parse(issuer).ok().filter(|url| url.as_str() == issuer)?.join(path).ok()
}
