//! What holders of mandates hear and say: how each grant that was made for their key stands, whether the owner asked to
//! erase what left under it, and what they did about that.
//!
//! A message is a text signed by the DID that the grant is for (`message`, type [`MESSAGE`]): `iss` the DID, `aud` our
//! issuer, a `jti` of its own, minutes between `iat` and `exp`, and perhaps `erase`, a list of `grant` with `answer`
//! `erased` or `refused`. The news go back signed by whoever keeps the key that this DID knows the owner by, which is not
//! this server's.

use jiff::Timestamp;
use serde_json::Value;
use types::GrantId;

use crate::{
    Approved, DecideError, Door, Erase, Erasure, ErrorCode, Form, OAuthError, Step, Stop, WhyEnded, proof_text,
};

/// `typ` of a message.
pub const MESSAGE: &str = "satchel-mandates+jwt";

/// Most answers in one message, and most grants in the news.
const MAX_LISTED: usize = 100;

/// What there is to say to one holder.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// The DID that asked, and that the grants are for.
    pub to: String,
    /// `jti` of the message that is answered.
    pub answers: String,
    /// The latest first.
    pub grants: Vec<Standing>,
}

/// How one grant stands. Nothing of what it leaves out, and not why it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub grant: GrantId,
    /// When it ended; `None`: it has not.
    pub ended: Option<Timestamp>,
    /// The grant in its place.
    pub replaced_by: Option<GrantId>,
    /// When the owner asked to erase what left under it.
    pub erase: Option<Timestamp>,
    /// What the holder answered to that.
    pub answered: Option<Erasure>,
}

impl Step<'_> {
    /// Takes a holder's message, and says how their grants stand.
    ///
    /// # Errors
    /// `invalid_token` for what no DID signed for this server, just now and once, and for a DID that no grant was made
    /// for, all alike; `invalid_request` for a message that does not read; [`Stop::Bring`].
    pub fn mandates(&mut self, form: &Form) -> Result<News, Stop> {
        let news = self.hear(form);
        self.settled(news)
    }

    fn hear(&mut self, form: &Form) -> Result<News, Stop> {
        self.setting.through(Door::Uma)?;
        let nothing = || OAuthError::new(ErrorCode::InvalidToken, "the message proves nothing here");
        let signed = self.signed_by_did(form.need("message")?, MESSAGE)?.ok_or_else(nothing)?;
        let (to, claims) = (signed.did, signed.claims);
        let Some(answers) = claims.get("jti").and_then(Value::as_str).map(str::to_owned) else {
            return Err(nothing().into());
        };
        if !self.ledger.grants.iter().any(|row| is_for(row, &to)) {
            return Err(nothing().into());
        }
        for (grant, answer) in said(claims.get("erase"))? {
            let at = self.now;
            // A first answer stands; one to what was never asked, or of somebody else's, says nothing.
            let asked = |row: &Approved| is_for(row, &to) && row.erase.is_some_and(|erase| erase.answer.is_none());
            if self.ledger.grants.find(grant.as_str()).is_some_and(asked) {
                self.ledger.grants.change(grant.as_str(), |row| {
                    if let Some(erase) = &mut row.erase {
                        erase.answer = Some((answer, at));
                    }
                });
            }
        }
        let mut own: Vec<&Approved> = self.ledger.grants.iter().filter(|row| is_for(row, &to)).collect();
        own.sort_by_key(|row| std::cmp::Reverse(row.approved));
        let grants = own.iter().take(MAX_LISTED).map(|row| self.standing_of(row, &own)).collect();
        Ok(News { to, answers, grants })
    }

    fn standing_of(&self, row: &Approved, own: &[&Approved]) -> Standing {
        let over = row.ended.is_none() && !row.holds(self.now);
        let time = row.grant.term.end.filter(|end| *end <= self.now);
        let replaced = row.ended.filter(|ended| ended.why == WhyEnded::Replaced);
        // The narrower one is made in the step that ends the one before it.
        let next = |ended: crate::Ended| {
            own.iter().find(|other| {
                other.approved == ended.at && other.grant.id != row.grant.id && other.client == row.client
            })
        };
        Standing {
            grant: row.grant.id.clone(),
            ended: row.ended.map(|ended| ended.at).or(if over { time } else { None }),
            replaced_by: replaced.and_then(next).map(|other| other.grant.id.clone()),
            erase: row.erase.map(|erase| erase.asked),
            answered: row.erase.and_then(|erase| erase.answer).map(|(answer, _)| answer),
        }
    }

    /// The owner asks the other side to erase what left under a grant that has ended. Asking again changes nothing.
    ///
    /// # Errors
    /// [`DecideError::NoGrant`]; [`DecideError::Holds`] while it holds; [`DecideError::Party`] when it is not for a DID:
    /// nobody could be told.
    pub fn ask_to_erase(&mut self, grant: &GrantId) -> Result<(), DecideError> {
        let row = self.ledger.grants.find(grant.as_str()).ok_or(DecideError::NoGrant)?;
        if !matches!(row.grant.who.proof, consent::Proof::Did(_)) {
            return Err(DecideError::Party);
        }
        if row.ended.is_none() {
            return Err(DecideError::Holds);
        }
        if row.erase.is_none() {
            let asked = self.now;
            self.ledger.grants.change(grant.as_str(), |row| row.erase = Some(Erase { asked, answer: None }));
        }
        Ok(())
    }
}

fn is_for(row: &Approved, did: &str) -> bool {
    matches!(row.grant.who.proof, consent::Proof::Did(_)) && proof_text(&row.grant.who.proof) == did
}

/// What a holder says of erasing.
fn said(erase: Option<&Value>) -> Result<Vec<(GrantId, Erasure)>, OAuthError> {
    let bad = || OAuthError::new(ErrorCode::InvalidRequest, "the message does not read");
    let Some(erase) = erase else { return Ok(Vec::new()) };
    let all = erase.as_array().filter(|all| all.len() <= MAX_LISTED).ok_or_else(bad)?;
    let one = |value: &Value| {
        let grant = value.get("grant")?.as_str()?.parse().ok()?;
        let answer = match value.get("answer")?.as_str()? {
            "erased" => Erasure::Erased,
            "refused" => Erasure::Refused,
            _ => return None,
        };
        Some((grant, answer))
    };
    all.iter().map(|value| one(value).ok_or_else(bad)).collect()
}

#[cfg(test)]
mod tests;
