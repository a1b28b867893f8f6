//! Asking for a mandate: the holder's wallet asks at the giver's server, the giver decides there, narrowed or not, and
//! what was approved is taken like any other mandate.

use audit::{Action, Outcome};
use types::{ContactId, MandateId, PersonId, ServerUrl};
use vault::MandateRow;

use super::MandateError;
use super::held::{Held, ServerAddressText, mandate_id, mandate_state, server_of, state_of_mandate};
use super::uma::{Asked, Sought};
use crate::error::{InputError, WalletError};
use crate::views::{HeldMandateView, MandateState, PullView};
use crate::{Wallet, now};

/// Stands for the patient while nobody knows their id.
const UNKNOWN: &str = "self";

impl Wallet {
    /// Asks a contact for their record, at the address that their card says or that is typed. They see who asks, and
    /// decide; nothing is released before.
    pub async fn mandate_ask(
        &self,
        contact: &str,
        server: Option<&str>,
        person: &str,
    ) -> Result<HeldMandateView, WalletError> {
        let contact: ContactId = contact.parse().map_err(|_| InputError::UnknownId)?;
        let person: PersonId = person.parse().map_err(|_| InputError::UnknownId)?;
        let pair = self.with(move |open| open.pair_of(contact.as_str())).await?;
        let server = match server {
            Some(typed) => {
                let typed = typed.trim().trim_end_matches('/');
                ServerUrl::parse(typed.strip_suffix("/fhir").unwrap_or(typed)).map_err(InputError::Address)?
            }
            None => server_of(&pair)?,
        };
        let asked = Asked { pair: &pair, server: &server, patient: UNKNOWN, client_id: None, ticket: None };
        let (state, client_id, ticket, interval) = match self.seek(asked).await? {
            Sought::Submitted { ticket, interval, client_id } => {
                (MandateState::Asking, client_id, Some(ticket), interval)
            }
            // What they gave already is enough: it has only to be taken.
            Sought::Token { client_id, .. } => (MandateState::Asking, client_id, None, 0),
            Sought::Denied => return Err(MandateError::Refused.into()),
        };
        let held = Held {
            server: ServerAddressText::of(&server),
            client_id: Some(client_id),
            interval,
            scope: String::new(),
            purposes: Vec::new(),
            credential: None,
            ticket: ticket.clone(),
        };
        let row = MandateRow {
            id: MandateId::from_random(crypto::random()?),
            person,
            pair: pair.id.clone(),
            grant: None,
            connection: None,
            state: state_of_mandate(state).to_owned(),
            details: held.text()?,
            taken: now(),
            until: None,
            ended: None,
            erase_asked: None,
            erase_answer: None,
            erase_answered: None,
            erase_told: None,
        };
        let id = row.id.clone();
        let view = self
            .with(move |open| {
                open.vault.add_mandate(&row)?;
                open.tell_of_mandate(Action::MandateAsked, &row, Outcome::Done)?;
                open.mandate_view(&row)
            })
            .await?;
        if ticket.is_some() { Ok(view) } else { self.mandate_look(id.as_str()).await }
    }

    /// Looks whether the giver has decided about a mandate that was asked for. Who looks sooner than the `interval` says
    /// waits longer.
    pub async fn mandate_look(&self, id: &str) -> Result<HeldMandateView, WalletError> {
        let id = mandate_id(id)?;
        let (row, pair) = self
            .with(move |open| {
                let row = open.vault.mandate(&id)?;
                let pair = open.vault.pair(&row.pair)?;
                Ok((row, pair))
            })
            .await?;
        if mandate_state(&row.state) != MandateState::Asking {
            return self.with(move |open| open.mandate_view(&row)).await;
        }
        let held = Held::of(&row)?;
        let server = held.server.read()?;
        let (client_id, ticket) = (held.client_id.clone(), held.ticket.clone());
        let asked = Asked { pair: &pair, server: &server, patient: UNKNOWN, client_id, ticket };
        match self.seek(asked).await? {
            Sought::Token { client_id, .. } => {
                let mandate = self.new_mandate(&pair, &server).await?;
                self.with(move |open| {
                    let person = row.person.clone();
                    let row = open.hold(Some(row), mandate, &person, Some(client_id))?;
                    open.mandate_view(&row)
                })
                .await
            }
            Sought::Submitted { ticket, interval, client_id } => {
                let held = Held { ticket: Some(ticket), interval, client_id: Some(client_id), ..held };
                let row = MandateRow { details: held.text()?, ..row };
                self.with(move |open| {
                    open.vault.update_mandate(&row)?;
                    open.mandate_view(&row)
                })
                .await
            }
            Sought::Denied => {
                let details = Held { ticket: None, ..held }.text()?;
                let state = state_of_mandate(MandateState::Refused).to_owned();
                let row = MandateRow { details, state, ended: Some(now()), ..row };
                self.with(move |open| {
                    open.vault.update_mandate(&row)?;
                    open.tell_of_mandate(Action::MandateEnded, &row, Outcome::Refused)?;
                    open.mandate_view(&row)
                })
                .await
            }
        }
    }

    /// Brings in what is new under a mandate, and shows that person's record from now on.
    pub async fn mandate_pull(&self, id: &str) -> Result<PullView, WalletError> {
        let id = mandate_id(id)?;
        let row = self.with(move |open| Ok(open.vault.mandate(&id)?)).await?;
        let connection = match (mandate_state(&row.state), &row.connection) {
            (MandateState::Asking, _) => return Err(MandateError::Waiting.into()),
            (MandateState::Refused, _) => return Err(MandateError::Refused.into()),
            (_, None) => return Err(MandateError::Ended.into()),
            (_, Some(connection)) => connection.clone(),
        };
        self.select_person(row.person.as_str()).await?;
        self.pull_start(connection.as_str()).await
    }
}
