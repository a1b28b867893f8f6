//! Hearing from the giver's server how mandates stand, and telling it what became of erasing: a message signed with the
//! key made for the giver, answered with news signed with the key that the giver made for us.

use audit::{Action, Outcome};
use fetch::Limits;
use jiff::Timestamp;
use serde_json::{Value, json};
use types::{GrantId, MandateId, ServerUrl};
use url::form_urlencoded::Serializer;
use vault::{Connected, MandateRow, PairRow};

use super::credential::{self, Mandate};
use super::held::{Held, ServerAddressText, mandate_state, state_of_mandate};
use super::{MandateError, NEWS};
use crate::connections::state_code;
use crate::error::WalletError;
use crate::open::Open;
use crate::pairs::signed;
use crate::views::{ConnectionState, HeldMandateView, MandateState};
use crate::{Wallet, now};

/// Longest news.
const MAX_NEWS: usize = 8 << 20;
/// How long a message is good, in seconds.
const MESSAGE_LIFE: i64 = 120;
/// Answers with all credentials of one holder.
const LIMITS: Limits = Limits { bytes: MAX_NEWS, ..Limits::token() };

/// What the giver's server says of one grant.
#[derive(Debug, Clone)]
pub(super) struct Told {
    grant: GrantId,
    ended: Option<Timestamp>,
    replaced_by: Option<GrantId>,
    erase: Option<Timestamp>,
    answered: bool,
    credential: Option<String>,
}

impl Wallet {
    /// Hears of all mandates how they stand, and tells what is still to be told. A giver whose server is away is asked
    /// next time; whether any was is the error of the first, after all others were asked.
    pub async fn mandates_check(&self) -> Result<Vec<HeldMandateView>, WalletError> {
        let rows = self.with(|open| Ok(open.vault.mandates()?)).await?;
        let mut first = None;
        for row in rows.into_iter().filter(|row| row.grant.is_some()) {
            if let Err(error) = self.follow_mandate(&row.id).await {
                first.get_or_insert(error);
            }
        }
        match first {
            Some(error) => Err(error),
            None => self.mandates().await,
        }
    }

    /// Hears of one mandate how it stands, and keeps what is new of it.
    pub(crate) async fn follow_mandate(&self, id: &MandateId) -> Result<MandateRow, WalletError> {
        let wanted = id.clone();
        let (row, pair) = self
            .with(move |open| {
                let row = open.vault.mandate(&wanted)?;
                let pair = open.vault.pair(&row.pair)?;
                Ok((row, pair))
            })
            .await?;
        let Some(grant) = row.grant.clone() else { return Ok(row) };
        let to_tell = row.erase_answer.clone().filter(|_| row.erase_told.is_none());
        let erase: Vec<_> = to_tell.into_iter().map(|answer| (grant.clone(), answer)).collect();
        let server = Held::of(&row)?.server.read()?;
        let news = self.news_of(&pair, &server, &erase).await?;
        self.with(move |open| open.apply(row.id, &pair, &grant, &news)).await
    }

    /// The latest mandate of a giver that is not here yet.
    pub(super) async fn new_mandate(&self, pair: &PairRow, server: &ServerUrl) -> Result<Mandate, WalletError> {
        let news = self.news_of(pair, server, &[]).await?;
        let held = self.with(|open| Ok(open.vault.mandates()?)).await?;
        let is_new = |told: &&Told| !held.iter().any(|row| row.grant.as_ref() == Some(&told.grant));
        let found = news.iter().filter(is_new).find_map(|told| told.credential.as_ref());
        Ok(credential::read(found.ok_or(MandateError::Nothing)?.as_bytes(), now())?)
    }

    /// What the giver's server says, when the giver signed it for us and for this message.
    async fn news_of(
        &self,
        pair: &PairRow,
        server: &ServerUrl,
        erase: &[(GrantId, String)],
    ) -> Result<Vec<Told>, WalletError> {
        let theirs = pair.theirs.as_ref().ok_or(MandateError::Stranger)?.did.clone();
        let jti = crypto::b64u::encode(&crypto::random::<16>()?);
        let at = now().as_second();
        let said: Vec<Value> =
            erase.iter().map(|(grant, answer)| json!({ "grant": grant, "answer": answer })).collect();
        let claims = json!({
            "iss": pair.own_did, "aud": server.as_str(), "iat": at, "exp": at + MESSAGE_LIFE, "jti": jti, "erase": said,
        });
        let signer = pair.clone();
        let message = self.with(move |open| open.sign_as(&signer, authz::MANDATES_MESSAGE, &claims)).await?;
        let form = Serializer::new(String::new()).append_pair("message", &message).finish();
        let url = server.join("mandates").map_err(|_| MandateError::NotAWallet)?;
        // The owner compared the giver and was shown this address: it may be on their own network.
        self.fetch().allow_host(server.host());
        let answer = self.fetch().post_form(&url, form.into_bytes(), LIMITS).await?;
        let body: Value = serde_json::from_slice(&answer.body).map_err(|_| MandateError::NotAWallet)?;
        if answer.status != 200 {
            return Err(super::uma::refusal(answer.status, &body).into());
        }
        let news = body.get("news").and_then(Value::as_str).ok_or(MandateError::NotAWallet)?;
        let news = signed::read(news, NEWS, MAX_NEWS).map_err(|_| MandateError::NotTheirs)?;
        let says = |name: &str| news.claims.get(name).and_then(Value::as_str);
        let is_theirs = news.did == theirs && says("iss") == Some(theirs.as_str());
        let is_answer = says("aud") == Some(pair.own_did.as_str()) && says("answers") == Some(jti.as_str());
        if !is_theirs || !is_answer {
            return Err(MandateError::NotTheirs.into());
        }
        let all = news.claims.get("grants").and_then(Value::as_array).ok_or(MandateError::NotTheirs)?;
        all.iter().map(|one| told(one).ok_or_else(|| MandateError::NotTheirs.into())).collect()
    }
}

