//! Two wallets that know one another, and what one lets the other hold.

use serde::{Deserialize, Serialize};

use super::QrView;

/// Somebody whom a card was made for, or whose card is here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PairView {
    /// `par_…`.
    pub id: String,
    /// What the owner calls them.
    pub name: String,
    /// What their card calls them; never a fact before the codes were compared.
    pub says: Option<String>,
    /// Where their card says that their wallet's server is.
    pub server: Option<String>,
    /// Where it stands.
    pub state: PairState,
    /// The code to compare, while it is to be compared.
    pub code: Option<String>,
    /// RFC 3339.
    pub made: String,
    /// When their card came, RFC 3339.
    pub met: Option<String>,
    /// When the owner said what comparing brought, RFC 3339.
    pub judged: Option<String>,
    /// The contact that came of it, `cnt_…`.
    pub contact: Option<String>,
}

/// How far two wallets know one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum PairState {
    /// Their card has not come.
    Waiting,
    /// Both cards were exchanged; the codes are to be compared.
    ToCompare,
    /// The codes are the same: a contact.
    Compared,
    /// The codes differ: none.
    Refused,
}

/// A contact card, to give away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ContactCard {
    /// `par_…`.
    pub pair: String,
    /// What stands in the file `.satchel-contact`.
    pub card: String,
    /// The same as a code to scan.
    pub qr: QrView,
}

/// A mandate as it is given to its holder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct MandateText {
    /// The grant that it is of, `grt_…`.
    pub grant: String,
    /// What stands in the file `.satchel-mandate`.
    pub text: String,
    /// The same as a code to scan; `None` when it is too long for one.
    pub qr: Option<QrView>,
}

/// A mandate that another wallet gave to this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct HeldMandateView {
    /// `mnd_…`.
    pub id: String,
    /// Who gave it, as the owner calls them.
    pub from: String,
    /// `cnt_…`.
    pub contact: Option<String>,
    /// `per_…` whose record it is here.
    pub person: String,
    /// The giver's server.
    pub server: String,
    /// The source it is brought in through, `con_…`; `None` after that was erased.
    pub connection: Option<String>,
    /// Where it stands.
    pub state: MandateState,
    /// What it says it gives, in words of the protocol. What it leaves out is not said.
    pub scope: String,
    /// Codes of v3 PurposeOfUse.
    pub purposes: Vec<String>,
    /// When it was taken or asked for, RFC 3339.
    pub taken: String,
    /// Until when it holds, RFC 3339.
    pub until: Option<String>,
    /// When it ended, RFC 3339.
    pub ended: Option<String>,
    /// Items here.
    pub items: u32,
    /// How many of them are not shared any more.
    pub lapsed: u32,
    /// When the giver asked to erase them, RFC 3339.
    pub erase_asked: Option<String>,
    /// `erased`, `refused`.
    pub erase_answer: Option<String>,
    /// When that was decided, RFC 3339.
    pub erase_answered: Option<String>,
    /// When the giver was told, RFC 3339.
    pub erase_told: Option<String>,
    /// Seconds to wait between two looks, while it is asked for.
    pub interval: u32,
}

/// Where a mandate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum MandateState {
    /// The giver has not decided.
    Asking,
    /// It holds, as far as was heard.
    Held,
    /// The giver refused.
    Refused,
    /// It has ended.
    Ended,
}

/// A part of a record that somebody else lends: whose it is, and that it is not all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LentView {
    /// `mnd_…`.
    pub mandate: String,
    /// The source, `con_…`.
    pub connection: String,
    /// Who lends it, as the owner calls them.
    pub from: String,
    /// Until when, RFC 3339.
    pub until: Option<String>,
    /// When that ended, RFC 3339; what came is still here.
    pub ended: Option<String>,
}

/// That the other side was asked to erase, and what it says became of it. Nobody can look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct EraseView {
    /// RFC 3339.
    pub asked: String,
    /// `erased`, `refused`; `None`: not answered.
    pub answer: Option<String>,
    /// When it answered, RFC 3339.
    pub answered: Option<String>,
}
