//! The parts of a grant as they are written, and what they become.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use types::{Actions, Context};

use super::GrantError;
use crate::grant::selector::{WireSelector, given, is_plain, is_resource};
use crate::{Choice, Dates, Decision, Mode, Party, Permit, Proof, Term};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireParty {
    pub(super) name: String,
    pub(super) proof: WireProof,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum WireProof {
    Owner,
    Did(String),
    IdToken {
        issuer: String,
        subject: String,
    },
    Credential {
        #[serde(rename = "type")]
        kind: String,
        issuer: String,
    },
    Client(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WirePermit {
    pub(crate) context: String,
    pub(crate) actions: String,
    pub(crate) select: WireSelector,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WireMode {
    Strict,
    Usual,
    Loose,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WireDeidentified {
    Year,
    Shifted,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireTerm {
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<Timestamp>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<Timestamp>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(super) uses: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireDecision {
    resource: Box<str>,
    /// Absent: the whole resource.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    place: Box<str>,
    choice: WireChoice,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum WireChoice {
    Keep,
    TakeOut,
    LeaveOut,
}

impl TryFrom<WireParty> for Party {
    type Error = GrantError;

    fn try_from(wire: WireParty) -> Result<Self, GrantError> {
        let proof = match wire.proof {
            WireProof::Owner => Proof::Owner,
            WireProof::Did(did) if !did.starts_with("did:") => return Err(GrantError::Party),
            WireProof::Did(did) => Proof::Did(did),
            WireProof::IdToken { issuer, subject } => Proof::IdToken { issuer, subject },
            WireProof::Credential { kind, issuer } => Proof::Credential { kind, issuer },
            WireProof::Client(id) => Proof::Client(id),
        };
        let texts: &[&str] = match &proof {
            Proof::Owner => &[],
            Proof::Did(text) | Proof::Client(text) => &[text],
            Proof::IdToken { issuer, subject } => &[issuer, subject],
            Proof::Credential { kind, issuer } => &[kind, issuer],
        };
        if !is_plain(&wire.name) || !texts.iter().all(|text| is_plain(text)) {
            return Err(GrantError::Party);
        }
        Ok(Self { name: wire.name, proof })
    }
}

impl TryFrom<WirePermit> for Permit {
    type Error = GrantError;

    fn try_from(wire: WirePermit) -> Result<Self, GrantError> {
        Ok(Self {
            context: Context::parse(&wire.context).ok_or(GrantError::Context)?,
            actions: Actions::parse(&wire.actions).ok_or(GrantError::Actions)?,
            select: wire.select.try_into()?,
        })
    }
}

impl TryFrom<WireTerm> for Term {
    type Error = GrantError;

    fn try_from(wire: WireTerm) -> Result<Self, GrantError> {
        let backward = matches!((wire.start, wire.end), (Some(start), Some(end)) if end <= start);
        if backward || wire.uses == Some(0) {
            return Err(GrantError::Term);
        }
        Ok(Self { start: wire.start, end: wire.end, uses: wire.uses })
    }
}

impl TryFrom<WireDecision> for Decision {
    type Error = GrantError;

    fn try_from(wire: WireDecision) -> Result<Self, GrantError> {
        let pointed = wire.place.is_empty() || (wire.place.starts_with('/') && is_plain(&wire.place));
        if !is_resource(&wire.resource) || !pointed {
            return Err(GrantError::Decision);
        }
        let choice = match wire.choice {
            WireChoice::Keep => Choice::Keep,
            WireChoice::TakeOut => Choice::TakeOut,
            WireChoice::LeaveOut => Choice::LeaveOut,
        };
        Ok(Self { resource: wire.resource, place: wire.place, choice })
    }
}

impl From<WireMode> for Mode {
    fn from(wire: WireMode) -> Self {
        match wire {
            WireMode::Strict => Self::Strict,
            WireMode::Usual => Self::Usual,
            WireMode::Loose => Self::Loose,
        }
    }
}

impl From<WireDeidentified> for Dates {
    fn from(wire: WireDeidentified) -> Self {
        match wire {
            WireDeidentified::Year => Self::Year,
            WireDeidentified::Shifted => Self::Shifted,
        }
    }
}

impl From<&Permit> for WirePermit {
    fn from(permit: &Permit) -> Self {
        Self {
            context: permit.context.as_str().to_owned(),
            actions: permit.actions.to_string(),
            select: (&permit.select).into(),
        }
    }
}

impl From<Mode> for WireMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Strict => Self::Strict,
            Mode::Usual => Self::Usual,
            Mode::Loose => Self::Loose,
        }
    }
}

impl From<Dates> for WireDeidentified {
    fn from(dates: Dates) -> Self {
        match dates {
            Dates::Year => Self::Year,
            Dates::Shifted => Self::Shifted,
        }
    }
}

impl From<&Decision> for WireDecision {
    fn from(decision: &Decision) -> Self {
        let choice = match decision.choice {
            Choice::Keep => WireChoice::Keep,
            Choice::TakeOut => WireChoice::TakeOut,
            Choice::LeaveOut => WireChoice::LeaveOut,
        };
        Self { resource: decision.resource.clone(), place: decision.place.clone(), choice }
    }
}

impl From<&Party> for WireParty {
    fn from(party: &Party) -> Self {
        let proof = match party.proof.clone() {
            Proof::Owner => WireProof::Owner,
            Proof::Did(did) => WireProof::Did(did),
            Proof::IdToken { issuer, subject } => WireProof::IdToken { issuer, subject },
            Proof::Credential { kind, issuer } => WireProof::Credential { kind, issuer },
            Proof::Client(id) => WireProof::Client(id),
        };
        Self { name: party.name.clone(), proof }
    }
}
