//! Faults on demand. Each has a name, is off unless asked for, and is described in [`FAULTS`].

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;

use crate::people::System;

/// One kind of misbehaviour.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Fault {
    /// Its name, on the command line and at the console.
    pub name: &'static str,
    /// Where it happens: `fhir`, `token`, `launch` or `cards`.
    pub at: &'static str,
    /// What it does; says what `value` means where there is one.
    pub what: &'static str,
}

const fn fault(name: &'static str, at: &'static str, what: &'static str) -> Fault {
    Fault { name, at, what }
}

/// All faults there are.
pub const FAULTS: &[Fault] = &[
    fault("slow", "fhir", "every answer waits `value` milliseconds (3000)"),
    fault("too-many", "fhir", "429 with Retry-After of `value` seconds (2)"),
    fault("too-many-date", "fhir", "429 with Retry-After as an HTTP date `value` seconds ahead (2)"),
    fault("unavailable", "fhir", "503 without Retry-After"),
    fault("server-error", "fhir", "500 with an OperationOutcome"),
    fault("truncated", "fhir", "JSON that stops in the middle, with a matching length"),
    fault("cut-off", "fhir", "the connection ends before the promised length, for the kind `value` (all)"),
    fault("endless", "fhir", "a body that never ends"),
    fault("trickle", "fhir", "a body of one byte a second"),
    fault("html", "fhir", "200 with an HTML page instead of FHIR"),
    fault("not-fhir", "fhir", "200 with JSON that is not a resource"),
    fault(
        "next-elsewhere",
        "fhir",
        "the next link points to another host (`value`, default https://elsewhere.example)",
    ),
    fault("next-loop", "fhir", "the next link points to the same page for ever"),
    fault("next-gone", "fhir", "next pages answer 410"),
    fault("no-total", "fhir", "search answers without Bundle.total"),
    fault("duplicate-entries", "fhir", "every entry of a page comes twice"),
    fault("outcome-entry", "fhir", "search answers also hold an OperationOutcome entry"),
    fault("wrong-patient", "fhir", "search answers also hold a resource of another patient"),
    fault("token-refused", "fhir", "401 for tokens that are good"),
    fault("forbidden-kind", "fhir", "403 for searches of the kind `value` (Condition)"),
    fault("file-elsewhere", "fhir", "302 to `value` (https://elsewhere.example/) for files of documents"),
    fault("redirect", "fhir", "302 to `value` (https://elsewhere.example/)"),
    fault(
        "older-system-down",
        "fhir",
        "the system behind Larkspur does not answer; 503 for what is not yet brought over",
    ),
    fault("no-metadata", "fhir", "404 for the CapabilityStatement"),
    fault("no-smart-configuration", "launch", "404 for .well-known/smart-configuration"),
    fault("html-smart-configuration", "launch", "an HTML page for .well-known/smart-configuration"),
    fault("no-s256", "launch", "the configuration does not list S256"),
    fault("denied", "launch", "the person's approval comes back as access_denied"),
    fault("wrong-state", "launch", "the browser comes back with another state"),
    fault("no-state", "launch", "the browser comes back without state"),
    fault("wrong-iss", "launch", "the browser comes back with another iss"),
    fault("no-iss", "launch", "the browser comes back without iss"),
    fault("token-html", "token", "an HTML page instead of a token answer"),
    fault("token-slow", "token", "the token answer waits `value` milliseconds (3000)"),
    fault("token-unavailable", "token", "503 from the token endpoint"),
    fault("invalid-client", "token", "401 invalid_client without a description"),
    fault("invalid-grant", "token", "400 invalid_grant"),
    fault("no-refresh-token", "token", "offline_access is granted, but no refresh token comes"),
    fault("no-patient", "token", "the token answer names no patient"),
    fault("no-expiry", "token", "the token answer has no expires_in"),
    fault("no-token-type", "token", "the token answer has no token_type"),
    fault("fewer-scopes", "token", "only patient/Patient scopes are granted"),
    fault("no-id-token", "token", "openid is granted, but no id_token comes"),
    fault("id-token-expired", "token", "the id_token ended an hour ago"),
    fault("id-token-nonce", "token", "the id_token has another nonce"),
    fault("id-token-audience", "token", "the id_token is for another client"),
    fault("id-token-issuer", "token", "the id_token is of another issuer"),
    fault("id-token-signature", "token", "the id_token's signature is changed"),
    fault("id-token-none", "token", "the id_token has alg none and no signature"),
    fault("refresh-revoked", "token", "refresh answers invalid_grant"),
    fault("no-keys", "launch", "503 for the keys of the authorization server"),
    fault("no-revocation", "token", "503 from the revocation endpoint"),
    fault("card-changed", "cards", "issued cards are changed after signing"),
    fault("card-foreign-key", "cards", "issued cards are signed with a key that is not published"),
    fault("card-expired", "cards", "issued cards ended yesterday"),
    fault("card-future", "cards", "issued cards are not valid until tomorrow"),
    fault("card-withdrawn", "cards", "issued cards stand on the withdrawal list"),
    fault("no-card-keys", "cards", "503 for the keys of the card issuer"),
];