fn told(value: &Value) -> Option<Told> {
    let instant = |name: &str| match value.get(name) {
        None => Some(None),
        Some(second) => Timestamp::from_second(second.as_i64()?).ok().map(Some),
    };
    let grant = |name: &str| match value.get(name) {
        None => Some(None),
        Some(id) => id.as_str()?.parse().ok().map(Some),
    };
    Some(Told {
        grant: grant("grant")??,
        ended: instant("ended")?,
        replaced_by: grant("replacedBy")?,
        erase: instant("erase")?,
        answered: value.get("answered").is_some(),
        credential: value.get("credential").and_then(Value::as_str).map(str::to_owned),
    })
}

impl Open {
    /// Keeps what is new of a mandate.
    fn apply(
        &mut self,
        id: MandateId,
        pair: &PairRow,
        grant: &GrantId,
        news: &[Told],
    ) -> Result<MandateRow, WalletError> {
        let mut row = self.vault.mandate(&id)?;
        let of = |id: &GrantId| news.iter().find(|told| told.grant == *id);
        let Some(mut told) = of(grant) else { return Ok(row) };
        // Narrowed, perhaps more than once: the mandate goes on as the grant in its place.
        for _ in 0..news.len() {
            let Some(next) = told.replaced_by.as_ref().and_then(of) else { break };
            told = next;
        }
        if told.grant != *grant {
            if let Some(text) = &told.credential {
                self.replace(&mut row, pair, text)?;
            } else {
                row.grant = Some(told.grant.clone());
                self.vault.update_mandate(&row)?;
            }
        }
        if told.answered && row.erase_answer.is_some() && row.erase_told.is_none() {
            row.erase_told = Some(now());
            self.vault.update_mandate(&row)?;
        }
        if let Some(at) = told.ended
            && mandate_state(&row.state) == MandateState::Held
        {
            self.ended(&mut row, at)?;
        }
        if let (Some(at), None) = (told.erase, row.erase_asked) {
            row.erase_asked = Some(at);
            self.vault.update_mandate(&row)?;
            self.tell_of_mandate(Action::EraseHeard, &row, Outcome::Done)?;
        }
        Ok(row)
    }

    fn replace(&mut self, row: &mut MandateRow, pair: &PairRow, text: &str) -> Result<(), WalletError> {
        let mandate = credential::read(text.as_bytes(), now())?;
        if self.giver(&mandate)?.id != pair.id {
            return Err(MandateError::NotTheirs.into());
        }
        let details = Held {
            server: ServerAddressText::of(&mandate.server),
            scope: mandate.scope,
            purposes: mandate.purposes,
            credential: Some(mandate.text),
            ..Held::of(row)?
        };
        (row.grant, row.until, row.details) = (Some(mandate.grant), mandate.until, details.text()?);
        self.vault.update_mandate(row)?;
        self.tell_of_mandate(Action::MandateTaken, row, Outcome::Done)
    }

    /// A mandate has ended: what opened the giver's record is wiped, what came stays until the owner decides.
    pub(super) fn ended(&mut self, row: &mut MandateRow, at: Timestamp) -> Result<(), WalletError> {
        row.state = state_of_mandate(MandateState::Ended).to_owned();
        row.ended = Some(at);
        self.vault.update_mandate(row)?;
        if let Some(id) = &row.connection {
            self.vault.set_tokens(&row.person, id, None)?;
            let source = self.vault.connection(&row.person, id)?;
            let state = state_code(&ConnectionState::Disconnected).to_owned();
            self.vault.update_connection(&row.person, &Connected { state, ..source })?;
        }
        self.tell_of_mandate(Action::MandateEnded, row, Outcome::Done)
    }
}
