//! What the owner decides: approve, narrow, refuse, end.

use consent::{Grant, Proof};
use thiserror::Error;
use types::{ClientId, ContactId, GrantId, PersonId, RequestId};

use crate::{Approved, Permission, Request, RequestState, Step, TokenFormat, Where, proof_text};

mod back;
mod end;
mod receipt;
#[cfg(test)]
mod tests;
mod within;

pub use back::{AskedBack, MAX_MESSAGE};
pub use receipt::Receipt;
pub(crate) use within::permits_within;

/// What the owner approved: as asked, or narrowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The one typed value that everything derives from. Its id is made when it is approved; the one that stands in it
    /// is not looked at. The words that go from free text are those of the moment.
    pub grant: Grant,
    /// Whose record.
    pub person: PersonId,
    /// Id of their Patient as the view shows it: the launch context.
    pub patient: Option<String>,
    /// How its access tokens are written.
    pub format: TokenFormat,
    /// `openid`, `offline_access` and their like, with one space between. Scopes for resources follow from the grant.
    pub scope: String,
    /// Which contact it is given to.
    pub contact: Option<ContactId>,
    /// Resources of other resource servers, with their scopes.
    pub permissions: Vec<Permission>,
}

/// Why a decision does not take place. Nothing was changed.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum DecideError {
    /// There is no such request.
    #[error("there is no such request")]
    NoRequest,
    /// It was decided or withdrawn before.
    #[error("the request was decided or withdrawn before")]
    Decided,
    /// It waited too long.
    #[error("the request is too old")]
    TooOld,
    /// Who sent it is blocked, or gone.
    #[error("the client is blocked or gone")]
    Client,
    /// What is asked cannot be read.
    #[error("what is asked cannot be read")]
    Unread,
    /// It gives something that was not asked, or that the grant in its place does not give.
    #[error("the grant is wider than what was asked")]
    Wider,
    /// It is given to somebody who did not prove to be behind the request.
    #[error("the grant is for somebody who did not ask")]
    Party,
    /// The contact is not known, is blocked, or does not prove themselves so.
    #[error("the contact is not the party of the grant")]
    Contact,
    /// It selects what cannot be selected, or never holds from now on.
    #[error("the grant says nothing that can hold")]
    Grant,
    /// There is no such grant.
    #[error("there is no such grant")]
    NoGrant,
    /// It has ended, or does not hold now.
    #[error("the grant does not hold")]
    Ended,
    /// What is asked back is no sentence of plain text.
    #[error("what is asked back is no sentence")]
    Message,
    /// It holds still.
    #[error("the grant holds still")]
    Holds,
    /// The receipt could not be signed.
    #[error("the receipt could not be signed")]
    Signature,
}

