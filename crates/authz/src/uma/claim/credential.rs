//! Credentials in a presentation (Verifiable Credentials Data Model 2.0, secured as `vc+jwt`): what an issuer that the
//! owner trusts says of whoever signed the presentation.
//!
//! A credential is no secret: it proves something only of its subject, and only when the subject signed the presentation
//! that it is in, for this server and once. Doubt denies: one that can be taken back (`credentialStatus`) proves nothing,
//! since whether it was cannot be told here.

use std::collections::BTreeSet;

use consent::Proof;
use did::Did;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{LEEWAY, MAX_TEXT, Signed};
use crate::{Claim, Step, Stop, jwt, proof_text};

/// `typ` (Securing Verifiable Credentials using JOSE and COSE §3.1.1).
const TYPE: &str = "vc+jwt";
/// What an enveloped credential begins with (Verifiable Credentials Data Model 2.0 §4.13).
const ENVELOPE: &str = "data:application/vc+jwt,";
/// The type that every credential has: it says nothing.
const ANY: &str = "VerifiableCredential";
/// Most credentials of a presentation, and most types of a credential, that are looked at.
const MAX_CREDENTIALS: usize = 4;
const MAX_KINDS: usize = 4;

impl Step<'_> {
    /// What the credentials of a presentation prove of the DID that signed it.
    ///
    /// # Errors
    /// [`Stop::Bring`] for the document of an issuer that the owner trusts, and of no other.
    pub(super) fn credentials(&self, presentation: &Signed, holder: &str) -> Result<Vec<Claim>, Stop> {
        let mut proven: Vec<Claim> = Vec::new();
        for text in enclosed(&presentation.claims) {
            let Some(credential) = Signed::typed(text, TYPE) else { continue };
            for claim in self.credential(&credential, holder)? {
                if !proven.iter().any(|other| other.proof == claim.proof) {
                    proven.push(claim);
                }
            }
        }
        Ok(proven)
    }

    fn credential(&self, credential: &Signed, holder: &str) -> Result<Vec<Claim>, Stop> {
        let claims = &credential.claims;
        let trusted = issuer_of(claims).and_then(|said| self.ledger.issuers.find(said));
        let Some(issuer) = trusted.map(|row| row.issuer.clone()) else { return Ok(Vec::new()) };
        let Ok(did) = issuer.parse::<Did>() else { return Ok(Vec::new()) };
        let good = is_about(claims, holder) && holds(claims, self.now) && !claims.contains_key("credentialStatus");
        if !good || !self.is_signed(credential, &did, |document| &document.assertion)? {
            return Ok(Vec::new());
        }
        let name = claims.get("credentialSubject").and_then(|subject| subject.get("name")).and_then(plain);
        let claim = |kind: &str| Claim {
            proof: proof_text(&Proof::Credential { kind: kind.to_owned(), issuer: issuer.clone() }),
            name: name.map(str::to_owned),
            proven: self.now,
        };
        Ok(kinds(claims).into_iter().map(claim).collect())
    }

    /// Whether what was proven then still counts: an issuer that the owner trusts no more proves nothing, whenever it
    /// was shown.
    pub(crate) fn is_believed(&self, claim: &Claim) -> bool {
        let mut words = claim.proof.split(' ');
        let issuer = match words.next() {
            Some("idToken") => words.next(),
            Some("credential") => words.nth(1),
            _ => return true,
        };
        issuer.is_some_and(|issuer| self.ledger.issuers.find(issuer).is_some())
    }
}

/// The credentials as texts, those of a presentation of either version of the data model.
fn enclosed(presentation: &Map<String, Value>) -> Vec<&str> {
    let within = presentation.get("vp").and_then(Value::as_object).unwrap_or(presentation);
    let all = match within.get("verifiableCredential") {
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    all.iter()
        .take(MAX_CREDENTIALS)
        .filter_map(|one| match one {
            Value::String(text) => Some(text.as_str()),
            Value::Object(members) => members.get("id")?.as_str()?.strip_prefix(ENVELOPE),
            _ => None,
        })
        .collect()
}

/// `issuer`, a text or an object with an `id`; `iss`, where it stands too, must say the same.
fn issuer_of(claims: &Map<String, Value>) -> Option<&str> {
    let issuer = claims.get("issuer")?;
    let issuer = issuer.as_str().or_else(|| issuer.get("id")?.as_str())?;
    claims.get("iss").is_none_or(|said| said.as_str() == Some(issuer)).then_some(issuer)
}

/// Whether it is about this DID and about nobody else.
fn is_about(claims: &Map<String, Value>, holder: &str) -> bool {
    let subject = match claims.get("credentialSubject") {
        Some(Value::Array(all)) => match all.as_slice() {
            [only] => only,
            _ => return false,
        },
        Some(one) => one,
        None => return false,
    };
    let is_holder = |said: Option<&Value>| said.and_then(Value::as_str) == Some(holder);
    is_holder(subject.get("id")) && (!claims.contains_key("sub") || is_holder(claims.get("sub")))
}

/// Whether it holds now. A time that does not read is no time at which it holds.
fn holds(claims: &Map<String, Value>, now: Timestamp) -> bool {
    let ahead = now.saturating_add(LEEWAY).unwrap_or(now);
    let written = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().and_then(|text| text.parse::<Timestamp>().ok()).map(Some).ok_or(()),
    };
    let numbered = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(_) => jwt::instant(claims, name).map(Some).ok_or(()),
    };
    let begun = |said: Result<Option<Timestamp>, ()>| said.is_ok_and(|from| from.is_none_or(|from| from <= ahead));
    let lasts = |said: Result<Option<Timestamp>, ()>| said.is_ok_and(|until| until.is_none_or(|until| now < until));
    begun(written("validFrom")) && begun(numbered("nbf")) && lasts(written("validUntil")) && lasts(numbered("exp"))
}

/// What kinds it is of, besides a credential. A name with a space would be read back as another.
fn kinds(claims: &Map<String, Value>) -> BTreeSet<&str> {
    let all = match claims.get("type") {
        Some(Value::Array(all)) => all.as_slice(),
        _ => &[],
    };
    if !all.iter().any(|kind| kind == ANY) {
        return BTreeSet::new();
    }
    let named = all.iter().filter_map(plain).filter(|kind| *kind != ANY && !kind.contains(char::is_whitespace));
    named.take(MAX_KINDS).collect()
}

fn plain(value: &Value) -> Option<&str> {
    let text = value.as_str()?;
    ((1..=MAX_TEXT).contains(&text.len()) && !text.chars().any(char::is_control)).then_some(text)
}
