//! The token endpoint (RFC 6749 §3.2).

use crate::{Client, ClientKind, DpopProof, ErrorCode, Form, Issued, OAuthError, Step, Stop, UMA_TICKET};

impl Step<'_> {
    /// Answers a request to the token endpoint. `basic` is user and password of HTTP Basic, `dpop` the proof that came
    /// along, checked by [`Step::dpop`]; it is spent here.
    ///
    /// # Errors
    /// `invalid_client`, `unsupported_grant_type`, `unauthorized_client`, `invalid_dpop_proof`, and those of the grant
    /// type; [`Stop::Bring`], after which the same request is answered as if it had not been made before.
    pub fn token(&mut self, form: &Form, basic: Option<(&str, &str)>, dpop: Option<DpopProof>) -> Result<Issued, Stop> {
        let answer = self.dispatched(form, basic, dpop);
        self.settled(answer)
    }

    fn dispatched(
        &mut self,
        form: &Form,
        basic: Option<(&str, &str)>,
        dpop: Option<DpopProof>,
    ) -> Result<Issued, Stop> {
        let grant_type = form.need("grant_type")?;
        if !self.setting.grant_types().contains(&grant_type) {
            return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, "the grant type is not supported").into());
        }
        let client = self.authenticate(form, basic)?;
        if !may_use(&client, grant_type) {
            let why = "the client did not register this grant type";
            return Err(OAuthError::new(ErrorCode::UnauthorizedClient, why).into());
        }
        if client.dpop_bound && dpop.is_none() {
            let why = "the client registered that it proves its key, and did not";
            return Err(OAuthError::new(ErrorCode::InvalidDpopProof, why).into());
        }
        dpop.as_ref().map_or(Ok(()), |proof| self.spend_proof(proof))?;
        let jkt = dpop.as_ref().map(DpopProof::jkt);
        match grant_type {
            "client_credentials" if client.kind == ClientKind::ResourceServer => {
                self.protection_token(&client, form, jkt)
            }
            "client_credentials" => self.backend(&client, form, jkt),
            "authorization_code" => self.redeem(&client, form, jkt),
            "refresh_token" => self.refresh(&client, form, jkt),
            UMA_TICKET => self.uma(&client, form, jkt),
            _ => Err(OAuthError::new(ErrorCode::UnsupportedGrantType, "the grant type is not supported").into()),
        }
    }
}

/// A refresh token is what a client gets that may have one: it needs no registration of its own.
fn may_use(client: &Client, grant_type: &str) -> bool {
    grant_type == "refresh_token" || client.grant_types.iter().any(|own| own == grant_type)
}

#[cfg(test)]
mod tests;
