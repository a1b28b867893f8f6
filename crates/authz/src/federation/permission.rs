//! Tickets: the permission endpoint (UMA 2.0 Federated Authorization §4), and the same for the wallet's own server.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::Deserialize;
use types::Secret;

use super::Protector;
use crate::{Door, ErrorCode, OAuthError, Permission, Step, Stop, Ticket, Where, fingerprint};

/// Most bytes of a request for a ticket.
const MAX_BYTES: usize = 16 << 10;
/// Most resources of a ticket.
const MAX_PERMISSIONS: usize = 100;
/// Most tickets at a time.
const MAX_TICKETS: usize = 20_000;
/// Most of them for resources of one resource server.
const MAX_TICKETS_OF_SERVER: usize = 2_000;
/// How long a ticket is good (UMA 2.0 Grant §5.5: long enough to be redeemed).
pub(crate) const TICKET_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// What can be asked of the wallet's own server.
const SCOPES_HERE: [&str; 3] = ["read", "search", "create"];

/// §4.1: one object, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Wanted {
    One(One),
    Several(Vec<One>),
}

#[derive(Debug, Deserialize)]
struct One {
    resource_id: String,
    resource_scopes: Vec<String>,
}

impl Step<'_> {
    /// §4, the permission endpoint: a ticket for what a client was refused at another resource server.
    ///
    /// # Errors
    /// §4.3: `invalid_resource_id` when one of the resources, whichever, is not its own; `invalid_scope` when one does
    /// not have the scope; `invalid_request`; `slow_down` when there are too many tickets.
    pub fn ticket_there(&mut self, who: &Protector, body: &[u8]) -> Result<Secret<String>, OAuthError> {
        let bad = |why| OAuthError::new(ErrorCode::InvalidRequest, why);
        if body.len() > MAX_BYTES {
            return Err(bad("the request is too long"));
        }
        let wanted = match serde_json::from_slice(body).map_err(|_| bad("the request does not read"))? {
            Wanted::One(one) => vec![one],
            Wanted::Several(several) => several,
        };
        if wanted.is_empty() || wanted.len() > MAX_PERMISSIONS {
            return Err(bad("a ticket is for one resource or a few"));
        }
        let mut scopes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for one in wanted {
            let resource = self
                .own_resource(who, &one.resource_id)
                .map_err(|_| OAuthError::new(ErrorCode::InvalidResourceId, "one of the resources is not there"))?;
            if !one.resource_scopes.iter().all(|scope| resource.scopes.contains(scope)) {
                return Err(OAuthError::new(ErrorCode::InvalidScope, "one of the resources does not have that scope"));
            }
            let all = scopes.entry(one.resource_id).or_default();
            all.extend(one.resource_scopes);
            all.sort();
            all.dedup();
        }
        let of = |(resource, scopes)| Permission { at: who.at(), resource, scopes };
        self.make_ticket(scopes.into_iter().map(of).collect())
    }

    /// A ticket for what a client was refused at the wallet's own server. Nothing is looked up in the record: there is
    /// a ticket for what does not exist too.
    ///
    /// # Errors
    /// `not_found` when the door is closed; `invalid_request` when that is nothing of ours; `slow_down` when there are
    /// too many tickets.
    pub fn ticket_here(&mut self, permissions: Vec<Permission>) -> Result<Secret<String>, Stop> {
        self.setting.through(Door::Uma)?;
        let is_ours = |it: &Permission| {
            // A type and perhaps an id, as FHIR writes them; whether there is such a type is read when the owner is asked.
            let is_type = |kind: &str| !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphabetic());
            let is_id = |id: &str| {
                (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
            };
            let named = match it.resource.split_once('/') {
                Some((kind, id)) => is_type(kind) && is_id(id),
                None => it.resource == "*" || is_type(&it.resource),
            };
            let meant = !it.scopes.is_empty() && it.scopes.iter().all(|scope| SCOPES_HERE.contains(&scope.as_str()));
            it.at == Where::Here && it.resource.len() <= 128 && named && meant
        };
        let fair = (1..=MAX_PERMISSIONS).contains(&permissions.len());
        if !fair || !permissions.iter().all(is_ours) {
            return Err(OAuthError::new(ErrorCode::InvalidRequest, "that is nothing a ticket is for").into());
        }
        Ok(self.make_ticket(permissions)?)
    }

    fn make_ticket(&mut self, permissions: Vec<Permission>) -> Result<Secret<String>, OAuthError> {
        // A resource server may write long descriptions, and takes none of the room of others.
        if let Some(at @ Where::At(_)) = permissions.first().map(|one| &one.at) {
            let now = self.now;
            let own = |row: &&Ticket| now < row.until && row.permissions.first().is_some_and(|one| one.at == *at);
            if self.ledger.tickets.iter().filter(own).count() >= MAX_TICKETS_OF_SERVER {
                return Err(OAuthError::new(ErrorCode::SlowDown, "there are too many tickets"));
            }
        }
        if self.ledger.tickets.count() >= MAX_TICKETS {
            let now = self.now;
            let over = self.ledger.tickets.keys(|row| row.until <= now);
            over.iter().for_each(|hash| drop(self.ledger.tickets.remove(hash)));
        }
        if self.ledger.tickets.count() >= MAX_TICKETS {
            return Err(OAuthError::new(ErrorCode::SlowDown, "there are too many tickets"));
        }
        let ticket = self.draw.text();
        self.ledger.tickets.put(Ticket {
            hash: fingerprint(ticket.expose()),
            permissions,
            client: None,
            claims: Vec::new(),
            request: None,
            poll_after: None,
            interval: 0,
            pct: None,
            upgrades: None,
            until: self.now.saturating_add(TICKET_LIFE).unwrap_or(self.now),
        });
        Ok(ticket)
    }
}
