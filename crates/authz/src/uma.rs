//! The UMA 2.0 grant: ticket to token (UMA 2.0 Grant §3.3).
//!
//! Whatever a ticket is presented for, it is spent (§5.5); an answer that lets the process go on brings the next one. A
//! token opens what the ticket was for and no more, even where the owner's grant gives more.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use types::{GrantId, Secret};

use crate::federation::TICKET_LIFE;
use crate::{
    Answered, Ask, Asked, Claim, Client, Door, ErrorCode, Form, Issued, Mint, OAuthError, Pct, Refresh, RequestState,
    Step, Stop, Ticket, fingerprint,
};

mod assess;
mod claim;
mod gather;
mod narrow;
mod upgrade;

#[cfg(test)]
pub(crate) mod tests;

pub use claim::{CLAIM_TOKEN_FORMATS, DID_JWT, ID_TOKEN};
pub use gather::{GatherStop, Gathered, Gathering};

/// The grant type (§3.3.1).
pub const UMA_TICKET: &str = "urn:ietf:params:oauth:grant-type:uma-ticket";

/// Seconds between two polls at first (§3.3.6, `interval`), and at most for whoever polls faster.
const INTERVAL: u32 = 5;
const MAX_INTERVAL: u32 = 300;

/// How long a ticket is good that waits for the owner.
const WAITING_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// How long a persisted claims token is good.
const PCT_LIFE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Most persisted claims tokens of one client.
const MAX_PCTS: usize = 100;

/// Most tickets of one client that go on from an answer.
const MAX_WAITING: usize = 200;

/// Most things that one process proves.
const MAX_CLAIMS: usize = 10;

