//! Mandates that this wallet holds: taken from a file or from the giver's server, listed.

use audit::{Action, Draft};
use serde::{Deserialize, Serialize};
use types::{ConnectionId, MandateId, PersonId, ServerUrl};
use url::Url;
use vault::{Connected, MandateRow, PairRow};

use super::MandateError;
use super::credential::{self, Mandate};
use crate::connections::{Details, state_code};
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::pairs::file;
use crate::views::{ConnectionState, HeldMandateView, LentView, MandateState};
use crate::{Wallet, now};

/// Scopes for which everything is asked that the giver's server may have: what the mandate does not give, it refuses.
const EVERYTHING: &str = "patient/*.rs";

/// Where a mandate comes from.
#[derive(Debug, Clone)]
pub enum MandateFrom {
    /// The credential, as it stands in a file or in the picture of its code.
    Text(Vec<u8>),
    /// The server of this contact, as their card says it.
    Contact(String),
}

/// What is kept of a mandate's protocol.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Held {
    /// The giver's authorization server.
    pub(super) server: ServerAddressText,
    /// `client_id` there, once this wallet registered.
    #[serde(default)]
    pub(super) client_id: Option<String>,
    /// What a request waits with.
    #[serde(default)]
    pub(super) ticket: Option<String>,
    /// Seconds to wait between two looks.
    #[serde(default)]
    pub(super) interval: u32,
    /// What it says it gives.
    #[serde(default)]
    pub(super) scope: String,
    #[serde(default)]
    pub(super) purposes: Vec<String>,
    /// As it came.
    #[serde(default)]
    pub(super) credential: Option<String>,
}

/// An address that was read once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ServerAddressText(String);

impl ServerAddressText {
    pub(super) fn of(server: &ServerUrl) -> Self {
        Self(server.as_str().to_owned())
    }

    pub(super) fn read(&self) -> Result<ServerUrl, WalletError> {
        ServerUrl::parse(&self.0).map_err(|_| WalletError::Open(vault::OpenError::Damaged))
    }
}

impl Held {
    pub(super) fn of(row: &MandateRow) -> Result<Self, WalletError> {
        serde_json::from_str(&row.details).map_err(|_| WalletError::Open(vault::OpenError::Damaged))
    }

    pub(super) fn text(&self) -> Result<String, WalletError> {
        serde_json::to_string(self).map_err(|error| WalletError::Disk(error.into()))
    }
}

impl Wallet {
    /// Mandates that this wallet holds, held, asks for or asked for, of all people, oldest first.
    pub async fn mandates(&self) -> Result<Vec<HeldMandateView>, WalletError> {
        self.with(|open| open.mandate_views()).await
    }

    /// Takes a mandate: what comes under it goes into this person's record, as a source of its own.
    pub async fn mandate_take(&self, from: MandateFrom, person: &str) -> Result<HeldMandateView, WalletError> {
        let person: PersonId = person.parse().map_err(|_| InputError::UnknownId)?;
        let mandate = match from {
            MandateFrom::Text(bytes) => {
                self.aside(move || {
                    let text = file::text_in(&bytes).map_err(|_| MandateError::NoCode)?;
                    Ok(credential::read(&text, now())?)
                })
                .await?
            }
            MandateFrom::Contact(contact) => {
                let pair = self.with(move |open| open.pair_of(&contact)).await?;
                let server = server_of(&pair)?;
                self.new_mandate(&pair, &server).await?
            }
        };
        self.with(move |open| {
            let row = open.hold(None, mandate, &person, None)?;
            open.mandate_view(&row)
        })
        .await
    }
}

/// Where the giver's card says that their server is.
pub(super) fn server_of(pair: &PairRow) -> Result<ServerUrl, WalletError> {
    let server = pair.theirs.as_ref().and_then(|theirs| theirs.server.as_deref()).ok_or(MandateError::NoServer)?;
    ServerUrl::parse(server).map_err(|_| MandateError::NoServer.into())
}

pub(super) fn mandate_id(text: &str) -> Result<MandateId, InputError> {
    text.parse().map_err(|_| InputError::UnknownId)
}

