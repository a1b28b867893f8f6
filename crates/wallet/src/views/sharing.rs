//! Who asks, who may see what, and what they saw: the owner's side of sharing.

use serde::{Deserialize, Serialize};

use super::{EraseView, ReasonCount, Sentence, TypeCount};

/// Everything about sharing at one glance, of the person shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SharingView {
    /// Whether others can reach this wallet now.
    pub service: ServiceView,
    /// Requests that wait for the owner, the oldest first. They are nobody's until the owner says whose record is meant.
    pub waiting: Vec<RequestView>,
    /// Who can see something now.
    pub now: Vec<ShareView>,
    /// What has ended, the latest first.
    pub ended: Vec<ShareView>,
    /// Whom the owner knows.
    pub contacts: Vec<ContactView>,
}

/// Whether others can reach this wallet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ServiceView {
    /// Whether it listens, in this process.
    pub on: bool,
    /// FHIR address that others are given.
    pub fhir: Option<String>,
    /// Whether it can be reached from other computers: with TLS, and by the owner's choice only.
    pub beyond_this_computer: bool,
}

/// Something that a third party asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct RequestView {
    /// `req_…`.
    pub id: String,
    /// Through which door it came.
    pub door: RequestDoor,
    /// The program that asks.
    pub client: ClientView,
    /// What was proven about who stands behind it. Empty: nothing.
    pub claims: Vec<ClaimView>,
    /// The contact that one of the proofs belongs to.
    pub contact: Option<ContactView>,
    /// What is asked, sentence by sentence.
    pub asked: Vec<Sentence>,
    /// The grant as asked, in JSON: what approving without narrowing enforces. `None` for a resource server.
    pub grant: Option<String>,
    /// Resources of other resource servers that are asked for.
    pub elsewhere: Vec<ElsewhereView>,
    /// The code that the other side's page shows too.
    pub compare: String,
    /// RFC 3339.
    pub made: String,
    /// Until when it waits, RFC 3339.
    pub until: String,
    /// Where it stands.
    pub standing: RequestStanding,
    /// What came of it, `grt_…`.
    pub share: Option<String>,
    /// What the owner asked back.
    pub asked_back: Option<AskedBackView>,
}

/// What the owner asked back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AskedBackView {
    /// One line of plain text.
    pub message: String,
    /// RFC 3339.
    pub at: String,
}

/// Through which door something was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum RequestDoor {
    /// A program with a browser (SMART standalone launch).
    Launch,
    /// A person or a program that was told to ask (UMA).
    Uma,
    /// A service without a person at it.
    Backend,
    /// A resource server that wants to put what it keeps under this wallet.
    Federation,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum RequestStanding {
    /// It waits.
    Asked,
    /// Approved, as asked or narrowed.
    Approved,
    /// Refused.
    Refused,
    /// The other side took it back, or asked anew.
    Withdrawn,
    /// Its time was over before anything was decided.
    Expired,
}

/// A program that registered here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ClientView {
    /// `cli_…`.
    pub id: String,
    /// What it calls itself; never a fact.
    pub name: String,
    /// `app`, `backend`, `resourceServer`.
    pub kind: String,
    /// Whether it proves itself with a key or a secret.
    pub proves_itself: bool,
    /// RFC 3339.
    pub registered: String,
    /// The owner does not want to hear of it.
    pub blocked: bool,
}

/// Something that was proven about who asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ClaimView {
    /// How it reads: `who.did`, `who.idToken`, … with its places.
    pub sentence: Sentence,
    /// A name that stood beside it; never a fact.
    pub name: Option<String>,
    /// When the proof was found to hold, RFC 3339.
    pub proven: String,
}

/// A resource of another resource server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ElsewhereView {
    /// What its server calls it.
    pub name: String,
    /// The server.
    pub server: String,
    /// What may be done with it, in its server's words.
    pub scopes: Vec<String>,
}

/// A person or an organization the owner knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ContactView {
    /// `cnt_…`.
    pub id: String,
    /// What the owner calls them.
    pub name: String,
    /// What they prove themselves with, as sentences.
    pub proofs: Vec<Sentence>,
    /// RFC 3339.
    pub since: String,
    /// The owner does not want to hear of them.
    pub blocked: bool,
    /// Cards were exchanged with them, and the codes compared.
    pub compared: bool,
}

/// A share: a grant as the owner approved it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ShareView {
    /// `grt_…`.
    pub id: String,
    /// What the owner calls the other side.
    pub name: String,
    /// `cnt_…`, the contact it was given to without being asked.
    pub mandate_for: Option<String>,
    /// `per_…` whose record.
    pub person: String,
    /// What it says, sentence by sentence.
    pub summary: Vec<Sentence>,
    /// Resources of other resource servers.
    pub elsewhere: Vec<ElsewhereView>,
    /// When it was approved, RFC 3339.
    pub approved: String,
    /// Until when, RFC 3339; `None`: until the owner ends it.
    pub until: Option<String>,
    /// Answers with data so far.
    pub uses: u32,
    /// How many there may be.
    pub uses_at_most: Option<u32>,
    /// When it was last used, RFC 3339.
    pub last_used: Option<String>,
    /// When it ended, RFC 3339.
    pub ended: Option<String>,
    /// Why: `owner`, `time`, `uses`, `replaced`, `reuse`.
    pub why_ended: Option<String>,
    /// Whether it is for a contact whose code was compared: their Satchel takes the mandate, and hears of its end.
    pub compared: bool,
    /// That the other side was asked to erase what it has, and what it says.
    pub erase: Option<EraseView>,
}

/// One share, in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ShareDetail {
    /// The share.
    pub share: ShareView,
    /// Resources by type, as the view is now; empty when it has ended.
    pub types: Vec<TypeCount>,
    /// Why what stays in stays in.
    pub reasons: Vec<ReasonCount>,
    /// What came into the view since it was approved; `None` when it has ended, or when ids and days are new ones.
    pub since: Option<SinceView>,
    /// Uses by week, the latest twelve, the oldest first.
    pub weeks: Vec<WeekCount>,
    /// The latest uses, the newest first.
    pub uses: Vec<UseView>,
    /// The program that uses it.
    pub client: Option<ClientView>,
    /// The grant in JSON.
    pub grant: String,
}

/// What came into a view since its grant was approved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SinceView {
    /// Items that were not here then.
    pub came: u32,
    /// Items that are newer than they were then.
    pub changed: u32,
}

/// How often in one week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct WeekCount {
    /// Its Monday, `2027-05-03`.
    pub monday: String,
    /// How often.
    pub count: u32,
}

/// One request of the other side, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct UseView {
    /// Number of its entry in the trail.
    pub seq: u32,
    /// RFC 3339.
    pub at: String,
    /// What was asked: method and target, for experts.
    pub asked: String,
    /// The resource type it was about, when there is one.
    pub resource_type: Option<String>,
    /// How many resources went out.
    pub released: u32,
    /// HTTP status.
    pub status: u16,
}

/// What one share saw on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SeenView {
    /// The share as it stood.
    pub share: ShareView,
    /// How many resources it opened that day, rebuilt.
    pub open: u32,
    /// What was asked that day, the first first.
    pub uses: Vec<UseView>,
    /// What went out.
    pub released: Vec<super::ResourceName>,
    /// Whether everything that the trail says went out was in the rebuilt view.
    pub matches: bool,
}
