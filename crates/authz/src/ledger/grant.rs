use consent::Grant;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::{ClientId, ContactId, GrantId, PersonId, RequestId};

use super::{Answered, Permission, Row, TokenFormat};
use crate::AskedBack;

/// What a third party asks of the owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Which request.
    pub id: RequestId,
    /// Through which door it came.
    pub door: Door,
    /// Which client sent it.
    pub client: ClientId,
    /// Who stands behind it, as far as that was proven or only said.
    pub claims: Vec<Claim>,
    /// What is asked.
    pub asked: Asked,
    /// What the owner's window and the other side's page both show.
    pub compare: String,
    /// How the answer goes back.
    pub answered: Answered,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it waits for the owner.
    pub until: Timestamp,
    /// Where it stands.
    pub state: RequestState,
    /// What the owner asked back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<AskedBack>,
}

/// Through which door something was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Door {
    /// SMART standalone launch.
    Launch,
    /// UMA grant.
    Uma,
    /// Backend services.
    Backend,
    /// A resource server that wants to put resources under this server (a protection token).
    Federation,
}

/// What was said about who is asking, and what came of checking it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The proof, as [`proof_text`](crate::proof_text) writes it.
    pub proof: String,
    /// A name that stood beside it. Never a fact, also when the proof holds.
    pub name: Option<String>,
    /// When the proof was found to hold. An unproven claim is not kept.
    pub proven: Timestamp,
}

/// What is asked, as the client wrote it; read by `consent`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// `scope`.
    pub scope: String,
    /// `authorization_details` (RFC 9396), a list.
    pub details: Option<Value>,
    /// What a ticket is for.
    pub permissions: Vec<Permission>,
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum RequestState {
    /// It waits for the owner.
    Asked,
    /// As asked, or narrowed.
    Approved {
        /// What came of it.
        grant: GrantId,
        /// When.
        at: Timestamp,
    },
    /// The owner refused.
    Refused {
        /// When.
        at: Timestamp,
    },
    /// The client took it back, or was replaced by a later request of its own.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

/// A grant as the owner approved it, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// The one typed value that everything derives from.
    pub grant: Grant,
    /// Whose record.
    pub person: PersonId,
    /// Id of their Patient as the view shows it: the launch context.
    pub patient: Option<String>,
    /// Which client may use it; `None`: any that proves the grant's party.
    pub client: Option<ClientId>,
    /// Which contact it was given to.
    pub contact: Option<ContactId>,
    /// Which request it answers; none when the owner made it by themselves.
    pub request: Option<RequestId>,
    /// Resources of other resource servers, with their scopes.
    pub permissions: Vec<Permission>,
    /// `openid`, `offline_access` and their like, as approved; the scopes for resources follow from the grant.
    pub scope: String,
    /// How its access tokens are written.
    pub format: TokenFormat,
    /// When it was approved.
    pub approved: Timestamp,
    /// Answers with data so far; what is behind `counted` in the trail comes on top.
    pub uses: u32,
    /// Number of the entry of the trail up to which `uses` counts; `None`: all there are.
    #[serde(default)]
    pub counted: Option<u64>,
    /// It has ended, for ever.
    pub ended: Option<Ended>,
    /// The owner asked the other side to erase what left under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erase: Option<Erase>,
}

/// That the owner asked to erase, and what the other side says became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// When it was asked.
    pub asked: Timestamp,
    /// What the other side answered, signed with the key that the grant is for; `None`: nothing yet.
    pub answer: Option<(Erasure, Timestamp)>,
}

/// What the other side says about erasing. Nobody can look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Erasure {
    /// It erased everything.
    Erased,
    /// Its owner keeps it.
    Refused,
}

/// When and why a grant ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: WhyEnded,
}

/// Why a grant ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WhyEnded {
    /// The owner ended it.
    Owner,
    /// Its time was over.
    Time,
    /// It was used as often as it may be.
    Uses,
    /// A later grant stands in its place.
    Replaced,
    /// A code or refresh token of it was used twice: somebody has a copy.
    Reuse,
    /// The client took its registration back (RFC 7592 §2.3).
    Client,
}

/// Which resource server something is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Where {
    /// The wallet's own FHIR server.
    Here,
    /// Another one.
    At(ClientId),
}

impl Door {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Launch, Self::Uma, Self::Backend, Self::Federation];
}

impl Approved {
    /// Whether it can be used at this instant.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.grant.term.holds(now) && self.grant.term.uses.is_none_or(|uses| self.uses < uses)
    }
}

impl Row for Request {
    const TABLE: &'static str = "requests";

    fn key(&self) -> String {
        self.id.to_string()
    }

    /// What came to nothing goes after a while, whoever asks and asks again; the trail tells of it for ever. One that
    /// was approved stays with its grant. A refusal stays for as long as it stands for the next that asks the same.
    fn expires(&self) -> Option<Timestamp> {
        let (since, days) = match self.state {
            RequestState::Approved { .. } => return None,
            RequestState::Asked => (self.until, 7),
            RequestState::Withdrawn { at } => (at, 7),
            RequestState::Refused { at } => (at, 31),
        };
        since.saturating_add(SignedDuration::from_hours(24 * days)).ok()
    }
}

impl Row for Approved {
    const TABLE: &'static str = "grants";

    fn key(&self) -> String {
        self.grant.id.to_string()
    }

    fn expires(&self) -> Option<Timestamp> {
        None
    }
}
