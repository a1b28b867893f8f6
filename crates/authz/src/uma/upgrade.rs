//! A token with what the one before held, and more (UMA 2.0 Grant §3.3.5.1).
//!
//! Two grants become one only where that says nothing that the owner did not approve in one of them: for the same client,
//! party and person, in the same manner. It ends when the first of both would. Otherwise the new token stands alone, and
//! the client keeps both.

use consent::{Choice, Decision, Grant, Mode, Term};
use types::GrantId;

use crate::token::TokenId;
use crate::{Approved, Client, DecideError, Permission, Step, Ticket, TokenKind, Upgrade, WhyEnded};

impl Step<'_> {
    /// The token that the client wants to have more with, when it is one of its own (§3.3.1, `rpt`). A foreign, unknown
    /// or ended one counts for nothing.
    pub(super) fn to_upgrade(&self, client: &Client, rpt: &str) -> Option<Upgrade> {
        let known = self.known(rpt).filter(|known| known.kind == TokenKind::Access && known.client == client.id)?;
        let (hash, jti) = match known.id {
            TokenId::Kept { hash, .. } => (Some(hash), None),
            TokenId::Signed(jti) => (None, Some(jti)),
        };
        Some(Upgrade { grant: known.grant, only: known.only?, hash, jti })
    }

    /// Of which grant the token will be, what of it, and whether that holds what the token before held.
    pub(super) fn upgraded(
        &mut self,
        client: &Client,
        ticket: &Ticket,
        grant: &GrantId,
    ) -> (GrantId, Vec<Permission>, bool) {
        let alone = (grant.clone(), ticket.permissions.clone(), false);
        let Some(before) = &ticket.upgrades else { return alone };
        let (Some(old), Some(new)) = (self.holding(&before.grant), self.holding(grant)) else { return alone };
        let at = |all: &[Permission]| all.first().map(|one| one.at.clone());
        if at(&before.only) != at(&ticket.permissions) {
            return alone;
        }
        let only = union(&ticket.permissions, &before.only);
        let id = if old.grant.id == new.grant.id {
            grant.clone()
        } else {
            let Some(both) = merged(old, new, client) else { return alone };
            match self.replace_both(old.clone(), new.clone(), both) {
                Ok(id) => id,
                Err(_) => return alone,
            }
        };
        // §3.3.5.1: the token before is revoked.
        before.hash.as_ref().map(|hash| self.ledger.tokens.remove(hash));
        if let Some(jti) = &before.jti {
            self.revoke_one(&TokenId::Signed(jti.clone()));
        }
        (id, only, true)
    }

    /// Puts one grant in the place of two. What was bought of them and can be refreshed goes on, as it was limited.
    fn replace_both(&mut self, old: Approved, new: Approved, both: Approved) -> Result<GrantId, DecideError> {
        let id = GrantId::from_random(self.draw.id());
        let grant = Grant { id: id.clone(), ..both.grant };
        self.ledger.grants.put(Approved { grant, approved: self.now, ..both });
        for replaced in [&old, &new] {
            self.hand_on(replaced, &id);
            self.end(&replaced.grant.id, WhyEnded::Replaced)?;
        }
        Ok(id)
    }
}

/// All of both, each resource once.
fn union(one: &[Permission], other: &[Permission]) -> Vec<Permission> {
    let mut all = one.to_vec();
    for more in other {
        match all.iter_mut().find(|it| it.at == more.at && it.resource == more.resource) {
            Some(same) => more.scopes.iter().for_each(|scope| {
                if !same.scopes.contains(scope) {
                    same.scopes.push(scope.clone());
                }
            }),
            None => all.push(more.clone()),
        }
    }
    all
}

/// One grant in the place of both; `None` where they cannot be one.
pub(super) fn merged(old: &Approved, new: &Approved, client: &Client) -> Option<Approved> {
    let alike = old.client.as_ref() == Some(&client.id)
        && new.client == old.client
        && new.person == old.person
        && new.patient == old.patient
        && new.contact == old.contact
        && new.scope == old.scope
        && new.format == old.format
        && new.grant.who.proof == old.grant.who.proof
        && new.grant.deidentified == old.grant.deidentified
        && new.grant.purposes == old.grant.purposes;
    // Uses are counted for each: two counts do not make one.
    if !alike || old.grant.term.uses.is_some() || new.grant.term.uses.is_some() {
        return None;
    }
    let term = Term {
        start: old.grant.term.start.max(new.grant.term.start),
        end: [old.grant.term.end, new.grant.term.end].into_iter().flatten().min(),
        uses: None,
    };
    let mut grant: Grant = new.grant.clone();
    append(&mut grant.what.permits, &old.grant.what.permits);
    // Exclusions of either hold for all of it: doubt denies.
    append(&mut grant.what.exclusions, &old.grant.what.exclusions);
    append(&mut grant.words, &old.grant.words);
    grant.mode = stricter(old.grant.mode, new.grant.mode);
    grant.decisions = decisions(&old.grant.decisions, &new.grant.decisions);
    grant.term = term;
    Some(Approved {
        grant,
        permissions: union(&new.permissions, &old.permissions),
        uses: old.uses.saturating_add(new.uses),
        request: new.request.clone(),
        ..new.clone()
    })
}

fn append<T: PartialEq + Clone>(to: &mut Vec<T>, from: &[T]) {
    for one in from {
        if !to.contains(one) {
            to.push(one.clone());
        }
    }
}

fn stricter(one: Mode, other: Mode) -> Mode {
    match (one, other) {
        (Mode::Strict, _) | (_, Mode::Strict) => Mode::Strict,
        (Mode::Usual, _) | (_, Mode::Usual) => Mode::Usual,
        (Mode::Loose, Mode::Loose) => Mode::Loose,
    }
}

/// What was taken out of either stays out; what was kept stays where both kept it.
fn decisions(old: &[Decision], new: &[Decision]) -> Vec<Decision> {
    let both = old.iter().chain(new);
    let mut all = Vec::new();
    for one in both.filter(|one| one.choice != Choice::Keep || (old.contains(one) && new.contains(one))) {
        append(&mut all, std::slice::from_ref(one));
    }
    all
}
