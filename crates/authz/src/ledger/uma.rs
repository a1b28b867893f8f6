use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use types::{ClientId, GrantId, PersonId, RequestId, ResourceId};

use super::{Claim, Row, Where};

/// Access to one resource, as a ticket asks for it and a grant on another resource server gives it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// At which resource server.
    pub at: Where,
    /// There: a registered [`ResourceId`]. Here: `Type/id`, `Type`, or `*`.
    pub resource: String,
    /// There: scopes that the resource is registered with. Here: `read`, `search`, `create`.
    pub scopes: Vec<String>,
}

/// A permission ticket (UMA 2.0): what a client was refused, to be asked of the owner. It buys that and no more, once,
/// from the client that redeemed it first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// SHA-256 of the ticket, hexadecimal.
    pub hash: String,
    /// What it is for; never empty, never at two resource servers.
    pub permissions: Vec<Permission>,
    /// Which client redeemed it, or a ticket it follows.
    pub client: Option<ClientId>,
    /// What was proven with it and with those it follows.
    pub claims: Vec<Claim>,
    /// The request it became.
    pub request: Option<RequestId>,
    /// Not before this may the client ask again.
    pub poll_after: Option<Timestamp>,
    /// Seconds it was told to wait; they grow when it does not.
    #[serde(default)]
    pub interval: u32,
    /// Hash of the persisted claims token that was used with it; it is replaced when a token comes of this.
    #[serde(default)]
    pub pct: Option<String>,
    /// The token that is to be upgraded.
    #[serde(default)]
    pub upgrades: Option<Upgrade>,
    /// Until when it is good.
    pub until: Timestamp,
}

/// A token that a client wants to have more with (UMA 2.0 Grant §3.3.5.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upgrade {
    /// Of which grant it is.
    pub grant: GrantId,
    /// What it is limited to.
    pub only: Vec<Permission>,
    /// Its hash, hexadecimal, when it is looked up; it is revoked by the next one.
    pub hash: Option<String>,
    /// Its `jti`, when it is signed.
    pub jti: Option<String>,
}

/// A persisted claims token: what a client has proven about the requesting party before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pct {
    /// SHA-256 of the token, hexadecimal.
    pub hash: String,
    /// Whose it is.
    pub client: ClientId,
    /// What was proven.
    pub claims: Vec<Claim>,
    /// Until when.
    pub until: Timestamp,
}

/// A resource that another resource server put under this authorization server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// `_id`.
    pub id: ResourceId,
    /// Which resource server's.
    pub server: ClientId,
    /// Whose record the owner said it belongs to, when they approved the resource server.
    pub person: Option<PersonId>,
    /// `resource_scopes`.
    pub scopes: Vec<String>,
    /// `name`.
    pub name: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `icon_uri`; kept, never fetched.
    pub icon_uri: Option<String>,
    /// `type`.
    pub kind: Option<String>,
    /// Since when.
    pub registered: Timestamp,
}

impl Row for Ticket {
    const TABLE: &'static str = "tickets";

    fn key(&self) -> String {
        self.hash.clone()
    }

    fn expires(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}

impl Row for Pct {
    const TABLE: &'static str = "pcts";

    fn key(&self) -> String {
        self.hash.clone()
    }

    fn expires(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}

impl Row for Resource {
    const TABLE: &'static str = "resources";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn expires(&self) -> Option<Timestamp> {
        None
    }
}