impl Step<'_> {
    /// Approves a request, as asked or narrowed.
    ///
    /// # Errors
    /// [`DecideError`]: the request does not wait any more, its client is blocked, or the decision gives something or
    /// somebody that the request does not ask for. Then nothing is changed.
    pub fn approve(&mut self, request: &RequestId, decided: Decided) -> Result<GrantId, DecideError> {
        let request = self.undecided(request)?.clone();
        let client = self.ledger.clients.find(request.client.as_str());
        if client.is_none_or(|client| client.blocked.is_some()) {
            return Err(DecideError::Client);
        }
        let asked = request.reading().map_err(|_| DecideError::Unread)?;
        let proof = proof_text(&decided.grant.who.proof);
        let itself = proof_text(&Proof::Client(request.client.to_string()));
        if proof != itself && !request.claims.iter().any(|claim| claim.proof == proof) {
            return Err(DecideError::Party);
        }
        self.stands(&decided)?;
        if !within::answers(&decided, &asked) {
            return Err(DecideError::Wider);
        }
        let grant = self.put(decided, Some(request.client), Some(request.id.clone()));
        let state = RequestState::Approved { grant: grant.clone(), at: self.now };
        self.ledger.requests.change(request.id.as_str(), |request| request.state = state);
        Ok(grant)
    }

    /// Whether a decision would give more than was asked: approving it would be refused.
    ///
    /// # Errors
    /// [`DecideError::NoRequest`], [`DecideError::Unread`].
    pub fn is_wider(&self, request: &RequestId, decided: &Decided) -> Result<bool, DecideError> {
        let request = self.ledger.requests.find(request.as_str()).ok_or(DecideError::NoRequest)?;
        let asked = request.reading().map_err(|_| DecideError::Unread)?;
        Ok(!within::answers(decided, &asked))
    }

    /// A grant that the owner makes by themselves: for one client, or, without a client, for any that proves the
    /// grant's party (a mandate).
    ///
    /// # Errors
    /// [`DecideError::Client`], [`DecideError::Contact`], [`DecideError::Grant`]; and [`DecideError::Party`] when it is
    /// for one client and another is to prove itself.
    pub fn grant_by_owner(&mut self, decided: Decided, client: Option<ClientId>) -> Result<GrantId, DecideError> {
        match (&client, &decided.grant.who.proof) {
            (Some(id), _) if self.ledger.clients.find(id.as_str()).is_none_or(|known| known.blocked.is_some()) => {
                return Err(DecideError::Client);
            }
            (Some(id), Proof::Client(named)) if id.as_str() != named => return Err(DecideError::Party),
            _ => {}
        }
        self.stands(&decided)?;
        Ok(self.put(decided, client, None))
    }

    /// The owner refuses. Refusing again changes nothing.
    ///
    /// # Errors
    /// [`DecideError::NoRequest`]; [`DecideError::Decided`] when it was approved or withdrawn.
    pub fn refuse(&mut self, request: &RequestId) -> Result<(), DecideError> {
        let found = self.ledger.requests.find(request.as_str()).ok_or(DecideError::NoRequest)?;
        match found.state {
            RequestState::Asked => {}
            RequestState::Refused { .. } => return Ok(()),
            RequestState::Approved { .. } | RequestState::Withdrawn { .. } => return Err(DecideError::Decided),
        }
        let at = self.now;
        self.ledger.requests.change(request.as_str(), |request| request.state = RequestState::Refused { at });
        Ok(())
    }

    fn undecided(&self, request: &RequestId) -> Result<&Request, DecideError> {
        let request = self.ledger.requests.find(request.as_str()).ok_or(DecideError::NoRequest)?;
        match request.state {
            RequestState::Asked if request.is_open(self.now) => Ok(request),
            RequestState::Asked => Err(DecideError::TooOld),
            _ => Err(DecideError::Decided),
        }
    }

    /// Whether a decision says something that can hold, to a contact that is the party of it.
    fn stands(&self, decided: &Decided) -> Result<(), DecideError> {
        let grant = &decided.grant;
        // Read again from its own writing: what is stored must read back, and mean the same.
        let again = Grant::parse(grant.to_json().as_bytes()).map_err(|_| DecideError::Grant)?;
        let over = grant.term.end.is_some_and(|end| end <= self.now) || grant.term.uses == Some(0);
        let plain = decided.scope.split(' ').all(within::is_plain);
        if again != *grant || over || !plain || !decided.permissions.iter().all(|one| self.is_there(one, decided)) {
            return Err(DecideError::Grant);
        }
        let Some(contact) = &decided.contact else { return Ok(()) };
        let known = self.ledger.contacts.find(contact.as_str()).ok_or(DecideError::Contact)?;
        let proof = proof_text(&grant.who.proof);
        let is_them = known.blocked.is_none() && known.proofs.contains(&proof);
        if is_them { Ok(()) } else { Err(DecideError::Contact) }
    }

    /// Whether a resource of another resource server is registered so, for the same person.
    fn is_there(&self, permission: &Permission, decided: &Decided) -> bool {
        self.ledger.resources.find(&permission.resource).is_some_and(|resource| {
            permission.at == Where::At(resource.server.clone())
                && resource.person.as_ref().is_none_or(|person| *person == decided.person)
                && permission.scopes.iter().all(|scope| resource.scopes.contains(scope))
        })
    }

    fn put(&mut self, decided: Decided, client: Option<ClientId>, request: Option<RequestId>) -> GrantId {
        let id = GrantId::from_random(self.draw.id());
        self.ledger.grants.put(Approved {
            grant: Grant { id: id.clone(), ..decided.grant },
            person: decided.person,
            patient: decided.patient,
            client,
            contact: decided.contact,
            request,
            permissions: decided.permissions,
            scope: decided.scope,
            format: decided.format,
            approved: self.now,
            uses: 0,
            counted: None,
            ended: None,
            erase: None,
        });
        id
    }
}
