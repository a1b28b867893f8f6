//! Requests as the owner's own objects, and their limits.

use jiff::{SignedDuration, Timestamp};
use types::RequestId;

use crate::{Answered, Asked, Claim, Client, Door, ErrorCode, OAuthError, Request, RequestState, Step, proof_text};

mod reading;
#[cfg(test)]
mod tests;

pub use reading::{Reading, ReadingError};

/// Requests of one client that may wait at once.
pub const MAX_OPEN_OF_CLIENT: usize = 5;
/// Requests that may wait at once; those of clients that the owner has approved before come on top.
pub const MAX_OPEN: usize = 50;
/// Requests of one client in 24 hours, those that were approved apart.
pub const MAX_A_DAY_OF_CLIENT: usize = 30;
/// Requests in 24 hours, those that were approved apart; clients as above come on top.
pub const MAX_A_DAY: usize = 300;

/// Most bytes of what one request asks, written as JSON.
const MAX_ASKED: usize = 32 << 10;

/// What a door asks the owner for a client.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Through which door it came.
    pub door: Door,
    /// What was proven about who stands behind it.
    pub claims: Vec<Claim>,
    /// What is asked.
    pub asked: Asked,
    /// How the answer goes back.
    pub answered: Answered,
}

impl Door {
    /// How long a request waits for the owner: at a launch a browser is waiting, elsewhere a program asks again.
    pub fn waits(self) -> SignedDuration {
        match self {
            Self::Launch => SignedDuration::from_mins(30),
            Self::Uma => SignedDuration::from_hours(14 * 24),
            Self::Backend | Self::Federation => SignedDuration::from_hours(30 * 24),
        }
    }
}

impl Request {
    /// Whether the owner can still decide it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == RequestState::Asked && now < self.until
    }

    /// Whether it asks the same for the same people.
    fn is_like(&self, client: &Client, ask: &Ask) -> bool {
        let proofs = |claims: &[Claim]| {
            let mut all: Vec<String> = claims.iter().map(|claim| claim.proof.clone()).collect();
            all.sort();
            all.dedup();
            all
        };
        self.client == client.id
            && self.door == ask.door
            && self.asked == ask.asked
            && proofs(&self.claims) == proofs(&ask.claims)
    }
}

impl Answered {
    /// Whether somebody's browser waits for it.
    fn is_waited_for(&self) -> bool {
        match self {
            Self::Redirect { .. } | Self::Claims { .. } => true,
            Self::Ticket | Self::Asking => false,
        }
    }
}

impl Step<'_> {
    /// Puts a request before the owner. One that waits already and asks the same for the same people stands for the new
    /// one; but where a browser waits the new one replaces it, under a new code to compare: it may be another browser.
    ///
    /// # Errors
    /// `access_denied` when the owner does not want to hear of this client or of somebody who stands behind it;
    /// `slow_down` beyond the limits; `invalid_client` when there is no such client; and what [`ReadingError`] says when
    /// what is asked cannot be read.
    pub fn ask(&mut self, client: &Client, ask: Ask) -> Result<RequestId, OAuthError> {
        self.may_ask(client, &ask)?;
        if serde_json::to_string(&ask.asked).map_or(true, |text| text.len() > MAX_ASKED) {
            return Err(OAuthError::new(ErrorCode::InvalidRequest, "more is asked than a person can read"));
        }
        Reading::of(ask.door, &ask.asked).map_err(|why| why.refusal())?;
        let like = self.open().find(|request| request.is_like(client, &ask)).cloned();
        if let Some(like) = like {
            if !ask.answered.is_waited_for() {
                return Ok(like.id);
            }
            self.withdraw(&like.id);
        }
        self.within_limits(client)?;
        let id = RequestId::from_random(self.draw.id());
        let until = self.now.checked_add(ask.door.waits()).unwrap_or(self.now);
        self.ledger.requests.put(Request {
            id: id.clone(),
            door: ask.door,
            client: client.id.clone(),
            claims: ask.claims,
            asked: ask.asked,
            compare: self.draw.spoken(),
            answered: ask.answered,
            made: self.now,
            until,
            state: RequestState::Asked,
            back: None,
        });
        Ok(id)
    }

    /// The client takes back what it asked. A request that was decided stays as it is.
    pub fn withdraw(&mut self, request: &RequestId) {
        let at = self.now;
        self.ledger.requests.change(request.as_str(), |request| {
            if request.state == RequestState::Asked {
                request.state = RequestState::Withdrawn { at };
            }
        });
    }

    fn open(&self) -> impl Iterator<Item = &Request> {
        self.ledger.requests.iter().filter(|request| request.is_open(self.now))
    }

    fn may_ask(&self, client: &Client, ask: &Ask) -> Result<(), OAuthError> {
        let known = self.ledger.clients.find(client.id.as_str());
        let known = known.ok_or_else(|| OAuthError::new(ErrorCode::InvalidClient, "the client is not known"))?;
        let unwanted = |proof: &str| {
            let mut contacts = self.ledger.contacts.iter().filter(|contact| contact.blocked.is_some());
            contacts.any(|contact| contact.proofs.iter().any(|own| own == proof))
        };
        let itself = proof_text(&consent::Proof::Client(client.id.to_string()));
        let mut proofs = ask.claims.iter().map(|claim| claim.proof.as_str()).chain([itself.as_str()]);
        if known.blocked.is_some() || proofs.any(unwanted) {
            return Err(OAuthError::new(ErrorCode::AccessDenied, "the owner takes no requests from here"));
        }
        Ok(())
    }

    fn within_limits(&self, client: &Client) -> Result<(), OAuthError> {
        let of_client = |request: &&Request| request.client == client.id;
        let since = self.now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
        let lately = || {
            let undecided = |request: &&Request| !matches!(request.state, RequestState::Approved { .. });
            self.ledger.requests.iter().filter(move |request| request.made > since).filter(undecided)
        };
        let own_fits = self.open().filter(of_client).count() < MAX_OPEN_OF_CLIENT
            && lately().filter(of_client).count() < MAX_A_DAY_OF_CLIENT;
        // Strangers share what is left for strangers: registering again and again shuts nobody out whom the owner knows.
        let is_known = || self.ledger.grants.iter().any(|row| row.client.as_ref() == Some(&client.id));
        let fits = own_fits && (is_known() || self.open().count() < MAX_OPEN && lately().count() < MAX_A_DAY);
        if fits { Ok(()) } else { Err(OAuthError::new(ErrorCode::SlowDown, "too many requests wait or were made")) }
    }
}