/// A fault switched on: for whom, how often, with what value.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    /// Name of the fault.
    pub name: String,
    /// Only at this health system; `None`: at both.
    pub system: Option<&'static str>,
    /// How many times it still strikes; `None`: always.
    pub times: Option<u32>,
    /// What the fault's description calls `value`.
    pub value: Option<String>,
}

/// The name is not one of [`FAULTS`], or the text around it does not read.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("there is no such fault")]
pub struct NoSuchFault;

impl Setting {
    /// Reads `name[@valley|@larkspur][=value][*times]`: `too-many=5*2`, `slow@larkspur`.
    ///
    /// # Errors
    /// [`NoSuchFault`].
    pub fn parse(text: &str) -> Result<Self, NoSuchFault> {
        let (text, times) = match text.rsplit_once('*') {
            Some((before, times)) => (before, Some(times.parse().map_err(|_| NoSuchFault)?)),
            None => (text, None),
        };
        let (text, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value.to_owned())));
        let (name, system) = text.split_once('@').map_or((text, None), |(name, system)| (name, Some(system)));
        let system = match system {
            None => None,
            Some(key) => {
                let known = System::ALL.iter().find(|system| system.key() == key).ok_or(NoSuchFault)?;
                Some(known.key())
            }
        };
        FAULTS.iter().find(|fault| fault.name == name).ok_or(NoSuchFault)?;
        Ok(Self { name: name.to_owned(), system, times, value })
    }
}

/// Which faults are on.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    on: Mutex<BTreeMap<String, Setting>>,
}

/// A fault that strikes now.
#[derive(Debug, Clone)]
pub(crate) struct Strike {
    value: Option<String>,
}

impl Strike {
    pub(crate) fn number(&self, default: u64) -> u64 {
        self.value.as_deref().and_then(|value| value.parse().ok()).unwrap_or(default)
    }

    pub(crate) fn text(&self, default: &str) -> String {
        self.value.clone().unwrap_or_else(|| default.to_owned())
    }
}

impl Faults {
    pub(crate) fn set(&self, setting: Setting) {
        self.lock().insert(setting.name.clone(), setting);
    }

    pub(crate) fn clear(&self, name: Option<&str>) {
        match name {
            Some(name) => drop(self.lock().remove(name)),
            None => self.lock().clear(),
        }
    }

    /// Whether a fault strikes here and now; counts it down.
    pub(crate) fn strikes(&self, name: &str, system: Option<System>) -> Option<Strike> {
        let mut on = self.lock();
        let setting = on.get_mut(name)?;
        if setting.system.is_some_and(|only| system.is_none_or(|system| system.key() != only)) {
            return None;
        }
        let strike = Strike { value: setting.value.clone() };
        match setting.times {
            Some(0 | 1) => drop(on.remove(name)),
            Some(left) => setting.times = Some(left - 1),
            None => {}
        }
        Some(strike)
    }

    /// All faults with their state, for the console.
    pub(crate) fn list(&self) -> Value {
        let on = self.lock();
        FAULTS
            .iter()
            .map(|fault| json!({"name": fault.name, "at": fault.at, "what": fault.what, "on": on.get(fault.name)}))
            .collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Setting>> {
        self.on.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_is_told() {
        let faults = Faults::default();
        faults.set(Setting::parse("too-many@valley=7*2").unwrap());
        assert!(faults.strikes("too-many", Some(System::Larkspur)).is_none());
        assert_eq!(faults.strikes("too-many", Some(System::Valley)).unwrap().number(1), 7);
        assert!(faults.strikes("too-many", Some(System::Valley)).is_some());
        assert!(faults.strikes("too-many", Some(System::Valley)).is_none());
    }

    #[test]
    fn an_unknown_fault_is_refused() {
        assert!(Setting::parse("gremlins").is_err());
        assert!(Setting::parse("slow@moon").is_err());
    }
}
