//! What third parties ask, and what the owner decides on it.

use authz::{Claim, Contact, Door, Reading, Request, RequestState, Step, proof_text};
use consent::{Grant, Party, Proof, Term};
use jiff::Timestamp;
use types::{GrantId, RequestId};

use crate::Wallet;
use crate::clients::client_view;
use crate::contacts::{contact_view, proof_sentence};
use crate::error::{InputError, WalletError};
use crate::grants::sentences;
use crate::open::Open;
use crate::sharing::elsewhere;
use crate::views::{AskedBackView, ClaimView, RequestDoor, RequestStanding, RequestView};

mod approve;

pub(crate) use approve::Plan;
pub use approve::{Approval, Until};

impl Wallet {
    /// What waits for the owner, and what was decided before; newest first.
    pub async fn requests(&self) -> Result<Vec<RequestView>, WalletError> {
        self.with(|open| {
            let names = open.source_names()?;
            open.look(|step| {
                let mut all: Vec<&Request> = step.ledger.requests.iter().collect();
                all.sort_by_key(|request| std::cmp::Reverse(request.made));
                all.into_iter().map(|request| view(step, request, &names)).collect()
            })
        })
        .await
    }

    /// One of them.
    pub async fn request(&self, id: &str) -> Result<RequestView, WalletError> {
        let id: RequestId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| open.request_view(&id)).await
    }

    /// The owner refuses.
    pub async fn refuse(&self, id: &str) -> Result<RequestView, WalletError> {
        let id: RequestId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            let (view, shown) = wallet.with_now(|open| {
                open.decide(|doing| Ok(doing.step.refuse(&id)?))?;
                Ok((open.request_view(&id)?, open.shown.clone()))
            })?;
            shown.tried_enough();
            Ok(view)
        })
        .await
    }
}

impl Wallet {
    /// The owner asks back, in one line of plain text that the other side reads when it asks the next time how its request
    /// stands. Nothing is decided by it.
    pub async fn ask_back(&self, id: &str, message: &str) -> Result<RequestView, WalletError> {
        let id: RequestId = id.parse().map_err(|_| InputError::UnknownId)?;
        let message = message.to_owned();
        self.with(move |open| {
            open.decide(|doing| Ok(doing.step.ask_back(&id, &message)?))?;
            open.request_view(&id)
        })
        .await
    }
}

impl Open {
    fn request_view(&mut self, id: &RequestId) -> Result<RequestView, WalletError> {
        let names = self.source_names()?;
        let found =
            self.look(|step| step.ledger.requests.find(id.as_str()).map(|request| view(step, request, &names)))?;
        Ok(found.ok_or(InputError::UnknownId)?)
    }
}

pub(crate) fn view(step: &Step<'_>, request: &Request, names: &dyn Fn(&str) -> Option<String>) -> RequestView {
    let reading = match request.reading() {
        Ok(reading) => Some(reading),
        // It was read when it came. Nothing of it can be approved; the others are shown all the same.
        Err(error) => {
            tracing::warn!(request = %request.id, %error, "a request in the vault does not read");
            None
        }
    };
    let party = party_of(step, request);
    let grant = reading.as_ref().map(|reading| as_asked(reading, party, GrantId::from_random([0; 16]), None));
    let grant = grant.filter(|grant| !grant.what.permits.is_empty());
    let (standing, share) = match &request.state {
        RequestState::Asked if request.is_open(step.now) => (RequestStanding::Asked, None),
        RequestState::Asked => (RequestStanding::Expired, None),
        RequestState::Approved { grant, .. } => (RequestStanding::Approved, Some(grant.to_string())),
        RequestState::Refused { .. } => (RequestStanding::Refused, None),
        RequestState::Withdrawn { .. } => (RequestStanding::Withdrawn, None),
    };
    let claim = |claim: &Claim| {
        let sentence = proof_sentence(&claim.proof, claim.name.as_deref().unwrap_or_default())?;
        Some(ClaimView { sentence, name: claim.name.clone(), proven: claim.proven.to_string() })
    };
    RequestView {
        id: request.id.to_string(),
        door: match request.door {
            Door::Launch => RequestDoor::Launch,
            Door::Uma => RequestDoor::Uma,
            Door::Backend => RequestDoor::Backend,
            Door::Federation => RequestDoor::Federation,
        },
        client: client_view(step, &request.client),
        claims: request.claims.iter().filter_map(claim).collect(),
        contact: contact_of(step, request).map(contact_view),
        asked: grant.as_ref().map(|grant| sentences(grant, names)).unwrap_or_default(),
        elsewhere: elsewhere(step, reading.as_ref().map(|reading| reading.elsewhere.as_slice()).unwrap_or_default()),
        grant: grant.map(|grant| grant.to_json()),
        compare: request.compare.clone(),
        made: request.made.to_string(),
        until: request.until.to_string(),
        standing,
        share,
        asked_back: request
            .back
            .as_ref()
            .map(|back| AskedBackView { message: back.message.clone(), at: back.at.to_string() }),
    }
}

/// The grant that answers a request as it was asked, until then.
fn as_asked(reading: &Reading, who: Party, id: GrantId, end: Option<Timestamp>) -> Grant {
    Grant {
        id,
        who,
        what: reading.what.clone(),
        mode: reading.mode.unwrap_or_default(),
        deidentified: reading.deidentified,
        purposes: reading.purposes.clone(),
        term: Term { start: None, end, uses: None },
        decisions: Vec::new(),
        words: Vec::new(),
    }
}

/// Who stands behind a request: a contact who proved themselves, else who else did, else the client itself.
fn party_of(step: &Step<'_>, request: &Request) -> Party {
    let known = contact_of(step, request);
    let proven = request.claims.iter().find(|claim| known.is_none_or(|contact| contact.proofs.contains(&claim.proof)));
    let client = step.ledger.clients.find(request.client.as_str()).map(|client| client.name.clone());
    let said = proven.and_then(|claim| claim.name.clone());
    let proof = proven.and_then(|claim| proof_of(&claim.proof));
    Party {
        name: known
            .map(|contact| contact.name.clone())
            .or(said)
            .or(client)
            .unwrap_or_else(|| request.client.to_string()),
        proof: proof.unwrap_or_else(|| Proof::Client(request.client.to_string())),
    }
}

/// The contact who stands behind a request.
fn contact_of<'a>(step: &'a Step<'_>, request: &Request) -> Option<&'a Contact> {
    let itself = proof_text(&Proof::Client(request.client.to_string()));
    let proofs = || request.claims.iter().map(|claim| &claim.proof).chain([&itself]);
    step.ledger.contacts.iter().find(|contact| proofs().any(|proof| contact.proofs.contains(proof)))
}

/// What [`proof_text`] wrote, read back.
pub(crate) fn proof_of(text: &str) -> Option<Proof> {
    let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
    let two = || rest.split_once(' ').map(|(one, two)| (one.to_owned(), two.to_owned()));
    let proof = match kind {
        "owner" => Proof::Owner,
        "idToken" => two().map(|(issuer, subject)| Proof::IdToken { issuer, subject })?,
        "credential" => two().map(|(kind, issuer)| Proof::Credential { kind, issuer })?,
        "client" => Proof::Client(rest.to_owned()),
        did if did.starts_with("did:") => Proof::Did(did.to_owned()),
        _ => return None,
    };
    (proof_text(&proof) == text).then_some(proof)
}

#[cfg(test)]
pub(crate) mod tests;
