//! Two wallets that know one another: each makes a key for the other alone, gives a card with it, and both owners compare
//! a code that follows from both keys. Only whoever was compared counts as verified.

use std::path::Path;

use audit::{Action, Draft};
use authz::Contact;
use keychain::KeyKind;
use serde_json::Value;
use types::{ContactId, PairId};
use vault::{PairRow, TheirCard};

use crate::authority::ISSUER;
use crate::cards::qr_view;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::people::checked_name;
use crate::views::{ContactCard, PairState, PairView};
use crate::{Wallet, now};

pub(crate) mod card;
mod code;
pub(crate) mod file;
pub(crate) mod signed;

use card::CardDraft;
pub use card::MeetError;

/// Most pairs that wait for the other card: whoever makes cards without end finds out.
const MAX_WAITING: usize = 200;

/// Whether a card says where the wallet's own server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerAddress {
    /// It does, when the server was ever opened.
    Told,
    /// It does not.
    Kept,
}

/// What both owners found when they compared their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// They are the same.
    Same,
    /// They differ: somebody changed a card on its way.
    Different,
}

impl Wallet {
    /// Everybody whom a card was made for or is here of, oldest first, with the code to compare where that is to be done.
    pub async fn pairs(&self) -> Result<Vec<PairView>, WalletError> {
        let rows = self.with(|open| Ok(open.vault.pairs()?)).await?;
        self.aside(move || rows.iter().map(view).collect()).await
    }

    /// Makes a key for somebody, and the card to give to them.
    pub async fn make_contact_card(&self, name: &str, address: ServerAddress) -> Result<ContactCard, WalletError> {
        let name = checked_name(name)?;
        self.with(move |open| {
            let row = open.make_pair(&name)?;
            open.written(&row, address)
        })
        .await
    }

    /// The card of a pair again, good from now on. After their card came it says that it is for them alone.
    pub async fn contact_card(&self, pair: &str, address: ServerAddress) -> Result<ContactCard, WalletError> {
        let id = pair_id(pair)?;
        self.with(move |open| {
            let row = open.vault.pair(&id)?;
            open.written(&row, address)
        })
        .await
    }

    /// Writes the card of a pair to a file, `.satchel-contact`.
    pub async fn contact_card_save(&self, pair: &str, address: ServerAddress, path: &Path) -> Result<(), WalletError> {
        let card = self.contact_card(pair, address).await?.card;
        self.keep_text(&card, path).await
    }

    /// Takes in a card that somebody gave, as text or as the picture of its code. `name` is what to call them; `pair` says for whom the own card was made that
    /// they have, where theirs does not say it. Without either the key for them is made now.
    pub async fn read_contact_card(
        &self,
        card: &[u8],
        name: Option<&str>,
        pair: Option<&str>,
    ) -> Result<PairView, WalletError> {
        let name = name.map(checked_name).transpose()?;
        let pair = pair.map(pair_id).transpose()?;
        let given = card.to_vec();
        let card =
            self.aside(move || Ok(card::read(&file::text_in(&given).map_err(|_| MeetError::NoCode)?, now())?)).await?;
        let row = self
            .with(move |open| {
                let all = open.vault.pairs()?;
                if all.iter().any(|row| row.own_did == card.did) {
                    return Err(MeetError::Own.into());
                }
                let known = |row: &&PairRow| row.theirs.as_ref().is_some_and(|theirs| theirs.did == card.did);
                if let Some(row) = all.iter().find(known) {
                    return Err(if row.verdict.as_deref() == Some(DIFFERENT) {
                        MeetError::Refused.into()
                    } else {
                        MeetError::Known.into()
                    });
                }
                let meant = match (&card.meant_for, &pair) {
                    (Some(did), _) => {
                        let own = all.into_iter().find(|row| row.own_did == *did);
                        Some(own.ok_or(MeetError::ForSomebodyElse)?)
                    }
                    (None, Some(id)) => Some(open.vault.pair(id)?),
                    (None, None) => None,
                };
                let mut row = match meant {
                    Some(row) if row.theirs.is_some() => return Err(MeetError::Answered.into()),
                    Some(row) => row,
                    None => open.make_pair(name.as_deref().unwrap_or(&card.name))?,
                };
                if let Some(name) = name {
                    row.name = name;
                }
                row.theirs = Some(TheirCard {
                    did: card.did,
                    name: card.name,
                    server: card.server.map(|server| server.to_string()),
                    card: card.text,
                    met: now(),
                });
                open.vault.update_pair(&row)?;
                open.tell_of_pair(Action::ContactMet, &row)?;
                Ok(row)
            })
            .await?;
        self.aside(move || view(&row)).await
    }

    /// The owners compared their codes. The same: they are a contact from now on, known by this key. Different: they
    /// are none, the key made for them is destroyed, and what came stays as evidence.
    pub async fn compare_contact(&self, pair: &str, compared: Compared) -> Result<PairView, WalletError> {
        let id = pair_id(pair)?;
        let row = self.with(move |open| open.compare(&id, compared)).await?;
        self.aside(move || view(&row)).await
    }
}

/// Verdicts of comparing.
const SAME: &str = "same";
const DIFFERENT: &str = "different";

impl Open {
    fn make_pair(&mut self, name: &str) -> Result<PairRow, WalletError> {
        if self.vault.pairs()?.iter().filter(|row| row.theirs.is_none()).count() >= MAX_WAITING {
            return Err(MeetError::TooMany.into());
        }
        let id = PairId::from_random(crypto::random()?);
        let key_name = format!("pair-{id}");
        let public = self.keys.make_key(&key_name, KeyKind::Ed25519)?;
        let row = PairRow {
            id,
            name: name.to_owned(),
            own_did: did::key_from_ed25519(&public)?.to_string(),
            key_name,
            made: now(),
            theirs: None,
            verdict: None,
            judged: None,
            contact: None,
        };
        self.vault.add_pair(&row)?;
        self.tell_of_pair(Action::ContactCardMade, &row)?;
        Ok(row)
    }

