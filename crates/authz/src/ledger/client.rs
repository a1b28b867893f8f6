use consent::Proof;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::{AppPasswordId, ClientId, ContactId, GrantId};

use super::Row;

/// A registered client. Registering approves nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// `client_id`.
    pub id: ClientId,
    /// `client_name`, as the client says it: shown to the owner as a claim, never as a fact.
    pub name: String,
    /// What it is.
    pub kind: ClientKind,
    /// `redirect_uris`, compared exactly but for the port of a loopback address (RFC 8252 §7.3).
    pub redirect_uris: Vec<String>,
    /// `claims_redirect_uris` (UMA 2.0 Grant §2), compared exactly. A redirect address is none unless it stands here too.
    #[serde(default)]
    pub claims_redirect_uris: Vec<String>,
    /// The keys it signs with; `None` is a public client.
    pub keys: Option<ClientKeys>,
    /// `grant_types` it registered.
    pub grant_types: Vec<String>,
    /// `scope` it registered.
    pub scope: String,
    /// Origins of its pages, which may read answers (CORS): the origins of its redirect addresses.
    pub origins: Vec<String>,
    /// `dpop_bound_access_tokens` (RFC 9449 §5.2): it never takes a token that is not bound to a key.
    #[serde(default)]
    pub dpop_bound: bool,
    /// When it registered.
    pub registered: Timestamp,
    /// When it last proved who it is, to the day; `None`: never. One that nothing was approved for goes after a while.
    #[serde(default)]
    pub used: Option<Timestamp>,
    /// The owner does not want to hear of it again.
    pub blocked: Option<Timestamp>,
    /// Hash of its registration access token (RFC 7592), hexadecimal.
    pub management: Option<String>,
}

/// What a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClientKind {
    /// An app that a person uses: code flow, UMA.
    App,
    /// A service without a person: `client_credentials`.
    Backend,
    /// A resource server that puts resources under this authorization server.
    ResourceServer,
}

/// Where a client's public keys are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClientKeys {
    /// `jwks`, given when it registered.
    Inline(Value),
    /// `jwks_uri`.
    At(String),
    /// SHA-256 of a `client_secret` (32 random bytes), hexadecimal.
    Secret(String),
}

/// A person or an organization the owner knows, with what proves that it is them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Which contact.
    pub id: ContactId,
    /// What the owner calls them.
    pub name: String,
    /// What they prove themselves with, any of these, written as [`proof_text`].
    pub proofs: Vec<String>,
    /// Since when.
    pub since: Timestamp,
    /// The owner does not want to hear of them again.
    pub blocked: Option<Timestamp>,
    /// When the owner compared the key that they prove themselves with, by a code, with the one that they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Timestamp>,
}

/// A proof as one text: `did:…`, `idToken ISSUER SUBJECT`, `credential TYPE ISSUER`, `client ID`, `owner`. Equal texts
/// are equal proofs.
pub fn proof_text(proof: &Proof) -> String {
    match proof {
        Proof::Owner => "owner".to_owned(),
        Proof::Did(did) => did.clone(),
        Proof::IdToken { issuer, subject } => format!("idToken {issuer} {subject}"),
        Proof::Credential { kind, issuer } => format!("credential {kind} {issuer}"),
        Proof::Client(id) => format!("client {id}"),
    }
}

/// An issuer of `id_token`s that the owner trusts to say who somebody is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// `iss`.
    pub issuer: String,
    /// What the owner calls it.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// A password of one of the owner's own tools; it opens one grant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppPassword {
    /// Which; the user name of HTTP Basic.
    pub id: AppPasswordId,
    /// What the owner calls the tool.
    pub name: String,
    /// SHA-256 of the password (32 random bytes), hexadecimal.
    pub hash: String,
    /// What it opens.
    pub grant: GrantId,
    /// Since when.
    pub made: Timestamp,
    /// Wrong passwords since the last right one.
    #[serde(default)]
    pub failed: u32,
    /// When the last of them came.
    #[serde(default)]
    pub failed_at: Option<Timestamp>,
}

/// Something that was used and must not be again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Once {
    /// Hash of whose it is and what it is, hexadecimal.
    pub hash: String,
    /// From when it would be refused as too old anyway.
    pub until: Timestamp,
}

/// A document from elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brought {
    /// Where it was.
    pub url: String,
    /// What it said; `None` when it could not be had.
    pub document: Option<Value>,
    /// When it was brought.
    pub at: Timestamp,
    /// Until when it may be gone by.
    pub until: Timestamp,
}

impl Row for Client {
    const TABLE: &'static str = "clients";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn expires(&self) -> Option<Timestamp> {
        None
    }
}

impl Row for Contact {
    const TABLE: &'static str = "contacts";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn expires(&self) -> Option<Timestamp> {
        None
    }
}

impl Row for Issuer {
    const TABLE: &'static str = "issuers";

    fn key(&self) -> String {
        self.issuer.clone()
    }

    fn expires(&self) -> Option<Timestamp> {
        None
    }
}

impl Row for AppPassword {
    const TABLE: &'static str = "app_passwords";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn expires(&self) -> Option<Timestamp> {
        None
    }
}

impl Row for Once {
    const TABLE: &'static str = "once";

    fn key(&self) -> String {
        self.hash.clone()
    }

    fn expires(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}

impl Row for Brought {
    const TABLE: &'static str = "brought";

    fn key(&self) -> String {
        self.url.clone()
    }

    fn expires(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}
