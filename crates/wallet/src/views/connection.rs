//! Health systems: finding, connecting, pulling, checking.
use serde::{Deserialize, Serialize};

use super::record::Kind;

/// A health system in the directory the owner brought in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DirectoryEntry {
    /// Name of the brand.
    pub name: String,
    /// Name of the portal, when it differs.
    pub portal: Option<String>,
    /// City and state.
    pub place: Option<String>,
    /// FHIR address.
    pub address: String,
}

/// Answer of a directory search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DirectoryPage {
    /// Entries in the whole directory; 0 when none was brought in.
    pub entries: u32,
    /// When the directory was brought in, RFC 3339.
    pub date: Option<String>,
    /// Hits, at most 50.
    pub hits: Vec<DirectoryEntry>,
}

/// A connection of the current person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// `con_…`.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// FHIR address.
    pub address: String,
    /// How it stands.
    pub state: ConnectionState,
    /// When it was made, RFC 3339.
    pub since: String,
    /// When it was last pulled to the end, RFC 3339.
    pub last_pull: Option<String>,
    /// Items that came from it.
    pub items: u32,
    /// Whether it can issue health cards here (`$health-cards-issue`).
    pub issues_cards: bool,
    /// The mandate under which it is brought in, `mnd_…`: somebody else's record, and a part of it.
    pub mandate: Option<String>,
    /// Whether the next pull works without signing in.
    pub refreshable: bool,
    /// For experts: scopes granted, in words of the protocol.
    pub scopes: String,
}

/// How a connection stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum ConnectionState {
    /// Ready.
    Ready,
    /// Needs signing in again.
    NeedsSignIn,
    /// Disconnected; what was brought in stays.
    Disconnected,
}

/// A launch that is under way. Poll it; each state is whole in itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LaunchView {
    /// Number of the launch, for the following calls.
    pub id: u32,
    /// Where it stands.
    pub stage: LaunchStage,
    /// Name of the system.
    pub name: String,
    /// FHIR address.
    pub address: String,
    /// Host the browser opens, for comparing.
    pub sign_in_host: Option<String>,
    /// The address the browser was sent to, for copying.
    pub authorize_url: Option<String>,
    /// What is asked for, by kind.
    pub asks: Vec<Kind>,
    /// Whether leave to come back without signing in is asked for.
    pub asks_offline: bool,
    /// Seconds left until the launch is given up.
    pub seconds_left: u32,
    /// Set when `stage` is `Connected`.
    pub connection: Option<String>,
    /// Set when `stage` is `Failed`.
    pub error: Option<super::ErrorView>,
}

/// Steps of a launch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum LaunchStage {
    /// Reading the system's configuration.
    Discovering,
    /// The browser is open; waiting for it to come back.
    Waiting,
    /// Exchanging the code and checking who signed in.
    Exchanging,
    /// Connected.
    Connected,
    /// Given up by the person.
    Cancelled,
    /// Failed; see `error`.
    Failed,
}

/// A pull that is under way or done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PullView {
    /// `pul_…`.
    pub id: String,
    /// The connection.
    pub connection: String,
    /// Name of the source.
    pub name: String,
    /// Where it stands.
    pub stage: PullStage,
    /// Items so far.
    pub items: u32,
    /// Kinds, in the order they are pulled.
    pub kinds: Vec<PullKind>,
    /// Set while the system asked us to wait: seconds left.
    pub waiting_seconds: Option<u32>,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it ended, RFC 3339.
    pub ended: Option<String>,
    /// Why the whole pull stopped early, when it did.
    pub error: Option<super::ErrorView>,
}

/// Where a pull stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum PullStage {
    /// Running.
    Running,
    /// Slowed by the system (429, 503 with Retry-After).
    Slowed,
    /// Stopped because the vault was locked or the program closed; the next pull goes on from here.
    Paused,
    /// Done, all kinds answered or said why not.
    Done,
    /// Stopped early; what came stays.
    Stopped,
}

/// One kind within a pull.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PullKind {
    /// FHIR resource type (with category, for observations: `Observation laboratory`).
    pub name: String,
    /// What a person calls it.
    pub kind: Kind,
    /// How it went.
    pub outcome: KindOutcome,
    /// The system's own total, when it said one.
    pub expected: Option<u32>,
    /// Items seen.
    pub seen: u32,
    /// Not here before.
    pub new: u32,
    /// Here in an older version.
    pub changed: u32,
    /// Here already.
    pub unchanged: u32,
    /// Items that could not be kept (not FHIR, wrong patient, too large).
    pub failed: u32,
    /// Why, when `outcome` is `Failed`, `Refused` or `Unsupported`.
    pub error: Option<super::ErrorView>,
}

impl PullKind {
    /// Name of the step that fetches files.
    pub const FILES: &str = "Binary";

    /// Whether what it counts are items. Files are parts of their documents.
    pub fn counts_items(&self) -> bool {
        self.name != Self::FILES
    }
}

/// How one kind went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum KindOutcome {
    /// Not begun.
    Waiting,
    /// Coming in.
    Running,
    /// All of it is here.
    Done,
    /// The system did not release it (403, 401, scope not granted).
    Refused,
    /// The system does not have this kind (404, 400, not in its capabilities).
    Unsupported,
    /// It failed; the rest went on.
    Failed,
}

/// What the connection doctor found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DoctorView {
    /// FHIR address looked at.
    pub address: String,
    /// Name, when the system says one.
    pub name: Option<String>,
    /// Steps in order.
    pub steps: Vec<DoctorStep>,
    /// The first thing that is wrong; `None` when all works.
    pub finding: Option<super::ErrorView>,
    /// A message to send to the system's support, plain text, no secrets.
    pub message: Option<String>,
}

/// One step of the doctor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DoctorStep {
    /// Key of the text: `address`, `reach`, `tls`, `configuration`, `authorize`, `token`, `pkce`, `capability`, `fhirVersion`, `scopes`, `clock`, `registration`.
    pub step: String,
    /// How it went.
    pub outcome: StepOutcome,
    /// What was seen, for experts; no secrets.
    pub evidence: String,
}

/// How a step went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum StepOutcome {
    /// As it should be.
    Good,
    /// Works, but not as the standard says.
    Note,
    /// Does not work.
    Bad,
    /// Not looked at, because an earlier step failed.
    Skipped,
}

/// What a disconnect did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DisconnectView {
    /// Whether the provider confirmed that the tokens are dead.
    pub revoked: Revoked,
    /// Items that stay.
    pub items: u32,
}

/// Whether the provider took the tokens back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Revoked {
    /// Confirmed.
    Confirmed,
    /// The provider offers no revocation; tokens here are wiped.
    NotOffered,
    /// Asked, but not confirmed; tokens here are wiped.
    NotConfirmed,
}