impl Step<'_> {
    /// The token endpoint with [`UMA_TICKET`] (§3.3.1): `ticket`, and perhaps `claim_token` with `claim_token_format`,
    /// `pct`, `rpt`, `scope`. The client is authenticated as far as it can be.
    ///
    /// # Errors
    /// §3.3.6: `invalid_grant`, `invalid_scope`, `need_info`, `request_denied`, `request_submitted`; `invalid_request`;
    /// [`Stop::Bring`] for the keys of an issuer or a DID, after which the same ticket is good.
    pub fn uma(&mut self, client: &Client, form: &Form, jkt: Option<&str>) -> Result<Issued, Stop> {
        let sought = self.seek(client, form, jkt);
        self.settled(sought)
    }

    fn seek(&mut self, client: &Client, form: &Form, jkt: Option<&str>) -> Result<Issued, Stop> {
        if self.setting.through(Door::Uma).is_err() {
            return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, "the grant type is not supported").into());
        }
        let mut ticket = self.take_ticket(client, form.need("ticket")?)?;
        self.add_pct(client, form, &mut ticket);
        if let Some(rpt) = form.find("rpt") {
            ticket.upgrades = self.to_upgrade(client, rpt).or(ticket.upgrades);
        }
        ticket.permissions = self.requested(client, &ticket.permissions, form.find("scope"))?;
        match (form.find("claim_token"), form.find("claim_token_format")) {
            (Some(token), Some(format)) => {
                let proven = self.read_claim(client, token, format)?;
                if proven.is_empty() {
                    return Err(self.need_info(ticket).into());
                }
                proven.into_iter().for_each(|claim| add_claim(&mut ticket.claims, claim));
            }
            (None, None) => {}
            _ => return Err(OAuthError::new(ErrorCode::InvalidRequest, "a claim token goes with its format").into()),
        }
        self.assess(client, ticket, jkt)
    }

    /// Takes the ticket out: it is good once, for the client that redeemed it first. One that comes from another client
    /// was stolen, and is spent too.
    fn take_ticket(&mut self, client: &Client, ticket: &str) -> Result<Ticket, OAuthError> {
        let bad = || OAuthError::new(ErrorCode::InvalidGrant, "the ticket is not good");
        let mut ticket = self.ledger.tickets.remove(&fingerprint(ticket)).ok_or_else(bad)?;
        let own = ticket.client.as_ref().is_none_or(|own| *own == client.id);
        if !own || ticket.until <= self.now {
            return Err(bad());
        }
        ticket.client = Some(client.id.clone());
        ticket.claims.retain(|claim| self.is_believed(claim));
        Ok(ticket)
    }

    /// The next ticket of the same process.
    fn next_ticket(&mut self, ticket: Ticket, life: SignedDuration) -> Secret<String> {
        let next = self.draw.text();
        let until = self.now.saturating_add(life).unwrap_or(self.now);
        // They live long, and the room for tickets is everybody's.
        let own = self.ledger.tickets.iter().filter(|row| row.client == ticket.client);
        forget(own.map(|row| (row.until, row.hash.clone())).collect(), MAX_WAITING, |hash| {
            self.ledger.tickets.remove(hash);
        });
        self.ledger.tickets.put(Ticket { hash: fingerprint(next.expose()), until, ..ticket });
        next
    }

    /// What was proven before, from a persisted claims token of this client (§3.3.1). Any other counts for nothing; that
    /// of another client has got into wrong hands and ends (§5.2).
    fn add_pct(&mut self, client: &Client, form: &Form, ticket: &mut Ticket) {
        let Some(hash) = form.find("pct").map(fingerprint) else { return };
        let Some(pct) = self.ledger.pcts.find(&hash) else { return };
        if pct.client != client.id {
            self.ledger.pcts.remove(&hash);
        } else if self.now < pct.until {
            let believed = pct.claims.iter().filter(|claim| self.is_believed(claim)).cloned();
            believed.for_each(|claim| add_claim(&mut ticket.claims, claim));
            ticket.pct = Some(hash);
        }
    }

    /// Whether the client may have what it asks (§3.3.4).
    fn assess(&mut self, client: &Client, ticket: Ticket, jkt: Option<&str>) -> Result<Issued, Stop> {
        if client.blocked.is_some() || self.is_unwanted(&ticket.claims) {
            return Err(denied().into());
        }
        if let Some(request) = &ticket.request {
            let request = self.ledger.requests.find(request.as_str()).ok_or_else(denied)?;
            let open = request.is_open(self.now);
            let state = request.state.clone();
            let early = ticket.poll_after.is_some_and(|after| self.now < after);
            return match state {
                // Whoever polls faster than told learns nothing by it.
                _ if early => Err(self.submitted(ticket).into()),
                RequestState::Asked if open => Err(self.submitted(ticket).into()),
                RequestState::Approved { grant, .. } => self.give(client, ticket, &grant, jkt),
                _ => Err(denied().into()),
            };
        }
        if let Some(grant) = self.standing(client, &ticket) {
            return self.give(client, ticket, &grant, jkt);
        }
        if ticket.claims.is_empty() {
            return Err(self.need_info(ticket).into());
        }
        let asked = Asked { permissions: ticket.permissions.clone(), ..Asked::default() };
        let ask = Ask { door: Door::Uma, claims: ticket.claims.clone(), asked, answered: Answered::Ticket };
        let request =
            self.ask(client, ask).map_err(|why| if why.code == ErrorCode::AccessDenied { denied() } else { why })?;
        Err(self.submitted(Ticket { request: Some(request), ..ticket }).into())
    }

    /// §3.3.5: the token, a persisted claims token when something was proven, and whether it holds what the one before
    /// held.
    fn give(&mut self, client: &Client, ticket: Ticket, grant: &GrantId, jkt: Option<&str>) -> Result<Issued, Stop> {
        let (grant, only, upgraded) = self.upgraded(client, &ticket, grant);
        let approved = self.holding(&grant).ok_or_else(denied)?;
        let given = approved.of(&only);
        let at = given.first().map(|it| it.at.clone()).ok_or_else(denied)?;
        let refresh = if approved.scope.split(' ').any(|word| word == "offline_access") {
            Refresh::With
        } else {
            Refresh::Without
        };
        let family = self.draw.text();
        let order =
            Mint { grant: &grant, client: &client.id, at, family: family.expose(), jkt, only: Some(&given), refresh };
        let mut issued = self.mint(&order)?;
        // §3.3.5: each scope belongs to a resource, and the client need not know which.
        issued.members.remove("scope");
        if upgraded {
            issued.members.insert("upgraded".to_owned(), json!(true));
        }
        if let Some(pct) = self.persist(client, &ticket) {
            issued.members.insert("pct".to_owned(), json!(pct.expose()));
        }
        Ok(issued)
    }

    /// A persisted claims token for what was proven, in the place of the one that was used.
    fn persist(&mut self, client: &Client, ticket: &Ticket) -> Option<Secret<String>> {
        let used = ticket.pct.as_ref().and_then(|hash| self.ledger.pcts.remove(hash));
        if ticket.claims.is_empty() {
            return None;
        }
        // What a persisted token proved is not proven for longer by using it.
        let fresh = self.now.saturating_add(PCT_LIFE).unwrap_or(self.now);
        let oldest = ticket.claims.iter().map(|claim| claim.proven).min().unwrap_or(self.now);
        let until = oldest.saturating_add(PCT_LIFE).map_or(fresh, |until| until.min(fresh));
        let until = used.map_or(until, |used| used.until.min(until));
        let pct = self.draw.text();
        let (hash, claims) = (fingerprint(pct.expose()), ticket.claims.clone());
        let own = self.ledger.pcts.iter().filter(|row| row.client == client.id);
        forget(own.map(|row| (row.until, row.hash.clone())).collect(), MAX_PCTS, |hash| {
            self.ledger.pcts.remove(hash);
        });
        self.ledger.pcts.put(Pct { hash, client: client.id.clone(), claims, until });
        Some(pct)
    }

    /// `need_info`: who is asking is not proven (§3.3.6). Which issuers the owner trusts is not told: it says where the
    /// owner is known.
    fn need_info(&mut self, ticket: Ticket) -> OAuthError {
        let next = self.next_ticket(ticket, TICKET_LIFE);
        let required =
            json!([{ "claim_token_format": CLAIM_TOKEN_FORMATS, "name": "sub", "friendly_name": "who is asking" }]);
        OAuthError::new(ErrorCode::NeedInfo, "who is asking has to be proven")
            .with("ticket", json!(next.expose()))
            .with("required_claims", required)
            .with("redirect_user", json!(self.setting.endpoint("claims")))
    }

    /// `request_submitted`: it is for the owner to decide (§3.3.6).
    fn submitted(&mut self, mut ticket: Ticket) -> OAuthError {
        let early = ticket.poll_after.is_some_and(|after| self.now < after);
        ticket.interval = match ticket.interval {
            0 => INTERVAL,
            before if early => before.saturating_mul(2).min(MAX_INTERVAL),
            before => before,
        };
        ticket.poll_after = Some(self.after(ticket.interval));
        // Whoever asks faster than told learns nothing by it.
        let asked = ticket.request.as_ref().filter(|_| !early);
        let request = asked.and_then(|request| self.ledger.requests.find(request.as_str()));
        let message = request.and_then(|request| request.message(self.now)).map(str::to_owned);
        let interval = ticket.interval;
        let next = self.next_ticket(ticket, WAITING_LIFE);
        OAuthError::new(ErrorCode::RequestSubmitted, "the owner has to decide")
            .with("ticket", json!(next.expose()))
            .with("interval", json!(interval))
            .with_message(message.as_deref())
    }

    fn after(&self, seconds: u32) -> Timestamp {
        self.now.saturating_add(SignedDuration::from_secs(seconds.into())).unwrap_or(self.now)
    }
}

/// Makes room for one more: the first to be over go.
fn forget(mut all: Vec<(Timestamp, String)>, most: usize, mut remove: impl FnMut(&str)) {
    let surplus = (all.len() + 1).saturating_sub(most);
    all.sort();
    all.iter().take(surplus).for_each(|(_, hash)| remove(hash));
}

/// `request_denied` (§3.3.6).
fn denied() -> OAuthError {
    OAuthError::new(ErrorCode::RequestDenied, "the client may not have this")
}

/// Adds what was proven; the later proof of the same stands.
fn add_claim(claims: &mut Vec<Claim>, claim: Claim) {
    claims.retain(|other| other.proof != claim.proof);
    if claims.len() < MAX_CLAIMS {
        claims.push(claim);
    }
}
