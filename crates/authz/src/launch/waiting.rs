use std::fmt;

use jiff::{SignedDuration, Timestamp};
use types::GrantId;
use url::Url;

use super::Redirect;
use crate::{Answered, Code, ErrorCode, OAuthError, Request, RequestState, Step, fingerprint};

/// How long a code can be redeemed.
const CODE_LIFE: SignedDuration = SignedDuration::from_secs(60);
/// How long after the decision the browser may still fetch the answer.
const ANSWER_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// What the waiting page is told.
#[derive(Clone, PartialEq, Eq)]
pub enum WaitState {
    /// The owner has not decided.
    Pending {
        /// What the page and the owner's window both show.
        compare: String,
        /// What the owner asked back.
        message: Option<String>,
    },
    /// The browser goes back to the client. Said once; with a code it is a secret of that browser.
    Go(Url),
    /// There is nothing to wait for (any more).
    Over,
}

impl fmt::Debug for WaitState {
    /// Without the address: the code is in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending { .. } => "Pending",
            Self::Go(_) => "Go",
            Self::Over => "Over",
        })
    }
}

impl Step<'_> {
    /// What became of what a browser waits for. After approval the code is made here, once: it is a minute old at most
    /// when it is redeemed, and nobody but the browser that waited gets it.
    pub fn waiting(&mut self, handle: &str) -> WaitState {
        let wanted = fingerprint(handle);
        let is_it = |request: &&Request| match &request.answered {
            Answered::Redirect { wait, .. } => crypto::constant_time_eq(wait.as_bytes(), wanted.as_bytes()),
            Answered::Claims { .. } | Answered::Ticket | Answered::Asking => false,
        };
        let Some(request) = self.ledger.requests.iter().find(is_it).cloned() else { return WaitState::Over };
        let Answered::Redirect { redirect_uri, state, .. } = &request.answered else { return WaitState::Over };
        let Some(redirect) = Redirect::parse(redirect_uri, state.as_deref()) else { return WaitState::Over };
        let issuer = &self.setting.issuer;
        let undecided = matches!(request.state, RequestState::Asked | RequestState::Withdrawn { .. });
        let go = match &request.state {
            RequestState::Asked if request.is_open(self.now) => {
                let message = request.message(self.now).map(str::to_owned);
                return WaitState::Pending { compare: request.compare, message };
            }
            RequestState::Approved { grant, at } if self.is_in_time(grant, *at) => {
                let code = self.code(&request, grant);
                redirect.with_code(issuer, &code)
            }
            RequestState::Asked => redirect.refused(issuer, &denied("the owner did not answer in time")),
            RequestState::Approved { .. } => redirect.refused(issuer, &denied("what was approved has ended")),
            RequestState::Refused { .. } | RequestState::Withdrawn { .. } => {
                redirect.refused(issuer, &denied("the owner refused"))
            }
        };
        self.ledger.requests.change(request.id.as_str(), |request| {
            if let Answered::Redirect { wait, .. } = &mut request.answered {
                wait.clear();
            }
        });
        // Nobody is sent to where a stranger said, when the owner has not so much as refused.
        if undecided && !self.was_approved(&request.client) { WaitState::Over } else { WaitState::Go(go) }
    }

    fn is_in_time(&self, grant: &GrantId, approved: Timestamp) -> bool {
        let holds = self.ledger.grants.find(grant.as_str()).is_some_and(|row| row.holds(self.now));
        holds && approved.checked_add(ANSWER_LIFE).is_ok_and(|until| self.now < until)
    }

    fn code(&mut self, request: &Request, grant: &GrantId) -> String {
        let code = self.draw.text();
        self.ledger.codes.put(Code {
            hash: fingerprint(code.expose()),
            client: request.client.clone(),
            grant: grant.clone(),
            request: request.id.clone(),
            until: self.now.checked_add(CODE_LIFE).unwrap_or(self.now),
            used: None,
        });
        code.expose().clone()
    }
}

fn denied(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::AccessDenied, why)
}
