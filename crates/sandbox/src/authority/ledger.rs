use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use crate::people::System;
use crate::scope::Scopes;

/// What was approved.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) client: String,
    pub(super) username: String,
    /// Resource that stands for the one who signed in: `Patient/…`, or a name for a relative.
    pub(super) fhir_user: String,
    pub(super) system: System,
    pub(super) patient: String,
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
    pub(super) ended: bool,
}

/// A code on its way to the client.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) grant: u64,
    pub(super) redirect: String,
    pub(super) challenge: String,
    pub(super) expires: Timestamp,
    pub(super) used: bool,
}

#[derive(Debug, Clone)]
struct Access {
    grant: u64,
    scopes: Scopes,
    expires: Timestamp,
}

#[derive(Debug, Clone)]
struct Refresh {
    grant: u64,
    used: bool,
}

/// Codes, tokens and what they stand for; kept by hash, so that the ledger itself opens nothing.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    grants: HashMap<u64, Grant>,
    codes: HashMap<[u8; 32], Code>,
    access: HashMap<[u8; 32], Access>,
    refresh: HashMap<[u8; 32], Refresh>,
    assertions: HashSet<String>,
    last: u64,
}

/// What became of a refresh token that was shown.
#[derive(Debug)]
pub(super) enum Redeemed {
    Good(u64, Grant),
    Refused,
}

fn hash(token: &str) -> [u8; 32] {
    crypto::sha256(token.as_bytes())
}

impl Ledger {
    pub(super) fn open(&mut self, grant: Grant) -> u64 {
        self.last += 1;
        self.grants.insert(self.last, grant);
        self.last
    }

    pub(super) fn put_code(&mut self, text: &str, code: Code) {
        self.codes.insert(hash(text), code);
    }

    /// The code if it may be redeemed now. One shown twice ends what it opened (RFC 6749, section 4.1.2).
    pub(super) fn take_code(&mut self, text: &str, now: Timestamp) -> Option<(Code, Grant)> {
        let code = self.codes.get_mut(&hash(text))?;
        let (again, grant) = (code.used, code.grant);
        code.used = true;
        let code = code.clone();
        if again {
            self.end(grant);
            return None;
        }
        let grant = self.grants.get(&grant).filter(|grant| !grant.ended).cloned()?;
        (code.expires > now).then_some((code, grant))
    }

    pub(super) fn put_access(&mut self, token: &str, grant: u64, scopes: Scopes, expires: Timestamp) {
        self.access.retain(|_, access| access.expires > expires - SignedDuration::from_hours(24));
        self.access.insert(hash(token), Access { grant, scopes, expires });
    }

    pub(super) fn put_refresh(&mut self, token: &str, grant: u64) {
        self.refresh.insert(hash(token), Refresh { grant, used: false });
    }

    /// Uses a refresh token up. One used twice ends the whole grant, since one of the two holders is not the client
    /// (RFC 9700, section 4.14.2).
    pub(super) fn redeem_refresh(&mut self, token: &str, client: &str) -> Redeemed {
        let Some(refresh) = self.refresh.get_mut(&hash(token)) else { return Redeemed::Refused };
        let number = refresh.grant;
        if refresh.used {
            self.end(number);
            return Redeemed::Refused;
        }
        match self.grants.get(&number).filter(|grant| !grant.ended && grant.client == client) {
            Some(grant) => {
                refresh.used = true;
                Redeemed::Good(number, grant.clone())
            }
            None => Redeemed::Refused,
        }
    }

    /// What a good access token stands for: scopes, end, grant.
    pub(super) fn access(&self, token: &str, now: Timestamp) -> Option<(Scopes, Timestamp, Grant)> {
        let access = self.access.get(&hash(token)).filter(|access| access.expires > now)?;
        let grant = self.grants.get(&access.grant).filter(|grant| !grant.ended)?;
        Some((access.scopes.clone(), access.expires, grant.clone()))
    }

    /// Ends what a token belongs to, if it is this client's (RFC 7009): a refresh token ends the grant, an access token
    /// itself alone.
    pub(super) fn revoke(&mut self, token: &str, client: &str) {
        let own =
            |grants: &HashMap<u64, Grant>, number: u64| grants.get(&number).is_some_and(|grant| grant.client == client);
        if let Some(number) = self.refresh.get(&hash(token)).map(|refresh| refresh.grant)
            && own(&self.grants, number)
        {
            self.end(number);
        }
        if let Some(number) = self.access.get(&hash(token)).map(|access| access.grant)
            && own(&self.grants, number)
        {
            self.access.remove(&hash(token));
        }
    }

    /// Whether an assertion id is new; remembers it.
    pub(super) fn first_sight(&mut self, id: &str) -> bool {
        self.assertions.insert(id.to_owned())
    }

    fn end(&mut self, number: u64) {
        if let Some(grant) = self.grants.get_mut(&number) {
            grant.ended = true;
        }
        self.access.retain(|_, access| access.grant != number);
    }
}
