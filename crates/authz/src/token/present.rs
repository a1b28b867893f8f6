//! What a request brings along to be let in, and what it opens.

use std::fmt;

use crypto::b64u;
use jiff::SignedDuration;
use types::{AppPasswordId, ClientId, GrantId, Secret};

use super::known::Known;
use crate::{DpopProof, ErrorCode, OAuthError, Permission, Step, TokenKind, Where, fingerprint};

/// Wrong app passwords in a row before the right one is not looked at either.
const MAX_FAILED: u32 = 10;

/// For how long it is not.
const LOCKED: SignedDuration = SignedDuration::from_mins(5);

/// What a request brought along. Nothing of it is judged yet.
#[derive(Default)]
pub struct Presented {
    /// Every `Authorization` header, in the order sent.
    pub authorization: Vec<Secret<String>>,
    /// The `DPoP` header (RFC 9449).
    pub dpop: Option<Secret<String>>,
    /// The method of the request: `GET`.
    pub method: String,
    /// Its absolute address below the issuer (`htu` of RFC 9449); a query is not looked at.
    pub url: String,
}

impl Presented {
    /// Whether letting it in may change something: a proof is spent, a wrong password counted. Else [`Step::bearer`]
    /// says the same as [`Step::admit`].
    pub fn leaves_traces(&self) -> bool {
        let is_bearer = |one: &Secret<String>| matches!(read(one.expose()), Some(Shown::Bearer(_)));
        self.dpop.is_some() || !self.authorization.iter().all(is_bearer)
    }
}

/// What the wallet's own FHIR server may answer from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The grant whose view it is.
    pub grant: GrantId,
    /// The client that came with a token.
    pub client: Option<ClientId>,
    /// The app password that was shown.
    pub app_password: Option<AppPasswordId>,
    /// What of the grant may be answered; `None`: all of it. `Type/id`, `Type` or `*`, each with `read`, `search` or
    /// `create`: a request beyond that is refused, whatever the grant gives.
    pub only: Option<Vec<Permission>>,
}

