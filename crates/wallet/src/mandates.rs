//! Mandates between two wallets. The giver's says in a signed credential what a contact may bring in; the holder's keeps
//! it, brings in under it as from any other source, and hears from the giver's server how it stands.

use std::path::Path;

use authz::{Approved, Erasure, News, Standing};
use consent::Proof;
use serde_json::{Value, json};
use types::GrantId;

use crate::cards::qr_view;
use crate::error::{InputError, WalletError};
use crate::open::Open;
use crate::pairs::MeetError;
use crate::views::{MandateText, ShareView};
use crate::{Wallet, now};

mod ask;
pub(crate) mod credential;
mod error;
mod held;
mod letting_go;
mod news;
mod uma;

pub use error::MandateError;
pub use held::MandateFrom;

/// `typ` of the news that a giver's server signs.
const NEWS: &str = "satchel-mandate-news+jwt";

impl Wallet {
    /// A mandate as the credential that its holder takes.
    pub async fn mandate_credential(&self, grant: &str) -> Result<String, WalletError> {
        let id: GrantId = grant.parse().map_err(|_| InputError::UnknownId)?;
        self.with(move |open| {
            let text = open.credential(&id)?.ok_or(MandateError::Ended)?;
            open.record(audit::Draft {
                subject: Some(id.to_string()),
                ..audit::Draft::done(audit::Action::GrantExported)
            })?;
            Ok(text)
        })
        .await
    }

    /// The same with its code to scan, where it fits into one.
    pub async fn mandate_to_give(&self, grant: &str) -> Result<MandateText, WalletError> {
        let text = self.mandate_credential(grant).await?;
        let qr = credentials::qr::of_text(&text).ok().map(qr_view);
        Ok(MandateText { grant: grant.to_owned(), text, qr })
    }

    /// Writes a mandate to a file, `.satchel-mandate`.
    pub async fn mandate_save(&self, grant: &str, path: &Path) -> Result<(), WalletError> {
        let text = self.mandate_credential(grant).await?;
        self.keep_text(&text, path).await
    }

    /// Ends a grant as [`Wallet::end_grant`] does, and asks the other side to erase what left under it. They hear of it
    /// when they come next, and may refuse.
    pub async fn end_grant_and_ask_to_erase(&self, id: &str) -> Result<ShareView, WalletError> {
        let id: GrantId = id.parse().map_err(|_| InputError::UnknownId)?;
        let wallet = self.clone();
        self.aside(move || {
            wallet.end_now(&id)?;
            wallet.with_now(|open| {
                open.decide(|doing| Ok(doing.step.ask_to_erase(&id)?))?;
                open.share_view(&id)
            })
        })
        .await
    }
}

impl Open {
    /// The credential of a grant that holds, for the contact that it is for. `None` when it does not hold.
    fn credential(&mut self, id: &GrantId) -> Result<Option<String>, WalletError> {
        let found = self.look(|step| {
            let row = step.ledger.grants.find(id.as_str()).cloned().ok_or(InputError::UnknownId)?;
            let holds = row.holds(step.now);
            Ok::<_, WalletError>((row, holds, step.receipt(id)?.said))
        })?;
        let (row, holds, said) = found?;
        let Approved { grant, patient, approved, .. } = row;
        let Proof::Did(did) = &grant.who.proof else {
            return Err(MeetError::NotCompared.into());
        };
        let pair = self.compared_with(did)?.ok_or(MeetError::NotCompared)?;
        if !holds {
            return Ok(None);
        }
        let from = (pair.own_did.as_str(), approved);
        let claims = credential::claims(&said, from, did, patient.as_deref(), &grant.purposes);
        Ok(Some(self.sign_as(&pair, credential::TYPE, &claims)?))
    }

    /// The news for a holder, signed with the key that was made for them; `None` for one who was not compared.
    pub(crate) fn vouch(&mut self, news: &News) -> Result<Option<String>, WalletError> {
        let Some(pair) = self.compared_with(&news.to)? else { return Ok(None) };
        let mut grants = Vec::with_capacity(news.grants.len());
        for standing in &news.grants {
            let credential = if standing.ended.is_none() { self.credential(&standing.grant)? } else { None };
            grants.push(told(standing, credential));
        }
        let claims = json!({
            "iss": pair.own_did, "aud": news.to, "iat": now().as_second(), "answers": news.answers, "grants": grants,
        });
        Ok(Some(self.sign_as(&pair, NEWS, &claims)?))
    }
}

fn told(standing: &Standing, credential: Option<String>) -> Value {
    let mut said = serde_json::Map::from_iter([("grant".to_owned(), json!(standing.grant))]);
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            said.insert(name.to_owned(), value);
        }
    };
    add("ended", standing.ended.map(|at| json!(at.as_second())));
    add("replacedBy", standing.replaced_by.as_ref().map(|id| json!(id)));
    add("erase", standing.erase.map(|at| json!(at.as_second())));
    add("answered", standing.answered.map(|answer| json!(answer_code(answer))));
    add("credential", credential.map(|text| json!(text)));
    Value::Object(said)
}

/// What a holder answered, as a code.
pub(crate) fn answer_code(answer: Erasure) -> &'static str {
    match answer {
        Erasure::Erased => "erased",
        Erasure::Refused => "refused",
    }
}
