//! Backend services: `client_credentials` with a signed assertion (SMART App Launch 2.2, "Backend Services").

use consent::{Interaction, Need, Permit, Rights};
use jiff::SignedDuration;
use types::GrantId;

use crate::request::Ask;
use crate::{
    Answered, Asked, Client, ClientKeys, ClientKind, Door, ErrorCode, Form, Issued, Mint, OAuthError, Reading, Refresh,
    Request, RequestState, Step, Stop, Where, WhyEnded,
};

/// For how long the owner's no stands before the same is put to them again.
const NO_STANDS: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Step<'_> {
    /// A token for a client that acts for itself: of what the owner approved for it, however much it asks. Until then
    /// the client is not authorized, and what it asks waits for the owner, once.
    ///
    /// # Errors
    /// `unauthorized_client` without approval; `invalid_scope` for what cannot be asked so; `slow_down`.
    pub fn backend(&mut self, client: &Client, form: &Form, jkt: Option<&str>) -> Result<Issued, Stop> {
        let with_key = matches!(client.keys, Some(ClientKeys::Inline(_) | ClientKeys::At(_)));
        if client.kind != ClientKind::Backend || !with_key || self.setting.through(Door::Backend).is_err() {
            return Err(unauthorized().into());
        }
        let own = self.setting.fhir();
        if form.all("resource").any(|resource| resource != own) {
            return Err(OAuthError::new(ErrorCode::InvalidTarget, "the resource is not at this server").into());
        }
        let asked = Asked { scope: form.need("scope")?.to_owned(), details: details(form)?, permissions: Vec::new() };
        let reading = Reading::of(Door::Backend, &asked).map_err(|why| why.refusal())?;
        let Some(grant) = self.approved_for(client, &reading) else {
            return Err(self.put_before_owner(client, Door::Backend, asked).into());
        };
        Ok(self.mint_for_itself(client, &grant, jkt)?)
    }

    /// A token for a client that acts for itself: of a family of its own, and with nothing to renew it by, since its key
    /// is asked for each time.
    pub(crate) fn mint_for_itself(
        &mut self,
        client: &Client,
        grant: &GrantId,
        jkt: Option<&str>,
    ) -> Result<Issued, OAuthError> {
        let family = self.draw.text();
        let order = Mint {
            grant,
            client: &client.id,
            at: Where::Here,
            family: family.expose(),
            jkt,
            only: None,
            refresh: Refresh::Without,
        };
        self.mint(&order)
    }

    /// The latest grant of this client that gives some of what is asked.
    fn approved_for(&self, client: &Client, reading: &Reading) -> Option<GrantId> {
        let own = self.ledger.grants.iter().filter(|row| row.client.as_ref() == Some(&client.id));
        let fitting = own.filter(|row| row.holds(self.now)).filter(|row| {
            let rights = Rights::of(&row.grant.what);
            reading.what.permits.iter().any(|permit| gives_some(&rights, permit))
        });
        fitting.max_by_key(|row| row.approved).map(|row| row.grant.id.clone())
    }

    /// Puts what a program asks before the owner, once: the owner's no stands for a while. The refusal to answer with.
    pub(crate) fn put_before_owner(&mut self, client: &Client, door: Door, asked: Asked) -> OAuthError {
        if self.was_decided(client, door, &asked) {
            return unauthorized();
        }
        let ask = Ask { door, claims: Vec::new(), asked, answered: Answered::Asking };
        match self.ask(client, ask) {
            Err(refusal) if refusal.code == ErrorCode::SlowDown => refusal,
            Ok(id) => {
                let request = self.ledger.requests.find(id.as_str());
                unauthorized().with_message(request.and_then(|request| request.message(self.now)))
            }
            // Whether the owner heard of it, or does not want to, looks the same until they say something.
            Err(_) => unauthorized(),
        }
    }

    /// Whether the owner said no to this a while ago, or ended what they had approved.
    fn was_decided(&self, client: &Client, door: Door, asked: &Asked) -> bool {
        let like = |row: &&Request| row.client == client.id && row.door == door && row.asked == *asked;
        let no = |row: &Request| match &row.state {
            RequestState::Refused { at } => Some(*at),
            RequestState::Approved { grant, .. } => {
                let ended = self.ledger.grants.find(grant.as_str()).and_then(|row| row.ended);
                ended.filter(|ended| ended.why == WhyEnded::Owner).map(|ended| ended.at)
            }
            RequestState::Asked | RequestState::Withdrawn { .. } => None,
        };
        let mut nos = self.ledger.requests.iter().filter(like).filter_map(no);
        nos.any(|at| self.now.duration_since(at) < NO_STANDS)
    }
}

fn gives_some(rights: &Rights, permit: &Permit) -> bool {
    let types = &permit.select.types;
    let named = types.iter().map(|name| Some(&**name)).chain(types.is_empty().then_some(None));
    let asked = [
        (permit.actions.read, Interaction::Read),
        (permit.actions.search, Interaction::Search),
        (permit.actions.create, Interaction::Create),
    ];
    let asked: Vec<Interaction> = asked.into_iter().filter(|(is, _)| *is).map(|(_, interaction)| interaction).collect();
    // Who asks for every type is served with those that were approved.
    (types.is_empty() && !rights.is_empty())
        || named.into_iter().any(|resource_type| {
            asked.iter().any(|interaction| rights.allows(Need { interaction: *interaction, resource_type }))
        })
}

/// `authorization_details` of the form, as JSON.
fn details(form: &Form) -> Result<Option<serde_json::Value>, OAuthError> {
    let wrong = |_| OAuthError::new(ErrorCode::InvalidAuthorizationDetails, "the authorization details do not read");
    form.find("authorization_details").map(|text| serde_json::from_str(text).map_err(wrong)).transpose()
}

fn unauthorized() -> OAuthError {
    OAuthError::new(ErrorCode::UnauthorizedClient, "the owner has not approved this for the client")
}

#[cfg(test)]
mod tests;
