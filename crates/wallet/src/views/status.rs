//! Is there a vault, is it open, whose record is shown.
use serde::{Deserialize, Serialize};

/// What the window and the command line see first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Where the wallet stands.
    pub state: VaultState,
    /// How the vault's key is kept; `None` before there is a vault.
    pub protection: Option<Protection>,
    /// Set while `state` is `KeychainProblem`.
    pub fault: Option<KeychainFault>,
    /// When it was locked (RFC 3339) and why; `None` while open.
    pub locked: Option<Locked>,
    /// The people in this vault, the owner first; empty while locked.
    pub people: Vec<PersonView>,
    /// Whose record is shown.
    pub current: Option<String>,
    /// Version of the program.
    pub version: String,
    /// Kept outside the vault, because they are needed before it opens.
    pub look: Look,
}

/// The four doors of the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum VaultState {
    /// No vault yet: first run.
    Absent,
    /// There is a vault and it is closed.
    Locked,
    /// Open.
    Open,
    /// The key cannot be reached.
    KeychainProblem,
}

/// How the vault's key is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Protection {
    /// In the operating system's key store.
    Keychain,
    /// Sealed under a passphrase (Argon2id).
    Passphrase,
}

/// What is wrong with the key store: three faults, three texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum KeychainFault {
    /// There is none on this computer, or it does not answer.
    Missing,
    /// It is locked, and nobody unlocked it.
    Locked,
    /// The person or the system refused.
    Refused,
    /// It answers, but holds no key for this vault.
    KeyGone,
}

/// When and why it locked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Locked {
    /// RFC 3339 instant; `None` when the program has just started.
    pub at: Option<String>,
    /// Why.
    pub reason: LockReason,
}

/// Why the vault is closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum LockReason {
    /// The program has just started.
    Started,
    /// The person locked it.
    Asked,
    /// Nobody used it for the minutes set.
    Idle,
}

/// Language, theme and other choices needed before unlocking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Look {
    /// `en`, `es`, or `system`.
    pub language: String,
    /// `light`, `dark`, or `system`.
    pub theme: String,
    /// Whether `/` and `?` work as shortcuts.
    pub single_key_shortcuts: bool,
    /// Minutes without use before it locks; 0 is never.
    pub auto_lock_minutes: u32,
    /// Whether closing the window leaves the program there while others can reach it.
    pub keep_running: bool,
    /// Size of everything in the window, in percent: 40 to 400.
    pub zoom: u32,
}

/// A person whose record is kept here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// `per_…`.
    pub id: String,
    /// As the owner wrote it.
    pub name: String,
    /// What this person is to the owner: `self`, `child`, `parent`, `partner`, `other`.
    pub relation: Relation,
    /// ISO date, when stated.
    pub birth_date: Option<String>,
    /// What of this record somebody else lends under a mandate: whose it is, and that it is a part.
    pub lent: Vec<super::LentView>,
}

/// What a person is to the owner of the wallet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Relation {
    /// The owner.
    Me,
    /// A child of the owner.
    Child,
    /// The owner's mother or father.
    Parent,
    /// Husband, wife, partner.
    Partner,
    /// Anyone else.
    Other,
}
