use crypto::b64u;

use crate::{
    Answered, Approved, Client, Code, ErrorCode, Form, Issued, Mint, OAuthError, Refresh, Step, Stop, Where,
    fingerprint,
};

impl Step<'_> {
    /// A code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6), once. A code that comes a second time, or from a client or
    /// with a verifier that is not its own, is in wrong hands: it is spent, and what it gave ends.
    ///
    /// # Errors
    /// `invalid_grant`; `invalid_request` for a missing parameter; what [`Step::mint`] says.
    pub(crate) fn redeem(&mut self, client: &Client, form: &Form, jkt: Option<&str>) -> Result<Issued, Stop> {
        let (presented, redirect_uri, verifier) =
            (form.need("code")?, form.need("redirect_uri")?, form.need("code_verifier")?);
        self.setting.is_meant(form, &Where::Here)?;
        let code = self.ledger.codes.find(&fingerprint(presented)).cloned().ok_or_else(refused)?;
        if code.used.is_some() {
            self.end_by_reuse(&code.grant, &code.hash);
            return Err(refused().into());
        }
        let at = self.now;
        self.ledger.codes.change(&code.hash, |row| row.used = Some(at));
        let request = self.ledger.requests.find(code.request.as_str()).ok_or_else(refused)?;
        let Answered::Redirect { redirect_uri: asked_for, challenge, nonce, jkt: bound, .. } = &request.answered else {
            return Err(refused().into());
        };
        let is_its = code.client == client.id
            && request.client == client.id
            && at < code.until
            && asked_for == redirect_uri
            && is_verified(verifier, challenge)
            && bound.as_deref().is_none_or(|bound| jkt == Some(bound));
        let nonce = nonce.clone();
        let approved = self.ledger.grants.find(code.grant.as_str()).filter(|row| row.holds(at)).cloned();
        let approved = approved.filter(|_| is_its).ok_or_else(refused)?;
        let mut issued = self.mint(&of_code(&code, client, &approved, jkt))?;
        if has(&approved, "openid") {
            let id_token = self.sign_id_token(client, &approved, nonce.as_deref())?;
            issued.members.insert("id_token".to_owned(), id_token.into());
        }
        Ok(issued)
    }
}

/// Whether a word is among the scopes that were approved beside those for resources.
pub(super) fn has(approved: &Approved, word: &str) -> bool {
    approved.scope.split(' ').any(|own| own == word)
}

fn of_code<'a>(code: &'a Code, client: &'a Client, approved: &Approved, jkt: Option<&'a str>) -> Mint<'a> {
    let refreshed = has(approved, "offline_access") || has(approved, "online_access");
    Mint {
        grant: &code.grant,
        client: &client.id,
        at: Where::Here,
        family: &code.hash,
        jkt,
        only: None,
        refresh: if refreshed { Refresh::With } else { Refresh::Without },
    }
}

/// RFC 7636 §4.6, of a verifier in form (§4.1).
fn is_verified(verifier: &str, challenge: &str) -> bool {
    let formed = (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    let made = b64u::encode(&crypto::sha256(verifier.as_bytes()));
    formed && crypto::constant_time_eq(made.as_bytes(), challenge.as_bytes())
}

fn refused() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, "the code is not good")
}
