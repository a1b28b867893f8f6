//! What others want to have in a record: looked at, taken in, thrown away.

use audit::{Access as Told, Action, Draft, Who};
use fhir::Resource;
use serde_json::{Value, json};
use types::{ConnectionId, OfferId, PullId};
use vault::{Connected, OfferRow, VaultError};

use crate::authority::Doing;
use crate::draft::draft;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::records::facts;
use crate::views::OfferView;
use crate::{Wallet, now};

/// The one kind of what comes through the inbox.
const KIND: &str = "Inbox";

impl Wallet {
    /// What waits for the person shown, oldest first.
    pub async fn inbox(&self) -> Result<Vec<OfferView>, WalletError> {
        self.with(Open::inbox).await
    }

    /// Takes a resource into the record, from a source that bears the name of who sent it. An acceptance that was cut
    /// short can be repeated.
    pub async fn accept_offer(&self, id: &str) -> Result<Vec<OfferView>, WalletError> {
        let id: OfferId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            let offer = open.vault.offer(&open.current, &id)?;
            open.take_in(&offer)?;
            open.decide(|doing| end(doing, &offer, Action::OfferAccepted))?;
            open.inbox()
        })
        .await
    }

    /// Throws a resource away.
    pub async fn discard_offer(&self, id: &str) -> Result<Vec<OfferView>, WalletError> {
        let id: OfferId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            let offer = open.vault.offer(&open.current, &id)?;
            open.decide(|doing| end(doing, &offer, Action::OfferDiscarded))?;
            open.inbox()
        })
        .await
    }
}

impl Open {
    fn inbox(&mut self) -> Result<Vec<OfferView>, WalletError> {
        let offers = self.vault.offers(&self.current)?;
        self.look(|step| {
            let view = |offer: OfferRow| {
                let tree: Value = serde_json::from_slice(&offer.json).unwrap_or_default();
                let summary = fhir::summarize(&tree);
                let grant = step.ledger.grants.find(offer.grant.as_str());
                OfferView {
                    id: offer.id.to_string(),
                    resource_type: offer.resource_type,
                    kind: summary.kind.into(),
                    title: summary.title,
                    facts: facts(&tree),
                    share: offer.grant.to_string(),
                    from: grant.map(|row| row.grant.who.name.clone()).unwrap_or_default(),
                    received: offer.received.to_string(),
                    json: String::from_utf8_lossy(&offer.json).into_owned(),
                }
            };
            offers.into_iter().map(view).collect()
        })
    }

    fn take_in(&mut self, offer: &OfferRow) -> Result<(), WalletError> {
        let source = self.source_of(offer)?;
        let mut tree: Value = serde_json::from_slice(&offer.json).map_err(|_| InputError::NotAResource)?;
        let Value::Object(members) = &mut tree else { return Err(InputError::NotAResource.into()) };
        // Its own name, whatever the sender called it: an id is the server's to give (FHIR R4, "create").
        let name = offer.id.as_str().split_once('_').map_or(offer.id.as_str(), |(_, digits)| digits);
        members.insert("id".to_owned(), Value::from(name));
        let text = tree.to_string();
        let drafted = draft(Resource::read(&text).map_err(|_| InputError::NotAResource)?, &source.address);
        let pull = PullId::from_random(crypto::random()?);
        let kinds = [(KIND.to_owned(), "other".to_owned())];
        self.vault.begin_pull(&offer.person, &source.id, &pull, &kinds, now())?;
        self.vault.store_page(&pull, KIND, &[drafted.item], None, now())?;
        Ok(self.vault.end_pull(&offer.person, &pull, "done", None, now())?)
    }

    /// The source that bears the name of who sent it; made when their first resource is taken in.
    fn source_of(&mut self, offer: &OfferRow) -> Result<Connected, WalletError> {
        let digits = offer.grant.as_str().split_once('_').map_or("", |(_, digits)| digits);
        let id: ConnectionId = format!("con_{digits}").parse().map_err(|_| InputError::UnknownId)?;
        match self.vault.connection(&offer.person, &id) {
            Err(VaultError::Unknown) => {}
            found => return Ok(found?),
        }
        let grant = offer.grant.clone();
        let name = self.look(|step| step.ledger.grants.find(grant.as_str()).map(|row| row.grant.who.name.clone()))?;
        // Nothing is ever fetched from there: a name below `invalid` leads nowhere (RFC 6761).
        let address = format!("https://{digits}.inbox.invalid");
        let details = json!({ "patient": "", "client_id": "", "client_key": null, "issues_cards": false,
            "token_endpoint": format!("{address}/token"), "revocation_endpoint": null });
        let source = Connected {
            id,
            name: name.unwrap_or_else(|| offer.grant.to_string()),
            address,
            state: "disconnected".to_owned(),
            scopes: String::new(),
            details: details.to_string(),
            created: now(),
            last_pull: None,
        };
        self.vault.add_connection(&offer.person, &source)?;
        Ok(source)
    }
}

/// Takes an offer out of the inbox, with its entry.
fn end(doing: &mut Doing<'_, '_>, offer: &OfferRow, action: Action) -> Result<(), WalletError> {
    doing.writing.remove_offer(&offer.person, &offer.id)?;
    let access =
        Told { who: offer.client.clone().map(Who::Client), grant: Some(offer.grant.clone()), ..Told::default() };
    doing.told.push(Draft {
        person: Some(offer.person.clone()),
        subject: Some(offer.id.to_string()),
        access: Some(Box::new(access)),
        ..Draft::done(action)
    });
    Ok(())
}
