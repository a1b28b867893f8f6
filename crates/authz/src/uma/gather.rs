//! The claims interaction endpoint (UMA 2.0 Grant §3.3.2, §3.3.3): a browser waits here while the owner is asked, and goes
//! back with the next ticket.
//!
//! Nothing is typed in on the page and nothing is proven by it: it shows a code, which the person in front of it and the
//! owner compare. So no page and no client gets anything that nobody was aware of (§5.1).

use std::fmt;

use jiff::SignedDuration;
use thiserror::Error;
use types::Secret;
use url::Url;

use super::denied;
use crate::federation::TICKET_LIFE;
use crate::{Answered, Ask, Asked, Client, Door, ErrorCode, Form, OAuthError, RequestState, Step, Ticket, fingerprint};

/// How long a browser waits before it goes back, decided or not; the client then goes on asking by itself.
const WAITS: SignedDuration = SignedDuration::from_mins(25);
/// How long what it waits for is kept.
const KEPT: SignedDuration = SignedDuration::from_mins(30);

/// A browser that waits.
#[derive(Debug)]
pub struct Gathered {
    /// What names its wait, for the address of the waiting page.
    pub handle: Secret<String>,
    /// The code that the page and the owner's window show.
    pub compare: String,
}

/// Why a browser does not wait.
#[derive(Debug, Error)]
pub enum GatherStop {
    /// Where it would go back to is not known to be the client's: it is told on a page of ours, and goes nowhere.
    #[error(transparent)]
    Page(#[from] OAuthError),
    /// It goes back at once, with an error for the client (RFC 6749 §4.1.2.1).
    #[error("the browser goes back to the client")]
    Back(Url),
}

/// Where a browser that waits stands.
#[derive(Clone, PartialEq, Eq)]
pub enum Gathering {
    /// The owner has not decided.
    Pending {
        /// The code to compare.
        compare: String,
        /// What the owner asked back.
        message: Option<String>,
    },
    /// It goes back, with the next ticket (§3.3.3).
    Back(Url),
    /// Nobody waits under this name.
    Over,
}

impl fmt::Debug for Gathering {
    /// Without the address: the next ticket is in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending { .. } => "Pending",
            Self::Back(_) => "Back",
            Self::Over => "Over",
        })
    }
}

impl Step<'_> {
    /// A browser comes with `client_id`, `ticket`, perhaps `claims_redirect_uri` and `state` (§3.3.2).
    ///
    /// # Errors
    /// [`GatherStop`].
    pub fn gather(&mut self, query: &Form) -> Result<Gathered, GatherStop> {
        self.setting.through(Door::Uma)?;
        let unknown = || OAuthError::new(ErrorCode::InvalidRequest, "the client is not known");
        let client = self.ledger.clients.find(query.need("client_id")?).cloned().ok_or_else(unknown)?;
        let redirect_uri = back_to(&client, query.find("claims_redirect_uri"))?;
        let state = query.find("state").map(str::to_owned);
        let asked = self.wait_for_owner(&client, query, &redirect_uri, state.as_deref());
        asked.map_err(|why| {
            let error = match why.code {
                ErrorCode::RequestDenied | ErrorCode::AccessDenied => "access_denied",
                ErrorCode::SlowDown => "temporarily_unavailable",
                _ => "invalid_request",
            };
            // Where a stranger says, no browser is sent by an error.
            if !self.was_approved(&client.id) {
                return GatherStop::Page(why);
            }
            GatherStop::Back(with(redirect_uri, ("error", error), state.as_deref()))
        })
    }

    fn wait_for_owner(
        &mut self,
        client: &Client,
        query: &Form,
        redirect_uri: &Url,
        state: Option<&str>,
    ) -> Result<Gathered, OAuthError> {
        let mut ticket = self.take_ticket(client, query.need("ticket")?)?;
        ticket.permissions = self.requested(client, &ticket.permissions, None)?;
        if self.is_unwanted(&ticket.claims) {
            return Err(denied());
        }
        // Another browser gets another code to compare: what waited for the same is not taken for this.
        if let Some(before) = ticket.request.take() {
            self.withdraw(&before);
        }
        let handle = self.draw.text();
        let answered = Answered::Claims {
            redirect_uri: redirect_uri.to_string(),
            state: state.map(str::to_owned),
            wait: waits_as(handle.expose()),
        };
        let asked = Asked { permissions: ticket.permissions.clone(), ..Asked::default() };
        let ask = Ask { door: Door::Uma, claims: ticket.claims.clone(), asked, answered };
        let request = self.ask(client, ask)?;
        let compare = self.ledger.requests.find(request.as_str()).ok_or_else(denied)?.compare.clone();
        self.ledger.tickets.put(Ticket {
            hash: waits_as(handle.expose()),
            request: Some(request),
            poll_after: self.now.checked_add(WAITS).ok(),
            until: self.now.checked_add(KEPT).unwrap_or(self.now),
            ..ticket
        });
        Ok(Gathered { handle, compare })
    }

    /// Where the browser stands that waits under this name.
    pub fn gathering(&mut self, handle: &str) -> Gathering {
        let hash = waits_as(handle);
        let found = self.ledger.tickets.find(&hash).filter(|ticket| self.now < ticket.until);
        let request = found.and_then(|ticket| self.ledger.requests.find(ticket.request.as_ref()?.as_str()));
        let (Some(ticket), Some(request)) = (found, request) else { return Gathering::Over };
        let Answered::Claims { redirect_uri, state, wait } = &request.answered else { return Gathering::Over };
        let Ok(redirect_uri) = Url::parse(redirect_uri) else { return Gathering::Over };
        // A later browser waits for it.
        if *wait != hash {
            return Gathering::Over;
        }
        let patient = ticket.poll_after.is_some_and(|leaves| self.now < leaves);
        if request.state == RequestState::Asked && request.is_open(self.now) && patient {
            let message = request.message(self.now).map(str::to_owned);
            return Gathering::Pending { compare: request.compare.clone(), message };
        }
        // Nor is it when the owner has not decided.
        let undecided = matches!(request.state, RequestState::Asked | RequestState::Withdrawn { .. });
        if undecided && !self.was_approved(&request.client) {
            return Gathering::Over;
        }
        let (ticket, state) = (Ticket { poll_after: None, ..ticket.clone() }, state.clone());
        self.ledger.tickets.remove(&hash);
        let next = self.next_ticket(ticket, TICKET_LIFE);
        Gathering::Back(with(redirect_uri, ("ticket", next.expose()), state.as_deref()))
    }
}

/// Under what a wait is kept among the tickets: the name of a wait is no ticket.
fn waits_as(handle: &str) -> String {
    fingerprint(&format!("wait {handle}"))
}

/// Where the browser goes back to: an address that the client registered for this, compared as text (RFC 3986 §6.2.1);
/// it need not say which when there is one.
fn back_to(client: &Client, said: Option<&str>) -> Result<Url, OAuthError> {
    let bad = || OAuthError::new(ErrorCode::InvalidRequest, "the address to go back to is not registered");
    let registered = match (said, client.claims_redirect_uris.as_slice()) {
        (Some(said), all) => all.iter().find(|own| *own == said).ok_or_else(bad)?,
        (None, [only]) => only,
        (None, _) => return Err(bad()),
    };
    Url::parse(registered).ok().filter(|url| url.fragment().is_none()).ok_or_else(bad)
}

/// The address with these parameters behind its own.
fn with(mut url: Url, parameter: (&str, &str), state: Option<&str>) -> Url {
    url.query_pairs_mut().append_pair(parameter.0, parameter.1).extend_pairs(state.map(|state| ("state", state)));
    url
}
