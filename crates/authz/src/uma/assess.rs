//! What is requested, and which grants of the owner answer it without asking again (UMA 2.0 Grant §3.3.4).

use consent::Proof;
use types::GrantId;

use crate::{Approved, Claim, Client, Door, ErrorCode, OAuthError, Permission, Step, Ticket, Where, proof_text};

impl Step<'_> {
    /// The scopes of each resource: those of the ticket, and those that the client asks for and is registered with,
    /// where the resource has them.
    ///
    /// # Errors
    /// `invalid_scope` when a scope is not registered for the client, or none of the resources has it, or nothing is
    /// asked of a resource: no scope is not every scope.
    pub(super) fn requested(
        &self,
        client: &Client,
        ticket: &[Permission],
        scope: Option<&str>,
    ) -> Result<Vec<Permission>, OAuthError> {
        let bad = |why| OAuthError::new(ErrorCode::InvalidScope, why);
        let mut requested = ticket.to_vec();
        for scope in scope.unwrap_or_default().split(' ').filter(|scope| !scope.is_empty()) {
            if !client.scope.split(' ').any(|own| own == scope) {
                return Err(bad("the client is not registered for the scope"));
            }
            let mut found = false;
            for one in &mut requested {
                if self.has_scope(one, scope) {
                    found = true;
                    if !one.scopes.iter().any(|own| own == scope) {
                        one.scopes.push(scope.to_owned());
                    }
                }
            }
            if !found {
                return Err(bad("no resource of the ticket has the scope"));
            }
        }
        if requested.iter().any(|one| one.scopes.is_empty()) {
            return Err(bad("the ticket does not say what is to be done: ask for a scope"));
        }
        Ok(requested)
    }

    /// Whether the resource has the scope. A single one here can be read; what lies in a whole type can be searched.
    fn has_scope(&self, one: &Permission, scope: &str) -> bool {
        match &one.at {
            Where::Here if one.resource.contains('/') => scope == "read",
            Where::Here => matches!(scope, "read" | "search"),
            Where::At(server) => {
                let resource = self.ledger.resources.find(&one.resource).filter(|it| it.server == *server);
                resource.is_some_and(|resource| resource.scopes.iter().any(|own| own == scope))
            }
        }
    }

    /// The latest grant that stands, gives all that is requested, and is of a party that was proven.
    pub(super) fn standing(&self, client: &Client, ticket: &Ticket) -> Option<GrantId> {
        let answers = |approved: &&Approved| {
            approved.holds(self.now)
                && approved.client.as_ref().is_none_or(|own| *own == client.id)
                && self.is_for_uma(approved)
                && is_proven(approved, client, &ticket.claims)
                && ticket.permissions.iter().all(|one| self.is_of_person(approved, one))
                && approved.of(&ticket.permissions) == ticket.permissions
        };
        let found = self.ledger.grants.iter().filter(answers).max_by_key(|approved| approved.approved);
        found.map(|approved| approved.grant.id.clone())
    }

    /// Whether the owner made it for whoever comes with a ticket: by themselves, or when asked through this door.
    fn is_for_uma(&self, approved: &Approved) -> bool {
        let Some(request) = &approved.request else { return true };
        self.ledger.requests.find(request.as_str()).is_some_and(|request| request.door == Door::Uma)
    }

    /// Whether the resource is still there and of the person whose grant it is.
    fn is_of_person(&self, approved: &Approved, one: &Permission) -> bool {
        match &one.at {
            Where::Here => true,
            Where::At(server) => {
                let resource = self.ledger.resources.find(&one.resource);
                resource.is_some_and(|it| it.server == *server && it.person.as_ref() == Some(&approved.person))
            }
        }
    }

    /// Whether somebody was proven of whom the owner does not want to hear.
    pub(super) fn is_unwanted(&self, claims: &[Claim]) -> bool {
        let mut unwanted = self.ledger.contacts.iter().filter(|contact| contact.blocked.is_some());
        unwanted.any(|contact| claims.iter().any(|claim| contact.proofs.contains(&claim.proof)))
    }
}

/// Whether the party of the grant was proven: by a claim, or by the client's own keys.
fn is_proven(approved: &Approved, client: &Client, claims: &[Claim]) -> bool {
    match &approved.grant.who.proof {
        Proof::Owner => false,
        Proof::Client(id) => client.keys.is_some() && id == client.id.as_str(),
        proof => claims.iter().any(|claim| claim.proof == proof_text(proof)),
    }
}
