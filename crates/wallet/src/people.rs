//! The people in this vault.

use types::PersonId;
use vault::Person;

use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::views::{PersonView, Relation, Status};
use crate::{Wallet, now};

/// Longest name of a person, connection or key, in characters.
const MAX_NAME: usize = 120;

impl Wallet {
    /// Adds a person and shows their (empty) record.
    pub async fn add_person(
        &self,
        name: String,
        relation: Relation,
        birth_date: Option<String>,
    ) -> Result<Status, WalletError> {
        let name = checked_name(&name)?;
        let birth_date = checked_date(birth_date)?;
        self.with(move |open| {
            let id = PersonId::from_random(crypto::random()?);
            let person =
                Person { id: id.clone(), name, relation: relation_code(&relation).into(), birth_date, created: now() };
            open.vault.add_person(&person)?;
            open.current = id.clone();
            open.record(audit::Draft { person: Some(id), ..audit::Draft::done(audit::Action::PersonAdded) })
        })
        .await?;
        Ok(self.status().await)
    }

    /// Gives a person another name.
    pub async fn rename_person(&self, id: &str, name: String) -> Result<Status, WalletError> {
        let name = checked_name(&name)?;
        let id: PersonId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            open.vault.rename_person(&id, &name)?;
            open.record(audit::Draft { person: Some(id), ..audit::Draft::done(audit::Action::PersonRenamed) })
        })
        .await?;
        Ok(self.status().await)
    }

    /// Shows another person's record.
    pub async fn select_person(&self, id: &str) -> Result<Status, WalletError> {
        let id: PersonId = id.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            if !open.vault.people()?.iter().any(|p| p.id == id) {
                return Err(InputError::UnknownId.into());
            }
            open.current = id;
            open.vault.set_setting(CURRENT, open.current.as_str())?;
            Ok(())
        })
        .await?;
        Ok(self.status().await)
    }
}

/// Setting that remembers whose record was shown last.
pub(crate) const CURRENT: &str = "people.current";

impl Open {
    /// This person, if there is one; without one, the person shown.
    pub(crate) fn known_person(&self, id: Option<PersonId>) -> Result<PersonId, WalletError> {
        match id {
            None => Ok(self.current.clone()),
            Some(id) if self.vault.people()?.iter().any(|known| known.id == id) => Ok(id),
            Some(_) => Err(InputError::UnknownId.into()),
        }
    }

    /// Everybody, the owner first.
    pub(crate) fn people(&self) -> Result<Vec<PersonView>, WalletError> {
        self.vault.people()?.into_iter().map(|person| self.person_view(person)).collect()
    }

    /// A person, and what of their record somebody else lends.
    pub(crate) fn person_view(&self, person: Person) -> Result<PersonView, WalletError> {
        let lent = self.lent(&person.id)?;
        Ok(PersonView { lent, ..person_view(person) })
    }
}

fn person_view(person: Person) -> PersonView {
    PersonView {
        id: person.id.into(),
        name: person.name,
        relation: match person.relation.as_str() {
            "me" => Relation::Me,
            "child" => Relation::Child,
            "parent" => Relation::Parent,
            "partner" => Relation::Partner,
            _ => Relation::Other,
        },
        birth_date: person.birth_date,
        lent: Vec::new(),
    }
}

pub(crate) fn relation_code(relation: &Relation) -> &'static str {
    match relation {
        Relation::Me => "me",
        Relation::Child => "child",
        Relation::Parent => "parent",
        Relation::Partner => "partner",
        Relation::Other => "other",
    }
}

/// A name as a person gives it: trimmed, not empty, no control characters, at most [`MAX_NAME`] characters.
pub(crate) fn checked_name(name: &str) -> Result<String, InputError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(InputError::NameEmpty);
    }
    if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(InputError::NameTooLong);
    }
    Ok(name.to_owned())
}

pub(crate) fn checked_date(date: Option<String>) -> Result<Option<String>, InputError> {
    match date.map(|d| d.trim().to_owned()).filter(|d| !d.is_empty()) {
        Some(date) if date.len() == 10 && fhir::PartialDate::parse(&date).is_some() => Ok(Some(date)),
        Some(_) => Err(InputError::NotADate),
        None => Ok(None),
    }
}
