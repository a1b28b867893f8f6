//! What third parties are answered: from what they present to a grant, from the grant to its view, from the view to the
//! answer, and no answer without its entry.
//!
//! The view is built and asked while the vault is free for others. Then, in one transaction, the grant is looked at
//! again and the entry is kept, and only then the bytes leave. Whoever ends a grant waits for those who are answering
//! from its view at that moment; whoever comes after finds it ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use audit::{Access as Told, Action, Draft, Outcome, Who};
use authz::{Access, Approved, ErrorCode, OAuthError, Permission, Presented, Step, Where};
use consent::Grant;
use search::{Need, Needs, Request, Response, Right};
use types::Secret;

use crate::authority::Care;
use crate::error::WalletError;
use crate::open::Open;
use crate::served::{Ground, Served, Shown, Slot};
use crate::{Wallet, now};

mod asked;
mod export;
mod offered;
mod owner;

use asked::asked;
pub(crate) use export::Exports;

/// What somebody was let in with.
struct Admitted {
    access: Access,
    row: Approved,
    /// What the record was when they were.
    stamp: u64,
    shown: Arc<Shown>,
}

/// Whether an answer may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leave {
    May,
    MustNot,
}

impl Wallet {
    /// Answers, or refuses. Blocks.
    fn answer_now(
        &self,
        presented: &Presented,
        request: &Request,
    ) -> Result<Result<Response, OAuthError>, WalletError> {
        let admitted = match self.with_now(|open| open.admit(presented))? {
            Ok(admitted) => admitted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (method, target) = asked(request);
        let slot = admitted.shown.slot(&admitted.row.grant.id);
        self.bring_up_to_date(&slot, &admitted)?;
        let view = slot.read();
        let Some(served) = view.as_ref() else { return Ok(Err(opens_nothing())) };
        if served.rights().is_empty() {
            let refusal = OAuthError::new(ErrorCode::InsufficientScope, "what was granted reaches nothing here");
            self.with_now(|open| open.tell(&admitted, (method, &target), 403, Vec::new()))?;
            return Ok(Err(refusal));
        }
        let mut response = match admitted.access.only.as_deref() {
            None => served.answer(request, now(), |_| true),
            Some(only) => {
                let limited = served.limited(only, |ground| self.narrowed(served, &admitted, only, ground))?;
                limited.answer(request, now(), |one| is_within(only, one))
            }
        };
        let released = std::mem::take(&mut response.resources);
        let leave = self.with_now(|open| open.tell(&admitted, (method, &target), response.status, released))?;
        drop(view);
        Ok(match leave {
            Leave::May => Ok(response),
            Leave::MustNot => Err(opens_nothing()),
        })
    }

    /// The view of what a token opens that opens less than its grant.
    fn narrowed(
        &self,
        served: &Served,
        admitted: &Admitted,
        only: &[Permission],
        ground: Ground,
    ) -> Result<Served, WalletError> {
        // With the words that go from texts by now.
        let row = Approved { grant: served.grant().clone(), ..admitted.row.clone() };
        let terms = self.with_now(|open| open.terms_of(row.person.clone(), row.narrowed(only)))?;
        Served::new(terms, ground, now())
    }

    /// Builds the view when it was never asked, and lets it follow the record.
    fn bring_up_to_date(&self, slot: &Slot, admitted: &Admitted) -> Result<(), WalletError> {
        let is_fresh = |view: &Option<Served>| view.as_ref().is_some_and(|served| served.stamp() >= admitted.stamp);
        if is_fresh(&slot.read()) {
            return Ok(());
        }
        let mut place = slot.write();
        if is_fresh(&place) {
            return Ok(());
        }
        let (person, at) = (&admitted.row.person, now());
        let ground = self.ground(&admitted.shown, person)?;
        let followed = match place.take() {
            Some(served) => served.followed(ground.clone(), at)?,
            None => None,
        };
        let served = match followed {
            Some(served) => served,
            None => {
                let terms = self.with_now(|open| open.terms_of(person.clone(), admitted.row.grant.clone()))?;
                Served::new(terms, ground, at)?
            }
        };
        self.keep_words(&served)?;
        *place = Some(served);
        Ok(())
    }

    /// Keeps the names of drugs that are hidden by now with the grant, so that one that leaves the record does not come
    /// back in a note.
    fn keep_words(&self, served: &Served) -> Result<(), WalletError> {
        let Grant { id, words, .. } = served.grant();
        self.with_now(|open| {
            let known = open.look(|step| step.ledger.grants.find(id.as_str()).map(|row| row.grant.words.clone()))?;
            let is_new = known.is_some_and(|known| words.iter().any(|word| !known.contains(word)));
            if !is_new {
                return Ok(());
            }
            open.decide(|doing| {
                doing.step.ledger.grants.change(id.as_str(), |row| row.grant.words.clone_from(words));
                Ok(())
            })
        })
    }
}

impl Open {
    /// Lets in whoever presents what opens a grant that holds.
    fn admit(&mut self, presented: &Presented) -> Result<Result<Admitted, OAuthError>, WalletError> {
        let of = |step: &Step<'_>, access: Access| {
            let row = step.ledger.grants.find(access.grant.as_str());
            let row = row.filter(|row| row.holds(step.now)).ok_or_else(opens_nothing)?;
            Ok((access, row.clone()))
        };
        let let_in = if presented.leaves_traces() {
            self.decide_with(Care::Answer, Secret::new(crypto::random()?), |doing| {
                Ok(doing.step.admit(presented).and_then(|access| of(&doing.step, access)))
            })?
        } else {
            self.look(|step| step.bearer(presented).and_then(|access| of(step, access)))?
        };
        match let_in {
            Ok((access, row)) => {
                let (stamp, shown) = (self.vault.record_stamp()?, Arc::clone(&self.shown));
                Ok(Ok(Admitted { access, row, stamp, shown }))
            }
            Err(refusal) => {
                self.refused()?;
                Ok(Err(refusal))
            }
        }
    }

