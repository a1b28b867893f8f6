use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::people::System;
use crate::scope::Scopes;

/// An authorization request that was found good.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) client: String,
    pub(super) client_name: String,
    pub(super) redirect: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: String,
    pub(super) scopes: Scopes,
    pub(super) system: System,
}

/// How far a person has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    SigningIn,
    /// Signed in: position among the logins.
    Choosing(usize),
    /// Chosen: login, and position among that login's people.
    Approving(usize, usize),
}

/// One person on the way from request to decision.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) request: Request,
    pub(super) stage: Stage,
    /// Must come back with the next form; another one for each page.
    pub(super) csrf: String,
    begun: Timestamp,
}

/// All on the way, by the secret id that the forms carry; no cookie is set, so no other page can act for the person.
#[derive(Debug, Default)]
pub(super) struct Flows {
    by_id: HashMap<String, Flow>,
}

const MINUTES: i64 = 20;

impl Flows {
    pub(super) fn begin(&mut self, id: String, csrf: String, request: Request, now: Timestamp) {
        self.by_id.retain(|_, flow| now.duration_since(flow.begun) < SignedDuration::from_mins(MINUTES));
        self.by_id.insert(id, Flow { request, stage: Stage::SigningIn, csrf, begun: now });
    }

    /// The flow of a form, taken out; `None` when it is unknown, too old, or the form is not the page's last.
    pub(super) fn take(&mut self, id: &str, csrf: &str, now: Timestamp) -> Option<Flow> {
        let flow = self.by_id.get(id)?;
        let good = crypto::constant_time_eq(flow.csrf.as_bytes(), csrf.as_bytes());
        let young = now.duration_since(flow.begun) < SignedDuration::from_mins(MINUTES);
        if good && young { self.by_id.remove(id) } else { None }
    }

    /// Puts a flow back, one page further.
    pub(super) fn put(&mut self, id: String, flow: Flow) {
        self.by_id.insert(id, flow);
    }
}
