use consent::Grant;
use types::{ClientId, ContactId, GrantId};

use super::{DecideError, within};
use crate::{Approved, Ended, Pct, Request, RequestState, Row, Step, Ticket, Token, TokenKind, WhyEnded, proof_text};

impl Step<'_> {
    /// Ends a grant, for ever, and takes with it all that came of it: codes, tokens, tickets, app passwords, and what
    /// its client was remembered to have proven. Ending it again changes nothing, the reason included.
    ///
    /// # Errors
    /// [`DecideError::NoGrant`].
    pub fn end(&mut self, grant: &GrantId, why: WhyEnded) -> Result<(), DecideError> {
        let found = self.ledger.grants.find(grant.as_str()).ok_or(DecideError::NoGrant)?;
        if found.ended.is_some() {
            return Ok(());
        }
        let found = found.clone();
        let ended = Ended { at: self.now, why };
        self.ledger.grants.change(grant.as_str(), |row| row.ended = Some(ended));
        self.take_back(&found, why);
        Ok(())
    }

    /// Puts a narrower grant in the place of one that holds. The old one ends as replaced; what its client can refresh
    /// goes on, as the narrower one. It counts its uses anew.
    ///
    /// # Errors
    /// [`DecideError::Ended`] when the old one does not hold, [`DecideError::Wider`] when the new one gives anything
    /// that the old one does not, [`DecideError::Grant`] when it can never hold. Then nothing is changed.
    pub fn narrow(&mut self, grant: &GrantId, to: Grant) -> Result<GrantId, DecideError> {
        let old = self.ledger.grants.find(grant.as_str()).ok_or(DecideError::NoGrant)?;
        if !old.holds(self.now) {
            return Err(DecideError::Ended);
        }
        let old = old.clone();
        let left = old.grant.term.uses.map(|uses| uses.saturating_sub(old.uses));
        let decided = super::Decided {
            grant: to,
            person: old.person.clone(),
            patient: old.patient.clone(),
            format: old.format,
            scope: old.scope.clone(),
            contact: None,
            permissions: old.permissions.clone(),
        };
        self.stands(&decided)?;
        if !within::narrows(&decided.grant, &old.grant, left) {
            return Err(DecideError::Wider);
        }
        let new = self.put(decided, old.client.clone(), old.request.clone());
        self.ledger.grants.change(new.as_str(), |row| row.contact.clone_from(&old.contact));
        self.hand_on(&old, &new);
        self.end(grant, WhyEnded::Replaced)?;
        Ok(new)
    }

    /// Ends the grants whose time is over or that were used as often as they may be; which they were. So that they stay
    /// ended when the clock is set back.
    pub fn end_of_time(&mut self) -> Vec<GrantId> {
        let over = |row: &&Approved| row.ended.is_none() && why_over(row, self.now).is_some();
        let over: Vec<(GrantId, WhyEnded)> = self
            .ledger
            .grants
            .iter()
            .filter(over)
            .filter_map(|row| Some((row.grant.id.clone(), why_over(row, self.now)?)))
            .collect();
        over.into_iter().filter(|(id, why)| self.end(id, *why).is_ok()).map(|(id, _)| id).collect()
    }

    /// Counts one answer with data, before it leaves. The last one that a grant allows ends it.
    ///
    /// # Errors
    /// [`DecideError::Ended`] when the grant does not hold: then the answer must not leave.
    pub fn count_use(&mut self, grant: &GrantId) -> Result<(), DecideError> {
        let found = self.ledger.grants.find(grant.as_str()).ok_or(DecideError::NoGrant)?;
        if !found.holds(self.now) {
            return Err(DecideError::Ended);
        }
        self.ledger.grants.change(grant.as_str(), |row| row.uses = row.uses.saturating_add(1));
        let spent = self.ledger.grants.find(grant.as_str()).and_then(|row| why_over(row, self.now));
        match spent {
            Some(why) => self.end(grant, why),
            None => Ok(()),
        }
    }

    /// Takes in uses that stood in the trail alone: `uses` more, up to the entry of this number. A grant that may be used
    /// so many times counts each by itself ([`Step::count_use`]).
    pub fn take_uses(&mut self, grant: &GrantId, uses: u32, counted: u64) {
        self.ledger.grants.change(grant.as_str(), |row| {
            row.uses = row.uses.saturating_add(uses);
            row.counted = Some(counted);
        });
    }

    /// The owner does not want to hear of a client again: what it asks and asked is refused. Grants it has are ended one
    /// by one, by [`Step::end`].
    ///
    /// # Errors
    /// [`DecideError::Client`] when there is none.
    pub fn block_client(&mut self, client: &ClientId) -> Result<(), DecideError> {
        let at = self.now;
        let blocked = self.ledger.clients.change(client.as_str(), |row| row.blocked = row.blocked.or(Some(at)));
        if !blocked {
            return Err(DecideError::Client);
        }
        self.refuse_waiting(|request| request.client == *client);
        Ok(())
    }

    /// The owner does not want to hear of somebody again, whichever client they use.
    ///
    /// # Errors
    /// [`DecideError::Contact`] when there is none.
    pub fn block_contact(&mut self, contact: &ContactId) -> Result<(), DecideError> {
        let at = self.now;
        let blocked = self.ledger.contacts.change(contact.as_str(), |row| row.blocked = row.blocked.or(Some(at)));
        let proofs = self.ledger.contacts.find(contact.as_str()).map(|row| row.proofs.clone()).unwrap_or_default();
        if !blocked {
            return Err(DecideError::Contact);
        }
        self.refuse_waiting(|request| request.claims.iter().any(|claim| proofs.contains(&claim.proof)));
        Ok(())
    }

    /// A code or refresh token of a grant was used twice: somebody has a copy. Nothing of it is good any more, signed
    /// tokens included, and the owner sees why.
    pub(crate) fn end_by_reuse(&mut self, grant: &GrantId, family: &str) {
        self.revoke_family(family);
        // A grant that is gone has nothing left to end.
        let _gone = self.end(grant, WhyEnded::Reuse);
    }

    fn refuse_waiting(&mut self, meant: impl Fn(&Request) -> bool) {
        let waiting = self.ledger.requests.iter().filter(|row| row.state == RequestState::Asked && meant(row));
        let waiting: Vec<String> = waiting.map(|row| row.id.to_string()).collect();
        let at = self.now;
        for id in waiting {
            self.ledger.requests.change(&id, |row| row.state = RequestState::Refused { at });
        }
    }

    fn take_back(&mut self, ended: &Approved, why: WhyEnded) {
        let grant = &ended.grant.id;
        let ledger = &mut *self.ledger;
        let proof = proof_text(&ended.grant.who.proof);
        let is_its = |client: &ClientId| ended.client.as_ref().is_none_or(|own| own == client);
        let codes = keys(ledger.codes.iter().filter(|row| row.grant == *grant));
        let tokens = keys(ledger.tokens.iter().filter(|row| row.grant.as_ref() == Some(grant)));
        let passwords = keys(ledger.app_passwords.iter().filter(|row| row.grant == *grant));
        // What waits at the same request waits for the grant in its place.
        let goes = why != WhyEnded::Replaced;
        let asked = |row: &&Ticket| goes && row.request.is_some() && row.request == ended.request;
        let proven = |row: &&Pct| goes && is_its(&row.client) && row.claims.iter().any(|claim| claim.proof == proof);
        let tickets = keys(ledger.tickets.iter().filter(asked));
        let pcts = keys(ledger.pcts.iter().filter(proven));
        codes.iter().for_each(|key| drop(ledger.codes.remove(key)));
        tokens.iter().for_each(|key| drop(ledger.tokens.remove(key)));
        passwords.iter().for_each(|key| drop(ledger.app_passwords.remove(key)));
        tickets.iter().for_each(|key| drop(ledger.tickets.remove(key)));
        pcts.iter().for_each(|key| drop(ledger.pcts.remove(key)));
    }

    /// What buys the next token buys it of the new grant; tokens that say what the old one gave are left to end with it.
    pub(crate) fn hand_on(&mut self, old: &Approved, new: &GrantId) {
        let grant = &old.grant.id;
        let ledger = &mut *self.ledger;
        let refreshing = |row: &&Token| row.grant.as_ref() == Some(grant) && row.kind == TokenKind::Refresh;
        for key in keys(ledger.tokens.iter().filter(refreshing)) {
            ledger.tokens.change(&key, |row| row.grant = Some(new.clone()));
        }
        for key in keys(ledger.codes.iter().filter(|row| row.grant == *grant)) {
            ledger.codes.change(&key, |row| row.grant = new.clone());
        }
        for key in keys(ledger.app_passwords.iter().filter(|row| row.grant == *grant)) {
            ledger.app_passwords.change(&key, |row| row.grant = new.clone());
        }
        if let Some(request) = &old.request {
            ledger.requests.change(request.as_str(), |row| {
                if let RequestState::Approved { grant, .. } = &mut row.state {
                    *grant = new.clone();
                }
            });
        }
    }
}

fn why_over(row: &Approved, now: jiff::Timestamp) -> Option<WhyEnded> {
    if row.grant.term.end.is_some_and(|end| end <= now) {
        return Some(WhyEnded::Time);
    }
    row.grant.term.uses.is_some_and(|uses| uses <= row.uses).then_some(WhyEnded::Uses)
}

fn keys<'a, T: Row + 'a>(rows: impl Iterator<Item = &'a T>) -> Vec<String> {
    rows.map(Row::key).collect()
}