    /// Looks at the grant again, and keeps the entry of the answer. Without it nothing leaves.
    fn tell(
        &mut self,
        admitted: &Admitted,
        (method, target): (&str, &str),
        status: u16,
        released: Vec<String>,
    ) -> Result<Leave, WalletError> {
        let grant = &admitted.row.grant.id;
        self.decide_with(Care::Answer, Secret::new(crypto::random()?), |doing| {
            let holds = doing.step.ledger.grants.find(grant.as_str()).is_some_and(|row| row.holds(doing.step.now));
            let told = Told { status: Some(status), ..Told::default() }.asked(method, target);
            if !holds {
                doing.told.push(entry(admitted, Action::Denied, Told { status: Some(401), ..told }));
                return Ok(Leave::MustNot);
            }
            let action = if matches!(status, 401 | 403) { Action::Denied } else { Action::Answered };
            // A count, a head and "not modified" tell something too, and so does that nothing was found.
            let path = target.split_once('?').map_or(target, |(path, _)| path);
            let says = matches!(status, 200 | 304) && path.trim_matches('/') != "metadata";
            if says {
                doing.count_use(grant)?;
            }
            doing.told.push(entry(admitted, action, Told { released, ..told }));
            Ok(Leave::May)
        })
    }
}

/// The entry of something asked under a grant.
fn entry(admitted: &Admitted, action: Action, told: Told) -> Draft {
    let resources = u32::try_from(told.released.len()).unwrap_or(u32::MAX);
    let row = &admitted.row;
    Draft {
        person: Some(row.person.clone()),
        subject: Some(row.grant.id.to_string()),
        counts: BTreeMap::from([("resources".to_owned(), resources)]),
        outcome: if action == Action::Denied { Outcome::Refused } else { Outcome::Done },
        access: Some(Box::new(Told {
            who: Some(who(&admitted.access)),
            grant: Some(row.grant.id.clone()),
            request: row.request.clone(),
            ..told
        })),
        ..Draft::done(action)
    }
}

fn who(access: &Access) -> Who {
    match (&access.app_password, &access.client) {
        (None, Some(client)) => Who::Client(client.clone()),
        _ => Who::Owner,
    }
}

/// Whether a request stays within what a token is for, when it is for less than its grant.
fn is_within(only: &[Permission], request: &Request) -> bool {
    match request.needs() {
        Ok(Needs::All(all)) => all.iter().all(|need| only.iter().any(|permission| covers(permission, need))),
        // Each entry is asked for by itself; what cannot be told the engine refuses.
        Ok(Needs::Each(_)) | Err(_) => true,
    }
}

fn covers(permission: &Permission, need: &Need) -> bool {
    let scope = match need.right {
        Right::Read => "read",
        Right::Search => "search",
    };
    let named = match permission.resource.split_once('/') {
        _ if permission.resource == "*" => true,
        Some((kind, id)) => need.resource_type.as_deref() == Some(kind) && need.id.as_deref() == Some(id),
        None => need.resource_type.as_deref() == Some(permission.resource.as_str()),
    };
    permission.at == Where::Here && named && permission.scopes.iter().any(|own| own == scope)
}

/// One text for everything that opens nothing.
fn opens_nothing() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, "what was presented opens nothing here")
}

#[cfg(test)]
mod tests;
