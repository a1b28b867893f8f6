use std::collections::HashSet;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::Serialize;

use crate::authority::Authority;
use crate::cards::Issuer;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::health::Pages;
use crate::people::System;
use crate::store::Store;

/// Where everything listens.
#[derive(Debug, Clone, Serialize)]
pub struct Addresses {
    /// The authorization server, which is also the issuer of identity tokens.
    pub authority: String,
    /// FHIR base of Fenwick Valley Health.
    pub valley: String,
    /// FHIR base of Larkspur Community Clinic.
    pub larkspur: String,
    /// The older system behind Larkspur; speaks only to it.
    pub legacy: String,
    /// Directory: `/registry` and `/brands.json`.
    pub directory: String,
    /// Console: `/faults`, `/clock`, `/news`. Not for clients.
    pub console: String,
    /// Four programs of others, who ask a wallet's owner for something.
    pub neighbours: String,
}

impl Addresses {
    /// FHIR base of a system.
    pub fn fhir(&self, system: System) -> &str {
        match system {
            System::Valley => &self.valley,
            System::Larkspur => &self.larkspur,
        }
    }
}

/// Someone who can sign in.
#[derive(Debug, Clone, Serialize)]
pub struct Login {
    /// Name to sign in with.
    pub username: String,
    /// Password; invented, and printed at the start.
    pub password: String,
    /// Full name.
    pub name: String,
    /// Whose records this person may choose, their own first.
    pub people: Vec<Choice>,
}

/// One person whose record can be chosen after signing in.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// Full name.
    pub name: String,
    /// What this person is to the one who signed in: `self`, `mother`, `son`.
    pub relation: String,
    /// Day of birth, if known.
    pub birth: Option<String>,
    /// Patient id at Fenwick Valley.
    pub valley: Option<String>,
    /// Patient id at Larkspur.
    pub larkspur: Option<String>,
}

impl Choice {
    pub(crate) fn patient(&self, system: System) -> Option<&str> {
        match system {
            System::Valley => self.valley.as_deref(),
            System::Larkspur => self.larkspur.as_deref(),
        }
    }
}

/// Everything the servers share.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) addresses: Addresses,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) logins: Vec<Login>,
    pub(crate) authority: Authority,
    pub(crate) issuer: Issuer,
    pub(crate) pages: Pages,
    pub(crate) http: reqwest::Client,
    valley: RwLock<Store>,
    larkspur: RwLock<Store>,
    /// What the older system holds; Larkspur sees it only through that system's rows.
    pub(crate) legacy: RwLock<Store>,
    /// Patients whose rows Larkspur has already fetched.
    pub(crate) fetched: tokio::sync::Mutex<HashSet<String>>,
}

/// What a world starts with.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) addresses: Addresses,
    pub(crate) logins: Vec<Login>,
    pub(crate) authority: Authority,
    pub(crate) issuer: Issuer,
    pub(crate) http: reqwest::Client,
    pub(crate) valley: Store,
    pub(crate) legacy: Store,
}

impl World {
    pub(crate) fn new(beginning: Beginning) -> Self {
        let Beginning { addresses, logins, authority, issuer, http, valley, legacy } = beginning;
        Self {
            addresses,
            clock: Clock::default(),
            faults: Faults::default(),
            logins,
            authority,
            issuer,
            pages: Pages::default(),
            http,
            valley: RwLock::new(valley),
            larkspur: RwLock::new(Store::default()),
            legacy: RwLock::new(legacy),
            fetched: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn store(&self, system: System) -> RwLockReadGuard<'_, Store> {
        self.lock(system).read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn store_mut(&self, system: System) -> RwLockWriteGuard<'_, Store> {
        self.lock(system).write().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self, system: System) -> &RwLock<Store> {
        match system {
            System::Valley => &self.valley,
            System::Larkspur => &self.larkspur,
        }
    }
}
