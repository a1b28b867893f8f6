//! Resources of other resource servers under this authorization server (UMA 2.0 Federated Authorization).
//!
//! The owner lets a resource server in once (a [`Request`](crate::Request) through [`Door::Federation`]); from then on it
//! holds protection API access tokens (PAT), registers resources of that one person, and asks for tickets to them.

use consent::Proof;
use types::{ClientId, GrantId, PersonId};

use crate::token::PROTECTION;
use crate::{Approved, Asked, Client, ClientKind, Door, ErrorCode, Form, Issued, OAuthError, Presented, Step, Stop};

mod permission;
mod resource;

#[cfg(test)]
mod tests;

pub(crate) use permission::TICKET_LIFE;

/// A resource server that came with a good protection token: what it may touch is its own, of this person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protector {
    /// Which resource server.
    server: ClientId,
    /// Whose resources.
    person: PersonId,
}

impl Protector {
    /// Which resource server.
    pub fn server(&self) -> &ClientId {
        &self.server
    }
}

impl Step<'_> {
    /// A protection token for a resource server, by `client_credentials` with the scope `uma_protection` (§1.3). One
    /// that the owner has not let in waits for the owner, once.
    ///
    /// # Errors
    /// `unauthorized_client` until the owner approved, and for whoever is no resource server with a secret or keys;
    /// `invalid_scope` for another scope; `unsupported_grant_type` when the door is closed.
    pub fn protection_token(&mut self, client: &Client, form: &Form, jkt: Option<&str>) -> Result<Issued, Stop> {
        if self.setting.through(Door::Federation).is_err() {
            return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, "no resource servers are taken").into());
        }
        if client.kind != ClientKind::ResourceServer || client.keys.is_none() {
            return Err(OAuthError::new(ErrorCode::UnauthorizedClient, "the client is no resource server").into());
        }
        if form.need("scope")? != PROTECTION {
            return Err(OAuthError::new(ErrorCode::InvalidScope, "a resource server has one scope").into());
        }
        let Some(grant) = self.let_in(&client.id) else {
            let asked = Asked { scope: PROTECTION.to_owned(), ..Asked::default() };
            return Err(self.put_before_owner(client, Door::Federation, asked).into());
        };
        Ok(self.mint_for_itself(client, &grant, jkt)?)
    }

    /// The grant by which the owner let a resource server in.
    pub(crate) fn let_in(&self, server: &ClientId) -> Option<GrantId> {
        let wanted = self.ledger.clients.find(server.as_str()).is_some_and(|client| client.blocked.is_none());
        let mut grants = self.ledger.grants.iter().filter(|_| wanted);
        grants.find(|approved| approved.lets_in(server) && approved.holds(self.now)).map(|it| it.grant.id.clone())
    }

    /// Who came to the protection API (§1.3): every call to it starts here.
    ///
    /// # Errors
    /// `not_found` when the door is closed; `invalid_token` for everything that is not a protection token of a resource
    /// server that is still let in; what a wrong DPoP proof gives.
    pub fn protector(&mut self, presented: &Presented) -> Result<Protector, OAuthError> {
        self.setting.through(Door::Federation)?;
        let (grant, server) = self.protection(presented)?;
        let bad = || OAuthError::new(ErrorCode::InvalidToken, "the protection token is not good");
        let client = self.ledger.clients.find(server.as_str()).ok_or_else(bad)?;
        let approved = self.holding(&grant).ok_or_else(bad)?;
        if client.blocked.is_some() || !approved.lets_in(&server) {
            return Err(bad());
        }
        Ok(Protector { person: approved.person.clone(), server })
    }
}

impl Approved {
    /// Whether the owner let this resource server in with it.
    fn lets_in(&self, server: &ClientId) -> bool {
        self.client.as_ref() == Some(server)
            && self.scope.split(' ').any(|scope| scope == PROTECTION)
            && matches!(&self.grant.who.proof, Proof::Client(id) if id == server.as_str())
    }
}