/// One `Authorization` header, read.
enum Shown<'a> {
    Bearer(&'a str),
    Dpop(&'a str),
    Basic(&'a str),
}

impl Step<'_> {
    /// What was presented opens, at the wallet's own FHIR server: a `Bearer` or `DPoP` token, an app password
    /// (`Basic`), or one of each, which must then both be good and of one grant. Reads only: a proof is not spent and a
    /// wrong password not counted, so that doors use [`Step::admit`].
    ///
    /// # Errors
    /// `invalid_token` for whatever is not good, without saying why; `invalid_dpop_proof`, `use_dpop_nonce`;
    /// `slow_down` after too many wrong passwords.
    pub fn bearer(&self, presented: &Presented) -> Result<Access, OAuthError> {
        self.opened(presented).map(|(access, _)| access)
    }

    /// Likewise, and what may be used once is then used: a DPoP proof opens nothing again, and wrong passwords count.
    ///
    /// # Errors
    /// As [`Step::bearer`].
    pub fn admit(&mut self, presented: &Presented) -> Result<Access, OAuthError> {
        let opened = self.opened(presented);
        self.count_passwords(presented);
        let (access, proof) = opened?;
        proof.as_ref().map_or(Ok(()), |proof| self.spend_proof(proof))?;
        Ok(access)
    }

    /// Whose protection token this is, and of which grant (UMA 2.0 Federated Authorization §1.3).
    ///
    /// # Errors
    /// `invalid_token`, `invalid_dpop_proof`, `use_dpop_nonce`.
    pub(crate) fn protection(&mut self, presented: &Presented) -> Result<(GrantId, ClientId), OAuthError> {
        let [header] = presented.authorization.as_slice() else { return Err(no()) };
        let shown = read(header.expose()).ok_or_else(no)?;
        let (known, proof) = self.token_for(&shown, presented, TokenKind::Protection)?;
        proof.as_ref().map_or(Ok(()), |proof| self.spend_proof(proof))?;
        Ok((known.grant, known.client))
    }

    fn opened(&self, presented: &Presented) -> Result<(Access, Option<DpopProof>), OAuthError> {
        let shown: Option<Vec<Shown<'_>>> = presented.authorization.iter().map(|one| read(one.expose())).collect();
        match shown.ok_or_else(no)?.as_slice() {
            [Shown::Basic(password)] => Ok((self.app_password(password)?, None)),
            [token] => self.by_token(token, presented),
            [Shown::Basic(password), token @ (Shown::Bearer(_) | Shown::Dpop(_))]
            | [token @ (Shown::Bearer(_) | Shown::Dpop(_)), Shown::Basic(password)] => {
                let own = self.app_password(password)?;
                let (access, proof) = self.by_token(token, presented)?;
                if own.grant == access.grant {
                    Ok((Access { app_password: own.app_password, ..access }, proof))
                } else {
                    Err(no())
                }
            }
            _ => Err(no()),
        }
    }

    fn by_token(&self, shown: &Shown<'_>, presented: &Presented) -> Result<(Access, Option<DpopProof>), OAuthError> {
        let (known, proof) = self.token_for(shown, presented, TokenKind::Access)?;
        let access = Access { grant: known.grant, client: Some(known.client), app_password: None, only: known.only };
        Ok((access, proof))
    }

    /// A bound token needs its proof, and a proof needs a bound token (RFC 9449 §7.1, §7.2): nothing is downgraded.
    fn token_for(
        &self,
        shown: &Shown<'_>,
        presented: &Presented,
        kind: TokenKind,
    ) -> Result<(Known, Option<DpopProof>), OAuthError> {
        let token = match shown {
            Shown::Bearer(token) | Shown::Dpop(token) => *token,
            Shown::Basic(_) => return Err(no()),
        };
        let known = self.known(token).filter(|known| known.kind == kind && known.at == Where::Here).ok_or_else(no)?;
        let proof = match (shown, &known.jkt) {
            (Shown::Bearer(_), None) => None,
            (Shown::Dpop(_), Some(jkt)) => {
                let proof = presented.dpop.as_ref().ok_or_else(no)?.expose();
                let proof = self.proof_for(proof, &presented.method, &presented.url, Some(token))?;
                Some(Some(proof).filter(|proof| proof.jkt() == jkt).ok_or_else(no)?)
            }
            _ => return Err(no()),
        };
        Ok((known, proof))
    }

    fn app_password(&self, basic: &str) -> Result<Access, OAuthError> {
        let (id, password) = user_and_password(basic).ok_or_else(no)?;
        let row = self.ledger.app_passwords.find(&id).ok_or_else(no)?;
        if row.failed >= MAX_FAILED && row.failed_at.is_some_and(|at| self.now.duration_since(at) < LOCKED) {
            return Err(OAuthError::new(ErrorCode::SlowDown, "too many wrong passwords"));
        }
        let right = crypto::constant_time_eq(row.hash.as_bytes(), fingerprint(password.expose()).as_bytes());
        let grant = self.holding(&row.grant).filter(|_| right).ok_or_else(no)?;
        Ok(Access { grant: grant.grant.id.clone(), client: None, app_password: Some(row.id.clone()), only: None })
    }

    /// Counts wrong passwords, and forgets them after a right one.
    fn count_passwords(&mut self, presented: &Presented) {
        let now = self.now;
        for header in &presented.authorization {
            let Some(Shown::Basic(basic)) = read(header.expose()) else { continue };
            let Some((id, password)) = user_and_password(basic) else { continue };
            let Some(row) = self.ledger.app_passwords.find(&id) else { continue };
            let locked = row.failed >= MAX_FAILED && row.failed_at.is_some_and(|at| now.duration_since(at) < LOCKED);
            let right = crypto::constant_time_eq(row.hash.as_bytes(), fingerprint(password.expose()).as_bytes());
            if locked || (right && row.failed == 0) {
                continue;
            }
            self.ledger.app_passwords.change(&id, |row| {
                row.failed = if right { 0 } else { row.failed.saturating_add(1) };
                row.failed_at = (!right).then_some(now);
            });
        }
    }
}

/// Reads a header: a scheme in any case, one space or more, and one value (RFC 9110 §11.4).
fn read(header: &str) -> Option<Shown<'_>> {
    let (scheme, value) = header.trim().split_once(' ')?;
    let value = value.trim_start();
    if value.is_empty() || value.contains(|c: char| !c.is_ascii_graphic()) {
        return None;
    }
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(Shown::Bearer(value)),
        "dpop" => Some(Shown::Dpop(value)),
        "basic" => Some(Shown::Basic(value)),
        _ => None,
    }
}

/// User and password (RFC 7617 §2): standard base64 of both with a colon between.
fn user_and_password(basic: &str) -> Option<(String, Secret<String>)> {
    let swapped: String = basic
        .trim_end_matches('=')
        .chars()
        .map(|c| {
            if c == '+' {
                '-'
            } else if c == '/' {
                '_'
            } else {
                c
            }
        })
        .collect();
    let text = Secret::new(String::from_utf8(b64u::decode(swapped).ok()?).ok()?);
    let (user, password) = text.expose().split_once(':')?;
    Some((user.to_owned(), Secret::new(password.to_owned())))
}

/// One text for everything that opens nothing.
fn no() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, "what was presented opens nothing here")
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented").field("method", &self.method).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