impl Open {
    /// Keeps a mandate whose signature holds, when its giver was compared and it is for us; `asked` is the row that
    /// waited for it.
    pub(super) fn hold(
        &mut self,
        asked: Option<MandateRow>,
        mandate: Mandate,
        person: &PersonId,
        client_id: Option<String>,
    ) -> Result<MandateRow, WalletError> {
        let pair = self.giver(&mandate)?;
        let is_known = |row: &MandateRow| row.pair == pair.id && row.grant.as_ref() == Some(&mandate.grant);
        if self.vault.mandates()?.iter().any(is_known) {
            return Err(MandateError::Known.into());
        }
        if !self.vault.people()?.iter().any(|known| known.id == *person) {
            return Err(InputError::UnknownId.into());
        }
        let patient = mandate.patient.clone().ok_or(MandateError::NotAMandate)?;
        let id = match &asked {
            Some(row) => row.id.clone(),
            None => MandateId::from_random(crypto::random()?),
        };
        let details = Held {
            server: ServerAddressText::of(&mandate.server),
            client_id,
            ticket: None,
            interval: 0,
            scope: mandate.scope,
            purposes: mandate.purposes,
            credential: Some(mandate.text),
        };
        let at = |path: &str| mandate.server.join(path).map_err(|_| MandateError::NotAMandate);
        let connection = Details {
            patient,
            client_id: String::new(),
            client_key: None,
            token_endpoint: at("token")?,
            revocation_endpoint: None::<Url>,
            issues_cards: false,
            mandate: Some(id.clone()),
        };
        let source = Connected {
            id: ConnectionId::from_random(crypto::random()?),
            name: pair.name,
            address: at("fhir")?.to_string(),
            state: state_code(&ConnectionState::Ready).to_owned(),
            scopes: EVERYTHING.to_owned(),
            details: serde_json::to_string(&connection).map_err(|error| WalletError::Disk(error.into()))?,
            created: now(),
            last_pull: None,
        };
        let row = MandateRow {
            id,
            person: person.clone(),
            pair: pair.id,
            grant: Some(mandate.grant),
            connection: Some(source.id.clone()),
            state: state_of_mandate(MandateState::Held).to_owned(),
            details: details.text()?,
            taken: asked.map_or_else(now, |row| row.taken),
            until: mandate.until,
            ended: None,
            erase_asked: None,
            erase_answer: None,
            erase_answered: None,
            erase_told: None,
        };
        self.vault.hold_mandate(&row, &source)?;
        self.tell_of_mandate(Action::MandateTaken, &row, audit::Outcome::Done)?;
        Ok(row)
    }

    /// The giver of a mandate, when the owner compared them and the mandate is for the key made for them.
    pub(super) fn giver(&self, mandate: &Mandate) -> Result<PairRow, WalletError> {
        let pair = self.compared_with(&mandate.issuer)?.ok_or(MandateError::Stranger)?;
        if pair.own_did == mandate.subject { Ok(pair) } else { Err(MandateError::ForSomebodyElse.into()) }
    }

    pub(super) fn tell_of_mandate(
        &mut self,
        action: Action,
        row: &MandateRow,
        outcome: audit::Outcome,
    ) -> Result<(), WalletError> {
        let (person, subject) = (Some(row.person.clone()), Some(row.id.to_string()));
        self.record(Draft { person, subject, outcome, ..Draft::done(action) })
    }

    fn mandate_views(&self) -> Result<Vec<HeldMandateView>, WalletError> {
        self.vault.mandates()?.iter().map(|row| self.mandate_view(row)).collect()
    }

    pub(super) fn mandate_view(&self, row: &MandateRow) -> Result<HeldMandateView, WalletError> {
        let (held, pair) = (Held::of(row)?, self.vault.pair(&row.pair)?);
        let (items, lapsed) = match &row.connection {
            Some(id) => {
                let counts = self.vault.source_counts(&row.person)?;
                let items = counts.iter().find(|source| source.id == *id).map_or(0, |source| source.count);
                (items, self.vault.lapsed_count(&row.person, id)?)
            }
            None => (0, 0),
        };
        let text = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
        Ok(HeldMandateView {
            id: row.id.to_string(),
            from: pair.name,
            contact: pair.contact.map(String::from),
            person: row.person.to_string(),
            server: held.server.read()?.to_string(),
            connection: row.connection.as_ref().map(ToString::to_string),
            state: mandate_state(&row.state),
            scope: held.scope,
            purposes: held.purposes,
            taken: row.taken.to_string(),
            until: text(row.until),
            ended: text(row.ended),
            items,
            lapsed,
            erase_asked: text(row.erase_asked),
            erase_answer: row.erase_answer.clone(),
            erase_answered: text(row.erase_answered),
            erase_told: text(row.erase_told),
            interval: held.interval,
        })
    }

    /// What of a person's record is lent by others: whose it is, and that it is a part.
    pub(crate) fn lent(&self, person: &PersonId) -> Result<Vec<LentView>, WalletError> {
        let mut lent = Vec::new();
        for row in self.vault.mandates()? {
            let Some(connection) = row.connection.filter(|_| row.person == *person) else { continue };
            lent.push(LentView {
                mandate: row.id.to_string(),
                connection: connection.to_string(),
                from: self.vault.pair(&row.pair)?.name,
                until: row.until.map(|at| at.to_string()),
                ended: row.ended.map(|at| at.to_string()),
            });
        }
        Ok(lent)
    }
}

pub(super) fn state_of_mandate(state: MandateState) -> &'static str {
    match state {
        MandateState::Asking => "asking",
        MandateState::Held => "held",
        MandateState::Refused => "refused",
        MandateState::Ended => "ended",
    }
}

pub(super) fn mandate_state(code: &str) -> MandateState {
    match code {
        "asking" => MandateState::Asking,
        "held" => MandateState::Held,
        "refused" => MandateState::Refused,
        _ => MandateState::Ended,
    }
}
