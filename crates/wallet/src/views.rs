//! What a person sees, as plain values: one shape for the window and for `--json`.
//!
//! Texts that a person reads are not in here but in the message files; a view carries codes, dates and what the
//! source wrote. Missing is `None`, and is shown as "not stated".

mod activity;
mod card;
mod connection;
mod considered;
mod grant;
mod home;
mod key;
mod kinds;
mod mandates;
mod preview;
mod record;
mod sharing;
mod status;
mod trail;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use activity::*;
pub use card::*;
pub use connection::*;
pub use considered::*;
pub use grant::*;
pub use home::*;
pub use key::*;
pub use mandates::*;
pub use preview::*;
pub use record::*;
pub use sharing::*;
pub use status::*;
pub use trail::*;

/// An error as a person is told of it: the texts stand in the message files under `code`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// Code from the closed list, for example `launch.stateMismatch`, `fetch.timeout`, `keychain.locked`.
    pub code: String,
    /// Who erred, when known.
    pub whose: Whose,
    /// Names and numbers the text needs; never clinical, never a secret.
    pub details: BTreeMap<String, String>,
    /// The chain of causes, for experts.
    pub evidence: String,
}

/// Who erred.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Whose {
    /// This program.
    Us,
    /// The other side.
    Them,
    /// The person at the keyboard.
    You,
    /// The computer or the network in between.
    Computer,
    /// Not known.
    Unknown,
}
