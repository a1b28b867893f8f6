use consent::{
    Dates, Detail, Details, DetailsError, Mode, Permit, RecordAccess, Scope, Scopes, ScopesError, Selector, What,
};
use thiserror::Error;
use types::{Actions, Context};

use crate::{Asked, Door, ErrorCode, OAuthError, Permission, Request, Where};

/// The one scope of OAuth that `consent` does not know: a protection token (UMA 2.0 Federated Authorization §1.3).
const PROTECTION: &str = "uma_protection";

/// What is asked, as `consent` reads it: the widest grant that answers the request and nothing beyond it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What of the owner's record: the scopes, the details, and what a ticket is for. The exclusions are those that the
    /// client itself asks for.
    pub what: What,
    /// How much doubt has to hide at least, where the client asks to be spared something.
    pub mode: Option<Mode>,
    /// De-identified, so.
    pub deidentified: Option<Dates>,
    /// Codes of PurposeOfUse: for these and no others. Empty: it does not say.
    pub purposes: Vec<Box<str>>,
    /// `openid`, `offline_access`, `uma_protection` and their like.
    pub plain: Vec<String>,
    /// Ids of the Patient it is about, where it says so.
    pub patients: Vec<Box<str>>,
    /// Resources of other resource servers.
    pub elsewhere: Vec<Permission>,
    /// The details as they were read.
    pub details: Details,
}

