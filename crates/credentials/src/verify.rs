use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::keys::{IssuerKey, address_fault};
use crate::{Crl, Evidence, IssuerKeys, KeySet, Reason, Standing, Unverified, Verdict};

/// How far clocks may differ: a card may be this much too young or too old.
pub const SKEW: SignedDuration = SignedDuration::from_secs(60);

impl Unverified {
    /// Says whether the card holds at that time, by these keys.
    ///
    /// `list` is the issuer's list of withdrawn cards for the card's key, where the caller has one. It is needed when
    /// the issuer's key announces one and the card can be withdrawn by it.
    ///
    /// The order of the checks is the order of what a person must know first: who signed, what is broken, what ended.
    pub fn verify(&self, keys: IssuerKeys<'_>, at: Timestamp, list: Option<&Crl>) -> Verdict {
        let keys = match keys {
            IssuerKeys::Known(keys) if keys.issuer() == self.claims().issuer => keys,
            _ => {
                return match address_fault(&self.claims().issuer) {
                    Some(fault) => Verdict::new(Reason::ForbiddenAlgorithm, fault),
                    None => Verdict::new(Reason::KeysUnavailable, Evidence::NoKeys),
                };
            }
        };
        let mut verdict = self.judge(keys, at, list);
        verdict.keys_date = Some(keys.fetched());
        verdict.evidence.extend_from_slice(&self.findings().notes);
        verdict
    }

    fn judge(&self, keys: &KeySet, at: Timestamp, list: Option<&Crl>) -> Verdict {
        if let Some(fault) = keys.address_fault {
            return Verdict::new(Reason::ForbiddenAlgorithm, fault);
        }
        let claims = self.claims();
        let kid = claims.kid.as_deref().unwrap_or_default();
        let key = match keys.key(kid) {
            Ok(key) => key,
            Err(fault @ (Evidence::KeyNotP256 | Evidence::KeyNotForSigning)) => {
                return Verdict::new(Reason::ForbiddenAlgorithm, fault);
            }
            Err(fault) => return Verdict::new(Reason::ForeignKey, fault),
        };
        if self.signed().verify(&key.verifying).is_err() {
            return Verdict::new(Reason::Changed, Evidence::SignatureBad);
        }
        let mut verdict = self.after_signature(key, kid, keys, at, list);
        if verdict.evidence.first() != Some(&Evidence::SignatureGood) {
            verdict.evidence.push(Evidence::SignatureGood);
        }
        verdict.evidence.extend(certificate_note(key, at));
        verdict
    }

    /// The signature is good; does the card hold?
    fn after_signature(&self, key: &IssuerKey, kid: &str, keys: &KeySet, at: Timestamp, list: Option<&Crl>) -> Verdict {
        let claims = self.claims();
        if let Some((reason, evidence)) = self.findings().fault {
            return Verdict::new(reason, evidence);
        }
        if later(at, keys.fetched()) {
            return Verdict::new(Reason::ClockMayBeWrong, Evidence::ClockBehindKeys);
        }
        if later(at, claims.not_before) {
            return dated(Reason::NotYetValid, Evidence::BeforeNbf, claims.not_before);
        }
        if let Some(expires) = claims.expires
            && later(expires, at)
        {
            return dated(Reason::Expired, Evidence::PastExp, expires);
        }
        let mut verdict = Verdict::new(Reason::SignedByIssuer, Evidence::SignatureGood);
        match withdrawal(key, kid, claims.rid.as_deref(), claims.not_before, list) {
            Withdrawal::Withdrawn(fetched) => return dated(Reason::Withdrawn, Evidence::RidListed, fetched),
            Withdrawal::Unknown(why) => return Verdict::new(Reason::WithdrawalUnknown, why),
            Withdrawal::NotListed => verdict.evidence.push(Evidence::ListChecked),
            Withdrawal::CannotBe => {}
        }
        if keys.standing() == Standing::Address {
            verdict.reason = Reason::SignedByAddress;
            verdict.detail = Url::parse(&claims.issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
        }
        verdict
    }
}

enum Withdrawal {
    /// It stands on the list that was fetched then.
    Withdrawn(Timestamp),
    /// It does not stand on the list.
    NotListed,
    /// There is no list that it could stand on.
    CannotBe,
    /// There is one, and it is not here, or an older one is.
    Unknown(Evidence),
}

fn withdrawal(key: &IssuerKey, kid: &str, rid: Option<&str>, issued: Timestamp, list: Option<&Crl>) -> Withdrawal {
    let Some(rid) = rid else { return Withdrawal::CannotBe };
    let list = list.filter(|list| list.kid() == kid);
    match (list, key.crl_version) {
        (Some(list), _) if list.withdraws(rid, issued) => Withdrawal::Withdrawn(list.fetched()),
        (Some(list), Some(version)) if list.count() < version => Withdrawal::Unknown(Evidence::ListStale),
        (Some(_), _) => Withdrawal::NotListed,
        (None, Some(_)) => Withdrawal::Unknown(Evidence::ListMissing),
        (None, None) => Withdrawal::CannotBe,
    }
}

/// Whether `other` is later than `this` by more than clocks may differ.
fn later(this: Timestamp, other: Timestamp) -> bool {
    let skew = i64::try_from(SKEW.as_millis()).unwrap_or_default();
    this.as_millisecond().saturating_add(skew) < other.as_millisecond()
}

fn certificate_note(key: &IssuerKey, at: Timestamp) -> Option<Evidence> {
    if key.certificate_fault.is_some() {
        return key.certificate_fault;
    }
    let (from, to) = key.validity?;
    let now = u64::try_from(at.as_second()).unwrap_or_default();
    match now {
        _ if now > to => Some(Evidence::CertificateExpired),
        _ if now < from => Some(Evidence::CertificateNotYetValid),
        _ => None,
    }
}

fn dated(reason: Reason, evidence: Evidence, date: Timestamp) -> Verdict {
    Verdict { detail: Some(date.to_string()), ..Verdict::new(reason, evidence) }
}
