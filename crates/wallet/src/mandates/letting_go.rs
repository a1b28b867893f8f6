//! After the end: the giver asked to erase what came, the owner here erases it or keeps it, and the giver is told which.
//! And erasing a person, which takes all of theirs along.

use audit::{Action, Draft, Outcome};
use authz::WhyEnded;
use types::{GrantId, PersonId};
use vault::MandateRow;

use super::MandateError;
use super::held::{mandate_id, mandate_state};
use crate::error::{InputError, WalletError};
use crate::people::CURRENT;
use crate::views::{HeldMandateView, MandateState, Status};
use crate::{Wallet, now};

/// Answers to being asked to erase.
const ERASED: &str = "erased";
const REFUSED: &str = "refused";

impl Wallet {
    /// Erases everything that came under a mandate: every version, files, notes, search words, tokens. A mandate that
    /// still holds is ended here by that. The giver is told when they asked for it, now or when their server answers
    /// next.
    pub async fn mandate_erase(&self, id: &str) -> Result<HeldMandateView, WalletError> {
        let id = mandate_id(id)?;
        let row = self.heard_of(&id).await?;
        if let Some(connection) = &row.connection {
            self.stop_pulls_of(connection);
        }
        self.with(move |open| {
            let mut row = open.vault.mandate(&row.id)?;
            let connection = row.connection.take().ok_or(MandateError::Decided)?;
            if mandate_state(&row.state) == MandateState::Held {
                open.ended(&mut MandateRow { connection: Some(connection.clone()), ..row.clone() }, now())?;
                row = MandateRow { connection: None, ..open.vault.mandate(&row.id)? };
            }
            // Said first: a crash in between leaves an entry too many, never an erasure without one.
            open.tell_of_mandate(Action::SourceErased, &row, Outcome::Done)?;
            open.vault.erase_source(&row.person, &connection)?;
            open.own = None;
            open.shown.drop_all();
            row.erase_answer = Some(ERASED.to_owned());
            row.erase_answered = Some(now());
            Ok(open.vault.update_mandate(&row)?)
        })
        .await?;
        self.tell_giver(&id).await
    }

    /// Keeps what came under a mandate, although the giver asked to erase it. They are told so.
    pub async fn mandate_keep(&self, id: &str) -> Result<HeldMandateView, WalletError> {
        let id = mandate_id(id)?;
        let row = self.heard_of(&id).await?;
        if row.erase_asked.is_none() {
            return Err(MandateError::NotAsked.into());
        }
        self.with(move |open| {
            let mut row = open.vault.mandate(&row.id)?;
            if row.erase_answer.is_some() {
                return Err(MandateError::Decided.into());
            }
            row.erase_answer = Some(REFUSED.to_owned());
            row.erase_answered = Some(now());
            open.vault.update_mandate(&row)?;
            open.tell_of_mandate(Action::EraseRefused, &row, Outcome::Refused)
        })
        .await?;
        self.tell_giver(&id).await
    }

    /// The mandate as it stands at the giver's, or as it was known last where their server is away.
    async fn heard_of(&self, id: &types::MandateId) -> Result<MandateRow, WalletError> {
        if let Err(error) = self.follow_mandate(id).await {
            tracing::info!(code = error.code(), "the giver of a mandate could not be asked");
        }
        let id = id.clone();
        self.with(move |open| Ok(open.vault.mandate(&id)?)).await
    }

    /// Tells the giver now, when that can be done; else it is told at the next contact, and the view says so.
    async fn tell_giver(&self, id: &types::MandateId) -> Result<HeldMandateView, WalletError> {
        let row = self.heard_of(id).await?;
        self.with(move |open| open.mandate_view(&row)).await
    }

    /// Erases a person with everything of theirs: sources, items in every version, files, notes, cards, keys, mandates,
    /// and what was given out of their record, which ends. `name` is theirs, typed to confirm. The owner cannot be
    /// erased. Entries of the trail stay; they hold ids, no names and no values.
    pub async fn erase_person(&self, id: &str, name: &str) -> Result<Status, WalletError> {
        let id: PersonId = id.parse().map_err(|_| InputError::UnknownId)?;
        let typed = name.trim().to_owned();
        let (sources, grants) = {
            let id = id.clone();
            self.with(move |open| {
                let people = open.vault.people()?;
                let person = people.iter().find(|person| person.id == id).ok_or(InputError::UnknownId)?;
                if people.first().is_some_and(|owner| owner.id == id) {
                    return Err(InputError::Owner.into());
                }
                if person.name != typed {
                    return Err(InputError::OtherName.into());
                }
                let sources = open.vault.connections(&id)?;
                let grants: Vec<GrantId> = open.look(|step| {
                    let own = step.ledger.grants.iter().filter(|row| row.person == id);
                    own.map(|row| row.grant.id.clone()).collect()
                })?;
                Ok((sources, grants))
            })
            .await?
        };
        for source in &sources {
            self.stop_pulls_of(&source.id);
        }
        // Whoever asked to erase hears that it was.
        let person = id.clone();
        let mandates = self.with(|open| Ok(open.vault.mandates()?)).await?;
        for row in mandates.into_iter().filter(|row| row.person == person && row.connection.is_some()) {
            self.mandate_erase(row.id.as_str()).await?;
        }
        let wallet = self.clone();
        self.aside(move || {
            // Each ends as any grant does: nobody is being answered from its view when it goes.
            for grant in &grants {
                wallet.end_now(grant)?;
            }
            wallet.with_now(|open| open.erase(&id, &grants))
        })
        .await?;
        Ok(self.status().await)
    }
}

impl crate::open::Open {
    fn erase(&mut self, id: &PersonId, grants: &[GrantId]) -> Result<(), WalletError> {
        let client_keys: Vec<String> = self
            .vault
            .connections(id)?
            .into_iter()
            .filter_map(|row| self.link(id, &row.id).ok()?.details.client_key.map(|key| key.entry))
            .collect();
        self.record(Draft { person: Some(id.clone()), ..Draft::done(Action::PersonErased) })?;
        self.decide(|doing| {
            for grant in grants {
                // Its words are names of drugs that were hidden.
                doing.step.end(grant, WhyEnded::Owner)?;
                doing.step.ledger.grants.remove(grant.as_str());
            }
            let theirs = |row: &authz::Resource| row.person.as_ref() == Some(id);
            for key in doing.step.ledger.resources.keys(theirs) {
                doing.step.ledger.resources.remove(&key);
            }
            Ok(())
        })?;
        let erased = self.vault.erase_person(id)?;
        for name in erased.key_names.iter().chain(&client_keys) {
            self.forget_key(name)?;
        }
        self.own = None;
        self.shown.drop_all();
        if self.current == *id {
            let owner = self.vault.people()?.into_iter().next().ok_or(InputError::UnknownId)?;
            self.current = owner.id;
            self.vault.set_setting(CURRENT, self.current.as_str())?;
        }
        Ok(())
    }
}