/// Why what is asked cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadingError {
    /// The scopes are not all known.
    #[error("the scopes are not known")]
    Scope(#[from] ScopesError),
    /// A scope that has no place at this door.
    #[error("a scope has no place here")]
    Place,
    /// The details are not understood.
    #[error("the details are not understood")]
    Details(#[from] DetailsError),
    /// Details that one grant cannot answer: they differ in purpose or in de-identification.
    #[error("the details cannot be answered together")]
    Together,
    /// A ticket for something that is no resource here, or for what cannot be done with it.
    #[error("a permission means nothing here")]
    Permission,
    /// It asks nothing.
    #[error("nothing is asked")]
    Nothing,
}

impl ReadingError {
    /// As the client reads it.
    pub fn refusal(&self) -> OAuthError {
        match self {
            Self::Scope(_) => OAuthError::new(ErrorCode::InvalidScope, "a scope is not known or not understood"),
            Self::Place => OAuthError::new(ErrorCode::InvalidScope, "a scope has no place here"),
            Self::Details(_) => {
                OAuthError::new(ErrorCode::InvalidAuthorizationDetails, "the authorization details are not understood")
            }
            Self::Together => OAuthError::new(
                ErrorCode::InvalidAuthorizationDetails,
                "the authorization details differ in purpose or de-identification: ask one by one",
            ),
            Self::Permission => OAuthError::new(ErrorCode::InvalidGrant, "the ticket is for nothing that is here"),
            Self::Nothing => OAuthError::new(ErrorCode::InvalidScope, "nothing is asked"),
        }
    }
}

impl Request {
    /// What is asked, as `consent` reads it.
    ///
    /// # Errors
    /// [`ReadingError`].
    pub fn reading(&self) -> Result<Reading, ReadingError> {
        Reading::of(self.door, &self.asked)
    }
}

impl Reading {
    /// What is asked at a door.
    ///
    /// # Errors
    /// [`ReadingError`] for everything that is not fully understood.
    pub fn of(door: Door, asked: &Asked) -> Result<Self, ReadingError> {
        let protects = door == Door::Federation;
        let words = asked.scope.split(' ').filter(|word| !(protects && *word == PROTECTION));
        let scopes = Scopes::parse(&words.collect::<Vec<_>>().join(" "))?;
        let text = asked.details.as_ref().map(serde_json::Value::to_string);
        let details = text.map_or(Ok(Details::default()), |text| Details::parse(text.as_bytes()))?;
        let mut reading = Self { what: details.what(&scopes), ..Self::default() };
        add_new(&mut reading.what.permits, scopes.permits());
        for detail in &details.0 {
            match detail {
                Detail::SmartOnFhir(smart) => {
                    reading.patients.extend(smart.patient.clone());
                    // A grant holds its words once: what was asked in a detail stands beside the others.
                    reading.plain.extend(smart.scope.iter().flat_map(plain_words));
                }
                Detail::RecordAccess(access) => reading.add(access)?,
            }
        }
        for permission in &asked.permissions {
            match permission.at {
                Where::Here => add_new(&mut reading.what.permits, vec![permit_of(permission)?]),
                Where::At(_) => reading.elsewhere.push(permission.clone()),
            }
        }
        reading.plain.extend(plain_words(&scopes));
        reading
            .plain
            .extend((protects && asked.scope.split(' ').any(|word| word == PROTECTION)).then(|| PROTECTION.into()));
        reading.plain.sort();
        reading.plain.dedup();
        reading.details = details;
        if !reading.is_placed(door) {
            return Err(ReadingError::Place);
        }
        let nothing = reading.what.permits.is_empty() && reading.elsewhere.is_empty() && reading.plain.is_empty();
        if nothing { Err(ReadingError::Nothing) } else { Ok(reading) }
    }

    /// A backend has no user, and where there is one nothing is asked for a system (SMART App Launch 2.2, "Backend
    /// Services"); a resource server asks for its protection token and nothing else.
    fn is_placed(&self, door: Door) -> bool {
        let of_system = |permit: &Permit| permit.context == Context::System;
        match door {
            Door::Launch | Door::Uma => !self.what.permits.iter().any(of_system),
            Door::Backend => self.what.permits.iter().all(of_system) && self.plain.is_empty(),
            Door::Federation => self.what.permits.is_empty() && self.plain.iter().all(|word| word == PROTECTION),
        }
    }

    fn add(&mut self, access: &RecordAccess) -> Result<(), ReadingError> {
        merge(&mut self.deidentified, access.deidentified)?;
        let stated = |purposes: &[Box<str>]| (!purposes.is_empty()).then(|| purposes.to_vec());
        let mut purposes = stated(&self.purposes);
        merge(&mut purposes, stated(&access.purposes))?;
        self.purposes = purposes.unwrap_or_default();
        if !access.what.exclusions.is_empty() {
            self.mode = Some(self.mode.map_or(access.mode, |mode| stricter(mode, access.mode)));
        }
        Ok(())
    }
}

/// What both say, when they do not differ; what one leaves open the other decides.
fn merge<T: PartialEq>(own: &mut Option<T>, other: Option<T>) -> Result<(), ReadingError> {
    match (&own, other) {
        (Some(one), Some(other)) if *one != other => Err(ReadingError::Together),
        (None, Some(other)) => {
            *own = Some(other);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn stricter(one: Mode, other: Mode) -> Mode {
    match (one, other) {
        (Mode::Strict, _) | (_, Mode::Strict) => Mode::Strict,
        (Mode::Usual, _) | (_, Mode::Usual) => Mode::Usual,
        (Mode::Loose, Mode::Loose) => Mode::Loose,
    }
}

fn plain_words(scopes: &Scopes) -> impl Iterator<Item = String> {
    scopes.iter().filter(|scope| !matches!(scope, Scope::Clinical(_))).map(Scope::to_string)
}

fn add_new(permits: &mut Vec<Permit>, more: Vec<Permit>) {
    for permit in more {
        if !permits.contains(&permit) {
            permits.push(permit);
        }
    }
}

/// A ticket for one resource is for that one and never for its type.
fn permit_of(permission: &Permission) -> Result<Permit, ReadingError> {
    let mut actions = Actions::default();
    for scope in &permission.scopes {
        match scope.as_str() {
            "read" => actions.read = true,
            "search" => actions.search = true,
            "create" => actions.create = true,
            _ => return Err(ReadingError::Permission),
        }
    }
    let mut select = Selector::default();
    match permission.resource.as_str() {
        "*" => {}
        single if single.contains('/') => select.resources.push(single.into()),
        name => select.types.push(name.into()),
    }
    if actions.is_empty() || select.check().is_err() {
        return Err(ReadingError::Permission);
    }
    Ok(Permit { context: Context::Patient, actions, select })
}