    fn written(&mut self, row: &PairRow, address: ServerAddress) -> Result<ContactCard, WalletError> {
        if row.verdict.as_deref() == Some(DIFFERENT) {
            return Err(MeetError::Refused.into());
        }
        let server = match address {
            ServerAddress::Told => self.vault.setting(ISSUER)?,
            ServerAddress::Kept => None,
        };
        // The owner is who was here first.
        let owner = self.vault.people()?.into_iter().next().ok_or(InputError::UnknownId)?;
        let meant_for = row.theirs.as_ref().map(|theirs| theirs.did.as_str());
        let draft = CardDraft { did: &row.own_did, name: &owner.name, server: server.as_deref(), meant_for };
        let card = self.sign_as(row, card::TYPE, &draft.claims(now()))?;
        let qr = qr_view(credentials::qr::of_text(&card)?);
        Ok(ContactCard { pair: row.id.to_string(), card, qr })
    }

    fn compare(&mut self, id: &PairId, compared: Compared) -> Result<PairRow, WalletError> {
        let mut row = self.vault.pair(id)?;
        let theirs = row.theirs.clone().ok_or(MeetError::NoCard)?;
        if row.verdict.is_some() {
            return Err(MeetError::Compared.into());
        }
        row.judged = Some(now());
        match compared {
            Compared::Same => {
                row.verdict = Some(SAME.to_owned());
                row.contact = Some(self.noted(&row.name, &theirs.did)?);
                self.vault.update_pair(&row)?;
                self.tell_of_pair(Action::ContactCompared, &row)?;
            }
            Compared::Different => {
                row.verdict = Some(DIFFERENT.to_owned());
                self.vault.update_pair(&row)?;
                self.forget_key(&row.key_name)?;
                self.tell_of_pair(Action::ContactMistaken, &row)?;
            }
        }
        Ok(row)
    }

    /// The contact with this key; the one there is already, when this was stopped half way before.
    fn noted(&mut self, name: &str, did: &str) -> Result<ContactId, WalletError> {
        self.decide(|doing| {
            let is_known = |contact: &&Contact| contact.compared.is_some() && contact.proofs == [did];
            let known = doing.step.ledger.contacts.iter().find(is_known);
            if let Some(known) = known {
                return Ok(known.id.clone());
            }
            let id = ContactId::from_random(doing.step.draw.id());
            let (since, name, proofs) = (doing.step.now, name.to_owned(), vec![did.to_owned()]);
            let compared = Some(since);
            doing.step.ledger.contacts.put(Contact { id: id.clone(), name, proofs, since, blocked: None, compared });
            Ok(id)
        })
    }

    /// The pair with this key of theirs, when the owners compared it.
    pub(crate) fn compared_with(&self, did: &str) -> Result<Option<PairRow>, WalletError> {
        let of = |row: &PairRow| row.theirs.as_ref().is_some_and(|theirs| theirs.did == did);
        Ok(self.vault.pairs()?.into_iter().find(|row| of(row) && row.verdict.as_deref() == Some(SAME)))
    }

    /// The same of a contact.
    pub(crate) fn pair_of(&self, contact: &str) -> Result<PairRow, WalletError> {
        let of = |row: &PairRow| row.contact.as_ref().is_some_and(|id| id.as_str() == contact);
        let found = self.vault.pairs()?.into_iter().find(|row| of(row) && row.verdict.as_deref() == Some(SAME));
        found.ok_or_else(|| MeetError::NotCompared.into())
    }

    /// Signs with the key that was made for this contact.
    pub(crate) fn sign_as(&self, pair: &PairRow, typ: &str, claims: &Value) -> Result<String, WalletError> {
        signed::sign(&self.keys.signer(&pair.key_name)?, &pair.own_did, typ, claims)
    }

    fn tell_of_pair(&mut self, action: Action, row: &PairRow) -> Result<(), WalletError> {
        let subject = row.contact.as_ref().map_or_else(|| row.id.to_string(), ToString::to_string);
        self.record(Draft { subject: Some(subject), ..Draft::done(action) })
    }
}

fn pair_id(text: &str) -> Result<PairId, InputError> {
    text.parse().map_err(|_| InputError::UnknownId)
}

/// A pair as it is shown. The code is made slowly, and only while it is to be compared.
fn view(row: &PairRow) -> Result<PairView, WalletError> {
    let state = match (&row.theirs, row.verdict.as_deref()) {
        (None, _) => PairState::Waiting,
        (Some(_), None) => PairState::ToCompare,
        (Some(_), Some(SAME)) => PairState::Compared,
        (Some(_), Some(_)) => PairState::Refused,
    };
    let code = match (&row.theirs, state) {
        (Some(theirs), PairState::ToCompare) => Some(code::of(&row.own_did, &theirs.did)?),
        _ => None,
    };
    Ok(PairView {
        id: row.id.to_string(),
        name: row.name.clone(),
        says: row.theirs.as_ref().map(|theirs| theirs.name.clone()),
        server: row.theirs.as_ref().and_then(|theirs| theirs.server.clone()),
        state,
        code,
        made: row.made.to_string(),
        met: row.theirs.as_ref().map(|theirs| theirs.met.to_string()),
        judged: row.judged.map(|at| at.to_string()),
        contact: row.contact.as_ref().map(ToString::to_string),
    })
}
